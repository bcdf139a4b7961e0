"""Lists as files: what a reader may see, as CSV and as a spreadsheet, and no formula in either."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from outcomes.access.bind import system_scope
from outcomes.audit.entry import AuditEntry
from outcomes.core import clock
from outcomes.core.actor import Actor, Level
from outcomes.core.database import db
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.declaring.record import KINDS, PersonRecord, Record
from outcomes.kit.pages import list_files
from outcomes.kit.pages.downloads import FORMS, Listing, download
from outcomes.kit.reading.addresses import list_address
from outcomes.records.health import HealthCheck
from tests.builders import World, signed_in
from tests.kit.test_every_kind import sample

PAYLOADS = [
    "=1", "+1+1", "-a", "@SUM(1)", " =1", "\t=1", "\r=1", "\u200b=1", "'=1", "|x", "%x", "＝1",
    '=HYPERLINK("http://x.example")',
]  # fmt: skip
BY = Actor("Ada Obi", "registered_manager", levels=frozenset(Level))

Table = list[list[Any]]


def as_csv(answer: TestResponse) -> Table:
    assert answer.data.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to know UTF-8"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def as_xlsx(answer: TestResponse) -> Table:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_name("List").to_python()


def file(app: Flask, listing: Listing, form: str) -> Any:
    with app.test_request_context():
        return download(listing, form, BY)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_runs_as_a_formula(app: Flask, payload: str) -> None:
    listing = Listing("things", "Things", ("Words", payload), [(payload, payload)])
    for row in as_csv(file(app, listing, "csv")):
        assert row[1] == f"'{payload}"
    answer = file(app, listing, "xlsx")
    assert b"<f>" not in _sheet_xml(answer.data)
    assert as_xlsx(answer)[1][0].strip() == payload.strip()


def _sheet_xml(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_values_keep_what_they_are(app: Flask) -> None:
    noon = datetime(2025, 7, 1, 11, 0, tzinfo=clock.UTC)
    row = ["é", 7, Decimal("-1.5"), date(2025, 7, 1), noon, True, None]
    listing = Listing("things", "Things", tuple("abcdefg"), [row])
    assert as_csv(file(app, listing, "csv"))[1] == [
        "é", "7", "-1.5", "2025-07-01", "2025-07-01T12:00+01:00", "yes", "",
    ]  # fmt: skip
    assert as_xlsx(file(app, listing, "xlsx"))[1] == [
        "é", 7.0, -1.5, date(2025, 7, 1), datetime(2025, 7, 1, 12, 0), "yes", "",  # noqa: DTZ001 - a wall clock's
    ]  # fmt: skip


class Desk:
    """A manager and a commissioner signed in, and two children of the manager's home and one elsewhere."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), system_scope("a test"):
            world = World()
            home, other = world.home("Elm House"), world.home("Far House", world.organisation("Others"))
            for name, at in (("Jay", home), ("Noor", home), ("Kit", other)):
                child = world.child(name)
                world.placed(child, at, "2025-01-01")
                world.record(
                    HealthCheck, person_id=child, kind="dental", due_on="2025-05-01", follow_up=f"={name}"
                )
                setattr(self, name.lower(), child.public_id)
            self.email = world.account("registered_manager", at=home)

    jay: str
    noor: str
    kit: str

    def client(self) -> FlaskClient:
        return signed_in(self.app, self.email)

    def noted(self, action: str) -> list[tuple[str, str, str, int]]:
        with self.app.app_context(), system_scope("a test"):
            wanted = select(AuditEntry.kind, AuditEntry.record, AuditEntry.person, AuditEntry.count)
            return [tuple(row) for row in db.session.execute(wanted.where(AuditEntry.action == action))]


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.mark.parametrize("form", FORMS)
def test_a_childs_list_is_an_attachment_with_what_may_be_read(desk: Desk, form: str) -> None:
    client = desk.client()
    page = client.get(f"/children/{desk.jay}/health-check").text
    where = f"/children/{desk.jay}/health-check.{form}"
    assert f'href="{where}"' in page
    answer = client.get(where)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="outcomes-health-check-{clock.today().isoformat()}.{form}"'
    )
    assert "no-store" in answer.headers["Cache-Control"]
    header, row = as_csv(answer) if form == "csv" else as_xlsx(answer)
    found = dict(zip(header, row, strict=True))
    assert found["Kind"] == code_list("health_check.kind").label("dental")
    assert found["Due on"] == ("2025-05-01" if form == "csv" else date(2025, 5, 1))
    assert found["Follow up"] == ("'=Jay" if form == "csv" else "=Jay")


def test_each_record_in_a_file_is_in_the_audit(desk: Desk) -> None:
    desk.client().get(f"/children/{desk.jay}/health-check.csv")
    with desk.app.app_context(), system_scope("a test"):
        check = db.session.scalars(select(HealthCheck.public_id).where(HealthCheck.follow_up == "=Jay")).one()
    noted = desk.noted("health-check:download")
    assert ("health_check", "", desk.jay, 1) in noted
    assert ("health_check", check, desk.jay, 1) in noted
    desk.client().get("/children.xlsx")
    assert {record for kind, record, _, _ in desk.noted("child:download") if record} == {desk.jay, desk.noor}


def test_only_ones_own_children_are_in_the_file(desk: Desk) -> None:
    client = desk.client()
    names = [row[0] for row in as_csv(client.get("/children.csv"))]
    assert names == ["Name", "Jay", "Noor"]
    assert client.get(f"/children/{desk.kit}/health-check.csv").status_code == 404
    assert client.get(f"/children/{desk.noor}/health-check.csv").status_code == 200
    assert desk.app.test_client().get("/children.csv").status_code in (303, 401)


def test_fields_that_may_not_be_read_are_absent(desk: Desk) -> None:
    with desk.app.app_context(), system_scope("a test"):
        rows = db.session.scalars(select(HealthCheck)).all()
        blind = Actor("Somebody", "visitor", levels=frozenset({Level.OPEN, Level.CARE}))
        seeing = list_files.listing_of(HealthCheck, rows, BY)
        unseeing = list_files.listing_of(HealthCheck, rows, blind)
    assert "Follow up" in seeing.columns
    assert unseeing.columns == [] and all(not row for row in unseeing.rows)


def test_a_file_that_would_be_too_long_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_files, "MOST_ROWS", 0)
    assert desk.client().get(f"/children/{desk.jay}/health-check.csv").status_code == 422
    monkeypatch.setattr(list_files, "MOST_ROWS", 1)
    assert desk.client().get(f"/children/{desk.jay}/health-check.csv").status_code == 200


CHILD_KINDS = [kind for kind in KINDS if issubclass(kind, PersonRecord)]


@pytest.mark.parametrize("kind", CHILD_KINDS, ids=lambda kind: kind.kind_name())
def test_every_kind_of_a_child_has_its_file(desk: Desk, kind: type[Record]) -> None:
    with desk.app.app_context(), system_scope("a test"):
        world = World()
        record: Any = (
            db.session.scalars(select(kind)).first()
            if kind.kind_name() == "placement"
            else world.record(kind, **sample(kind, world))
        )
        owner = db.session.get(KINDS["person"], record.person_id)
        where, asked = list_address(kind, owner), kind.asked_fields()
    client = desk.client()
    csv_rows, xlsx_rows = as_csv(client.get(f"{where}.csv")), as_xlsx(client.get(f"{where}.xlsx"))
    assert csv_rows[0] == xlsx_rows[0]
    assert len(csv_rows) == len(xlsx_rows) > 1
    assert set(csv_rows[0]) <= {field.label for field in asked.values()}


@pytest.mark.parametrize("collection", ["homes", "organisations", "contracts", "instruments"])
def test_every_collection_has_its_file(desk: Desk, collection: str) -> None:
    answer = desk.client().get(f"/{collection}.csv")
    page = desk.client().get(f"/{collection}")
    assert answer.status_code == page.status_code
