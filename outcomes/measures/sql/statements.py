"""The one SELECT of a plan: units, what is worked out per unit, the bucket of each, added up.

`facts` is one row per unit; `tallies` adds the same rows up in the database, for figures that name
nobody. Both are built from the same buckets, and a test holds them together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Integer, Select, case, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from outcomes.measures.buckets import Bucket
from outcomes.measures.planning.plan import AlsoPlan, Plan
from outcomes.measures.planning.units import ChildUnits
from outcomes.measures.registry import Registry
from outcomes.measures.sql.built_ins import with_built_ins
from outcomes.measures.sql.column_names import tells
from outcomes.measures.sql.conditions import fails, holds
from outcomes.measures.sql.databases import DIALECTS
from outcomes.measures.sql.periods import periods_list
from outcomes.measures.sql.pruning import pruned
from outcomes.measures.sql.stays import Request, stays
from outcomes.measures.sql.terms import Context, Exact, exact
from outcomes.measures.sql.units import placements_of, present, unit_rows
from outcomes.measures.sql.workings import worked_out


@dataclass(frozen=True, slots=True)
class Ask:
    """What a statement is for; statements are kept per plan and ask."""

    dialect: str
    periods: int
    by_each_place: bool = False
    only_people: bool = False


GROUP = ("n", "contract_id", "place", "bucket", "reason")


@lru_cache(maxsize=256)
def facts_statement(plan: Plan, registry: Registry, ask: Ask) -> Select[Any]:
    """One row per unit, with the reference by which its sender knows it."""
    judged = _judged(plan, registry, ask, told=True)
    named = registry["person"] if isinstance(plan.source, ChildUnits) else plan.source.record
    table = named.alias("named")
    reference = func.coalesce(table.c.sender_reference, table.c.public_id).label("reference")
    return pruned(
        select(*judged.c, reference).select_from(judged).join(table, table.c.id == judged.c.unit_id)
    )


@lru_cache(maxsize=256)
def tallies_statement(plan: Plan, registry: Registry, ask: Ask) -> Select[Any]:
    """The same rows added up per period, contract, place, bucket and reason."""
    judged = _judged(plan, registry, ask)
    bottoms = [judged.c[name] for name in bottom_columns(plan)]
    by = [*(judged.c[name] for name in GROUP), *bottoms]
    sums = [func.sum(judged.c[name]).label(name) for name in top_columns(plan)]
    return pruned(select(*by, func.count().label("units"), *sums).group_by(*by))


@lru_cache(maxsize=64)
def present_statement(plan: Plan, registry: Registry, ask: Ask) -> Select[Any]:
    """Who was placed where: period, contract, place and person."""
    request = _request(plan, registry, ask)
    return present(request, stays(request, "span"))


def _request(plan: Plan, registry: Registry, ask: Ask) -> Request:
    periods = periods_list(plan, ask.periods)
    return Request(periods, DIALECTS[ask.dialect], registry, ask.by_each_place, ask.only_people)


def _judged(plan: Plan, registry: Registry, ask: Ask, *, told: bool = False) -> CTE:
    """Each unit in scope with its bucket; `told` adds what was worked out for it."""
    request = _request(plan, registry, ask)
    placed = placements_of(plan, request)
    units = unit_rows(plan.source, plan, request, placed)
    if isinstance(plan.source, ChildUnits):
        units = with_built_ins(plan, request, units, placed)
    level = worked_out(plan, request, units, placed)
    own, context = level.units.c, level.context()
    columns = [own.n, own.contract_id, own.person_id, own.unit_id, own.place, *_bucket(plan, context)]
    columns += [column for also in plan.also for column in _also(also, context)]
    columns += [column for column in own if told and tells(column.name)]
    return select(*columns).where(holds(plan.scope, context)).cte("judged")


def _bucket(plan: Plan, context: Context) -> Sequence[ColumnElement[Any]]:
    """First what leaves out, in the card's order; then what is not known; then met or not."""
    leaves = [(holds(check, context), number) for number, check in enumerate(plan.leave_out)]
    buckets: list[tuple[Any, int]] = [(check, Bucket.LEFT_OUT) for check, _number in leaves]
    reasons: list[tuple[Any, int]] = list(leaves)
    evidence = plan.card.no_evidence
    if plan.no_evidence is not None and evidence is not None:
        unknown = holds(plan.no_evidence, context)
        if plan.unless is not None:
            unknown = unknown & fails(plan.unless, context)
        out = evidence.then == "left out"
        buckets.append((unknown, Bucket.LEFT_OUT if out else Bucket.NO_EVIDENCE))
        reasons.append((unknown, len(leaves) if out else -1))
    if plan.met is not None:
        buckets.append((holds(plan.met, context), Bucket.MET))
    otherwise = Bucket.MET if plan.met is None else Bucket.NOT_MET
    return (
        _case([(check, int(bucket)) for check, bucket in buckets], int(otherwise)).label("bucket"),
        _case(reasons, -1).label("reason"),
    )


def _case(choices: Sequence[tuple[Any, int]], otherwise: int) -> ColumnElement[Any]:
    last = literal(otherwise, Integer)
    return (
        case(*((check, literal(number, Integer)) for check, number in choices), else_=last)
        if choices
        else last
    )


# -- also shown ---------------------------------------------------------------------------------


def top_columns(plan: Plan) -> list[str]:
    """The columns of what is also shown that are added up."""
    return [name for also in plan.also for name in _names(also) if not name.endswith("_bottom")]


def bottom_columns(plan: Plan) -> list[str]:
    """The denominators of means: groups are kept apart by them, so that the sum stays exact."""
    return [name for also in plan.also for name in _names(also) if name.endswith("_bottom")]


def _names(also: AlsoPlan) -> tuple[str, ...]:
    base = f"also_{also.label}"
    return (base, f"{base}_bottom") if also.kind == "mean" else (base, f"{base}_of")


def _also(also: AlsoPlan, context: Context) -> Sequence[ColumnElement[Any]]:
    first, second = _names(also)
    if also.kind == "units":
        of = holds(also.bottom, context)  # type: ignore[arg-type]
        fits = holds(also.top, context) & of  # type: ignore[arg-type]
        return (_one(fits).label(first), _one(of).label(second))
    top = exact(also.top, context)  # type: ignore[arg-type]
    if also.kind == "mean":
        # What is not known, such as a sum of nothing, is no part of the mean.
        return (top.top.label(first), case((top.top.is_not(None), _bottom(top))).label(second))
    bottom = Exact(literal(1, Integer)) if also.bottom is None else exact(also.bottom, context)  # type: ignore[arg-type]
    return (func.coalesce(top.top, 0).label(first), func.coalesce(bottom.top, 0).label(second))


def _one(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _bottom(number: Exact) -> Any:
    return literal(number.bottom, Integer) if isinstance(number.bottom, int) else number.bottom
