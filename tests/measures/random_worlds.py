"""Random records and random cards, seeded. Days are drawn near the boundaries that rules speak of."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import yaml

from outcomes.core.clock import from_london
from outcomes.core.periods import Period, parse_period
from outcomes.measures.language.card import Card
from outcomes.measures.language.card_reader import read_text
from tests.measures.world import INSTRUMENT, World

PERIOD = parse_period("2025-26-Q2")
CHILDREN = ("A", "B", "C", "D", "E", "F")
PLACES = ("home 1", "home 2", "carers 1")
CONTRACTS = ("C", "D", None)
GAPS = (0, 0, 0, 1, 27, 28, 29, 60)
LENGTHS = (1, 27, 28, 29, 55, 56, 57, 90, 182, 400)
AREAS = ("cooking", "cleaning", "self_belief", "safety")
ITEMS = ("item_01", "item_02", "impact_home")
OPEN = ("during the period", "on the period end", "on the period start")
INFORMANTS = ("keyworker", "child")
EDGES = (
    PERIOD.first,
    PERIOD.first,
    PERIOD.last,
    PERIOD.last,
    PERIOD.last,
    PERIOD.earlier().first,
    PERIOD.earlier(-1).first,
    PERIOD.first + timedelta(days=28),
    PERIOD.last - timedelta(days=28),
    # The clocks change on these days.
    date(2025, 3, 30),
    date(2025, 10, 26),
)


class RandomWorld:
    """Makes one world from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.world = World({"instrument": self._instruments()})
        for contract in ("C", "D"):
            self.world.id_of("contract", contract)
        for child in CHILDREN[: self.random.randint(3, 6)]:
            self._child(child)

    def _instruments(self) -> list[dict[str, Any]]:
        turned = self.random.random() < 0.3
        expected = {"11-14:*": "7", "15:cooking": "4", "15+:*": "9"} if self.random.random() < 0.5 else None
        both = {
            "higher_is_better": not turned,
            "smallest_step": Decimal(self.random.choice(["1", "0.5", "2"])),
        }
        tags = INSTRUMENT["area_tags"] | ({"safety": "strength"} if self.random.random() < 0.5 else {})
        return [
            {**INSTRUMENT, **both, "area_tags": tags, "expected_level_by_age": expected},
            {**INSTRUMENT, **both, "version": "2"},
        ]

    def day(self) -> date:
        near = self.random.choice(EDGES) + timedelta(days=self.random.choice((-29, -28, -1, 0, 0, 0, 1, 28)))
        anywhere = date(2024, 10, 1) + timedelta(days=self.random.randint(0, 400))
        return near if self.random.random() < 0.6 else anywhere

    def moment(self) -> datetime:
        wall = datetime.combine(self.day(), datetime.min.time()) + timedelta(
            minutes=self.random.choice((0, 30, 90, 720, 1380, 1439))
        )
        return from_london(wall if not (wall.hour == 1 and wall.day in (30,)) else wall + timedelta(hours=2))[
            0
        ]

    def maybe(self, value: Any, chance: float = 0.8) -> Any:
        return value if self.random.random() < chance else None

    def yes_no(self) -> bool | None:
        return self.random.choice((True, True, False, None))

    def withdrawn(self) -> dict[str, Any]:
        at = datetime(2025, 11, 1, tzinfo=UTC)
        return {"withdrawn_at": at} if self.random.random() < 0.08 else {}

    def _child(self, child: str) -> None:
        born = date(self.random.choice((2008, 2010, 2014)), 2, 28) + timedelta(days=self.random.randint(0, 1))
        self.world.add("person", called=child, date_of_birth=born, gender=self.maybe("female"))
        self._placements(child)
        for _ in range(self.random.randint(0, 2)):
            starts = self.day() - timedelta(days=self.random.choice((0, 700, 912, 913, 914)))
            ends = self.maybe(starts + timedelta(days=self.random.randint(1, 1200)), 0.4)
            self.world.add("care_episode", child=child, started_on=starts, ended_on=ends, **self.withdrawn())
        for most, make in (
            (4, self._missing),
            (6, self._reading),
            (3, self._plan_review),
            (3, self._goal),
            (4, self._session),
            (4, self._lasting),
            (3, self._vaccinations),
            (4, self._attendance),
            (4, self._key_worker),
            (2, self._own_level),
        ):
            for _ in range(self.random.randint(0, most)):
                make(child)

    def _attendance(self, child: str) -> None:
        day = self.day()
        possible = self.random.choice((0, 9, 10))
        self.world.add(
            "attendance",
            child=child,
            week_starting=day - timedelta(days=day.weekday()),
            sessions_possible=possible,
            sessions_attended=self.random.randint(0, possible),
            authorised_absences=self.maybe(0),
            **self.withdrawn(),
        )

    def _key_worker(self, child: str) -> None:
        begins = self.day()
        self.world.add(
            "keyworker_assignment",
            child=child,
            staff=self.random.choice(("S1", "S2", "S3")),
            valid_from=begins,
            valid_to=self.maybe(begins + timedelta(days=self.random.choice((1, 27, 28, 29, 90))), 0.6),
            is_cover=self.yes_no(),
            **self.withdrawn(),
        )

    def _own_level(self, child: str) -> None:
        self.world.add(
            "expected_level",
            child=child,
            area=self.random.choice(AREAS),
            level=Decimal(self.random.choice(("4", "5.5", "9"))),
            valid_from=self.day(),
            recorded_at=datetime(2025, 10, self.random.randint(1, 3), tzinfo=UTC),
            **self.withdrawn(),
        )

    def _lasting(self, child: str) -> None:
        """A registration and a spell of education, which may end or not."""
        for kind, what in (
            ("health_registration", {"kind": self.random.choice(("gp", "dentist"))}),
            ("education_spell", {"is_engaged": self.yes_no()}),
        ):
            begins = self.day()
            ends = self.maybe(begins + timedelta(days=self.random.choice(LENGTHS)), 0.5)
            self.world.add(kind, child=child, valid_from=begins, valid_to=ends, **what, **self.withdrawn())

    def _plan_review(self, child: str) -> None:
        plan = f"P{len(self.world.rows['plan']) + 1}"
        kind = self.random.choice(("care_plan", "independence_programme"))
        self.world.add("plan", called=plan, child=child, kind=kind, **self.withdrawn())
        held = self.maybe(self.day())
        due = self.day() if held is None else self.maybe(self.day())
        self.world.add(
            "plan_review",
            child=child,
            plan=self.maybe(plan),
            due_on=due,
            held_on=held,
            **self.withdrawn(),
        )

    def _vaccinations(self, child: str) -> None:
        self.world.add(
            "immunisation_status",
            child=child,
            assessed_on=self.day(),
            up_to_date=self.yes_no(),
            declined=self.yes_no(),
            recorded_at=datetime(2025, 10, self.random.randint(1, 3), tzinfo=UTC),
            **self.withdrawn(),
        )

    def _placements(self, child: str) -> None:
        starts = self.random.choice((date(2023, 9, 30), date(2025, 1, 1), self.day()))
        for _ in range(self.random.randint(1, 4)):
            ends: date | None = starts + timedelta(days=self.random.choice(LENGTHS))
            if self.random.random() < 0.3:
                ends = None
            withdrawn = self.withdrawn()
            self.world.add(
                "placement",
                child=child,
                place=self.random.choice(PLACES),
                contract=self.random.choice(CONTRACTS),
                temporary=self.yes_no(),
                started_on=starts,
                ended_on=ends,
                **withdrawn,
                **(self._ending() if ends else {}),
            )
            if ends is None and not withdrawn:
                return
            if not withdrawn and ends is not None:
                starts = ends + timedelta(days=self.random.choice(GAPS))

    def _ending(self) -> dict[str, Any]:
        reasons = ("returned_home", "died", "transferred_with_carers", "turned_18", None)
        return {
            "end_reason": self.random.choice(reasons),
            "ending_planned": self.yes_no(),
            "ending_in_care_plan": self.yes_no(),
            "ending_was_breakdown": self.yes_no(),
        }

    def _missing(self, child: str) -> None:
        starts = self.moment()
        due = self.maybe(starts + timedelta(hours=self.random.choice((72, 96))))
        held = self.maybe(due + timedelta(minutes=self.random.choice((-60, 0, 1))), 0.6) if due else None
        self.world.add(
            "missing_episode",
            child=child,
            kind=self.random.choice(("missing", "missing", "absent_without_agreement", "agreed_absence")),
            started_at=starts,
            procedure_followed=self.yes_no(),
            return_interview_due_at=due,
            return_interview_held_at=held,
            return_interview_declined=None if held else self.yes_no(),
            **self.withdrawn(),
        )

    def _reading(self, child: str) -> None:
        scores = {
            area: self.random.choice((None, "too young", "0", "10", "4", "4.5", "5", "5.5", "6", "7", "9"))
            for area in AREAS
            if self.random.random() < 0.8
        }
        # Answers to items are kept beside the scores, and are no areas.
        scores |= {item: str(self.random.randint(0, 2)) for item in ITEMS if self.random.random() < 0.5}
        self.world.add(
            "reading",
            child=child,
            version=self.random.choice(("1", "1", "1", "2")),
            informant=self.random.choice(INFORMANTS),
            status=self.random.choice(("complete", "complete", "complete", "partial")),
            taken_on=self.day(),
            recorded_at=datetime(2025, 10, self.random.randint(1, 3), tzinfo=UTC),
            scores=scores,
            **self.withdrawn(),
        )

    def _goal(self, child: str) -> None:
        name = f"G{len(self.world.rows['goal']) + 1}"
        plans = [
            row["name"]
            for row in self.world.rows["plan"]
            if row["person_id"] == self.world.id_of("person", child)
        ]
        status = self.random.choice(("open", "open", "achieved", "withdrawn_by_agreement"))
        closed = None if status == "open" else self.day()
        self.world.add(
            "goal",
            called=name,
            child=child,
            area=self.random.choice(("independence", "independence", "health")),
            plan=self.maybe(self.random.choice(plans)) if plans else None,
            status=status,
            set_on=date(2024, 10, 1)
            if closed is None or self.random.random() < 0.5
            else min(closed, self.day()),
            closed_on=closed,
            baseline_level=self.maybe(Decimal(self.random.choice(("1", "2", "2.125"))), 0.85),
            **self.withdrawn(),
        )
        for _ in range(self.random.randint(0, 4)):
            held = self.maybe(self.day())
            self._review(child, name, self.day() if held is None else self.maybe(self.day()), held)

    def _review(self, child: str, goal: str, due: date | None, held: date | None, **more: Any) -> None:
        level = self.maybe(Decimal(self.random.choice(("1", "2", "3", "3.125", "4")))) if held else None
        recorded = datetime(2025, 10, self.random.randint(1, 3), tzinfo=UTC)
        given = {
            "due_on": due,
            "reviewed_on": held,
            "level": level,
            "judgement": self.maybe(self.random.choice(("achieved", "improved", "no_change", "slipped_back")))
            if held
            else None,
            "recorded_at": recorded,
            **self.withdrawn(),
        }
        self.world.add("goal_review", child=child, goal=goal, **given, **more)

    def _session(self, child: str) -> None:
        name = f"S{len(self.world.rows['keyworker_session']) + 1}"
        status = self.random.choice(
            ("held", "held", "missed_by_staff", "missed_by_child", "cancelled_not_rearranged")
        )
        planned = self.day()
        self.world.add(
            "keyworker_session",
            called=name,
            child=child,
            planned_on=planned,
            status=status,
            held_on=planned + timedelta(days=self.random.choice((0, 0, 1, 7))) if status == "held" else None,
            minutes=self.maybe(self.random.choice((20, 45))),
            topics=self.random.choice((None, [], ["school"])),
            **self.withdrawn(),
        )
        goals = [
            row for row in self.world.rows["goal"] if row["person_id"] == self.world.id_of("person", child)
        ]
        if goals and self.random.random() < 0.4:
            self._review(child, goals[0]["name"], None, planned, session=name)


class RandomCard:
    """Makes one card from a seed, as the YAML that a person would write."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.each = self.random.choice(
            ("child",) * 5 + ("placement ending", "session", "missing_episode", "goal")
        )
        self.better = self.random.choice(("bigger", "bigger", "smaller"))
        self.shape = self.random.choice(("share", "share", "count"))
        self.work_out: dict[str, Any] = {}

    def card(self) -> Card:
        return read_text(yaml.safe_dump(self.entry(), sort_keys=False), "random")[0]

    def pick(self, *options: Any) -> Any:
        return self.random.choice(options)

    def entry(self) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "measure": "random.card",
            "version": self.random.randint(1, 3),
            "title": "A card of chance",
            "says": "Whatever comes",
            "shape": self.shape,
            "period": self.pick("quarter", "quarter", "month", "half year"),
            "each": self.each,
            "where": self._where(),
            "better": self.better,
            "if_nobody": "no data",
            "target": self._target(),
            "rules": ["R01"],
            "notes": "Made by the generator.",
        }
        if self.each == "child":
            entry["from"] = "placement"
        if (
            entry["target"] not in ("none stated",)
            and not isinstance(entry["target"], dict)
            and self.random.random() < 0.5
        ):
            entry["tolerance"] = "at least 40%" if self.better == "bigger" else "at most 60%"
        if self.each == "child" and self.random.random() < 0.3:
            entry["per"] = {"goal": self._per_goal()}
        self._work()
        if "per" in entry:
            self.work_out["moving"] = self._moving()
        if self.work_out:
            entry["work_out"] = self.work_out
        extra = [self._unit_condition() for _ in range(self.random.randint(0, 1))]
        entry["where"] += extra
        if self.random.random() < 0.6:
            entry["leave_out"] = [
                {"when": self._unit_condition(), "because": f"reason {n}"}
                for n in range(self.random.randint(1, 2))
            ]
        if self.shape == "share":
            entry["met_when"] = {self.pick("all", "any"): [self._unit_condition(), self._unit_condition()]}
            if self.random.random() < 0.6:
                entry["no_evidence"] = self._no_evidence()
            if "in the period" in (phrase for one in entry["where"] for phrase in one.values()):
                entry["over_a_year"] = True
        entry["also_show"] = self._also()
        entry["split_by"] = [self.pick("place", "each place")]
        entry["settings"] = {
            "least": {"value": self.pick(1, 28, "0.5"), "because": "chance"},
            "tool": {"value": self.pick("skills", "any", "other"), "because": "chance"},
            "apart": {"value": self.pick("28 days", "1 day"), "because": "chance"},
            "rule": {"value": self.pick("net", "any", "all", "mean"), "because": "chance"},
            "window": {"value": self.pick("6 months", "3 months"), "because": "chance"},
        }
        return entry

    def _per_goal(self) -> dict[str, Any]:
        by = {"latest": "goal_review", "by": "reviewed_on"}
        return {
            "last": by | {"where": [{"reviewed_on": self._record_date()}]},
            "earlier": by | {"where": [{"reviewed_on": "before the period"}, {"due_on": "filled in"}]},
        }

    def _moving(self) -> dict[str, Any]:
        conditions = [
            {"last.level": f"{self.pick('more than', 'less than', 'at least')} earlier.level"},
            {"last.level": "at least baseline_level"},
            {"last.judgement": self.pick("blank", ["achieved", "improved"])},
            {"earlier": self.pick("blank", "filled in")},
            {"earlier.level": self._number()},
        ]
        chosen = self.random.sample(conditions, 2)
        made = {"count": "goal", "where": [self.pick({"any": chosen}, {"all": chosen})]}
        return made | self.pick({}, {"distinct": "area"}, {"but_not": [self.pick(*conditions)]})

    def _target(self) -> Any:
        level = "at least 50%" if self.better == "bigger" else "at most 50%"
        strict = "more than 50%" if self.better == "bigger" else "less than 50%"
        return self.pick(level, strict, "none stated", {"status": "to_be_confirmed", "draft": level})

    def _where(self) -> list[Any]:
        if self.each == "child":
            return [
                {"open": self.pick(*OPEN)},
                *self._own(),
            ]
        if self.each == "placement ending":
            return [{"ended_on": "in the period"}]
        if self.each == "goal":
            return [{"open": self.pick(*OPEN)}, *self._own()]
        if self.each == "session":
            return [{"planned_on": self._date_phrase()}, *self._own()]
        return [{"started_at": self._date_phrase()}, *self._own()]

    def _own(self) -> list[Any]:
        return [self._field_condition()] if self.random.random() < 0.4 else []

    def _date_phrase(self) -> str:
        return self.pick(
            "in the period",
            "in the period",
            "in the period before",
            "before the period",
            "by the period end",
            f"{self._order()} period_end minus {self.pick('1 month', '28 days', '6 months')}",
            f"{self._order()} period_start",
            f"{self._order()} today minus 400 days",
        )

    def _order(self) -> str:
        return self.pick("on or before", "before", "on or after", "after")

    def _number(self, *, names: tuple[str, ...] = ()) -> str:
        operator = self.pick("at least", "at most", "more than", "less than")
        return f"{operator} {self.pick('0', '1', '2', '0.5', '28', '$least', *names)}"

    def _field_condition(self) -> dict[str, Any]:
        """A condition on the unit's own record, or on the child's."""
        own: dict[str, list[dict[str, Any]]] = {
            "child": [
                {
                    "placement_type": self.pick(
                        "childrens_home", ["childrens_home", "ifa_foster"], "filled in"
                    )
                },
                {"temporary": self.pick(True, False, "blank")},
                {"gender": self.pick("female", "blank")},
                {"started_on": self._date_phrase()},
            ],
            "placement ending": [
                {"ending_planned": self.pick(True, False, "blank")},
                {"end_reason": self.pick("died", ["returned_home", "turned_18"])},
                {"started_on": f"{self._order()} ended_on minus {self.pick('6 months', '28 days')}"},
                {"gender": "female"},
            ],
            "goal": [
                {"area": "independence"},
                {"baseline_level": self.pick("blank", self._number())},
                {"closed_on": f"{self._order()} set_on"},
                {"plan.kind": self.pick("blank", "care_plan")},
            ],
            "session": [
                {"status": self.pick("held", ["missed_by_staff", "missed_by_child"])},
                {"topics": self.pick("filled in", "blank")},
                {"minutes": self.pick("20 to 30", "blank", self._number())},
                {"held_on": f"{self._order()} planned_on"},
            ],
            "missing_episode": [
                {"kind": "missing"},
                {"procedure_followed": self.pick(True, False, "blank")},
                {"return_interview_held_at": f"{self._order()} return_interview_due_at"},
                {"return_interview_held_at": f"within {self.pick('72 hours', '3 days')} of started_at"},
                {"return_interview_due_at": self._date_phrase()},
            ],
        }
        return self.pick(*own[self.each])

    def _unit_condition(self, depth: int = 0) -> dict[str, Any]:
        if depth < 1 and self.random.random() < 0.2:
            return {self.pick("any", "all"): [self._unit_condition(1), self._unit_condition(1)]}
        worked = self._worked_conditions()
        options = [self._field_condition(), *([self.pick(*worked)] * 3 if worked else [])]
        if self.each == "child":
            options += [
                {"days_in_period": self._number()},
                {"days_since_start": self._number()},
                {"age": self.pick(self._number(), "11 to 15", "at least 15", "at most 17")},
                {"stay_started_on": f"{self._order()} period_start minus 24 months"},
                {"stay_started_on": f"{self._order()} count_date minus {self.pick('56 days', '24 months')}"},
            ]
        return self.pick(*options)

    def _worked_conditions(self) -> list[dict[str, Any]]:
        conditions: list[dict[str, Any]] = []
        for name, what in self.work_out.items():
            if "against_expected" in what:
                part = self.pick("expected", "below", "individual")
                conditions += [
                    {f"{name}.{part}": self._number()},
                    {f"{name}.all_at": self.pick(True, "blank")},
                    *(
                        {f"{name}.{area}": self.pick(True, False, "blank", "filled in")}
                        for area in what.get("one_by_one", ())
                    ),
                ]
            elif (
                "count" in what
                or "sum" in what
                or "changes_of" in what
                or "days_placed" in what
                or "divide" in what
            ):
                others = tuple(
                    n for n, w in self.work_out.items() if n != name and ("count" in w or "divide" in w)
                )
                conditions += [{name: self._number(names=others)}, {name: self.pick("blank", "filled in")}]
            elif "compare" in what:
                part = self.pick("up", "down", "same", "net", "compared", "mean_change")
                yes_no = self.pick("progress", "all_at_top_and_held", "late_baseline")
                conditions += [
                    {f"{name}.{part}": self._number()},
                    {f"{name}.{yes_no}": True},
                    {name: "blank"},
                ]
            elif "steps_from_baseline" in what:
                part = self.pick("points", "last", "highest")
                conditions += [
                    {f"{name}.{part}": self._number()},
                    {f"{name}.last": f"at least {name}.highest"},
                ]
            elif "latest" in what and name == "known":
                conditions += [
                    {f"{name}.up_to_date": self.pick(True, False, "blank")},
                    {f"{name}.declined": self.pick(True, "blank")},
                ]
            elif "latest" in what:
                conditions += [
                    {name: self.pick("blank", "filled in")},
                    {f"{name}.taken_on": self._date_phrase()},
                ]
                conditions += [{f"{name}.informant": "child"}]
            else:
                conditions += [{name: self._date_phrase()}, {name: "blank"}]
        return conditions

    def _work(self) -> None:
        if self.random.random() < 0.85:
            self.work_out["some"] = self._count()
        if self.random.random() < 0.4:
            self.work_out["others"] = self._count()
        if self.random.random() < 0.3:
            self.work_out["added_up"] = self._sum()
        if self.each != "child":
            return
        for make in (
            self._days,
            self._quotient,
            self._earliest,
            self._latest,
            self._readings,
            self._against,
            self._steps,
            self._changes,
        ):
            if self.random.random() < 0.4:
                make()

    def _count(self) -> dict[str, Any]:
        record = self.pick(
            "missing_episode",
            "goal",
            "goal_review",
            "keyworker_session",
            "placement",
            "care_episode",
            "reading",
            "health_registration",
            "education_spell",
            "plan_review",
        )
        where: dict[str, list[dict[str, Any]]] = {
            "missing_episode": [
                {"kind": "missing"},
                {"started_at": self._record_date()},
                {"procedure_followed": True},
            ],
            "goal": [
                {"area": "independence"},
                {"open": self.pick(*OPEN)},
            ],
            "goal_review": [
                {"area": "independence"},
                {"due_on": self._record_date()},
                {"goal.status": "open"},
                {"reviewed_on": f"{self._order()} due_on"},
                {"judgement": self.pick("blank", ["achieved", "improved"])},
            ],
            "keyworker_session": [{"status": "held"}, {"held_on": self._record_date()}],
            "placement": [{"open": "during the period"}, {"temporary": False}],
            "care_episode": [{"started_on": self._record_date()}],
            "reading": [{"taken_on": self._record_date()}, {"informant": "child"}],
            "health_registration": [{"kind": "gp"}, {"open": self.pick(*OPEN)}],
            "education_spell": [{"open": self.pick(*OPEN)}, {"is_engaged": self.pick(True, "blank")}],
            "plan_review": [{"plan.kind": "care_plan"}, {"held_on": self._record_date()}],
        }
        chosen = [one for one in where[record] if self.random.random() < 0.6]
        made: dict[str, Any] = {"count": record, "where": chosen}
        if self.random.random() < 0.3:
            made["but_not"] = [one for one in where[record] if one not in chosen][:2] or where[record][:1]
        distinct = {"goal_review": "due_on", "missing_episode": "kind", "reading": "informant"}.get(record)
        if distinct and self.random.random() < 0.4:
            made["distinct"] = distinct
        return made

    def _sum(self) -> dict[str, Any]:
        field = self.pick("sessions_attended", "authorised_absences")
        weeks = {"sum": field, "of": "attendance", "where": [{"week_starting": self._record_date()}]}
        levels = {"sum": "level", "of": "goal_review", "but_not": [{"reviewed_on": self._record_date()}]}
        return self.pick(weeks, levels)

    def _changes(self) -> None:
        leave = ["first of the stay", self.pick("cover up to 28 days", "cover up to $apart")]
        made = {"changes_of": "keyworker_assignment", "field": "staff_id", "in": "the period"}
        self.work_out["changes"] = made | self.pick(
            {}, {"leave": leave}, {"leave": leave[:1]}, {"leave": leave[1:]}
        )

    def _against(self) -> None:
        tool = [{"instrument_code": self.pick("$tool", "skills")}, {"taken_on": self._record_date()}]
        self.work_out["reading_then"] = {"latest": "reading", "by": "taken_on", "where": tool}
        self.work_out["skills"] = {
            "against_expected": "reading_then",
            "areas": self.pick("independence", "all"),
            **self.pick({}, {"one_by_one": ["cooking", "safety"]}),
        }

    def _record_date(self) -> str:
        return (
            self.pick(self._date_phrase(), f"{self._order()} count_date")
            if self.each == "child"
            else self._date_phrase()
        )

    def _days(self) -> None:
        self.work_out["nights"] = {"days_placed": self.pick("the period", "the period before")}

    def _quotient(self) -> None:
        self.work_out.setdefault("some", self._count())
        self.work_out["rate"] = {"divide": "some", "by": "days_in_period", "times": 30}
        self.work_out.setdefault("nights", {"days_placed": "the period before"})
        self.work_out["rate_before"] = {"divide": "some", "by": "nights"}

    def _earliest(self) -> None:
        self.work_out["in_care_since"] = {"earliest_of_open": "care_episode", "field": "started_on"}

    def _latest(self) -> None:
        where = [{"assessed_on": self._record_date()}] if self.random.random() < 0.8 else []
        self.work_out["known"] = {"latest": "immunisation_status", "by": "assessed_on", "where": where}

    def _readings(self) -> None:
        tool = [{"instrument_code": "$tool"}, {"status": "complete"}]
        self.work_out["now"] = {
            "latest": "reading",
            "by": "taken_on",
            "where": [*tool, {"taken_on": "in the period"}, {"taken_on": "on or before count_date"}],
        }
        self.work_out["before"] = {
            "latest": "reading",
            "by": "taken_on",
            "where": [*tool, {"taken_on": "before the period"}],
        }
        if self.random.random() < 0.7:
            self.work_out["before"]["or_else_baseline"] = True
        self.work_out["moved"] = {
            "compare": "before",
            "with": "now",
            "areas": self.pick("independence", "all"),
            "same": self.pick(["instrument_code", "version", "informant"], ["instrument_code", "version"]),
            "apart": self.pick("$apart", "28 days"),
            "rule": self.pick("$rule", "net", "mean"),
        }

    def _steps(self) -> None:
        self.work_out["path"] = {
            "steps_from_baseline": "goal_review",
            "goals_where": [{"area": "independence"}, {"open": "during the period"}],
            "goals_but_not": [{"status": "withdrawn_by_agreement"}, {"closed_on": "on or before count_date"}],
            "window": self.pick("$window to count_date", "6 months to count_date"),
        }

    def _no_evidence(self) -> dict[str, Any]:
        then = "met" if self.better == "smaller" else "not met"
        made = {"when": self._unit_condition(), "then": self.pick(then, "left out")}
        return made | {"unless": self._unit_condition()} if self.random.random() < 0.5 else made

    def _also(self) -> list[Any]:
        shown: list[Any] = [{"some_units": {"units": [self._unit_condition()]}}]
        counts = [name for name, what in self.work_out.items() if "count" in what]
        if counts:
            shown += [
                counts[0],
                {"total_too": {"total": counts[0]}},
                {"part": {"share": counts[0], "of": counts[-1]}},
            ]
            shown += [{"of_some": {"units": [self._unit_condition()], "of": [{counts[0]: "at least 1"}]}}]
        if "moved" in self.work_out:
            shown += [{"mean_change": {"mean": "moved.mean_change"}}]
        if "changes" in self.work_out:
            shown += ["changes"]
        sums = [name for name, what in self.work_out.items() if "sum" in what]
        shown += [{"mean_sum": {"mean": name}} for name in sums[:1]]
        return shown


def period_of(card: Card) -> Period:
    """The period of the card's length that ends with the quarter drawn around, or in it."""
    ended = PERIOD.ends_with(card.period)
    assert ended is not None
    return ended
