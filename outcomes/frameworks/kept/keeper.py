"""Reads facts from the tables, and works out again, for the children concerned, what has gone stale.

    seen = the number up to which changes can be seen now
    of each set wanted: is it there, made of the same, and who of its children changed since?
    work out what is missing or stale (reading only), then put it down, one measure at a time

If somebody else put a set down first (`sets.py` looks), this reader's figures are worked out from the
records alone, and theirs stay.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from outcomes.core.transaction import transaction
from outcomes.frameworks.binding import registry
from outcomes.frameworks.kept.digest import kinds_read
from outcomes.frameworks.kept.rows import fact_of, groups_of
from outcomes.frameworks.kept.sets import (
    FACTS,
    KEY,
    SETS,
    Key,
    Overtaken,
    Standing,
    Wanted,
    key_of,
    named_like,
    put_down,
    wanted_by,
)
from outcomes.frameworks.sources import Answer, Live, Need, facts_of
from outcomes.kit.writing.changes import OF_NO_CHILD, changes_after, last_number
from outcomes.measures.engine import narrowed
from outcomes.measures.figures.facts import Fact
from outcomes.measures.sql.databases import planned_well

MOST_PEOPLE = 200
"""With more children stale than this, a set is made anew: the list would cost more than it saves."""

MOST_ASKED = 5_000
"""With more children changed than this, nobody asks which contracts they concern."""

MANY_CHANGES = 500
"""With more children changed than this since a set was made, it is brought forward."""

Changes = Mapping[str, Mapping[int, int]]


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
        wanted = [list(wanted_by(need)) for need in needs]
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

    def _standing(self, keys: Collection[Key]) -> dict[Key, Standing]:
        rows = self.connection.execute(select(SETS).where(named_like(keys))).mappings()
        return {key: Standing.of(row) for row in rows if (key := key_of(row)) in keys}

    def _changes(self, sets: Iterable[Standing]) -> Changes:
        numbers = [one.made_from for one in sets]
        return changes_after(self.session, min(numbers)) if numbers else {}

    def _known(
        self, changes: Changes, sets: Iterable[Standing], contracts: set[int]
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
            select(FACTS.c.person_id, SETS.c.contract_id)
            .join(SETS, SETS.c.id == FACTS.c.set_id)
            .where(SETS.c.id.in_([one.id for one in sets]), FACTS.c.person_id.in_(people))
        )
        return {(row[0], row[1]) for row in self.connection.execute(placed.union(counted))}

    def _bring_forward(self, wanted: Iterable[Wanted], seen: int) -> None:
        """Let sets that nothing concerned count from now, or every reader would ask after the same changes."""
        fresh = [one.standing.id for one in wanted if one.standing is not None and not one.stale]
        with transaction() as session:
            session.connection().execute(
                update(SETS).where(SETS.c.id.in_(fresh), SETS.c.made_from < seen).values(made_from=seen)
            )

    # -- what is wanted --------------------------------------------------------------------------

    def _answer(
        self, need: Need, wanted: Sequence[Wanted], standing: dict[Key, Standing], seen: int
    ) -> Answer:
        try:
            if any(one.whole or one.stale for one in wanted):
                # Another need may ask for the same set: it finds it as it stands then.
                standing |= self._renew(need, wanted, seen)
            if need.named:
                return self._facts(wanted)
        except Overtaken:
            return Live(self.connection).read([need])[0]
        return [
            group for one in wanted for group in groups_of(standing[one.key].tallies, one.n, one.contract)
        ]

    def _facts(self, wanted: Sequence[Wanted]) -> list[Fact]:
        """The facts themselves, in one statement, so that they are all of one moment. Raises Overtaken."""
        asked = {one.key: one for one in wanted}
        rows = self.connection.execute(
            select(*(SETS.c[name] for name in (*KEY, "made_of")), FACTS)
            .join_from(SETS, FACTS, FACTS.c.set_id == SETS.c.id, isouter=True)
            .where(named_like(asked))
            .order_by(FACTS.c.id)
        ).mappings()
        found: list[Fact] = []
        met: set[Key] = set()
        for row in rows:
            one = asked[key_of(row)]
            if row["made_of"] != one.made_of:
                raise Overtaken
            met.add(one.key)
            if row["set_id"] is not None:
                found.append(fact_of(row, one.n, one.contract))
        if met != asked.keys():
            raise Overtaken
        return sorted(found, key=lambda fact: fact.group.period)

    # -- what is put down ------------------------------------------------------------------------

    def _renew(self, need: Need, wanted: Sequence[Wanted], seen: int) -> dict[Key, Standing]:
        """Work out what is missing or stale and put it down. Gives those sets as they stand then."""
        found = self._worked_out(need, wanted)
        renewed: dict[Key, Standing] = {}
        with transaction() as session:
            connection = session.connection()
            for one in wanted:
                if one.whole or one.stale:
                    facts = found.get(one.n, {}).get(one.contract, ())
                    renewed[one.key] = put_down(connection, one, facts, seen)
        return renewed

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
            runs.append(narrowed(replace(need.run, contracts=sorted(stale)), people))
        connection = self.connection
        with planned_well(connection):
            for run in runs:
                for fact in facts_of(connection, need, run):
                    group = fact.group
                    found.setdefault(group.period, {}).setdefault(group.contract_id, []).append(fact)
        return found


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
    standing: Mapping[Key, Standing],
    last: Mapping[int, int],
    known: set[tuple[int, int]] | None,
) -> None:
    """Say of each set whether it can be used, and for which children it is stale."""
    for one in wanted:
        row = standing.get(one.key)
        if row is None or row.made_of != one.made_of or last.get(OF_NO_CHILD, 0) > row.made_from:
            continue
        stale = frozenset(
            about
            for about, number in last.items()
            if number > row.made_from and (known is None or (about, one.contract) in known)
        )
        if len(stale) <= MOST_PEOPLE:
            one.standing, one.stale = row, stale
