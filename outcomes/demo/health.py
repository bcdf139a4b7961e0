"""Health checks: each kind falls due again after its recall; some are refused, some are late."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from outcomes.core.calendar import add_months
from outcomes.demo.child import Child
from outcomes.demo.entry import Entry, entry
from outcomes.demo.seeds import Deck, content
from outcomes.demo.window import Window

RECALL_MONTHS = {"dental": 6, "optical": 24, "review_health_assessment": 12}
AHEAD = timedelta(days=120)
"""Checks that fall due so soon are on the record already."""


def health_checks(child: Child, window: Window) -> Iterator[Entry]:
    """Every check of a child from the start of the window, or of the first stay, to the months ahead."""
    rng = child.rng("health")
    notes = {kind: Deck(words, rng) for kind, words in content("notes")["health"].items()}
    begins = max(child.stays[0].first, window.first)
    if child.stays[0].first > window.first:
        yield _attended(child, "initial_health_assessment", begins + timedelta(days=20), window, rng, notes)
    for kind, months in RECALL_MONTHS.items():
        due = begins + timedelta(days=rng.randint(25, 30 * min(months, 12)))
        yield from _course(child, kind, due, months, window, rng, notes)
    if rng.random() < 0.35:
        yield from _course(
            child, "camhs", begins + timedelta(days=rng.randint(60, 200)), 2, window, rng, notes
        )


def _course(
    child: Child, kind: str, due: date, months: int, window: Window, rng: Random, notes: dict[str, Deck[Any]]
) -> Iterator[Entry]:
    """One kind of check, again and again: attended, refused or missed, overdue, and to come."""
    while due < (child.stays[-1].last or window.today + AHEAD):
        if child.stay_on(min(due, window.today)) is None:
            due = add_months(due, 1)
            continue
        if due > window.today:
            soon = due - timedelta(days=rng.randint(0, 9))
            offered = soon if soon > window.today and rng.random() < 0.6 else None
            yield _check(child, kind, due, recall_months=months, offered_on=offered)
            return
        # What is overdue was due lately: nobody waits for years.
        lately = window.today - due < timedelta(days=60)
        fate = rng.choices(("attended", "refused", "overdue"), (8, 1.3, 4 if lately else 0))[0]
        if fate == "overdue":
            yield _check(child, kind, due, recall_months=months)
            return
        if fate == "refused":
            yield _check(
                child,
                kind,
                due,
                offered_on=due,
                missed_reason=rng.choice(("child_refused", "child_refused", "child_unwell", "child_away")),
                follow_up=notes["missed"].draw(),
            )
            due = add_months(due, 2)
            continue
        made = _attended(child, kind, due, window, rng, notes, months)
        yield made
        due = add_months(made.values.get("attended_on", due), months)


def _attended(
    child: Child,
    kind: str,
    due: date,
    window: Window,
    rng: Random,
    notes: dict[str, Deck[Any]],
    months: int | None = None,
) -> Entry:
    """Attended some days before it was due, or a little after."""
    day = min(due + timedelta(days=rng.choice((-12, -6, -3, 0, 0, 4, 15))), window.today)
    day = max(day, child.stays[0].first)
    return _check(
        child,
        kind,
        due,
        offered_on=day,
        attended_on=day,
        recall_months=months,
        follow_up=notes["attended"].draw(),
    )


def _check(child: Child, kind: str, due: date, **fields: Any) -> Entry:
    worker = child.key_worker_on(fields.get("attended_on") or due) or child.key_worker_on(
        child.stays[-1].first
    )
    return entry("health_check", author=worker, person_id=child.reference, kind=kind, due_on=due, **fields)
