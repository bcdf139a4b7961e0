"""Cards of daily life: what children take part in, and whether their key worker changed."""

from bench.answering import answers
from bench.by_hand.narrowed import counted, nights
from bench.by_hand.words import Words

BRIEFLY = 28


@answers("hackney_homes.3.1-M4")
def taking_part(words: Words) -> str:
    within = "m.took_part_on >= p.first AND m.took_part_on < p.after"
    k = counted(
        words, "activity", "count(*) AS occasions", within, "m.outside_education IS TRUE", "m.took_part_on"
    )
    return _of_those_here(words, words.children(), k, "u.key IN (SELECT key FROM k)")


@answers("hackney_homes.3.1-K2")
def other_key_worker(words: Words) -> str:
    """From the one before to another one, unless nobody was there before in this stay."""
    lasted = words.days("valid_to", "valid_from")
    order = "PARTITION BY person_id ORDER BY valid_from, recorded_at, id"
    changed = f"""worker AS (
  SELECT person_id, valid_from, staff_id, lag(staff_id) OVER ({order}) AS before,
    max(coalesce(valid_to, {words.far})) OVER ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
  FROM keyworker_assignment
  WHERE withdrawn_at IS NULL AND NOT coalesce(is_cover AND {lasted} <= {BRIEFLY}, FALSE)),
new AS MATERIALIZED (SELECT * FROM worker WHERE staff_id <> before),
changed AS MATERIALIZED (
  SELECT p.n, w.person_id, s.contract_id FROM stays s
    JOIN new w ON s.person_id = w.person_id AND s.started_on <= w.valid_from AND s.until > w.valid_from AND w.covered > s.stay_from
    JOIN p ON w.valid_from >= p.first AND w.valid_from < p.after)"""
    met = "(u.n, u.person_id, u.contract_id) IN (SELECT n, person_id, contract_id FROM changed)"
    return _of_those_here(words, words.children(stay=True), changed, met)


def _of_those_here(words: Words, children: str, tables: str, met: str) -> str:
    """Bucket and reason of whoever was there: for fewer than 28 nights they are left out."""
    here = nights(words)
    return f"""WITH {children},
{tables}{here.tables},
one AS (SELECT u.n, u.contract_id, u.place, {here.value} AS nights, CASE WHEN {met} THEN 0 ELSE 1 END AS bucket
  FROM u {here.joined})
SELECT n, contract_id, place, CASE WHEN nights < {BRIEFLY} THEN 3 ELSE bucket END AS said,
  CASE WHEN nights < {BRIEFLY} THEN 0 ELSE -1 END AS reason, count(*)
FROM one GROUP BY n, contract_id, place, said, reason"""
