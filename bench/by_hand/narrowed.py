"""What is recorded of the children `u` of each period, as the two databases are best asked for it.

SQLite looks a child's records up by their index, child by child; PostgreSQL joins all of them in one pass.
"""

from dataclasses import dataclass

from bench.by_hand.words import Words


@dataclass(frozen=True, slots=True)
class Said:
    """One value of each child: the tables that it needs, how they are joined to `u`, and the value."""

    tables: str
    joined: str
    value: str


def said(words: Words, name: str, value: str, table: str, within: str, which: str) -> Said:
    """A value over a child's records (`m`), whatever their contract. `within` may name columns of `p`.

    Null where there are no such records.
    """
    of = f"m.withdrawn_at IS NULL AND {which}"
    if words.postgres:
        return Said(
            f""",
{name} AS MATERIALIZED (SELECT p.n, m.person_id, {value} AS said FROM p JOIN {table} m ON {within} WHERE {of} GROUP BY p.n, m.person_id)""",
            f"LEFT JOIN {name} ON {name}.n = u.n AND {name}.person_id = u.person_id",
            f"{name}.said",
        )
    # The children have those columns too.
    found = f"SELECT {value} FROM {table} m WHERE m.person_id = u.person_id AND {within.replace('p.', 'u.')} AND {of}"
    return Said("", "", f"({found})")


def times(condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def nights(words: Words) -> Said:
    """The nights of each child under the contract, in the period."""
    if words.postgres:
        return Said(
            f",\n{words.nights()}", f"LEFT JOIN nights ON {words.same('nights', 'u')}", "nights.nights"
        )
    until = f"min(coalesce(h.ended_on, {words.far}), u.after)"
    found = f"""SELECT sum({words.days(until, "max(h.started_on, u.first)")}) FROM placement h
    WHERE h.person_id = u.person_id AND h.contract_id = u.contract_id AND h.withdrawn_at IS NULL
      AND h.started_on < u.after AND (h.ended_on IS NULL OR h.ended_on > u.first)"""
    if words.by_place:
        found += " AND coalesce(h.home_id, -h.carer_household_id) = u.place"
    return Said("", "", f"({found})")


def open_at_end(opens: str, closes: str) -> str:
    return f"m.{opens} <= p.last AND (m.{closes} IS NULL OR m.{closes} > p.last)"


def counted(words: Words, table: str, sums: str, within: str, which: str, day: str) -> str:
    """The children `k` that have such records (`m`) in their period (`p`), with the sums over them.

    A record counts under one contract: by its placement, or by its day in a gap of the stay.
    """
    join = "JOIN" if words.postgres else "CROSS JOIN"
    place = " AND q.place = u.place" if words.by_place else ""
    placed = (
        "pl"
        if words.postgres
        else "(SELECT id, contract_id, coalesce(home_id, -carer_household_id) AS place, withdrawn_at FROM placement)"
    )
    return f"""k AS MATERIALIZED (
  SELECT u.key, u.n, u.contract_id, u.person_id, u.place, {sums}
  FROM u {join} p ON p.n = u.n {join} {table} m ON m.person_id = u.person_id AND {within}
    LEFT JOIN {placed} q ON q.id = m.placement_id{"" if words.postgres else " AND q.withdrawn_at IS NULL"}
  WHERE m.withdrawn_at IS NULL AND {which}
    AND ((q.contract_id = u.contract_id{place})
         OR (m.placement_id IS NULL AND {day} >= u.span_from AND {day} < u.span_until))
  GROUP BY u.key, u.n, u.contract_id, u.person_id, u.place)"""
