"""Instruments from files: our own load, the empty template does not, and a version never changes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from outcomes import cli
from outcomes.core.actor import system_actor
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Invalid
from outcomes.core.settings import root
from outcomes.core.transaction import transaction
from outcomes.kit.writing import writer
from outcomes.records.instrument_files import SEEDS, load_seed_instruments, read_instrument, register
from outcomes.records.readings import Instrument, Reading
from tests.builders import World

BY = system_actor("tests")
FOLDER = root() / "seeds" / "instruments"

SCALE = """
instrument_code: my_scale
version: 1
higher_is_better: true
scale_min: 0
scale_max: 4
smallest_step: 1
areas: [cooking, cleaning]
area_tags: {cooking: independence}
expected_level_by_age: {"11-12:cooking": 1, "13+:*": 2}
anchors: {0: Not yet, 4: Alone}
"""


def file(folder: Path, text: str) -> Path:
    path = folder / "scale.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def add(path: Path) -> bool:
    with transaction():
        return register(read_instrument(path), by=BY).is_new


def test_every_file_of_ours_is_loaded_at_first_use_or_is_the_template() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*SEEDS, "outcomes_star_template.yaml"}


def test_our_own_instruments_load_and_load_again(in_any_app: World) -> None:
    assert [one.is_new for one in load_seed_instruments(by=BY)] == [True, True, True]
    assert [one.is_new for one in load_seed_instruments(by=BY)] == [False, False, False]
    assert db.session.scalar(select(func.count()).select_from(Instrument)) == 3


def test_the_wheel_has_eight_areas_from_1_to_10(in_app: World) -> None:
    load_seed_instruments(by=BY)
    wheel = db.session.scalars(select(Instrument).where(Instrument.instrument_code == "progress_wheel")).one()
    assert (len(wheel.areas), wheel.scale_min, wheel.scale_max) == (8, 1, 10)
    assert {"child", "keyworker"} <= set(wheel.informants or ())


def test_living_skills_are_the_eight_areas_of_newhams_kpi_6(in_app: World) -> None:
    load_seed_instruments(by=BY)
    skills = db.session.scalars(select(Instrument).where(Instrument.instrument_code == "living_skills")).one()
    assert skills.areas == [
        "financial_literacy",
        "relationships",
        "cooking",
        "cleaning",
        "communication",
        "problem_solving",
        "managing_self",
        "self_belief",
    ]
    assert set((skills.area_tags or {}).values()) == {"independence"}
    assert set(skills.area_tags or ()) == set(skills.areas)
    assert (skills.scale_min, skills.scale_max) == (0, 4)
    assert set(skills.anchors or ()) == {"0", "1", "2", "3", "4"}


def test_a_reading_can_be_taken_with_them(in_app: World) -> None:
    load_seed_instruments(by=BY)
    reading = in_app.record(
        Reading,
        person_id=in_app.child(),
        instrument_code="living_skills",
        version="1",
        informant="keyworker",
        taken_on="2025-05-01",
        status="complete",
        scores=[{"area": "cooking", "score": 3}],
    )
    assert reading.stands


def test_the_template_is_empty_and_refused_until_it_is_filled_in(in_app: World, tmp_path: Path) -> None:
    template = FOLDER / "outcomes_star_template.yaml"
    with pytest.raises(Invalid) as refused:
        read_instrument(template)
    assert {"instrument_code", "version", "scale_min", "scale_max"} <= set(refused.value.fields)
    assert all("outcomes_star_template.yaml" in str(words) for words in refused.value.fields.values())

    text = template.read_text(encoding="utf-8")
    for name, value in (
        ("instrument_code:", "instrument_code: a_star"),
        ("version:", "version: '1'"),
        ("title:", "title: A star"),
        ("scale_min:", "scale_min: 1"),
        ("scale_max:", "scale_max: 5"),
        ("licence_note:  ", "licence_note: Held by us  "),
    ):
        text = text.replace(f"\n{name}", f"\n{value}", 1)
    half = file(tmp_path, text)
    with pytest.raises(Invalid, match="at least one area"):
        add(half)
    assert add(file(tmp_path, text.replace("areas: []", "areas: [first_area, second_area]")))


def test_the_template_holds_no_area_and_the_licence_note() -> None:
    text = (FOLDER / "outcomes_star_template.yaml").read_text(encoding="utf-8")
    assert "areas: []" in text
    assert "Triangle Consulting" in text


def test_the_same_file_again_does_nothing(in_any_app: World, tmp_path: Path) -> None:
    assert add(file(tmp_path, SCALE))
    assert not add(file(tmp_path, SCALE))


def test_another_content_needs_another_version(in_any_app: World, tmp_path: Path) -> None:
    add(file(tmp_path, SCALE))
    changed = SCALE.replace("scale_max: 4", "scale_max: 5")
    with pytest.raises(Conflict, match=r"another scale max.*new version, for example 2"):
        add(file(tmp_path, changed))
    assert add(file(tmp_path, changed.replace("version: 1", "version: 2")))


def test_a_withdrawn_one_needs_another_version(in_any_app: World, tmp_path: Path) -> None:
    add(file(tmp_path, SCALE))
    made = db.session.scalars(select(Instrument)).one()
    with transaction():
        writer.withdraw(made, revision=made.revision, reason="a slip", by=BY)
    with pytest.raises(Conflict, match=r"was withdrawn.*new version, for example 2"):
        add(file(tmp_path, SCALE))


@pytest.mark.parametrize(
    ("text", "field", "says"),
    [
        ("", "", "Expected the fields of one instrument"),
        ("- a\n- b", "", "Expected the fields of one instrument"),
        ("a: [1", "", "not YAML in line"),
        ("a: 1\na: 2", "", "gives 'a' twice (line 2)"),
        ("a: &x 1\nb: *x", "", "YAML alias"),
        ("? [1]\n: 2", "", "a list as a key (line 1)"),
        (SCALE + "colour: red\n", "colour", "Is not a field of this kind"),
        (SCALE.replace("scale_min: 0", "scale_min: low"), "scale_min", "enter a number"),
        (
            SCALE.replace("higher_is_better: true", "higher_is_better: up"),
            "higher_is_better",
            "select yes or no",
        ),
        (SCALE.replace("[cooking, cleaning]", "{cooking: Cooking}"), "areas", "select from"),
        (SCALE.replace("[cooking, cleaning]", "[cooking, cooking]"), "areas", "twice"),
        (SCALE.replace("scale_max: 4", "scale_max: -1"), "scale_min", "must not be more than"),
        (SCALE.replace("0: Not yet", "0: Not | yet"), "anchors", "enter pairs"),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_the_mend(
    text: str, field: str, says: str, in_app: World, tmp_path: Path
) -> None:
    with pytest.raises(Invalid) as refused:
        read_instrument(file(tmp_path, text))
    assert says in " ".join(refused.value.fields[field])
    assert "scale.yaml: " in refused.value.fields[field][0]


def test_a_file_that_is_too_large_or_not_utf8_is_refused(tmp_path: Path) -> None:
    large = file(tmp_path, "#" * 300_000)
    with pytest.raises(Invalid, match="larger than 200,000 bytes"):
        read_instrument(large)
    large.write_bytes("title: Zoë".encode("latin-1"))
    with pytest.raises(Invalid, match="not UTF-8"):
        read_instrument(large)


def test_the_commands(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "the_app", lambda: app)
    path = file(tmp_path, SCALE)

    def run(*words: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(cli.main, ["instruments", *words])
        return result.exit_code, result.stdout, result.stderr

    assert run("list")[1].startswith("None yet.")
    assert run("add", str(path))[:2] == (0, "my_scale version 1 is registered.\n")
    assert "registered already; nothing was changed" in run("add", str(path))[1]
    assert "2 areas, 0 to 4" in run("list")[1]
    listed = json.loads(run("list", "--json")[1])
    assert listed["instruments"][0]["areas"] == ["cooking", "cleaning"]
    code, _, told = run("add", str(file(tmp_path, SCALE.replace("scale_max: 4", "scale_max: 5"))))
    assert code == 1
    assert "new version" in told
    assert run("add", str(tmp_path / "nothing.yaml"))[0] == 2
