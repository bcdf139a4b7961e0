"""Makes a plan of a card: resolves every name, checks every phrase against its field's type."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any

from outcomes.measures.language import phrases
from outcomes.measures.language.card import Card, CardFaults, Fault, Setting
from outcomes.measures.language.phrases import Length, Name, OneOf, SettingIs
from outcomes.measures.language.workings import (
    AgainstExpected,
    AllOf,
    Also,
    AnyOf,
    ChangesOf,
    Compare,
    Condition,
    Count,
    DaysPlaced,
    Divide,
    EarliestOfOpen,
    Is,
    Latest,
    MeanOf,
    Related,
    ShareOf,
    StepsFromBaseline,
    Sum,
    TotalOf,
    UnitsThat,
    Working,
)
from outcomes.measures.planning.naming import AGAINST_PARTS, Names, Refusal, fields_of_each, source_of
from outcomes.measures.planning.plan import (
    AgainstPlan,
    AlsoPlan,
    ChangesPlan,
    Check,
    Chosen,
    Column,
    ComparePlan,
    Constant,
    CountPlan,
    DaysPlan,
    DividePlan,
    EarliestPlan,
    Either,
    Every,
    LatestPlan,
    OpenTest,
    OwnedUnits,
    Part,
    PeriodDate,
    Plan,
    Rows,
    StepsPlan,
    SumPlan,
    Test,
    WorkingPlan,
)
from outcomes.measures.registry import FieldType, Record, Registry

NOT_WHOLE = ("mean_change", "last", "highest")


def plan(card: Card, registry: Registry, shared: Mapping[str, Setting] | None = None) -> Plan:
    """The plan of a card. `shared` are the settings of its pack. Raises CardFaults with every fault."""
    try:
        names = Names(card, registry, {**(shared or {}), **card.settings}, source_of(card, registry))
    except Refusal as refusal:
        raise CardFaults((_fault(card, refusal.key or "each", refusal),)) from refusal
    return _Planner(card, registry, names).plan()


class _Planner:
    def __init__(self, card: Card, registry: Registry, names: Names) -> None:
        self.card = card
        self.registry = registry
        self.names = names
        self.faults: list[Fault] = []
        self.same_as = {
            one.before: tuple((field, one.now) for field in one.same)
            for one in card.work_out.values()
            if isinstance(one, Compare)
        }

    def plan(self) -> Plan:
        card = self.card
        where = [(one, self._check(one, "where")) for one in card.where]
        found = tuple(check for one, check in where if self._on_record(check))
        scope = tuple(check for one, check in where if not self._on_record(check))
        workings = {
            name: self._tried(f"work_out.{name}", self._working, one, name)
            for name, one in card.work_out.items()
        }
        per = {
            record: {
                name: self._tried(f"per.{record}.{name}", self._latest_of_each, one, name, record)
                for name, one in named.items()
            }
            for record, named in card.per.items()
        }
        leave_out = tuple(self._check(one.when, f"leave_out.{n}") for n, one in enumerate(card.leave_out, 1))
        for n, one in enumerate(card.leave_out, 1):
            for setting in phrases.settings_in(one.because):
                self._tried(f"leave_out.{n}.because", self.names.setting, setting)
        met = self._check(card.met_when, "met_when") if card.met_when else None
        evidence = card.no_evidence
        no_evidence = self._check(evidence.when, "no_evidence.when") if evidence else None
        unless = self._check(evidence.unless, "no_evidence.unless") if evidence and evidence.unless else None
        also = tuple(
            made for one in card.also_show if (made := self._tried("also_show", self._also, one)) is not None
        )
        levels = self._levels({name: made for name, made in workings.items() if made is not None})
        if self.faults:
            raise CardFaults(tuple(self.faults))
        return Plan(
            card=card,
            source=self.names.source,
            found=Every(found),
            scope=Every(scope),
            leave_out=leave_out,
            per=per,
            levels=levels,
            met=met,
            no_evidence=no_evidence,
            unless=unless,
            also=also,
            settings={name: self.names.settings[name].value for name in sorted(self.names.used_settings)},
            unit_columns=tuple(sorted(self.names.unit_columns, key=lambda one: (one.path, one.name))),
            period_dates=tuple(sorted(self.names.period_dates, key=str)),
            built_ins=frozenset(self.names.used_built_ins),
        )

    # -- conditions ---------------------------------------------------------------------------

    def _check(self, condition: Condition, key: str, record: Record | None = None) -> Check:
        if isinstance(condition, AllOf):
            return Every(tuple(self._check(part, key, record) for part in condition.parts))
        if isinstance(condition, AnyOf):
            return Either(tuple(self._check(part, key, record) for part in condition.parts))
        name = condition.left.text if isinstance(condition, Is) else "open"
        made = self._tried(f"{key}: {name}", self._one, condition, record)
        return Every(()) if made is None else made

    def _one(self, condition: Any, record: Record | None) -> Check:
        if isinstance(condition, Is):
            left = self.names.left(condition.left, record)
            return Test(left, condition.phrase, self.names.right(condition.phrase, left, record))
        opens, closes = self.names.ends(record)
        return OpenTest(opens, closes, condition.phrase)

    def _on_record(self, check: Check) -> bool:
        """True for what can be decided on the unit's own record, before anything is worked out."""
        if isinstance(check, Every | Either):
            return all(self._on_record(part) for part in check.parts)
        if isinstance(check, OpenTest):
            return True
        terms = (check.left, check.right)
        return all(
            term is None or isinstance(term, Column | PeriodDate | Chosen | Constant) for term in terms
        )

    # -- workings -----------------------------------------------------------------------------

    @singledispatchmethod
    def _working(self, working: Working, name: str) -> WorkingPlan:
        raise AssertionError(f"Unhandled working: {working}")

    @_working.register
    def _(self, working: Count, name: str) -> WorkingPlan:
        rows = self._rows(working.of, name)
        distinct = self.names.field_of(rows.record, working.distinct) if working.distinct else None
        return CountPlan(rows, distinct)

    @_working.register
    def _(self, working: Sum, name: str) -> WorkingPlan:
        rows = self._rows(working.of, name)
        field = self.names.field_of(rows.record, working.field)
        if field.type is not FieldType.NUMBER:
            raise Refusal("a number to add up", working.field)
        found = self.registry.look_up(rows.record, working.field)
        return SumPlan(rows, field, whole=found is not None and found[1].whole)

    @_working.register
    def _(self, working: ChangesOf, name: str) -> WorkingPlan:
        self.names.needs_child("changes_of")
        rows = self._rows(Related(working.record), name)
        self.names.ends(rows.record)
        field = self.names.field_of(rows.record, working.field)
        if working.cover is None:
            return ChangesPlan(rows, field, working.first_of_stay, None)
        if self.names.field_of(rows.record, "is_cover").type is not FieldType.YES_NO:
            raise Refusal("a record that says whether it is cover", working.record)
        return ChangesPlan(rows, field, working.first_of_stay, self._length(working.cover, "day"))

    @_working.register
    def _(self, working: AgainstExpected, name: str) -> WorkingPlan:
        self.names.needs_child("against_expected")
        reading = self.card.work_out.get(working.reading)
        if not isinstance(reading, Latest) or reading.of.record != "reading":
            raise Refusal("the name of a reading worked out by latest", working.reading)
        levels = self._rows(Related("expected_level"), name)
        taken = sorted(AGAINST_PARTS.keys() & set(working.one_by_one))
        if taken:
            raise Refusal("areas that are called otherwise than a part", taken[0])
        return AgainstPlan(working.reading, working.areas, self._tool(reading), levels, working.one_by_one)

    def _tool(self, reading: Latest) -> Chosen | str:
        """The instrument that a reading is asked to be of."""
        for one in reading.of.where:
            if isinstance(one, Is) and one.left.text == "instrument_code":
                if isinstance(one.phrase, SettingIs):
                    return self.names.chosen(one.phrase.name, FieldType.WORD)
                if isinstance(one.phrase, OneOf) and len(one.phrase.words) == 1:
                    return one.phrase.words[0]
        raise Refusal("a reading with one instrument_code among its conditions", "none")

    @_working.register
    def _(self, working: Latest, name: str) -> WorkingPlan:
        rows = self._rows(working.of, name)
        by = self.names.field_of(rows.record, working.by)
        if by.type is not FieldType.DATE:
            raise Refusal("a date to be the latest by", working.by)
        same_as = self.same_as.get(name, ())
        for field, _now in same_as:
            self.names.field_of(rows.record, field)
        baseline = None
        if working.or_else_baseline:
            self.names.needs_child("or_else_baseline")
            undated = [
                one for one in working.of.where if not (isinstance(one, Is) and one.left.text == working.by)
            ]
            baseline = self._rows(replace(working.of, where=tuple(undated)), name)
        wanted = {working.by, *self.names.fields_asked_of(name)}
        wanted |= {field for pairs in self.same_as.values() for field, now in pairs if now == name}
        return LatestPlan(rows, by, baseline, same_as, tuple(sorted(wanted)))

    @_working.register
    def _(self, working: Compare, name: str) -> WorkingPlan:
        for one in (working.before, working.now):
            other = self.card.work_out.get(one)
            if not isinstance(other, Latest) or other.of.record != "reading":
                raise Refusal("the names of two readings worked out by latest", one)
        apart = self._length(working.apart, "day")
        rule = (
            self.names.chosen(working.rule, FieldType.WORD)
            if isinstance(working.rule, Name)
            else working.rule
        )
        return ComparePlan(working.before, working.now, working.areas, apart, rule)

    @_working.register
    def _(self, working: StepsFromBaseline, name: str) -> WorkingPlan:
        self.names.needs_child("steps_from_baseline")
        return StepsPlan(
            self.names.record(working.reviews),
            self._rows(working.goals, name),
            self._length(working.window, "month"),
        )

    @_working.register
    def _(self, working: Divide, name: str) -> WorkingPlan:
        top, bottom = self.names.left(Name(working.top), None), self.names.left(Name(working.bottom), None)
        for term in (top, bottom):
            if term.type is not FieldType.NUMBER:
                raise Refusal("two numbers to divide", f"{working.top} by {working.bottom}")
        return DividePlan(top, bottom, working.times)

    @_working.register
    def _(self, working: DaysPlaced, name: str) -> WorkingPlan:
        self.names.needs_child("days_placed")
        return DaysPlan(working.which)

    @_working.register
    def _(self, working: EarliestOfOpen, name: str) -> WorkingPlan:
        self.names.needs_child("earliest_of_open")
        rows = self._rows(Related(working.record), name)
        self.names.ends(rows.record)
        return EarliestPlan(rows, self.names.field_of(rows.record, working.field))

    def _latest_of_each(self, working: Any, name: str, owner: str) -> LatestPlan:
        """The latest of the records that belong to one record of the unit: the last review of a goal."""
        self.names.needs_child("per")
        rows = self._rows(working.of, name, owner)
        by = self.names.field_of(rows.record, working.by)
        if by.type is not FieldType.DATE:
            raise Refusal("a date to be the latest by", working.by)
        fields = {working.by, *fields_of_each(self.card, name)}
        return LatestPlan(rows, by, None, (), tuple(sorted(fields)))

    def _rows(self, related: Related, name: str, owner: str = "") -> Rows:
        record = self.names.record(related.record)
        via, of_person = self.names.via(record) if not owner else (self._link(record, owner), False)
        key = f"work_out.{name}"
        where = Every(tuple(self._check(one, key, record) for one in related.where))
        but_not = (
            Every(tuple(self._check(one, key, record) for one in related.but_not))
            if related.but_not
            else None
        )
        owned = (isinstance(self.names.source, OwnedUnits) or bool(owner)) and not of_person
        return Rows(record, via, of_person, where, but_not, owned)

    def _link(self, record: Record, owner: str) -> str:
        for field in record.fields.values():
            if field.leads_to == owner:
                return field.name
        raise Refusal(f"a record that belongs to a {owner}", record.name)

    def _length(self, length: Length | Name, unit: str) -> Length | Chosen:
        if isinstance(length, Length):
            return length
        value = self.names.setting(length).value
        if not isinstance(value, Length) or value.unit != unit:
            raise Refusal(f"a setting that is a length in {unit}s", f"{length.text}: {value}")
        return Chosen(length.text.lstrip("$"), FieldType.NUMBER)

    def _levels(self, workings: Mapping[str, WorkingPlan]) -> tuple[tuple[tuple[str, WorkingPlan], ...], ...]:
        """Workings in the order in which they depend on each other."""
        levels: list[tuple[tuple[str, WorkingPlan], ...]] = []
        done: set[str] = set()
        while len(done) < len(workings):
            ready = tuple(
                (name, one) for name, one in workings.items() if name not in done and _needs(one) <= done
            )
            if not ready:
                left = ", ".join(sorted(set(workings) - done))
                self._fault(
                    "work_out", Refusal("workings that do not wait for each other or for unknown ones", left)
                )
                break
            levels.append(ready)
            done |= {name for name, _one in ready}
        return tuple(levels)

    # -- also shown ---------------------------------------------------------------------------

    @singledispatchmethod
    def _also(self, also: Also) -> AlsoPlan:
        raise AssertionError(f"Unhandled also_show: {also}")

    @_also.register
    def _(self, also: TotalOf) -> AlsoPlan:
        return AlsoPlan(also.label, "total", self._whole(also.name), None)

    @_also.register
    def _(self, also: ShareOf) -> AlsoPlan:
        return AlsoPlan(also.label, "share", self._whole(also.part), self._whole(also.whole))

    @_also.register
    def _(self, also: MeanOf) -> AlsoPlan:
        return AlsoPlan(also.label, "mean", self._number(also.name), None)

    @_also.register
    def _(self, also: UnitsThat) -> AlsoPlan:
        key = f"also_show.{also.label}"
        where = Every(tuple(self._check(one, key) for one in also.where))
        return AlsoPlan(also.label, "units", where, Every(tuple(self._check(one, key) for one in also.of)))

    def _number(self, name: Name) -> Any:
        term = self.names.left(name, None)
        if term.type is not FieldType.NUMBER:
            raise Refusal("a number", name.text)
        return term

    def _whole(self, name: Name) -> Any:
        """A whole number: only these are added up, so that a total is exact."""
        term = self._number(name)
        quotient = isinstance(term, Part) and not self._adds_up(self.card.work_out[term.working])
        if isinstance(term, Column) or quotient or (isinstance(term, Part) and term.part in NOT_WHOLE):
            raise Refusal("a count to add up (use mean for a number with decimals)", name.text)
        return term

    def _adds_up(self, working: Working) -> bool:
        if isinstance(working, Sum):
            found = self.registry.look_up(self.names.record(working.of.record), working.field)
            return found is not None and found[1].whole
        return not isinstance(working, Divide)

    # -- faults -------------------------------------------------------------------------------

    def _tried(self, key: str, make: Callable[..., Any], *args: Any) -> Any:
        try:
            return make(*args)
        except Refusal as refusal:
            self._fault(key, refusal)
        except phrases.NotAPhrase as error:
            self._fault(key, Refusal(str(error), "-"))
        return None

    def _fault(self, key: str, refusal: Refusal) -> None:
        self.faults.append(_fault(self.card, key, refusal))


def _fault(card: Card, key: str, refusal: Refusal) -> Fault:
    return Fault(card.file, card.measure, key, refusal.expected, refusal.came)


def _needs(working: WorkingPlan) -> set[str]:
    """The names of the workings that this one waits for."""
    if isinstance(working, LatestPlan):
        return {now for _field, now in working.same_as}
    if isinstance(working, ComparePlan):
        return {working.before, working.now}
    if isinstance(working, AgainstPlan):
        return {working.reading}
    if isinstance(working, DividePlan):
        return {term.working for term in (working.top, working.bottom) if isinstance(term, Part)}
    return set()
