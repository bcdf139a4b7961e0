"""Which records are a unit's own, and under which contract and in which stay they fall (R09, D14)."""

from datetime import date

from tests.measures.reference.kinds import FOLLOWS_PLACEMENT, WAITS, day_of
from tests.measures.reference.question import Question, Unit
from tests.measures.reference.stays import Stay, joined_up, place_of
from tests.measures.world import Row


def belongs(kind: str, row: Row, unit: Unit) -> bool:
    """The unit's own: by its link, or the person's, and then under the contract (D14)."""
    if unit.kind == "keyworker_session" and kind == "goal_review":
        return row.get("session_id") == unit.record["id"]
    if unit.kind == "goal":
        mine = (
            row["goal_id"] == unit.record["id"]
            if kind == "goal_review"
            else row["person_id"] == unit.person["id"]
        )
        return mine and (kind not in FOLLOWS_PLACEMENT or _due_under_contract(kind, row, unit))
    if row["person_id"] != unit.person["id"]:
        return False
    return kind not in FOLLOWS_PLACEMENT or under_contract(kind, row, unit)


def under_contract(kind: str, row: Row, unit: Unit) -> bool:
    question = unit.question
    if row.get("placement_id") is not None:
        placement = next(one for one in question.world.rows["placement"] if one["id"] == row["placement_id"])
        here = not question.each_place or place_of(placement) == unit.place
        return question.under_contract(placement) and here
    # What may be due and not done belongs by its due day to the time under the contract; the rest to the stay.
    bounds = spell(unit) if kind in WAITS else unit.known.get("under contract")
    return bounds is not None and bounds.covers(day_of(kind, row))


def _due_under_contract(kind: str, row: Row, unit: Unit) -> bool:
    """The review of a goal belongs by the day on which it fell due, whenever it was held."""
    day: date | None = row.get("due_on") if kind in WAITS else day_of(kind, row)
    bounds = unit.known["under contract"] if unit.question.each_place else spell(unit)
    return bounds is not None and bounds.covers(day)


def spell(unit: Unit) -> Stay | None:
    """Everything under this contract without a gap of more than 28 days, wherever it was (R09)."""
    question = unit.question
    if question.card.each not in ("child", "goal"):
        return None
    placement = unit.known.get("placement", unit.record)
    under = [row for row in question.placements(unit.person["id"]) if question.under_contract(row)]
    return next(one for one in joined_up(under, lambda _row: 0) if placement in one.rows)


def placement_for(question: Question, kind: str, row: Row) -> Row | None:
    """The record's placement; in the gap of a stay, the stay's own."""
    if row.get("placement_id") is not None:
        placements = question.standing("placement")
        return next((one for one in placements if one["id"] == row["placement_id"]), None)
    day = day_of(kind, row)
    for stay in joined_up(
        question.placements(row["person_id"]), lambda one: (place_of(one), one.get("contract_id"))
    ):
        if question.under_contract(stay.rows[0]) and stay.covers(day):
            return stay.rows[0]
    return None
