"""Runs the measure engine for a page: in the system's scope, for contracts found in the reader's.

What comes back are figures, no records: whoever is named on a page is looked up again in the
reader's own session (`figure_reach.py`).
"""

from collections.abc import Sequence

from outcomes.access.bind import system_scope
from outcomes.care.contracts import Contract
from outcomes.core.periods import Period
from outcomes.frameworks.contracts import all_contracts
from outcomes.frameworks.figures import Asked, figures
from outcomes.measures.figure import Figure

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
        return figures(session.connection(), Asked(measures, keys, period, periods, split, members))


def totals(contracts: Sequence[Contract], measures: Sequence[str], period: Period) -> dict[int, list[Figure]]:
    """The total of each measure for each contract, by the contract's key, in the order of the measures."""
    found: dict[int, list[Figure]] = {contract.id: [] for contract in contracts}
    if not contracts or not measures:
        return found
    with system_scope(REASON) as session:
        connection = session.connection()
        scopes = all_contracts(connection, list(found))
        made = iter(figures(connection, Asked(measures, list(found), period)))
        # In the order of `figures`: every contract of a measure before the next measure.
        for _measure in measures:
            for scope in scopes:
                found[scope.contract_id].append(next(made))
    assert next(made, None) is None, "one total for each measure and contract"
    return found
