"""Loading the demo: the act behind `outcomes demo load`. Whole or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outcomes import audit
from outcomes.accounts.account import Account
from outcomes.accounts.login import shared
from outcomes.core.actor import Actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.errors import Conflict
from outcomes.core.transaction import transaction
from outcomes.demo.accounts import SignIn, make_accounts
from outcomes.demo.contracts import CONTRACTS
from outcomes.demo.loading import Loader, Progress
from outcomes.demo.mending import mend
from outcomes.demo.readings import SKILLS, WHEEL, Tool
from outcomes.demo.world import Scale, World, make_world
from outcomes.kit.declaring.record import KINDS
from outcomes.records.instrument_files import load_seed_instruments
from outcomes.records.readings import Instrument

PLACES = frozenset({"organisation", "home", "carer_household", "staff", "contract"})
"""Written before the accounts, whose grants name them. Everything else is written after, and signed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load gives: how to sign in, and what to look at."""

    sign_ins: tuple[SignIn, ...]
    contracts: tuple[str, ...]
    periods: tuple[str, ...]
    records: int
    children: int


def load_demo(scale: Scale, starting: Callable[[int], Progress], *, by: Actor) -> Loaded:
    """Make the world and write it into an empty database.

    `starting` is told how many records there will be, and gives what is told of progress. Raises
    Conflict in production, and where the database holds anything but instruments.
    """
    _check_allowed(db.session())
    load_seed_instruments(by=by)
    world = make_world(scale, today(), _tools(db.session()))
    progress = starting(len(world.entries))
    with transaction() as session:
        # Once more inside the transaction: somebody may have come first.
        _check_allowed(session)
        sign_ins = _write(session, world, scale, progress, by)
        audit.note("demo:load", by=by, count=len(world.entries), reason=f"seed {scale.seed}")
    return Loaded(
        sign_ins=tuple(sign_ins),
        contracts=tuple(contract.reference for contract in CONTRACTS.values()),
        periods=tuple(world.window.codes()),
        records=len(world.entries),
        children=len(world.children),
    )


def _write(session: Session, world: World, scale: Scale, progress: Progress, by: Actor) -> Sequence[SignIn]:
    loader = Loader(session, scale.seed, progress, by=by)
    loader.write((one for one in world.entries if one.kind in PLACES), {})
    sign_ins, authors = make_accounts(session, world, loader, shared().passwords, by=by)
    loader.write((one for one in world.entries if one.kind not in PLACES), authors)
    mend(session, world, loader, scale.seed, by=authors)
    return sign_ins


def _check_allowed(session: Session) -> None:
    if shared().settings.environment == "production":
        raise Conflict(
            "The demo is never loaded in production: its passwords are printed on the screen. "
            "Set OUTCOMES_ENV=demo and a DATABASE_URL of its own."
        )
    found = [
        kind.declaration.many.lower() for kind in KINDS if kind is not Instrument and _any(session, kind.id)
    ]
    if _any(session, Account.id):
        found.append("accounts")
    if found:
        raise Conflict(
            f"The demo needs an empty database, and this one holds {', '.join(found[:3])}. Nothing was written. "
            "Name a new one with DATABASE_URL, or move the file in instance/ away and run `outcomes db upgrade`."
        )


def _any(session: Session, column: object) -> bool:
    return session.scalar(select(column).limit(1)) is not None  # type: ignore[call-overload]


def _tools(session: Session) -> list[Tool]:
    """The instruments of the demo as they stand."""
    standing = select(Instrument).where(
        Instrument.instrument_code.in_((SKILLS, WHEEL)), Instrument.standing()
    )
    newest = {one.instrument_code: one for one in session.scalars(standing.order_by(Instrument.id))}
    return [
        Tool(one.instrument_code, one.version, tuple(one.areas), int(one.scale_min), int(one.scale_max))
        for _, one in sorted(newest.items())
    ]
