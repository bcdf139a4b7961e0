"""The page of a contract: who agreed what with whom, the targets and settings in force, and those before."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from outcomes.care.contracts import Contract
from outcomes.core.clock import today
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.figures.contract_about import about_contracts
from outcomes.desk.figures.contract_terms import (
    Term,
    assumed_settings,
    measures_without_target,
    setting_term,
    settings_of,
    target_term,
    targets_of,
)
from outcomes.kit.reading.describing import described
from outcomes.kit.reading.finding import find
from outcomes.kit.reading.history import history_of
from outcomes.web.guard import current_actor
from outcomes.web.routes import route


@route(
    desk_pages, "/contracts/<public_id:record>", permission=Permission.CONTRACT_READ, audit="contract:show"
)
def contract_page(record: str) -> str:
    """One contract."""
    found = find(Contract, record)
    assert isinstance(found, Contract)
    day, rows, settings = today(), targets_of(found), settings_of(found)
    targets = [target_term(row, found, day) for row in rows]
    return render_template(
        "desk/figures/contract.html",
        contract=about_contracts([found])[found.id],
        record=described(found, None),
        targets=_drawn(targets),
        without=[[one.what, one.value] for one in measures_without_target(found, rows, day)],
        settings=_drawn([setting_term(row, found, day) for row in settings]),
        assumed=[
            [one.what, one.value, one.agreed, one.source, one.dates]
            for one in assumed_settings(found, settings, day)
        ],
        ways=_ways(found),
        history=history_of(found, current_actor()),
    )


def _ways(contract: Contract) -> dict[str, Any]:
    actor, where = current_actor(), f"/contracts/{contract.public_id}"
    writes = contract.stands and actor.may(Permission.CONTRACT_WRITE)
    figures = contract.stands and actor.may(Permission.FIGURE_READ)
    return {
        "scorecard": f"/scorecard?contract={contract.public_id}" if figures else None,
        "add_target": f"{where}/measure-target/new" if writes else None,
        "add_setting": f"{where}/contract-setting/new" if writes else None,
    }


def _drawn(terms: Sequence[Term]) -> dict[str, list[list[Any]]]:
    """Terms as rows of tables (what, value, agreed, dates, source): in force, to come, earlier."""
    drawn: dict[str, list[list[Any]]] = {"in force": [], "to come": [], "earlier": []}
    for term in terms:
        what = {"text": term.what, "href": term.href}
        drawn[term.when].append([what, term.value, term.agreed, term.dates, term.source])
    return drawn
