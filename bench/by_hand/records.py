"""Cards that count records: key-worker sessions and missing episodes, by the place of their day."""

from bench.answering import answers
from bench.by_hand.words import Words


@answers("hackney_homes.3.1-M1")
def sessions_held(words: Words) -> str:
    """Held in the period, with a topic or a goal that was touched."""
    topics = "r.topics::text" if words.postgres else "r.topics"
    worth = (
        f"(coalesce({topics}, 'null') NOT IN ('null', '[]', '{{}}') OR EXISTS "
        "(SELECT 1 FROM goal_review g WHERE g.session_id = r.id AND g.withdrawn_at IS NULL))"
    )
    # The other side of that is a subquery that is rarely run: nearly every session has a topic.
    return _counted(
        words,
        "keyworker_session",
        "held_on",
        f"r.status = 'held' AND {worth}",
        "coalesce(r.held_on, r.planned_on)",
    )


@answers("hackney_homes.3.1-M2")
def sessions_missed(words: Words) -> str:
    missed = "r.status IN ('missed_by_staff', 'missed_by_child', 'cancelled_not_rearranged')"
    return _counted(words, "keyworker_session", "planned_on", missed, "coalesce(r.held_on, r.planned_on)")


@answers("hackney_homes.3.2-K2")
def episodes(words: Words) -> str:
    return _counted(
        words, "missing_episode", "started_at", "r.kind = 'missing'", words.london("r.started_at")
    )


def _counted(words: Words, table: str, dated: str, which: str, day: str) -> str:
    first, after = ("p.first_at", "p.after_at") if dated.endswith("_at") else ("p.first", "p.after")
    within = f"r.{dated} >= {first} AND r.{dated} < {after}"
    near = words.days("to_day", "since")
    return f"""WITH {words.p()},
{words.pl()},
gap AS (SELECT person_id, contract_id, place, until AS since,
    lead(started_on) OVER (PARTITION BY person_id, place, contract_id ORDER BY started_on, id) AS to_day FROM pl
    WHERE person_id IN (SELECT person_id FROM {table} WHERE placement_id IS NULL)),
found AS (
  SELECT p.n, pl.contract_id, pl.place FROM pl CROSS JOIN p
    JOIN {table} r ON r.person_id = pl.person_id AND r.placement_id = pl.id AND {within}
  WHERE pl.started_on <= p.last AND pl.until > p.first AND pl.contract_id IN {words.under}
    AND r.withdrawn_at IS NULL AND {which}
  UNION ALL
  SELECT p.n, gap.contract_id, gap.place FROM gap JOIN {table} r ON r.person_id = gap.person_id AND r.placement_id IS NULL
    JOIN p ON {within}
  WHERE {near} <= 28 AND {day} >= since AND {day} < to_day AND contract_id IN {words.under}
    AND r.withdrawn_at IS NULL AND {which})
SELECT n, contract_id, place, 0, -1, count(*) FROM found GROUP BY n, contract_id, place"""
