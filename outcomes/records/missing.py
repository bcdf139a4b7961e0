"""Missing episodes, and the return home interview that follows each."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Mapped

from outcomes.care.settings import timescale
from outcomes.core.actor import Level
from outcomes.kit.declaring.columns import choice, link, moment, yes_no
from outcomes.kit.declaring.guards import Proposal, no_overlap, not_before_birth
from outcomes.kit.declaring.record import ChildRecord, Due, day_of, of_child
from outcomes.kit.declaring.rules import not_before, only_when


def due_after_missing(proposal: Proposal) -> dict[str, Any]:
    """Stamp when the return home interview and the missing report fall due: elapsed hours from the return."""
    values = proposal.values
    if values.get("ended_at") is None or values.get("kind") == "agreed_absence":
        return {}
    day = day_of(values["started_at"])
    hours = {
        "return_interview_due_at": timescale(proposal, "return_interview_hours", day),
        "missing_report_due_at": timescale(proposal, "missing_report_hours", day),
    }
    return {name: values["ended_at"] + timedelta(hours=after) for name, after in hours.items() if after}


class MissingEpisode(ChildRecord):
    """One absence: missing, or away without agreement. An agreed absence is recorded but never counted."""

    declaration = of_child(
        "Missing episode",
        about="started_at",
        identifier="episode_id",
        follows="placement",
        level=Level.SAFEGUARDING,
        due=Due(
            "return_interview_due_at", done="return_interview_held_at", settled=("return_interview_declined",)
        ),
        rules=(
            not_before("ended_at", "started_at"),
            not_before("noticed_at", "started_at"),
            not_before("return_interview_held_at", "ended_at"),
            only_when(
                "return_interview_held_at",
                "return_interview_declined",
                (None, False),
                "leave blank, because the child declined the interview.",
            ),
        ),
        stamps=(due_after_missing,),
        guards=(
            not_before_birth("started_at"),
            no_overlap(("person_id",), "started_at", "ended_at", "overlaps another episode of this child"),
        ),
    )

    kind: Mapped[str] = choice("What kind of absence is it?", "missing_episode.kind")
    home_id: Mapped[int | None] = link("From which home?", "home", conf=Level.ADDRESS)
    started_at: Mapped[datetime] = moment("When did it start?")
    noticed_at: Mapped[datetime | None] = moment("When was it noticed?")
    ended_at: Mapped[datetime | None] = moment("When did the child come back?")
    police_told_at: Mapped[datetime | None] = moment("When were the police told?")
    social_worker_told_at: Mapped[datetime | None] = moment("When was the social worker told?")
    out_of_hours_team_told_at: Mapped[datetime | None] = moment("When was the out of hours team told?")
    procedure_followed: Mapped[bool | None] = yes_no("Was it reported according to procedure?")
    missing_report_due_at: Mapped[datetime | None] = moment(
        "When is the missing report due?",
        hint="Left blank, it is stamped where the contract sets a time",
        future=True,
    )
    missing_report_completed_at: Mapped[datetime | None] = moment("When was the missing report completed?")
    return_interview_due_at: Mapped[datetime | None] = moment(
        "When is the return home interview due?",
        hint="Left blank, it is stamped from the contract's setting",
        future=True,
    )
    return_interview_offered_at: Mapped[datetime | None] = moment("When was the interview offered?")
    return_interview_held_at: Mapped[datetime | None] = moment("When was the interview held?")
    return_interview_by: Mapped[str | None] = choice("Who held the interview?", "return_interview_by")
    return_interview_declined: Mapped[bool | None] = yes_no("Did the child decline the interview?")
