"""Cards of placements: how they end, and how long they last."""

from bench.answering import answers
from bench.by_hand.words import Words

WELL = "planned AND in_plan IS NOT FALSE"
"""Null where nobody said whether it was planned."""


@answers("newham_ifa.5a_planned_endings")
def planned_endings(words: Words) -> str:
    """Planned, in the care plan, and no breakdown."""
    return _endings(words, f"{WELL} AND NOT broke")


@answers("hackney_homes.1.2-K2")
def planned_moves(words: Words) -> str:
    return _endings(words, WELL)


@answers("hackney_homes.1.2-K1")
def unplanned_moves(words: Words) -> str:
    return _endings(words, f"NOT ({WELL})")


def _endings(words: Words, met: str) -> str:
    """Stays that ended, by their last placement. Nobody moves away who died or stayed with their carers."""
    return f"""WITH {words.p()},
{words.pl()},
{words.chained("stay", "person_id, place", of="pl", label="stay")},
ended AS (
  SELECT contract_id, place, id, stay_until, row_number() OVER (
    PARTITION BY person_id, place, stay_n ORDER BY started_on DESC, id DESC) AS pick FROM stay),
judged AS (
  SELECT p.n, e.contract_id, e.place, r.ending_planned AS planned, r.ending_in_care_plan AS in_plan,
    r.ending_was_breakdown AS broke, r.end_reason AS why
  FROM ended e JOIN p ON e.stay_until >= p.first AND e.stay_until <= p.last JOIN placement r ON r.id = e.id
  WHERE e.pick = 1 AND e.contract_id IN {words.under})
SELECT n, contract_id, place,
  CASE WHEN why IN ('died', 'transferred_with_carers') THEN 3 WHEN ({met}) IS NULL THEN 2 WHEN {met} THEN 0 ELSE 1 END AS bucket,
  CASE why WHEN 'died' THEN 0 WHEN 'transferred_with_carers' THEN 1 ELSE -1 END AS reason, count(*)
FROM judged GROUP BY n, contract_id, place, bucket, reason"""


@answers("newham_ifa.5b_long_term_stability")
def long_term(words: Words) -> str:
    """In care for 30 months on the period's end, and in one place for 24."""
    return f"""WITH {words.children(at_end=True, stay=True)},
judged AS (
  SELECT u.n, u.contract_id, u.place,
    CASE WHEN u.stay_from <= p.less_24 AND r.placement_type = 'ifa_foster' THEN 0 ELSE 1 END AS bucket
  FROM u JOIN p ON p.n = u.n JOIN placement r ON r.id = u.placement_id
  WHERE EXISTS (SELECT 1 FROM care_episode e WHERE e.person_id = u.person_id AND e.withdrawn_at IS NULL
    AND e.started_on <= u.count_date AND e.started_on <= p.less_30 AND (e.ended_on IS NULL OR e.ended_on > u.count_date)))
SELECT n, contract_id, place, bucket, -1, count(*) FROM judged GROUP BY n, contract_id, place, bucket"""
