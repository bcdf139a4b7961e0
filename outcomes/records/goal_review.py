"""Holding the review of a goal: where a review of it waits for its date, this is that one.

So the due date that was promised and the review that was held stand on one row, and a figure that
asks whether reviews were held by their date can tell.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.records.plans import Goal, GoalReview

AHEAD = timedelta(days=14)
"""A review held up to two weeks early is the one that was due: my day offers it from then on."""

REASON = "Review held"


def hold_review(goal: Goal, answers: Mapping[str, Any], *, by: Actor) -> GoalReview:
    """Write a held review of `goal`, and the next one where `next_due_on` is answered.

    `answers` are raw answers to the fields of a goal review. Raises Invalid with every problem of
    the review; nothing is written then.
    """
    values = {name: value for name, value in answers.items() if name != "next_due_on"}
    # Judged before it is known which row it is: the day must be a real one to find that out.
    checked = check(GoalReview, {"goal_id": goal, **values}, with_owner=True)
    held_on = checked.values["reviewed_on"]
    if held_on is None:
        raise Invalid.of("reviewed_on", "Reviewed on: enter the day of the review.")
    waiting = waiting_review(goal, held_on)
    if waiting is None:
        made = writer.record(checked, by=by)
    else:
        kept = {"goal_id": goal, "due_on": waiting.due_on, "document_id": waiting.document_id}
        held = check(GoalReview, kept | values, with_owner=True)
        made = writer.correct(waiting, held, revision=waiting.revision, reason=REASON, by=by)
    if answers.get("next_due_on") is not None:
        _plan_next(goal, answers["next_due_on"], held_on, by)
    assert isinstance(made, GoalReview)
    return made


def waiting_review(goal: Goal, day: date) -> GoalReview | None:
    """The review of the goal that one held on `day` is: the latest that is due by then, else the
    next that is due within two weeks. What was missed before stays missed."""
    rows = db.session.scalars(
        select(GoalReview)
        .where(GoalReview.goal_id == goal.id, GoalReview.standing())
        .where(GoalReview.reviewed_on.is_(None), GoalReview.due_on <= day + AHEAD)
        .order_by(GoalReview.due_on, GoalReview.id)
    ).all()
    due = [one for one in rows if one.due_on is not None and one.due_on <= day]
    return due[-1] if due else next(iter(rows), None)


def _plan_next(goal: Goal, due_on: Any, held_on: date, by: Actor) -> None:
    """The next review, so that my day can remind of it."""
    try:
        checked = check(GoalReview, {"goal_id": goal, "due_on": due_on}, with_owner=True)
        if checked.values["due_on"] <= held_on:
            raise Invalid.of("due_on", "Next review: enter a day after this review.")
        writer.record(checked, by=by)
    except Invalid as problem:
        raise Invalid(
            {"next_due_on": [text for texts in problem.fields.values() for text in texts]}
        ) from None
