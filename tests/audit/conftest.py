from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

KEY = "outcomes_audit"


@pytest.fixture
def app(any_app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The application with an audit key of the test's own, which it may lose or spoil."""
    kept = any_app.extensions[KEY]
    any_app.extensions[KEY] = tmp_path / "audit.key"
    yield any_app
    any_app.extensions[KEY] = kept


@pytest.fixture
def key_file(app: Flask) -> Path:
    path: Path = app.extensions[KEY]
    return path
