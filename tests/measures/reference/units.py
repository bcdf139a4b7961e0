"""Who is counted: the children, endings, goals or records that a card counts, each at its place."""

from typing import Any

from outcomes.measures.language import phrases as say
from outcomes.measures.language import workings as work
from tests.measures.reference.belonging import placement_for
from tests.measures.reference.conditions import true
from tests.measures.reference.question import About, Question, Unit
from tests.measures.reference.stays import Stay, joined_up, place_of
from tests.measures.world import Row

Chosen = dict[Any, tuple[Any, Unit]]
"""The unit to count under each key, with the rank by which it goes before others."""


def units(question: Question) -> list[Unit]:
    each = question.card.each
    if each == "child":
        return _children(question)
    if each == "placement ending":
        return _endings(question)
    if each == "goal":
        return _goals(question)
    return _records(question, "keyworker_session" if each == "session" else each)


def _children(question: Question) -> list[Unit]:
    chosen: Chosen = {}
    for person in question.world.rows["person"]:
        for stay in joined_up(question.placements(person["id"]), place_of):
            under = [row for row in stay.rows if question.under_contract(row)]
            for mine in joined_up(under, place_of):
                for row in mine.rows:
                    _consider(question, person, stay, mine, row, chosen)
    return [unit for _rank, unit in chosen.values()]


def _consider(question: Question, person: Row, stay: Stay, mine: Stay, row: Row, chosen: Chosen) -> None:
    """Several placements make one child: the one that lasts longest into the period, then the later."""
    if not _in_period(question, mine, row):
        return
    counted = min(question.period.last, mine.ends)
    unit = Unit(question, person["name"], person, row, "placement", place_of(row), counted, stay)
    unit.known["under contract"] = mine
    if all(true(one, About(unit)) for one in question.card.where if _about_the_record(one)):
        _choose(unit, person["id"], (counted, row["started_on"], row["id"]), chosen)


def _goals(question: Question) -> list[Unit]:
    """Each goal of a child placed in the period, at the stay by which the child is counted."""
    chosen: Chosen = {}
    for goal in question.standing("goal"):
        person = question.person(goal["person_id"])
        under = [row for row in question.placements(person["id"]) if question.under_contract(row)]
        for stay in joined_up(under, place_of):
            for row in stay.rows:
                if _in_period(question, stay, row):
                    unit = Unit(question, goal["name"], person, goal, "goal", place_of(row))
                    unit.known |= {"under contract": stay, "placement": row}
                    lasted = min(question.period.last, stay.ends)
                    _choose(unit, goal["id"], (lasted, row["started_on"], row["id"]), chosen)
    return [unit for _rank, unit in chosen.values()]


def _in_period(question: Question, stay: Stay, row: Row) -> bool:
    """The stay reaches into the period, and the placement has begun by its end."""
    return row["started_on"] <= question.period.last and stay.ends > question.period.first


def _choose(unit: Unit, key: Any, rank: tuple[Any, ...], chosen: Chosen) -> None:
    """Once, or once at each place."""
    at = (key, unit.place if unit.question.each_place else "")
    if at not in chosen or rank > chosen[at][0]:
        chosen[at] = (rank, unit)


def _endings(question: Question) -> list[Unit]:
    found = []
    for person in question.world.rows["person"]:
        for stay in joined_up(question.placements(person["id"]), place_of):
            last = max(stay.rows, key=lambda row: (row["started_on"], row["id"]))
            if stay.ends in question.period and question.under_contract(last):
                place = place_of(last)
                found.append(Unit(question, last["name"], person, last, "placement", place, stay=stay))
    return found


def _records(question: Question, kind: str) -> list[Unit]:
    found = []
    for row in question.standing(kind):
        placement = placement_for(question, kind, row)
        if placement is not None and question.under_contract(placement):
            person = question.person(row["person_id"])
            found.append(Unit(question, row["name"], person, row, kind, place_of(placement)))
    return found


def _about_the_record(condition: work.Condition) -> bool:
    """True for conditions on the placement itself, which choose among a child's placements."""
    if isinstance(condition, work.AllOf | work.AnyOf):
        return all(_about_the_record(one) for one in condition.parts)
    if isinstance(condition, work.OpenIs):
        return True
    right = getattr(condition.phrase, "operand", None)
    named = isinstance(right, say.Name) and not right.is_setting
    point = getattr(condition.phrase, "point", None)
    worked = point is not None and point.name.text not in ("period_start", "period_end", "today")
    fields = ("placement_type", "temporary", "started_on", "ended_on", "end_reason", "gender")
    return condition.left.text in fields and not named and not worked
