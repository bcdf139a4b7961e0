"""The life of a child: school and work, health, what they take part in, who their key worker is."""

from datetime import date, timedelta
from random import Random

from bench.world.habits import every, of, said, withdrawn
from bench.world.rows import Rows
from bench.world.size import Size
from bench.world.stays import Child

SPELL_DAYS = 300
WORKER_DAYS = 220
SESSIONS = 10
SETTINGS = ("mainstream_school", "mainstream_school", "special_school", "college", "training", "employment",
            "apprenticeship", "alternative_provision")  # fmt: skip
NOT_ENGAGED = ("awaiting_place", "excluded", "refusing")
MISSED = ("child_refused", "child_refused", "child_away", "not_offered")
ACTIVITIES = ("sport", "hobby", "community", "cultural")


def lived(rows: Rows, size: Size, rng: Random, child: Child, first: date, last: date) -> None:
    """Everything of that, from the child's first day in the records to the last."""
    _education(rows, rng, child, first, last)
    _attendance(rows, rng, child, first, last)
    _activities(rows, rng, child, first, last)
    for kind, often in (("gp", 0.96), ("dentist", 0.88)):
        if rng.random() < often:
            _registrations(rows, rng, child, kind, first, last)
    _checks(rows, rng, child, first, last)
    _vaccinations(rows, rng, child, first, last)
    _key_workers(rows, size, rng, child, first, last)


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _education(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    """One place of learning or work after the other; now and then a second one beside it."""
    day = _later(first, rng.randint(0, 40))
    while day < last:
        end = _later(day, max(40, round(rng.gauss(SPELL_DAYS, 120))))
        for _ in range(2 if rng.random() < 0.15 else 1):
            engaged = said(rng, 86, 9, 5)
            rows.add(
                "education_spell", day, **of(child, day), **withdrawn(rng, day), setting_type=rng.choice(SETTINGS),
                is_engaged=engaged, valid_from=day, valid_to=end if end < last else None,
                reason_not_engaged=rng.choice(NOT_ENGAGED) if engaged is False else None,
            )  # fmt: skip
        day = _later(end, rng.choice((0, 0, 0, 1, 20)))


def _attendance(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    """The weeks outside August, by their Mondays; some were not entered."""
    rate = rng.uniform(0.8, 1.0)
    monday = _later(first, 7 - first.weekday())
    while monday < last:
        if monday.month != 8 and rng.random() < 0.85:
            attended = sum(rng.random() < rate for _ in range(SESSIONS))
            authorised = rng.randint(0, SESSIONS - attended)
            rows.add(
                "attendance", monday, **of(child, monday), **withdrawn(rng, monday), week_starting=monday,
                sessions_possible=SESSIONS, sessions_attended=attended, authorised_absences=authorised,
                unauthorised_absences=SESSIONS - attended - authorised if rng.random() < 0.9 else None,
            )  # fmt: skip
        monday = _later(monday, 7)


def _activities(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    for day in every(rng.randint(10, 80), rng, first, last):
        rows.add(
            "activity", day, **of(child, day), **withdrawn(rng, day), kind=rng.choice(ACTIVITIES),
            title="Swimming club", took_part_on=day, outside_education=said(rng, 75, 15, 10),
        )  # fmt: skip


def _registrations(rows: Rows, rng: Random, child: Child, kind: str, first: date, last: date) -> None:
    """Some bring theirs along; others are registered after they came, and again after a move."""
    day = _later(first, rng.choice((-200, 0, 3, 5, 20, 60)))
    while day < last:
        end = _later(day, rng.choice((250, 700, 1500)))
        rows.add(
            "health_registration", day, **of(child, day), **withdrawn(rng, day), kind=kind,
            provider_name="Larkfield practice", valid_from=day, valid_to=end if end < last else None,
        )  # fmt: skip
        day = _later(end, rng.choice((0, 6, 35)))


def _checks(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    """Check-ups at the dentist about twice a year, an assessment of health once."""
    for kind, days in (("dental", 190), ("review_health_assessment", 365)):
        for due in every(days, rng, first, last):
            attended = _later(due, rng.randint(-10, 30)) if rng.random() < 0.75 else None
            attended = None if attended is not None and attended > last else attended
            missed = rng.choice(MISSED) if attended is None and rng.random() < 0.8 else None
            rows.add(
                "health_check", due, **of(child, due), **withdrawn(rng, due), kind=kind, due_on=due,
                attended_on=attended, missed_reason=missed,
            )  # fmt: skip


def _vaccinations(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    for day in every(250, rng, first, last):
        current = said(rng, 78, 14, 8)
        declined = None if current else said(rng, 30, 40, 30)
        rows.add(
            "immunisation_status", day, **of(child, day), **withdrawn(rng, day), assessed_on=day,
            up_to_date=current, source="gp_record", declined=declined,
        )  # fmt: skip


def _key_workers(rows: Rows, size: Size, rng: Random, child: Child, first: date, last: date) -> None:
    """One after the other, with others who cover for them: after them or beside them, briefly or for long."""

    def worker(other: int) -> int:
        return other % size.staff + 1

    def assigned(staff: int, since: date, until: date, cover: bool | None) -> None:
        reason = rng.choice((None, "left_employment", "rota_change", "child_asked"))
        rows.add(
            "keyworker_assignment", since, **of(child, since), **withdrawn(rng, since), staff_id=staff,
            valid_from=since, valid_to=until if until < last else None, is_cover=cover, change_reason=reason,
        )  # fmt: skip

    day, staff = _later(first, rng.randint(0, 10)), rng.randint(1, size.staff)
    while day < last:
        end = _later(day, max(20, round(rng.expovariate(1 / WORKER_DAYS))))
        assigned(staff, day, end, rng.choice((False, None)))
        back = _later(end, rng.randint(5, 50))
        covered = rng.random()
        if covered < 0.4 and end < last:
            assigned(worker(staff), end if covered < 0.2 else _later(end, -4), back, True)
        day = back if covered < 0.2 else _later(end, rng.choice((0, 0, 0, 8)))
        # After cover the same one comes back, after anything else it is somebody else.
        staff = staff if covered < 0.2 else worker(staff + 1)


def levels_of_their_own(
    rows: Rows, size: Size, rng: Random, child: Child, areas: tuple[str, ...], tool: str, first: date, last: date
) -> None:  # fmt: skip
    """For some children another level was agreed than the one for their age."""
    if rng.random() > 0.2:
        return
    for day in every(200, rng, first, last):
        rows.add(
            "expected_level", day, **of(child, day), **withdrawn(rng, day), instrument_code=tool,
            area=rng.choice(areas), level=rng.randint(1, 9), reason="Agreed at the review", valid_from=day,
            set_by=rng.randint(1, size.staff),
        )  # fmt: skip
