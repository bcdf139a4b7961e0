"""Cards of plans: objectives that were reviewed in time, and programmes that are kept up."""

from bench.answering import answers
from bench.by_hand.narrowed import times
from bench.by_hand.words import Words


@answers("hackney_homes.3.2-K1")
def objectives(words: Words) -> str:
    """Each goal with reviews that fell due, while the child was under the contract."""
    join = "JOIN" if words.postgres else "CROSS JOIN"
    stands = "(g.status IN ('open', 'achieved', 'ended_with_placement') OR g.closed_on IS NULL OR v.due_on <= g.closed_on)"
    well = "v.reviewed_on <= v.due_on AND v.judgement IN ('achieved', 'improved')"
    failed = (
        "(v.reviewed_on IS NULL OR v.reviewed_on > v.due_on OR v.judgement IN ('no_change', 'slipped_back'))"
    )
    return f"""WITH {words.children(spell=True)},
one AS (
  SELECT u.n, u.contract_id, u.place, {times(stands)} AS standing, {times(f"{stands} AND {well}")} AS well,
    {times(f"{stands} AND {failed}")} AS failed
  FROM u {join} goal_review v ON v.person_id = u.person_id AND v.due_on >= u.first AND v.due_on < u.after
      AND v.due_on >= u.spell_from AND v.due_on < u.spell_until
    {join} goal g ON g.id = v.goal_id LEFT JOIN plan ON plan.id = g.plan_id AND plan.withdrawn_at IS NULL
  WHERE v.withdrawn_at IS NULL AND g.withdrawn_at IS NULL AND v.due_on < {words.day(words.today)}
    AND coalesce(plan.kind, 'care_plan') IN ('care_plan', 'pathway_plan')
  GROUP BY u.key, u.n, u.contract_id, u.place, v.goal_id)
SELECT n, contract_id, place,
  CASE WHEN standing = 0 THEN 3 WHEN well >= standing THEN 0 WHEN failed = 0 THEN 2 ELSE 1 END AS bucket,
  CASE WHEN standing = 0 THEN 0 ELSE -1 END AS reason, count(*)
FROM one GROUP BY n, contract_id, place, bucket, reason"""


@answers("newham_ifa.6_programme_in_place")
def programme(words: Words) -> str:
    """Reviewed in the three months up to the period's last day."""
    kept = (
        "k.key IS NOT NULL"
        if words.postgres
        else f"EXISTS (SELECT 1 FROM {_reviews('placement')} AND u.person_id = v.person_id)"
    )
    tables, joined = "", ""
    if words.postgres:
        tables = f""",
k AS MATERIALIZED (SELECT DISTINCT u.key FROM u JOIN {_reviews("pl", on="ON u.person_id = v.person_id")})"""
        joined = " LEFT JOIN k ON k.key = u.key"
    return f"""WITH {words.children(at_end=True, spell=True, more=", p.less_3")}{tables},
one AS (SELECT u.n, u.contract_id, u.place, CASE WHEN {kept} THEN 0 ELSE 1 END AS bucket
  FROM u JOIN person b ON b.id = u.person_id{joined} WHERE {words.age("u.last", "b.date_of_birth")} >= 11)
SELECT n, contract_id, place, bucket, -1, count(*) FROM one GROUP BY n, contract_id, place, bucket"""


def _reviews(placement: str, on: str = "") -> str:
    """The reviews of a child's programmes that count on the last day."""
    stands = "" if placement == "pl" else " AND q.withdrawn_at IS NULL"
    return f"""plan_review v {on} JOIN plan ON plan.id = v.plan_id LEFT JOIN {placement} q ON q.id = v.placement_id{stands}
  WHERE v.held_on >= u.less_3 AND v.held_on <= u.last AND v.withdrawn_at IS NULL AND plan.kind = 'independence_programme'
    AND plan.started_on <= u.last AND (plan.ended_on IS NULL OR plan.ended_on > u.last) AND plan.withdrawn_at IS NULL
    AND (q.contract_id = u.contract_id
      OR (v.placement_id IS NULL AND v.held_on >= u.spell_from AND v.held_on < u.spell_until))"""
