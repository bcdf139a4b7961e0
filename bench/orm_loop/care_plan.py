"""The card of care plans, where every area with a goal must show one moved on."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.answering import answers
from bench.numbers import LEFT_OUT, PRESENT, SET_ASIDE, SETTLED
from bench.orm_loop.judging import UNKNOWN, Judged, each_child, met
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, latest


@answers("newham_ifa.3_care_plan_progress")
@each_child()
def every_area(child: Child) -> Judged:
    goals = [Path(child, goal) for goal in standing(child.person.goals) if _counts(child, goal)]
    if not goals:
        return None
    if child.nights() < PRESENT:
        return LEFT_OUT, 0
    if child.days_here < SETTLED:
        return LEFT_OUT, 1
    current = [one for one in goals if not one.gone]
    areas = {one.goal.area for one in current} - {None}
    if not areas:
        return LEFT_OUT, 2
    if any(one.down for one in current):
        return met(False)
    if areas <= {one.goal.area for one in current if one.up}:
        return met(True)
    perhaps = {one.goal.area for one in current if one.up or one.not_known}
    return UNKNOWN if areas <= perhaps else met(False)


def _counts(child: Child, goal: Any) -> bool:
    """Was it open in the period, by the day of counting, and within the stay?"""
    begun = goal.set_on <= min(child.period.last, child.count_date)
    return begun and (goal.closed_on is None or goal.closed_on > max(child.period.first, child.stay.since))


@dataclass
class Path:
    """A goal between the last review before the period, or the baseline, and the last review in it."""

    child: Child
    goal: Any

    def __post_init__(self) -> None:
        first, last = self.child.period.first, min(self.child.period.last, self.child.count_date)
        spell = self.child.spell
        held = [
            one
            for one in standing(self.goal.reviews)
            if one.reviewed_on is not None
            and one.reviewed_on >= spell.since
            and self.child.here(one, one.reviewed_on, spell)
        ]
        self.now = latest((one for one in held if first <= one.reviewed_on <= last), "reviewed_on")
        self.before = latest((one for one in held if one.reviewed_on < first), "reviewed_on")

    @property
    def closed(self) -> bool:
        return self.goal.closed_on is not None and self.goal.closed_on <= self.child.count_date

    @property
    def level(self) -> Decimal | None:
        return None if self.now is None else self.now.level

    @property
    def level_before(self) -> Decimal | None:
        """The level that this one is compared with: of the review before, else the baseline."""
        return self.goal.baseline_level if self.before is None else self.before.level

    @property
    def judgement(self) -> str | None:
        return None if self.now is None else self.now.judgement

    @property
    def by_judgement(self) -> bool:
        """A level is missing on one side: the judgement decides."""
        return self.level is None or self.level_before is None

    @property
    def change(self) -> Decimal:
        if self.level is None or self.level_before is None:
            return Decimal(0)
        return self.level - self.level_before

    @property
    def gone(self) -> bool:
        """Set aside, or achieved before the period and held since."""
        if self.goal.status in SET_ASIDE and self.closed:
            return True
        if self.before is None or self.before.judgement != "achieved":
            return False
        if self.now is None:
            return True
        if self.level is None or self.before.level is None:
            return self.judgement in ("achieved", "improved", "no_change")
        return bool(self.level >= self.before.level)

    @property
    def up(self) -> bool:
        achieved = self.goal.status == "achieved" and self.closed and self.goal.closed_on in self.child.period
        improved = self.by_judgement and self.judgement == "improved"
        return achieved or self.judgement == "achieved" or self.change > 0 or improved

    @property
    def down(self) -> bool:
        return self.change < 0 or (self.by_judgement and self.judgement == "slipped_back")

    @property
    def not_known(self) -> bool:
        return self.now is None or (self.by_judgement and self.judgement in (None, "not_assessed"))
