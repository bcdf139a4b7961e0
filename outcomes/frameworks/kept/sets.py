"""One set of facts: its key, what it must be made of, and putting it down.

Putting down locks the set and looks whether it is still the one that was seen. Runs inside the
caller's transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.engine import Connection, RowMapping

from outcomes.core.database import insert_or
from outcomes.frameworks.kept.digest import made_of
from outcomes.frameworks.kept.rows import added_up, fact_of, groups_of, row_of
from outcomes.frameworks.kept.tables import FactSet, UnitFact
from outcomes.frameworks.sources import Need
from outcomes.measures.figures.facts import Fact

PLACED = "(placed)"
"""Stands for the measure in the sets that say who was placed where."""

KEY = ("measure", "contract_id", "period", "each_place")

SETS: Any = FactSet.__table__
FACTS: Any = UnitFact.__table__

Key = tuple[str, int, str, bool]


@dataclass(frozen=True, slots=True)
class Standing:
    """A set as it stood when it was looked at, and what it adds up to: the same until somebody puts it down."""

    id: int
    made_of: str
    made_from: int
    tallies: list[Any] = field(compare=False)

    @classmethod
    def of(cls, row: RowMapping) -> "Standing":
        return cls(row["id"], row["made_of"], row["made_from"], row["tallies"])


@dataclass(slots=True)
class Wanted:
    """One set that a need asks for: of which period, and what it must be made of.

    `standing` is the set as it was seen, where it can be used; `stale` the children whose facts in
    it are to be worked out again.
    """

    key: Key
    n: int
    made_of: str
    standing: Standing | None = None
    stale: frozenset[int] = frozenset()

    @property
    def contract(self) -> int:
        return self.key[1]

    @property
    def whole(self) -> bool:
        """Is all of it to be worked out?"""
        return self.standing is None


class Overtaken(Exception):
    """Somebody else put the set down first."""


def wanted_by(need: Need) -> Iterator[Wanted]:
    """The sets that a need asks for: one for each period and contract."""
    run = need.run
    measure = PLACED if need.presence else need.plan.card.measure
    settings = run.settings or [{}] * len(run.periods)
    for n, (period, chosen) in enumerate(zip(run.periods, settings, strict=True)):
        digest = made_of(need, chosen)
        for contract in run.contracts:
            yield Wanted((measure, contract, period.code, run.by_each_place), n, digest)


def key_of(row: RowMapping) -> Key:
    return (row["measure"], row["contract_id"], row["period"], row["each_place"])


def named_like(keys: Collection[Key]) -> Any:
    """Sets whose names are made of the parts of these keys: all of them, and perhaps some more."""
    return and_(*(SETS.c[name].in_({key[n] for key in keys}) for n, name in enumerate(KEY)))


def put_down(connection: Connection, one: Wanted, facts: Iterable[Fact], seen: int) -> Standing:
    """Put a set down as it is at number `seen`: all of it, or the facts of those who changed.

    Gives it as it stands then. Raises Overtaken.
    """
    mine = and_(*(SETS.c[name] == value for name, value in zip(KEY, one.key, strict=True)))
    row = connection.execute(select(SETS).where(mine).with_for_update()).mappings().one_or_none()
    there = None if row is None else Standing.of(row)
    if one.standing is not None:
        return _mended(connection, one, there, facts, seen)
    if there is not None and there.made_from > seen:
        raise Overtaken
    come = list(facts)
    values: dict[str, Any] = {
        "made_of": one.made_of,
        "made_from": seen,
        "tallies": added_up((), (), (fact.group for fact in come)),
    }
    if there is None:
        key = _claimed(connection, one.key, values)
    else:
        key = there.id
        connection.execute(delete(FACTS).where(FACTS.c.set_id == key))
        connection.execute(update(SETS).where(SETS.c.id == key).values(values))
    _insert(connection, key, come)
    return Standing(key, **values)


def _mended(
    connection: Connection, one: Wanted, there: Standing | None, facts: Iterable[Fact], seen: int
) -> Standing:
    """The set that was seen, with what has changed since. Raises Overtaken where it is another now."""
    if there != one.standing or there is None:
        raise Overtaken
    theirs = and_(FACTS.c.set_id == there.id, FACTS.c.person_id.in_(one.stale))
    gone = [
        fact_of(row, one.n, one.contract).group
        for row in connection.execute(select(FACTS).where(theirs)).mappings()
    ]
    come = [fact for fact in facts if fact.person_id in one.stale]
    before = groups_of(there.tallies, one.n, one.contract)
    tallies = added_up(before, gone, (fact.group for fact in come))
    connection.execute(delete(FACTS).where(theirs))
    _insert(connection, there.id, come)
    connection.execute(update(SETS).where(SETS.c.id == there.id).values(made_from=seen, tallies=tallies))
    return Standing(there.id, there.made_of, seen, tallies)


def _claimed(connection: Connection, key: Key, values: Mapping[str, Any]) -> int:
    """The key of a new set. Raises Overtaken where somebody made it a moment ago."""
    new = insert_or(connection.dialect.name, SETS).values(**dict(zip(KEY, key, strict=True)), **values)
    made: int | None = connection.execute(new.on_conflict_do_nothing().returning(SETS.c.id)).scalar()
    if made is None:
        raise Overtaken
    return made


def _insert(connection: Connection, key: int, facts: Iterable[Fact]) -> None:
    rows = [{"set_id": key, **row_of(fact)} for fact in facts]
    if rows:
        connection.execute(insert(FACTS), rows)
