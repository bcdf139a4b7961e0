"""A town with one record of every kind, and accounts in it. All invented."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask

from outcomes.access.bind import system_scope
from outcomes.core.database import db
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.reading.addresses import owner_kind
from tests.builders import World
from tests.databases import furnished
from tests.kit.test_every_kind import sample


@dataclass(frozen=True)
class OneOfEach:
    """The records and their owners by public id, each by its kind; an account's address by its role."""

    records: Mapping[str, str]
    owners: Mapping[str, str]
    emails: Mapping[str, str]


AT_HOME = ("keyworker", "registered_manager")
ROLES = (*AT_HOME, "commissioner", "system_administrator")


def one_of_each(app: Flask) -> OneOfEach:
    """Jay of Elm House with one record of each kind, in an application that is empty now."""
    return furnished(app, _build)


def _build(app: Flask) -> OneOfEach:
    with app.app_context(), system_scope("a test"):
        world = World()
        home, child = world.home("Elm House"), world.child("Jay")
        stay = world.placed(child, home, "2025-01-01")
        kept: dict[str, Record] = {"home": home, "person": child, "placement": stay}
        owners = {}
        for kind in KINDS:
            name = kind.kind_name()
            kept[name] = kept.get(name) or world.record(kind, **sample(kind, world))
            owner = owner_kind(kind)
            if owner is not None:
                key = getattr(kept[name], str(kind.declaration.owner))
                owners[name] = db.session.get_one(owner, key).public_id
        places = {"commissioner": kept["contract"], **dict.fromkeys(AT_HOME, home)}
        emails = {role: world.account(role, at=places.get(role)) for role in ROLES}
        return OneOfEach({name: one.public_id for name, one in kept.items()}, owners, emails)
