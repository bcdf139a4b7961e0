"""Health: checks and appointments."""

from datetime import date

from sqlalchemy.orm import Mapped

from outcomes.core.actor import Level
from outcomes.kit.columns import choice, day, whole, words
from outcomes.kit.guards import not_before_birth
from outcomes.kit.record import ChildRecord, Due, of_child
from outcomes.kit.rules import not_before, not_both
from outcomes.kit.words import say_day


class HealthCheck(ChildRecord):
    """A health check or appointment: when it fell due, was offered and was attended."""

    declaration = of_child(
        "Health check",
        about="due_on",
        about_else="attended_on",
        level=Level.HEALTH,
        due=Due("due_on", done="attended_on", settled=("missed_reason",)),
        rules=(not_before("attended_on", "offered_on"), not_both("attended_on", "missed_reason")),
        guards=(not_before_birth("due_on"), not_before_birth("attended_on")),
    )

    kind: Mapped[str] = choice("Which check?", "health_check.kind")
    due_on: Mapped[date | None] = day("When is it due?", future=True)
    offered_on: Mapped[date | None] = day("For which day was it offered?", future=True)
    attended_on: Mapped[date | None] = day("When was it attended?")
    missed_reason: Mapped[str | None] = choice("Why was it missed?", "missed_reason")
    recall_months: Mapped[int | None] = whole("After how many months is the next one due?", least=1, most=60)
    follow_up: Mapped[str | None] = words("What happens next?", most=2000)

    def called(self) -> str:
        kind = type(self).asked_fields()["kind"].show(self.kind)
        return f"{kind}, due {say_day(self.due_on)}" if self.due_on else kind
