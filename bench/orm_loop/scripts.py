"""Which script answers for which card. One with `by_place` counts a child at each place, where it is asked to."""

from collections.abc import Callable, Mapping

from bench.figures import Answer
from bench.orm_loop import (
    care_plan,
    daily,
    education,
    goals,
    health,
    missing,
    moves,
    plans,
    readings,
    records,
)

SCRIPTS: Mapping[str, Callable[..., Answer]] = {
    "hackney_homes.1.2-K1": moves.unplanned_moves,
    "hackney_homes.1.2-K2": moves.planned_moves,
    "hackney_homes.1.3-K1": education.engaged,
    "hackney_homes.1.3-K2": education.attendance,
    "hackney_homes.1.4-K1": goals.clear,
    "hackney_homes.1.4-K2": goals.consistent,
    "hackney_homes.2.1-K1": health.with_a_doctor,
    "hackney_homes.2.1-K2": health.with_a_dentist,
    "hackney_homes.2.1-K3": health.vaccinated,
    "hackney_homes.3.1-K2": daily.other_key_worker,
    "hackney_homes.3.1-M1": records.sessions_held,
    "hackney_homes.3.1-M2": records.sessions_missed,
    "hackney_homes.3.1-M4": daily.taking_part,
    "hackney_homes.3.2-K1": plans.objectives,
    "hackney_homes.3.2-K2": records.episodes,
    "hackney_homes.3.2-K3": missing.went_missing,
    "hackney_homes.3.2-K4": missing.by_procedure,
    "hackney_homes.3.2-K5": missing.interviewed,
    "hackney_homes.3.2-K6": missing.less_often,
    "newham_ifa.3_care_plan_progress": care_plan.every_area,
    "newham_ifa.4_in_education": education.engaged,
    "newham_ifa.5a_planned_endings": moves.planned_endings,
    "newham_ifa.5b_long_term_stability": moves.long_term,
    "newham_ifa.6_programme_in_place": plans.programme,
    "newham_ifa.6_progress_quarter": readings.progress,
    "newham_ifa.6_skills_for_age": readings.skills,
}
