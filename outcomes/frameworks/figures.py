"""Figures: measures run for contracts and periods, judged against the targets of their time.

The caller must hold a grant on the contracts: the engine reads outside the scope of whoever is
looking. Pages open `access.bind.system_scope` for it; commands run in the system's scope.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Connection

from outcomes.core import clock
from outcomes.core.periods import Period
from outcomes.frameworks.binding import registry
from outcomes.frameworks.contracts import Scope, all_contracts, references
from outcomes.frameworks.packs import planned
from outcomes.frameworks.terms import Terms, read_terms
from outcomes.measures import engine
from outcomes.measures.figures.facts import Fact, Group, tally
from outcomes.measures.figures.figure import Figure, Members, figure_of, members_of, not_due, value_of
from outcomes.measures.language.card import SettingValue
from outcomes.measures.planning.plan import Plan
from outcomes.measures.sql.dialects import planned_well

HISTORY = 2
"""How many earlier periods the trend needs (R13)."""


@dataclass(frozen=True)
class Asked:
    """What is asked for: `period` is the last of `periods`; members and places only for those entitled."""

    measures: Sequence[str]
    contracts: Sequence[int]
    period: Period
    periods: int = 1
    split: bool = False
    members: bool = False
    today: date | None = None
    only_people: Sequence[int] | None = None


def figures(connection: Connection, asked: Asked) -> list[Figure]:
    """The figures in the order measure, contract, period (oldest first), total before places."""
    scopes = all_contracts(connection, asked.contracts)
    terms = read_terms(connection, [scope.contract_id for scope in scopes])
    found = []
    with planned_well(connection):
        for measure in asked.measures:
            found += measured(connection, planned(measure), asked, scopes, terms)
    return found


def document(found: Iterable[Figure]) -> dict[str, list[dict[str, object]]]:
    """The one JSON document of figures."""
    return {"figures": [figure.document() for figure in found]}


def measured(
    connection: Connection, plan: Plan, asked: Asked, scopes: Sequence[Scope], terms: Terms
) -> list[Figure]:
    """The figures of one plan, whatever pack it is from: contract by contract, oldest period first."""
    wanted = [asked.period.earlier(n) for n in reversed(range(asked.periods))]
    due = [(period, period.ends_with(plan.card.period)) for period in wanted]
    own = [period for _asked, period in due if period is not None]
    made: dict[tuple[int, Period], list[Figure]] = {}
    if own:
        # One run of consecutive periods, so that each has the two before it for its trend.
        first, last = own[0].earlier(HISTORY), own[-1]
        periods = [first]
        while periods[-1] != last:
            periods.append(periods[-1].earlier(-1))
        for group in _alike(plan, periods, scopes, terms):
            made |= _Run(connection, plan, asked, periods, group, terms).figures(own)
    result = []
    for scope in scopes:
        for period, period_of_card in due:
            if period_of_card is None:
                target = terms.target(scope.contract_id, plan.card, period.last)
                result.append(not_due(plan.card, period, scope.reference, target))
            else:
                result += made[(scope.contract_id, period_of_card)]
    return result


def _alike(
    plan: Plan, periods: Sequence[Period], scopes: Sequence[Scope], terms: Terms
) -> list[tuple[list[Scope], list[dict[str, SettingValue]]]]:
    """Contracts with the same settings in every period run together, in one statement."""
    groups: dict[str, tuple[list[Scope], list[dict[str, SettingValue]]]] = {}
    for scope in scopes:
        chosen = [terms.chosen(scope.contract_id, plan, period.last) for period in periods]
        groups.setdefault(repr(chosen), ([], chosen))[0].append(scope)
    return list(groups.values())


class _Run:
    """One run of one measure for contracts with the same settings, and the figures made of it."""

    def __init__(
        self,
        connection: Connection,
        plan: Plan,
        asked: Asked,
        periods: Sequence[Period],
        group: tuple[list[Scope], list[dict[str, SettingValue]]],
        terms: Terms,
    ) -> None:
        self.plan, self.asked, self.periods, self.terms = plan, asked, periods, terms
        self.scopes, settings = group
        self.run = engine.Run(
            contracts=[scope.contract_id for scope in self.scopes],
            periods=periods,
            today=asked.today or clock.today(),
            settings=settings,
            only_people=asked.only_people,
        )
        self.total = self._read(connection, self.run)
        self.placed: dict[tuple[int, int], set[int]] = defaultdict(set)
        if plan.card.shape == "count":
            for n, contract, place in engine.placed(connection, registry(), plan, self.run):
                self.placed[(n, contract)].add(place)
        self.places: dict[int, str] = {}
        self.by_place = self.total
        if asked.split:
            self._read_split(connection)

    def figures(self, wanted: Sequence[Period]) -> dict[tuple[int, Period], list[Figure]]:
        made = {}
        for scope in self.scopes:
            for period in wanted:
                n = self.periods.index(period)
                total = [self._figure(scope, n, self.total, None)]
                made[(scope.contract_id, period)] = total + self._by_place(scope, n)
        return made

    def _read(self, connection: Connection, run: engine.Run) -> "_Found":
        if self.asked.members:
            return _Found(engine.facts(connection, registry(), self.plan, run))
        return _Found(engine.groups(connection, registry(), self.plan, run))

    def _read_split(self, connection: Connection) -> None:
        if "each place" in self.plan.card.split_by:
            self.by_place = self._read(connection, replace(self.run, by_each_place=True))
        places = sorted(
            set[int]().union(*self.placed.values(), (group.place for group in self.by_place.groups))
        )
        homes = references(connection, "home", [place for place in places if place > 0])
        households = references(connection, "carer_household", [-place for place in places if place < 0])
        self.places = {place: homes[place] if place > 0 else households[-place] for place in places}

    def _by_place(self, scope: Scope, n: int) -> list[Figure]:
        if not self.asked.split or not self.plan.card.split_by:
            return []
        there = {group.place for group in self.by_place.of(n, scope.contract_id, None)}
        there |= self.placed.get((n, scope.contract_id), set())
        named = sorted(there, key=lambda place: self.places[place])
        return [self._figure(scope, n, self.by_place, place) for place in named]

    def _figure(self, scope: Scope, n: int, found: "_Found", place: int | None) -> Figure:
        contract = scope.contract_id
        target = self.terms.target(contract, self.plan.card, self.periods[n].last)
        plan = self.plan.under((self.run.settings or [])[n])
        values = []
        for m in range(n - HISTORY, n + 1):
            there = self.placed.get((m, contract), set())
            anybody = bool(there) if place is None else place in there
            values.append(
                value_of(self.plan.card, tally(found.of(m, contract, place)), anybody_placed=anybody)
            )
        facts = found.facts_of(n, contract, place) if self.asked.members else []
        members: Members | None = members_of(plan.reasons, facts) if self.asked.members else None
        figure = figure_of(
            plan,
            self.periods[n],
            scope.reference,
            None if place is None else self.places[place],
            tally(found.of(n, contract, place)),
            values,
            target,
            members,
        )
        return replace(figure, place_id=place, facts=tuple(facts))


class _Found:
    """Facts or groups, by period, contract and place; place None holds all of them."""

    def __init__(self, found: Sequence[Fact] | Sequence[Group]) -> None:
        self.groups = [one.group if isinstance(one, Fact) else one for one in found]
        self._groups: dict[tuple[int, int, int | None], list[Group]] = defaultdict(list)
        self._facts: dict[tuple[int, int, int | None], list[Fact]] = defaultdict(list)
        for one, group in zip(found, self.groups, strict=True):
            for place in (None, group.place):
                self._groups[(group.period, group.contract_id, place)].append(group)
                if isinstance(one, Fact):
                    self._facts[(group.period, group.contract_id, place)].append(one)

    def of(self, n: int, contract: int, place: int | None) -> list[Group]:
        return self._groups.get((n, contract, place), [])

    def facts_of(self, n: int, contract: int, place: int | None) -> list[Fact]:
        return self._facts.get((n, contract, place), [])
