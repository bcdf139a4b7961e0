"""Where each child learns or works, and how many half days of each week of term they were there."""

from collections.abc import Iterator
from datetime import date, timedelta

from outcomes.demo.child import Child
from outcomes.demo.entry import Entry, entry
from outcomes.demo.window import Window

SESSIONS = 10
OUT_DAYS = 110
"""Longer than a quarter, so that an end of a quarter finds the child out of school."""
HOLIDAY_MONTHS = (8,)
HOLIDAY_WEEKS = (1, 14, 15, 22, 44, 52, 53)
"""Weeks of the year without school, besides August."""
LEAVES_SCHOOL = 16


def education(child: Child, window: Window) -> Iterator[Entry]:
    """The spells of a child, and the weeks of those at school while they live with us."""
    begins = max(child.stays[0].first, window.first) - timedelta(days=300)
    course = child.number // 2 % 5
    # Every fifth child, of the carers and of the homes, is out of school for a while, or nobody says.
    out = max(child.stays[-1].first, window.first) + timedelta(days=60)
    back = out + timedelta(days=OUT_DAYS)
    if course in (1, 2) and out < window.today:
        yield _spell(child, begins, out)
        why = {"is_engaged": False, "reason_not_engaged": "excluded"} if course == 1 else {"is_engaged": None}
        until = back if back <= window.today else None
        yield entry("education_spell", person_id=child.reference, author=child.key_worker_on(out),
                    setting_type=_setting(child, out), valid_from=out, valid_to=until, **why)  # fmt: skip
        if until:
            yield _spell(child, until, None)
        yield from _weeks(child, window, (out, back))
        return
    yield _spell(child, begins, None)
    yield from _weeks(child, window, (window.today, window.today))


def _setting(child: Child, day: date) -> str:
    if child.age(day) >= LEAVES_SCHOOL:
        return ("college", "apprenticeship", "training")[child.number % 3]
    return ("mainstream_school", "mainstream_school", "special_school", "alternative_provision")[
        child.number % 4
    ]


def _spell(child: Child, first: date, last: date | None) -> Entry:
    setting = _setting(child, first)
    hours = 25 if child.age(first) < LEAVES_SCHOOL else 16
    return entry(
        "education_spell",
        author=child.key_worker_on(first),
        person_id=child.reference,
        setting_type=setting,
        is_engaged=True,
        hours_per_week=12 if setting == "alternative_provision" else hours,
        valid_from=first,
        valid_to=last,
    )


def _weeks(child: Child, window: Window, out: tuple[date, date]) -> Iterator[Entry]:
    """Each Monday of term: who is out of school has no week."""
    rng = child.rng("attendance")
    usual = rng.choice((0.985, 0.96, 0.94, 0.85))
    day = window.first - timedelta(days=window.first.weekday())
    while (day := day + timedelta(days=7)) + timedelta(days=5) <= window.today:
        term = day.month not in HOLIDAY_MONTHS and day.isocalendar().week not in HOLIDAY_WEEKS
        if not term or child.stay_on(day) is None or out[0] <= day < out[1]:
            continue
        missed = sum(rng.random() > usual for _ in range(SESSIONS))
        ill = rng.randint(0, missed)
        yield entry(
            "attendance",
            author=child.key_worker_on(day),
            person_id=child.reference,
            week_starting=day,
            sessions_possible=SESSIONS,
            sessions_attended=SESSIONS - missed,
            authorised_absences=ill,
            unauthorised_absences=missed - ill,
        )
