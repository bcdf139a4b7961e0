"""Figures: measures run for contracts and periods, judged against the targets of their time.

The caller must hold a grant on the contracts: the engine reads outside the scope of whoever is
looking. Pages open `access.bind.system_scope` for it; commands run in the system's scope.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Connection

from outcomes.core import clock
from outcomes.core.periods import MONTHS, Period
from outcomes.frameworks.contracts import Scope, all_contracts, references
from outcomes.frameworks.packs import planned
from outcomes.frameworks.sources import Answer, Need, Source
from outcomes.frameworks.terms import Terms, read_terms
from outcomes.measures import engine
from outcomes.measures.figures.facts import Fact, Group, tally
from outcomes.measures.figures.figure import (
    Figure,
    Members,
    figure_of,
    members_of,
    not_due,
    over_a_year,
    value_of,
)
from outcomes.measures.language.card import SettingValue
from outcomes.measures.planning.plan import Plan

HISTORY = 2
"""How many earlier periods the trend needs (R13)."""

OVER_A_YEAR = "over_12_months"
"""What the share of twelve months is called beside a figure."""


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


def figures(source: Source, asked: Asked) -> list[Figure]:
    """The figures in the order measure, contract, period (oldest first), total before places."""
    scopes = all_contracts(source.connection, asked.contracts)
    terms = read_terms(source.connection, [scope.contract_id for scope in scopes])
    return measured(source, [planned(measure) for measure in asked.measures], asked, scopes, terms)


def document(found: Iterable[Figure]) -> dict[str, list[dict[str, object]]]:
    """The one JSON document of figures."""
    return {"figures": [figure.document() for figure in found]}


def measured(
    source: Source, plans: Sequence[Plan], asked: Asked, scopes: Sequence[Scope], terms: Terms
) -> list[Figure]:
    """The figures of some plans, whatever pack they are from: plan by plan, contract by contract."""
    wanted = [asked.period.earlier(n) for n in reversed(range(asked.periods))]
    runs = [_runs_of(plan, asked, wanted, scopes, terms) for plan in plans]
    needs = [need for each in runs for run in each for need in run.needs]
    answers = dict(zip(needs, source.read(needs), strict=True))
    for each in runs:
        for run in each:
            run.take(answers)
    names = _named(source.connection, {place for each in runs for run in each for place in run.places})
    result = []
    for plan, each in zip(plans, runs, strict=True):
        made = {key: figure for run in each for key, figure in run.figures(names).items()}
        for scope in scopes:
            for period in wanted:
                own = period.ends_with(plan.card.period)
                if own is None:
                    target = terms.target(scope.contract_id, plan.card, period.last)
                    result.append(not_due(plan.card, period, scope.reference, target))
                else:
                    result += made[(scope.contract_id, own)]
    return result


def _runs_of(
    plan: Plan, asked: Asked, wanted: Sequence[Period], scopes: Sequence[Scope], terms: Terms
) -> list["_Run"]:
    """The runs of one plan: none where no period of the card's own ends with one that is asked for."""
    own = [period for one in wanted if (period := one.ends_with(plan.card.period)) is not None]
    if not own:
        return []
    # One run of consecutive periods, so that each has the two before it for its trend.
    periods = [own[0].earlier(max(HISTORY, _in_a_year(plan) - 1))]
    while periods[-1] != own[-1]:
        periods.append(periods[-1].earlier(-1))
    return [_Run(plan, asked, own, periods, group, terms) for group in _alike(plan, periods, scopes, terms)]


def _in_a_year(plan: Plan) -> int:
    """How many of a card's periods the twelve months have that it shows beside; none where it does not."""
    return 12 // MONTHS[plan.card.period] if plan.card.over_a_year else 0


def _named(connection: Connection, places: set[int]) -> dict[int, str]:
    """What places are called: homes by their key, households by theirs with a minus sign."""
    homes = references(connection, "home", [place for place in places if place > 0])
    households = references(connection, "carer_household", [-place for place in places if place < 0])
    return homes | {-key: name for key, name in households.items()}


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
        plan: Plan,
        asked: Asked,
        wanted: Sequence[Period],
        periods: Sequence[Period],
        group: tuple[list[Scope], list[dict[str, SettingValue]]],
        terms: Terms,
    ) -> None:
        self.plan, self.asked, self.wanted, self.periods, self.terms = plan, asked, wanted, periods, terms
        self.scopes, settings = group
        self.run = engine.Run(
            contracts=[scope.contract_id for scope in self.scopes],
            periods=periods,
            today=asked.today or clock.today(),
            settings=settings,
            only_people=asked.only_people,
        )
        split = asked.split and bool(plan.card.split_by)
        self._total = Need(plan, self.run, named=asked.members)
        self._presence = Need(plan, self.run, presence=True) if plan.card.shape == "count" else None
        self._each_place = (
            replace(self._total, run=replace(self.run, by_each_place=True))
            if split and "each place" in plan.card.split_by
            else None
        )
        self.needs = [need for need in (self._total, self._presence, self._each_place) if need]
        self.placed: dict[tuple[int, int], set[int]] = defaultdict(set)
        self.places: set[int] = set()

    def take(self, answers: Mapping[Need, Answer]) -> None:
        """What the run's needs were answered."""
        self.total = _Found(answers[self._total])
        self.by_place = _Found(answers[self._each_place]) if self._each_place else self.total
        for group in _Found(answers[self._presence]).groups if self._presence else ():
            self.placed[(group.period, group.contract_id)].add(group.place)
        if self.asked.split:
            there = (group.place for group in self.by_place.groups)
            self.places = set[int]().union(there, *self.placed.values())

    def figures(self, names: Mapping[int, str]) -> dict[tuple[int, Period], list[Figure]]:
        """The figures by contract and period, total before places. `names` says what places are called."""
        made = {}
        for scope in self.scopes:
            for period in self.wanted:
                n = self.periods.index(period)
                total = self._figure(scope, n, self.total, None, names)
                made[(scope.contract_id, period)] = [total, *self._by_place(scope, n, names)]
        return made

    def _by_place(self, scope: Scope, n: int, names: Mapping[int, str]) -> list[Figure]:
        if not self.asked.split or not self.plan.card.split_by:
            return []
        there = {group.place for group in self.by_place.of(n, scope.contract_id, None)}
        there |= self.placed.get((n, scope.contract_id), set())
        named = sorted(there, key=lambda place: names[place])
        return [self._figure(scope, n, self.by_place, place, names) for place in named]

    def _figure(
        self, scope: Scope, n: int, found: "_Found", place: int | None, names: Mapping[int, str]
    ) -> Figure:
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
            None if place is None else names[place],
            tally(found.of(n, contract, place)),
            values,
            target,
            members,
        )
        if year := _in_a_year(self.plan):
            groups = [one for m in range(n - year + 1, n + 1) for one in found.of(m, contract, place)]
            also = {OVER_A_YEAR: over_a_year(self.plan.card, tally(groups))}
            figure = replace(figure, also={**figure.also, **also})
        return replace(figure, place_id=place, facts=tuple(facts))


class _Found:
    """Facts or groups, by period, contract and place; place None holds all of them."""

    def __init__(self, found: Answer) -> None:
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
