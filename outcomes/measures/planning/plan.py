"""A plan: a card whose names are resolved against the registry and whose phrases fit their fields.

Nothing here knows SQL. A date phrase on a number, a field that no record has, a code that is not
on the list: each is a fault with file, card and key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from outcomes.measures.language.card import Card, SettingValue
from outcomes.measures.language.phrases import Length, with_settings
from outcomes.measures.planning.terms import Check, Chosen, Column, PeriodDate, Term
from outcomes.measures.planning.units import UnitSource
from outcomes.measures.registry import Record


@dataclass(frozen=True, slots=True)
class Rows:
    """Related records of a unit, matched `via` one of their links to the unit's person or to the unit.

    Those of the person are narrowed to the contract when the record follows the placement; so are
    those of what follows the person itself (`of_owned`: the reviews of a goal).
    """

    record: Record
    via: str
    of_person: bool
    where: Check
    but_not: Check | None
    of_owned: bool = False

    @property
    def narrowed(self) -> bool:
        return (self.of_person or self.of_owned) and self.record.follows == "placement"

    @property
    def may_wait(self) -> bool:
        """A record that may be due and not done yet has no placement; its due day then decides."""
        return self.record.waits


@dataclass(frozen=True, slots=True)
class CountPlan:
    rows: Rows
    distinct: Column | None


@dataclass(frozen=True, slots=True)
class LatestPlan:
    """`same_as` pairs a field with the latest record whose value it must share (R33)."""

    rows: Rows
    by: Column
    baseline: Rows | None
    same_as: tuple[tuple[str, str], ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparePlan:
    before: str
    now: str
    areas: str
    apart: Length | Chosen
    rule: str | Chosen


@dataclass(frozen=True, slots=True)
class StepsPlan:
    reviews: Record
    goals: Rows
    window: Length | Chosen


@dataclass(frozen=True, slots=True)
class DividePlan:
    top: Term
    bottom: Term
    times: int


@dataclass(frozen=True, slots=True)
class DaysPlan:
    which: str


@dataclass(frozen=True, slots=True)
class EarliestPlan:
    rows: Rows
    field: Column


@dataclass(frozen=True, slots=True)
class SumPlan:
    """`whole`: the field has no decimals, so that the sum may be added up again."""

    rows: Rows
    field: Column
    whole: bool


@dataclass(frozen=True, slots=True)
class ChangesPlan:
    rows: Rows
    field: Column
    first_of_stay: bool
    cover: Length | Chosen | None


@dataclass(frozen=True, slots=True)
class AgainstPlan:
    """`tool` is the code of the instrument that the reading must be of."""

    reading: str
    areas: str
    tool: Chosen | str
    levels: Rows
    one_by_one: tuple[str, ...] = ()


WorkingPlan = (
    CountPlan
    | SumPlan
    | LatestPlan
    | ComparePlan
    | StepsPlan
    | DividePlan
    | DaysPlan
    | EarliestPlan
    | ChangesPlan
    | AgainstPlan
)


def related_rows(working: WorkingPlan) -> tuple[Rows, ...]:
    """The related records that a working reads."""
    if isinstance(working, CountPlan | SumPlan | EarliestPlan | ChangesPlan):
        return (working.rows,)
    if isinstance(working, AgainstPlan):
        return (working.levels,)
    if isinstance(working, LatestPlan):
        return (working.rows, *([working.baseline] if working.baseline else []))
    return (working.goals,) if isinstance(working, StepsPlan) else ()


@dataclass(frozen=True, slots=True)
class AlsoPlan:
    """`kind` is total, share, units or mean; `top` and `bottom` are terms or checks accordingly."""

    label: str
    kind: str
    top: Term | Check
    bottom: Term | Check | None


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that the SQL needs, resolved. `levels` are workings in the order they depend on."""

    card: Card
    source: UnitSource
    found: Check
    scope: Check
    leave_out: tuple[Check, ...]
    per: Mapping[str, Mapping[str, LatestPlan]]
    levels: tuple[tuple[tuple[str, WorkingPlan], ...], ...]
    met: Check | None
    no_evidence: Check | None
    unless: Check | None
    also: tuple[AlsoPlan, ...]
    settings: Mapping[str, SettingValue]
    unit_columns: tuple[Column, ...]
    period_dates: tuple[PeriodDate, ...]
    built_ins: frozenset[str]

    def under(self, chosen: Mapping[str, SettingValue]) -> "Plan":
        """The same plan with what a contract settled, so that its reasons print its own numbers."""
        return replace(self, settings={**self.settings, **chosen})

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why units are left out, with the plan's settings, in the order of the card.

        The last one is "no evidence" where that leaves out.
        """
        reasons = tuple(with_settings(one.because, self.settings) for one in self.card.leave_out)
        leaves = self.card.no_evidence is not None and self.card.no_evidence.then == "left out"
        return (*reasons, "no evidence") if leaves else reasons
