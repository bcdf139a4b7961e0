"""The card of readings, where two readings are compared area by area."""

from bench.answering import answers
from bench.by_hand.narrowed import nights
from bench.by_hand.words import Words
from bench.world.work import INDEPENDENCE, TOOL, TOP

AREAS = ", ".join(f"'{area}'" for area in INDEPENDENCE)
COMPLETE = f"r.instrument_code = '{TOOL}' AND r.status = 'complete' AND r.withdrawn_at IS NULL"
LATEST = "r.taken_on DESC, r.recorded_at DESC, r.id DESC"
AT_AGE = "CASE WHEN u.age BETWEEN 11 AND 13 THEN 6 WHEN u.age BETWEEN 14 AND 17 THEN 8 END"


@answers("newham_ifa.6_progress_quarter")
def progress(words: Words) -> str:
    """SQLite looks each reading up by its index; PostgreSQL ranks all of them in one pass."""
    here = nights(words)
    verdict = "(SELECT verdict FROM moved WHERE moved.key = u.key)"
    return f"""WITH {words.children(stay=True, spell=True)}{here.tables},
aged AS MATERIALIZED (
  SELECT u.*, {words.age("u.count_date", "b.date_of_birth")} AS age, coalesce({here.value}, 0) AS nights
  FROM u JOIN person b ON b.id = u.person_id {here.joined}),
r AS MATERIALIZED (
  SELECT r.id, r.person_id, r.placement_id, pl.contract_id, r.version, r.informant, r.taken_on, r.recorded_at
  FROM reading r LEFT JOIN pl ON pl.id = r.placement_id
  WHERE {COMPLETE}),
{_ranked() if words.postgres else _looked_up()},
pair AS MATERIALIZED (
  SELECT u.key, u.age, u.now_id, coalesce(u.before_id, u.baseline_id) AS before_id
  FROM three u JOIN reading a ON a.id = u.now_id JOIN reading b ON b.id = coalesce(u.before_id, u.baseline_id)
  WHERE {words.days("a.taken_on", "b.taken_on")} >= 28),
side AS (
  SELECT u.key, u.age, s.area, max(CASE WHEN s.reading_id = now_id AND NOT coalesce(s.not_age_appropriate, FALSE) THEN s.score END) AS now,
    max(CASE WHEN s.reading_id = before_id AND NOT coalesce(s.not_age_appropriate, FALSE) THEN s.score END) AS before,
    max(CASE WHEN s.reading_id = now_id AND s.not_age_appropriate THEN 1 ELSE 0 END) AS now_not,
    max(CASE WHEN s.reading_id = before_id AND s.not_age_appropriate THEN 1 ELSE 0 END) AS before_not
  FROM pair u JOIN reading_score s ON s.reading_id IN (u.now_id, u.before_id)
  WHERE s.area IN ({AREAS}) GROUP BY u.key, u.age, s.area),
summed AS (
  SELECT u.key, sum(CASE WHEN now - before >= 1 THEN 1 ELSE 0 END) AS up, sum(CASE WHEN now - before <= -1 THEN 1 ELSE 0 END) AS down,
    sum(CASE WHEN now IS NOT NULL AND before IS NOT NULL THEN 1 ELSE 0 END) AS compared,
    sum(CASE WHEN now_not = 0 AND (now IS NOT NULL OR before IS NOT NULL) AND NOT ({_top("now")} AND (before_not = 1 OR {_top("before")}))
      THEN 1 ELSE 0 END) AS below
  FROM side u GROUP BY u.key),
moved AS MATERIALIZED (
  SELECT key, CASE WHEN up > down OR (below = 0 AND down = 0) THEN 0 ELSE 1 END AS verdict FROM summed WHERE compared > 0),
judged AS (
  SELECT u.n, u.contract_id, u.place, {"verdict" if words.postgres else verdict} AS verdict,
    CASE WHEN u.nights < 28 THEN 0 WHEN {words.days("u.count_date", "u.stay_from")} < 56 THEN 1 ELSE -1 END AS reason
  FROM aged u {"LEFT JOIN moved ON moved.key = u.key" if words.postgres else ""} WHERE u.age >= 11)
SELECT n, contract_id, place, CASE WHEN reason >= 0 THEN 3 ELSE coalesce(verdict, 2) END AS bucket, reason, count(*)
FROM judged GROUP BY n, contract_id, place, bucket, reason"""


def _top(score: str) -> str:
    return f"(coalesce({score} >= {TOP}, FALSE) OR coalesce({score} >= {AT_AGE}, FALSE))"


UNDER = """r.person_id = u.person_id AND (r.contract_id = u.contract_id
      OR (r.placement_id IS NULL AND r.taken_on >= u.span_from AND r.taken_on < u.span_until))"""
NOW = "r.taken_on >= u.first AND r.taken_on < u.after AND r.taken_on <= u.count_date AND r.taken_on >= u.spell_from"
BEFORE = "r.taken_on < u.first AND r.taken_on >= u.spell_from"
BASELINE = "r.taken_on >= u.stay_from AND r.taken_on <= u.count_date"
FIRST = "r.taken_on, r.recorded_at DESC, r.id DESC"


def _looked_up() -> str:
    def one(source: str, when: str, order: str, same: str = "") -> str:
        return f"(SELECT r.id FROM r WHERE {UNDER} AND {when}{same} ORDER BY {order} LIMIT 1)"

    alike = " AND r.version = a.version AND r.informant = a.informant"
    return f"""latest AS MATERIALIZED (SELECT u.*, {one("u", NOW, LATEST)} AS now_id FROM aged u WHERE u.age >= 11),
three AS (SELECT u.*, {one("u", BEFORE, LATEST, alike)} AS before_id, {one("u", BASELINE, FIRST, alike)} AS baseline_id
  FROM latest u JOIN r a ON a.id = u.now_id)"""


def _ranked() -> str:
    def one(name: str, source: str, when: str, order: str, join: str = "", same: str = "") -> str:
        return f"""{name}_r AS (SELECT u.key, r.id, row_number() OVER (PARTITION BY u.key ORDER BY {order}) AS pick
  FROM {source} u {join} JOIN r ON {UNDER} AND {when}{same} WHERE u.age >= 11)"""

    alike = " AND r.version = a.version AND r.informant = a.informant"
    with_now = "JOIN r a ON a.id = u.now_id"
    return f"""{one("now", "aged", NOW, LATEST)},
latest AS MATERIALIZED (SELECT u.*, x.id AS now_id FROM aged u JOIN now_r x ON x.key = u.key AND x.pick = 1),
{one("before", "latest", BEFORE, LATEST, with_now, alike)},
{one("baseline", "latest", BASELINE, FIRST, with_now, alike)},
three AS (SELECT u.*, b.id AS before_id, f.id AS baseline_id FROM latest u
  LEFT JOIN before_r b ON b.key = u.key AND b.pick = 1 LEFT JOIN baseline_r f ON f.key = u.key AND f.pick = 1)"""
