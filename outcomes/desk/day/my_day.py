"""My day: what is overdue and due for the children of today, by child, each line one tap from done."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from flask import render_template
from sqlalchemy import select

from outcomes.care.people import KeyworkerAssignment, Person
from outcomes.core.actor import Actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.permissions import Permission
from outcomes.desk.asking import Here, Question
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child.identity import age_of
from outcomes.desk.child.whereabouts import (
    PLACE_AND_KEY_WORKERS,
    Whereabouts,
    add_whereabouts,
    with_place_and_key_workers,
)
from outcomes.desk.day.due import dated, stale_goals, untold_endings
from outcomes.desk.day.due_words import (
    Task,
    dated_task,
    ending_task,
    most_pressing,
    reading_tasks,
    session_task,
    stale_task,
)
from outcomes.desk.day.gap_words import (
    About,
    attendance_task,
    plan_task,
    recall_task,
    registration_tasks,
    skills_task,
)
from outcomes.desk.day.gaps import recalls, school_weeks, skills_tools, unplanned_reviews
from outcomes.desk.day.standing import Standing, standing_of
from outcomes.kit.reading.addresses import address
from outcomes.kit.reading.finding import note_list
from outcomes.kit.words import say_day
from outcomes.web.guard import current_actor
from outcomes.web.kept_forms import kept_of
from outcomes.web.routes import route

MOST_CHILDREN = 60
"""More than that is no day's work: the page shows those who press most, and says so."""


@dataclass(slots=True)
class ChildDay:
    """One child's share of the day."""

    child: Person
    where: Whereabouts
    tasks: list[Task] = field(default_factory=list)

    def is_key_child_of(self, actor: Actor) -> bool:
        return actor.staff_id is not None and any(
            one.staff_id == actor.staff_id for one in self.where.key_workers
        )

    def add(self, *tasks: Task | None) -> None:
        """Note what is due; None is what turned out not to be."""
        self.tasks += [task for task in tasks if task is not None]

    @property
    def pressing(self) -> tuple[int, int, str]:
        """Sorts children: most overdue first, then most to do, then by name."""
        overdue = sum(task.state == "overdue" for task in self.tasks)
        return -overdue, -len(self.tasks), self.child.called()


@route(desk_pages, "/my-day", permission=Permission.MY_DAY, audit="my-day:read")
def my_day() -> str:
    """What is due for the children of today."""
    actor, day = current_actor(), today()
    days = days_of(actor, day)
    shown = sorted(days, key=lambda one: one.pressing)[:MOST_CHILDREN]
    endings = untold_endings(day) if actor.may(Permission.PLACEMENT_WRITE) else []
    note_list(Person, _named([*(one.child for one in shown), *(ending[0] for ending in endings)]))
    return render_template(
        "desk/my_day.html",
        day=say_day(day),
        sections=sections_of(shown, actor),
        left_out=len(days) - len(shown),
        counts=counts_of(days) if actor.may(Permission.MEMBERS_READ) else [],
        endings=[ending_task(*one, day) for one in endings],
        total=len(days),
        unsaved=len(kept_of(actor.account_id)) if actor.account_id is not None else 0,
    )


def _named(children: Iterable[Person]) -> list[Person]:
    """Each child whom the page names, once."""
    return list({child.id: child for child in children}.values())


def days_of(actor: Actor, day: date) -> list[ChildDay]:
    """Every child placed today whom this actor may see, with what is due for them."""
    days = children_of(day)
    here = Here(list(days), day)
    standing = standing_of(here)
    _add_dated(days, actor, here)
    _add_regular(days, actor, day, standing)
    _add_gaps(days, actor, here, standing)
    for one in days.values():
        one.tasks.sort(key=lambda task: task.order)
    return list(days.values())


def _add_dated(days: dict[int, ChildDay], actor: Actor, here: Here) -> None:
    """What waits for its date, and goals that nobody has looked at."""
    for waiting, missed in most_pressing(dated(here, actor), here.day):
        if one := days.get(waiting.record.person_id):
            one.add(dated_task(waiting, missed, one.child, actor, here.day))
    for goal, last in stale_goals(here):
        if one := days.get(goal.person_id):
            one.add(stale_task(one.child, goal, last, actor))


def _add_regular(days: dict[int, ChildDay], actor: Actor, day: date, standing: dict[int, Standing]) -> None:
    """The next session, this quarter's readings, and skills that nobody rated yet."""
    tools = skills_tools()
    for key, one in days.items():
        of = About(one.child, one.where.since or day, actor, day)
        taken = standing[key].readings
        one.add(session_task(one.child, one.where, standing[key].session, actor, day))
        one.add(*reading_tasks(one.child, of.since, taken, actor, day), skills_task(of, taken, tools))


def _add_gaps(days: dict[int, ChildDay], actor: Actor, here: Here, standing: dict[int, Standing]) -> None:
    """What no record waits for: registrations, recalls, reviews of plans, school weeks."""
    about = {key: About(one.child, one.where.since or here.day, actor, here.day) for key, one in days.items()}
    at_school = school_weeks(here)
    for key, of in about.items():
        days[key].add(*registration_tasks(of, standing[key].registered))
        if weeks := at_school.get(key):
            days[key].add(attendance_task(of, replace(weeks, entered=standing[key].weeks)))
    for check, due_on in recalls(here):
        if whose := about.get(check.person_id):
            days[check.person_id].add(recall_task(whose, check, due_on))
    for plan in unplanned_reviews(here):
        if whose := about.get(plan.person_id):
            days[plan.person_id].add(plan_task(whose, plan))


def children_of(day: date) -> dict[int, ChildDay]:
    """The children placed on a day, with their place and key workers, by key."""
    days: dict[int, ChildDay] = {}
    for row in db.session.execute(_children(), {"day": day}):
        one = days.setdefault(row.Person.id, ChildDay(row.Person, Whereabouts()))
        add_whereabouts(one.where, row)
    return days


@cache
def _children() -> Question:
    children = with_place_and_key_workers(select(Person, *PLACE_AND_KEY_WORKERS), outer=False)
    return children.where(Person.standing()).order_by(Person.id, KeyworkerAssignment.valid_from)


def sections_of(days: Iterable[ChildDay], actor: Actor) -> list[dict[str, Any]]:
    """One's own key children first, then the others by the place where they live."""
    sections: dict[str, list[ChildDay]] = {}
    for one in days:
        title = "My key children" if one.is_key_child_of(actor) else one.where.place or "Elsewhere"
        sections.setdefault(title, []).append(one)
    mine_first = sorted(sections, key=lambda title: (title != "My key children", title))
    return [
        {
            "title": title,
            "children": [_child(one, actor) for one in sections[title] if one.tasks],
            "quiet": [
                {"text": one.child.called(), "href": address(one.child)}
                for one in sections[title]
                if not one.tasks
            ],
        }
        for title in mine_first
    ]


def _child(one: ChildDay, actor: Actor) -> dict[str, Any]:
    facts = [f"Age {age_of(one.child)}", one.where.place]
    facts.append(f"key worker {one.where.key_worker}" if one.where.key_worker else "no key worker")
    return {
        "name": one.child.called(),
        "href": address(one.child),
        "facts": ", ".join(fact for fact in facts if fact),
        "tasks": one.tasks,
        "log_href": f"{address(one.child)}/keyworker-session/new"
        if actor.may(Permission.CARE_WRITE)
        else None,
    }


def counts_of(days: Iterable[ChildDay]) -> list[list[str]]:
    """By key worker: children, overdue, due now, coming up. Cover counts with the one covered for."""
    counts: dict[str, list[int]] = {}
    for one in days:
        name = next((who.name for who in one.where.key_workers if not who.cover), "No key worker")
        row = counts.setdefault(name, [0, 0, 0, 0])
        row[0] += 1
        for task in one.tasks:
            row[1 + ("overdue", "due", "soon").index(task.state)] += 1
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1][1], entry[0]))
    return [[name, *(str(number) for number in row)] for name, row in ordered]
