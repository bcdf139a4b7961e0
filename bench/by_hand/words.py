"""What the statements share: the periods as a list, the stays of R09, the children of a period.

`Words` holds how each database says what they do not say alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from outcomes.core.calendar import add_months
from outcomes.core.clock import start_of
from outcomes.core.periods import Period

FAR = "'9999-12-31'"
MONTHS = (3, 6, 12, 24, 30)
"""How long before a period's end the cards look back to: `p.less_3` and so on."""


@dataclass(frozen=True, slots=True)
class Words:
    """One database's way of saying things, and what is asked for: periods, contracts, today."""

    dialect: str
    periods: Sequence[Period]
    contracts: Sequence[int]
    today: date
    by_place: bool = False

    @property
    def postgres(self) -> bool:
        return self.dialect == "postgresql"

    def days(self, later: str, earlier: str) -> str:
        return f"({later} - {earlier})" if self.postgres else f"(julianday({later}) - julianday({earlier}))"

    def least(self, *of: str) -> str:
        return f"{'least' if self.postgres else 'min'}({', '.join(of)})"

    def greatest(self, *of: str) -> str:
        return f"{'greatest' if self.postgres else 'max'}({', '.join(of)})"

    def day(self, day: date) -> str:
        return f"DATE '{day}'" if self.postgres else f"'{day}'"

    def moment(self, at: datetime) -> str:
        return (
            f"TIMESTAMPTZ '{at:%Y-%m-%d %H:%M:%S}+00'"
            if self.postgres
            else f"'{at:%Y-%m-%d %H:%M:%S}.000000'"
        )

    def six_months_before(self, day: str) -> str:
        """SQLite says of 31 August less six months "31 February", which runs on into March."""
        if self.postgres:
            return f"({day} - INTERVAL '6 months')::date"
        return f"min(date({day}, '-6 months'), date({day}, 'start of month', '-5 months', '-1 day'))"

    def london(self, at: str) -> str:
        if self.postgres:
            return f"({at} AT TIME ZONE 'Europe/London')::date"
        begins, ends = (
            f"datetime(strftime('%Y', {at}) || '-{month}-25', 'weekday 0', '+1 hour')"
            for month in ("03", "10")
        )
        return f"date({at}, CASE WHEN {at} >= {begins} AND {at} < {ends} THEN '+1 hour' ELSE '+0 hours' END)"

    def age(self, day: str, born: str) -> str:
        if self.postgres:
            return f"(to_char({day}, 'YYYYMMDD')::int - to_char({born}, 'YYYYMMDD')::int) / 10000"
        return f"(strftime('%Y%m%d', {day}) - strftime('%Y%m%d', {born})) / 10000"

    @property
    def under(self) -> str:
        return f"({', '.join(str(one) for one in self.contracts)})"

    @property
    def far(self) -> str:
        return f"DATE {FAR}" if self.postgres else FAR

    # -- the shared beginnings -------------------------------------------------------------------

    def p(self) -> str:
        """The periods: their days, and the instants at which those begin in London."""
        rows = []
        for n, one in enumerate(self.periods):
            first, after, before = one.first, one.last + timedelta(days=1), one.earlier().first
            earlier = [add_months(one.last, -months) for months in MONTHS]
            days = [first, one.last, after, before, *earlier]
            moments = [start_of(first), start_of(after), start_of(before)]
            values = [str(n), *(self.day(one) for one in days), *(self.moment(one) for one in moments)]
            rows.append(f"({', '.join(values)})")
        less = ", ".join(f"less_{months}" for months in MONTHS)
        names = f"n, first, last, after, before, {less}, first_at, after_at, before_at"
        return f"p({names}) AS (VALUES {', '.join(rows)})"

    def pl(self) -> str:
        """The placements of everybody ever placed under the contracts."""
        return f"""pl AS MATERIALIZED (
  SELECT id, person_id, contract_id, started_on, coalesce(ended_on, {self.far}) AS until,
         coalesce(home_id, -carer_household_id) AS place
  FROM placement WHERE withdrawn_at IS NULL AND person_id IN
    (SELECT person_id FROM placement WHERE contract_id IN {self.under} AND withdrawn_at IS NULL))"""

    def chained(self, made: str, by: str, *, of: str, label: str) -> str:
        """Rows of `of` with the bounds of their chain: the same `by`, gaps of at most 28 days."""
        near = self.days("started_on", f"lag(until) OVER (PARTITION BY {by} ORDER BY started_on, id)")
        return f"""{made}_b AS (SELECT *, CASE WHEN {near} <= 28 THEN 0 ELSE 1 END AS {label}_b FROM {of}),
{made}_n AS (SELECT *, sum({label}_b) OVER (PARTITION BY {by} ORDER BY started_on, id) AS {label}_n FROM {made}_b),
{made} AS MATERIALIZED (SELECT *, min(started_on) OVER {label}_w AS {label}_from, max(until) OVER {label}_w AS {label}_until
  FROM {made}_n WINDOW {label}_w AS (PARTITION BY {by}, {label}_n))"""

    def spans(self) -> str:
        return self.chained("span", "person_id, place, contract_id", of="pl", label="span")

    def units(self, of: str = "span", found: str = "span_until > p.first", more: str = "") -> str:
        """The children of each period and contract (and place), once each: where they were last."""
        counted = self.least("p.last", "span_until")
        apart = f"p.n, contract_id, person_id{', place' if self.by_place else ''}"
        return f"""c AS (
  SELECT p.n, contract_id, person_id, place, {of}.id AS placement_id, span_from, span_until, {counted} AS count_date{more},
         row_number() OVER (PARTITION BY {apart} ORDER BY {counted} DESC, started_on DESC, {of}.id DESC) AS pick
  FROM {of} JOIN p ON started_on <= p.last AND {found} WHERE contract_id IN {self.under}),
u AS MATERIALIZED (SELECT *, row_number() OVER () AS key FROM c WHERE pick = 1)"""

    def children(
        self, *, at_end: bool = False, stay: bool = False, spell: bool = False, more: str = ""
    ) -> str:
        """Everything up to the children of each period: those there during it, or on its last day.

        `stay` and `spell` add the bounds of those chains; `more` names further columns of `p`.
        """
        parts, of, columns = [self.p(), self.pl(), self.spans()], "span", ", p.first, p.last, p.after" + more
        for wanted, label, by, bounds in (
            (stay, "stay", "person_id, place", ", stay_from"),
            (spell, "spell", "person_id, contract_id", ", spell_from, spell_until"),
        ):
            if wanted:
                parts.append(self.chained(f"{label}s", by, of=of, label=label))
                of, columns = f"{label}s", columns + bounds
        found = "span_until > p.last" if at_end else "span_until > p.first"
        return ",\n".join([*parts, self.units(of=of, found=found, more=columns)])

    def nights(self) -> str:
        """Nights under the contract in each period."""
        nights = self.days(self.least("until", "p.after"), self.greatest("started_on", "p.first"))
        place = ", place" if self.by_place else ""
        return f"""nights AS (SELECT p.n, person_id, contract_id{place}, sum({nights}) AS nights
  FROM pl JOIN p ON started_on < p.after AND until > p.first GROUP BY p.n, person_id, contract_id{place})"""

    def same(self, left: str, right: str) -> str:
        """Two rows are of one child, contract (and place) of one period."""
        place = f" AND {left}.place = {right}.place" if self.by_place else ""
        return (
            f"{left}.n = {right}.n AND {left}.person_id = {right}.person_id "
            f"AND {left}.contract_id = {right}.contract_id{place}"
        )
