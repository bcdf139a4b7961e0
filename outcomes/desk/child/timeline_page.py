"""The timeline of a child: all kinds by the day they are about, with filters kept in the address."""

from typing import Any

from flask import render_template, request

from outcomes.core.clock import today
from outcomes.core.errors import Invalid
from outcomes.core.periods import Period, containing, parse_period
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child.found import child_of
from outcomes.desk.child.identity import identity
from outcomes.desk.child.page import ways_about
from outcomes.desk.child.timeline import Kind, kinds_shown, page_of_timeline
from outcomes.desk.child.timeline_words import lines_of
from outcomes.kit.reading.addresses import address
from outcomes.web.guard import current_actor
from outcomes.web.limits import page_wanted
from outcomes.web.pagination import page_of
from outcomes.web.reads import note_read
from outcomes.web.routes import route

QUARTERS_OFFERED = 8


@route(
    desk_pages,
    "/children/<public_id:child>/timeline",
    permission=Permission.CHILD_READ,
    audit="child:timeline",
)
def timeline_page(child: str) -> str:
    """One page of everything, newest first."""
    found, actor, wanted = child_of(child), current_actor(), page_wanted()
    kinds, period = kinds_shown(actor), _period()
    chosen = _chosen(kinds)
    rows, total = page_of_timeline(found, [chosen] if chosen else kinds, period, wanted)
    note_read("timeline", "", count=len(rows), person=found.public_id)
    where = f"{address(found)}/timeline"
    return render_template(
        "desk/timeline.html",
        child=identity(found),
        navigation_here=ways_about(found, "timeline"),
        filters=_filters(kinds, chosen, period),
        filtered=chosen is not None or period is not None,
        where=where,
        lines=lines_of(rows, found, actor),
        page=page_of(rows, total, wanted),
    )


def _chosen(kinds: list[Kind]) -> Kind | None:
    slug = request.args.get("kind", "")
    if not slug:
        return None
    for kind in kinds:
        if kind.slug() == slug:
            return kind
    raise Invalid.of("kind", "Choose a kind of record from the list.")


def _period() -> Period | None:
    code = request.args.get("period", "")
    return parse_period(code) if code else None


def _filters(kinds: list[Kind], chosen: Kind | None, period: Period | None) -> list[dict[str, Any]]:
    named = sorted((kind.declaration.many, kind.slug()) for kind in kinds)
    quarter = containing(today(), "quarter")
    periods = [quarter.earlier(steps) for steps in range(QUARTERS_OFFERED)]
    if period is not None and period not in periods:
        periods.append(period)
    return [
        {
            "name": "kind",
            "label": "Show",
            "options": [("", "Everything"), *((slug, title) for title, slug in named)],
            "chosen": chosen.slug() if chosen else "",
        },
        {
            "name": "period",
            "label": "From",
            "options": [("", "Any time"), *((one.code, one.title) for one in periods)],
            "chosen": period.code if period else "",
        },
    ]
