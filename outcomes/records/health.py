"""Health: registrations, checks and appointments, immunisations."""

from datetime import date

from sqlalchemy.orm import Mapped

from outcomes.core.actor import Level
from outcomes.kit.declaring.columns import choice, day, line, whole, words, yes_no
from outcomes.kit.declaring.guards import no_overlap, not_before_birth
from outcomes.kit.declaring.record import ChildRecord, Due, of_child
from outcomes.kit.declaring.rules import not_before, not_both, only_when
from outcomes.kit.words import say_day
from outcomes.records.due_dates import check_due


class HealthRegistration(ChildRecord):
    """With which GP, dentist or optician the child is registered, from when to when."""

    declaration = of_child(
        "Health registration",
        about="valid_from",
        level=Level.HEALTH,
        rules=(not_before("valid_to", "valid_from"),),
        guards=(
            not_before_birth("valid_from"),
            no_overlap(
                ("person_id", "kind"), "valid_from", "valid_to", "another registration of this kind stands"
            ),
        ),
    )

    kind: Mapped[str] = choice("With whom is the child registered?", "health_registration.kind")
    provider_name: Mapped[str | None] = line("What is the practice called?")
    valid_from: Mapped[date] = day("From which day?")
    valid_to: Mapped[date | None] = day("Until which day?", hint="The first day on which it no longer holds")

    def called(self) -> str:
        kind = type(self).asked_fields()["kind"].show(self.kind)
        return f"{kind}, from {say_day(self.valid_from)}"


class HealthCheck(ChildRecord):
    """A health check or appointment: when it fell due, was offered and was attended."""

    declaration = of_child(
        "Health check",
        about="due_on",
        about_else="attended_on",
        level=Level.HEALTH,
        due=Due("due_on", done="attended_on", settled=("missed_reason",)),
        rules=(not_before("attended_on", "offered_on"), not_both("attended_on", "missed_reason")),
        stamps=(check_due,),
        guards=(not_before_birth("due_on"), not_before_birth("attended_on")),
    )

    kind: Mapped[str] = choice("Which check?", "health_check.kind")
    due_on: Mapped[date | None] = day(
        "When is it due?", hint="Left blank, it is worked out from the check before", future=True
    )
    offered_on: Mapped[date | None] = day("For which day was it offered?", future=True)
    attended_on: Mapped[date | None] = day("When was it attended?")
    missed_reason: Mapped[str | None] = choice("Why was it missed?", "missed_reason")
    recall_months: Mapped[int | None] = whole("After how many months is the next one due?", least=1, most=60)
    follow_up: Mapped[str | None] = words("What happens next?", most=2000)

    def called(self) -> str:
        kind = type(self).asked_fields()["kind"].show(self.kind)
        return f"{kind}, due {say_day(self.due_on)}" if self.due_on else kind


class ImmunisationStatus(ChildRecord):
    """Whether the child's vaccinations were up to date on a day. Not known is left blank (R21)."""

    declaration = of_child(
        "Immunisations",
        "Immunisations",
        about="assessed_on",
        level=Level.HEALTH,
        rules=(
            only_when(
                "declined",
                "up_to_date",
                (None, False),
                "leave blank, because the vaccinations are up to date.",
            ),
        ),
        guards=(not_before_birth("assessed_on"),),
    )

    assessed_on: Mapped[date] = day("On which day was this known?")
    up_to_date: Mapped[bool | None] = yes_no("Were the vaccinations up to date?")
    source: Mapped[str | None] = choice("Who said so?", "immunisation_status.source")
    declined: Mapped[bool | None] = yes_no("Was a vaccination declined?")
