"""Scores from items: the published vectors of the SDQ, and what an instrument may say of its scoring.

The vectors were worked out by published R and SPSS code; they hold numbers only.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.kit.writer import parts_of
from outcomes.records.instrument_files import load_seed_instruments, read_instrument
from outcomes.records.readings import Reading
from outcomes.records.scoring import band_of, faults_of_scoring, scale_scores, total_score
from tests.builders import TESTS, World

FOLDER = Path(__file__).parents[2] / "seeds" / "instruments"
VECTORS = json.loads((Path(__file__).parent / "vectors" / "sdq.json").read_text())
SDQ = read_instrument(FOLDER / "sdq.yaml").values
SCALES = {
    "emotion": "emotional",
    "conduct": "conduct",
    "hyper": "hyperactivity",
    "peer": "peer",
    "prosoc": "prosocial",
}
INFORMANTS = {"parent": "parent_carer", "teacher": "teacher", "self": "self"}


def number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def answers(vector: dict[str, Any]) -> dict[str, Decimal | None]:
    return {f"item_{index:02}": number(value) for index, value in enumerate(vector["items"], start=1)}


every_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["id"])


@every_vector
def test_the_scales_and_the_total_are_the_published_ones(vector: dict[str, Any]) -> None:
    scores = scale_scores(SDQ, answers(vector))
    assert scores == {SCALES[name]: number(vector["scores"][name]) for name in SCALES}
    assert total_score(SDQ, scores) == number(vector["scores"]["total"])


@every_vector
@pytest.mark.parametrize("view", list(INFORMANTS))
def test_the_bands_are_the_published_ones(vector: dict[str, Any], view: str) -> None:
    scores = {theirs: number(vector["scores"][theirs]) for theirs in (*SCALES, "total")}
    for theirs, score in scores.items():
        area = SCALES.get(theirs, "total")
        found = [band_of(SDQ, which, INFORMANTS[view], area, score) for which in ("three", "four")]
        assert found == (vector["bands"][view][theirs] or [None, None]), theirs


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"scales": {"conduct": "5 7x"}}, "scales", "5 7r 12"),
        ({"scales": {"unheard_of": "5 7"}}, "scales", "is not an area"),
        ({"item_most": None}, "item_most", "highest answer"),
        ({"total_of": ["unheard_of"]}, "total_of", "is not an area"),
        ({"bands": {"five:teacher:total": "0-1 2-3"}}, "bands", "three:teacher:total"),
        ({"bands": {"three:teacher:total": "0-13 14-40"}}, "bands", "has 3 bands"),
        ({"bands": {"three:teacher:total": "low mid high"}}, "bands", "0-13 14-16 17-40"),
    ],
)
def test_what_does_not_hold_together_is_named(changed: dict[str, Any], field: str, says: str) -> None:
    faults = faults_of_scoring({**SDQ, **changed})
    assert list(faults) == [field]
    assert says in faults[field]
    assert faults_of_scoring(SDQ) == {}


def reading(world: World, **values: Any) -> Reading:
    return world.record(
        Reading,
        **{
            "person_id": world.child(born="2012-01-01"),
            "instrument_code": "sdq",
            "version": "1",
            "informant": "teacher",
            "taken_on": "2025-05-20",
            "status": "complete",
            **values,
        },
    )


def kept(made: Reading) -> dict[str, Decimal | None]:
    return {part["area"]: part["score"] for part in parts_of(db.session(), made)}


def typed(vector: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"area": area, "score": score} for area, score in answers(vector).items()]


def test_a_reading_by_items_keeps_them_and_what_they_give(in_any_app: World) -> None:
    load_seed_instruments(by=TESTS)
    vector = next(one for one in VECTORS if one["id"] == "psyquest_cycle")
    made = reading(in_any_app, scores=typed(vector))
    scores = kept(made)
    assert (made.total, made.band_set) == (22, "three")
    assert {area: scores[area] for area in SCALES.values()} == {
        "emotional": 5,
        "conduct": 7,
        "hyperactivity": 5,
        "peer": 5,
        "prosocial": 4,
    }
    assert scores["item_02"] == 1


def test_too_few_items_give_no_score(in_app: World) -> None:
    load_seed_instruments(by=TESTS)
    made = reading(in_app, scores=[{"area": f"item_{n:02}", "score": 1} for n in (3, 8)])
    assert made.total is None
    assert kept(made)["emotional"] is None


def test_scores_alone_make_a_total(in_app: World) -> None:
    load_seed_instruments(by=TESTS)
    scores = [{"area": area, "score": 4} for area in SCALES.values()]
    assert reading(in_app, scores=scores, band_set="four").total == 16
    assert reading(in_app, scores=scores, total=16).total == 16


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        (
            {"scores": [{"area": area, "score": 4} for area in SCALES.values()], "total": 17},
            "total",
            "give 16",
        ),
        ({"scores": [{"area": "item_01", "score": 3}]}, "scores.item_01", "from 0 to 2"),
        ({"scores": [{"area": "item_01", "score": "0.5"}]}, "scores.item_01", "whole number"),
        ({"scores": [{"area": "item_26", "score": 1}]}, "scores.item_26", "not an area"),
        (
            {"scores": [*typed(VECTORS[0]), {"area": "conduct", "score": 5}]},
            "scores.conduct",
            "the items give 2",
        ),
    ],
)
def test_what_disagrees_is_refused(in_app: World, values: dict[str, Any], field: str, says: str) -> None:
    load_seed_instruments(by=TESTS)
    with pytest.raises(Invalid) as refused:
        reading(in_app, **values)
    assert says in str(refused.value.fields[field])


def test_it_is_numbers_only() -> None:
    """Its wording is licensed: what says anything of an item is digits, and no point of a scale has words."""
    assert set(SDQ["scales"]) == set(SCALES.values())
    assert all(set(listed) <= set("0123456789 r") for listed in SDQ["scales"].values())
    assert SDQ.get("anchors") is None
