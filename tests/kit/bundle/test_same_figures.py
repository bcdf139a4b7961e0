"""The promise of an export: imported into an empty database, it gives the same figures to the byte."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from outcomes import cli
from tests.databases import Fresh


def run(*words: str) -> str:
    result = CliRunner().invoke(cli.main, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


def figures(periods: list[str]) -> dict[tuple[str, str], str]:
    """Every figure of both packs with its members, as it is printed."""
    asked = ("measures", "run", "--members", "--format", "json")
    return {
        (pack, period): run(*asked, "--framework", pack, "--period", period)
        for pack in ("newham_ifa", "hackney_homes")
        for period in periods
    }


def test_the_demo_exported_and_imported_gives_the_same_figures(
    any_app: Flask, other_database: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "the_app", lambda: any_app)
    loaded = json.loads(run("demo", "load", "--homes", "2", "--children", "10", "--json"))
    periods = loaded["periods"][-4:]
    before = figures(periods)
    assert any('"met": 1' in printed for printed in before.values())
    run("export", str(tmp_path / "out"))

    elsewhere = other_database.empty()
    monkeypatch.setattr(cli, "the_app", lambda: elsewhere)
    run("import", str(tmp_path / "out"))
    assert figures(periods) == before
