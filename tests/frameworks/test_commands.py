"""`outcomes measures`, as people and programs run it, on a bundle that was imported."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from outcomes import cli
from outcomes.frameworks.packs import cards, folder, packs

Run = Callable[..., Result]
BUNDLE = Path(__file__).parents[1] / "data" / "bundle_small"


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the test's database."""
    monkeypatch.setattr(cli, "the_app", lambda: app)
    return lambda *words: CliRunner().invoke(cli.main, [str(word) for word in words])


@pytest.fixture
def imported(run: Run) -> Run:
    assert run("import", BUNDLE).exit_code == 0
    return run


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_list_names_every_card(run: Run) -> None:
    assert {one["measure"] for one in document(run("measures", "list", "--json"))["measures"]} == set(cards())
    listed = run("measures", "list", "--framework", "newham_ifa").stdout.splitlines()
    assert len(listed) == sum(measure.startswith("newham_ifa.") for measure in cards())


def test_check_reads_every_card(run: Run) -> None:
    assert run("measures", "check").exit_code == 0
    assert (
        run("measures", "check", folder() / "newham_ifa" / "cards" / "6_progress_quarter.yaml").exit_code == 0
    )


def test_check_reports_every_fault_with_file_card_and_key(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    card = tmp_path / "cards" / "broken.yaml"
    text = (folder() / "newham_ifa" / "cards" / "5b_long_term_stability.yaml").read_text(encoding="utf-8")
    text = text.replace("on or before period_end minus 24 months", "soon enough")
    card.write_text(text.replace("target: at least", "target: about"))
    result = run("measures", "check", card)
    assert result.exit_code == 1
    assert result.stderr.count("newham_ifa.5b_long_term_stability: ") == 2
    found = json.loads(run("measures", "check", "--json", card).stdout)["faults"]
    assert {one["key"] for one in found} == {"target", "met_when: stay_started_on"}


def test_check_wants_every_rule_that_a_card_names_written_down(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    card = tmp_path / "cards" / "broken.yaml"
    text = (folder() / "newham_ifa" / "cards" / "5b_long_term_stability.yaml").read_text(encoding="utf-8")
    card.write_text(text.replace("rules: [R09,", "rules: [R09, R99,"))
    found = json.loads(run("measures", "check", "--json", card).stdout)["faults"]
    assert ("rules", "R99") in {(one["key"], one["came"]) for one in found}


def test_explain_says_clause_definition_plan_and_statement(run: Run) -> None:
    said = run("measures", "explain", "newham_ifa.6_progress_quarter", "--period", "2025-26-Q2").stdout
    for words in (
        "70% of young people",
        "July to September 2025",
        "how many meet this",
        "step 3: moved",
        "WITH placements",
    ):
        assert words in said


def test_run_prints_one_json_document(imported: Run) -> None:
    made = document(imported("measures", "run", "hackney_homes.3.2-K2", "--period", "2024-25-Q3", "--json"))[
        "figures"
    ]
    assert [(one["measure"], one["scope"], one["value"]) for one in made] == [
        ("hackney_homes.3.2-K2", {"contract": "C2"}, "1")
    ]


def test_run_for_a_contract_by_place_with_members(imported: Run) -> None:
    words = (
        "--period",
        "2024-25-Q3",
        "--contract",
        "C2",
        "--split",
        "place",
        "--members",
        "--format",
        "json",
    )
    made = document(imported("measures", "run", "hackney_homes.3.2-K3", *words))["figures"]
    assert [(one["split"], one["members"]["met"], one["members"]["not_met"]) for one in made] == [
        (None, ["B"], ["A"]),
        ({"by": "place", "value": "LARCH"}, ["B"], ["A"]),
    ]


def test_run_a_whole_pack_over_several_periods(imported: Run) -> None:
    made = document(
        imported("measures", "run", "-f", "newham_ifa", "--period", "2025-26-Q2", "--periods", "3", "--json")
    )
    assert len(made["figures"]) == 3 * len(packs()["newham_ifa"].cards)


def test_run_as_a_table_and_as_csv(imported: Run) -> None:
    words = ("measures", "run", "hackney_homes.3.2-K3", "--period", "2024-25-Q3")
    assert "1 of 2 = 50.0% (target: none stated): no target" in imported(*words).stdout
    (row,) = csv.DictReader(io.StringIO(imported(*words, "--format", "csv").stdout))
    assert (row["met"], row["out_of"], row["value"], row["contract"]) == ("1", "2", "50.0", "C2")


def test_no_cell_of_the_csv_is_run_as_a_formula(run: Run, tmp_path: Path) -> None:
    """A sender's reference is anybody's words, and spreadsheets take more than four signs for a formula."""
    bundle = shutil.copytree(BUNDLE, tmp_path / "bundle")
    for file in bundle.glob("*.csv"):
        file.write_text(file.read_text(encoding="utf-8").replace("LARCH", "|cmd"), encoding="utf-8")
    assert run("import", bundle).exit_code == 0
    words = ("measures", "run", "hackney_homes.3.2-K3", "--period", "2024-25-Q3", "--split", "place")
    rows = csv.DictReader(io.StringIO(run(*words, "--format", "csv").stdout))
    assert [row["place"] for row in rows] == ["", "'|cmd"]


def test_a_period_before_the_contract_has_no_figures(imported: Run) -> None:
    result = imported("measures", "run", "hackney_homes.3.2-K2", "--period", "2023-24-Q3", "--json")
    assert json.loads(result.stdout) == {"figures": []}
    assert "no contract under hackney_homes is in force" in result.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run", "nope.k1", "--period", "2025-26-Q2"), 1, "No measure is called 'nope.k1'"),
        (("run", "hackney_homes.3.2-K2", "--period", "soon"), 1, "Enter a period such as"),
        (
            ("run", "hackney_homes.3.2-K2", "--period", "2025-26-Q2", "--contract", "X"),
            1,
            "no contract has this reference",
        ),
        (("run", "-f", "nope", "--period", "2025-26-Q2"), 1, "There is no pack 'nope'"),
        (("run", "--period", "2025-26-Q2"), 2, "Name measures"),
        (("run", "hackney_homes.3.2-K2"), 2, "--period"),
        (("run", "hackney_homes.3.2-K2", "--period", "2025-26-Q2", "--periods", "0"), 2, "--periods"),
        (("run", "hackney_homes.3.2-K2", "--period", "2025-26-Q2", "--split", "age"), 2, "--split"),
        (("explain", "nope"), 1, "No measure is called 'nope'"),
        (("check", "nowhere.yaml"), 2, "does not exist"),
    ],
)
def test_what_is_refused_says_why(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    result = run("measures", *words)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
