"""Which statement answers for which card."""

from collections.abc import Callable, Mapping

from bench.by_hand import goals, missing, placements, readings, records
from bench.by_hand.words import Words

STATEMENTS: Mapping[str, Callable[[Words], str]] = {
    "hackney_homes.1.4-K2": goals.consistent_progress,
    "hackney_homes.3.1-M1": records.sessions_held,
    "hackney_homes.3.1-M2": records.sessions_missed,
    "hackney_homes.3.2-K2": records.episodes,
    "hackney_homes.3.2-K3": missing.went_missing,
    "hackney_homes.3.2-K4": missing.by_procedure,
    "hackney_homes.3.2-K5": missing.interviewed,
    "hackney_homes.3.2-K6": missing.less_often,
    "newham_ifa.5a_planned_endings": placements.planned_endings,
    "newham_ifa.5b_long_term_stability": placements.long_term,
    "newham_ifa.6_progress_quarter": readings.progress,
}
