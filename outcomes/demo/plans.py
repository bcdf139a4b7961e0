"""Plans, goals and their reviews. Reviews fall due every eight weeks from the start of the plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from outcomes.core.calendar import add_months
from outcomes.demo.child import Child, Tenure
from outcomes.demo.entry import Entry, entry
from outcomes.demo.seeds import Deck, content
from outcomes.demo.sessions import Sessions
from outcomes.demo.window import Window

EVERY_DAYS = 56
FIRST_GOAL_DAYS = 18
"""Goals are set so many days after the plan begins."""
YOUNGEST_FOR_INDEPENDENCE, PATHWAY_AGE = 11, 16

_REVIEWED = {
    "care_plan": ("cla_review", "iro"),
    "pathway_plan": ("pathway_review", "social_worker"),
    "independence_programme": ("provider_review", "keyworker"),
}
"""What the review of each plan is called, and who chairs it."""
_JUDGED = {"+": "improved", "=": "no_change", "l": "no_change", "-": "slipped_back"}
_STEP = {"+": 1, "=": 0, "l": 0, "-": -1}


@dataclass(slots=True)
class _Track:
    """One goal after another in the same field of life, with what becomes of each review."""

    goals: Deck[Mapping[str, Any]]
    pattern: str
    plan: str
    begins: date
    withdrawn: bool = False
    without_baseline: bool = False


@dataclass(slots=True)
class _Goal:
    """A goal while it is being worked on."""

    reference: str
    words: Mapping[str, Any]
    set_on: date
    baseline: int
    level: int
    reviews: int = 0
    closed: tuple[str, date] | None = field(default=None)


class Plans:
    """The plans of one child."""

    def __init__(self, child: Child, window: Window, sessions: Sessions) -> None:
        self._child, self._window, self._sessions = child, window, sessions
        self._rng = child.rng("plans")
        self._goals = count(1)
        self._notes = {kind: Deck(notes, self._rng) for kind, notes in content("notes")["reviews"].items()}
        self.entries = [
            made for number, tenure in enumerate(child.tenures, 1) for made in self._tenure(number, tenure)
        ]

    def _tenure(self, number: int, tenure: Tenure) -> Iterator[Entry]:
        begins = max(tenure.first, self._window.first - timedelta(days=100))
        reference = f"plan-{self._child.number:02d}-{number}"
        yield from self._plan(f"{reference}-care", "care_plan", begins, tenure, "six_months")
        tracks = self._ordinary(f"{reference}-care", begins)
        independent = max(begins, self._child.birthday(YOUNGEST_FOR_INDEPENDENCE))
        end = tenure.last or self._window.today
        if "no_independence" not in self._child.story.flags and independent < end:
            yield from self._plan(
                f"{reference}-own", "independence_programme", independent, tenure, "quarter"
            )
            tracks += self._independent(f"{reference}-own", independent)
        pathway = max(begins, self._child.birthday(PATHWAY_AGE))
        if pathway < end:
            yield from self._plan(f"{reference}-path", "pathway_plan", pathway, tenure, "six_months")
        for track in tracks:
            yield from self._follow(track, tenure)

    def _plan(self, reference: str, kind: str, begins: date, tenure: Tenure, every: str) -> Iterator[Entry]:
        """The plan with its reviews."""
        judged = begins + timedelta(days=28)
        months = 3 if every == "quarter" else 6
        due = add_months(begins, months)
        while due < self._window.today - timedelta(days=10):
            due = add_months(due, months)
        yield entry(
            "plan",
            reference,
            author=self._child.key_worker_on(tenure.first),
            person_id=self._child.reference,
            kind=kind,
            started_on=begins,
            ended_on=tenure.last,
            judged_appropriate_on=judged if judged <= self._window.today else None,
            judged_appropriate=True if judged <= self._window.today else None,
            next_review_due_on=due if tenure.last is None else None,
            review_frequency=every,
        )

        yield from self._plan_reviews(reference, kind, begins, months, tenure)

    def _plan_reviews(
        self, plan: str, kind: str, begins: date, months: int, tenure: Tenure
    ) -> Iterator[Entry]:
        """Reviews of a plan from its start: most on the day, some days late, some not held, one to come."""
        what, chair = _REVIEWED[kind]
        rng = self._child.rng(f"reviews of {plan}")
        for number in count(1):
            due = add_months(begins, months * number)
            if not tenure.covers(due) and due <= self._window.today:
                return
            late = rng.choices((0, 0, 9, None), (5, 3, 1, 1))[0]
            held = None if late is None else due + timedelta(days=late)
            done = held is not None and held <= self._window.today and tenure.covers(held)
            yield entry(
                "plan_review",
                author=self._child.key_worker_on(min(due, self._window.today)),
                person_id=self._child.reference,
                plan_id=plan,
                kind=what,
                due_on=due,
                held_on=held if done else None,
                chaired_by_role=chair if done else None,
                outcome="The plan stays, with what was agreed in the meeting." if done else None,
            )
            if due > self._window.today:
                return

    def _ordinary(self, plan: str, begins: date) -> list[_Track]:
        """Two goals of the care plan; what is achieved is followed by a goal that the child never had."""
        goals = _fitting(self._child.age(begins), independent=False)
        deck = Deck(goals, self._rng)
        withdrawn = "goal_withdrawn" in self._child.story.flags
        patterns = ["".join(self._rng.choices("+=-.l", (5, 4, 1.2, 0.8, 0.6), k=12)) for _ in range(2)]
        if "goals_not_reviewed" in self._child.story.flags:
            patterns = ["."] * 2
        return [
            _Track(deck, patterns[0], plan, begins, withdrawn=withdrawn),
            _Track(deck, patterns[1], plan, begins),
        ]

    def _independent(self, plan: str, begins: date) -> list[_Track]:
        """The story's course, and a second goal that moves more slowly and is reviewed on the same days."""
        age = max(self._child.age(begins), YOUNGEST_FOR_INDEPENDENCE)
        deck = Deck(_fitting(age, independent=True), self._rng)
        course = self._child.story.goals or "+=+="
        slower = "".join(_slower(number, sign) for number, sign in enumerate(course))
        without_baseline = "goal_without_baseline" in self._child.story.flags
        return [
            _Track(deck, course, plan, begins),
            _Track(deck, slower, plan, begins, without_baseline=without_baseline),
        ]

    def _follow(self, track: _Track, tenure: Tenure) -> Iterator[Entry]:
        """Every goal of a track with its reviews, to the end of the tenure or the next review due."""
        goal = self._new_goal(track, track.begins + timedelta(days=FIRST_GOAL_DAYS))
        end = tenure.last or self._window.today + timedelta(days=EVERY_DAYS)
        if goal.set_on > min(end, self._window.today):
            return
        due = goal.set_on + timedelta(days=EVERY_DAYS)
        for number in count():
            if due >= end:
                break
            sign = track.pattern[number % len(track.pattern)]
            yield self._review(goal, due, sign, tenure)
            if goal.closed is None and track.withdrawn and goal.reviews == 2:
                goal.closed = ("withdrawn_by_agreement", min(due, self._window.today))
                following = due + timedelta(days=EVERY_DAYS)
                if following < end:
                    # It had been put down already, and is not due any more.
                    yield entry(
                        "goal_review",
                        author=self._child.key_worker_on(due),
                        person_id=self._child.reference,
                        goal_id=goal.reference,
                        due_on=following,
                    )
            if goal.closed is not None:
                yield self._goal(goal, track)
                track.withdrawn = False
                goal = self._new_goal(track, goal.closed[1])
            due += timedelta(days=EVERY_DAYS)
        if tenure.last is not None:
            goal.closed = ("ended_with_placement", tenure.last)
        yield self._goal(goal, track)

    def _new_goal(self, track: _Track, set_on: date) -> _Goal:
        baseline = self._rng.choice((0, 1, 1))
        reference = f"goal-{self._child.number:02d}-{next(self._goals):02d}"
        return _Goal(reference, track.goals.draw(), set_on, baseline, baseline)

    def _goal(self, goal: _Goal, track: _Track) -> Entry:
        status, closed_on = goal.closed or ("open", None)
        worker = self._child.key_worker_on(goal.set_on)
        words = goal.words
        return entry(
            "goal",
            goal.reference,
            author=worker,
            person_id=self._child.reference,
            plan_id=track.plan,
            area=words["area"],
            wording=words["wording"],
            child_words=words["child_words"],
            measure=words["measure"],
            owner_staff_id=worker or None,
            is_clear=self._ticked(words["area"], 3),
            is_individualised=True if self._child.number % 8 != 7 else words["area"] != "independence",
            set_on=goal.set_on,
            baseline_level=None if track.without_baseline else goal.baseline,
            target_level=words["target"],
            target_on=add_months(goal.set_on, 12),
            status=status,
            closed_on=closed_on,
            close_reason=None if status == "open" else status,
        )

    def _ticked(self, area: str, not_judged: int) -> bool | None:
        """Whether the reviewer said that a goal is clear: of one child in eight nobody looked at independence."""
        return None if area == "independence" and self._child.number % 8 == not_judged else True

    def _review(self, goal: _Goal, due: date, sign: str, tenure: Tenure) -> Entry:
        """One review: to come, not held, or held with its level and what it rests on."""
        common = {"person_id": self._child.reference, "goal_id": goal.reference, "due_on": due}
        worker = self._child.key_worker_on(due)
        held = self._held(goal, due, sign, tenure)
        if sign == "." and held is not None and self._was_explained(due):
            note = self._notes["not_assessed"].draw()
            return entry(
                "goal_review", author=worker, reviewed_on=held, judgement="not_assessed", note=note, **common
            )
        if sign == "." or held is None:
            return entry("goal_review", author=worker, **common)
        goal.level = max(0, min(goal.level + _STEP[sign], goal.words["target"]))
        goal.reviews += 1
        judgement = _JUDGED[sign]
        if goal.level == goal.words["target"] and sign == "+":
            judgement, goal.closed = "achieved", ("achieved", held)
        return entry(
            "goal_review",
            author=worker,
            reviewed_on=held,
            level=goal.level,
            judgement=judgement,
            reviewer_role=self._rng.choice(("keyworker", "keyworker", "social_worker", "child")),
            note=self._notes[judgement].draw(),
            session_id=self._sessions.held.get(held),
            **common,
        )

    def _was_explained(self, due: date) -> bool:
        """Most reviews that were not held are put down as not assessed by and by; some never are."""
        return self._window.today - due > timedelta(days=60) and self._rng.random() < 0.8

    def _held(self, goal: _Goal, due: date, sign: str, tenure: Tenure) -> date | None:
        """The day of the review: in a session where there was one that week; late where the story says so."""
        if sign == "l":
            day = due + timedelta(days=self._rng.randint(9, 20))
        else:
            day = self._sessions.near(due) or due - timedelta(days=self._rng.randint(0, 3))
        return day if goal.set_on <= day <= self._window.today and tenure.covers(day) else None


def _fitting(age: int, *, independent: bool) -> list[Mapping[str, Any]]:
    """The goals of the file for an age: of independence, or all others."""
    of_area = (goal for goal in content("goals") if (goal["area"] == "independence") == independent)
    return [goal for goal in of_area if goal["ages"][0] <= age <= goal["ages"][1]]


def _slower(number: int, sign: str) -> str:
    """The second goal's review: not held where the first was not, up where every fourth one goes up."""
    if sign == ".":
        return sign
    return "+" if sign == "+" and number % 4 == 0 else "="
