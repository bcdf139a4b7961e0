"""The town as a test holds it: identifiers by name, a client for each role, and true requests."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from outcomes.access.bind import system_scope
from outcomes.core.clock import today
from tests.builders import World, signed_in, token_of


def day(ago: int) -> str:
    return (today() - timedelta(days=ago)).isoformat()


@dataclass
class Town:
    """Public ids by name ("child own", "health_check own", "home elm"), and a client for each role."""

    app: Flask
    ids: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    _clients: dict[str, FlaskClient] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.ids[name]

    def client(self, who: str) -> FlaskClient:
        """Somebody signed in, by role; "nobody" is not signed in."""
        if who not in self._clients:
            fresh = self.app.test_client()
            self._clients[who] = fresh if who == "nobody" else signed_in(self.app, self.emails[who])
        return self._clients[who]

    def send(self, who: str, path: str, body: Any, method: str = "POST", **headers: str) -> TestResponse:
        """JSON with everything that a true request carries."""
        self.sent += 1
        client = self.client(who)
        told = {
            "X-CSRF-Token": token_of(client.get("/organisations").text),
            "Idempotency-Key": f"key-{self.sent}",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(f"/api/v1{path}", method=method, json=body, headers=told)

    def record(self, kind: str, child: str) -> str:
        """The address of a child's record."""
        return f"/children/{self[f'person {child}']}/{kind.replace('_', '-')}/{self[f'{kind} {child}']}"

    def inside(self) -> Any:
        return _Inside(self.app)


class _Inside:
    """Inside the application as the system, with a world to build in."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __enter__(self) -> World:
        self.context, self.scope = self.app.app_context(), system_scope("a test")
        self.context.__enter__()
        self.scope.__enter__()
        return World()

    def __exit__(self, *error: Any) -> None:
        self.scope.__exit__(*error)
        self.context.__exit__(*error)
