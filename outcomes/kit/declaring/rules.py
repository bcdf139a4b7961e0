"""Rules about one record's own values: small named values that a kind lists.

A rule says what is wrong, on which field, in words for people. One that SQL can say too also
becomes a CHECK of the table, so that no other way in can break it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint

from outcomes.kit.words import label_of

Values = Mapping[str, Any]
Problems = dict[str, str]
"""Field name → what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The base: no problem, no constraint."""

    def problems(self, values: Values) -> Problems:
        raise NotImplementedError

    def constraint(self) -> CheckConstraint | None:
        return None


@dataclass(frozen=True, slots=True)
class not_before(Rule):  # noqa: N801 (reads as the sentence that it is)
    """`later` is on or after `earlier`, where both are filled in."""

    later: str
    earlier: str

    def problems(self, values: Values) -> Problems:
        later, earlier = values.get(self.later), values.get(self.earlier)
        if later is None or earlier is None or later >= earlier:
            return {}
        return {
            self.later: f"{label_of(self.later)}: must not be before “{label_of(self.earlier)}”. Check both dates."
        }

    def constraint(self) -> CheckConstraint:
        return CheckConstraint(
            f"{self.later} >= {self.earlier}", name=f"{self.later}_not_before_{self.earlier}"
        )


@dataclass(frozen=True, slots=True)
class not_both(Rule):  # noqa: N801
    """At most one of two fields is filled in."""

    one: str
    other: str

    def problems(self, values: Values) -> Problems:
        if values.get(self.one) is None or values.get(self.other) is None:
            return {}
        return {self.other: f"{label_of(self.other)}: leave blank when “{label_of(self.one)}” is filled in."}

    def constraint(self) -> CheckConstraint:
        return CheckConstraint(
            f"{self.one} IS NULL OR {self.other} IS NULL", name=f"not_both_{self.one}_and_{self.other}"
        )


@dataclass(frozen=True, slots=True)
class exactly_one(Rule):  # noqa: N801
    """Exactly one of two fields is filled in."""

    one: str
    other: str

    def problems(self, values: Values) -> Problems:
        if (values.get(self.one) is None) != (values.get(self.other) is None):
            return {}
        return {
            self.one: f"{label_of(self.one)}: fill in either this or “{label_of(self.other)}”, and not both."
        }

    def constraint(self) -> CheckConstraint:
        return CheckConstraint(
            f"({self.one} IS NULL) <> ({self.other} IS NULL)", name=f"one_of_{self.one}_and_{self.other}"
        )


@dataclass(frozen=True, slots=True)
class filled_in_one_of(Rule):  # noqa: N801
    """At least one of two fields is filled in."""

    one: str
    other: str

    def problems(self, values: Values) -> Problems:
        if values.get(self.one) is not None or values.get(self.other) is not None:
            return {}
        return {self.one: f"{label_of(self.one)}: fill in this or “{label_of(self.other)}”."}

    def constraint(self) -> CheckConstraint:
        return CheckConstraint(
            f"{self.one} IS NOT NULL OR {self.other} IS NOT NULL", name=f"some_of_{self.one}_and_{self.other}"
        )


@dataclass(frozen=True, slots=True)
class needed_when(Rule):  # noqa: N801
    """`field` is filled in when `other` holds one of `codes`."""

    field: str
    other: str
    codes: tuple[Any, ...]
    says: str

    def problems(self, values: Values) -> Problems:
        if values.get(self.other) not in self.codes or values.get(self.field) is not None:
            return {}
        return {self.field: f"{label_of(self.field)}: {self.says}"}


@dataclass(frozen=True, slots=True)
class only_when(Rule):  # noqa: N801
    """`field` is blank unless `other` holds one of `codes`."""

    field: str
    other: str
    codes: tuple[Any, ...]
    says: str

    def problems(self, values: Values) -> Problems:
        if values.get(self.field) is None or values.get(self.other) in self.codes:
            return {}
        return {self.field: f"{label_of(self.field)}: {self.says}"}


@dataclass(frozen=True, slots=True)
class not_more(Rule):  # noqa: N801
    """`less` is at most `more`, where both are filled in."""

    less: str
    more: str

    def problems(self, values: Values) -> Problems:
        less, more = values.get(self.less), values.get(self.more)
        if less is None or more is None or less <= more:
            return {}
        return {self.less: f"{label_of(self.less)}: must not be more than “{label_of(self.more)}”."}

    def constraint(self) -> CheckConstraint:
        # PostgreSQL takes 63 characters, the table's name included.
        short = len(self.less) + len(self.more) > 30
        said = "within" if short else "not_more_than"
        return CheckConstraint(f"{self.less} <= {self.more}", name=f"{self.less}_{said}_{self.more}")
