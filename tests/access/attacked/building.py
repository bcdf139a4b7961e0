"""The whole town: its places, its children, and the accounts of those who will ask."""

from flask import Flask

from tests.access.attacked.children import CHILDREN, make_child
from tests.access.attacked.places import make_places
from tests.access.attacked.site import Site
from tests.access.attacked.town import Town

PRINCIPALS = {
    "residential_worker": ("home elm", None),
    "keyworker": ("home elm", "staff ada"),
    "registered_manager": ("home elm", None),
    "responsible_individual": ("organisation elm", None),
    "social_worker": ("organisation north", "staff sam"),
    "iro": ("organisation north", "staff iris"),
    "commissioner": ("contract elm", None),
    "system_administrator": (None, None),
}
"""An account of each role: at which place, and as whom of the staff."""


def _accounts(site: Site) -> None:
    town, world = site.town, site.world
    for role, (at, staff) in PRINCIPALS.items():
        town.emails[role] = world.account(
            role, at=site[at] if at else None, staff=site[staff] if staff else None
        )
    town.emails["birch_manager"] = world.account("registered_manager", at=site["home birch"])
    town.emails["south_commissioner"] = world.account("commissioner", at=site["contract birch"])


def build(app: Flask) -> Town:
    town = Town(app)
    with town.inside() as world:
        site = Site(town, world)
        make_places(site)
        for child in CHILDREN:
            make_child(site, child)
        _accounts(site)
    return town
