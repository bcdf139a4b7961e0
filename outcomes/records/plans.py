"""Plans and their reviews, the goals in them, and the dated reviews of each goal."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from outcomes.core.permissions import Permission
from outcomes.kit.declaring.columns import choice, day, decimal, line, link, words, yes_no
from outcomes.kit.declaring.guards import (
    Proposal,
    checked_by,
    not_before_birth,
    not_before_linked,
    same_child,
)
from outcomes.kit.declaring.record import ChildRecord, Due, of_child
from outcomes.kit.declaring.rules import Problems, filled_in_one_of, needed_when, not_before
from outcomes.kit.words import say_day
from outcomes.records.due_dates import review_due

WORKED_OUT = "Left blank, it is worked out from what went before"
LEVEL_HINT = "A number on the scale of this goal, for example 0 to 4"


class Plan(ChildRecord):
    """A care plan, pathway plan, support plan or independence programme."""

    declaration = of_child(
        "Plan",
        about="started_on",
        write=Permission.PLAN_WRITE,
        rules=(not_before("ended_on", "started_on"),),
        guards=(not_before_birth("started_on"),),
    )

    kind: Mapped[str] = choice("What kind of plan is it?", "plan.kind")
    started_on: Mapped[date] = day("When did it start?")
    ended_on: Mapped[date | None] = day("When did it end?", future=True)
    judged_appropriate_on: Mapped[date | None] = day("When was it judged to be appropriate?")
    judged_appropriate: Mapped[bool | None] = yes_no("Was it judged to be appropriate?")
    next_review_due_on: Mapped[date | None] = day("When is the next review due?", future=True)
    review_frequency: Mapped[str | None] = choice("How often is it reviewed?", "plan.review_frequency")

    def called(self) -> str:
        kind = type(self).asked_fields()["kind"].show(self.kind)
        return f"{kind} from {self.started_on.day} {self.started_on:%B %Y}"


def has_a_day(proposal: Proposal) -> Problems:
    """A review has a day on which it is due, typed or worked out, or one on which it was held."""
    if proposal.values.get("due_on") is not None or proposal.values.get("held_on") is not None:
        return {}
    return {"due_on": "Due on: enter the day, because it cannot be worked out from what is recorded."}


class PlanReview(ChildRecord):
    """A review of a plan: when it fell due, when it was held, and what came of it."""

    declaration = of_child(
        "Plan review",
        about="held_on",
        about_else="due_on",
        identifier="review_id",
        owner_through="plan_id",
        follows="placement",
        write=Permission.REVIEW_WRITE,
        due=Due("due_on", done="held_on"),
        stamps=(review_due,),
        guards=(
            checked_by(has_a_day),
            same_child("plan_id"),
            not_before_birth("due_on"),
            not_before_birth("held_on"),
            not_before_linked("held_on", "plan_id", "started_on", "must not be before the plan started"),
        ),
        indexes=(("plan_id", "held_on"),),
        constraints=(
            CheckConstraint("due_on IS NOT NULL OR held_on IS NOT NULL", name="some_of_due_on_and_held_on"),
        ),
    )

    plan_id: Mapped[int | None] = link("Of which plan?", "plan")
    kind: Mapped[str] = choice("What kind of review is it?", "plan_review.kind")
    due_on: Mapped[date | None] = day("When is it due?", hint=WORKED_OUT, future=True)
    held_on: Mapped[date | None] = day("When was it held?")
    chaired_by_role: Mapped[str | None] = choice("Who chaired it?", "plan_review.chaired_by_role")
    outcome: Mapped[str | None] = words("What was decided?", most=2000)

    def called(self) -> str:
        kind = type(self).asked_fields()["kind"].show(self.kind)
        day = self.about_on
        return f"{kind}, {say_day(day)}" if day else kind


class Goal(ChildRecord):
    """An objective or agreed outcome in a plan, in words that the child would use."""

    declaration = of_child(
        "Goal",
        about="set_on",
        write=Permission.PLAN_WRITE,
        rules=(
            not_before("closed_on", "set_on"),
            not_before("target_on", "set_on"),
            needed_when(
                "closed_on",
                "status",
                ("achieved", "replaced", "withdrawn_by_agreement", "ended_with_placement"),
                "enter the day on which the goal was closed.",
            ),
        ),
        guards=(
            not_before_birth("set_on"),
            same_child("plan_id"),
            not_before_linked("set_on", "plan_id", "started_on", "must not be before the plan started"),
        ),
    )

    plan_id: Mapped[int | None] = link("Which plan is it part of?", "plan")
    area: Mapped[str] = choice("Which area of life is it about?", "goal.area")
    wording: Mapped[str | None] = words(
        "What is the goal?", hint="Specific, and in words the child would use", most=2000
    )
    child_words: Mapped[str | None] = words("What does the child say about it?", most=2000)
    measure: Mapped[str | None] = words(
        "How will we know?", hint="What each level looks like, so that two people would agree", most=2000
    )
    owner_staff_id: Mapped[int | None] = link("Who helps the child with it?", "staff")
    is_clear: Mapped[bool | None] = yes_no("Is it clear?")
    is_individualised: Mapped[bool | None] = yes_no("Is it about this child?")
    set_on: Mapped[date] = day("When was it set?")
    baseline_level: Mapped[Decimal | None] = decimal(
        "At what level did the child start?", hint=LEVEL_HINT, most=100
    )
    target_level: Mapped[Decimal | None] = decimal(
        "Which level do they want to reach?", hint=LEVEL_HINT, most=100
    )
    target_on: Mapped[date | None] = day("By when?", future=True)
    status: Mapped[str] = choice("Where does it stand?", "goal.status")
    closed_on: Mapped[date | None] = day("When was it closed?")
    close_reason: Mapped[str | None] = choice("Why was it closed?", "goal.close_reason")

    def called(self) -> str:
        if not self.wording:
            return f"Goal: {type(self).asked_fields()['area'].show(self.area)}"
        return self.wording if len(self.wording) <= 80 else f"{self.wording[:77]}…"


class GoalReview(ChildRecord):
    """One dated review of one goal: where it stands, and what that rests on."""

    declaration = of_child(
        "Goal review",
        about="reviewed_on",
        about_else="due_on",
        owner_through="goal_id",
        follows="placement",
        due=Due("due_on", done="reviewed_on"),
        rules=(
            filled_in_one_of("due_on", "reviewed_on"),
            needed_when(
                "reviewed_on",
                "judgement",
                ("achieved", "improved", "no_change", "slipped_back"),
                "enter the day of the review.",
            ),
        ),
        guards=(
            same_child("goal_id"),
            not_before_linked("reviewed_on", "goal_id", "set_on", "must not be before the goal was set"),
            not_before_linked("due_on", "goal_id", "set_on", "must not be before the goal was set"),
            same_child("session_id"),
        ),
        indexes=(("goal_id", "reviewed_on"),),
    )

    goal_id: Mapped[int] = link("Which goal?", "goal")
    due_on: Mapped[date | None] = day("When was the review due?", future=True)
    reviewed_on: Mapped[date | None] = day("When was it held?")
    level: Mapped[Decimal | None] = decimal("Which level has the child reached?", hint=LEVEL_HINT, most=100)
    judgement: Mapped[str | None] = choice("How is it going?", "goal_review.judgement")
    reviewer_role: Mapped[str | None] = choice("Who reviewed it?", "goal_review.reviewer_role")
    note: Mapped[str | None] = words("What does it rest on?", hint="What was seen, said or done", most=2000)
    session_id: Mapped[int | None] = link("From which session?", "keyworker_session")
    document_id: Mapped[str | None] = line("From which document?", hint="Its reference", most=64)
