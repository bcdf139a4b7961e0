"""What a reader tries beside asking plainly: a former home's time, more than totals, a broken audit, the log.

Asking plainly, every address by every role about everybody, is `test_matrix.py`.
"""

import re

import pytest
from sqlalchemy import select

from outcomes.audit.entry import AuditEntry
from outcomes.core.database import db
from outcomes.kit.declaring.record import KINDS
from outcomes.web.routes import RouteAsJson, declarations
from tests.access.attacked.canaries import mark, marks_in
from tests.access.attacked.town import Town
from tests.audit.breaking import audit_broken


def read(town: Town) -> list[RouteAsJson]:
    return [row for row in declarations(town.app) if "GET" in row["methods"]]


def of_child(town: Town) -> list[RouteAsJson]:
    return [row for row in read(town) if "/children/<" in row["rule"]]


def kind_of(row: RouteAsJson) -> str:
    kind = row["audit"].partition(":")[0].replace("-", "_")
    return "person" if kind == "child" else kind


def filled(row: RouteAsJson, child: str, record: str) -> str:
    rule = re.sub(r"/children/<public_id:\w+>", f"/children/{child}", row["rule"])
    return re.sub(r"<public_id:\w+>", record, rule)


def test_a_former_home_reads_its_own_time_and_nothing_since(town: Town) -> None:
    client, shown = town.client("registered_manager"), set()
    for row in of_child(town):
        record = town.ids.get(f"{kind_of(row)} gone", "A" * 22)
        shown |= marks_in(client.get(filled(row, town["person gone"], record)))
        if "public_id:record" in row["rule"] and f"{kind_of(row)} gone now" in town.ids:
            later = client.get(filled(row, town["person gone"], town[f"{kind_of(row)} gone now"]))
            assert later.status_code in (403, 404), row["rule"]
            shown |= marks_in(later)
    since = {mark(f"{kind.kind_name()} gone now") for kind in KINDS} | {
        mark("home birch"),
        mark("contact gone"),
    }
    assert not shown & since
    assert {mark("goal gone"), mark("health_check gone"), mark("home elm")} <= shown


@pytest.mark.parametrize("path", ["/api/v1/measures/{}/figures", "/measures/{}"])
def test_a_commissioner_asks_for_more_than_totals(town: Town, path: str) -> None:
    client, where = town.client("commissioner"), path.format("hackney_homes.3.1-M1")
    own, other = (f"{where}?contract={town[name]}" for name in ("contract elm", "contract birch"))
    assert client.get(own).status_code == 200
    assert client.get(f"{own}&split=place").status_code == 403
    assert client.get(other).status_code == 404
    if path.startswith("/api"):
        assert client.get(f"{own}&members=1").status_code == 403
        assert client.get(f"{own}&contract={town['contract birch']}&periods=8").status_code == 200
        shown = client.get(where).get_json()
        assert town["contract birch"] not in str(shown)


def test_no_page_of_a_child_is_shown_without_its_entry(town: Town) -> None:
    client = town.client("registered_manager")
    with audit_broken(town.app):
        for row in of_child(town):
            answer = client.get(
                filled(row, town["person own"], town.ids.get(f"{kind_of(row)} own", "A" * 22))
            )
            assert answer.status_code == 503, row["rule"]
            assert not marks_in(answer)


def test_a_walk_leaves_no_name_and_no_identifier_in_the_log(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    client = town.client("registered_manager")
    for child in ("own", "birch"):
        client.get(f"/children/{town[f'person {child}']}")
        client.get(f"/children/{town[f'person {child}']}/contact/{town[f'contact {child}']}")
    logged = capsys.readouterr().err
    assert "/children/<public_id:child>" in logged
    assert "cnry" not in logged
    assert not [name for name, public_id in town.ids.items() if public_id in logged]


def test_a_try_at_a_hidden_child_is_written_down(town: Town) -> None:
    town.client("keyworker").get(f"/children/{town['person birch']}")
    with town.app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.role, last.outcome, last.record) == ("keyworker", "refused", town["person birch"])
