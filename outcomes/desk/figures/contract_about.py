"""What a contract is called on the pages of figures: its service, its parties and its dates in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from outcomes.care.contracts import Contract
from outcomes.care.organisations import Organisation
from outcomes.core.database import db
from outcomes.frameworks.packs import packs
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day


@dataclass(frozen=True, slots=True)
class About:
    """A contract in words."""

    title: str
    href: str
    public_id: str
    commissioner: str
    provider: str
    framework: str
    dates: str


def about_contracts(contracts: Iterable[Contract]) -> dict[int, About]:
    """Each contract in words, by its key: one statement for all their parties."""
    rows = list(contracts)
    keys = {key for one in rows for key in (one.commissioner_id, one.provider_id)}
    names = {
        party.id: party.called()
        for party in db.session.scalars(select(Organisation).where(Organisation.id.in_(keys)))
    }
    return {one.id: _about(one, names) for one in rows}


def _about(contract: Contract, names: dict[int, str]) -> About:
    commissioner, provider = names[contract.commissioner_id], names[contract.provider_id]
    pack = packs().get(contract.framework)
    framework = pack.title if pack else contract.framework
    return About(
        title=contract.service or f"{framework}: {provider} for {commissioner}",
        href=address(contract),
        public_id=contract.public_id,
        commissioner=commissioner,
        provider=provider,
        framework=framework,
        dates=_dates(contract),
    )


def _dates(contract: Contract) -> str:
    since = f"since {say_day(contract.started_on)}"
    return f"{since}, until {say_day(contract.ended_on)}" if contract.ended_on else since
