"""The child's page: plan and goals, sessions, readings, skills, health, education, missing, who's who, places."""

from datetime import date
from typing import Any

from flask import render_template

from outcomes.care.people import Person
from outcomes.core.actor import Actor, Level
from outcomes.core.clock import today
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child.care import missing_rows, sessions_of
from outcomes.desk.child.education import education_of
from outcomes.desk.child.found import child_of
from outcomes.desk.child.goals import goals_of, open_goals
from outcomes.desk.child.health import health_of
from outcomes.desk.child.identity import identity_with
from outcomes.desk.child.lately import (
    Event,
    latest,
    of_goals,
    of_health,
    of_missing,
    of_sessions,
    of_stays,
    of_views,
)
from outcomes.desk.child.people import PARTS, people_around, stays_of, whereabouts_from
from outcomes.desk.child.plan_reviews import plan_reviews_of
from outcomes.desk.child.readings import View, views_of
from outcomes.desk.child.skills import skills_of
from outcomes.kit.declaring.record import KINDS
from outcomes.kit.reading.addresses import address
from outcomes.web.guard import current_actor
from outcomes.web.routes import route

DOING = (
    ("keyworker_session", "Log a session"),
    ("reading", "Take a reading"),
    ("goal_review", "Review a goal"),
    ("health_check", "Record a health check"),
    ("missing_episode", "Record a missing episode"),
    ("attendance", "Enter a week’s attendance"),
    ("plan_review", "Record a plan review"),
    ("health_registration", "Add a GP, dentist or optician"),
    ("immunisation_status", "Record immunisations"),
    ("education_spell", "Add school, college or work"),
    ("expected_level", "Agree another level for a skill"),
    ("goal", "Add a goal"),
    ("contact", "Add a contact"),
    ("placement", "Add a placement"),
)
"""What can be recorded from this page, most used first."""


@route(desk_pages, "/children/<public_id:child>", permission=Permission.CHILD_READ, audit="child:read")
def child_page(child: str) -> str:
    """One page per child."""
    found = child_of(child)
    actor, day = current_actor(), today()
    who, record = _who(found, actor), _record(found, actor, day)
    lately = _lately(found, who, record, day)
    return render_template("desk/child.html", lately=lately, **who, **record)


def _who(child: Person, actor: Actor) -> dict[str, Any]:
    people, stays = people_around(child, actor), stays_of(child)
    levels = {"placement": Level.ADDRESS, "care_episode": Level.CARE}
    stays = [stay for stay in stays if actor.may_read(levels[stay.kind])]
    return {
        "child": identity_with(child, whereabouts_from(stays, people)),
        "navigation_here": ways_about(child, "overview"),
        "doing": _doing(child, actor),
        "parts": PARTS,
        "people": people,
        "stays": [
            {"href": f"{address(child)}/{stay.kind.replace('_', '-')}/{stay.public_id}", "stay": stay}
            for stay in stays
        ],
        "owner": child,
        "correct_href": f"{address(child)}/correct" if actor.may(Permission.CHILD_CREATE) else None,
    }


def _doing(child: Person, actor: Actor) -> list[dict[str, str]]:
    """The forms that this reader may open; for those who only read there is nothing here."""
    return [
        {"text": text, "href": f"{address(child)}/{KINDS[kind].slug()}/new"}
        for kind, text in DOING
        if actor.may(KINDS[kind].declaration.write) and actor.may_read(KINDS[kind].declaration.level)
    ]


def ways_about(child: Person, here: str) -> list[dict[str, Any]]:
    """The parts of a child's record, as the sub-navigation draws them."""
    where = address(child)
    ways = (("overview", "Overview", ""), ("timeline", "Timeline", "/timeline"))
    return [{"text": text, "href": where + rest, "active": name == here} for name, text, rest in ways]


def _record(child: Person, actor: Actor, day: date) -> dict[str, Any]:
    reads_care = actor.may_read(Level.CARE)
    goals, views = (goals_of(child), views_of(child)) if reads_care else ([], [])
    return {
        "all_goals": goals,
        "views": views,
        "goals": open_goals(goals),
        "closed_goals": [one for one in goals if one.goal.status != "open"],
        "plan_reviews": plan_reviews_of(child, day) if reads_care else [],
        "instruments": _by_instrument(views),
        "skills": skills_of(child, views, day) if reads_care else [],
        "sessions": sessions_of(child, day) if reads_care else None,
        "education": education_of(child, day) if reads_care else None,
        "health": health_of(child, day) if actor.may_read(Level.HEALTH) else None,
        "may_read_missing": actor.may_read(Level.SAFEGUARDING),
        "missing": missing_rows(child, day) if actor.may_read(Level.SAFEGUARDING) else [],
    }


def _lately(child: Person, who: dict[str, Any], record: dict[str, Any], day: date) -> list[Event]:
    """The last few things that happened, of what this reader may see."""
    return latest(
        [
            *of_goals(record["all_goals"], child),
            *of_views(record["views"], child),
            *(of_sessions(record["sessions"], child) if record["sessions"] else ()),
            *(of_health(record["health"]) if record["health"] else ()),
            *of_missing(record["missing"]),
            *of_stays([one["stay"] for one in who["stays"]], child),
        ],
        day,
    )


def _by_instrument(views: list[View]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for view in views:
        one = found.setdefault(view.instrument.id, {"title": view.instrument.called(), "views": []})
        one["views"].append(view)
    return list(found.values())
