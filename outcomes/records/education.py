"""Education, employment and training: where the child learns or works, and how often they are there."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Mapped

from outcomes.core.clock import today
from outcomes.kit.declaring.columns import choice, day, decimal, whole, yes_no
from outcomes.kit.declaring.guards import Proposal, checked_by, not_before_birth
from outcomes.kit.declaring.record import ChildRecord, of_child
from outcomes.kit.declaring.rules import Problems, not_before, not_more, only_when
from outcomes.kit.words import say_day

WEEKLY_SESSIONS = 14
"""At most a morning and an afternoon on each day of a week."""

USUAL_SESSIONS = 10
"""A morning and an afternoon on each school day."""


class EducationSpell(ChildRecord):
    """Where the child was in education, employment or training, from when to when.

    Several may be open at once (college and a part-time job). Whether the child is engaged is a
    judgement with a reason: on a roll without attending is not engaged.
    """

    declaration = of_child(
        "Education or work",
        "Education and work",
        about="valid_from",
        rules=(
            not_before("valid_to", "valid_from"),
            only_when(
                "reason_not_engaged",
                "is_engaged",
                (None, False),
                "leave blank, because the child is engaged.",
            ),
        ),
        guards=(not_before_birth("valid_from"),),
    )

    setting_type: Mapped[str] = choice("Where does the child learn or work?", "setting_type")
    is_engaged: Mapped[bool | None] = yes_no(
        "Is the child engaged there?", hint="Attending, and not only on the roll"
    )
    hours_per_week: Mapped[Decimal | None] = decimal("How many hours a week?", most=168)
    valid_from: Mapped[date] = day("From which day?", future=True)
    valid_to: Mapped[date | None] = day(
        "Until which day?", hint="The first day on which it no longer holds", future=True
    )
    reason_not_engaged: Mapped[str | None] = choice(
        "Why is the child not engaged?", "education_spell.reason_not_engaged"
    )

    def called(self) -> str:
        setting = type(self).asked_fields()["setting_type"].show(self.setting_type)
        return f"{setting}, from {say_day(self.valid_from)}"


def last_monday() -> date:
    """The Monday of the last whole week: the one that is entered most often."""
    return today() - timedelta(days=today().weekday() + 7)


def week_adds_up(proposal: Proposal) -> Problems:
    """Sessions attended and missed are no more than there were; the week begins on a Monday."""
    values = proposal.values
    problems: Problems = {}
    if values["week_starting"].weekday() != 0:
        problems["week_starting"] = f"Week starting: {say_day(values['week_starting'])} is not a Monday."
    accounted = sum(
        values.get(name) or 0
        for name in ("sessions_attended", "authorised_absences", "unauthorised_absences")
    )
    if accounted > values["sessions_possible"]:
        problems["sessions_possible"] = (
            f"Sessions possible: {values['sessions_possible']} is fewer than the {accounted} attended and missed."
        )
    return problems


def week_once(proposal: Proposal) -> Problems:
    """One record a week: a second would count the week twice."""
    same = (row for row in proposal.siblings("person_id"))
    if any(row["week_starting"] == proposal.values["week_starting"] for row in same):
        return {"week_starting": "Week starting: this week is recorded already. Correct that record."}
    return {}


class Attendance(ChildRecord):
    """The sessions (half days) that were possible and attended in one week."""

    declaration = of_child(
        "Attendance",
        "Attendance",
        about="week_starting",
        follows="placement",
        begins={"week_starting": last_monday, "sessions_possible": lambda: USUAL_SESSIONS},
        rules=(not_more("sessions_attended", "sessions_possible"),),
        guards=(not_before_birth("week_starting"), checked_by(week_adds_up), checked_by(week_once)),
    )

    week_starting: Mapped[date] = day("Which week?", hint="The Monday on which it began")
    sessions_possible: Mapped[int] = whole(
        "How many sessions were possible?", hint="Half days. In the holidays 0", most=WEEKLY_SESSIONS
    )
    sessions_attended: Mapped[int] = whole("How many were attended?", most=WEEKLY_SESSIONS)
    authorised_absences: Mapped[int | None] = whole(
        "How many absences were authorised?", most=WEEKLY_SESSIONS
    )
    unauthorised_absences: Mapped[int | None] = whole(
        "How many absences were not authorised?", most=WEEKLY_SESSIONS
    )
