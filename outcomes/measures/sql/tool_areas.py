"""The areas of the instruments in SQL: which a card means, and which way each of them goes.

Answers to items are kept beside the scores; only what an instrument names as an area is one.
"""

from sqlalchemy import CTE, String, bindparam, cast, literal, select
from sqlalchemy.sql.elements import ColumnElement

from outcomes.measures.sql.dialect import Expression
from outcomes.measures.sql.stays import Request, fenced

TOOL_AREAS = "tool_areas"
"""The parameter with the areas of every instrument: a JSON list, see `instruments.py`."""
EVERY_AREA = "all"
HIGHER = "1"
"""How `higher` says that a higher score is better."""

_COLUMNS = ("code", "version", "area", "tag", "higher", "newest")


def areas_of_tools(request: Request, name: str) -> CTE:
    """The areas of every instrument: code, version, area, tag, whether higher is better, whether newest."""
    dialect = request.dialect
    rows = dialect.json_rows(bindparam(TOOL_AREAS, type_=String))

    def text(key: str) -> ColumnElement[str]:
        return cast(dialect.json_text(rows.c.value, literal(key)), String).label(key)

    # Read out of the list once, and not again for each child that an area is asked of.
    return fenced(select(*(text(one) for one in _COLUMNS)).select_from(rows).cte(f"{name}_tool_areas"))


def meant(area: CTE, areas: str) -> list[Expression]:
    """That a card means the area: those with a tag, or all."""
    return [] if areas == EVERY_AREA else [area.c.tag == areas]
