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
from outcomes.kit.writing.writer import parts_of
from outcomes.records.instrument_files import load_seed_instruments, read_instrument
from outcomes.records.readings import Reading
from outcomes.records.scoring import band_of, item_scores, scale_scores, sums_of, total_score
from outcomes.records.scoring_rules import faults_of_scoring
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
IMPACT = {
    "ebddiff": "impact_difficulties",
    "distres": "impact_distress",
    "home": "impact_home",
    "friends": "impact_friends",
    "classroom": "impact_classroom",
    "leisure": "impact_leisure",
}
INFORMANTS = {"parent": "parent_carer", "teacher": "teacher", "self": "self"}


def number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def answers(vector: dict[str, Any]) -> dict[str, Decimal | None]:
    return {f"item_{index:02}": number(value) for index, value in enumerate(vector["items"], start=1)}


def impact_answers(raw: dict[str, Any], informant: str) -> dict[str, Decimal | None]:
    """The answers to the impact items that this informant is asked."""
    asked = sums_of(SDQ, informant)[0].asked
    return {area: number(raw[theirs]) for theirs, area in IMPACT.items() if area in asked}


def impact_of(vector: dict[str, Any], view: str) -> Decimal | None:
    return number(vector["scores"]["impact_teacher" if view == "teacher" else "impact"])


every_view = pytest.mark.parametrize("view", list(INFORMANTS))
every_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["id"])


@every_vector
def test_the_scales_and_the_total_are_the_published_ones(vector: dict[str, Any]) -> None:
    scores = scale_scores(SDQ, answers(vector))
    assert scores == {SCALES[name]: number(vector["scores"][name]) for name in SCALES}
    assert total_score(SDQ, scores) == number(vector["scores"]["total"])


@every_vector
@every_view
def test_the_impact_score_is_the_published_one(vector: dict[str, Any], view: str) -> None:
    answered = impact_answers(vector["impact_raw"], INFORMANTS[view])
    assert item_scores(SDQ, INFORMANTS[view], answered).get("impact") == impact_of(vector, view)


RAW = ("ebddiff", "distres", "home", "friends", "classroom", "leisure")


@pytest.mark.parametrize(
    ("raw", "score", "of_a_teacher"),
    [
        # The table of the reference: overall difficulties first, "." where nothing was answered.
        ("0.....", 0, 0),
        ("111111", 0, 0),
        ("333333", 10, 6),
        ("332222", 6, 4),
        ("121031", 3, 3),
        ("......", None, None),
        ("2.....", None, None),
        ("23.2..", 3, 3),
        ("033333", 0, 0),
        ("120120", 2, 2),
        ("202033", 5, 2),
        ("233021", 5, 3),
        (".22000", 2, 1),
    ],
)
def test_the_impact_score_of_few_answers(raw: str, score: int | None, of_a_teacher: int | None) -> None:
    answered = {name: None if one == "." else int(one) for name, one in zip(RAW, raw, strict=True)}
    for informant, expected in (("parent_carer", score), ("self", score), ("teacher", of_a_teacher)):
        found = item_scores(SDQ, informant, impact_answers(answered, informant)).get("impact")
        assert found == number(expected), informant


@every_vector
@every_view
def test_the_bands_are_the_published_ones(vector: dict[str, Any], view: str) -> None:
    scores = {theirs: number(vector["scores"][theirs]) for theirs in (*SCALES, "total")}
    for theirs, score in (*scores.items(), ("impact", impact_of(vector, view))):
        area = (SCALES | {"impact": "impact"}).get(theirs, "total")
        found = [band_of(SDQ, which, INFORMANTS[view], area, score) for which in ("three", "four")]
        assert found == (vector["bands"][view][theirs] or [None, None]), theirs


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"scales": {"conduct": "5 7x"}}, "scales", "5 7r 12"),
        ({"scales": {"unheard_of": "5 7"}}, "scales", "is not an area"),
        ({"item_most": None}, "item_most", "highest answer"),
        ({"sums": {"impact": "impact_home"}}, "sums", "impact:teacher"),
        ({"sums": {"impact:carer": "impact_home"}}, "sums", "impact:teacher"),
        ({"sums": {"impact:teacher": "impact_home impact_home"}}, "sums", "each once"),
        ({"sums": {"impact:teacher": "item_03"}}, "sums", "a meaning of its own"),
        ({"sums": {"impact:teacher": "conduct"}}, "sums", "a meaning of its own"),
        ({"scales": {**SDQ["scales"], "impact": "1 2"}}, "sums", "a scale already"),
        ({"sum_points": {"impact": "none 1 2"}}, "sum_points", "0 0 1 2"),
        ({"sum_points": {"impact": "0 0 1 2", "conduct": "0 1"}}, "sum_points", "not added up"),
        ({"sum_points": None}, "sum_points", "impact count"),
        ({"nought_by": {"impact": "impact_home"}}, "nought_by", "a meaning of its own"),
        ({"nought_by": {"peer": "impact_first"}}, "nought_by", "not added up"),
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
            "version": "2",
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


def test_the_answers_of_impact_give_its_score_alone(in_any_app: World) -> None:
    """The paper form has two sides: who copies only the second gets no scales that nobody answered."""
    load_seed_instruments(by=TESTS)
    scores = [{"area": "impact_difficulties", "score": 2}, {"area": "impact_distress", "score": 3}]
    assert kept(reading(in_any_app, scores=scores)) == {
        "impact_difficulties": 2,
        "impact_distress": 3,
        "impact": 2,
    }


def test_an_impact_score_may_be_typed(in_app: World) -> None:
    load_seed_instruments(by=TESTS)
    scores = [*typed(VECTORS[0]), {"area": "impact", "score": 6}]
    assert kept(reading(in_app, scores=scores))["impact"] == 6


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
        ({"scores": [{"area": "impact_home", "score": 1}]}, "scores.impact_home", "not asked in this view"),
        ({"scores": [{"area": "impact_distress", "score": 4}]}, "scores.impact_distress", "from 0 to 3"),
        ({"scores": [{"area": "impact_distress", "score": "1.5"}]}, "scores.impact_distress", "whole number"),
        ({"scores": [{"area": "impact_distress", "score": "x"}]}, "scores.0.score", "enter a number"),
        (
            {"scores": [{"area": "impact_difficulties", "score": 4}, {"area": "impact_friends", "score": 2}]},
            "scores.impact_difficulties",
            "from 0 to 3",
        ),
        (
            {"scores": [{"area": "impact_difficulties", "score": -1}]},
            "scores.impact_difficulties",
            "from 0 to 3",
        ),
        ({"scores": [{"area": "impact", "score": 7}]}, "scores.impact", "at most 6"),
        (
            {"scores": [{"area": "impact_friends", "score": 2}, {"area": "impact", "score": 2}]},
            "scores.impact",
            "the items give 1",
        ),
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
    """Its wording is licensed: what says anything of an item is digits or a code, and no point has words."""
    assert set(SDQ["scales"]) == set(SCALES.values())
    assert all(set(listed) <= set("0123456789 r") for listed in SDQ["scales"].values())
    assert {code for listed in SDQ["sums"].values() for code in listed.split()} < set(IMPACT.values())
    assert SDQ.get("anchors") is None
