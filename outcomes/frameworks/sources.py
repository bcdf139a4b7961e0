"""What figures are made of, and the two places to have it from: worked out now, or kept (`kept/`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.engine import Connection

from outcomes.frameworks.binding import registry
from outcomes.measures import engine
from outcomes.measures.figures.facts import Fact, Group
from outcomes.measures.planning.plan import Plan
from outcomes.measures.sql.databases import planned_well

Answer = Sequence[Fact] | Sequence[Group]


@dataclass(frozen=True, eq=False)
class Need:
    """One run of a plan. `named`: unit by unit, with what each rests on; else added up.

    `presence` asks instead who was placed where in the plan's periods, which no card changes.
    """

    plan: Plan
    run: engine.Run
    named: bool = False
    presence: bool = False


class Source(Protocol):
    """Answers needs in their order. `connection` is for what else a figure is told by."""

    @property
    def connection(self) -> Connection: ...

    def read(self, needs: Sequence[Need]) -> list[Answer]: ...


@dataclass(frozen=True)
class Live:
    """Works everything out now."""

    connection: Connection

    def read(self, needs: Sequence[Need]) -> list[Answer]:
        with planned_well(self.connection):
            return [self._one(need) for need in needs]

    def _one(self, need: Need) -> Answer:
        if need.presence or need.named:
            return facts_of(self.connection, need, need.run)
        return engine.groups(self.connection, registry(), need.plan, need.run)


def facts_of(connection: Connection, need: Need, run: engine.Run) -> list[Fact]:
    """The facts of a need, for a run of its own or a narrower one."""
    work_out = engine.presence if need.presence else engine.facts
    return work_out(connection, registry(), need.plan, run)
