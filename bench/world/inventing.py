"""The whole provider: organisations, contracts, places, children and what is recorded of them."""

from datetime import date
from random import Random

from bench.world import work
from bench.world.rows import Rows
from bench.world.size import Size
from bench.world.stays import Contracts, children

LONG_AGO = date(2015, 4, 1)


def invented(size: Size) -> Rows:
    """The rows of a provider of this size; the same for the same seed and day."""
    rows, rng = Rows(), Random(f"{size.name}/{size.seed}")
    contracts = _frame(rows, size)
    rows.add("instrument", **work.WHEEL)
    for child in children(rows, size, rng, contracts):
        work.recorded(rows, size, rng, child)
    return rows


def _frame(rows: Rows, size: Size) -> Contracts:
    provider = rows.add("organisation", name="Larkfield Care", kind="provider")
    councils = tuple(
        rows.add("organisation", name=name, kind="council") for name in ("Northmere", "Southmere")
    )
    for number in range(size.homes):
        rows.add("home", provider_id=provider, name=f"Home {number + 1}", opened_on=LONG_AGO)
    for number in range(size.households):
        rows.add("carer_household", provider_id=provider, name=f"Household {number + 1}", joined_on=LONG_AGO)
    for number in range(size.staff):
        name = f"Worker {number + 1}"
        rows.add("staff", provider_id=provider, name=name, role_group="key_worker", front_line=True)
    made = [
        rows.add("contract", framework=framework, provider_id=provider, commissioner_id=council,
                 started_on=LONG_AGO)
        for framework, council in (
            ("hackney_homes", councils[0]), ("hackney_homes", councils[1]), ("newham_ifa", councils[0]),
        )
    ]  # fmt: skip
    for contract in made:
        rows.add(
            "contract_setting", contract_id=contract, setting="tool", value=work.TOOL, effective_from=LONG_AGO
        )
    return Contracts((made[0], made[1]), (made[2],), provider, councils)
