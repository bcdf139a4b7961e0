"""An insider writes: to reach a child by it, or to change what is not theirs. Each beside its legitimate twin."""

from typing import Any

from tests.access.attacked import Town, any_town, day, mark, marks_in, town

__all__ = ["any_town", "town"]

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
