"""Archives that must not be restored: each is refused with what to do, and the database stays as it was."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect

from outcomes.app import create_app
from outcomes.audit.chain import read_key
from outcomes.backup import archive as archives
from outcomes.backup import restoring
from outcomes.backup.rows import Count
from outcomes.core import migrating
from outcomes.core.database import db
from tests.backup.conftest import Empty
from tests.backup.test_backup import fill, keep, restore, tables
from tests.databases import Fresh, settings_for

Parts = dict[str, bytes]


@pytest.fixture
def source(sqlite_database: Fresh) -> Flask:
    """One sort is enough: what an archive holds does not tell where it was made."""
    return sqlite_database.empty()


@pytest.fixture
def kept(source: Flask, tmp_path: Path) -> Path:
    fill(source, tmp_path / "bundle")
    keep(source, tmp_path / "kept.backup")
    return tmp_path / "kept.backup"


def parts_of(path: Path) -> Parts:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def write(path: Path, parts: Parts) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    path.write_bytes(made.getvalue())


def reseal(parts: Parts, source: Flask, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest as somebody could who holds the key."""
    document = json.loads(parts["manifest.json"])
    change(document)
    parts["manifest.json"] = json.dumps(document).encode()
    parts["manifest.seal"] = archives.seal(
        read_key(source.extensions["outcomes_audit"]), parts["manifest.json"]
    )


def newer(document: dict[str, Any]) -> None:
    document["revision"] = "9999"


BREAKS: dict[str, tuple[Callable[[Parts, Flask], object], str, str]] = {
    "a row changed": (
        lambda parts, _: parts.update(
            {"tables/person.jsonl": parts["tables/person.jsonl"].replace(b"Jay", b"Kay")}
        ),
        "damaged: person",
        "another copy",
    ),
    "a row taken out": (
        lambda parts, _: parts.update(
            {"tables/goal.jsonl": b"".join(parts["tables/goal.jsonl"].splitlines(True)[1:])}
        ),
        "damaged: goal",
        "another copy",
    ),
    "a row added": (
        lambda parts, _: parts.update({"tables/goal.jsonl": parts["tables/goal.jsonl"] * 2}),
        "damaged: goal",
        "another copy",
    ),
    "a table missing": (
        lambda parts, _: parts.pop("tables/placement.jsonl"),
        "damaged: placement",
        "another copy",
    ),
    "a manifest changed": (
        lambda parts, _: parts.update(
            {"manifest.json": parts["manifest.json"].replace(b'"audit_fault": null', b'"audit_fault": "x"')}
        ),
        "changed after it was made",
        "Restore another",
    ),
    "no seal": (lambda parts, _: parts.pop("manifest.seal"), "manifest.seal is missing", "outcomes backup"),
    "no manifest": (
        lambda parts, _: parts.pop("manifest.json"),
        "manifest.json is missing",
        "outcomes backup",
    ),
    "a newer database": (
        lambda parts, source: reseal(parts, source, newer),
        "'9999'",
        "Install the newer Outcomes",
    ),
    "a newer form": (
        lambda parts, source: reseal(parts, source, lambda d: d.update({"version": 2})),
        "has the form 2",
        "Install the version",
    ),
    "another program's": (
        lambda parts, source: reseal(parts, source, lambda d: d.update({"format": "tar"})),
        "another program",
        "outcomes backup",
    ),
    "a manifest of nothing": (
        lambda parts, source: reseal(parts, source, lambda d: d.pop("tables")),
        "cannot be read",
        "Choose another",
    ),
}


@pytest.mark.parametrize("why", BREAKS)
def test_it_is_refused_and_nothing_changes(source: Flask, empty: Empty, kept: Path, why: str) -> None:
    change, says, mend = BREAKS[why]
    parts = parts_of(kept)
    change(parts, source)
    write(kept, parts)
    refused_and_unchanged(empty("sqlite"), kept, says, mend)


@pytest.mark.parametrize("length", [0, 3, 1_000, -1, -30])
def test_a_cut_file_is_refused(empty: Empty, kept: Path, length: int) -> None:
    kept.write_bytes(kept.read_bytes()[:length])
    refused_and_unchanged(empty("sqlite"), kept, "cut short", "copy it whole")


def test_a_damaged_disk_is_refused(empty: Empty, kept: Path) -> None:
    with zipfile.ZipFile(kept) as file:
        part = file.getinfo("tables/record_version.jsonl")
    # Just before the next table's header: the last bytes of this one's rows.
    content = bytearray(kept.read_bytes())
    content[content.index(b"PK\x03\x04", part.header_offset + 1) - part.compress_size // 2] ^= 0xFF
    kept.write_bytes(content)
    refused_and_unchanged(empty("sqlite"), kept, "damaged", "another copy")


def refused_and_unchanged(target: Flask, path: Path, says: str, mend: str) -> None:
    before = tables(target)
    with pytest.raises(restoring.Unusable) as refusal:
        restore(target, path, replace=True)
    assert says in refusal.value.message
    assert mend in refusal.value.message
    after = tables(target)
    assert {name: rows for name, rows in after.items() if not name.startswith("audit_")} == {
        name: rows for name, rows in before.items() if not name.startswith("audit_")
    }


def test_what_would_break_a_rule_is_refused_by_the_database(source: Flask, empty: Empty, kept: Path) -> None:
    """Sealed and whole, and yet not what the database can hold: a child whose placement is nobody's."""
    parts = parts_of(kept)
    rows = [json.loads(line) for line in parts["tables/placement.jsonl"].splitlines()]
    document = json.loads(parts["manifest.json"])
    kept_as = next(one for one in document["tables"] if one["shape"]["name"] == "placement")
    at = [name for name, _ in kept_as["shape"]["columns"]].index("person_id")
    rows[0][at] = 999_999
    content = b"".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows
    )
    parts["tables/placement.jsonl"] = content

    def renew(document: dict[str, Any]) -> None:
        count = Count()
        for line in content.splitlines(True):
            count.add(line)
        for one in document["tables"]:
            if one["shape"]["name"] == "placement":
                one |= {"rows": count.rows, "size": count.size, "sha256": count.sha256}

    reseal(parts, source, renew)
    write(kept, parts)
    target = empty("postgresql")
    with pytest.raises(restoring.Unusable, match="The database refused"):
        restore(target, kept)
    assert tables(target)["person"] == []


def test_an_older_archive_is_brought_to_the_newest_revision(
    source: Flask, empty: Empty, kept: Path, tmp_path: Path
) -> None:
    """What a program of the first revision would have written: its tables, with its columns."""
    old = create_app(settings_for(tmp_path / "old", f"sqlite:///{tmp_path / 'old.sqlite'}"))
    with old.app_context():
        migrating.upgrade("0001")
        looked = inspect(db.engine)
        columns = {
            name: {one["name"] for one in looked.get_columns(name)} for name in looked.get_table_names()
        }
        db.engine.dispose()
    parts = parts_of(kept)

    def as_then(document: dict[str, Any]) -> None:
        document["revision"] = "0001"
        document["tables"] = [one for one in document["tables"] if one["shape"]["name"] in columns]
        for one in document["tables"]:
            _narrow(parts, one, columns[one["shape"]["name"]])

    reseal(parts, source, as_then)
    write(kept, parts)
    target = empty("sqlite")
    restore(target, kept)
    with target.app_context():
        assert migrating.current() == migrating.head()
        assert migrating.differences() == []
    assert [row["known_as"] for row in tables(target)["person"]] == [
        row["known_as"] for row in tables(source)["person"]
    ]


def _narrow(parts: Parts, one: dict[str, Any], columns: set[str]) -> None:
    """Take the columns out of a table of an archive that came later."""
    name = f"tables/{one['shape']['name']}.jsonl"
    wanted = [at for at, (column, _) in enumerate(one["shape"]["columns"]) if column in columns]
    count, lines = Count(), []
    for line in parts[name].splitlines():
        values = json.loads(line)
        lines.append(
            json.dumps([values[at] for at in wanted], ensure_ascii=False, separators=(",", ":")).encode()
            + b"\n"
        )
        count.add(lines[-1])
    one["shape"]["columns"] = [one["shape"]["columns"][at] for at in wanted]
    one |= {"rows": count.rows, "size": count.size, "sha256": count.sha256}
    parts[name] = b"".join(lines)
