"""The peer of the pages and writes: what is usually written with Flask, an ORM and a signed-in session.

One page of some 15 KB with one indexed query, and one form that writes a record and a line of a log.
It judges nothing, narrows nothing and keeps no versions. It stands on the same database.
"""

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask, render_template_string, request
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from sqlalchemy import Date, DateTime, Integer, String, Text, create_engine, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench.databases import Database
from outcomes.core.database import WRITING, prepare_engine

ROWS = 60
PAGE = """<!doctype html><html lang="en"><head><title>Sessions</title></head><body><h1>Sessions of {{ user.name }}</h1>
<table class="govuk-table"><tbody>{% for row in rows %}<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">
{{ row.planned_on.strftime("%d %B %Y") }}</th><td class="govuk-table__cell">{{ row.status }}</td><td class="govuk-table__cell">
{{ row.held_on or "not held" }}</td></tr>{% endfor %}</tbody></table></body></html>"""


class Base(DeclarativeBase):
    """The peer's own tables, beside the service's."""


class User(UserMixin, Base):
    __tablename__ = "peer_user"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Visit(Base):
    __tablename__ = "peer_session"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer, index=True)
    planned_on: Mapped[date] = mapped_column(Date)
    held_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(40))
    words: Mapped[str | None] = mapped_column(Text)


class Log(Base):
    __tablename__ = "peer_log"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    user_id: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(80))


def peer_app(database: Database, *, filled: bool = True) -> Flask:
    """The peer, on the tables of its own in this database; `filled` makes them and fills them first."""
    engine = create_engine(database.url)
    prepare_engine(engine)
    if filled:
        with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
            Base.metadata.create_all(connection)
        _fill(engine)
    app = Flask("peer")
    app.secret_key = "peer"  # noqa: S105 - signs nothing that matters
    login = LoginManager(app)

    @login.user_loader
    def load(key: str) -> Any:
        with Session(engine) as session:
            return session.get(User, int(key))

    @app.post("/sign-in")
    def sign_in() -> str:
        with Session(engine) as session:
            login_user(session.get(User, 1))
        return "in"

    @app.get("/sessions/<int:person>")
    @login_required
    def sessions(person: int) -> str:
        with Session(engine) as session:
            wanted = select(Visit).where(Visit.person_id == person).order_by(Visit.planned_on).limit(ROWS)
            return render_template_string(PAGE, rows=session.scalars(wanted).all(), user=current_user)

    @app.post("/sessions/<int:person>")
    @login_required
    def add(person: int) -> tuple[str, int]:
        with Session(engine) as session:
            session.connection(execution_options={WRITING: True})
            day = date.fromisoformat(request.form["on"])
            session.add(
                Visit(
                    person_id=person, planned_on=day, held_on=day, status="held", words=request.form["words"]
                )
            )
            session.add(Log(at=datetime.now(UTC), user_id=int(current_user.get_id()), action="add"))
            session.commit()
        return "added", 303

    return app


def _fill(engine: Engine) -> None:
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        session.add(User(id=1, name="Mo"))
        day = date(2025, 1, 1)
        session.add_all(
            Visit(person_id=n // ROWS, planned_on=day, held_on=day, status="held") for n in range(ROWS * 200)
        )
        session.commit()
