"""Terms in SQL: where a name finds its column, and numbers as exact fractions.

Numbers are compared as whole numbers: a decimal field in whole thousandths, a quotient by multiplying out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any

from sqlalchemy import BigInteger, Integer, cast, func, literal

from outcomes.measures.planning.terms import (
    BuiltIn,
    Chosen,
    Column,
    Constant,
    Part,
    PeriodDate,
    Shifted,
    Term,
)
from outcomes.measures.sql.column_names import bottom_name, date_name, part_name, setting_name
from outcomes.measures.sql.dialect import Dialect, Expression

THOUSAND = 1000

_NUMERIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "at least": ge,
    "at most": le,
    "more than": gt,
    "less than": lt,
}


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


def compare(operator: str, left: Exact, right: Exact) -> Expression:
    """Cross-multiplied, so that nothing is divided."""
    return _NUMERIC[operator](left.top * right.bottom, right.top * left.bottom)
