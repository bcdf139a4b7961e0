"""The places of the town: organisations, homes, households, who works for whom, and the contracts."""

from outcomes.care.contracts import Contract
from outcomes.care.organisations import CarerHousehold, Home, HomeCapacity, Organisation, Staff
from outcomes.kit.declaring.record import KINDS
from tests.access.attacked.canaries import CANARY, texts
from tests.access.attacked.site import Site

STAFF = {
    "ada": "elm",
    "eve": "elm",
    "bob": "birch",
    "sam": "north",
    "iris": "north",
    "nell": "north",
    "noor": "north",
    "una": "south",
}
"""Who works for whom."""


def make_places(site: Site) -> None:
    for name, kind in (
        ("elm", "provider"),
        ("birch", "provider"),
        ("north", "council"),
        ("south", "council"),
    ):
        site.plant(Organisation, f"organisation {name}", **texts(Organisation), kind=kind)
    for name, provider in (("elm", "elm"), ("oak", "elm"), ("birch", "birch")):
        home = site.plant(Home, f"home {name}", **texts(Home), provider_id=site.organisation(provider))
        beds = {"home_id": home, "registered_beds": 4, "valid_from": "2020-04-01", "valid_to": "2030-04-01"}
        site.plant(HomeCapacity, f"home_capacity {name}", **texts(HomeCapacity), **beds)
    for name, provider in (("marlow", "elm"), ("thames", "birch")):
        site.plant(
            CarerHousehold,
            f"carer_household {name}",
            **texts(CarerHousehold),
            provider_id=site.organisation(provider),
        )
    for name, employer in STAFF.items():
        site.plant(Staff, f"staff {name}", **texts(Staff), provider_id=site.organisation(employer))
    for name, council in (("elm", "north"), ("birch", "south")):
        _contract(site, name, council)
    site.keep("instrument wheel", site.world.instrument("wheel"))


def _contract(site: Site, name: str, council: str) -> None:
    contract = site.plant(
        Contract,
        f"contract {name}",
        **texts(Contract, but=("framework",)),
        framework="hackney_homes",
        provider_id=site.organisation(name),
        commissioner_id=site.organisation(council),
        started_on="2020-04-01",
    )
    for kind, more in (
        ("measure_target", {"measure_id": "hackney_homes.3.1-M1", "status": "none_stated", "reason": CANARY}),
        ("contract_setting", {"setting": "progress_rule", "value": "net", "source": CANARY}),
    ):
        values = {"contract_id": contract, "effective_from": "2024-04-01"} | more
        site.plant(KINDS[kind], f"{kind} {name}", **values)
