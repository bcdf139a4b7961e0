"""The demo's contracts, with dated targets and settings: some agreed, some assumed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from outcomes.core.calendar import add_months
from outcomes.demo.entry import Entry, entry
from outcomes.demo.window import Window

HOMES_PROVIDER, AGENCY = "provider-homes", "provider-fostering"
COUNCIL, OTHER_COUNCIL = "council-northmere", "council-eastwick"


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract, and the kind of placement made under it."""

    reference: str
    framework: str
    provider: str
    council: str
    service: str
    placement_type: str


CONTRACTS = {
    "fostering": Contract(
        "northmere-fostering",
        "newham_ifa",
        AGENCY,
        COUNCIL,
        "Fostering for Northmere by Kitewood Fostering",
        "ifa_foster",
    ),
    "homes": Contract(
        "eastwick-homes",
        "hackney_homes",
        HOMES_PROVIDER,
        OTHER_COUNCIL,
        "Children's homes for Eastwick by Tidewater Homes",
        "childrens_home",
    ),
    "homes_two": Contract(
        "northmere-homes",
        "hackney_homes",
        HOMES_PROVIDER,
        COUNCIL,
        "Children's homes for Northmere by Tidewater Homes",
        "childrens_home",
    ),
}
"""Contracts by the service that a story names."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A target of a framework's contracts. `before` is the value that held until it was raised."""

    measure: str
    value: int | None = None
    before: int | None = None


AIMS = {
    "newham_ifa": (
        Aim("5a_planned_endings", 90),
        Aim("5b_long_term_stability", 80),
        Aim("6_progress_quarter", 70, before=60),
    ),
    "hackney_homes": (Aim("1.4-K2", 90), Aim("3.2-K2"), Aim("3.2-K3")),
}
"""By framework. Without a value none is stated."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A setting of a framework's contracts; one that is not agreed is assumed for now."""

    setting: str
    value: str
    source: str
    agreed: bool
    unit: str | None = None


SETTINGS = {
    "newham_ifa": (
        Agreed("tool", "living_skills", "Contract meeting: the provider's own procedure", agreed=True),
        Agreed("progress_rule", "net", "Assumed until it is discussed", agreed=False),
    ),
    "hackney_homes": (
        Agreed(
            "return_interview_hours",
            "72",
            "Assumed: the council's missing children policy is awaited",
            agreed=False,
            unit="hours",
        ),
    ),
}


def contracts(window: Window) -> Iterator[Entry]:
    """Every contract with its targets and settings."""
    begins = add_months(window.first, -36)
    for contract in CONTRACTS.values():
        yield entry(
            "contract",
            contract.reference,
            provider_id=contract.provider,
            framework=contract.framework,
            commissioner_id=contract.council,
            service=contract.service,
            started_on=begins,
            progress_report_every="quarter",
            measure_set_version="1",
        )
        for aim in AIMS[contract.framework]:
            yield from _targets(contract, aim, begins, window)
        for one in SETTINGS[contract.framework]:
            yield entry(
                "contract_setting",
                contract_id=contract.reference,
                setting=one.setting,
                value=one.value,
                unit=one.unit,
                source=one.source,
                agreed=one.agreed,
                effective_from=begins,
            )


def _targets(contract: Contract, aim: Aim, begins: date, window: Window) -> Iterator[Entry]:
    """The target of a measure; where it was raised, that was four quarters ago, and both are kept."""
    raised = window.quarter(-4).first
    common: dict[str, Any] = {
        "contract_id": contract.reference,
        "measure_id": f"{contract.framework}.{aim.measure}",
        "status": "none_stated" if aim.value is None else "set",
        "comparator": None if aim.value is None else "at_least",
        "set_by": "Contract meeting",
    }
    if aim.before is None:
        yield entry("measure_target", value=aim.value, effective_from=begins, **common)
        return
    yield entry(
        "measure_target",
        value=aim.before,
        effective_from=begins,
        effective_to=raised,
        reason="To begin with, while the provider sets up its readings.",
        **common,
    )
    yield entry(
        "measure_target",
        value=aim.value,
        effective_from=raised,
        review_due_on=add_months(window.quarter(0).first, 6),
        reason="Raised as was agreed when the contract began.",
        **common,
    )
