"""Cards of health, of whoever is there on a period's last day: whatever a child brought along counts."""

from bench.answering import answers
from bench.by_hand.narrowed import Said, open_at_end, said
from bench.by_hand.words import Words


@answers("hackney_homes.2.1-K1")
def with_a_doctor(words: Words) -> str:
    return _all_of(words, _registered(words, "gp"))


@answers("hackney_homes.2.1-K2")
def with_a_dentist(words: Words) -> str:
    """And with a check-up in the twelve months up to that day."""
    within = "m.attended_on >= p.less_12 AND m.attended_on <= p.last"
    checked = said(words, "checked", "max(1)", "health_check", within, "m.kind = 'dental'")
    return _all_of(words, _registered(words, "dentist"), checked)


@answers("hackney_homes.2.1-K3")
def vaccinated(words: Words) -> str:
    """The latest word by that day."""
    bucket = "CASE WHEN up_to_date IS TRUE THEN 0 WHEN up_to_date IS NULL AND declined IS NOT TRUE THEN 2 ELSE 1 END"
    return f"""WITH {words.children(at_end=True)}{_assessed(words, bucket)},
one AS (SELECT u.n, contract_id, place, {_latest(words, bucket)})
SELECT n, contract_id, place, coalesce(bucket, 2) AS said, -1, count(*) FROM one GROUP BY n, contract_id, place, said"""


def _assessed(words: Words, bucket: str) -> str:
    """PostgreSQL: each assessment speaks until the next one, so that nothing is ranked period by period."""
    if not words.postgres:
        return ""
    until = f"lead(assessed_on, 1, {words.far}) OVER (PARTITION BY person_id ORDER BY assessed_on, recorded_at, id)"
    return f""",
assessed AS MATERIALIZED (SELECT person_id, assessed_on, {until} AS until, {bucket} AS bucket
  FROM immunisation_status WHERE withdrawn_at IS NULL)"""


def _latest(words: Words, bucket: str) -> str:
    if words.postgres:
        return "bucket FROM u LEFT JOIN assessed s ON s.person_id = u.person_id AND s.assessed_on <= u.last AND s.until > u.last"
    return f"""(SELECT {bucket} FROM immunisation_status m
    WHERE m.person_id = u.person_id AND m.assessed_on <= u.last AND m.withdrawn_at IS NULL
    ORDER BY m.assessed_on DESC, m.recorded_at DESC, m.id DESC LIMIT 1) AS bucket FROM u"""


def _registered(words: Words, kind: str) -> Said:
    within = open_at_end("valid_from", "valid_to")
    return said(words, "registered", "max(1)", "health_registration", within, f"m.kind = '{kind}'")


def _all_of(words: Words, *asked: Said) -> str:
    """Met where there is a record of each."""
    return f"""WITH {words.children(at_end=True, more=", p.less_12")}{"".join(one.tables for one in asked)},
one AS (SELECT u.n, contract_id, place, {" + ".join(one.value for one in asked)} AS every
  FROM u {" ".join(one.joined for one in asked)})
SELECT n, contract_id, place, CASE WHEN every IS NULL THEN 1 ELSE 0 END AS bucket, -1, count(*)
FROM one GROUP BY n, contract_id, place, bucket"""
