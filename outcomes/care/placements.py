"""Placements: one stay in one home or with one carer household.

Two stays of one child never overlap; the day of a move belongs to the new stay (R31). The
database refuses an overlap too: an exclusion constraint on PostgreSQL, triggers on SQLite.
"""

from datetime import date

from sqlalchemy import DDL, CheckConstraint, event
from sqlalchemy.orm import Mapped

from outcomes.core.actor import Level
from outcomes.core.permissions import Permission
from outcomes.kit.declaring.columns import choice, day, link, yes_no
from outcomes.kit.declaring.guards import Proposal, checked_by, no_overlap, not_before_birth
from outcomes.kit.declaring.record import PersonRecord, of_child
from outcomes.kit.declaring.rules import Problems, exactly_one, not_before
from outcomes.kit.words import label_of


def agrees_with_contract(proposal: Proposal) -> Problems:
    """Where a placement names a contract, its provider and commissioner are the contract's."""
    contract = proposal.linked("contract_id")
    if contract is None:
        return _stays_with_unseen(proposal)
    problems: Problems = {}
    if contract["provider_id"] != proposal.values.get("provider_id"):
        problems["provider_id"] = "Provider: must be the contract's provider."
    if proposal.values.get("commissioner_id") not in (None, contract["commissioner_id"]):
        problems["commissioner_id"] = "Commissioner: must be the contract's commissioner."
    return problems


def _stays_with_unseen(proposal: Proposal) -> Problems:
    """A contract that whoever corrects the placement may not see still holds what it was agreed on."""
    if proposal.values.get("contract_id") is None:
        return {}
    before = proposal.find_siblings("placement", "id", proposal.key)
    return {
        name: f"{label_of(name)}: stays as it is, because the placement is under a contract. Ask the provider."
        for row in before
        for name in ("provider_id", "commissioner_id")
        if row[name] != proposal.values.get(name)
    }


def place_of_provider(proposal: Proposal) -> Problems:
    """The home or the household belongs to the provider."""
    for name, title in (("home_id", "Home"), ("carer_household_id", "Carer household")):
        place = proposal.linked(name)
        if place is not None and place["provider_id"] != proposal.values.get("provider_id"):
            return {name: f"{title}: belongs to another provider. Choose one of this provider's."}
    return {}


def ending_has_a_date(proposal: Proposal) -> Problems:
    """What is said of an ending needs the day on which the placement ended."""
    if proposal.values.get("ended_on") is not None:
        return {}
    said = [
        name
        for name in ("end_reason", "ending_planned", "destination")
        if proposal.values.get(name) is not None
    ]
    return {
        name: f"{label_of(name)}: enter the day the placement ended, or leave this blank." for name in said
    }


class Placement(PersonRecord):
    """One stay in one home or with one carer household."""

    declaration = of_child(
        "Placement",
        about="started_on",
        write=Permission.PLACEMENT_WRITE,
        rules=(
            not_before("ended_on", "started_on"),
            exactly_one("home_id", "carer_household_id"),
        ),
        guards=(
            not_before_birth("started_on"),
            no_overlap(("person_id",), "started_on", "ended_on", "overlaps another placement of this child"),
            checked_by(agrees_with_contract),
            checked_by(place_of_provider),
            checked_by(ending_has_a_date),
        ),
        constraints=(
            CheckConstraint(
                "ended_on IS NOT NULL OR (end_reason IS NULL AND ending_planned IS NULL AND destination IS NULL)",
                name="ending_needs_ended_on",
            ),
        ),
    )

    provider_id: Mapped[int] = link("Which provider cares for the child?", "organisation", conf=Level.OPEN)
    home_id: Mapped[int | None] = link("In which home?", "home", conf=Level.ADDRESS)
    carer_household_id: Mapped[int | None] = link("With which carers?", "carer_household", conf=Level.ADDRESS)
    commissioner_id: Mapped[int | None] = link(
        "Which council commissions it?", "organisation", conf=Level.OPEN
    )
    contract_id: Mapped[int | None] = link("Under which contract?", "contract", conf=Level.OPEN)
    placement_type: Mapped[str] = choice("What kind of placement is it?", "placement_type")
    temporary: Mapped[bool | None] = yes_no("Is it a short, temporary stay?")
    started_on: Mapped[date] = day("When did it start?")
    ended_on: Mapped[date | None] = day("When did it end?")
    ending_planned: Mapped[bool | None] = yes_no("Was the ending planned?")
    ending_in_care_plan: Mapped[bool | None] = yes_no("Was the move part of the care plan?")
    ending_was_breakdown: Mapped[bool | None] = yes_no("Was the ending the result of a breakdown?")
    end_reason: Mapped[str | None] = choice("Why did it end?", "placement.end_reason")
    destination: Mapped[str | None] = choice("Where did the child move to?", "destination")
    move_went_well: Mapped[bool | None] = yes_no(
        "Did the move go well?", hint="Judged 28 days after the move"
    )
    end_recorded_on: Mapped[date | None] = day("When was the ending recorded?")


# The last word is the database's: a second writer may have slipped in after the guard looked.
_SQLITE_OVERLAPS = """
SELECT RAISE(ABORT, 'the placement overlaps another placement of this child')
WHERE NEW.withdrawn_at IS NULL AND EXISTS (
  SELECT 1 FROM placement AS other
  WHERE other.person_id = NEW.person_id AND other.id IS NOT NEW.id AND other.withdrawn_at IS NULL
    AND (NEW.ended_on IS NULL OR NEW.ended_on > NEW.started_on)
    AND (other.ended_on IS NULL OR other.ended_on > other.started_on)
    AND (other.ended_on IS NULL OR other.ended_on > NEW.started_on)
    AND (NEW.ended_on IS NULL OR NEW.ended_on > other.started_on));
"""

OVERLAP_DDL = {
    "sqlite": tuple(
        f"CREATE TRIGGER placement_no_overlap_{verb.lower()} AFTER {verb} ON placement BEGIN {_SQLITE_OVERLAPS} END"
        for verb in ("INSERT", "UPDATE")
    ),
    "postgresql": (
        "ALTER TABLE placement ADD CONSTRAINT placement_no_overlap EXCLUDE USING gist ("
        "int4range(person_id, person_id, '[]') WITH &&, daterange(started_on, ended_on, '[)') WITH &&"
        ") WHERE (withdrawn_at IS NULL)",
    ),
}
"""What `metadata.create_all` and the migration both add, by dialect."""

for _dialect, _statements in OVERLAP_DDL.items():
    for _statement in _statements:
        event.listen(
            Placement.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),
        )
