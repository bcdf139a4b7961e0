"""The bank as the words of every command: exit 1 or 2 with a reason, never a traceback, nothing changed."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from outcomes import cli
from tests.doors.bank import TEXTS
from tests.doors.conftest import Town

HARMLESS = frozenset({"serve", "db downgrade", "demo load"})
"""Not run here: one never ends, one undoes the test's tables, one is tried on an empty database below."""

LONE = "\udcff"
"""What Python makes of a byte on the command line that is not UTF-8."""

WORDS = {name: text for name, text in TEXTS.items() if "\x00" not in text} | {"not UTF-8": LONE}


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


EVERY = {" ".join(path): command for path, command in commands(cli.main) if " ".join(path) not in HARMLESS}


@pytest.mark.parametrize("name", EVERY)
def test_no_word_is_a_fault_of_a_command(
    town: Town, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cli, "the_app", lambda: town.app)
    monkeypatch.chdir(tmp_path)
    before, faults = town.counts(), []
    for title, text in WORDS.items():
        for words in asked(EVERY[name], text):
            result = CliRunner().invoke(cli.main, [*name.split(), *words])
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                faults.append(f"{title} {[word[:20] for word in words]}: {result.exception!r}"[:300])
            elif result.exit_code not in (0, 1, 2) or (result.exit_code and not result.output.strip()):
                faults.append(f"{title}: exit {result.exit_code} says {result.output[:100]!r}")
            elif result.exit_code and town.counts() != before:
                faults.append(f"{title}: refused, yet something was written")
            before = town.counts()
    assert faults == []


def asked(command: click.Command, text: str) -> Iterator[list[str]]:
    """The text in the place of each argument and option, the others being sensible."""
    taking = [one for one in command.params if not (isinstance(one, click.Option) and one.is_flag)]
    for hostile in taking:
        words: list[str] = []
        for one in taking:
            if not (one.required or one is hostile):
                continue
            value = text if one is hostile else SENSIBLE.get(str(one.name), "x")
            words += [value] if isinstance(one, click.Argument) else [one.opts[-1], value]
        yield ["--", *words] if not any(word.startswith("--") for word in words) else words


SENSIBLE = {
    "email": "ada@elm.example",
    "name": "Ada Obi",
    "role": "system_administrator",
    "period": "2025-26-Q2",
    "measures": "hackney_homes.3.1-M1",
}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe", b"{", b"[" * 5000, b"a: &a [*a, *a]\n", b"- " * 3000]
)
@pytest.mark.parametrize(
    "words",
    [
        ("instruments", "add"),
        ("measures", "check"),
        ("audit", "verify", "--anchor"),
    ],
    ids=" ".join,
)
def test_no_file_is_a_fault_of_a_command(
    app: Flask, words: tuple[str, ...], content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cli, "the_app", lambda: app)
    file = tmp_path / "given.yaml"
    file.write_bytes(content)
    for given in (file, tmp_path, tmp_path / "nothing"):
        result = CliRunner().invoke(cli.main, [*words, str(given)])
        assert isinstance(result.exception, SystemExit | None), repr(result.exception)
        if given != tmp_path:
            assert result.exit_code in (1, 2), result.output
            assert result.output.strip()
