"""A request to draw a form in."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("forms")
    app.secret_key = "k" * 40
    return app


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield
