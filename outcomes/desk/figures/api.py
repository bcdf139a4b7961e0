"""Figures for programs: the document that `outcomes measures run --json` prints, in the reader's scope.

Without `contract=` there is one set for each of the reader's contracts of the framework in force.
"""

from collections.abc import Sequence

from flask import Response, jsonify, request

from outcomes.care.contracts import Contract
from outcomes.core.periods import Period
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.figures.api_operations import FIGURES, MEASURES, MOST_PERIODS
from outcomes.desk.figures.asked import (
    asked_choice,
    asked_measure,
    asked_number,
    asked_period,
    in_force,
    own_contracts,
)
from outcomes.desk.figures.members import note_members
from outcomes.desk.figures.page import BY_PLACE, contract_under, may_see_members
from outcomes.desk.figures.reach import reach_of, without_others
from outcomes.desk.figures.running import run
from outcomes.frameworks.figures import document
from outcomes.frameworks.packs import cards, framework_of, listed, planned
from outcomes.measures.figures.figure import Figure
from outcomes.measures.language.card import Card
from outcomes.web.limits import page_wanted
from outcomes.web.reads import note_read
from outcomes.web.routes import NO_AUDIT, route


@route(
    desk_pages,
    "/api/v1/measures",
    permission=Permission.FIGURE_READ,
    audit=NO_AUDIT,
    operation=MEASURES,
)
def measures() -> Response:
    """Every measure, by its id: cards say nothing of anybody. `?framework=` for those of one pack."""
    framework, wanted = request.args.get("framework", ""), page_wanted()
    chosen = [card for card in cards().values() if framework in ("", framework_of(card.measure))]
    shown = chosen[wanted.offset : wanted.offset + wanted.per_page]
    return jsonify(
        items=[listed(card) for card in shown],
        total=len(chosen),
        page=wanted.page,
        pages=max(1, -(-len(chosen) // wanted.per_page)),
    )


@route(
    desk_pages,
    "/api/v1/measures/<measure_id:measure>/figures",
    permission=Permission.FIGURE_READ,
    audit="figure:read",
    operation=FIGURES,
)
def measure_figures(measure: str) -> Response:
    """The figures of one measure: `?period=&contract=&periods=&split=place&members=1`."""
    card, period, periods = asked_measure(measure), asked_period(), asked_number("periods", MOST_PERIODS)
    split = asked_choice("split", BY_PLACE) == BY_PLACE
    members = asked_choice("members", "0", "1") == "1"
    may_see_members(split or members)
    contracts = _contracts(card, period)
    for contract in contracts:
        note_read("contract", contract.public_id)
    found = run(contracts, [card.measure], period, periods=periods, split=split, members=members)
    return jsonify(document(_for_reader(card, found) if members else found))


def _contracts(card: Card, period: Period) -> Sequence[Contract]:
    own = own_contracts(framework_of(card.measure))
    chosen = contract_under(card, own)
    return [chosen] if chosen else [one for one in own if in_force(one, period)]


def _for_reader(card: Card, found: Sequence[Figure]) -> list[Figure]:
    """The figures with the references of those whom the reader may see, and the note of each of them."""
    plan = planned(card.measure)
    facts = [fact for figure in found for fact in figure.facts]
    reach = reach_of(facts, plan)
    note_members(facts, reach)
    return [without_others(figure, plan, reach) if figure.facts else figure for figure in found]
