"""Key-worker sessions: planned, and what became of them."""

from datetime import date

from sqlalchemy.orm import Mapped

from outcomes.kit.declaring.columns import choice, day, link, many, whole, words
from outcomes.kit.declaring.guards import not_before_birth
from outcomes.kit.declaring.record import ChildRecord, of_child
from outcomes.kit.declaring.rules import filled_in_one_of, needed_when, only_when
from outcomes.kit.words import say_day

MISSED = ("missed_by_staff", "missed_by_child", "cancelled_rearranged", "cancelled_not_rearranged")


class KeyworkerSession(ChildRecord):
    """A planned key-worker session and what became of it."""

    declaration = of_child(
        "Key-worker session",
        about="held_on",
        about_else="planned_on",
        identifier="session_id",
        follows="placement",
        rules=(
            needed_when("held_on", "status", ("held",), "enter the day on which the session was held."),
            filled_in_one_of("planned_on", "held_on"),
            only_when("held_on", "status", ("held",), "leave blank, because the session was not held."),
            only_when("missed_reason", "status", MISSED, "leave blank, because the session was held."),
        ),
        guards=(not_before_birth("planned_on"), not_before_birth("held_on")),
        indexes=(("person_id", "planned_on"),),
    )

    staff_id: Mapped[int | None] = link("Who is the session with?", "staff")
    planned_on: Mapped[date | None] = day("For which day was it planned?", future=True)
    status: Mapped[str] = choice("What became of it?", "keyworker_session.status")
    held_on: Mapped[date | None] = day("When was it held?")
    missed_reason: Mapped[str | None] = choice("Why did it not happen?", "missed_reason")
    minutes: Mapped[int | None] = whole("How many minutes did it last?", most=600)
    topics: Mapped[list[str] | None] = many("What was it about?", "keyworker_session.topic")
    child_words: Mapped[str | None] = words("What did the child say?", hint="In their own words", most=4000)
    next_action: Mapped[str | None] = words("What happens next?", most=2000)

    def called(self) -> str:
        return f"Key-worker session, {say_day(self.about_on)}" if self.about_on else "Key-worker session"
