"""What a page of figures is asked for: a contract of the reader's own, a measure, a period.

The measure engine reads past the reader's scope, so every contract that it is run for comes from
here: from a select in the reader's own session. Not there and not yours answer alike.
"""

from collections.abc import Sequence

from flask import request
from sqlalchemy import select

from outcomes.care.contracts import Contract
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.errors import Invalid, NotFound
from outcomes.core.periods import Period, containing, parse_period
from outcomes.frameworks.packs import cards
from outcomes.measures.language.card import Card

QUARTERS_OFFERED = 8


def own_contracts(framework: str | None = None) -> list[Contract]:
    """The standing contracts that the reader may see, by what they are called."""
    wanted = select(Contract).where(Contract.standing())
    if framework is not None:
        wanted = wanted.where(Contract.framework == framework)
    return sorted(db.session.scalars(wanted), key=lambda one: (one.called(), one.id))


def asked_contract(own: Sequence[Contract]) -> Contract | None:
    """The contract that `?contract=` names; None where it names none. Raises NotFound for any other."""
    public_id = request.args.get("contract", "")
    if not public_id:
        return None
    found = next((one for one in own if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def only_one(own: Sequence[Contract]) -> Contract | None:
    """The contract of a reader who has just one, so that they need not choose."""
    return own[0] if len(own) == 1 else None


def asked_measure(measure: str) -> Card:
    """The card of a measure. Raises NotFound with the way to those that there are."""
    card = cards().get(measure)
    if card is None:
        raise NotFound("There is no such measure. The scorecard lists the measures of each contract.")
    return card


def asked_period() -> Period:
    """The period that `?period=` names; the last full quarter where it names none. Raises Invalid."""
    code = request.args.get("period", "")
    if not code:
        return containing(today(), "quarter").earlier()
    period = parse_period(code)
    if period.first > today():
        raise Invalid.of("period", f"{period.title} has not begun, so there is nothing to count yet.")
    return period


def asked_choice(name: str, *known: str) -> str:
    """One of the words that `?name=` may be; blank where it is not given. Raises Invalid."""
    word = request.args.get(name, "")
    if word and word not in known:
        raise Invalid.of(name, f"{name} must be {' or '.join(known)}, or left out. This was: {word[:40]!a}.")
    return word


def asked_number(name: str, most: int) -> int:
    """A whole number from 1 to `most`; 1 where it is not given. Raises Invalid."""
    text = request.args.get(name)
    if text is None:
        return 1
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most:
        return int(text)
    raise Invalid.of(name, f"{name} must be a whole number from 1 to {most}. This was: {text[:40]!a}.")


def in_force(contract: Contract, period: Period) -> bool:
    """In force at any time in the period (the day of ending no longer counts: R15)."""
    return contract.started_on <= period.last and (
        contract.ended_on is None or contract.ended_on > period.first
    )


def period_title(period: Period) -> str:
    """The period in words, saying so where it has not ended yet."""
    return f"{period.title} (so far)" if period.last >= today() else period.title


def period_choices(chosen: Period) -> list[tuple[str, str]]:
    """The running quarter, the full quarters before it, and whatever else was asked for."""
    running = containing(today(), "quarter")
    offered = [running.earlier(steps) for steps in range(QUARTERS_OFFERED + 1)]
    if chosen not in offered:
        offered.append(chosen)
    return [(period.code, period_title(period)) for period in offered]
