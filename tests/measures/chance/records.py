"""Random records: children with their placements, and what is recorded of each."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.measures.chance.draw import Draw
from tests.measures.world import INSTRUMENT, World

CHILDREN = ("A", "B", "C", "D", "E", "F")
PLACES = ("home 1", "home 2", "carers 1")
CONTRACTS = ("C", "D", None)
GAPS = (0, 0, 0, 1, 27, 28, 29, 60)
LENGTHS = (1, 27, 28, 29, 55, 56, 57, 90, 182, 400)
AREAS = ("cooking", "cleaning", "self_belief", "safety")
ITEMS = ("item_01", "item_02", "impact_home")
INFORMANTS = ("keyworker", "child")


class RandomWorld(Draw):
    """Makes one world from a seed; with these children, or a few of its own."""

    def __init__(self, seed: int, children: Sequence[str] = ()) -> None:
        super().__init__(seed)
        self.world = World({"instrument": self._instruments()})
        for contract in ("C", "D"):
            self.world.id_of("contract", contract)
        for child in children or CHILDREN[: self.random.randint(3, 6)]:
            self._child(child)

    def _instruments(self) -> list[dict[str, Any]]:
        turned = self.likely(0.3)
        expected = {"11-14:*": "7", "15:cooking": "4", "15+:*": "9"} if self.likely(0.5) else None
        both = {
            "higher_is_better": not turned,
            "smallest_step": Decimal(self.random.choice(["1", "0.5", "2"])),
        }
        tags = INSTRUMENT["area_tags"] | ({"safety": "strength"} if self.likely(0.5) else {})
        return [
            {**INSTRUMENT, **both, "area_tags": tags, "expected_level_by_age": expected},
            {**INSTRUMENT, **both, "version": "2"},
        ]

    def withdrawn(self) -> dict[str, Any]:
        at = datetime(2025, 11, 1, tzinfo=UTC)
        return {"withdrawn_at": at} if self.likely(0.08) else {}

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
            if self.likely(0.3):
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
            if self.likely(0.8)
        }
        # Answers to items are kept beside the scores, and are no areas.
        scores |= {item: str(self.random.randint(0, 2)) for item in ITEMS if self.likely(0.5)}
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
            set_on=date(2024, 10, 1) if closed is None or self.likely(0.5) else min(closed, self.day()),
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
        if goals and self.likely(0.4):
            self._review(child, goals[0]["name"], None, planned, session=name)
