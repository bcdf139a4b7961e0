"""Reads the conditions and workings of a card from YAML: what stands under where, work_out, also_show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from outcomes.measures.language import phrase_reader
from outcomes.measures.language.card import Fault
from outcomes.measures.language.phrases import Length, Name, NotAPhrase
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
    OpenIs,
    Related,
    ShareOf,
    StepsFromBaseline,
    Sum,
    TotalOf,
    UnitsThat,
    Working,
)

NOTHING = AllOf(())
RULES = ("net", "any", "all", "mean")


@dataclass(frozen=True)
class Place:
    """Where in which card the reader is; collects the faults."""

    file: str
    card: str
    key: str
    faults: list[Fault]

    def at(self, key: str) -> "Place":
        return Place(self.file, self.card, key, self.faults)

    def fault(self, expected: str, came: Any) -> None:
        self.faults.append(Fault(self.file, self.card, self.key or "-", expected, str(came)[:200]))


def conditions(raw: Any, place: Place) -> tuple[Condition, ...]:
    """A list of conditions, all needed."""
    if not isinstance(raw, list):
        place.fault("a list of conditions, each {field: phrase}", raw)
        return ()
    return tuple(condition(one, place) for one in raw)


def group(raw: Any, place: Place) -> Condition:
    """What stands under met_when: `all:` or `any:` with conditions."""
    if isinstance(raw, dict) and len(raw) == 1 and next(iter(raw)) in ("all", "any"):
        return condition(raw, place)
    place.fault("all: or any: with a list of conditions", raw)
    return NOTHING


def condition(raw: Any, place: Place) -> Condition:
    """One condition: {field: phrase}, {open: …}, {all: […]} or {any: […]}."""
    if not isinstance(raw, dict) or len(raw) != 1:
        place.fault("one {field: phrase}", raw)
        return NOTHING
    left, right = next(iter(raw.items()))
    if isinstance(left, bool):
        place.fault("a field in words (YAML reads a bare on:, yes:, no: as true or false)", left)
        return NOTHING
    if left in ("all", "any"):
        parts = conditions(right, place)
        if not parts:
            place.fault("at least one condition", right)
        return AllOf(parts) if left == "all" else AnyOf(parts)
    try:
        if left == "open":
            return OpenIs(phrase_reader.parse_open(right))
        return Is(phrase_reader.name(str(left)), phrase_reader.parse(right))
    except NotAPhrase as error:
        place.at(f"{place.key}: {left}").fault(str(error), right)
        return NOTHING


def read_working(raw: Any, place: Place) -> Working | None:
    """One working, told by its first key; None when it was at fault."""
    if isinstance(raw, dict) and raw:
        verb = next((key for key in raw if key in _READERS), None)
        if verb is not None:
            required, optional, read = _READERS[verb]
            if required <= set(raw) <= required | optional:
                try:
                    return read(raw, place)
                except NotAPhrase as error:
                    place.fault(str(error), raw)
                    return None
            place.fault(f"{verb} with {', '.join(sorted(required | optional))}", ", ".join(map(str, raw)))
            return None
    place.fault(f"a mapping with one of: {', '.join(_READERS)}", raw)
    return None


def _related(raw: Mapping[str, Any], record: str, where: str, but_not: str, place: Place) -> Related:
    return Related(
        record,
        conditions(raw.get(where, []), place.at(f"{place.key}.{where}")),
        conditions(raw.get(but_not, []), place.at(f"{place.key}.{but_not}")),
    )


def _count(raw: Mapping[str, Any], place: Place) -> Working:
    distinct = phrase_reader.name(raw["distinct"]).text if "distinct" in raw else None
    return Count(_related(raw, _word(raw["count"]), "where", "but_not", place), distinct)


def _latest(raw: Mapping[str, Any], place: Place) -> Working:
    baseline = raw.get("or_else_baseline", False)
    if not isinstance(baseline, bool):
        raise NotAPhrase("or_else_baseline: yes or no")
    return Latest(_related(raw, _word(raw["latest"]), "where", "but_not", place), _word(raw["by"]), baseline)


def _compare(raw: Mapping[str, Any], _place: Place) -> Working:
    same = raw["same"]
    if not isinstance(same, list):
        raise NotAPhrase("same: a list of fields, such as [instrument_code, version, informant]")
    rule = raw.get("rule", "net")
    if rule not in RULES and not str(rule).startswith("$"):
        raise NotAPhrase(f"rule: {', '.join(RULES)}, or a setting such as $progress_rule")
    return Compare(
        _word(raw["compare"]),
        _word(raw["with"]),
        _word(raw["areas"]),
        tuple(_word(one) for one in same),
        _length(raw["apart"], "day"),
        phrase_reader.name(rule) if rule.startswith("$") else rule,
    )


def _steps(raw: Mapping[str, Any], place: Place) -> Working:
    window, _, end = str(raw["window"]).partition(" to ")
    if end != "count_date":
        raise NotAPhrase("window: a length that ends on the count date, such as 6 months to count_date")
    return StepsFromBaseline(
        _word(raw["steps_from_baseline"]),
        _related(raw, "goal", "goals_where", "goals_but_not", place),
        _length(window, "month"),
    )


def _divide(raw: Mapping[str, Any], _place: Place) -> Working:
    times = raw.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise NotAPhrase("times: a whole number from 1")
    return Divide(_word(raw["divide"]), _word(raw["by"]), times)


def _days_placed(raw: Mapping[str, Any], _place: Place) -> Working:
    if raw["days_placed"] not in ("the period", "the period before"):
        raise NotAPhrase("days_placed: the period, or the period before")
    return DaysPlaced("this" if raw["days_placed"] == "the period" else "before")


def _earliest_of_open(raw: Mapping[str, Any], _place: Place) -> Working:
    return EarliestOfOpen(_word(raw["earliest_of_open"]), _word(raw["field"]))


def _sum(raw: Mapping[str, Any], place: Place) -> Working:
    return Sum(_word(raw["sum"]), _related(raw, _word(raw["of"]), "where", "but_not", place))


def _changes_of(raw: Mapping[str, Any], _place: Place) -> Working:
    leave = raw.get("leave", [])
    if raw["in"] != "the period" or not isinstance(leave, list):
        raise NotAPhrase("in: the period, with leave: a list")
    covers = [str(one).removeprefix(COVER) for one in leave if str(one).startswith(COVER)]
    others = [one for one in leave if not str(one).startswith(COVER)]
    if others not in ([], [FIRST_OF_STAY]) or len(covers) > 1:
        raise NotAPhrase(f"leave: {FIRST_OF_STAY}, or {COVER}28 days, or both")
    cover = _length(covers[0], "day") if covers else None
    return ChangesOf(_word(raw["changes_of"]), _word(raw["field"]), bool(others), cover)


def _against_expected(raw: Mapping[str, Any], _place: Place) -> Working:
    areas = raw.get("one_by_one", [])
    if (
        not isinstance(areas, list)
        or len(set(map(str, areas))) < len(areas)
        or ("one_by_one" in raw and not areas)
    ):
        raise NotAPhrase("one_by_one: a list of areas, each once")
    one_by_one = tuple(_word(area) for area in areas)
    return AgainstExpected(_word(raw["against_expected"]), _word(raw["areas"]), one_by_one)


FIRST_OF_STAY = "first of the stay"
COVER = "cover up to "

_READERS: dict[str, tuple[set[str], set[str], Callable[[Mapping[str, Any], Place], Working]]] = {
    "count": ({"count"}, {"where", "but_not", "distinct"}, _count),
    "latest": ({"latest", "by"}, {"where", "but_not", "or_else_baseline"}, _latest),
    "compare": ({"compare", "with", "areas", "same", "apart"}, {"rule"}, _compare),
    "steps_from_baseline": ({"steps_from_baseline", "window"}, {"goals_where", "goals_but_not"}, _steps),
    "divide": ({"divide", "by"}, {"times"}, _divide),
    "days_placed": ({"days_placed"}, set(), _days_placed),
    "earliest_of_open": ({"earliest_of_open", "field"}, set(), _earliest_of_open),
    "sum": ({"sum", "of"}, {"where", "but_not"}, _sum),
    "changes_of": ({"changes_of", "field", "in"}, {"leave"}, _changes_of),
    "against_expected": ({"against_expected", "areas"}, {"one_by_one"}, _against_expected),
}
WORKING_VERBS = tuple(_READERS)


def read_also(raw: Any, place: Place) -> tuple[Also, ...]:
    """What is also shown: a name, or {label: {total | share … of | units … of | mean}}."""
    if not isinstance(raw, list):
        place.fault("a list of worked-out names, or of {label: what}", raw)
        return ()
    return tuple(also for one in raw if (also := _one_also(one, place)) is not None)


def _one_also(raw: Any, place: Place) -> Also | None:
    try:
        if isinstance(raw, str):
            return TotalOf(raw, phrase_reader.name(raw))
        if isinstance(raw, dict) and len(raw) == 1:
            label, what = next(iter(raw.items()))
            if isinstance(what, dict):
                for keys, read in _ALSO.items():
                    if set(what) == set(keys):
                        return read(_word(label), what, place)
    except NotAPhrase as error:
        place.fault(str(error), raw)
        return None
    place.fault(
        "a worked-out name, or {label: {total: …}}, {share: …, of: …}, {units: […], of: […]}, {mean: …}", raw
    )
    return None


_ALSO: dict[tuple[str, ...], Callable[[str, Mapping[str, Any], Place], Also]] = {
    ("total",): lambda label, what, _: TotalOf(label, phrase_reader.name(what["total"])),
    ("share", "of"): lambda label, what, _: ShareOf(
        label, phrase_reader.name(what["share"]), phrase_reader.name(what["of"])
    ),
    ("units",): lambda label, what, place: UnitsThat(label, conditions(what["units"], place)),
    ("units", "of"): lambda label, what, place: UnitsThat(
        label, conditions(what["units"], place), conditions(what["of"], place)
    ),
    ("mean",): lambda label, what, _: MeanOf(label, phrase_reader.name(what["mean"])),
}


def _word(raw: Any) -> str:
    if not isinstance(raw, str) or raw.startswith("$"):
        raise NotAPhrase("a name in small letters, digits and underscores")
    return phrase_reader.name(raw).text


def _length(raw: Any, unit: str) -> Length | Name:
    text = str(raw)
    if text.startswith("$"):
        return phrase_reader.name(text)
    length = phrase_reader.parse_length(text)
    if length.unit != unit:
        raise NotAPhrase(f"a length in {unit}s")
    return length
