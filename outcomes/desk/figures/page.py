"""The page of a measure: the clause, the figure, its run, its definition, and who is behind it.

Places and members are worked out only for readers who may see them; for others they are not
hidden but absent: the engine is not even asked.
"""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from outcomes.care.contracts import Contract
from outcomes.core.clock import now
from outcomes.core.errors import Forbidden, Invalid
from outcomes.core.periods import Period
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.figures.asked import (
    asked_choice,
    asked_contract,
    asked_measure,
    asked_period,
    only_one,
    own_contracts,
    period_choices,
    period_title,
)
from outcomes.desk.figures.contract_about import About, about_contracts
from outcomes.desk.figures.contract_terms import (
    settings_in_words,
    target_term,
    targets_of,
    terms_of_measure,
    when,
)
from outcomes.desk.figures.members import groups_of, note_members
from outcomes.desk.figures.places import place_rows
from outcomes.desk.figures.reach import reach_of
from outcomes.desk.figures.running import run
from outcomes.desk.figures.scorecard import short_name
from outcomes.desk.figures.words import also_rows, chart_of, facts_for_template, honest_range, weight_of_one
from outcomes.frameworks.packs import framework_of, packs, planned
from outcomes.frameworks.rules import rules_of
from outcomes.kit.words import say_moment
from outcomes.measures.figures.figure import Figure
from outcomes.measures.language.card import Card
from outcomes.measures.language.sentence import definition
from outcomes.web.guard import current_actor
from outcomes.web.reads import note_read
from outcomes.web.routes import route

PERIODS_SHOWN = 8
BY_PLACE = "place"
WITHHELD = "Your role sees the totals of its contracts. Splits by place and members are withheld from it."


@route(desk_pages, "/measures/<measure_id:measure>", permission=Permission.FIGURE_READ, audit="figure:read")
def measure_page(measure: str) -> str:
    """One measure, for one contract and period."""
    card, period = asked_measure(measure), asked_period()
    entitled = may_see_members(asked_choice("split", BY_PLACE) == BY_PLACE)
    own = own_contracts(framework_of(measure))
    contract = contract_under(card, own) or only_one(own)
    about = about_contracts(own)
    return render_template(
        "desk/figures/measure.html",
        **_measure(card, contract, period),
        period={"code": period.code, "title": period_title(period)},
        filters=_filters(own, contract, period, about),
        contract=about[contract.id] if contract else None,
        has_contracts=bool(own),
        **(_figures(card, contract, period, entitled) if contract else {}),
    )


def may_see_members(asked: bool) -> bool:
    """Whether the reader may see places and members. Raises Forbidden where they ask and may not."""
    entitled = current_actor().may(Permission.MEMBERS_READ)
    if asked and not entitled:
        raise Forbidden(WITHHELD)
    return entitled


def contract_under(card: Card, own: Sequence[Contract]) -> Contract | None:
    """The contract asked for. Raises NotFound where it is not one's own, Invalid under another framework."""
    chosen = asked_contract(own_contracts())
    if chosen is not None and chosen not in own:
        raise Invalid.of(
            "contract",
            f"This contract is under {chosen.framework}, and the measure belongs to "
            f"{framework_of(card.measure)}. Open the contract's scorecard for its own measures.",
        )
    return chosen


def _measure(card: Card, contract: Contract | None, period: Period) -> dict[str, Any]:
    """What the measure is, in the words and with the settings of the contract where one is chosen."""
    pack = packs()[framework_of(card.measure)]
    values = settings_in_words(contract, card, period.last) if contract else planned(card.measure).settings
    return {
        "card": card,
        "short": short_name(card.measure),
        "framework": pack.title,
        "source": pack.source,
        "definition": definition(card, values),
        "rules": rules_of(card),
    }


def _filters(
    own: Sequence[Contract], contract: Contract | None, period: Period, about: dict[int, About]
) -> list[dict[str, Any]]:
    choose = [] if contract else [("", "Choose a contract")]
    contracts = {
        "name": "contract",
        "label": "Contract",
        "options": choose + [(one.public_id, about[one.id].title) for one in own],
        "chosen": contract.public_id if contract else "",
    }
    periods = {
        "name": "period",
        "label": "Period",
        "options": period_choices(period),
        "chosen": period.code,
    }
    return [contracts, periods] if len(own) > 1 else [periods]


def _figures(card: Card, contract: Contract, period: Period, entitled: bool) -> dict[str, Any]:
    note_read("contract", contract.public_id)
    own_period = period.ends_with(card.period)
    if own_period is None:
        (figure,) = run([contract], [card.measure], period)
        return _about_figure(card, contract, figure, [figure]) | {"not_due": True}
    found = run(
        [contract], [card.measure], own_period, periods=PERIODS_SHOWN, split=entitled, members=entitled
    )
    totals = [figure for figure in found if figure.place_id is None]
    context = _about_figure(card, contract, totals[-1], totals)
    return context | _behind(card, found, totals[-1]) if entitled else context


def _about_figure(card: Card, contract: Contract, figure: Figure, totals: Sequence[Figure]) -> dict[str, Any]:
    day = figure.period.last
    targets = [one for one in targets_of(contract) if one.measure_id == card.measure]
    return {
        "f": facts_for_template(figure),
        "when": f"{period_title(figure.period)}. Definition version {card.version}. "
        f"Worked out on {say_moment(now())}.",
        "range": honest_range(figure),
        "weight": weight_of_one(figure),
        "also": also_rows(figure),
        "chart": chart_of(totals) if figure.position != "not_due" else None,
        "settings": terms_of_measure(contract, card, day),
        "targets": [target_term(one, contract, day) for one in targets if when(one, day) != "to come"],
        "own_target": str(card.target),
    }


def _behind(card: Card, found: Sequence[Figure], total: Figure) -> dict[str, Any]:
    """Places and members of the period, and the audit of who was named."""
    plan = planned(card.measure)
    reach = reach_of(total.facts, plan)
    note_members(total.facts, reach)
    return {
        "members": groups_of(total, plan, reach),
        "places": place_rows(
            [one for one in found if one.place_id is not None and one.period == total.period]
        ),
    }
