"""Cards of school and work: who is engaged somewhere, and who attends more than nine sessions in ten."""

from bench.answering import answers
from bench.by_hand.narrowed import counted, open_at_end, said
from bench.by_hand.words import Words


@answers("hackney_homes.1.3-K1", "newham_ifa.4_in_education")
def engaged(words: Words) -> str:
    """What is open on the period's last day."""
    best = "max(CASE WHEN m.is_engaged IS TRUE THEN 3 WHEN m.is_engaged IS NULL THEN 2 ELSE 1 END)"
    one = said(words, "spell", best, "education_spell", open_at_end("valid_from", "valid_to"), "TRUE")
    return f"""WITH {words.children(at_end=True)}{one.tables},
one AS (SELECT u.n, contract_id, place, {one.value} AS best
  FROM u JOIN person b ON b.id = u.person_id {one.joined} WHERE {words.age("u.last", "b.date_of_birth")} >= 5)
SELECT n, contract_id, place, CASE best WHEN 3 THEN 0 WHEN 1 THEN 1 ELSE 2 END AS bucket, -1, count(*)
FROM one GROUP BY n, contract_id, place, bucket"""


@answers("hackney_homes.1.3-K2")
def attendance(words: Words) -> str:
    """Of those with at least twenty possible sessions."""
    sums = "sum(m.sessions_possible) AS possible, sum(m.sessions_attended) AS attended"
    within = "m.week_starting >= p.first AND m.week_starting < p.after"
    return f"""WITH {words.children()},
{counted(words, "attendance", sums, within, "TRUE", "m.week_starting")}
SELECT n, contract_id, place, CASE WHEN attended * 100 > possible * 90 THEN 0 ELSE 1 END AS bucket, -1, count(*)
FROM k WHERE possible >= 20 GROUP BY n, contract_id, place, bucket"""
