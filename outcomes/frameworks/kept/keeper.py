"""Reads facts from the tables, and works out again, for the children concerned, what has gone stale.

    seen = the number up to which changes can be seen now
    of each set wanted: is it there, made of the same, and who of its children changed since?
    work out what is missing or stale (reading only), then put it down, one measure at a time

Putting down locks the set and looks whether it is still the one that was seen. If somebody else was
faster, this reader's figures are worked out from the records alone, and theirs stay.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.orm import Session

from outcomes.core.periods import Period
from outcomes.core.transaction import transaction
from outcomes.frameworks.binding import registry
from outcomes.frameworks.kept.digest import kinds_read, made_of
from outcomes.frameworks.kept.rows import added_up, fact_of, groups_of, row_of
from outcomes.frameworks.kept.tables import FactSet, UnitFact
from outcomes.frameworks.sources import Answer, Live, Need, facts_of
from outcomes.kit.changes import OF_NO_CHILD, changes_after, last_number
from outcomes.measures.figures.facts import Fact
from outcomes.measures.sql.dialects import planned_well

PLACED = "(placed)"
"""Stands for the measure in the sets that say who was placed where."""

MOST_PEOPLE = 200
"""With more children stale than this, a set is made anew: the list would cost more than it saves."""

MOST_ASKED = 5_000
"""With more children changed than this, nobody asks which contracts they concern."""

MANY_CHANGES = 500
"""With more children changed than this since a set was made, it is brought forward."""

KEY = ("measure", "contract_id", "period", "each_place")

_SETS: Any = FactSet.__table__
_FACTS: Any = UnitFact.__table__
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

Key = tuple[str, int, str, bool]
Changes = Mapping[str, Mapping[int, int]]


@dataclass(slots=True)
class Wanted:
    """One set that a need asks for: of which period, and what it must be made of.

    `standing` is the set as it was seen, where it can be used; `stale` the children whose facts in
    it are to be worked out again.
    """

    key: Key
    n: int
    made_of: str
    standing: RowMapping | None = None
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


@dataclass(frozen=True)
class Kept:
    """Facts from the tables, for a session in the system's scope and outside any transaction."""

    session: Session

    @property
    def connection(self) -> Connection:
        return self.session.connection()

    def read(self, needs: Sequence[Need]) -> list[Answer]:
        if any(need.run.only_people is not None for need in needs):
            return Live(self.connection).read(needs)
        seen = last_number(self.session)
        wanted = [list(_wanted(need)) for need in needs]
        keys = {one.key for each in wanted for one in each}
        standing = self._standing(keys)
        changes = self._changes(standing.values())
        known = self._known(changes, standing.values(), {key[1] for key in keys})
        answers: list[Answer] = []
        for need, each in zip(needs, wanted, strict=True):
            kinds = {"placement"} if need.presence else kinds_read(need.plan, self.connection.dialect.name)
            _judge(each, standing, _last(changes, kinds), known)
            answers.append(self._answer(need, each, standing, seen))
        if len(_children(changes)) > MANY_CHANGES:
            self._bring_forward([one for each in wanted for one in each], seen)
        return answers

    # -- what there is ---------------------------------------------------------------------------

    def _standing(self, keys: Collection[Key]) -> dict[Key, RowMapping]:
        rows = self.connection.execute(select(_SETS).where(_named_like(keys))).mappings()
        return {key: row for row in rows if (key := _key_of(row)) in keys}

    def _changes(self, sets: Iterable[RowMapping]) -> Changes:
        numbers = [row["made_from"] for row in sets]
        return changes_after(self.session, min(numbers)) if numbers else {}

    def _known(
        self, changes: Changes, sets: Iterable[RowMapping], contracts: set[int]
    ) -> set[tuple[int, int]] | None:
        """Of the children who changed, those placed under each contract, or counted for it before.

        The others' changes move nothing. None where so many changed that it is not worth asking.
        """
        people = sorted(_children(changes))
        if not people or len(people) > MOST_ASKED:
            return None if people else set()
        placement = registry()["placement"].table
        placed = select(placement.c.person_id, placement.c.contract_id).where(
            placement.c.person_id.in_(people), placement.c.contract_id.in_(contracts)
        )
        counted = (
            select(_FACTS.c.person_id, _SETS.c.contract_id)
            .join(_SETS, _SETS.c.id == _FACTS.c.set_id)
            .where(_SETS.c.id.in_([row["id"] for row in sets]), _FACTS.c.person_id.in_(people))
        )
        return {(row[0], row[1]) for row in self.connection.execute(placed.union(counted))}

    def _bring_forward(self, wanted: Iterable[Wanted], seen: int) -> None:
        """Let sets that nothing concerned count from now, or every reader would ask after the same changes."""
        fresh = [one.standing["id"] for one in wanted if one.standing is not None and not one.stale]
        with transaction() as session:
            session.connection().execute(
                update(_SETS).where(_SETS.c.id.in_(fresh), _SETS.c.made_from < seen).values(made_from=seen)
            )

    # -- what is wanted --------------------------------------------------------------------------

    def _answer(
        self, need: Need, wanted: Sequence[Wanted], standing: dict[Key, RowMapping], seen: int
    ) -> Answer:
        try:
            tallies = {one.key: row["tallies"] for one in wanted if (row := one.standing) is not None}
            if any(one.whole or one.stale for one in wanted):
                tallies |= self._renew(need, wanted, seen)
            if need.named:
                return self._facts(wanted)
        except Overtaken:
            return Live(self.connection).read([need])[0]
        return [group for one in wanted for group in groups_of(tallies[one.key], one.n, one.contract)]

    def _facts(self, wanted: Sequence[Wanted]) -> list[Fact]:
        """The facts themselves, in one statement, so that they are all of one moment. Raises Overtaken."""
        asked = {one.key: one for one in wanted}
        rows = self.connection.execute(
            select(*(_SETS.c[name] for name in (*KEY, "made_of")), _FACTS)
            .join_from(_SETS, _FACTS, _FACTS.c.set_id == _SETS.c.id, isouter=True)
            .where(_named_like(asked))
            .order_by(_FACTS.c.id)
        ).mappings()
        found: list[Fact] = []
        met: set[Key] = set()
        for row in rows:
            one = asked[_key_of(row)]
            if row["made_of"] != one.made_of:
                raise Overtaken
            met.add(one.key)
            if row["set_id"] is not None:
                found.append(fact_of(row, one.n, one.contract))
        if met != asked.keys():
            raise Overtaken
        return sorted(found, key=lambda fact: fact.group.period)

    # -- what is put down ------------------------------------------------------------------------

    def _renew(self, need: Need, wanted: Sequence[Wanted], seen: int) -> dict[Key, Any]:
        """Work out what is missing or stale and put it down. Gives what those sets add up to."""
        found = self._worked_out(need, wanted)
        tallies: dict[Key, Any] = {}
        with transaction() as session:
            connection = session.connection()
            for one in wanted:
                if one.whole or one.stale:
                    facts = found.get(one.n, {}).get(one.contract, ())
                    tallies[one.key] = _put_down(connection, one, facts, seen)
        return tallies

    def _worked_out(self, need: Need, wanted: Sequence[Wanted]) -> dict[int, dict[int, list[Fact]]]:
        """The facts that are needed, by period and contract: of everybody, or of those who changed."""
        found: dict[int, dict[int, list[Fact]]] = {}
        whole = {one.contract for one in wanted if one.whole}
        stale = {one.contract for one in wanted if one.stale} - whole
        people = sorted(frozenset().union(*(one.stale for one in wanted if one.contract in stale)))
        runs = []
        if whole:
            runs.append(replace(need.run, contracts=sorted(whole)))
        if stale:
            runs.append(replace(need.run, contracts=sorted(stale), only_people=people))
        connection = self.connection
        with planned_well(connection):
            for run in runs:
                for fact in facts_of(connection, need, run):
                    group = fact.group
                    found.setdefault(group.period, {}).setdefault(group.contract_id, []).append(fact)
        return found


def _wanted(need: Need) -> Iterable[Wanted]:
    run = need.run
    measure = PLACED if need.presence else need.plan.card.measure
    settings = run.settings or [{}] * len(run.periods)
    for n, (period, chosen) in enumerate(zip(run.periods, settings, strict=True)):
        digest = made_of(need, chosen)
        for contract in run.contracts:
            yield Wanted(_key(measure, contract, period, run.by_each_place), n, digest)


def _key(measure: str, contract: int, period: Period, each_place: bool) -> Key:
    return (measure, contract, period.code, each_place)


def _key_of(row: RowMapping) -> Key:
    return (row["measure"], row["contract_id"], row["period"], row["each_place"])


def _last(changes: Changes, kinds: Iterable[str]) -> dict[int, int]:
    """The number of each child's last change in these kinds."""
    last: dict[int, int] = {}
    for kind in kinds:
        for about, number in changes.get(kind, {}).items():
            last[about] = max(number, last.get(about, 0))
    return last


def _children(changes: Changes) -> set[int]:
    return {about for of_kind in changes.values() for about in of_kind} - {OF_NO_CHILD}


def _judge(
    wanted: Iterable[Wanted],
    standing: Mapping[Key, RowMapping],
    last: Mapping[int, int],
    known: set[tuple[int, int]] | None,
) -> None:
    """Say of each set whether it can be used, and for which children it is stale."""
    for one in wanted:
        row = standing.get(one.key)
        if row is None or row["made_of"] != one.made_of or last.get(OF_NO_CHILD, 0) > row["made_from"]:
            continue
        after = row["made_from"]
        stale = frozenset(
            about
            for about, number in last.items()
            if number > after and (known is None or (about, one.contract) in known)
        )
        if len(stale) <= MOST_PEOPLE:
            one.standing, one.stale = row, stale


def _named_like(keys: Collection[Key]) -> Any:
    """Sets whose names are made of the parts of these keys: all of them, and perhaps some more."""
    return and_(*(_SETS.c[name].in_({key[n] for key in keys}) for n, name in enumerate(KEY)))


def _is(key: Key) -> Any:
    return and_(*(_SETS.c[name] == value for name, value in zip(KEY, key, strict=True)))


def _put_down(connection: Connection, one: Wanted, facts: Iterable[Fact], seen: int) -> list[Any]:
    """Put one set down as it is now, or the facts of those who changed. Gives its tallies."""
    there = connection.execute(select(_SETS).where(_is(one.key)).with_for_update()).mappings().one_or_none()
    if one.standing is not None:
        return _mended(connection, one, there, facts, seen)
    if there is not None and there["made_from"] > seen:
        raise Overtaken
    come = list(facts)
    tallies = added_up((), (), (fact.group for fact in come))
    values = {"made_of": one.made_of, "made_from": seen, "tallies": tallies}
    if there is None:
        key = _claimed(connection, one.key, values)
    else:
        key = there["id"]
        connection.execute(delete(_FACTS).where(_FACTS.c.set_id == key))
        connection.execute(update(_SETS).where(_SETS.c.id == key).values(values))
    _insert(connection, key, come)
    return tallies


def _mended(
    connection: Connection, one: Wanted, there: RowMapping | None, facts: Iterable[Fact], seen: int
) -> list[Any]:
    """The set that was seen, with what has changed since. Raises Overtaken where it is another now."""
    was = one.standing
    if (
        there is None
        or was is None
        or any(there[name] != was[name] for name in ("id", "made_of", "made_from"))
    ):
        raise Overtaken
    period, contract = one.n, one.contract
    theirs = and_(_FACTS.c.set_id == there["id"], _FACTS.c.person_id.in_(one.stale))
    gone = [
        fact_of(row, period, contract).group
        for row in connection.execute(select(_FACTS).where(theirs)).mappings()
    ]
    come = [fact for fact in facts if fact.person_id in one.stale]
    before = groups_of(there["tallies"], period, contract)
    tallies = added_up(before, gone, (fact.group for fact in come))
    connection.execute(delete(_FACTS).where(theirs))
    _insert(connection, there["id"], come)
    kept = update(_SETS).where(_SETS.c.id == there["id"])
    connection.execute(kept.values(made_from=seen, tallies=tallies))
    return tallies


def _claimed(connection: Connection, key: Key, values: Mapping[str, Any]) -> int:
    """The key of a new set. Raises Overtaken where somebody made it a moment ago."""
    new = _INSERT[connection.dialect.name](_SETS).values(**dict(zip(KEY, key, strict=True)), **values)
    made: int | None = connection.execute(new.on_conflict_do_nothing().returning(_SETS.c.id)).scalar()
    if made is None:
        raise Overtaken
    return made


def _insert(connection: Connection, key: int, facts: Iterable[Fact]) -> None:
    rows = [{"set_id": key, **row_of(fact)} for fact in facts]
    if rows:
        connection.execute(insert(_FACTS), rows)
