"""A naive evaluator of cards over rows in memory, written from the rules in words, not from the engine.

It reads the parsed card and the rows of a `World`; it knows nothing of plans or SQL. Loops and
plain Python throughout: it is to be read beside the rules, and to be slow.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from outcomes.core.calendar import add_months, age_on
from outcomes.core.clock import london_date
from outcomes.core.periods import Period
from outcomes.measures.language import phrases as say
from outcomes.measures.language import workings as work
from outcomes.measures.language.card import Card
from tests.measures.world import Row, World

FOUR_WEEKS = timedelta(days=28)
FOREVER = date(9999, 12, 31)
ENDS = {
    "placement": ("started_on", "ended_on"),
    "care_episode": ("started_on", "ended_on"),
    "goal": ("set_on", "closed_on"),
    "plan": ("started_on", "ended_on"),
    "health_registration": ("valid_from", "valid_to"),
    "education_spell": ("valid_from", "valid_to"),
    "keyworker_assignment": ("valid_from", "valid_to"),
}
POINTED = {
    "goal_review": (("goal_id", "goal"), ("session_id", "keyworker_session")),
    "placement": (("person_id", "person"),),
    "missing_episode": (("person_id", "person"),),
    "keyworker_session": (("person_id", "person"),),
    "goal": (("person_id", "person"), ("plan_id", "plan")),
    "plan_review": (("person_id", "person"), ("plan_id", "plan")),
    "reading": (("person_id", "person"),),
    "care_episode": (("person_id", "person"),),
}
FOLLOWS_PLACEMENT = (
    "missing_episode",
    "keyworker_session",
    "goal_review",
    "plan_review",
    "attendance",
    "activity",
    "reading",
)
WAITS = ("goal_review", "plan_review")
DAY_OF = {
    "missing_episode": ("started_at",),
    "keyworker_session": ("held_on", "planned_on"),
    "goal_review": ("reviewed_on", "due_on"),
    "plan_review": ("held_on", "due_on"),
    "attendance": ("week_starting",),
    "activity": ("took_part_on",),
    "reading": ("taken_on",),
}


@dataclass
class Outcome:
    """One unit in scope: the naive counterpart of a fact."""

    unit: str
    bucket: str
    because: str
    place: str
    also: dict[str, Any] = field(default_factory=dict)


@dataclass
class Stay:
    """Consecutive placements in one home or household, gaps of at most 28 days (R09, R31)."""

    rows: list[Row]

    @property
    def starts(self) -> date:
        return min(row["started_on"] for row in self.rows)

    @property
    def ends(self) -> date:
        return max(row.get("ended_on") or FOREVER for row in self.rows)


@dataclass
class Unit:
    """What is counted: the record it was found through and what is known about it."""

    name: str
    person: Row
    record: Row
    kind: str
    place: str
    count_date: date | None = None
    stay: Stay | None = None
    known: dict[str, Any] = field(default_factory=dict)


def place_of(row: Row) -> str:
    return f"home {row['home_id']}" if row.get("home_id") else f"carers {row['carer_household_id']}"


def joined_up(rows: list[Row], same: Callable[[Row], Any]) -> list[Stay]:
    """Rows with the same answer to `same`, chained while the gap is at most 28 days."""
    chains: dict[Any, list[Stay]] = {}
    for row in sorted(rows, key=lambda one: (one["started_on"], one["id"])):
        stays = chains.setdefault(same(row), [])
        if stays:
            left = stays[-1].rows[-1].get("ended_on") or FOREVER
            if row["started_on"] - left <= FOUR_WEEKS:
                stays[-1].rows.append(row)
                continue
        stays.append(Stay([row]))
    return [stay for stays in chains.values() for stay in stays]


class Naive:
    """Evaluates one card for one contract and one period."""

    def __init__(
        self,
        card: Card,
        world: World,
        contract: str,
        period: Period,
        today: date,
        settings: dict[str, Any],
        each_place: bool = False,
    ) -> None:
        self.card, self.world, self.period, self.today = card, world, period, today
        self.contract_id = world.id_of("contract", contract)
        self.settings = settings
        self.each_place = each_place

    def outcomes(self) -> list[Outcome]:
        found = []
        for unit in self._units():
            if all(self._true(one, unit) for one in self.card.where):
                bucket, because = self._bucket(unit)
                found.append(Outcome(unit.name, bucket, because, unit.place, self._also(unit)))
        return found

    # -- units --------------------------------------------------------------------------------

    def _standing(self, kind: str) -> list[Row]:
        return [row for row in self.world.rows[kind] if row.get("withdrawn_at") is None]

    def _units(self) -> list[Unit]:
        if self.card.each == "child":
            return self._children()
        if self.card.each == "placement ending":
            return self._endings()
        if self.card.each == "goal":
            return self._goals()
        return self._records("keyworker_session" if self.card.each == "session" else self.card.each)

    def _person(self, person_id: int) -> Row:
        return next(row for row in self.world.rows["person"] if row["id"] == person_id)

    def _placements(self, person_id: int) -> list[Row]:
        return [row for row in self._standing("placement") if row["person_id"] == person_id]

    def _children(self) -> list[Unit]:
        chosen: dict[Any, tuple[Any, Unit]] = {}
        for person in self.world.rows["person"]:
            for stay in joined_up(self._placements(person["id"]), place_of):
                under = [row for row in stay.rows if row.get("contract_id") == self.contract_id]
                for mine in joined_up(under, place_of):
                    for row in mine.rows:
                        self._consider(person, stay, mine, row, chosen)
        return [unit for _rank, unit in chosen.values()]

    def _consider(
        self, person: Row, stay: Stay, mine: Stay, row: Row, chosen: dict[Any, tuple[Any, Unit]]
    ) -> None:
        """Several placements make one child: the one that lasts longest into the period, then the later."""
        if (
            mine.starts > self.period.last
            or mine.ends <= self.period.first
            or row["started_on"] > self.period.last
        ):
            return
        counted = min(self.period.last, mine.ends)
        unit = Unit(person["name"], person, row, "placement", place_of(row), counted, stay)
        unit.known["under contract"] = mine
        if all(self._true(one, unit) for one in self.card.where if _about_the_record(one)):
            key = (person["id"], unit.place if self.each_place else "")
            rank = (counted, row["started_on"], row["id"])
            if key not in chosen or rank > chosen[key][0]:
                chosen[key] = (rank, unit)

    def _endings(self) -> list[Unit]:
        found = []
        for person in self.world.rows["person"]:
            for stay in joined_up(self._placements(person["id"]), place_of):
                last = max(stay.rows, key=lambda row: (row["started_on"], row["id"]))
                if stay.ends in self.period and last.get("contract_id") == self.contract_id:
                    found.append(Unit(last["name"], person, last, "placement", place_of(last), None, stay))
        return found

    def _goals(self) -> list[Unit]:
        """Each goal of a child placed in the period, at the stay by which the child is counted."""
        found: dict[Any, tuple[Any, Unit]] = {}
        for goal in self._standing("goal"):
            person = self._person(goal["person_id"])
            mine = [
                row for row in self._placements(person["id"]) if row.get("contract_id") == self.contract_id
            ]
            for stay in joined_up(mine, place_of):
                for row in stay.rows:
                    if row["started_on"] > self.period.last or stay.ends <= self.period.first:
                        continue
                    unit = Unit(goal["name"], person, goal, "goal", place_of(row))
                    unit.known |= {"under contract": stay, "placement": row}
                    rank = (min(self.period.last, stay.ends), row["started_on"], row["id"])
                    key = (goal["id"], unit.place if self.each_place else "")
                    if key not in found or rank > found[key][0]:
                        found[key] = (rank, unit)
        return [unit for _rank, unit in found.values()]

    def _records(self, kind: str) -> list[Unit]:
        found = []
        for row in self._standing(kind):
            placement = self._placement_for(kind, row)
            if placement is not None and placement.get("contract_id") == self.contract_id:
                person = self._person(row["person_id"])
                found.append(Unit(row["name"], person, row, kind, place_of(placement)))
        return found

    def _placement_for(self, kind: str, row: Row) -> Row | None:
        """The record's placement; in the gap of a stay, the stay's own."""
        if row.get("placement_id") is not None:
            return next(
                (one for one in self._standing("placement") if one["id"] == row["placement_id"]), None
            )
        day = self._day_of(kind, row)
        for stay in joined_up(
            self._placements(row["person_id"]), lambda one: (place_of(one), one.get("contract_id"))
        ):
            if (
                day is not None
                and stay.rows[0].get("contract_id") == self.contract_id
                and stay.starts <= day < stay.ends
            ):
                return stay.rows[0]
        return None

    def _day_of(self, kind: str, row: Row) -> date | None:
        value = next((row[name] for name in DAY_OF[kind] if row.get(name) is not None), None)
        return _day(value)

    # -- buckets ------------------------------------------------------------------------------

    def _bucket(self, unit: Unit) -> tuple[str, str]:
        for leave in self.card.leave_out:
            if self._true(leave.when, unit):
                return "left out", say.with_settings(leave.because, self.settings)
        evidence = self.card.no_evidence
        if (
            evidence
            and self._true(evidence.when, unit)
            and not (evidence.unless and self._true(evidence.unless, unit))
        ):
            return ("left out", "no evidence") if evidence.then == "left out" else ("no evidence", "")
        if self.card.met_when is None or self._true(self.card.met_when, unit):
            return "met", ""
        return "not met", ""

    def _also(self, unit: Unit) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for also in self.card.also_show:
            if isinstance(also, work.TotalOf | work.MeanOf):
                shown[also.label] = self._value(also.name, unit)
            elif isinstance(also, work.ShareOf):
                shown[also.label] = (self._value(also.part, unit), self._value(also.whole, unit))
            else:
                of = all(self._true(one, unit) for one in also.of)
                shown[also.label] = (int(of and all(self._true(one, unit) for one in also.where)), int(of))
        return shown

    # -- conditions ---------------------------------------------------------------------------

    def _true(self, condition: work.Condition, unit: Unit, row: Row | None = None, kind: str = "") -> bool:
        if isinstance(condition, work.AllOf):
            return all(self._true(one, unit, row, kind) for one in condition.parts)
        if isinstance(condition, work.AnyOf):
            return any(self._true(one, unit, row, kind) for one in condition.parts)
        if isinstance(condition, work.OpenIs):
            return self._open(condition.phrase, unit, row, kind)
        left = (
            self._of_row(condition.left.text, unit, row, kind)
            if row is not None
            else self._value(condition.left, unit)
        )
        return self._fits(left, condition.phrase, unit, row, kind)

    def _open(self, phrase: Any, unit: Unit, row: Row | None, kind: str) -> bool:
        if row is not None:
            starts, ends = row[ENDS[kind][0]], row.get(ENDS[kind][1]) or FOREVER
        elif self.card.each == "child":
            starts, ends = unit.known["under contract"].starts, unit.known["under contract"].ends
        else:
            starts, ends = unit.record[ENDS[unit.kind][0]], unit.record.get(ENDS[unit.kind][1]) or FOREVER
        if phrase.when == "during the period":
            return starts <= self.period.last and ends > self.period.first
        day = self.period.last if phrase.when == "on the period end" else self.period.first
        return starts <= day < ends

    def _fits(self, left: Any, phrase: Any, unit: Unit, row: Row | None, kind: str) -> bool:
        if isinstance(phrase, say.Blank):
            return left is None or left in ([], {})
        if isinstance(phrase, say.FilledIn):
            return not (left is None or left in ([], {}))
        if left is None:
            return isinstance(phrase, say.SettingIs) and self._setting(phrase.name) == "any"
        if isinstance(phrase, say.YesNo):
            return left is phrase.yes
        if isinstance(phrase, say.OneOf):
            return left in phrase.words
        if isinstance(phrase, say.SettingIs):
            return self._setting(phrase.name) in ("any", left)
        if isinstance(phrase, say.Between):
            return phrase.low <= left <= phrase.high
        if isinstance(phrase, say.Compared):
            right = self._operand(phrase.operand, unit, row, kind)
            return right is not None and _COMPARE[phrase.operator](Fraction(left), Fraction(right))
        return self._dates(left, phrase, unit, row, kind)

    def _operand(self, operand: Any, unit: Unit, row: Row | None, kind: str) -> Any:
        if isinstance(operand, Fraction):
            return operand
        head = operand.text.partition(".")[0]
        worked = operand.is_setting or head in self.card.work_out
        if row is None or worked or self._built_in(operand.text, unit) is not NotImplemented:
            return self._value(operand, unit)
        return self._of_row(operand.text, unit, row, kind)

    def _of_row(self, name: str, unit: Unit, row: Row, kind: str) -> Any:
        """A field of the record, or what is worked out for each such record."""
        head, _, tail = name.partition(".")
        working = self.card.per.get(kind, {}).get(head)
        if not isinstance(working, work.Latest):
            return self._field(kind, row, name)
        of = working.of.record
        spell = self._spell(unit)
        assert spell is not None
        mine = [
            one
            for one in self._standing(of)
            if one.get(f"{kind}_id") == row["id"]
            and self._under_contract(of, one, unit)
            and one.get(working.by) is not None
            and one[working.by] >= spell.starts
            and all(self._true(each, unit, one, of) for each in working.of.where)
            and not (
                working.of.but_not and all(self._true(each, unit, one, of) for each in working.of.but_not)
            )
        ]
        if not mine:
            return None
        latest = max(mine, key=lambda one: (one[working.by], one["recorded_at"], one["id"]))
        return latest.get(tail) if tail else latest

    def _dates(self, left: Any, phrase: Any, unit: Unit, row: Row | None, kind: str) -> bool:
        if isinstance(phrase, say.InPeriod):
            period = self.period if phrase.which == "this" else self.period.earlier()
            return _day(left) in period
        if isinstance(phrase, say.BeforePeriod):
            return _day(left) < self.period.first
        if isinstance(phrase, say.ByPeriodEnd):
            return _day(left) <= self.period.last
        right = self._point(phrase.point, unit, row, kind)
        if right is None:
            return False
        if isinstance(phrase, say.Within):
            allowed = {"hour": timedelta(hours=1), "day": timedelta(days=1)}[
                phrase.length.unit
            ] * phrase.length.count
            return left.replace(microsecond=0) - right.replace(microsecond=0) <= allowed
        if not (isinstance(left, datetime) and isinstance(right, datetime)):
            left, right = _day(left), _day(right)
        return {
            "on or before": left <= right,
            "before": left < right,
            "on or after": left >= right,
            "after": left > right,
        }[phrase.order]

    def _point(self, point: say.Point, unit: Unit, row: Row | None, kind: str) -> Any:
        name = point.name.text
        fixed = {"period_start": self.period.first, "period_end": self.period.last, "today": self.today}
        if name in fixed:
            base = fixed[name]
        elif row is not None and self._has(kind, row, name):
            base = self._field(kind, row, name)
        else:
            base = self._value(point.name, unit)
        if base is None or point.earlier is None:
            return base
        if point.earlier.unit == "month":
            return add_months(base, -point.earlier.count)
        return base - timedelta(days=point.earlier.count)

    # -- values -------------------------------------------------------------------------------

    def _setting(self, name: say.Name) -> Any:
        return self.settings[name.text.lstrip("$")]

    def _has(self, kind: str, row: Row, name: str) -> bool:
        from outcomes.frameworks.binding import registry

        return name in registry()[kind].fields or "." in name

    def _field(self, kind: str, row: Row, name: str) -> Any:
        """A field of the record, or of the record it points to (rule 7 of the language)."""
        from outcomes.frameworks.binding import registry

        head, _, tail = name.partition(".")
        if not tail and head in registry()[kind].fields:
            return row.get(head)
        for link, to in POINTED.get(kind, ()):
            wanted = tail or head
            if (not tail or head in (to, link.removesuffix("_id"))) and wanted in registry()[to].fields:
                rows = self.world.rows[to] if to == "person" else self._standing(to)
                other = next((one for one in rows if one["id"] == row.get(link)), None)
                return None if other is None else other.get(wanted)
        raise AssertionError(f"{kind} has no {name}")

    def _value(self, name: say.Name, unit: Unit) -> Any:
        text = name.text
        if name.is_setting:
            value = self._setting(name)
            return value.count if isinstance(value, say.Length) else value
        head, _, part = text.partition(".")
        if head in self.card.work_out:
            worked = self._worked(head, unit)
            if isinstance(worked, dict):
                return worked.get(part) if part else worked.get("", worked or None)
            return worked
        built = self._built_in(text, unit)
        return self._field(unit.kind, unit.record, text) if built is NotImplemented else built

    def _built_in(self, name: str, unit: Unit) -> Any:
        stay = unit.stay
        if stay is not None:
            if name in ("stay_started_on", "started_on"):
                return stay.starts
            if name in ("ended_on", "stay_ended_on"):
                return None if stay.ends == FOREVER else stay.ends
        if self.card.each != "child" or unit.count_date is None or stay is None:
            return NotImplemented
        return {
            "count_date": lambda: unit.count_date,
            "days_in_period": lambda: self._nights(unit, self.period),
            "days_since_start": lambda: (unit.count_date - stay.starts).days,
            "age": lambda: age_on(unit.person["date_of_birth"], unit.count_date),
        }.get(name, lambda: NotImplemented)()

    def _nights(self, unit: Unit, period: Period) -> int:
        nights = 0
        for row in self._placements(unit.person["id"]):
            if row.get("contract_id") != self.contract_id or (
                self.each_place and place_of(row) != unit.place
            ):
                continue
            ends = min(row.get("ended_on") or FOREVER, period.last + timedelta(days=1))
            nights += max(0, (ends - max(row["started_on"], period.first)).days)
        return nights

    def _worked(self, name: str, unit: Unit) -> Any:
        if name not in unit.known:
            unit.known[name] = self._work(self.card.work_out[name], unit, name)
        return unit.known[name]

    def _work(self, working: Any, unit: Unit, name: str) -> Any:
        longer = {
            work.Sum: self._sum,
            work.Compare: self._compare,
            work.StepsFromBaseline: self._steps,
            work.ChangesOf: self._changes,
            work.AgainstExpected: self._against,
        }.get(type(working))
        if longer is not None:
            return longer(working, unit)
        if isinstance(working, work.Count):
            rows = self._related(working.of, unit)
            if working.distinct is None:
                return len(rows)
            values = {self._field(working.of.record, row, working.distinct) for row in rows}
            return len(values - {None})
        if isinstance(working, work.Divide):
            top, bottom = (
                self._value(say.Name(working.top), unit),
                self._value(say.Name(working.bottom), unit),
            )
            return None if top is None or not bottom else Fraction(top) * working.times / Fraction(bottom)
        if isinstance(working, work.DaysPlaced):
            return self._nights(unit, self.period if working.which == "this" else self.period.earlier())
        if isinstance(working, work.EarliestOfOpen):
            starts, ends = ENDS[working.record]
            rows = [
                row
                for row in self._related(work.Related(working.record), unit)
                if row[starts] <= unit.count_date < (row.get(ends) or FOREVER)
            ]
            return min((row[working.field] for row in rows if row.get(working.field)), default=None)
        assert isinstance(working, work.Latest)
        return self._latest(working, unit, name)

    def _sum(self, working: work.Sum, unit: Unit) -> Fraction | None:
        rows = self._related(working.of, unit)
        numbers = [self._field(working.of.record, row, working.field) for row in rows]
        known = [Fraction(one) for one in numbers if one is not None]
        return sum(known, Fraction(0)) if known else None

    def _related(self, related: work.Related, unit: Unit) -> list[Row]:
        return [
            row
            for row in self._standing(related.record)
            if self._belongs(related.record, row, unit)
            and all(self._true(one, unit, row, related.record) for one in related.where)
            and not (
                related.but_not and all(self._true(one, unit, row, related.record) for one in related.but_not)
            )
        ]

    def _belongs(self, kind: str, row: Row, unit: Unit) -> bool:
        """The unit's own: by its link, or the person's, and then under the contract (decision 14)."""
        if unit.kind == "keyworker_session" and kind == "goal_review":
            return row.get("session_id") == unit.record["id"]
        if unit.kind == "goal":
            mine = (
                row["goal_id"] == unit.record["id"]
                if kind == "goal_review"
                else row["person_id"] == unit.person["id"]
            )
            return mine and (kind not in FOLLOWS_PLACEMENT or self._due_under_contract(kind, row, unit))
        if row["person_id"] != unit.person["id"]:
            return False
        return kind not in FOLLOWS_PLACEMENT or self._under_contract(kind, row, unit)

    def _under_contract(self, kind: str, row: Row, unit: Unit) -> bool:
        if row.get("placement_id") is not None:
            placement = next(one for one in self.world.rows["placement"] if one["id"] == row["placement_id"])
            here = not self.each_place or place_of(placement) == unit.place
            return placement.get("contract_id") == self.contract_id and here
        day = self._day_of(kind, row)
        # What may be due and not done belongs by its due day to the time under the contract; the rest to the stay.
        bounds = self._spell(unit) if kind in WAITS else unit.known.get("under contract")
        return day is not None and bounds is not None and bounds.starts <= day < bounds.ends

    def _due_under_contract(self, kind: str, row: Row, unit: Unit) -> bool:
        """The review of a goal belongs by the day on which it fell due, whenever it was held."""
        day = row.get("due_on") if kind in WAITS else self._day_of(kind, row)
        bounds = unit.known["under contract"] if self.each_place else self._spell(unit)
        return day is not None and bounds is not None and bounds.starts <= day < bounds.ends

    def _changes(self, working: work.ChangesOf, unit: Unit) -> int:
        """Walk through the key workers in the order in which they began."""
        starts, ends = ENDS[working.record]
        rows = [row for row in self._standing(working.record) if row["person_id"] == unit.person["id"]]
        if working.cover is not None:
            short = working.cover if isinstance(working.cover, say.Length) else self._setting(working.cover)
            rows = [
                row
                for row in rows
                if not (
                    row.get("is_cover") and row.get(ends) and (row[ends] - row[starts]).days <= short.count
                )
            ]
        rows.sort(key=lambda row: (row[starts], row["recorded_at"], row["id"]))
        stays = joined_up(self._placements(unit.person["id"]), place_of)
        changed = 0
        for number, row in enumerate(rows[1:], start=1):
            for stay in stays:
                here = [
                    one
                    for one in stay.rows
                    if one.get("contract_id") == self.contract_id
                    and one["started_on"] <= row[starts] < (one.get("ended_on") or FOREVER)
                    and (not self.each_place or place_of(one) == unit.place)
                ]
                there_before = any((one.get(ends) or FOREVER) > stay.starts for one in rows[:number])
                different = row[working.field] != rows[number - 1][working.field]
                if here and different and row[starts] in self.period:
                    changed += there_before or not working.first_of_stay
        return changed

    def _against(self, working: work.AgainstExpected, unit: Unit) -> dict[str, Any]:
        """Each area of the tool that has an expected level for this child, one by one."""
        reading = self._worked(working.reading, unit)
        latest = self.card.work_out[working.reading]
        assert isinstance(latest, work.Latest)
        asked = next(
            one.phrase
            for one in latest.of.where
            if isinstance(one, work.Is) and one.left.text == "instrument_code"
        )
        code = self._setting(asked.name) if isinstance(asked, say.SettingIs) else asked.words[0]
        tools = [one for one in self.world.rows["instrument"]]
        if reading is not None:
            wanted = (reading["instrument_code"], reading["version"])
            tools = [one for one in tools if (one["instrument_code"], one["version"]) == wanted]
        else:
            tools = [one for one in tools if one["instrument_code"] == code and not one.get("withdrawn_at")]
        found: dict[str, Any] = {"expected": 0, "": None}
        if reading is not None:
            found |= {"": reading, "below": 0, "individual": 0}
        for tool in tools[-1:]:
            for area in tool["areas"]:
                if working.areas in ("all", (tool["area_tags"] or {}).get(area)):
                    self._against_area(tool, area, reading, unit, found)
        found |= {area: found.pop(f"area {area}", None) for area in working.one_by_one}
        if not found["expected"] and reading is not None:
            found |= {"below": None, "individual": None}
        if reading is not None and found["expected"]:
            found["all_at"] = found["below"] == 0
        return found

    def _against_area(
        self, tool: Row, area: str, reading: Row | None, unit: Unit, found: dict[str, Any]
    ) -> None:
        agreed = [
            row
            for row in self._standing("expected_level")
            if row["person_id"] == unit.person["id"]
            and (row["instrument_code"], row["area"]) == (tool["instrument_code"], area)
            and row["valid_from"] <= unit.count_date
        ]
        age = age_on(unit.person["date_of_birth"], unit.count_date)
        level = self._expected(tool, area, age)
        if agreed:
            level = max(agreed, key=lambda row: (row["valid_from"], row["recorded_at"], row["id"]))["level"]
        if level is None:
            return
        found["expected"] += 1
        found[f"area {area}"] = False
        if reading is not None:
            score = self._scores(reading).get(area)
            higher = self._higher(tool, area)
            at_it = score is not None and (score >= level if higher else score <= level)
            found[f"area {area}"] = at_it
            found["below"] += not at_it
            found["individual"] += bool(agreed)

    def _spell(self, unit: Unit) -> Stay | None:
        """Everything under this contract without a gap of more than 28 days, wherever it was (R09)."""
        if self.card.each not in ("child", "goal"):
            return None
        placement = unit.known.get("placement", unit.record)
        under = [
            row for row in self._placements(unit.person["id"]) if row.get("contract_id") == self.contract_id
        ]
        return next(one for one in joined_up(under, lambda _row: 0) if placement in one.rows)

    def _latest(self, working: work.Latest, unit: Unit, name: str) -> Row | None:
        rows = self._related(working.of, unit)
        rows = [row for row in rows if row.get(working.by) is not None]
        spell = self._spell(unit)
        if working.of.record in FOLLOWS_PLACEMENT and spell is not None:
            rows = [row for row in rows if row[working.by] >= spell.starts]
        rows = self._comparable(rows, name, unit)
        if rows:
            return max(rows, key=lambda row: (row[working.by], row["recorded_at"], row["id"]))
        if not working.or_else_baseline:
            return None
        undated = tuple(
            one for one in working.of.where if not (isinstance(one, work.Is) and one.left.text == working.by)
        )
        rows = self._related(work.Related(working.of.record, undated, working.of.but_not), unit)
        assert unit.stay is not None and unit.count_date is not None
        rows = [row for row in rows if unit.stay.starts <= row[working.by] <= unit.count_date]
        rows = self._comparable(rows, name, unit)
        if not rows:
            return None
        first = min(row[working.by] for row in rows)
        chosen = max(
            (row for row in rows if row[working.by] == first), key=lambda row: (row["recorded_at"], row["id"])
        )
        return {**chosen, "from_baseline": True}

    def _comparable(self, rows: list[Row], name: str, unit: Unit) -> list[Row]:
        """Where a reading is compared with a later one, it is of the same tool, version and informant (R33)."""
        for working in self.card.work_out.values():
            if isinstance(working, work.Compare) and working.before == name:
                now = self._worked(working.now, unit)
                rows = [
                    row
                    for row in rows
                    if now is not None and all(row[one] == now[one] for one in working.same)
                ]
        return rows

    def _compare(self, working: work.Compare, unit: Unit) -> dict[str, Any] | None:
        now, before = self._worked(working.now, unit), self._worked(working.before, unit)
        apart = working.apart if isinstance(working.apart, say.Length) else self._setting(working.apart)
        if now is None or before is None or (now["taken_on"] - before["taken_on"]).days < apart.count:
            return None
        tool = next(
            one
            for one in self.world.rows["instrument"]
            if (one["instrument_code"], one["version"]) == (now["instrument_code"], now["version"])
        )
        tags = tool["area_tags"] or {}
        meant = [area for area in tool["areas"] if working.areas in ("all", tags.get(area))]
        then, later = (
            {area: score for area, score in self._scores(reading).items() if area in meant}
            for reading in (before, now)
        )
        changes = [
            score - then[area] if self._higher(tool, area) else then[area] - score
            for area, score in later.items()
            if area in then
        ]
        if not changes:
            return None
        step = tool["smallest_step"]
        up, down = sum(one >= step for one in changes), sum(one <= -step for one in changes)
        total = sum(changes, Decimal(0))
        age = age_on(unit.person["date_of_birth"], unit.count_date)
        young_then, young_now = self._too_young(before), self._too_young(now)
        at_top = all(
            area in later
            and self._at_top(tool, area, later[area], age)
            and (area in young_then or (area in then and self._at_top(tool, area, then[area], age)))
            for area in {*then, *later} - young_now
        )
        rule = self._setting(working.rule) if isinstance(working.rule, say.Name) else working.rule
        late = before.get("from_baseline") and (before["taken_on"] - unit.stay.starts).days > 28
        return {
            "up": up,
            "down": down,
            "same": len(changes) - up - down,
            "net": up - down,
            "compared": len(changes),
            "mean_change": Fraction(total) / len(changes),
            "all_at_top_and_held": at_top and not down,
            "progress": {"net": up > down, "any": up > 0, "all": up == len(changes), "mean": total > 0}[rule],
            "late_baseline": bool(late),
        }

    @staticmethod
    def _higher(tool: Row, area: str) -> bool:
        """A strength among difficulties goes the other way."""
        return bool(tool["higher_is_better"]) or (tool["area_tags"] or {}).get(area) == "strength"

    def _too_young(self, reading: Row) -> set[str]:
        rows = self.world.rows["reading_score"]
        return {
            row["area"] for row in rows if row["reading_id"] == reading["id"] and row["not_age_appropriate"]
        }

    def _scores(self, reading: Row) -> dict[str, Decimal]:
        return {
            row["area"]: row["score"]
            for row in self.world.rows["reading_score"]
            if row["reading_id"] == reading["id"]
            and row["score"] is not None
            and not row["not_age_appropriate"]
        }

    def _at_top(self, tool: Row, area: str, score: Decimal, age: int) -> bool:
        higher = self._higher(tool, area)
        if score == (tool["scale_max"] if higher else tool["scale_min"]):
            return True
        expected = self._expected(tool, area, age)
        return expected is not None and (score >= expected if higher else score <= expected)

    @staticmethod
    def _expected(tool: Row, area: str, age: int) -> Decimal | None:
        """What the tool expects at the age."""
        named: dict[str, Decimal] = {}
        for key, level in (tool.get("expected_level_by_age") or {}).items():
            band, _, which = key.partition(":")
            low, _, high = band.replace("+", "-99").partition("-")
            if int(low) <= age <= int(high or low):
                named[which] = Decimal(level)
        return named.get(area, named.get("*"))

    def _steps(self, working: work.StepsFromBaseline, unit: Unit) -> dict[str, Any]:
        length = working.window if isinstance(working.window, say.Length) else self._setting(working.window)
        assert unit.count_date is not None
        opens = add_months(unit.count_date, -length.count)
        goals = [row for row in self._related(working.goals, unit) if row.get("baseline_level") is not None]
        reviews = [
            row
            for row in self._standing(working.reviews)
            if row["goal_id"] in [goal["id"] for goal in goals]
            and row.get("level") is not None
            and row.get("reviewed_on") is not None
            and row["reviewed_on"] <= unit.count_date
            and self._under_contract(working.reviews, row, unit)
        ]
        days = sorted({row["reviewed_on"] for row in reviews if row["reviewed_on"] >= opens})
        positions = [self._position(goals, reviews, day) for day in days]
        if not positions:
            return {"points": 0}
        return {"points": len(days), "last": positions[-1], "highest": max(positions)}

    @staticmethod
    def _position(goals: list[Row], reviews: list[Row], day: date) -> Fraction:
        """The sum over goals of the latest level by that day less the baseline (R02)."""
        position = Fraction(0)
        for goal in goals:
            mine = [row for row in reviews if row["goal_id"] == goal["id"] and row["reviewed_on"] <= day]
            if mine:
                latest = max(mine, key=lambda row: (row["reviewed_on"], row["recorded_at"], row["id"]))
                position += Fraction(latest["level"]) - Fraction(goal["baseline_level"])
        return position


_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "at least": lambda left, right: left >= right,
    "at most": lambda left, right: left <= right,
    "more than": lambda left, right: left > right,
    "less than": lambda left, right: left < right,
}


def _day(value: Any) -> Any:
    return london_date(value) if isinstance(value, datetime) else value


def _about_the_record(condition: work.Condition) -> bool:
    """True for conditions on the placement itself, which choose among a child's placements."""
    if isinstance(condition, work.AllOf | work.AnyOf):
        return all(_about_the_record(one) for one in condition.parts)
    if isinstance(condition, work.OpenIs):
        return True
    right = getattr(condition.phrase, "operand", None)
    named = isinstance(right, say.Name) and not right.is_setting
    point = getattr(condition.phrase, "point", None)
    worked = point is not None and point.name.text not in ("period_start", "period_end", "today")
    fields = ("placement_type", "temporary", "started_on", "ended_on", "end_reason", "gender")
    return condition.left.text in fields and not named and not worked
