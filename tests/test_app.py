"""What the whole application refuses to start on, and what it says of itself."""

from pathlib import Path

import pytest
from flask import Flask

from outcomes.access.bind import system_scope
from outcomes.app import create_app
from outcomes.core import migrating
from outcomes.core.errors import Misconfigured
from outcomes.web.routes import declarations
from tests.builders import World
from tests.databases import settings_for

STRONG = "J7x-Pq2_Zk9vWm4sRt8yLb3nHd6fGc1aQe5uXo0i"


def migrated(folder: Path) -> str:
    """A database with one home in it; its address."""
    url = f"sqlite:///{folder / 'x.sqlite'}"
    with create_app(settings_for(folder, url)).app_context():
        migrating.upgrade()
    return url


@pytest.mark.parametrize(("email", "starts"), [("a@demo.example.org", False), ("a@example.org", True)])
def test_production_refuses_a_database_with_demo_accounts(tmp_path: Path, email: str, starts: bool) -> None:
    url = migrated(tmp_path)
    app = create_app(settings_for(tmp_path, url))
    with app.app_context(), system_scope("a test"):
        world = World()
        world.account("keyworker", at=world.home(), email=email)
    production = settings_for(tmp_path, url, OUTCOMES_ENV="production", SECRET_KEY=STRONG)
    if starts:
        create_app(production)
    else:
        with pytest.raises(Misconfigured, match="demo"):
            create_app(production)


def test_it_is_alive_before_it_is_ready(tmp_path: Path) -> None:
    client = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite'}")).test_client()
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
    migrated(tmp_path)
    assert client.get("/readyz").status_code == 200


def test_every_address_promised_is_there(app: Flask) -> None:
    rules = {row["rule"] for row in declarations(app)}
    promised = {
        "/sign-in", "/sign-out", "/my-day", "/children", "/children/<public_id:child>",
        "/children/<public_id:child>/timeline", "/children/<public_id:owner>/health-check",
        "/children/<public_id:owner>/health-check/new",
        "/children/<public_id:owner>/health-check/<public_id:record>",
        "/children/<public_id:owner>/health-check/<public_id:record>/correct",
        "/children/<public_id:owner>/health-check/<public_id:record>/withdraw",
        "/homes/<public_id:record>", "/contracts/<public_id:record>", "/organisations/<public_id:record>",
        "/instruments", "/scorecard", "/measures/<measure_id:measure>", "/api/v1/children",
        "/api/v1/measures/<measure_id:measure>/figures", "/healthz", "/readyz",
    }  # fmt: skip
    assert promised <= rules, sorted(promised - rules)
