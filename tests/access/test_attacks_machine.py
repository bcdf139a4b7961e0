"""Somebody else on the same machine: what the service writes is for its owner alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


SMALL = Path(__file__).parents[1] / "data" / "bundle_small"


def run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """An `outcomes` command of somebody whose files are otherwise for everybody to read."""
    env = os.environ | {"OUTCOMES_INSTANCE": str(folder / "instance"), "OUTCOMES_ENV": "test"} | more
    env.pop("DATABASE_URL", None)
    line = [sys.executable, "-c", "from outcomes.cli import main; main()", *command]
    return subprocess.run(
        line, env=env, capture_output=True, text=True, timeout=120, umask=0o022, check=False
    )


def open_to_others(folder: Path) -> list[str]:
    return [
        f"{path} {stat.filemode(path.stat().st_mode)}"
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & OPEN_TO_OTHERS
    ]


def prepare(folder: Path) -> None:
    """A database with a few records in it, made by commands."""
    for command in (("db", "upgrade"), ("import", str(SMALL))):
        done = run(folder, *command)
        assert done.returncode == 0, done.stderr


def test_database_keys_and_exports_are_closed_to_others(tmp_path: Path) -> None:
    prepare(tmp_path)
    exported = run(tmp_path, "export", str(tmp_path / "exported"))
    assert exported.returncode == 0, exported.stderr
    assert (tmp_path / "instance" / "outcomes.sqlite").exists()
    assert any((tmp_path / "exported").iterdir())
    assert open_to_others(tmp_path / "instance") == []
    assert open_to_others(tmp_path / "exported") == []


def test_a_command_without_the_audits_key_does_nothing(tmp_path: Path) -> None:
    """A lost or hidden key is not replaced in silence: there would be acts without a true entry."""
    prepare(tmp_path)
    elsewhere = run(
        tmp_path, "export", str(tmp_path / "second"), AUDIT_KEY_FILE=str(tmp_path / "another.key")
    )
    assert elsewhere.returncode == 1
    assert "Traceback" not in elsewhere.stderr
    assert not (tmp_path / "second").exists()
    assert not (tmp_path / "another.key").exists()
