"""Daily life: what the child takes part in."""

from datetime import date

from sqlalchemy.orm import Mapped

from outcomes.kit.declaring.columns import choice, day, line, yes_no
from outcomes.kit.declaring.guards import not_before_birth
from outcomes.kit.declaring.record import ChildRecord, of_child


class Activity(ChildRecord):
    """One occasion on which the child took part in a hobby, a sport, or an activity of leisure, culture or faith."""

    declaration = of_child(
        "Activity",
        "Activities",
        about="took_part_on",
        follows="placement",
        guards=(not_before_birth("took_part_on"),),
    )

    kind: Mapped[str] = choice("What kind of activity was it?", "activity.kind")
    title: Mapped[str] = line("What did the child do?", hint="For example, swimming club")
    outside_home: Mapped[bool | None] = yes_no("Was it outside the home?")
    outside_education: Mapped[bool | None] = yes_no(
        "Was it outside education?", hint="No for what school or college arranges"
    )
    chosen_by_child: Mapped[bool | None] = yes_no("Did the child choose it?")
    took_part_on: Mapped[date] = day("On which day?")

    def called(self) -> str:
        return self.title
