"""Runs the measure engine for a page: in the system's scope, for contracts found in the reader's.

What comes back are figures, no records: whoever is named on a page is looked up again in the
reader's own session (`figure_reach.py`).
"""

from collections.abc import Sequence

from outcomes.access.bind import system_scope
from outcomes.care.contracts import Contract
from outcomes.core.errors import Invalid
from outcomes.core.periods import Period
from outcomes.frameworks.contracts import all_contracts
from outcomes.frameworks.figures import Asked, figures
from outcomes.frameworks.kept.keeper import Kept
from outcomes.measures.figures.figure import Figure

REASON = "work out the figures of a contract that the reader may see"


def run(
    contracts: Sequence[Contract],
    measures: Sequence[str],
    period: Period,
    *,
    periods: int = 1,
    split: bool = False,
    members: bool = False,
) -> list[Figure]:
    """The figures in the order measure, contract, period, total before places.

    `contracts` must come from the reader's own session.
    """
    keys = [contract.id for contract in contracts]
    if not keys or not measures:
        return []
    with system_scope(REASON) as session:
        return figures(Kept(session), Asked(measures, keys, period, periods, split, members))


def totals(contracts: Sequence[Contract], measures: Sequence[str], period: Period) -> dict[int, list[Figure]]:
    """The total of each measure for each contract, by the contract's key, in the order of the measures."""
    found: dict[int, list[Figure]] = {contract.id: [] for contract in contracts}
    if not contracts or not measures:
        return found
    with system_scope(REASON) as session:
        scopes = all_contracts(session.connection(), list(found))
        made = iter(figures(Kept(session), Asked(measures, list(found), period)))
        # In the order of `figures`: every contract of a measure before the next measure.
        for _measure in measures:
            for scope in scopes:
                found[scope.contract_id].append(next(made))
    assert next(made, None) is None, "one total for each measure and contract"
    return found


def totals_or_faults(
    contracts: Sequence[Contract], measures: Sequence[str], period: Period
) -> tuple[dict[int, list[Figure]], dict[int, str]]:
    """The totals, and by contract what keeps one from having any: a setting that no measure can use.

    One contract's fault must not take the figures of the others with it.
    """
    try:
        return totals(contracts, measures, period), {}
    except Invalid as fault:
        if len(contracts) == 1:
            return {}, {contracts[0].id: " ".join(text for texts in fault.fields.values() for text in texts)}
    found: dict[int, list[Figure]] = {}
    faults: dict[int, str] = {}
    for contract in contracts:
        own, fault_of_it = totals_or_faults([contract], measures, period)
        found |= own
        faults |= fault_of_it
    return found, faults
