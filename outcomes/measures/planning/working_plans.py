"""How a working of a card is planned: its records found, its fields checked, one function per kind of working."""

from dataclasses import replace
from functools import singledispatchmethod
from typing import Any

from outcomes.measures.language.card import Card
from outcomes.measures.language.phrases import Length, Name, OneOf, SettingIs
from outcomes.measures.language.workings import (
    AgainstExpected,
    ChangesOf,
    Compare,
    Count,
    DaysPlaced,
    Divide,
    EarliestOfOpen,
    Is,
    Latest,
    Related,
    StepsFromBaseline,
    Sum,
    Working,
)
from outcomes.measures.planning.asked import fields_asked_of, fields_of_each
from outcomes.measures.planning.checking import Checks
from outcomes.measures.planning.faults import Refusal
from outcomes.measures.planning.naming import Names
from outcomes.measures.planning.parts import AGAINST_PARTS
from outcomes.measures.planning.plan import (
    AgainstPlan,
    ChangesPlan,
    ComparePlan,
    CountPlan,
    DaysPlan,
    DividePlan,
    EarliestPlan,
    LatestPlan,
    Rows,
    StepsPlan,
    SumPlan,
    WorkingPlan,
)
from outcomes.measures.planning.terms import Chosen, Every, Part
from outcomes.measures.planning.units import OwnedUnits
from outcomes.measures.registry import FieldType, Record, Registry


class WorkingPlans:
    """Plans what one card works out. Each raises Refusal."""

    def __init__(self, card: Card, registry: Registry, names: Names, checks: Checks) -> None:
        self.card, self.registry, self.names, self.checks = card, registry, names, checks
        self.same_as = {
            one.before: tuple((field, one.now) for field in one.same)
            for one in card.work_out.values()
            if isinstance(one, Compare)
        }

    @singledispatchmethod
    def of(self, working: Working, name: str) -> WorkingPlan:
        raise AssertionError(f"Unhandled working: {working}")

    @of.register
    def _(self, working: Count, name: str) -> WorkingPlan:
        rows = self._rows(working.of, name)
        distinct = self.names.field_of(rows.record, working.distinct) if working.distinct else None
        return CountPlan(rows, distinct)

    @of.register
    def _(self, working: Sum, name: str) -> WorkingPlan:
        rows = self._rows(working.of, name)
        field = self.names.field_of(rows.record, working.field)
        if field.type is not FieldType.NUMBER:
            raise Refusal("a number to add up", working.field)
        found = self.registry.look_up(rows.record, working.field)
        return SumPlan(rows, field, whole=found is not None and found[1].whole)

    @of.register
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

    @of.register
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

    @of.register
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
        wanted = {working.by, *fields_asked_of(self.card, name)}
        wanted |= {field for pairs in self.same_as.values() for field, now in pairs if now == name}
        return LatestPlan(rows, by, baseline, same_as, tuple(sorted(wanted)))

    @of.register
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

    @of.register
    def _(self, working: StepsFromBaseline, name: str) -> WorkingPlan:
        self.names.needs_child("steps_from_baseline")
        return StepsPlan(
            self.names.record(working.reviews),
            self._rows(working.goals, name),
            self._length(working.window, "month"),
        )

    @of.register
    def _(self, working: Divide, name: str) -> WorkingPlan:
        top, bottom = self.names.left(Name(working.top), None), self.names.left(Name(working.bottom), None)
        for term in (top, bottom):
            if term.type is not FieldType.NUMBER:
                raise Refusal("two numbers to divide", f"{working.top} by {working.bottom}")
        return DividePlan(top, bottom, working.times)

    @of.register
    def _(self, working: DaysPlaced, name: str) -> WorkingPlan:
        self.names.needs_child("days_placed")
        return DaysPlan(working.which)

    @of.register
    def _(self, working: EarliestOfOpen, name: str) -> WorkingPlan:
        self.names.needs_child("earliest_of_open")
        rows = self._rows(Related(working.record), name)
        self.names.ends(rows.record)
        return EarliestPlan(rows, self.names.field_of(rows.record, working.field))

    def latest_of_each(self, working: Any, name: str, owner: str) -> LatestPlan:
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
        where = Every(tuple(self.checks.of(one, key, record) for one in related.where))
        but_not = (
            Every(tuple(self.checks.of(one, key, record) for one in related.but_not))
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


def needs(working: WorkingPlan) -> set[str]:
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
