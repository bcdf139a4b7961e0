"""What the addresses of figures say of themselves to programs (`web/operations.py`)."""

from typing import Any, get_args

from outcomes.core.periods import PERIOD_PATTERN
from outcomes.measures.figures.position import Position
from outcomes.measures.figures.trend import Trend
from outcomes.measures.language.card import Shape
from outcomes.web.operations import PAGING, Answer, Named, Operation, Parameter, page_of
from outcomes.web.routes import PublicIdConverter

MOST_PERIODS = 40

_COUNT = {"type": "integer", "minimum": 0}
_COUNT_OR_NULL = {"type": ["integer", "null"], "minimum": 0}
_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_REFERENCES = {"type": "array", "items": _TEXT}


def _object(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


def _left_out(**of: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object({**of, "because": _TEXT})}


_ALSO = _object(
    {"met": _COUNT, "out_of": _COUNT, "value": _TEXT_OR_NULL, "exact": _TEXT, "unit": _TEXT},
    "met", "out_of", "exact", "unit",
)  # fmt: skip

FIGURE = Named(
    "Figure",
    _object(
        {
            "measure": _TEXT,
            "card_version": {"type": "integer", "minimum": 1},
            "title": _TEXT,
            "shape": {"enum": list(get_args(Shape))},
            "period": _object(
                {"code": _TEXT, "from": {**_TEXT, "format": "date"}, "to": {**_TEXT, "format": "date"}}
            ),
            "scope": _object({"contract": _TEXT}),
            "split": {"anyOf": [{"type": "null"}, _object({"by": {"const": "place"}, "value": _TEXT})]},
            "met": _COUNT_OR_NULL,
            "out_of": _COUNT_OR_NULL,
            "value": {**_TEXT_OR_NULL, "description": "As printed; null where there is no data."},
            "exact": {**_TEXT_OR_NULL, "description": "As a fraction, such as 400/7."},
            "unit": _TEXT,
            "no_evidence": _COUNT,
            "left_out": _left_out(count=_COUNT),
            "in_scope": _COUNT,
            "target": _TEXT,
            "tolerance": _TEXT_OR_NULL,
            "position": {"enum": list(get_args(Position))},
            "trend": {"enum": [*get_args(Trend), None]},
            "also": {"type": "object", "additionalProperties": _ALSO},
            "members": _object(
                {
                    "met": _REFERENCES,
                    "not_met": _REFERENCES,
                    "no_evidence": _REFERENCES,
                    "left_out": _left_out(id=_TEXT),
                }
            ),
        },
        "members",
    ),
)

MEASURE = Named(
    "Measure",
    _object(
        {
            "measure": _TEXT,
            "card_version": {"type": "integer", "minimum": 1},
            "hash": _TEXT,
            "framework": _TEXT,
            "title": _TEXT,
            "says": {**_TEXT, "description": "The wording of the source."},
            "shape": {"enum": list(get_args(Shape))},
            "period": _TEXT,
            "target": _TEXT,
            "better": _TEXT,
        }
    ),
)

MEASURES = Operation(
    summary="List the measures",
    tag="Measures and figures",
    parameters=(
        Parameter(name="framework", says="Only the measures of this framework.", schema=_TEXT),
        *PAGING,
    ),
    answers={200: Answer(says="Measures", schema=page_of(MEASURE))},
)

FIGURES = Operation(
    summary="Read the figures of one measure",
    about="One figure for each contract, period and place, the total first. Without `contract` there is a set "
    "for each of the owner's contracts that was in force in the period.",
    tag="Measures and figures",
    path={"measure": "The id of the measure."},
    parameters=(
        Parameter(
            name="period",
            says="The period: a month, quarter, half year or year. The last full quarter unless stated.",
            schema={**_TEXT, "pattern": f"^({PERIOD_PATTERN})?$"},
            example="2025-26-Q2",
        ),
        Parameter(
            name="contract",
            says="The id of one of the owner's contracts.",
            schema={**_TEXT, "pattern": f"^({PublicIdConverter.regex})?$"},
        ),
        Parameter(
            name="periods",
            says="How many periods, ending with that one.",
            schema={"type": "integer", "minimum": 1, "maximum": MOST_PERIODS, "default": 1},
        ),
        Parameter(
            name="split",
            says="Also a figure for each place. Needs the scope members:read.",
            schema={**_TEXT, "enum": ["", "place"]},
        ),
        Parameter(
            name="members",
            says="1 for the references behind each figure. Needs the scope members:read.",
            schema={**_TEXT, "enum": ["", "0", "1"]},
        ),
    ),
    answers={200: Answer(says="Figures", schema=_object({"figures": {"type": "array", "items": FIGURE}}))},
)
