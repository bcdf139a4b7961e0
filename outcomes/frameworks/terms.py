"""What a contract agreed: its targets and settings in force on a day, else the card's (D15, R20, R30)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from outcomes.core.errors import Invalid
from outcomes.frameworks.binding import registry
from outcomes.measures.language.card import Card, SettingValue
from outcomes.measures.language.card_keys import setting_value
from outcomes.measures.language.phrases import Length, NotAPhrase
from outcomes.measures.language.targets import Level, Target
from outcomes.measures.planning.plan import Plan

COMPARATORS = {
    "at_least": "at least",
    "more_than": "more than",
    "at_most": "at most",
    "less_than": "less than",
}


@dataclass(frozen=True)
class Terms:
    """The dated targets and settings of some contracts, read once for a request."""

    targets: Mapping[tuple[int, str], Sequence[Mapping[str, Any]]]
    settings: Mapping[int, Sequence[Mapping[str, Any]]]

    def target(self, contract_id: int, card: Card, day: date) -> Target:
        """The contract's target for the card in force on the day, else the card's own."""
        row = _in_force(self.targets.get((contract_id, card.measure), ()), day)
        return card.target if row is None else _target(row, card)

    def chosen(self, contract_id: int, plan: Plan, day: date) -> dict[str, SettingValue]:
        """The contract's settings in force on the day, of those that the card uses.

        A setting may be named for one measure (`newham_ifa.6_progress_quarter.tool`) or for all that
        use it (`tool`); the first goes before. Raises Invalid where a value is of the wrong kind.
        """
        rows = self.settings.get(contract_id, ())
        chosen = {}
        for name, usual in plan.settings.items():
            for wanted in (f"{plan.card.measure}.{name}", name):
                row = _in_force([one for one in rows if one["setting"] == wanted], day)
                if row is not None:
                    chosen[name] = _like(usual, row)
                    break
        return chosen


def read_terms(connection: Connection, contracts: Iterable[int]) -> Terms:
    """The targets and settings of these contracts."""
    wanted = list(contracts)
    targets: dict[tuple[int, str], list[Mapping[str, Any]]] = defaultdict(list)
    settings: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in _standing(connection, "measure_target", wanted):
        targets[(row["contract_id"], row["measure_id"])].append(row)
    for row in _standing(connection, "contract_setting", wanted):
        settings[row["contract_id"]].append(row)
    return Terms(targets, settings)


def _standing(connection: Connection, kind: str, contracts: list[int]) -> Sequence[Mapping[str, Any]]:
    table = registry()[kind].table
    chosen = select(table).where(table.c.contract_id.in_(contracts), table.c.withdrawn_at.is_(None))
    return [dict(row) for row in connection.execute(chosen.order_by(table.c.effective_from)).mappings()]


def _in_force(rows: Iterable[Mapping[str, Any]], day: date) -> Mapping[str, Any] | None:
    """The row in force on the day; the later start where two are."""
    standing = [
        row
        for row in rows
        if row["effective_from"] <= day and (row["effective_to"] is None or row["effective_to"] > day)
    ]
    return standing[-1] if standing else None


def _target(row: Mapping[str, Any], card: Card) -> Target:
    """A target row. Its unit is the card's; a tolerance looks the same way as the target."""
    unit = card.target.level.unit if card.target.level else "%" if card.shape == "share" else ""
    usual = "at_most" if card.better == "smaller" else "at_least"
    sign = COMPARATORS[row["comparator"] or usual]

    def level(value: Any, operator: str) -> Level | None:
        return None if value is None else Level(operator, Fraction(value), unit)  # type: ignore[arg-type]

    return Target(row["status"], level(row["value"], sign), level(row["tolerance"], COMPARATORS[usual]))


def _like(usual: SettingValue, row: Mapping[str, Any]) -> SettingValue:
    """A setting's value, of the same kind as the card's. Raises Invalid."""
    unit = row["unit"] or (f"{usual.unit}s" if isinstance(usual, Length) else "")
    text = f"{row['value']} {unit}" if isinstance(usual, Length) and row["value"].isdigit() else row["value"]
    try:
        value = setting_value(text)
    except NotAPhrase:
        value = ""
    fits = type(value) is type(usual) and (
        not isinstance(usual, Length) or usual.unit == getattr(value, "unit", "")
    )
    if not fits or value == "":
        kind = {Length: f"a length such as {usual}", Fraction: "a number", str: "one word (a code)"}[
            type(usual)
        ]
        came = f"{row['value']} {row['unit'] or ''}".strip()
        raise Invalid.of("value", f"The contract's setting {row['setting']} must be {kind}; it is {came!r}.")
    return value
