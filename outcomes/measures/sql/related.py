"""The records of a unit that a working reads: linked, standing, under the unit's contract, as the card asks."""

from sqlalchemy import and_, or_

from outcomes.measures.planning.plan import Rows
from outcomes.measures.planning.units import OwnedUnits
from outcomes.measures.sql.conditions import fails, holds
from outcomes.measures.sql.dialect import Expression, InOrder
from outcomes.measures.sql.joined import Joined
from outcomes.measures.sql.level import Level
from outcomes.measures.sql.stays import place_of, standing
from outcomes.measures.sql.terms import Context


def related(level: Level, rows: Rows, name: str) -> tuple[Joined, list[Expression]]:
    """The related records, and what makes them this unit's: link, standing, contract, conditions."""
    joined = Joined(level.request.registry, rows.record, f"{name}_{rows.record.name}")
    matches, _context = _asked(level, rows, joined)
    each = level.each.get(rows.record.name)
    if each is not None:
        joined.source = joined.source.join(each, each.c.unit_id == joined.table.c.id)
        matches.append(each.c.outer_key == level.units.c.key)
    return joined, [_link(level, rows, joined), *matches]


def walked(level: Level, rows: Rows, name: str) -> tuple[Joined, Context, list[Expression]]:
    """The same beside their units, walked unit by unit, for one pass over all of them."""
    joined = Joined(level.request.registry, rows.record, f"{name}_{rows.record.name}")
    each, units = level.each.get(rows.record.name), level.units
    if each is None:
        joined.source = InOrder(units, joined.table, _link(level, rows, joined))
    else:
        of_unit = InOrder(units, each, each.c.outer_key == units.c.key)
        joined.source = InOrder(of_unit, joined.table, each.c.unit_id == joined.table.c.id)
    matches, context = _asked(level, rows, joined)
    return joined, context, matches


def _link(level: Level, rows: Rows, joined: Joined) -> Expression:
    own = level.units.c
    return joined.table.c[rows.via] == (own.person_id if rows.of_person else own.unit_id)


def _asked(level: Level, rows: Rows, joined: Joined) -> tuple[list[Expression], Context]:
    """Standing, contract, and what the card asks."""
    context = level.context(joined.column, level.each.get(rows.record.name))
    matches = standing(rows.record, joined.table)
    if rows.narrowed:
        matches.append(under_contract(level, joined))
    matches.append(holds(rows.where, context))
    if rows.but_not is not None:
        matches.append(fails(rows.but_not, context))
    return matches, context


def under_contract(level: Level, joined: Joined) -> Expression:
    """Dated inside a stay under the unit's contract (D14): that is what its placement says.

    A record without a placement is in the gap of the unit's stay: then its own day decides. One that
    may be due and not done belongs by its due day to the child's time under the contract.
    """
    if isinstance(level.plan.source, OwnedUnits):
        return _due_under_contract(level, joined)
    own, placement = level.units.c, joined.at(("placement_id",))
    there = placement.c.contract_id == own.contract_id
    if level.request.by_each_place:
        there = and_(there, place_of(placement) == own.place)
    day = joined.dated(level.dialect)
    if "span_from" not in own:
        return there
    waits = joined.record.waits
    opens, closes = (own.spell_from, own.spell_until) if waits else (own.span_from, own.span_until)
    return or_(there, and_(joined.table.c.placement_id.is_(None), day >= opens, day < closes))


def _due_under_contract(level: Level, joined: Joined) -> Expression:
    """Of what follows the child: due while the child was under the contract, whenever it was done."""
    own, record = level.units.c, joined.record
    day = joined.table.c[record.dated[-1]] if record.waits else joined.dated(level.dialect)
    by_place = level.request.by_each_place
    opens, closes = (own.span_from, own.span_until) if by_place else (own.spell_from, own.spell_until)
    return and_(day >= opens, day < closes)
