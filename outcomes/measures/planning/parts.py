"""The parts of what is worked out, each with its type."""

from collections.abc import Mapping

from outcomes.measures.language.workings import (
    AgainstExpected,
    ChangesOf,
    Compare,
    Count,
    DaysPlaced,
    Divide,
    EarliestOfOpen,
    StepsFromBaseline,
    Sum,
    Working,
)
from outcomes.measures.registry import FieldType

COMPARE_PARTS = {
    **dict.fromkeys(("up", "down", "same", "net", "compared", "mean_change"), FieldType.NUMBER),
    **dict.fromkeys(("all_at_top_and_held", "progress", "late_baseline"), FieldType.YES_NO),
    "": FieldType.LINK,
}
STEPS_PARTS = dict.fromkeys(("points", "last", "highest"), FieldType.NUMBER)
AGAINST_PARTS = {
    **dict.fromkeys(("expected", "below", "individual"), FieldType.NUMBER),
    "all_at": FieldType.YES_NO,
}
SINGLE_PARTS: dict[type, FieldType] = {
    Count: FieldType.NUMBER,
    Sum: FieldType.NUMBER,
    ChangesOf: FieldType.NUMBER,
    Divide: FieldType.NUMBER,
    DaysPlaced: FieldType.NUMBER,
    EarliestOfOpen: FieldType.DATE,
}


def parts_of(working: Working) -> Mapping[str, FieldType]:
    """The parts of what is worked out; "" is the whole of it. Of a latest record every field is one more."""
    if isinstance(working, Compare):
        return COMPARE_PARTS
    if isinstance(working, StepsFromBaseline):
        return STEPS_PARTS
    if isinstance(working, AgainstExpected):
        return dict.fromkeys(working.one_by_one, FieldType.YES_NO) | AGAINST_PARTS
    return {"": SINGLE_PARTS.get(type(working), FieldType.LINK)}
