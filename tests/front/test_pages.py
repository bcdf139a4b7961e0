"""Every component and every record template, drawn with samples and linted by the client that fetches it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.front.samples import PAGES, sample_app


@pytest.fixture(scope="module")
def app() -> Flask:
    return sample_app()


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.mark.parametrize("name", PAGES)
def test_the_page_draws_and_passes_the_lint(client: FlaskClient, name: str) -> None:
    assert client.get(f"/{name}").status_code == 200
