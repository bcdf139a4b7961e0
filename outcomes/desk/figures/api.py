"""Figures for programs: the document that `outcomes measures run --json` prints, in the reader's scope.

Without `contract=` there is one set for each of the reader's contracts of the framework in force.
"""

from collections.abc import Sequence

from flask import Response, jsonify

from outcomes.care.contracts import Contract
from outcomes.core.periods import Period
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
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
from outcomes.frameworks.packs import framework_of, planned
from outcomes.measures.card import Card
from outcomes.measures.figure import Figure
from outcomes.web.reads import note_read
from outcomes.web.routes import route

MOST_PERIODS = 40


@route(
    desk_pages,
    "/api/v1/measures/<measure_id:measure>/figures",
    permission=Permission.FIGURE_READ,
    audit="figure:read",
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
