"""Where a child learns or works now, and how often they were there in the last twelve weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from sqlalchemy import or_, select

from outcomes.care.people import Person
from outcomes.desk.asking import SINCE, UNTIL, Question, ask_of, of_the_child
from outcomes.desk.child.mark import Mark
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day, say_list
from outcomes.measures.figures.rounding import printed
from outcomes.records.education import Attendance, EducationSpell
from outcomes.web.pictures import Picture, Week, attendance_bars
from outcomes.web.templates import lower_first

WEEKS = 12
WEEK = timedelta(days=7)

SCHOOLS = ("mainstream_school", "special_school", "alternative_provision")
"""Where attendance is counted in half-day sessions, so that a week without a record is missing."""


@dataclass(frozen=True, slots=True)
class Education:
    """What is open on the day, and the attendance of the last weeks; `missing` are the weeks without."""

    marks: list[Mark]
    attended: int
    possible: int
    picture: Picture | None
    missing: list[date]

    @property
    def fraction(self) -> str:
        """ "104 of 120 sessions"."""
        return f"{self.attended} of {self.possible} sessions"

    @property
    def percentage(self) -> str:
        """By the rule of the figures (R11); "" where no session was possible."""
        return f"{printed(Fraction(self.attended * 100, self.possible))}%" if self.possible else ""

    @property
    def missing_words(self) -> str:
        """ "Not entered: the weeks of 5 October 2026 and 12 October 2026."; "" where none is missing."""
        if not self.missing:
            return ""
        weeks = "the week of" if len(self.missing) == 1 else f"{len(self.missing)} weeks, those of"
        return f"Not entered: {weeks} {say_list([say_day(one) for one in self.missing])}."


def education_of(child: Person, day: date) -> Education:
    """Two statements: the spells, and the weeks."""
    mondays = last_weeks(day, WEEKS)
    spells = ask_of(child, _spells(), since=mondays[0]).scalars().all()
    entered = ask_of(child, _weeks(), since=mondays[0], until=mondays[-1]).scalars()
    weeks = {one.week_starting: one for one in entered}
    open_now = [one for one in spells if one.valid_from <= day and not _ended(one, day)]
    expected = [monday for monday in mondays if at_school(spells, monday)]
    missing = [monday for monday in expected if monday not in weeks]
    shown = [monday for monday in mondays if monday in weeks or monday in expected]
    return Education(
        marks=[_mark(one, child) for one in open_now] or [_nothing(spells)],
        attended=sum(one.sessions_attended for one in weeks.values()),
        possible=sum(one.sessions_possible for one in weeks.values()),
        picture=_picture(shown, weeks) if weeks else None,
        missing=missing,
    )


def last_weeks(day: date, number: int) -> list[date]:
    """The Mondays of the last whole weeks, oldest first. The week that runs is not over yet."""
    this = day - timedelta(days=day.weekday())
    return [this - WEEK * back for back in range(number, 0, -1)]


def at_school(spells: Sequence[EducationSpell], monday: date) -> bool:
    """The child was on the roll of a school, and engaged there, through that school week."""
    friday = monday + timedelta(days=4)
    return any(
        one.setting_type in SCHOOLS
        and one.is_engaged is not False
        and one.valid_from <= monday
        and not _ended(one, friday)
        for one in spells
    )


def _ended(one: EducationSpell, day: date) -> bool:
    return one.valid_to is not None and one.valid_to <= day


@cache
def _spells() -> Question:
    return (
        select(EducationSpell)
        .where(of_the_child(EducationSpell.person_id), EducationSpell.standing())
        .where(or_(EducationSpell.valid_to.is_(None), EducationSpell.valid_to > SINCE))
        .order_by(EducationSpell.valid_from, EducationSpell.id)
    )


@cache
def _weeks() -> Question:
    week = Attendance.week_starting
    return (
        select(Attendance)
        .where(of_the_child(Attendance.person_id), Attendance.standing(), week >= SINCE, week <= UNTIL)
        .order_by(week)
    )


def _mark(one: EducationSpell, child: Person) -> Mark:
    setting = code_list("setting_type").label(one.setting_type)
    hours = f"{one.hours_per_week:f} hours a week, " if one.hours_per_week is not None else ""
    about, href = f"{hours}since {say_day(one.valid_from)}", address(one, child)
    about = about[:1].upper() + about[1:]
    if one.is_engaged:
        return Mark(setting, "yes", "Engaged", about, href)
    if one.is_engaged is None:
        return Mark(setting, "unknown", "Not known whether engaged", about, href)
    reasons = code_list("education_spell.reason_not_engaged")
    why = f": {lower_first(reasons.label(one.reason_not_engaged))}" if one.reason_not_engaged else ""
    return Mark(setting, "no", f"Not engaged{why}", about, href)


def _nothing(spells: Sequence[EducationSpell]) -> Mark:
    last = max((one.valid_to for one in spells if one.valid_to), default=None)
    ended = f"The last one ended on {say_day(last)}" if last else "Nothing recorded"
    return Mark("School, college or work", "unknown", "Not known", ended)


def _picture(mondays: Sequence[date], weeks: dict[date, Attendance]) -> Picture:
    return attendance_bars(
        f"Attendance of the last {WEEKS} weeks",
        [
            Week(monday, one.sessions_attended, one.sessions_possible)
            if (one := weeks.get(monday))
            else Week(monday)
            for monday in mondays
        ],
    )
