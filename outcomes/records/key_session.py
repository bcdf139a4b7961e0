"""Logging a key-worker session: the session and what it says of each goal, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outcomes.care.people import Person
from outcomes.core.actor import Actor
from outcomes.core.errors import Invalid
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.records.goal_review import hold_review
from outcomes.records.plans import Goal
from outcomes.records.sessions import KeyworkerSession

HELD = "held"


@dataclass(frozen=True, slots=True)
class Touched:
    """What was said of one goal in a session: the raw answers to a goal review's own fields."""

    goal: Goal
    judgement: str | None
    level: Any = None


def log_session(
    child: Person, answers: Mapping[str, Any], touched: Sequence[Touched], *, by: Actor
) -> KeyworkerSession:
    """Write a session and a review of each goal that was touched, linked to it.

    Inside the door's transaction, so that a fault in one review leaves nothing. Raises Invalid with
    the problems found; those of a goal are named `goals.<the goal's public id>.<field>`.
    """
    problems = _of_goals_not_talked_about(answers, touched)
    try:
        checked = check(KeyworkerSession, {"person_id": child, **answers}, with_owner=True)
    except Invalid as problem:
        raise Invalid(problem.fields | problems) from None
    if problems:
        raise Invalid(problems)
    session = writer.record(checked, by=by)
    assert isinstance(session, KeyworkerSession)
    for one in touched:
        problems |= _reviewed(session, one, by)
    if problems:
        raise Invalid(problems)
    return session


def _of_goals_not_talked_about(
    answers: Mapping[str, Any], touched: Sequence[Touched]
) -> dict[str, list[str]]:
    problems = {}
    for one in touched:
        if answers.get("status") != HELD:
            problems[_place(one, "judgement")] = [
                f"{one.goal.called()}: choose “Not today”, because the session was not held."
            ]
        elif one.judgement is None:
            problems[_place(one, "judgement")] = [
                f"{one.goal.called()}: select how it is going, because a level was entered."
            ]
    return problems


def _reviewed(session: KeyworkerSession, one: Touched, by: Actor) -> dict[str, list[str]]:
    """The problems of one goal's review; empty when it is written."""
    answers = {
        "reviewed_on": session.held_on,
        "judgement": one.judgement,
        "level": one.level,
        "reviewer_role": by.role,
        "session_id": session,
    }
    try:
        hold_review(one.goal, answers, by=by)
    except Invalid as problem:
        return {_place(one, name): messages for name, messages in problem.fields.items()}
    return {}


def _place(one: Touched, name: str) -> str:
    return f"goals.{one.goal.public_id}.{name}"
