"""Resolves the names of one card: what a word on either side of a condition stands for.

The order is: a worked-out value, a built-in of the unit, a field of the record, a field of the
record it points to (rule 7 of the language). Whether the phrase fits the type is checked here too.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from outcomes.measures.language.card import Card, Setting
from outcomes.measures.language.phrases import (
    BeforePeriod,
    Between,
    Blank,
    ByPeriodEnd,
    Compared,
    Dated,
    FilledIn,
    InPeriod,
    Length,
    Name,
    OneOf,
    Phrase,
    Point,
    SettingIs,
    Within,
    YesNo,
)
from outcomes.measures.language.workings import Latest
from outcomes.measures.planning.faults import Refusal
from outcomes.measures.planning.parts import parts_of
from outcomes.measures.planning.terms import (
    CHILD_BUILT_INS,
    ENDING_BUILT_INS,
    PERIOD_POINTS,
    BuiltIn,
    Chosen,
    Column,
    Constant,
    Part,
    PeriodDate,
    Shifted,
    Term,
)
from outcomes.measures.planning.units import (
    ChildUnits,
    EndingUnits,
    OwnedUnits,
    RecordUnits,
    UnitSource,
    record_named,
)
from outcomes.measures.registry import Field, FieldType, Record, Registry

DATES = (FieldType.DATE, FieldType.INSTANT)
FITS: dict[type, tuple[FieldType, ...]] = {
    InPeriod: DATES,
    BeforePeriod: DATES,
    ByPeriodEnd: DATES,
    Dated: DATES,
    Within: (FieldType.INSTANT,),
    Compared: (FieldType.NUMBER,),
    Between: (FieldType.NUMBER,),
    YesNo: (FieldType.YES_NO,),
    OneOf: (FieldType.WORD,),
    SettingIs: (FieldType.WORD,),
    Blank: tuple(FieldType),
    FilledIn: tuple(FieldType),
}


class Names:
    """The names of one card, and which of them it used."""

    def __init__(
        self, card: Card, registry: Registry, settings: Mapping[str, Setting], source: UnitSource
    ) -> None:
        self.card = card
        self.registry = registry
        self.settings = settings
        self.source = source
        self.used_settings: set[str] = set()
        self.used_built_ins: set[str] = set()
        self.unit_columns: set[Column] = set()
        self.period_dates: set[PeriodDate] = set()
        for name in (*card.work_out, *(one for named in card.per.values() for one in named)):
            if name in self.built_ins or name in source.record.fields or name in PERIOD_POINTS:
                raise Refusal("a name that is not a field's or a built-in value's", name, f"work_out.{name}")

    @property
    def built_ins(self) -> Mapping[str, FieldType]:
        if isinstance(self.source, ChildUnits):
            return CHILD_BUILT_INS
        return ENDING_BUILT_INS if isinstance(self.source, EndingUnits) else {}

    def needs_child(self, what: str) -> None:
        if not isinstance(self.source, ChildUnits):
            raise Refusal(f"each: child, because {what} follows one child", self.card.each)

    def record(self, name: str) -> Record:
        return record_named(self.registry, name)

    def via(self, record: Record) -> tuple[str, bool]:
        """The link by which related records are found, and whether it leads to the person."""
        if isinstance(self.source, RecordUnits | OwnedUnits):
            for field in record.fields.values():
                if field.leads_to == self.source.record.name:
                    return field.name, False
        if "person_id" not in record.fields:
            raise Refusal("a record that belongs to a child or to the unit", record.name)
        return "person_id", True

    def field_of(self, record: Record, name: str) -> Column:
        """A field of a related record. Raises Refusal."""
        found = self.registry.look_up(record, name)
        if found is None:
            raise Refusal(
                f"a field of {record.name} ({', '.join(sorted(record.fields))}), or of one record it points to",
                name,
            )
        path, field = found
        return Column(False, path, field.name, field.type)

    def ends(self, record: Record | None) -> tuple[Term, Term]:
        """The fields between which a lasting record is open. Raises Refusal."""
        owner = record or self.source.record
        if owner.opens is None or owner.closes is None:
            raise Refusal("a record that lasts, with a start and an end", owner.name)
        ends = [Column(record is None, (), name, FieldType.DATE) for name in (owner.opens, owner.closes)]
        if record is None and not isinstance(self.source, ChildUnits):
            # A child's openness is that of the stay under the contract, which is always at hand.
            self.unit_columns.update(ends)
        return ends[0], ends[1]

    def left(self, name: Name, record: Record | None) -> Term:
        """What a left side stands for: in a related record when one is given, else on the unit."""
        if name.is_setting:
            raise Refusal("a field or a worked-out name on the left", name.text)
        if record is not None:
            return self._of_each(name, record) or self.field_of(record, name.text)
        return self._of_unit(name)

    def _of_each(self, name: Name, record: Record) -> Part | None:
        """What was worked out for each of these records; None where nothing is called so."""
        head, _, tail = name.text.partition(".")
        made = self.card.per.get(record.name, {}).get(head)
        if not isinstance(made, Latest):
            return None
        of = self.field_of(self.record(made.of.record), tail).type if tail else FieldType.LINK
        return Part(head, tail, of, record.name)

    def _of_unit(self, name: Name) -> Term:
        head, _, tail = name.text.partition(".")
        if head in self.card.work_out:
            return Part(head, tail, self._part_type(head, tail))
        if name.text in self.built_ins:
            self.used_built_ins.add(name.text)
            return BuiltIn(name.text, self.built_ins[name.text])
        column = replace(self.field_of(self.source.record, name.text), of_unit=True)
        self.unit_columns.add(column)
        return column

    def _part_type(self, working: str, part: str) -> FieldType:
        made = self.card.work_out[working]
        if isinstance(made, Latest) and part:
            return self.field_of(self.record(made.of.record), part).type
        parts = parts_of(made)
        if part not in parts:
            known = ", ".join(f"{working}.{one}" if one else working for one in parts)
            raise Refusal(f"one of: {known}", f"{working}.{part}" if part else working)
        return parts[part]

    def right(self, phrase: Phrase, left: Term, record: Record | None) -> Term | None:
        """What the phrase compares with, once the phrase is found to fit the left side."""
        if left.type not in FITS[type(phrase)]:
            wants = " or ".join(FITS[type(phrase)])
            raise Refusal(f"{wants} beside “{phrase}”", f"{left.type}")
        if isinstance(phrase, OneOf):
            self._check_codes(phrase, left, record)
        if isinstance(phrase, SettingIs):
            return self.chosen(phrase.name, FieldType.WORD)
        if isinstance(phrase, Compared):
            return self._operand(phrase, record)
        if isinstance(phrase, Dated | Within):
            term = self._point(phrase.point, record)
            if term.type not in FITS[type(phrase)]:
                raise Refusal(f"{' or '.join(FITS[type(phrase)])} to compare with", phrase.point.name.text)
            return term
        return None

    def _check_codes(self, phrase: OneOf, left: Term, record: Record | None) -> None:
        if not isinstance(left, Column):
            return
        owner = record or self.source.record
        for link in left.path:
            owner = self.registry[str(owner.fields[link].leads_to)]
        field: Field = owner.fields[left.name]
        unknown = [word for word in phrase.words if field.codes and word not in field.codes]
        if unknown:
            raise Refusal(f"codes of {field.name}: {', '.join(sorted(field.codes))}", ", ".join(unknown))

    def _operand(self, phrase: Compared, record: Record | None) -> Term:
        if isinstance(phrase.operand, Fraction):
            return Constant(phrase.operand)
        if phrase.operand.is_setting:
            return self.chosen(phrase.operand, FieldType.NUMBER)
        term = self._on_record(phrase.operand, record) or self._of_unit(phrase.operand)
        if term.type is not FieldType.NUMBER:
            raise Refusal("a number to compare with", phrase.operand.text)
        return term

    def _on_record(self, name: Name, record: Record | None) -> Term | None:
        """A number of the record being read, unless something is worked out or built in by that name."""
        head = name.text.partition(".")[0]
        if record is None or head in self.card.work_out or name.text in self.built_ins:
            return None
        found = self.registry.look_up(record, name.text)
        return self._of_each(name, record) or (self.field_of(record, name.text) if found else None)

    def _point(self, point: Point, record: Record | None) -> Term:
        if point.name.text in PERIOD_POINTS:
            term = PeriodDate(PERIOD_POINTS[point.name.text], point.earlier)
            self.period_dates.add(term)
            return term
        on_record = record is not None and self.registry.look_up(record, point.name.text)
        base = self.field_of(record, point.name.text) if record and on_record else self._of_unit(point.name)
        if point.earlier is None:
            return base
        if base.type is not FieldType.DATE:
            raise Refusal("a date to count back from", point.name.text)
        return Shifted(base, point.earlier)

    def setting(self, name: Name) -> Setting:
        text = name.text.lstrip("$")
        if text not in self.settings:
            known = ", ".join(sorted(self.settings)) or "none yet"
            raise Refusal(f"a setting of the card or its pack ({known})", name.text)
        self.used_settings.add(text)
        return self.settings[text]

    def chosen(self, name: Name, wanted: FieldType) -> Chosen:
        """A setting of the wanted type. Raises Refusal."""
        value = self.setting(name).value
        given = FieldType.NUMBER if isinstance(value, Fraction | Length) else FieldType.WORD
        if given is not wanted:
            raise Refusal(f"a setting that is {wanted}", f"{name.text}: {value}")
        return Chosen(name.text.lstrip("$"), wanted)
