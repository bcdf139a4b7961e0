"""Runs a plan: binds the periods, the contracts and the settings, and reads the answer.

A run requires the contracts that it is for: the engine reads tables outside the scope of whoever is
looking, so its caller must hold a grant on those contracts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, TableClause, select
from sqlalchemy.engine import Connection, RowMapping

from outcomes.core.periods import Period
from outcomes.measures.buckets import Bucket
from outcomes.measures.figures.facts import Amount, Fact, Group
from outcomes.measures.instruments import expected_levels, tool_areas
from outcomes.measures.language.card import SettingValue
from outcomes.measures.planning.plan import AgainstPlan, ComparePlan, Plan
from outcomes.measures.registry import Registry
from outcomes.measures.sql.column_names import bottom_name, tells, told_by
from outcomes.measures.sql.compare import EXPECTED
from outcomes.measures.sql.databases import planned_well
from outcomes.measures.sql.periods import parameters
from outcomes.measures.sql.statements import (
    Ask,
    bottom_columns,
    facts_statement,
    present_statement,
    tallies_statement,
    top_columns,
)
from outcomes.measures.sql.stays import CONTRACTS, PEOPLE
from outcomes.measures.sql.tool_areas import TOOL_AREAS

NEEDS_CONTRACTS = "A measure runs for stated contracts: name at least one."


@dataclass(frozen=True)
class Run:
    """What to run a plan for. `settings` are those in force at the end of each period, by name;
    a name that is missing takes the card's value. `only_people` narrows to these persons' ids."""

    contracts: Sequence[int]
    periods: Sequence[Period]
    today: date
    settings: Sequence[Mapping[str, SettingValue]] | None = None
    only_people: Sequence[int] | None = None
    by_each_place: bool = False

    def __post_init__(self) -> None:
        if not self.contracts:
            raise ValueError(NEEDS_CONTRACTS)
        if not self.periods:
            raise ValueError("A measure runs for stated periods: name at least one.")


def facts(connection: Connection, registry: Registry, plan: Plan, run: Run) -> list[Fact]:
    """One fact per unit, in the order of the periods; `group.period` counts from 0."""
    statement = facts_statement(plan, registry, _ask(connection, run))
    rows = _rows(connection, registry, plan, run, statement)
    group, worked = _grouping(plan), _working_out([str(name) for name in rows[0]] if rows else [])
    return [
        Fact(row["unit_id"], row["person_id"], row["reference"], group(row, 1), worked(row)) for row in rows
    ]


def groups(connection: Connection, registry: Registry, plan: Plan, run: Run) -> list[Group]:
    """The same facts, added up in the database per period, contract, place, bucket and reason."""
    statement = tallies_statement(plan, registry, _ask(connection, run))
    group = _grouping(plan)
    return [group(row, row["units"]) for row in _rows(connection, registry, plan, run, statement)]


def presence(connection: Connection, registry: Registry, plan: Plan, run: Run) -> list[Fact]:
    """Who was placed where, as a fact per person: a count of nought there is a real nought (R10).

    It is the same for every plan; whose periods it takes is all that differs.
    """
    rows = _rows(connection, registry, plan, run, present_statement(plan, registry, _ask(connection, run)))
    return [
        Fact(
            row["person_id"],
            row["person_id"],
            "",
            Group(row["n"], row["contract_id"], row["place"], Bucket.MET, -1, 1, {}),
        )
        for row in rows
    ]


def reads(dialect: str, registry: Registry, plan: Plan) -> frozenset[str]:
    """The tables that a run of the plan reads: what changes elsewhere cannot move its facts."""
    ask = Ask(dialect, 1)
    waiting: list[Any] = [facts_statement(plan, registry, ask)]
    # By identity, each once: SQLAlchemy's own visitors go through a shared expression at every mention.
    seen: dict[int, Any] = {}
    while waiting:
        element = waiting.pop()
        if id(element) not in seen:
            seen[id(element)] = element
            waiting += element.get_children()
    found = {one.name for one in seen.values() if isinstance(one, TableClause)}
    return frozenset(found | {"instrument"} if _looks_at_tools(plan) else found)


def depends_on_today(plan: Plan) -> bool:
    """May the facts of a period change with the day on which they are worked out?"""
    return any(one.name == "today" for one in plan.period_dates)


def statement_of(dialect: str, registry: Registry, plan: Plan, periods: int = 1) -> Select[Any]:
    """The statement that a run of that many periods executes, for `explain`."""
    return tallies_statement(plan, registry, Ask(dialect, periods))


def _ask(connection: Connection, run: Run) -> Ask:
    return Ask(connection.dialect.name, len(run.periods), run.by_each_place, run.only_people is not None)


def _rows(
    connection: Connection, registry: Registry, plan: Plan, run: Run, statement: Select[Any]
) -> Sequence[RowMapping]:
    settings = [
        {**plan.settings, **_known(plan, chosen)} for chosen in run.settings or [{}] * len(run.periods)
    ]
    bound = parameters(plan, run.periods, settings, run.today)
    bound[CONTRACTS] = list(run.contracts)
    if run.only_people is not None:
        bound[PEOPLE] = list(run.only_people)
    if _looks_at_tools(plan):
        bound |= _of_tools(connection, registry)
    with planned_well(connection):
        return connection.execute(statement, bound).mappings().all()


def _looks_at_tools(plan: Plan) -> bool:
    workings = (one for level in plan.levels for _name, one in level)
    return any(isinstance(one, ComparePlan | AgainstPlan) for one in workings)


def _known(plan: Plan, chosen: Mapping[str, SettingValue]) -> dict[str, SettingValue]:
    return {name: value for name, value in chosen.items() if name in plan.settings}


def _of_tools(connection: Connection, registry: Registry) -> dict[str, str]:
    """What the instruments say, in one look."""
    tools = [dict(row) for row in connection.execute(select(registry["instrument"].table)).mappings()]
    return {EXPECTED: expected_levels(tools), TOOL_AREAS: tool_areas(tools)}


def _working_out(columns: Iterable[str]) -> Callable[[RowMapping], dict[tuple[str, str], Any]]:
    """How a row of these columns tells what was worked out, by working and part.

    A number that has a denominator is told as its fraction. Which column tells what is settled once.
    """
    names = set(columns)
    told = [
        (name, told_by(name), bottom_name(name) if bottom_name(name) in names else None)
        for name in columns
        if tells(name) and not name.endswith(bottom_name(""))
    ]

    def worked(row: RowMapping) -> dict[tuple[str, str], Any]:
        found = {}
        for name, key, bottom in told:
            value = row[name]
            if value is not None and bottom is not None:
                value = Fraction(int(value), int(row[bottom])) if row[bottom] else None
            found[key] = value
        return found

    return worked


def _grouping(plan: Plan) -> Callable[[RowMapping, int], Group]:
    """How a row of the plan's statement becomes a group. Which columns are added up is settled once."""
    tops = top_columns(plan)
    means = [(bottom.removesuffix("_bottom"), bottom) for bottom in bottom_columns(plan)]

    def group(row: RowMapping, units: int) -> Group:
        sums: dict[str, Amount] = {name: int(row[name] or 0) for name in tops}
        for top, bottom in means:
            known = row[bottom] is not None and row[top] is not None
            sums[top] = Fraction(sums[top], int(row[bottom])) if known else 0
            sums[f"{top}_of"] = units if known else 0
        return Group(
            period=row["n"],
            contract_id=row["contract_id"],
            place=row["place"],
            bucket=Bucket(row["bucket"]),
            reason=row["reason"],
            units=units,
            sums=sums,
        )

    return group


def narrowed(run: Run, people: Sequence[int]) -> Run:
    """The same run for these persons only: how kept facts are made anew after a write."""
    return replace(run, only_people=tuple(people))
