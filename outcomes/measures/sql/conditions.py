"""Conditions in SQL: one registered function per phrase. What is not known is never true.

Numbers are compared as exact fractions: a decimal field in whole thousandths, a quotient by
multiplying out. Instants are compared with the instants at which London days begin.
"""

from fractions import Fraction
from functools import reduce, singledispatch
from operator import and_, ge, gt, le, lt, or_

from sqlalchemy import String, cast, false, func, true
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
from outcomes.measures.planning.terms import (
    Check,
    Column,
    Constant,
    Either,
    Every,
    OpenTest,
    PeriodDate,
    Test,
)
from outcomes.measures.registry import FieldType
from outcomes.measures.sql.column_names import date_name
from outcomes.measures.sql.dialect import Expression
from outcomes.measures.sql.terms import Context, compare, exact, expression

ANYTHING = "any"
"""The setting that lets everything through."""
_SECONDS = {"hour": 3600, "day": 86400}


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
