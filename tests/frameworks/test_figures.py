"""Figures of contracts: shape, targets and settings of their time, periods, places, members."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.engine import Connection, Engine

from outcomes.core.errors import Invalid
from outcomes.core.periods import parse_period
from outcomes.frameworks.contracts import all_contracts, contract_called
from outcomes.frameworks.figures import OVER_A_YEAR, Asked, document, figures
from outcomes.frameworks.sources import Live
from outcomes.measures.figures.figure import Figure
from tests.measures.databases import undone
from tests.measures.world import World
from tests.spec.cases import all_cases

Q2 = parse_period("2025-26-Q2")
PROGRESS = "newham_ifa.6_progress_quarter"
MISSING = "hackney_homes.3.2-K2"
MOVES = "hackney_homes.1.2-K1"


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with undone(engine) as made:
        yield made


@pytest.fixture
def world() -> World:
    """The worked records of the progress card, with the tool that the contract set."""
    case = next(case for case in all_cases() if case.card.measure == PROGRESS)
    made = World(case.records)
    made.add("contract_setting", setting="tool", value="skills")
    return made


def asked(world: World, measure: str = PROGRESS, **more: object) -> Asked:
    return Asked([measure], [world.id_of("contract", "C")], more.pop("period", Q2), **more)  # type: ignore[arg-type]


def the_figure(connection: Connection, request: Asked) -> Figure:
    return figures(Live(connection), request)[-1]


def test_a_figure_is_the_document_that_programs_rely_on(connection: Connection, world: World) -> None:
    world.save(connection)
    made = document(figures(Live(connection), asked(world, members=True)))
    assert json.loads(json.dumps(made)) == made
    assert made["figures"] == [
        {
            "measure": PROGRESS,
            "card_version": 1,
            "title": "Young people making progress in independence this quarter",
            "shape": "share",
            "period": {"code": "2025-26-Q2", "from": "2025-07-01", "to": "2025-09-30"},
            "scope": {"contract": "C"},
            "split": None,
            "met": 4,
            "out_of": 7,
            "value": "57.1",
            "exact": "400/7",
            "unit": "%",
            "no_evidence": 2,
            "left_out": [{"because": "here fewer than 28 days of the quarter", "count": 1}],
            "in_scope": 8,
            "target": "at least 70%",
            "tolerance": None,
            "position": "not_met",
            "trend": "stable",
            "also": {
                "any_area_up": {"met": 4, "out_of": 5, "value": "80.0", "exact": "80", "unit": "%"},
                "no_area_down": {"met": 3, "out_of": 5, "value": "60.0", "exact": "60", "unit": "%"},
                "held_at_top": {"met": 1, "out_of": 5, "value": "20.0", "exact": "20", "unit": "%"},
                "mean_change": {"out_of": 5, "value": "0.3", "exact": "4/15"},
                "late_baseline": {"met": 0, "out_of": 5, "value": "0.0", "exact": "0", "unit": "%"},
            },
            "members": {
                "met": ["A", "E", "F", "G"],
                "not_met": ["B"],
                "no_evidence": ["C", "H"],
                "left_out": [{"id": "D", "because": "here fewer than 28 days of the quarter"}],
            },
        }
    ]


def test_places_follow_the_total(connection: Connection, world: World) -> None:
    world.save(connection)
    made = document(figures(Live(connection), asked(world, split=True)))["figures"]
    assert made[0]["split"] is None
    assert [one["split"] for one in made[1:3]] == [
        {"by": "place", "value": "carers 1"},
        {"by": "place", "value": "carers 2"},
    ]
    assert sum(one["in_scope"] for one in made[1:]) == made[0]["in_scope"]  # type: ignore[misc]
    assert "members" not in made[0]


def test_a_count_has_no_denominator(connection: Connection, world: World) -> None:
    world.add("missing_episode", child="A", started_at=Q2_EVENING)
    world.save(connection)
    made = document(figures(Live(connection), asked(world, MISSING)))["figures"][0]
    assert (made["met"], made["out_of"], made["value"], made["exact"], made["unit"]) == (
        1,
        None,
        "1",
        "1",
        "",
    )
    assert (made["no_evidence"], made["position"], made["target"]) == (0, "no_target", "none stated")


def test_the_target_in_force_on_the_last_day_judges(connection: Connection, world: World) -> None:
    day = {"effective_from": Q2.last, "comparator": "at_least"}
    world.add("measure_target", measure_id=PROGRESS, value=57, tolerance=50, **day)
    # One that began the day after, and one that was withdrawn, judge nothing.
    later = parse_period("2025-26-Q3")
    world.add(
        "measure_target", measure_id=PROGRESS, value=99, comparator="at_least", effective_from=later.first
    )
    world.save(connection)
    now = the_figure(connection, asked(world))
    assert (str(now.target), str(now.target.tolerance), now.position) == (
        "at least 57%",
        "at least 50%",
        "better_than_target",
    )
    before = figures(Live(connection), asked(world, period=Q2.earlier()))[0]
    assert str(before.target) == "at least 70%"


def test_a_target_that_ended_on_the_last_day_judges_no_longer(connection: Connection, world: World) -> None:
    world.add("measure_target", measure_id=PROGRESS, value=10, comparator="at_least", effective_to=Q2.last)
    world.save(connection)
    assert str(the_figure(connection, asked(world)).target) == "at least 70%"


def test_a_target_to_be_confirmed_judges_nothing(connection: Connection, world: World) -> None:
    world.add(
        "measure_target", measure_id=PROGRESS, status="to_be_confirmed", value=10, comparator="at_least"
    )
    world.save(connection)
    made = the_figure(connection, asked(world))
    assert (made.position, str(made.target)) == (
        "target_not_yet_set",
        "to be confirmed (draft: at least 10%)",
    )


def test_a_setting_for_the_measure_goes_before_one_for_all(connection: Connection, world: World) -> None:
    world.add("contract_setting", setting="progress_rule", value="all")
    world.add("contract_setting", setting=f"{PROGRESS}.progress_rule", value="any")
    world.save(connection)
    assert the_figure(connection, asked(world)).met == 5


@pytest.mark.parametrize(("value", "unit", "met"), [("92", None, 3), ("92", "days", 3), ("92 days", None, 3)])
def test_a_length_is_read_with_its_unit(
    connection: Connection, world: World, value: str, unit: str | None, met: int
) -> None:
    world.add("contract_setting", setting="apart", value=value, unit=unit)
    world.save(connection)
    assert the_figure(connection, asked(world)).met == met


@pytest.mark.parametrize(
    ("setting", "value"), [("apart", "soon"), ("apart", "3 months"), ("present_days", "many")]
)
def test_a_setting_of_the_wrong_kind_is_refused(
    connection: Connection, world: World, setting: str, value: str
) -> None:
    world.add("contract_setting", setting=setting, value=value)
    world.save(connection)
    with pytest.raises(Invalid, match=f"setting {setting} must be"):
        figures(Live(connection), asked(world))


def test_several_periods_come_oldest_first_and_carry_their_trend(
    connection: Connection, world: World
) -> None:
    world.save(connection)
    made = figures(Live(connection), asked(world, MISSING, periods=4))
    assert [one.period.code for one in made] == ["2024-25-Q3", "2024-25-Q4", "2025-26-Q1", "2025-26-Q2"]
    # Nobody was placed in the first of them, so that a run of three values exists only at the end.
    assert [one.position for one in made] == ["no_data", "no_target", "no_target", "no_target"]
    assert [one.trend for one in made] == ["new_measure", "new_measure", "new_measure", "stable"]


def test_twelve_months_stand_beside_a_figure_where_the_card_says_so(connection: Connection) -> None:
    """Four quarters added up, by place too: the days before and after them count in none."""
    moves = next(case for case in all_cases() if case.card.measure == MOVES)
    world = World(moves.records)
    for child, place, day in (
        ("M", "home 1", date(2024, 10, 1)),
        ("N", "home 1", date(2024, 9, 30)),
        ("O", "home 2", date(2025, 3, 31)),
    ):
        stay = {"child": child, "place": place, "started_on": date(2024, 2, 1), "ended_on": day}
        world.add("placement", **stay, ending_planned=False, end_reason="unknown")
    world.save(connection)
    found = figures(Live(connection), asked(world, MOVES, split=True))
    beside = {one.place: one.also[OVER_A_YEAR] for one in found}
    assert (found[0].met, found[0].out_of) == (5, 7)
    # Of the quarter 5 of 7; in the year before it M and O were not planned, and p9 was.
    assert {place: (one.met, one.out_of, one.value) for place, one in beside.items()} == {
        None: (7, 10, "70.0"),
        "home 1": (2, 4, "50.0"),
        "home 2": (5, 6, "83.3"),
    }
    assert OVER_A_YEAR not in the_figure(connection, asked(world, MISSING)).also


@pytest.mark.parametrize(
    ("code", "own"), [("2025-26-Q2", "2025-26-Q2"), ("2025-26-H1", "2025-26-Q2"), ("2025-09", "2025-26-Q2")]
)
def test_a_measure_is_due_where_its_own_period_ends(
    connection: Connection, world: World, code: str, own: str
) -> None:
    world.save(connection)
    assert the_figure(connection, asked(world, period=parse_period(code))).period.code == own


def test_a_measure_that_is_not_due_is_listed_as_such(connection: Connection, world: World) -> None:
    world.save(connection)
    made = document(figures(Live(connection), asked(world, period=parse_period("2025-08"))))["figures"]
    assert [(one["position"], one["value"], one["period"]["code"]) for one in made] == [
        ("not_due", None, "2025-08")
    ]  # type: ignore[index]


def test_contracts_with_other_settings_run_side_by_side(connection: Connection, world: World) -> None:
    world.add("contract", called="D")
    world.add("placement", child="Z", place="carers 99", contract="D", started_on=Q2.earlier(2).first)
    world.add("contract_setting", contract="D", setting="youngest_for_independence", value="16")
    world.save(connection)
    ids = [world.id_of("contract", name) for name in ("C", "D")]
    made = figures(Live(connection), Asked([PROGRESS], ids, Q2))
    assert [(one.contract, one.in_scope) for one in made] == [("C", 8), ("D", 0)]


def test_contracts_are_found_by_reference_or_public_id(connection: Connection, world: World) -> None:
    world.save(connection)
    number = world.id_of("contract", "C")
    assert contract_called(connection, "C") == contract_called(connection, f"contract-{number}")
    with pytest.raises(Invalid, match="no contract has this reference"):
        contract_called(connection, "nope")
    assert [one.reference for one in all_contracts(connection)] == ["C"]


Q2_EVENING = next(
    row["started_at"]
    for case in all_cases()
    if case.card.measure == MISSING
    for row in World(case.records).rows["missing_episode"]
    if row["name"] == "a1"
)
