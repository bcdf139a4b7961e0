"""When the next review of a plan and the next check of a child's health fall due (R16, R20).

Worked out when such a record is made without a due date, from what went before and the timescales
in force; a due date that was typed stands.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from outcomes.care.settings import timescale
from outcomes.core.calendar import add_months, age_on
from outcomes.core.clock import today
from outcomes.core.working_days import add_working_days
from outcomes.kit.declaring.guards import Proposal, Row

ASSESSMENTS = ("initial_health_assessment", "review_health_assessment")
STARTS_SCHOOL = 5
"""Before this birthday health is assessed twice as often."""


def review_due(proposal: Proposal) -> dict[str, Any]:
    """Stamp when a review of a plan falls due."""
    due = _REVIEWS.get(proposal.values["kind"], _as_the_plan_says)(proposal)
    return {"due_on": due} if due else {}


def _review_in_care(proposal: Proposal) -> date | None:
    """20 working days after becoming looked after, then 3 months, then each 6 months (SI 2010/959 reg 33)."""
    entered = _entered_care(proposal)
    if entered is None:
        return None
    earlier = sorted(day for day in _held_before(proposal) if day >= entered)
    if not earlier:
        return _working_days(proposal, "first_review_working_days", entered)
    return _months(
        proposal, "second_review_months" if len(earlier) == 1 else "later_review_months", earlier[-1]
    )


def _review_of_pathway(proposal: Proposal) -> date | None:
    plan = proposal.linked("plan_id")
    last = max(_held_before(proposal), default=plan["started_on"] if plan else None)
    return _months(proposal, "pathway_review_months", last)


def _as_the_plan_says(proposal: Proposal) -> date | None:
    plan = proposal.linked("plan_id")
    return plan["next_review_due_on"] if plan else None


_REVIEWS = {"cla_review": _review_in_care, "pathway_review": _review_of_pathway}


def _held_before(proposal: Proposal) -> Iterable[date]:
    """When earlier reviews of the same kind were held: before this one, or before today."""
    until = proposal.values.get("held_on") or today()
    same = (row for row in proposal.siblings("person_id") if row["kind"] == proposal.values["kind"])
    return [row["held_on"] for row in same if row["held_on"] is not None and row["held_on"] < until]


def check_due(proposal: Proposal) -> dict[str, Any]:
    """Stamp when a health check falls due that has not been attended yet."""
    if proposal.values.get("attended_on") is not None:
        return {}
    due = _CHECKS.get(proposal.values["kind"], lambda _proposal: None)(proposal)
    return {"due_on": due} if due else {}


def _first_assessment(proposal: Proposal) -> date | None:
    return _working_days(proposal, "initial_health_assessment_working_days", _entered_care(proposal))


def _next_assessment(proposal: Proposal) -> date | None:
    last = _last_attended(proposal, ASSESSMENTS)
    child = proposal.linked("person_id")
    if last is None or child is None:
        return None
    young = age_on(child["date_of_birth"], last["attended_on"]) < STARTS_SCHOOL
    setting = "review_health_assessment_months_under_5" if young else "review_health_assessment_months"
    return _months(proposal, setting, last["attended_on"])


def _next_recall(proposal: Proposal) -> date | None:
    """As the last check says, else as long as is usual."""
    last = _last_attended(proposal, (proposal.values["kind"],))
    if last is None:
        return None
    if last["recall_months"] is not None:
        return add_months(last["attended_on"], last["recall_months"])
    return _months(proposal, f"{proposal.values['kind']}_recall_months", last["attended_on"])


_CHECKS = {
    "initial_health_assessment": _first_assessment,
    "review_health_assessment": _next_assessment,
    "dental": _next_recall,
    "optical": _next_recall,
}


def _last_attended(proposal: Proposal, kinds: tuple[str, ...]) -> Row | None:
    attended = [
        row
        for row in proposal.siblings("person_id")
        if row["kind"] in kinds and row["attended_on"] is not None
    ]
    return max(attended, key=lambda row: row["attended_on"], default=None)


def _entered_care(proposal: Proposal) -> date | None:
    """When the care episode began that is the child's last."""
    episodes = proposal.find_siblings("care_episode", "person_id", proposal.values["person_id"])
    return max((row["started_on"] for row in episodes), default=None)


def _months(proposal: Proposal, setting: str, since: date | None) -> date | None:
    months = timescale(proposal, setting, today())
    return add_months(since, months) if since is not None and months else None


def _working_days(proposal: Proposal, setting: str, since: date | None) -> date | None:
    days = timescale(proposal, setting, today())
    return add_working_days(since, days) if since is not None and days else None
