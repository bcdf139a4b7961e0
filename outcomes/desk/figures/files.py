"""Figures as files: a scorecard, a measure's run and places, and who is behind it.

The same figures, for the same readers, as the pages beside them.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Response

from outcomes.care.contracts import Contract
from outcomes.core.errors import Invalid
from outcomes.core.periods import Period
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.figures.asked import asked_choice, asked_measure, asked_period, only_one, own_contracts
from outcomes.desk.figures.contract_about import about_contracts
from outcomes.desk.figures.members import groups_of, note_members
from outcomes.desk.figures.page import BY_PLACE, PERIODS_SHOWN, contract_under, may_see_members
from outcomes.desk.figures.places import place_rows
from outcomes.desk.figures.reach import reach_of
from outcomes.desk.figures.running import run
from outcomes.desk.figures.scorecard import chosen_contracts, sections_of
from outcomes.frameworks.packs import framework_of, planned
from outcomes.kit.pages.downloads import Cell, Listing, download, file_routes
from outcomes.measures.figures.figure import Figure
from outcomes.measures.language.card import Card
from outcomes.web.guard import current_actor
from outcomes.web.reads import note_read

COLUMNS = (
    "Contract", "Measure", "Title", "Period", "Place", "Value", "Unit", "Met", "Out of", "No evidence",
    "Left out", "In scope", "Target", "Position", "Trend",
)  # fmt: skip
MEMBER_COLUMNS = ("Period", "List", "Who", "Why it is left out", "What it rests on")


def scorecard_file(form: str) -> Response:
    """The scorecard that the page beside it shows."""
    own, period = own_contracts(), asked_period()
    _, shown = chosen_contracts(own)
    for contract in shown:
        note_read("contract", contract.public_id)
    rows = [
        figure_row(section["about"].title, "", row["f"])
        for section in sections_of(shown, period, about_contracts(own))
        for row in section["rows"] or ()
    ]
    return _download(Listing("scorecard", f"Scorecard, {period.title}", COLUMNS, rows), form)


def figures_file(form: str, measure: str) -> Response:
    """One measure for one contract: the periods that the page shows, with places for those who may see them."""
    entitled = may_see_members(asked_choice("split", BY_PLACE) == BY_PLACE)
    card, contract, period = _asked(measure)
    found = run([contract], [card.measure], period, periods=PERIODS_SHOWN, split=entitled)
    title = about_contracts([contract])[contract.id].title
    totals = [figure_row(title, "", one.document()) for one in found if one.place_id is None]
    places = [
        figure_row(title, row["name"], row["f"])
        for row in place_rows([one for one in found if one.place_id is not None])
    ]
    return _download(Listing("figures", f"{card.title}, {title}", COLUMNS, totals + places), form)


def members_file(form: str, measure: str) -> Response:
    """Who is behind a measure in one period. Raises Forbidden for readers of totals only."""
    may_see_members(True)
    card, contract, period = _asked(measure)
    (figure,) = run([contract], [card.measure], period, members=True)
    rows = list(_member_rows(card, figure))
    return _download(Listing("members", f"{card.title}, {period.title}", MEMBER_COLUMNS, rows), form)


def _asked(measure: str) -> tuple[Card, Contract, Period]:
    """The card, the contract and the card's own period that the address asks for. Raises Invalid."""
    card, asked = asked_measure(measure), asked_period()
    own = own_contracts(framework_of(card.measure))
    contract = contract_under(card, own) or only_one(own)
    if contract is None:
        raise Invalid.of("contract", "Choose a contract: a file holds the figures of one.")
    period = asked.ends_with(card.period)
    if period is None:
        raise Invalid.of("period", f"This measure is due each {card.period}: choose a period that ends one.")
    note_read("contract", contract.public_id)
    return card, contract, period


def figure_row(contract: str, place: str, document: dict[str, Any]) -> list[Cell]:
    """A figure as a row of COLUMNS, from the document that programs get."""
    return [
        contract,
        document["measure"],
        document["title"],
        document["period"]["code"],
        place,
        _number(document["value"]),
        document["unit"],
        document["met"],
        document["out_of"],
        document["no_evidence"],
        sum(one["count"] for one in document["left_out"]),
        document["in_scope"],
        document["target"],
        document["position"],
        document["trend"],
    ]


def _number(shown: str | None) -> Cell:
    try:
        return Decimal(shown) if shown is not None else None
    except InvalidOperation:
        return shown


def _member_rows(card: Card, figure: Figure) -> Iterator[Sequence[Cell]]:
    plan = planned(card.measure)
    reach = reach_of(figure.facts, plan)
    note_members(figure.facts, reach)
    for group in groups_of(figure, plan, reach):
        for row in group.rows:
            rests_on = "; ".join(str(line["text"]) for line in row.lines)
            yield figure.period.code, group.title, row.name, row.because, rests_on
        if group.others:
            yield figure.period.code, group.title, group.others_words, "", ""


def _download(listing: Listing, form: str) -> Response:
    return download(listing, form, current_actor())


for _rule, _permission, _audit, _view in (
    ("/scorecard", Permission.FIGURE_READ, "scorecard:download", scorecard_file),
    ("/measures/<measure_id:measure>/figures", Permission.FIGURE_READ, "figure:download", figures_file),
    ("/measures/<measure_id:measure>/members", Permission.MEMBERS_READ, "members:download", members_file),
):
    file_routes(desk_pages, _rule, _view, permission=_permission, audit=_audit, endpoint=_view.__name__)
