"""The latest record by a date, or the baseline instead (R01, R04, R33, D16)."""

from outcomes.measures.language import workings as work
from tests.measures.reference.belonging import spell
from tests.measures.reference.conditions import related
from tests.measures.reference.kinds import FOLLOWS_PLACEMENT
from tests.measures.reference.question import Unit
from tests.measures.reference.values import work_out, worked_out
from tests.measures.world import Row


@work_out.register
def _latest(working: work.Latest, unit: Unit, name: str) -> Row | None:
    by = working.by
    rows = [row for row in related(working.of, unit) if row.get(by) is not None]
    under = spell(unit)
    if working.of.record in FOLLOWS_PLACEMENT and under is not None:
        rows = [row for row in rows if row[by] >= under.starts]
    rows = _comparable(rows, name, unit)
    if rows:
        return max(rows, key=lambda row: (row[by], row["recorded_at"], row["id"]))
    return _baseline(working, unit, name) if working.or_else_baseline else None


def _baseline(working: work.Latest, unit: Unit, name: str) -> Row | None:
    """The first such record of the stay, whatever its date."""
    assert unit.stay is not None and unit.count_date is not None
    by, of = working.by, working.of
    undated = tuple(one for one in of.where if not (isinstance(one, work.Is) and one.left.text == by))
    rows = related(work.Related(of.record, undated, of.but_not), unit)
    rows = [row for row in rows if unit.stay.starts <= row[by] <= unit.count_date]
    rows = _comparable(rows, name, unit)
    if not rows:
        return None
    first = min(row[by] for row in rows)
    chosen = max((row for row in rows if row[by] == first), key=lambda row: (row["recorded_at"], row["id"]))
    return {**chosen, "from_baseline": True}


def _comparable(rows: list[Row], name: str, unit: Unit) -> list[Row]:
    """Where a reading is compared with a later one, it is of the same tool, version and informant (R33)."""
    for working in unit.question.card.work_out.values():
        if isinstance(working, work.Compare) and working.before == name:
            now = worked_out(working.now, unit)
            rows = [
                row for row in rows if now is not None and all(row[one] == now[one] for one in working.same)
            ]
    return rows
