"""Conditions and names in plain words, for the sentences of a card.

A field is named as the form asks for it, a date by what happened on it ("it started", "the goal was
closed"), a worked-out value by its own name in quotation marks, which a later sentence explains.
"""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from outcomes.measures.language.card import SettingValue
from outcomes.measures.language.phrases import (
    POINT_WORDS,
    Between,
    Blank,
    Compared,
    Dated,
    FilledIn,
    Name,
    OneOf,
    Open,
    Phrase,
    Point,
    Within,
    YesNo,
    number_words,
)
from outcomes.measures.language.workings import AllOf, AnyOf, Condition, Is, OpenIs

BUILT_IN = {
    "days_in_period": "the number of nights placed in the period",
    "days_since_start": "the number of days since the stay started",
    "age": "the age on the day of counting",
    "stay_started_on": "the start of the stay",
    "stay_ended_on": "the end of the stay",
    "count_date": "the day of counting",
}
PARTS = {
    "up": "number of areas up",
    "down": "number of areas down",
    "same": "number of areas that stayed the same",
    "net": "number of areas up less the number down",
    "compared": "number of areas compared",
    "mean_change": "mean change",
    "points": "number of review dates",
    "last": "last position",
    "highest": "highest position",
    "expected": "number of areas with an expected level",
    "below": "number of areas not known to be at the expected level",
    "individual": "number of areas with a level of the child’s own",
}
SHOWS = {
    "progress": "shows progress",
    "all_at_top_and_held": (
        "shows every area held at the top of the scale, or at the level expected at the age"
    ),
    "late_baseline": "starts from a late baseline",
    "all_at": "is at the expected level in every area that has one",
}
HAPPENS = {"started": "started", "ended": "ended", "due": "is due"}
"""What a date says of its subject, where that is not "was held", "was closed" and so on."""
NEVER = {"started": "has not started", "ended": "has not ended", "due": "has no day on which it is due"}
EARLIER = {"on or before": "at least", "before": "more than", "on or after": "at most", "after": "less than"}
"""How a date stands to one that is some days or months before another: "at least 30 months before …"."""
OPEN = {"during the period": "in the period", "on the period end": "on the last day of the period",
        "on the period start": "on the first day of the period"}  # fmt: skip
AT_LEVEL: Mapping[Phrase, str] = {
    YesNo(True): "the child is at the expected level in {}",
    YesNo(False): "the child is not known to be at the expected level in {}",
    FilledIn(): "a level is expected of the child in {}",
    Blank(): "no level is expected of the child in {}",
}
STATE = (YesNo, Blank, FilledIn, OneOf)


def words(name: str) -> str:
    return name.replace("_", " ")


def listed(parts: Collection[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


class Wording:
    """The words of one card. `worked` are the names that it works out.

    `levels` are those of its parts that say of one area whether it is at the expected level: skills.cooking.
    """

    def __init__(self, worked: Collection[str], levels: Collection[str] = ()) -> None:
        self.worked, self.levels = worked, levels

    def every(self, conditions: Sequence[Condition]) -> str:
        """All of the conditions, in one clause."""
        if len(conditions) == 1:
            return self.condition(conditions[0])
        return listed([self._among_others(one) for one in conditions])

    def condition(self, condition: Condition) -> str:
        if isinstance(condition, AllOf):
            return self.every(condition.parts)
        if isinstance(condition, AnyOf):
            return self._any(condition)
        if isinstance(condition, OpenIs):
            assert isinstance(condition.phrase, Open)
            when = OPEN[condition.phrase.when]
            return f"it was open {when}"
        return self._is(condition)

    def name(self, name: Name) -> str:
        """What a name stands for, as the subject or object of a clause."""
        head, _, part = name.text.partition(".")
        if head in self.worked:
            if not part:
                return f"“{words(head)}”"
            return f"{f'the {PARTS[part]}' if part in PARTS else f'“{words(part)}”'} of “{words(head)}”"
        if name.is_setting:
            return f"the setting “{name}”"
        if name.text in BUILT_IN:
            return BUILT_IN[name.text]
        return f"the {words(head)}’s {words(part)}" if part else f"“{words(head)}”"

    def _among_others(self, condition: Condition) -> str:
        said = self.condition(condition)
        return f"({said})" if isinstance(condition, AnyOf) else said

    def _any(self, condition: AnyOf) -> str:
        states = [one for one in condition.parts if isinstance(one, Is) and isinstance(one.phrase, STATE)]
        if len(states) == len(condition.parts) and len({one.left for one in states}) == 1:
            return f"{self.name(states[0].left)} is {' or '.join(self._phrase(one.phrase) for one in states)}"
        return " or ".join(self.condition(one) for one in condition.parts)

    def _is(self, condition: Is) -> str:
        name, phrase = condition.left, condition.phrase
        head, _, part = name.text.partition(".")
        if name.text in self.levels and phrase in AT_LEVEL:
            return AT_LEVEL[phrase].format(words(part))
        if head in self.worked:
            worked_out = not part or part in PARTS
            if isinstance(phrase, Blank | FilledIn) and worked_out:
                return f"{self.name(name)} {'cannot' if isinstance(phrase, Blank) else 'can'} be worked out"
            if part in SHOWS and phrase == YesNo(True):
                return f"“{words(head)}” {SHOWS[part]}"
        elif happening(name) and isinstance(phrase, Blank):
            return f"{happening(name, never=True)}"
        elif happening(name) and isinstance(phrase, FilledIn):
            return f"{happening(name)}"
        elif happening(name):
            return f"{happening(name)} {self._phrase(phrase)}"
        return f"{self.name(name)} is {self._phrase(phrase)}"

    def _phrase(self, phrase: Phrase) -> str:
        if isinstance(phrase, Blank):
            return "not recorded"
        if isinstance(phrase, FilledIn):
            return "recorded"
        if isinstance(phrase, Compared):
            return self._compared(phrase)
        if isinstance(phrase, Between):
            return f"from {phrase.low} to {phrase.high}"
        if isinstance(phrase, Dated):
            order = EARLIER[phrase.order] if phrase.point.earlier else phrase.order
            return f"{order} {self._point(phrase.point)}"
        if isinstance(phrase, Within):
            return f"within {phrase.length} of {self._point(phrase.point)}"
        if isinstance(phrase, OneOf):
            *others, last = [words(one) for one in phrase.words]
            return f"{', '.join(others)} or {last}" if others else last
        return str(phrase)

    def _compared(self, phrase: Compared) -> str:
        operand: Fraction | Name | SettingValue = phrase.operand
        if (phrase.operator, operand) in (("at most", 0), ("less than", 1)):
            return "0"
        if isinstance(operand, Name):
            return f"{phrase.operator} {self.name(operand)}"
        return f"{phrase.operator} {number_words(operand) if isinstance(operand, Fraction) else operand}"

    def _point(self, point: Point) -> str:
        text = point.name.text
        said = POINT_WORDS.get(text) or BUILT_IN.get(text)
        if said is None:
            happened = None if text.partition(".")[0] in self.worked else happening(point.name)
            when = "time" if text.endswith("_at") else "day"
            said = f"the {when} {happened}" if happened else self.name(point.name)
        return f"{point.earlier} before {said}" if point.earlier else said


def happening(name: Name, *, never: bool = False) -> str | None:
    """What happened on a date field: `started_at`: it started; `goal.closed_on`: the goal was closed."""
    head, _, part = name.text.partition(".")
    field = part or head
    if name.text in BUILT_IN or not field.endswith(("_on", "_at")):
        return None
    *subject, verb = field[:-3].split("_")
    who = f"the {' '.join(subject)}" if subject else f"the {words(head)}" if part else "it"
    said = NEVER.get(verb, f"was not {verb}") if never else HAPPENS.get(verb, f"was {verb}")
    return f"{who} {said}"
