"""Contracts between commissioner and provider, with their dated targets and settings.

Targets and settings are never overwritten in place of an earlier one: each has the dates from
which and to which it holds, so that the past is judged against the target of its time (R30, R20).
"""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from outcomes.core.actor import Level
from outcomes.core.database import LARGEST_DECIMAL
from outcomes.core.permissions import Permission
from outcomes.kit.declaring.columns import choice, day, decimal, line, link, words, yes_no
from outcomes.kit.declaring.guards import no_overlap
from outcomes.kit.declaring.record import Declaration, Record
from outcomes.kit.declaring.rules import needed_when, not_before


class Contract(Record):
    """One commissioner buying one service from one provider under one framework."""

    declaration = Declaration(
        "Contract",
        read=Permission.CONTRACT_READ,
        write=Permission.CONTRACT_WRITE,
        owner="provider_id",
        level=Level.OPEN,
        rules=(not_before("ended_on", "started_on"),),
    )

    provider_id: Mapped[int] = link("Who provides the service?", "organisation", owner=True)
    framework: Mapped[str] = line("Which framework is it under?", hint="For example, newham_ifa", most=60)
    commissioner_id: Mapped[int] = link("Who commissions the service?", "organisation")
    service: Mapped[str | None] = line("What service is it for?")
    started_on: Mapped[date] = day("When did it start?", future=True)
    ended_on: Mapped[date | None] = day("When does it end?", future=True)
    progress_report_every: Mapped[str | None] = choice(
        "How often are progress reports due?", "contract.progress_report_every"
    )
    measure_set_version: Mapped[str | None] = line("Which version of the measures?", most=60)

    def called(self) -> str:
        return self.service or self.framework


class MeasureTarget(Record):
    """A dated target for one measure on one contract."""

    declaration = Declaration(
        "Target",
        about="effective_from",
        read=Permission.CONTRACT_READ,
        write=Permission.CONTRACT_WRITE,
        owner="contract_id",
        identifier="target_id",
        level=Level.OPEN,
        rules=(
            not_before("effective_to", "effective_from"),
            needed_when("value", "status", ("set",), "enter the value, because the status is “set”."),
            needed_when("comparator", "status", ("set",), "select how the value is compared."),
        ),
        guards=(
            no_overlap(
                ("contract_id", "measure_id"),
                "effective_from",
                "effective_to",
                "this measure has another target in force at that time",
            ),
        ),
    )

    contract_id: Mapped[int] = link("Which contract?", "contract", owner=True)
    measure_id: Mapped[str] = line(
        "Which measure?", hint="For example, newham_ifa.6_progress_quarter", most=120
    )
    status: Mapped[str] = choice("Has a target been agreed?", "measure_target.status")
    comparator: Mapped[str | None] = choice("How is the value compared?", "measure_target.comparator")
    value: Mapped[Decimal | None] = decimal(
        "What is the target?", least=-LARGEST_DECIMAL, most=LARGEST_DECIMAL
    )
    tolerance: Mapped[Decimal | None] = decimal(
        "What is the tolerance?", least=-LARGEST_DECIMAL, most=LARGEST_DECIMAL
    )
    effective_from: Mapped[date] = day("From which day does it hold?", future=True)
    effective_to: Mapped[date | None] = day(
        "Until which day?", hint="The first day on which it no longer holds", future=True
    )
    review_due_on: Mapped[date | None] = day("When is it to be reviewed?", future=True)
    set_by: Mapped[str | None] = line("Who set it?")
    reason: Mapped[str | None] = words("Why this target?", most=2000)


class ContractSetting(Record):
    """A dated setting of a contract: a number or a word that its measures use (R20)."""

    declaration = Declaration(
        "Setting",
        about="effective_from",
        read=Permission.CONTRACT_READ,
        write=Permission.CONTRACT_WRITE,
        owner="contract_id",
        level=Level.OPEN,
        rules=(not_before("effective_to", "effective_from"),),
        guards=(
            no_overlap(
                ("contract_id", "setting"),
                "effective_from",
                "effective_to",
                "this setting has another value in force at that time",
            ),
        ),
    )

    contract_id: Mapped[int] = link("Which contract?", "contract", owner=True)
    setting: Mapped[str] = line("Which setting?", hint="For example, progress_rule", most=60)
    value: Mapped[str] = line("What is its value?", most=120)
    unit: Mapped[str | None] = line("In which unit?", most=40)
    source: Mapped[str | None] = line("Where does it come from?", hint="The clause or the meeting")
    agreed: Mapped[bool | None] = yes_no("Has it been agreed?", hint="No means that it is assumed for now")
    effective_from: Mapped[date] = day("From which day does it hold?", future=True)
    effective_to: Mapped[date | None] = day(
        "Until which day?", hint="The first day on which it no longer holds", future=True
    )
