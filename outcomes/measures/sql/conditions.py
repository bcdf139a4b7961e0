"""Conditions in SQL: one registered function per phrase. What is not known is never true.

Numbers are compared as exact fractions: a decimal field in whole thousandths, a quotient by
multiplying out. Instants are compared with the instants at which London days begin.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce, singledispatch
from operator import and_, ge, gt, le, lt, or_
from typing import Any

from sqlalchemy import BigInteger, Integer, String, cast, false, func, literal, true
from sqlalchemy import or_ as either_of

from outcomes.measures.language.phrases import (
    BeforePeriod,
    Between,
    Blank,
    ByPeriodEnd,
    Compared,
    Dated,
    FilledIn,
    InPeriod,
    OneOf,
    Open,
    Phrase,
    SettingIs,
    Within,
    YesNo,
)
from outcomes.measures.planning.plan import (
    CHILD_BUILT_INS,
    BuiltIn,
    Check,
    Chosen,
    Column,
    Constant,
    Either,
    Every,
    OpenTest,
    Part,
    PeriodDate,
    Shifted,
    Term,
    Test,
)
from outcomes.measures.registry import FieldType
from outcomes.measures.sql.dialects import Dialect, Expression

THOUSAND = 1000
ANYTHING = "any"
"""The setting that lets everything through."""

_NUMERIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "at least": ge,
    "at most": le,
    "more than": gt,
    "less than": lt,
}
_SECONDS = {"hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Exact:
    """A number as a fraction of two whole-number expressions. `bottom` is above nought, or null."""

    top: Expression
    bottom: Expression | int = 1


@dataclass(frozen=True, slots=True)
class Context:
    """Where terms find their columns: the period and settings, the unit, and a related record.

    `unit` and `record` answer for fields; `values` holds what is built in or worked out by name,
    `each` what was worked out for the related record itself.
    """

    dialect: Dialect
    period: Callable[[str], Expression]
    unit: Callable[[Column], Expression]
    values: Callable[[str], Expression]
    record: Callable[[Column], Expression] | None = None
    each: Callable[[str], Expression] | None = None
    ends: tuple[Expression, Expression] | None = None


def holds(check: Check, context: Context) -> Expression:
    """True where the check holds; false or null where it does not, or cannot be told.

    Null is left alone, so that an index can be used; what is negated goes through `fails`.
    """
    if isinstance(check, Every):
        return reduce(and_, (holds(part, context) for part in check.parts), true())
    if isinstance(check, Either):
        return reduce(or_, (holds(part, context) for part in check.parts), false())
    if isinstance(check, OpenTest):
        return _open(check, context)
    return _phrase(check.phrase, check, context)


def fails(check: Check, context: Context) -> Expression:
    """True where the check does not hold, or cannot be told: never null."""
    return ~known(holds(check, context))


def known(expression: Expression) -> Expression:
    """Null becomes false, so that a negation of what is not known is not taken for true."""
    return func.coalesce(expression, false())


def expression(term: Term, context: Context) -> Expression:
    """A term that is not a number."""
    if isinstance(term, Column):
        if term.of_unit:
            return context.unit(term)
        assert context.record is not None, f"No related record to read {term.name} from"
        return context.record(term)
    if isinstance(term, BuiltIn):
        return context.values(term.name)
    if isinstance(term, Part):
        return _values_of(term, context)(part_name(term.working, term.part))
    if isinstance(term, PeriodDate):
        return context.period(date_name(term))
    if isinstance(term, Shifted):
        return shifted(
            expression(term.term, context),
            literal(term.earlier.count, Integer),
            term.earlier.unit,
            context.dialect,
        )
    if isinstance(term, Chosen):
        return context.period(setting_name(term.name))
    raise AssertionError(f"Unhandled term: {term}")


def exact(term: Term, context: Context) -> Exact:
    """A number, as a fraction."""
    if isinstance(term, Constant):
        return Exact(literal(term.value.numerator, Integer), term.value.denominator)
    if isinstance(term, Column):
        return Exact(thousandths(expression(term, context)), THOUSAND)
    if isinstance(term, Chosen):
        return Exact(expression(term, context), THOUSAND)
    if isinstance(term, Part):
        # Of each record only its fields are worked out, and these are fields like any other.
        if term.each:
            return Exact(thousandths(expression(term, context)), THOUSAND)
        return exact_part(term, context.values)
    return Exact(expression(term, context))


def _values_of(term: Part, context: Context) -> Callable[[str], Expression]:
    if not term.each:
        return context.values
    assert context.each is not None, f"No {term.each} to read {term.working} of"
    return context.each


def exact_part(term: Part, values: Callable[[str], Expression]) -> Exact:
    """A worked-out number: its numerator, with its denominator in a column beside it where it has one."""
    name = part_name(term.working, term.part)
    return Exact(values(name), values(bottom_name(name)))


def thousandths(number: Expression) -> Expression:
    """A number with up to three decimals, in whole thousandths: exact on both databases."""
    return cast(func.round(number * THOUSAND), BigInteger)


def shifted(day: Expression, count: Expression, unit: str, dialect: Dialect) -> Expression:
    return dialect.months_before(day, count) if unit == "month" else dialect.days_before(day, count)


def part_name(working: str, part: str) -> str:
    return f"w_{working}__{part}" if part else f"w_{working}"


STAY_FROM = "stay_from"
"""The column of the built-in stay_started_on, where a card reads the stay."""


def tells(column: str) -> bool:
    """True for a column that a bucket may rest on: a working's part, a field of the unit, a built-in."""
    return column.startswith(("w_", "f__")) or column in CHILD_BUILT_INS or column == STAY_FROM


def told_by(column: str) -> tuple[str, str]:
    """The working and its part that a column holds; ("", name) for a field of the unit or a built-in."""
    if column == STAY_FROM:
        return "", "stay_started_on"
    if not column.startswith("w_"):
        return "", column.rpartition("__")[2]
    working, _, part = column.removeprefix("w_").partition("__")
    return working, part


def bottom_name(name: str) -> str:
    return f"{name}__of"


def date_name(term: PeriodDate) -> str:
    return f"{term.name}_less_{term.earlier.count}_{term.earlier.unit}s" if term.earlier else term.name


def setting_name(name: str) -> str:
    return f"s_{name}"


def compare(operator: str, left: Exact, right: Exact) -> Expression:
    """Cross-multiplied, so that nothing is divided."""
    return _NUMERIC[operator](left.top * right.bottom, right.top * left.bottom)


# -- open ---------------------------------------------------------------------------------------


def _open(check: OpenTest, context: Context) -> Expression:
    """Decision 16: open on a day when it started on or before it and did not end on or before it."""
    if isinstance(check.opens, Column) and check.opens.of_unit and context.ends is not None:
        opens, closes = context.ends
    else:
        opens, closes = expression(check.opens, context), expression(check.closes, context)
    assert isinstance(check.phrase, Open)
    starts_by, lasts_after = {
        "during the period": ("last", "first"),
        "on the period end": ("last", "last"),
        "on the period start": ("first", "first"),
    }[check.phrase.when]
    return (opens <= context.period(starts_by)) & either_of(
        closes.is_(None), closes > context.period(lasts_after)
    )


# -- phrases ------------------------------------------------------------------------------------


@singledispatch
def _phrase(phrase: Phrase, test: Test, context: Context) -> Expression:
    raise AssertionError(f"Unhandled phrase: {phrase}")


def _from(test: Test, context: Context, day: str) -> Expression:
    """On or after a day of the period's own."""
    column = expression(test.left, context)
    return column >= context.period(f"{day}_at" if test.left.type is FieldType.INSTANT else day)


def _under(test: Test, context: Context, day: str) -> Expression:
    """Before a day of the period's own."""
    column = expression(test.left, context)
    return column < context.period(f"{day}_at" if test.left.type is FieldType.INSTANT else day)


@_phrase.register
def _(phrase: InPeriod, test: Test, context: Context) -> Expression:
    first, after = ("first", "after") if phrase.which == "this" else ("before_first", "first")
    return _from(test, context, first) & _under(test, context, after)


@_phrase.register
def _(phrase: BeforePeriod, test: Test, context: Context) -> Expression:
    return _under(test, context, "first")


@_phrase.register
def _(phrase: ByPeriodEnd, test: Test, context: Context) -> Expression:
    return _under(test, context, "after")


@_phrase.register
def _(phrase: Dated, test: Test, context: Context) -> Expression:
    assert test.right is not None
    operate = {"on or before": le, "before": lt, "on or after": ge, "after": gt}[phrase.order]
    left, right = expression(test.left, context), expression(test.right, context)
    types = (test.left.type, test.right.type)
    if types == (FieldType.INSTANT, FieldType.DATE):
        if isinstance(test.right, PeriodDate):
            # An index can be used: the instant is compared with the start of that day, or of the next.
            name = date_name(test.right)
            edge = context.period(
                f"{name}_after" if phrase.order in ("on or before", "after") else f"{name}_at"
            )
            return left < edge if phrase.order in ("on or before", "before") else left >= edge
        left = context.dialect.london_day(left)
    elif types == (FieldType.DATE, FieldType.INSTANT):
        right = context.dialect.london_day(right)
    return operate(left, right)


@_phrase.register
def _(phrase: Within, test: Test, context: Context) -> Expression:
    assert test.right is not None
    left, right = expression(test.left, context), expression(test.right, context)
    return context.dialect.seconds_between(left, right) <= phrase.length.count * _SECONDS[phrase.length.unit]


@_phrase.register
def _(phrase: Compared, test: Test, context: Context) -> Expression:
    assert test.right is not None
    return compare(phrase.operator, exact(test.left, context), exact(test.right, context))


@_phrase.register
def _(phrase: Between, test: Test, context: Context) -> Expression:
    number = exact(test.left, context)
    low, high = Constant(Fraction(phrase.low)), Constant(Fraction(phrase.high))
    return compare("at least", number, exact(low, context)) & compare("at most", number, exact(high, context))


@_phrase.register
def _(phrase: YesNo, test: Test, context: Context) -> Expression:
    return expression(test.left, context).is_(true() if phrase.yes else false())


@_phrase.register
def _(phrase: OneOf, test: Test, context: Context) -> Expression:
    column = expression(test.left, context)
    return column == phrase.words[0] if len(phrase.words) == 1 else column.in_(phrase.words)


@_phrase.register
def _(phrase: SettingIs, test: Test, context: Context) -> Expression:
    assert test.right is not None
    chosen = expression(test.right, context)
    return either_of(chosen == ANYTHING, chosen == expression(test.left, context))


@_phrase.register
def _(phrase: Blank, test: Test, context: Context) -> Expression:
    return _blank(test, context)


@_phrase.register
def _(phrase: FilledIn, test: Test, context: Context) -> Expression:
    return ~_blank(test, context)


def _blank(test: Test, context: Context) -> Expression:
    if test.left.type is FieldType.NUMBER:
        number = exact(test.left, context)
        bottom = number.bottom
        missing = number.top.is_(None)
        return missing if isinstance(bottom, int) else missing | bottom.is_(None)
    column = expression(test.left, context)
    if test.left.type is FieldType.LIST:
        # JSON keeps a missing list as null, as the word null, or as an empty one.
        return func.coalesce(cast(column, String), "null").in_(("null", "[]", "{}"))
    return column.is_(None)
