"""Which statement answers for which card: one for every card of the packs."""

from collections.abc import Callable, Mapping

from bench.by_hand import (
    care_plan,
    daily,
    education,
    goals,
    health,
    missing,
    placements,
    plans,
    readings,
    records,
    skills,
)
from bench.by_hand.words import Words

STATEMENTS: Mapping[str, Callable[[Words], str]] = {
    "hackney_homes.1.2-K1": placements.unplanned_moves,
    "hackney_homes.1.2-K2": placements.planned_moves,
    "hackney_homes.1.3-K1": education.engaged,
    "hackney_homes.1.3-K2": education.attends,
    "hackney_homes.1.4-K1": plans.clear_goals,
    "hackney_homes.1.4-K2": goals.consistent_progress,
    "hackney_homes.2.1-K1": health.with_a_gp,
    "hackney_homes.2.1-K2": health.with_a_dentist,
    "hackney_homes.2.1-K3": health.vaccinated,
    "hackney_homes.3.1-K2": daily.worker_changed,
    "hackney_homes.3.1-M1": records.sessions_held,
    "hackney_homes.3.1-M2": records.sessions_missed,
    "hackney_homes.3.1-M4": daily.takes_part,
    "hackney_homes.3.2-K1": plans.objectives_reviewed,
    "hackney_homes.3.2-K2": records.episodes,
    "hackney_homes.3.2-K3": missing.went_missing,
    "hackney_homes.3.2-K4": missing.by_procedure,
    "hackney_homes.3.2-K5": missing.interviewed,
    "hackney_homes.3.2-K6": missing.less_often,
    "newham_ifa.3_care_plan_progress": care_plan.in_every_area,
    "newham_ifa.4_in_education": education.engaged,
    "newham_ifa.5a_planned_endings": placements.planned_endings,
    "newham_ifa.5b_long_term_stability": placements.long_term,
    "newham_ifa.6_programme_in_place": plans.programme_kept_up,
    "newham_ifa.6_progress_quarter": readings.progress,
    "newham_ifa.6_skills_for_age": skills.skilled,
}
