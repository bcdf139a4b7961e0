"""The list of children whom the reader may see, and the search by name within it.

The search is posted: a name in an address would stay in histories and logs.
"""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template
from sqlalchemy import ColumnElement, and_, func, or_, select

from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child.identity import age_of
from outcomes.desk.child.whereabouts import Whereabouts, placed, whereabouts_of
from outcomes.kit.pages.downloads import Listing, download, file_routes
from outcomes.kit.pages.list_files import MOST_ROWS, note_file
from outcomes.kit.reading.addresses import address
from outcomes.kit.reading.finding import note_list
from outcomes.kit.words import say_day
from outcomes.records.sessions import KeyworkerSession
from outcomes.web.fields import TextField
from outcomes.web.forms import DrawnForm
from outcomes.web.guard import current_actor
from outcomes.web.limits import PageWanted, page_wanted
from outcomes.web.pagination import page_of
from outcomes.web.routes import route

MOST_FOUND = 50
"""A search shows so many at most, and asks for more of the name."""

COLUMNS = ("Name", "Age", "Where", "Key worker", "Last session")


@route(desk_pages, "/children", permission=Permission.CHILD_READ, audit="child:list", methods=("GET", "POST"))
def children_list() -> str:
    """The children whom the reader may see, those placed today first; with what was searched for."""
    search = DrawnForm({"name": TextField("Search by name", width=20)})
    sought = str(search.raw_values()["name"]).strip()[:100]
    wanted = PageWanted(1, MOST_FOUND) if sought else page_wanted()
    children, total = children_found(sought, wanted)
    note_list(Person, children)
    rows = rows_of(children)
    return render_template(
        "desk/children.html",
        search=search,
        sought=sought,
        columns=COLUMNS,
        rows=rows,
        total=total,
        page=page_of(rows, total, wanted) if not sought else None,
        new_href="/children/new" if current_actor().may(Permission.CHILD_CREATE) else None,
    )


def children_file(form: str) -> Response:
    """All the children whom the reader may see, as the list shows them."""
    children, total = children_found("", PageWanted(1, MOST_ROWS))
    if total > MOST_ROWS:
        raise Invalid.of("", f"A file holds at most {MOST_ROWS:,} rows, and there are {total:,} children.")
    note_file("person", [child.public_id for child in children])
    rows = [row["cells"] for row in rows_of(children)]
    return download(Listing("children", "Children", COLUMNS, rows), form, current_actor())


file_routes(
    desk_pages,
    "/children",
    children_file,
    permission=Permission.CHILD_READ,
    audit="child:download",
    endpoint="children_file",
)


def children_found(sought: str, wanted: PageWanted) -> tuple[Sequence[Person], int]:
    """One page of the children whose name has every word of `sought`, and how many there are."""
    conditions = [Person.standing(), *(_named(word) for word in sought.split())]
    total = db.session.scalar(select(func.count(Person.id)).where(*conditions)) or 0
    name = func.lower(
        func.coalesce(Person.known_as, Person.given_name, "") + " " + func.coalesce(Person.family_name, "")
    )
    rows = db.session.scalars(
        select(Person)
        .outerjoin(Placement, and_(Placement.person_id == Person.id, placed()))
        .where(*conditions)
        .order_by(Placement.id.is_(None), name, Person.id)
        .limit(wanted.per_page)
        .offset(wanted.offset),
        {"day": today()},
    )
    return rows.all(), total


def _named(word: str) -> ColumnElement[bool]:
    names = (Person.known_as, Person.given_name, Person.family_name)
    return or_(*(column.icontains(word, autoescape=True) for column in names))


def rows_of(children: Sequence[Person]) -> list[dict[str, Any]]:
    """The children as rows of the list."""
    where = whereabouts_of(children)
    sessions = last_session_days([child.id for child in children])
    return [
        {
            "href": address(child),
            "cells": [
                child.called(),
                str(age_of(child)),
                _place(where[child.id]),
                where[child.id].key_worker,
                say_day(sessions[child.id]) if child.id in sessions else None,
            ],
        }
        for child in children
    ]


def _place(where: Whereabouts) -> str:
    return where.place or "Not placed here today"


def last_session_days(children: Sequence[int]) -> dict[int, Any]:
    """The day of the last session held with each of these children, by the child's key."""
    rows = db.session.execute(
        select(KeyworkerSession.person_id, func.max(KeyworkerSession.held_on))
        .where(KeyworkerSession.standing(), KeyworkerSession.status == "held")
        .where(KeyworkerSession.person_id.in_(children))
        .group_by(KeyworkerSession.person_id)
    )
    return {row[0]: row[1] for row in rows}
