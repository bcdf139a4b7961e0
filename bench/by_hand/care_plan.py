"""The card of the care plan, where every area with a goal must have moved."""

from bench.answering import answers
from bench.by_hand.narrowed import nights, times
from bench.by_hand.words import Words

ACHIEVED = "(status = 'achieved' AND closed_on >= first AND closed_on < after AND closed_on <= count_date)"
UNKNOWN = "(now_level IS NULL OR (before_id IS NOT NULL AND before_level IS NULL) OR (before_id IS NULL AND baseline_level IS NULL))"
"""A level is missing on one side: then the judgement decides."""

UP = f"""({ACHIEVED} OR now_judged = 'achieved' OR now_level > before_level OR (before_id IS NULL AND now_level > baseline_level)
      OR ({UNKNOWN} AND now_judged = 'improved'))"""
DOWN = f"""now_level < before_level OR (before_id IS NULL AND now_level < baseline_level)
      OR ({UNKNOWN} AND now_judged = 'slipped_back')"""
NOT_KNOWN = f"(now_id IS NULL OR ({UNKNOWN} AND coalesce(now_judged, 'not_assessed') = 'not_assessed'))"
HELD = """(before_judged = 'achieved' AND (now_id IS NULL OR now_level >= before_level
      OR ((now_level IS NULL OR before_level IS NULL) AND now_judged IN ('achieved', 'improved', 'no_change'))))"""


@answers("newham_ifa.3_care_plan_progress")
def every_area(words: Words) -> str:
    """The latest review of each goal in the period against the latest before it; then areas, then children."""
    here = nights(words)
    child = "key, n, contract_id, person_id, place, first, after, since"
    return f"""WITH {words.children(stay=True, spell=True)}{here.tables},
mine AS MATERIALIZED (
  SELECT u.key, u.n, u.contract_id, u.person_id, u.place, u.first, u.after, u.count_date, u.spell_from, u.spell_until,
    {words.days("u.count_date", "u.stay_from")} AS since, g.id AS goal_id, g.area, g.status, g.closed_on, g.baseline_level
  FROM u JOIN goal g ON g.person_id = u.person_id AND g.set_on <= u.count_date
  WHERE g.withdrawn_at IS NULL AND (g.closed_on IS NULL OR (g.closed_on > u.first AND g.closed_on > u.stay_from))),
{_ranked() if words.postgres else _looked_up()},
moved AS (SELECT {child}, area, {UP} AS up, {DOWN} AS down, {NOT_KNOWN} AS not_known,
    NOT coalesce((status IN ('replaced', 'withdrawn_by_agreement') AND closed_on <= count_date) OR {HELD}, FALSE) AS counts
  FROM two),
by_area AS (
  SELECT {child}, max(CASE WHEN counts THEN 1 ELSE 0 END) AS counts, max(CASE WHEN counts AND up THEN 1 ELSE 0 END) AS up,
    max(CASE WHEN counts AND (up OR not_known) THEN 1 ELSE 0 END) AS maybe, {times("counts AND down")} AS down
  FROM moved GROUP BY {child}, area),
child AS (
  SELECT {child}, sum(counts) AS areas, sum(up) AS up, sum(maybe) AS maybe, sum(down) AS down FROM by_area GROUP BY {child}),
judged AS (
  SELECT u.n, u.contract_id, u.place,
    CASE WHEN {here.value} < 28 THEN 0 WHEN since < 56 THEN 1 WHEN areas = 0 THEN 2 ELSE -1 END AS reason,
    CASE WHEN up >= areas AND down = 0 THEN 0 WHEN maybe >= areas AND down = 0 THEN 2 ELSE 1 END AS bucket
  FROM child u {here.joined})
SELECT n, contract_id, place, CASE WHEN reason >= 0 THEN 3 ELSE bucket END AS said, reason, count(*)
FROM judged GROUP BY n, contract_id, place, said, reason"""


def _looked_up() -> str:
    """SQLite: of each goal one look into the index by day, and one more."""

    def latest(when: str) -> str:
        return f"""(SELECT v.id FROM goal_review v LEFT JOIN placement q ON q.id = v.placement_id AND q.withdrawn_at IS NULL
      WHERE v.goal_id = m.goal_id AND {when} AND v.reviewed_on >= m.spell_from AND v.withdrawn_at IS NULL
        AND (q.contract_id = m.contract_id OR (v.placement_id IS NULL AND v.reviewed_on < m.spell_until))
      ORDER BY v.reviewed_on DESC, v.recorded_at DESC, v.id DESC LIMIT 1)"""

    now = "v.reviewed_on >= m.first AND v.reviewed_on < m.after AND v.reviewed_on <= m.count_date"
    return f"""found AS MATERIALIZED (SELECT m.*, {latest(now)} AS now_id, {latest("v.reviewed_on < m.first")} AS before_id FROM mine m),
two AS (SELECT f.*, a.level AS now_level, a.judgement AS now_judged, b.level AS before_level, b.judgement AS before_judged
  FROM found f LEFT JOIN goal_review a ON a.id = f.now_id LEFT JOIN goal_review b ON b.id = f.before_id)"""


def _ranked() -> str:
    """PostgreSQL: all reviews of all goals in one pass."""
    return """review AS (
  SELECT m.key, m.goal_id, v.id, v.level, v.judgement, v.reviewed_on >= m.first AS now, row_number() OVER (
    PARTITION BY m.key, m.goal_id, v.reviewed_on >= m.first ORDER BY v.reviewed_on DESC, v.recorded_at DESC, v.id DESC) AS pick
  FROM mine m JOIN goal_review v ON v.goal_id = m.goal_id AND v.reviewed_on < m.after AND v.reviewed_on <= m.count_date
      AND v.reviewed_on >= m.spell_from
    LEFT JOIN pl q ON q.id = v.placement_id
  WHERE v.withdrawn_at IS NULL
    AND (q.contract_id = m.contract_id OR (v.placement_id IS NULL AND v.reviewed_on < m.spell_until))),
two AS MATERIALIZED (
  SELECT m.*, a.id AS now_id, a.level AS now_level, a.judgement AS now_judged, b.id AS before_id, b.level AS before_level,
    b.judgement AS before_judged
  FROM mine m LEFT JOIN review a ON a.key = m.key AND a.goal_id = m.goal_id AND a.now AND a.pick = 1
    LEFT JOIN review b ON b.key = m.key AND b.goal_id = m.goal_id AND NOT b.now AND b.pick = 1)"""
