"""The form of a key-worker session: what it asks, what was typed, and where each message belongs."""

from collections.abc import Sequence
from typing import Any

from wtforms.fields.choices import SelectChoice

from outcomes.core.clock import today
from outcomes.core.errors import Invalid
from outcomes.desk.child.goals import GoalSoFar
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.words import say_day
from outcomes.records.key_session import HELD, Touched
from outcomes.records.sessions import MISSED
from outcomes.web.dates import DateField
from outcomes.web.fields import (
    CheckboxesField,
    DecimalField,
    DrawnField,
    RadiosField,
    SelectField,
    TextareaField,
    WholeField,
)
from outcomes.web.forms import DrawnForm

STEPS = {
    "slipped_back": "Went back",
    "no_change": "Same",
    "improved": "Better",
    "achieved": "Achieved",
    "": "Not today",
}
"""One tap per goal: the judgements in the words of a talk. A blank leaves the goal alone."""

SYMBOLS = {"slipped_back": "↓", "no_change": "→", "improved": "↑", "achieved": "★"}

_PLACES = {"held_on": "on", "status": "happened"}
"""Fields of the record that the form asks for under another name."""


class SessionForm(DrawnForm):
    """One screen: when, what became of it, each open goal, the child's words, what comes next."""

    def __init__(self, goals: Sequence[GoalSoFar]) -> None:
        self.goals = goals
        super().__init__(_questions(goals))

    def offer(self, staff: Sequence[SelectChoice]) -> None:
        """Whom the session may have been with: needed where the form is drawn, not where it is judged."""
        question = self["staff_id"]
        assert isinstance(question, SelectField), "staff are chosen from a list"
        question.choices = list(staff)

    def begin(self, staff: str | None) -> None:
        """What is right most often: today, with the one who types it."""
        self.fill({"on": today(), "staff_id": staff} | {judgement_of(one): "" for one in self.goals})

    @property
    def more(self) -> list[DrawnField]:
        """The questions that most sessions can do without."""
        return [self[name] for name in ("minutes", "topics", "planned_on", "staff_id")]

    @property
    def more_open(self) -> bool:
        """True where one of them has a message or was answered: nothing typed is out of sight."""
        return any(one.errors for one in self.more) or any(one.raw() for one in self.more[:3])

    def answers(self) -> dict[str, Any]:
        """The answers as the record's own fields. Raises Invalid where the form itself is not answered."""
        raw = {name: value or None for name, value in self.raw_values().items()}
        problems: dict[str, list[str]] = {}
        status = HELD if raw["happened"] == HELD else raw["missed"]
        if raw["happened"] not in (HELD, "not_held"):
            problems["happened"] = ["Select whether the session was held."]
        elif status is None:
            problems["missed"] = ["Select why it did not happen."]
        if raw["on"] is None:
            problems["on"] = ["Enter the day of the session."]
        if problems:
            raise Invalid(problems)
        held = status == HELD
        return {
            "status": status,
            "held_on": raw["on"] if held else None,
            "planned_on": raw["planned_on"] or (None if held else raw["on"]),
            "missed_reason": None if held else raw["missed_reason"],
            **{name: raw[name] for name in ("staff_id", "minutes", "topics", "child_words", "next_action")},
        }

    def touched(self) -> list[Touched]:
        """The goals that were tapped, or given a level."""
        raw = self.raw_values()
        found = []
        for one in self.goals:
            judgement, level = raw[judgement_of(one)] or None, raw.get(level_of(one)) or None
            if judgement or level:
                found.append(Touched(one.goal, str(judgement) if judgement else None, level))
        return found

    def place(self, problem: Invalid) -> None:
        """Show the messages of a refusal at the questions that the form asks."""
        self.show(Invalid(_placed(problem, held=self.raw_values()["happened"] == HELD)))


def _questions(goals: Sequence[GoalSoFar]) -> dict[str, Any]:
    statuses, topics = code_list("keyworker_session.status"), code_list("keyworker_session.topic")
    reasons = code_list("missed_reason").labels
    return {
        "on": DateField("When was it?"),
        "happened": RadiosField(
            "Was the session held?",
            choices=[
                SelectChoice(HELD, "Yes, it was held"),
                SelectChoice("not_held", "No, it did not happen"),
            ],
        ),
        "missed": RadiosField(
            "What happened?", choices=[SelectChoice(code, statuses.label(code)) for code in MISSED]
        ),
        "missed_reason": SelectField(
            "Why?", optional=True, choices=[SelectChoice(code, label) for code, label in reasons.items()]
        ),
        **{name: question for one in goals for name, question in _of_goal(one).items()},
        "child_words": TextareaField(
            "What did the child say?", hint="In their own words", optional=True, rows=4
        ),
        "next_action": TextareaField("What happens next?", optional=True, rows=2),
        "minutes": WholeField("How many minutes did it last?", suffix="minutes", optional=True),
        "topics": CheckboxesField(
            "What was it about?",
            optional=True,
            choices=[SelectChoice(code, label) for code, label in topics.labels.items()],
        ),
        "planned_on": DateField("For which day was it planned?", hint="If it was another day", optional=True),
        "staff_id": SelectField("Who was the session with?", optional=True),
    }


def _of_goal(one: GoalSoFar) -> dict[str, Any]:
    """The taps of one goal, and its level where the goal is measured in levels."""
    questions: dict[str, Any] = {
        judgement_of(one): RadiosField(
            one.goal.called(),
            hint=_last_time(one),
            choices=[SelectChoice(code, text) for code, text in STEPS.items()],
        )
    }
    if one.goal.baseline_level is not None:
        target = one.goal.target_level
        hint = f"{one.level_words} now" if target is None else one.level_words
        questions[level_of(one)] = DecimalField("Level today", hint=hint, optional=True, width=4)
    return questions


def _last_time(one: GoalSoFar) -> str:
    told = "Not reviewed yet"
    if one.latest and one.latest.judgement and one.latest.reviewed_on:
        words = STEPS.get(one.latest.judgement, "Not assessed").lower()
        told = f"Last time: {words}, {say_day(one.latest.reviewed_on)}"
    return f"{told}. Review due {say_day(one.next_due)}" if one.next_due else told


def judgement_of(one: GoalSoFar) -> str:
    """The name of the question how a goal is going."""
    return f"goal-{one.goal.public_id}"


def level_of(one: GoalSoFar) -> str:
    """The name of the question at which level a goal is."""
    return f"level-{one.goal.public_id}"


def _placed(problem: Invalid, *, held: bool) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, messages in problem.fields.items():
        place = _PLACES.get(name, name)
        if name == "planned_on" and not held:
            place = "on"
        if name.startswith("goals."):
            _, goal, field = name.split(".", 2)
            place = f"level-{goal}" if field == "level" else f"goal-{goal}"
        fields.setdefault(place, []).extend(messages)
    return fields
