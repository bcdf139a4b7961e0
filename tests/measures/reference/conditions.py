"""What is true of a unit or of one of its records, and which of its records fit.

A value that is not recorded fits no phrase but `blank`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from outcomes.core.calendar import add_months
from outcomes.measures.language import phrases as say
from outcomes.measures.language import workings as work
from tests.measures.reference.belonging import belongs, spell, under_contract
from tests.measures.reference.kinds import as_day, field_of, has_field, lasts
from tests.measures.reference.question import About, Unit
from tests.measures.reference.values import built_in, value
from tests.measures.world import Row

COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "at least": lambda left, right: left >= right,
    "at most": lambda left, right: left <= right,
    "more than": lambda left, right: left > right,
    "less than": lambda left, right: left < right,
}


def true(condition: work.Condition, about: About) -> bool:
    if isinstance(condition, work.AllOf):
        return all(true(one, about) for one in condition.parts)
    if isinstance(condition, work.AnyOf):
        return any(true(one, about) for one in condition.parts)
    if isinstance(condition, work.OpenIs):
        return _open(condition.phrase, about)
    left = value(condition.left, about.unit) if about.row is None else _of_row(condition.left.text, about)
    return _fits(left, condition.phrase, about)


def related(wanted: work.Related, unit: Unit) -> list[Row]:
    """The unit's own records of a kind that fit."""
    kind = wanted.record
    return [
        row
        for row in unit.question.standing(kind)
        if belongs(kind, row, unit) and _wanted(wanted, About(unit, kind, row))
    ]


def _wanted(wanted: work.Related, about: About) -> bool:
    """True for all of `where`, and not all of `but_not`."""
    return all(true(one, about) for one in wanted.where) and not (
        wanted.but_not and all(true(one, about) for one in wanted.but_not)
    )


# -- open, and other phrases --------------------------------------------------------------------


def _open(phrase: Any, about: About) -> bool:
    unit, period = about.unit, about.unit.question.period
    if about.row is not None:
        starts, ends = lasts(about.kind, about.row)
    elif unit.question.card.each == "child":
        starts, ends = unit.known["under contract"].starts, unit.known["under contract"].ends
    else:
        starts, ends = lasts(unit.kind, unit.record)
    if phrase.when == "during the period":
        return starts <= period.last and ends > period.first
    day = period.last if phrase.when == "on the period end" else period.first
    return starts <= day < ends


def _fits(left: Any, phrase: Any, about: About) -> bool:
    question = about.unit.question
    if isinstance(phrase, say.Blank):
        return left is None or left in ([], {})
    if isinstance(phrase, say.FilledIn):
        return not (left is None or left in ([], {}))
    if left is None:
        return isinstance(phrase, say.SettingIs) and question.setting(phrase.name) == "any"
    if isinstance(phrase, say.YesNo):
        return left is phrase.yes
    if isinstance(phrase, say.OneOf):
        return left in phrase.words
    if isinstance(phrase, say.SettingIs):
        return question.setting(phrase.name) in ("any", left)
    if isinstance(phrase, say.Between):
        return phrase.low <= left <= phrase.high
    if isinstance(phrase, say.Compared):
        right = _operand(phrase.operand, about)
        return right is not None and COMPARE[phrase.operator](Fraction(left), Fraction(right))
    return _dated(left, phrase, about)


def _operand(operand: Any, about: About) -> Any:
    if isinstance(operand, Fraction):
        return operand
    head = operand.text.partition(".")[0]
    worked = operand.is_setting or head in about.unit.question.card.work_out
    if about.row is None or worked or built_in(operand.text, about.unit) is not NotImplemented:
        return value(operand, about.unit)
    return _of_row(operand.text, about)


def _of_row(name: str, about: About) -> Any:
    """A field of the record, or what is worked out for each such record."""
    unit, kind, row = about.unit, about.kind, about.row
    assert row is not None
    head, _, tail = name.partition(".")
    working = unit.question.card.per.get(kind, {}).get(head)
    if not isinstance(working, work.Latest):
        return field_of(unit.question, kind, row, name)
    of, under = working.of.record, spell(unit)
    assert under is not None
    mine = [
        one
        for one in unit.question.standing(of)
        if one.get(f"{kind}_id") == row["id"]
        and under_contract(of, one, unit)
        and one.get(working.by) is not None
        and one[working.by] >= under.starts
        and _wanted(working.of, About(unit, of, one))
    ]
    if not mine:
        return None
    latest = max(mine, key=lambda one: (one[working.by], one["recorded_at"], one["id"]))
    return latest.get(tail) if tail else latest


# -- dates --------------------------------------------------------------------------------------


def _dated(left: Any, phrase: Any, about: About) -> bool:
    question = about.unit.question
    if isinstance(phrase, say.InPeriod):
        return as_day(left) in question.days_of(phrase.which)
    if isinstance(phrase, say.BeforePeriod):
        return as_day(left) < question.period.first
    if isinstance(phrase, say.ByPeriodEnd):
        return as_day(left) <= question.period.last
    right = _point(phrase.point, about)
    if right is None:
        return False
    if isinstance(phrase, say.Within):
        one = {"hour": timedelta(hours=1), "day": timedelta(days=1)}[phrase.length.unit]
        return left.replace(microsecond=0) - right.replace(microsecond=0) <= one * phrase.length.count
    if not (isinstance(left, datetime) and isinstance(right, datetime)):
        left, right = as_day(left), as_day(right)
    return {
        "on or before": left <= right,
        "before": left < right,
        "on or after": left >= right,
        "after": left > right,
    }[phrase.order]


def _point(point: say.Point, about: About) -> Any:
    name, question = point.name.text, about.unit.question
    fixed = {
        "period_start": question.period.first,
        "period_end": question.period.last,
        "today": question.today,
    }
    if name in fixed:
        base = fixed[name]
    elif about.row is not None and has_field(about.kind, name):
        base = field_of(question, about.kind, about.row, name)
    else:
        base = value(point.name, about.unit)
    if base is None or point.earlier is None:
        return base
    if point.earlier.unit == "month":
        return add_months(base, -point.earlier.count)
    return base - timedelta(days=point.earlier.count)
