"""A contract's setting in force on a day: what stamps due dates on records (R20).

Stamped when the record is written, so that a later change of the setting does not change the past.
"""

from outcomes.kit.guards import Proposal


def setting_in_force(proposal: Proposal, setting: str, default: int) -> int:
    """The whole number that the contract of the record's placement sets, on the day it is about.

    Without a contract, without the setting or where it is no whole number: `default`.
    """
    day = proposal.kind.about_in(proposal.values)
    contract = proposal.placement["contract_id"] if proposal.placement else None
    if contract is None or day is None:
        return default
    for row in proposal.find_siblings("contract_setting", "contract_id", contract):
        in_force = row["effective_from"] <= day and (row["effective_to"] is None or row["effective_to"] > day)
        if row["setting"] == setting and in_force and row["value"].isascii() and row["value"].isdigit():
            return int(row["value"])
    return default
