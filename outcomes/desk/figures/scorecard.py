"""The scorecard: each measure of a contract for one period, with its fraction, target and position.

Totals only, for whoever reads it: no child, no home and no split is ever here.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import render_template

from outcomes.care.contracts import Contract
from outcomes.core.clock import now
from outcomes.core.periods import Period
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.figures.asked import (
    asked_contract,
    asked_period,
    in_force,
    only_one,
    own_contracts,
    period_choices,
    period_title,
)
from outcomes.desk.figures.contract_about import About, about_contracts
from outcomes.desk.figures.running import totals_or_faults
from outcomes.frameworks.packs import packs
from outcomes.kit.words import say_day, say_list, say_moment
from outcomes.measures.figures.figure import Figure
from outcomes.web.reads import note_read
from outcomes.web.routes import route

MOST_AT_ONCE = 8
"""So many contracts are shown below one another; of more, one is chosen first."""

SUMMARY = {
    "better_than_target": "better than target",
    "met": "met",
    "in_tolerance": "within tolerance",
    "outside_tolerance": "outside tolerance",
    "not_met": "not met",
    "no_target": "without a target",
    "target_not_yet_set": "with a target not yet set",
    "no_data": "without data",
    "not_due": "not due this period",
}


@route(desk_pages, "/scorecard", permission=Permission.FIGURE_READ, audit="scorecard:read")
def scorecard() -> str:
    """The scorecard of the chosen contract, or of each of one's own."""
    own, period = own_contracts(), asked_period()
    chosen, shown = chosen_contracts(own)
    for contract in shown:
        note_read("contract", contract.public_id)
    about = about_contracts(own)
    return render_template(
        "desk/figures/scorecard.html",
        own=[about[one.id] for one in own],
        chosen=about[chosen.id] if chosen else None,
        sections=sections_of(shown, period, about),
        period={"code": period.code, "title": period_title(period)},
        dates=f"{say_day(period.first)} to {say_day(period.last)}",
        worked_out=say_moment(now()),
        filters=_filters(own, chosen, period, about),
    )


def chosen_contracts(own: Sequence[Contract]) -> tuple[Contract | None, Sequence[Contract]]:
    """The contract asked for, or one's only one; and those that are shown."""
    chosen = asked_contract(own) or only_one(own)
    return chosen, [chosen] if chosen else own if len(own) <= MOST_AT_ONCE else []


def _filters(
    own: Sequence[Contract], chosen: Contract | None, period: Period, about: dict[int, About]
) -> list[dict[str, Any]]:
    options = [("", "All my contracts" if len(own) <= MOST_AT_ONCE else "Choose a contract")]
    options += [(one.public_id, about[one.id].title) for one in own]
    contract = {
        "name": "contract",
        "label": "Contract",
        "options": options,
        "chosen": chosen.public_id if chosen else "",
    }
    periods = {
        "name": "period",
        "label": "Period",
        "options": period_choices(period),
        "chosen": period.code,
    }
    return [contract, periods] if len(own) > 1 else [periods]


def sections_of(
    contracts: Sequence[Contract], period: Period, about: dict[int, About]
) -> list[dict[str, Any]]:
    """One section per contract. Contracts of one framework are worked out together."""
    running = [contract for contract in contracts if in_force(contract, period)]
    found: dict[int, list[Figure]] = {}
    faults: dict[int, str] = {}
    for framework in sorted({contract.framework for contract in running} & packs().keys()):
        measures = [card.measure for card in packs()[framework].cards]
        together = [one for one in running if one.framework == framework]
        made, refused = totals_or_faults(together, measures, period)
        found, faults = found | made, faults | refused
    return [
        _section(one, found.get(one.id), period, about[one.id], faults.get(one.id, "")) for one in contracts
    ]


def _section(
    contract: Contract, figures: Sequence[Figure] | None, period: Period, about: About, fault: str
) -> dict[str, Any]:
    """`rows` is None where there is nothing to work out, and `why` says why."""
    why = fault
    if not in_force(contract, period):
        why = f"This contract was not in force in {period.title}: it runs {about.dates}."
    elif figures is None and not fault:
        why = f"No measures are installed for the framework {contract.framework}."
    rows = None if figures is None else [_row(figure, about, period) for figure in figures]
    return {"about": about, "rows": rows, "why": why, "summary": _summary(figures or ())}


def _row(figure: Figure, about: About, period: Period) -> dict[str, Any]:
    return {
        "title": figure.card.title,
        "short": short_name(figure.card.measure),
        "href": f"/measures/{figure.card.measure}?contract={about.public_id}&period={period.code}",
        "every": figure.card.period,
        "left_out": sum(one.count for one in figure.left_out),
        "f": figure.document(),
    }


def short_name(measure: str) -> str:
    """The measure's number in its framework: "5b", "3.1-M1"."""
    return measure.partition(".")[2].partition("_")[0]


def _summary(figures: Sequence[Figure]) -> str:
    """The positions added up: "9 measures: 3 met, 2 not met and 4 without a target"."""
    counts = Counter(figure.position for figure in figures)
    said = [f"{counts[position]} {words}" for position, words in SUMMARY.items() if counts[position]]  # type: ignore[index]
    measures = f"{len(figures)} measure{'' if len(figures) == 1 else 's'}"
    return f"{measures}: {say_list(said)}." if said else ""
