"""The bank as the words of every command: exit 1 or 2 with a reason, never a traceback, nothing changed."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from outcomes import cli
from tests.doors.bank import TEXTS
from tests.doors.conftest import Town

NOT_RUN = frozenset({"serve", "db downgrade", "demo load"})
"""One never ends, one undoes the tables, one takes long and is tried in tests/demo."""

LONE = "\udcff"
"""What Python makes of a byte on the command line that is not UTF-8."""

WORDS = {name: text for name, text in TEXTS.items() if "\x00" not in text}


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


EVERY = {" ".join(path): command for path, command in commands(cli.main) if " ".join(path) not in NOT_RUN}


def test_no_word_is_a_fault_of_a_command(town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli, "the_app", lambda: town.app)
    monkeypatch.chdir(tmp_path)
    faults, refused = [], 0
    for number, (name, command) in enumerate(EVERY.items()):
        before = town.counts()
        for title, text in [*town.in_turn(WORDS, number, 4), ("not UTF-8", LONE)]:
            for words in asked(command, text):
                result = CliRunner().invoke(cli.main, [*name.split(), *words])
                faults += [f"{name}, {title}: {fault}" for fault in faults_of_run(result)]
                if result.exit_code:
                    refused += 1
                    if town.counts() != before:
                        faults.append(f"{name}, {title}: refused, yet something was written")
                before = town.counts()
    assert faults == []
    assert refused > 50


def faults_of_run(result: Result) -> Iterator[str]:
    if not isinstance(result.exception, SystemExit | None):
        yield repr(result.exception)[:300]
    elif result.exit_code not in (0, 1, 2) or (result.exit_code and not result.output.strip()):
        yield f"exit {result.exit_code} says {result.output[:100]!r}"


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
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"{",
        b"[" * 5000,
        b"a: &a [*a, *a]\n",
        b"- " * 3000,
        b"title: 2025-99-99\n",
        b"PK\x05\x06" + b"\x00" * 18,
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        ("instruments", "add"),
        ("measures", "check"),
        ("audit", "verify", "--anchor"),
        ("import",),
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
