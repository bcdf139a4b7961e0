"""An insider writes: to reach a child by it, or to change what is not theirs. Each beside its legitimate twin."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from outcomes.care.organisations import Home
from outcomes.core.database import db
from tests.access.attacked.canaries import mark, marks_in
from tests.access.attacked.town import Town, day
from tests.builders import hidden_of

MANAGER, SOCIAL_WORKER = "registered_manager", "social_worker"


def stay(town: Town, home: str, provider: str, started: str, ended: str | None) -> dict[str, Any]:
    return {
        "provider_id": town[f"organisation {provider}"],
        "home_id": town[f"home {home}"],
        "placement_type": "childrens_home",
        "started_on": started,
        "ended_on": ended,
    }


def test_a_stay_of_no_night_does_not_reopen_a_former_resident(any_town: Town) -> None:
    town, gone = any_town, f"/children/{any_town['person gone']}"
    made = town.send(MANAGER, f"{gone}/placement", stay(town, "elm", "elm", day(0), day(0)))
    assert made.status_code == 201
    contacts = town.client(MANAGER).get(f"{gone}/contact")
    assert mark("contact gone now") not in marks_in(contacts)
    own = town.client(MANAGER).get(f"/children/{town['person own']}/contact")
    assert mark("contact own") in marks_in(own)


def correction(town: Town, who: str, path: str, **changed: Any) -> Any:
    """The answer to a correction of what this reader sees, made as a program makes it."""
    seen = town.client(who).get(f"/api/v1{path}")
    assert seen.status_code == 200, seen.text
    body = {name: value for name, value in seen.get_json().items() if name not in NOT_SENT} | changed
    return town.send(who, path, body, "PUT", If_Match=seen.headers["ETag"])


NOT_SENT = ("id", "type", "revision", "recorded_at", "withdrawn_at")
OWN_KIND = {"organisation": "organisations", "home": "homes", "person": "children"}


def withdrawal(town: Town, who: str, path: str) -> Any:
    return town.send(who, f"{path}/withdraw", {"correction_reason": "wrong"}, If_Match='"1"')


@pytest.mark.parametrize("whose", ["person gone", "organisation birch", "organisation south"])
def test_what_is_read_by_more_is_changed_only_by_those_who_keep_it(any_town: Town, whose: str) -> None:
    town, kind = any_town, whose.split()[0]
    name = "known_as" if kind == "person" else "name"
    path = f"/{OWN_KIND[kind]}/{town[whose]}"
    assert correction(town, MANAGER, path, **{name: "Taken over"}).status_code == 403
    assert withdrawal(town, MANAGER, path).status_code == 403
    assert town.client("birch_manager").get(f"/api/v1{path}").get_json()["revision"] == 1
    assert town.client("birch_manager").get(f"/api/v1{path}").get_json()["withdrawn_at"] is None


@pytest.mark.parametrize("whose", ["person own", "organisation elm"])
def test_a_manager_changes_their_own(any_town: Town, whose: str) -> None:
    kind = whose.split()[0]
    name = "known_as" if kind == "person" else "name"
    path = f"/{OWN_KIND[kind]}/{any_town[whose]}"
    assert correction(any_town, MANAGER, path, **{name: "Corrected"}).status_code == 200


def test_a_former_resident_whom_nobody_keeps_can_still_be_mended(town: Town) -> None:
    with town.inside() as world:
        left = world.child("Left", born="2008-01-01")
        home = db.session.scalars(select(Home).where(Home.public_id == town["home elm"])).one()
        world.placed(left, home, day(400), day(60))
        path = f"/children/{left.public_id}"
    assert correction(town, MANAGER, path, known_as="Mended").status_code == 200


def test_a_child_just_registered_can_be_mended(any_town: Town) -> None:
    made = any_town.send(
        MANAGER, "/children", {"person_kind": "child", "known_as": "New", "date_of_birth": "2012-01-01"}
    )
    path = made.headers["Location"].removeprefix("/api/v1")
    assert correction(any_town, MANAGER, path, known_as="Newer").status_code == 200


def test_a_link_that_is_not_shown_outlives_a_correction(any_town: Town) -> None:
    """A social worker sees no contract. One correction of theirs must not take a child out of its figures."""
    town, path = any_town, any_town.record("placement", "own")
    page = town.client(SOCIAL_WORKER).get(f"{path}/correct")
    assert mark("contract elm") not in page.text
    assert correction(town, SOCIAL_WORKER, path, temporary=False).status_code == 200
    seen = town.client(MANAGER).get(f"/api/v1{path}").get_json()
    assert (seen["temporary"], seen["contract_id"]) == (False, town["contract elm"])
    assert correction(town, MANAGER, path, contract_id=None).get_json()["contract_id"] is None


def test_a_link_that_is_not_shown_outlives_the_form_too(town: Town) -> None:
    path, client = town.record("placement", "own"), town.client(SOCIAL_WORKER)
    page = client.get(f"{path}/correct").text
    form = {"provider_id": town["organisation elm"], "home_id": town["home elm"], "temporary": "no"}
    started = dict(zip(("year", "month", "day"), day(400).split("-"), strict=True))
    form |= {f"started_on-{part}": number for part, number in started.items()}
    form |= {"placement_type": "childrens_home", "commissioner_id": town["organisation north"]}
    assert client.post(f"{path}/correct", data=hidden_of(page) | form).status_code == 303
    seen = town.client(MANAGER).get(f"/api/v1{path}").get_json()
    assert (seen["temporary"], seen["contract_id"]) == (False, town["contract elm"])


def test_what_a_contract_was_agreed_on_stays_where_it_is_not_shown(town: Town) -> None:
    refused = correction(
        town, SOCIAL_WORKER, town.record("placement", "own"), commissioner_id=town["organisation south"]
    )
    assert refused.status_code == 422
    assert "under a contract" in refused.get_json()["error"]["fields"]["commissioner_id"][0]


def test_a_home_is_corrected_by_its_own_manager(any_town: Town) -> None:
    own, other = (f"/homes/{any_town[name]}" for name in ("home elm", "home oak"))
    assert correction(any_town, MANAGER, own, name="Elm Lodge").status_code == 200
    assert correction(any_town, MANAGER, other, name="Oak Lodge").status_code == 403
    assert correction(any_town, "responsible_individual", other, name="Oak Lodge").status_code == 200


def test_a_home_is_corrected_on_its_page(town: Town) -> None:
    own, other = (f"/homes/{town[home]}/correct" for home in ("home elm", "home oak"))
    assert town.client(MANAGER).get(other).status_code == 403
    form = hidden_of(town.client(MANAGER).get(own).text) | {"name": "Lodge"}
    assert town.client(MANAGER).post(other, data=form).status_code == 403
    assert town.client(MANAGER).post(own, data=form).status_code == 303


def test_a_commissioner_corrects_their_contract_and_no_other(any_town: Town) -> None:
    own, other = (f"/contracts/{any_town[name]}" for name in ("contract elm", "contract birch"))
    assert correction(any_town, "commissioner", own, service="Homes").status_code == 200
    seen = any_town.client("south_commissioner").get(f"/api/v1{other}")
    body = {"framework": "newham_ifa", "commissioner_id": any_town["organisation north"]}
    answer = any_town.send("commissioner", other, body, "PUT", If_Match=seen.headers["ETag"])
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (MANAGER, "/contracts/{contract elm}"),
        (MANAGER, "/contracts/{contract elm}/measure-target/{measure_target elm}"),
        (SOCIAL_WORKER, "/homes/{home elm}"),
        (SOCIAL_WORKER, "/organisations/{organisation elm}/staff/{staff ada}"),
        (SOCIAL_WORKER, "/organisations/{organisation elm}"),
    ],
)
def test_nobody_withdraws_what_they_may_not_write(town: Town, who: str, path: str) -> None:
    """To withdraw is to write: a manager must not be rid of a target that was missed."""
    where = re.sub(r"\{([^}]+)\}", lambda found: town[found[1]], path)
    assert withdrawal(town, who, where).status_code == 403
    client = town.client(who)
    assert client.get(f"{where}/withdraw").status_code == 403
    assert client.get(f"/api/v1{where}").get_json()["withdrawn_at"] is None


def test_a_manager_withdraws_what_they_write(town: Town) -> None:
    answer = withdrawal(town, MANAGER, town.record("health_check", "own"))
    assert answer.status_code == 200
    assert answer.get_json()["withdrawn_at"] is not None
