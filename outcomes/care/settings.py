"""The timescales by which due dates are stamped on records: a contract's own, else the usual ones (R20).

Stamped when the record is written, so that a later change of the setting does not change the past.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from outcomes.kit.declaring.guards import Proposal


@dataclass(frozen=True, slots=True)
class Timescale:
    """How long something may take unless the contract's setting of the same name says otherwise.

    `usual` is None where nobody but the contract can say.
    """

    usual: int | None
    unit: str
    because: str


TIMESCALES: Mapping[str, Timescale] = {
    "return_interview_hours": Timescale(
        72, "hours", "Statutory guidance on children who run away or go missing (2014)"
    ),
    "missing_report_hours": Timescale(None, "hours", "The council's own policy on missing children"),
    "first_review_working_days": Timescale(20, "working days", "SI 2010/959 regulation 33(1)"),
    "second_review_months": Timescale(3, "months", "SI 2010/959 regulation 33(2)"),
    "later_review_months": Timescale(6, "months", "SI 2010/959 regulation 33(2)"),
    "pathway_review_months": Timescale(6, "months", "Care Leavers (England) Regulations 2010 regulation 7"),
    "initial_health_assessment_working_days": Timescale(
        20, "working days", "Promoting the health and wellbeing of looked-after children (2015): in practice"
    ),
    "review_health_assessment_months": Timescale(
        12, "months", "Promoting the health and wellbeing of looked-after children (2015), from the age of 5"
    ),
    "review_health_assessment_months_under_5": Timescale(
        6, "months", "Promoting the health and wellbeing of looked-after children (2015), before the age of 5"
    ),
    "dental_recall_months": Timescale(12, "months", "Dental recall of children: at most 12 months"),
    "optical_recall_months": Timescale(24, "months", "Assumed; nothing states it"),
}


def timescale(proposal: Proposal, setting: str, day: date | None) -> int | None:
    """The timescale in force on `day`: that of the contract under which the child then lives, else the usual one."""
    usual = TIMESCALES[setting].usual
    contract = _contract_on(proposal, day)
    if contract is None or day is None:
        return usual
    for row in proposal.find_siblings("contract_setting", "contract_id", contract):
        in_force = row["effective_from"] <= day and (row["effective_to"] is None or row["effective_to"] > day)
        if row["setting"] == setting and in_force and row["value"].isascii() and row["value"].isdigit():
            return int(row["value"])
    return usual


def _contract_on(proposal: Proposal, day: date | None) -> int | None:
    placement = proposal.placement_on(day)
    return placement["contract_id"] if placement else None
