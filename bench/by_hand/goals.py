"""Cards of goals for independent living: that there are clear ones, and that they are consistently worked on."""

from bench.answering import answers
from bench.by_hand.narrowed import open_at_end, said
from bench.by_hand.words import Words


@answers("hackney_homes.1.4-K1")
def clear(words: Words) -> str:
    """A goal for independence that is clear and the child's own, open on the last day."""
    both = "m.is_clear IS TRUE AND m.is_individualised IS TRUE"
    blank = "m.is_clear IS NOT FALSE AND m.is_individualised IS NOT FALSE"
    best = f"max(CASE WHEN {both} THEN 3 WHEN {blank} THEN 2 ELSE 1 END)"
    one = said(words, "aim", best, "goal", open_at_end("set_on", "closed_on"), "m.area = 'independence'")
    return f"""WITH {words.children(at_end=True, stay=True)}{one.tables},
one AS (SELECT u.n, contract_id, place, {words.days("u.last", "u.stay_from")} AS since, {one.value} AS best
  FROM u JOIN person b ON b.id = u.person_id {one.joined} WHERE {words.age("u.last", "b.date_of_birth")} >= 11)
SELECT n, contract_id, place, CASE WHEN since < 28 THEN 3 WHEN best = 3 THEN 0 WHEN best = 2 THEN 2 ELSE 1 END AS bucket,
  CASE WHEN since < 28 THEN 0 ELSE -1 END AS reason, count(*)
FROM one GROUP BY n, contract_id, place, bucket, reason"""


@answers("hackney_homes.1.4-K2")
def consistent(words: Words) -> str:
    """Each review's step is worked out once per contract; a child's position is the running sum of steps."""
    before = words.six_months_before("u.count_date")
    withdrawn = "coalesce(g.status = 'withdrawn_by_agreement' AND g.closed_on <= u.count_date, FALSE)"
    until = f"CASE WHEN g.status IN ('open', 'achieved', 'ended_with_placement') OR g.closed_on IS NULL THEN {words.far} ELSE g.closed_on END"
    none, level = ("NULL::int", "NULL::numeric") if words.postgres else ("NULL", "NULL")
    nights = words.days(words.least("pl.until", "u.after"), words.greatest("pl.started_on", "u.first"))
    return f"""WITH {words.children(stay=True, spell=True)},
g AS MATERIALIZED (SELECT id, person_id, set_on, closed_on, status, baseline_level FROM goal
  WHERE area = 'independence' AND withdrawn_at IS NULL),
v AS MATERIALIZED (
  SELECT v.goal_id, v.person_id, pl.contract_id, v.placement_id, v.due_on, v.reviewed_on, v.level, v.recorded_at, v.id, g.baseline_level
  FROM g JOIN goal_review v ON v.goal_id = g.id LEFT JOIN pl ON pl.id = v.placement_id WHERE v.withdrawn_at IS NULL),
r AS MATERIALIZED (
  SELECT goal_id, contract_id, due_on, reviewed_on, level, recorded_at, id, baseline_level FROM v WHERE contract_id IS NOT NULL
  UNION ALL
  SELECT DISTINCT v.goal_id, s.contract_id, v.due_on, v.reviewed_on, v.level, v.recorded_at, v.id, v.baseline_level
  FROM v CROSS JOIN spells s WHERE v.placement_id IS NULL AND s.person_id = v.person_id
    AND coalesce(v.reviewed_on, v.due_on) >= s.spell_from AND coalesce(v.reviewed_on, v.due_on) < s.spell_until),
step AS MATERIALIZED (
  SELECT goal_id, contract_id, reviewed_on, level - coalesce(
    lag(level) OVER (PARTITION BY goal_id, contract_id ORDER BY reviewed_on, recorded_at, id), baseline_level) AS step
  FROM r WHERE level IS NOT NULL AND reviewed_on IS NOT NULL AND baseline_level IS NOT NULL),
mine AS MATERIALIZED (
  SELECT u.key, u.contract_id, u.count_date, g.id AS goal_id, g.baseline_level,
    CASE WHEN {withdrawn} THEN 0 ELSE 1 END AS stands,
    CASE WHEN g.set_on <= u.last AND (g.closed_on IS NULL OR g.closed_on > u.first) AND NOT {withdrawn} THEN 1 ELSE 0 END AS counts,
    CASE WHEN g.status = 'withdrawn_by_agreement' AND g.closed_on >= u.first AND g.closed_on < u.after THEN 1 ELSE 0 END AS withdrawn,
    {words.least("u.count_date", words.day(words.today), until)} AS due_until
  FROM u JOIN g ON g.person_id = u.person_id),
by_day AS (SELECT m.key, s.reviewed_on, m.count_date, sum(s.step) AS step
  FROM mine m JOIN step s ON s.goal_id = m.goal_id AND s.contract_id = m.contract_id AND s.reviewed_on <= m.count_date
  WHERE m.counts = 1 GROUP BY m.key, s.reviewed_on, m.count_date),
at_day AS (SELECT key, step, sum(step) OVER (PARTITION BY key ORDER BY reviewed_on) AS stands,
    CASE WHEN reviewed_on >= {before} THEN 1 ELSE 0 END AS inside FROM by_day u),
said AS (
  SELECT key, {none} AS place, {none} AS n, {none} AS contract_id, {none} AS since, 0 AS nights, sum(counts) AS goals, sum(withdrawn) AS withdrawn,
    sum(CASE WHEN baseline_level IS NULL THEN counts ELSE 0 END) AS no_baseline, 0 AS due, 0 AS points, {level} AS last_one, {level} AS highest
  FROM mine GROUP BY key
  UNION ALL SELECT m.key, NULL, NULL, NULL, NULL, 0, 0, 0, 0, CASE WHEN min(r.due_on) < max(r.due_on) THEN 2 ELSE 1 END, 0, NULL, NULL
  FROM mine m JOIN r ON r.goal_id = m.goal_id AND r.contract_id = m.contract_id AND r.due_on <= m.due_until WHERE m.stands = 1 GROUP BY m.key
  UNION ALL SELECT key, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, sum(inside), sum(step), max(CASE WHEN inside = 1 THEN stands END)
  FROM at_day GROUP BY key
  UNION ALL SELECT u.key, NULL, NULL, NULL, NULL, sum({nights}), 0, 0, 0, 0, 0, NULL, NULL
  FROM u JOIN pl ON pl.person_id = u.person_id AND pl.contract_id = u.contract_id AND pl.started_on < u.after AND pl.until > u.first
  GROUP BY u.key
  UNION ALL SELECT key, place, n, contract_id, {words.days("count_date", "stay_from")}, 0, 0, 0, 0, 0, 0, NULL, NULL FROM u),
one AS (
  SELECT max(n) AS n, max(contract_id) AS contract_id, max(place) AS place, max(since) AS since, sum(nights) AS nights,
    sum(goals) AS goals, sum(withdrawn) AS withdrawn, sum(no_baseline) AS no_baseline, sum(due) AS due, sum(points) AS points,
    max(last_one) AS last_one, max(highest) AS highest FROM said GROUP BY key),
judged AS (
  SELECT n, contract_id, place,
    CASE WHEN nights < 28 THEN 0 WHEN since < 56 THEN 1 WHEN goals < 1 THEN 2 WHEN due < 2 THEN 3 ELSE -1 END AS reason,
    CASE WHEN points < 2 OR no_baseline >= 1 THEN 2 WHEN last_one > 0 AND last_one >= highest THEN 0 ELSE 1 END AS bucket
  FROM one WHERE goals >= 1 OR withdrawn >= 1),
sorted AS (SELECT n, contract_id, place, reason, CASE WHEN reason >= 0 THEN 3 ELSE bucket END AS bucket FROM judged)
SELECT n, contract_id, place, bucket, reason, count(*) FROM sorted GROUP BY n, contract_id, place, bucket, reason"""
