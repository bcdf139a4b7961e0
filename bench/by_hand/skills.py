"""The card of skills, where each area of a reading is held against a level."""

from bench.answering import answers
from bench.by_hand.readings import AREAS, AT_AGE, COMPLETE, LATEST
from bench.by_hand.words import Words
from bench.world.work import INDEPENDENCE, TOOL


@answers("newham_ifa.6_skills_for_age")
def skills(words: Words) -> str:
    """A level agreed for the child goes before the one for the age; an area without a score is below it."""
    return f"""WITH {words.children(at_end=True, spell=True, more=", p.less_6")},
aged AS MATERIALIZED (SELECT u.*, {words.age("u.last", "b.date_of_birth")} AS age FROM u JOIN person b ON b.id = u.person_id),
{_ranked() if words.postgres else _looked_up()},
one AS (SELECT n, contract_id, place, reading_id, reached, CASE WHEN at_age IS NULL THEN coalesce(own, 0) ELSE {len(INDEPENDENCE)} END AS areas
  FROM {"taken LEFT JOIN owned USING (key) LEFT JOIN reaching USING (key)" if words.postgres else "judged"})
SELECT n, contract_id, place,
  CASE WHEN areas = 0 THEN 3 WHEN reading_id IS NULL THEN 2 WHEN reached = areas THEN 0 ELSE 1 END AS bucket,
  CASE WHEN areas = 0 THEN 0 ELSE -1 END AS reason, count(*)
FROM one GROUP BY n, contract_id, place, bucket, reason"""


RECENT = "r.taken_on >= u.less_6 AND r.taken_on <= u.last AND r.taken_on >= u.spell_from"
UNDER = "(q.contract_id = u.contract_id OR (r.placement_id IS NULL AND r.taken_on >= u.span_from AND r.taken_on < u.span_until))"
NEWEST = "ORDER BY e.valid_from DESC, e.recorded_at DESC, e.id DESC"
SCORED = f"s.area IN ({AREAS}) AND s.not_age_appropriate IS NOT TRUE"
AGREED = f"e.person_id = u.person_id AND e.instrument_code = '{TOOL}' AND e.valid_from <= u.last AND e.withdrawn_at IS NULL"


def _looked_up() -> str:
    """SQLite: the reading, its scores, and of each area the newest level are found by their indexes."""
    own = f"(SELECT e.level FROM expected_level e WHERE {AGREED} AND e.area = s.area {NEWEST} LIMIT 1)"
    return f"""taken AS MATERIALIZED (
  SELECT u.*, {AT_AGE} AS at_age, (
    SELECT r.id FROM reading r LEFT JOIN placement q ON q.id = r.placement_id AND q.withdrawn_at IS NULL
    WHERE r.person_id = u.person_id AND {COMPLETE} AND {RECENT} AND {UNDER} ORDER BY {LATEST} LIMIT 1) AS reading_id
  FROM aged u WHERE age >= 11),
judged AS (SELECT u.*,
    (SELECT count(DISTINCT e.area) FROM expected_level e WHERE {AGREED} AND e.area IN ({AREAS})) AS own,
    (SELECT count(*) FROM reading_score s
     WHERE s.reading_id = u.reading_id AND {SCORED} AND s.score >= coalesce({own}, u.at_age)) AS reached
  FROM taken u)"""


def _ranked() -> str:
    """PostgreSQL: all readings, all levels and all scores in one pass each."""
    return f"""latest AS MATERIALIZED (SELECT u.key, r.id, row_number() OVER (PARTITION BY u.key ORDER BY {LATEST}) AS pick
  FROM aged u JOIN reading r ON r.person_id = u.person_id AND {RECENT} LEFT JOIN pl q ON q.id = r.placement_id
  WHERE {COMPLETE} AND {UNDER}),
taken AS MATERIALIZED (
  SELECT u.key, u.n, u.contract_id, u.place, {AT_AGE} AS at_age, l.id AS reading_id
  FROM aged u LEFT JOIN latest l ON l.key = u.key AND l.pick = 1 WHERE age >= 11),
agreed AS (SELECT u.key, e.area, e.level, row_number() OVER (PARTITION BY u.key, e.area {NEWEST}) AS pick
  FROM aged u JOIN expected_level e ON {AGREED} AND e.area IN ({AREAS})),
own AS MATERIALIZED (SELECT key, area, level FROM agreed WHERE pick = 1),
owned AS (SELECT key, count(*) AS own FROM own GROUP BY key),
reaching AS (
  SELECT u.key, count(*) AS reached FROM taken u JOIN reading_score s ON s.reading_id = u.reading_id
    LEFT JOIN own ON own.key = u.key AND own.area = s.area
  WHERE {SCORED} AND s.score >= coalesce(own.level, u.at_age) GROUP BY u.key)"""
