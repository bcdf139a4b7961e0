"""Providers and councils, their homes with their beds, foster carer households and staff."""

from datetime import date

from sqlalchemy.orm import Mapped

from outcomes.core.actor import Level
from outcomes.core.permissions import Permission
from outcomes.kit.declaring.columns import choice, day, line, link, links, whole, words, yes_no
from outcomes.kit.declaring.guards import no_overlap
from outcomes.kit.declaring.record import Declaration, Record
from outcomes.kit.declaring.rules import not_before, not_more

MOST_BEDS = 500


class Organisation(Record):
    """A provider, council, trust or agency."""

    declaration = Declaration("Organisation", level=Level.OPEN)

    name: Mapped[str] = line("What is it called?")
    kind: Mapped[str] = choice("What kind of organisation is it?", "organisation.kind")

    def called(self) -> str:
        return self.name


class Home(Record):
    """A children's home or other setting."""

    declaration = Declaration(
        "Home",
        read=Permission.PLACE_READ,
        owner="provider_id",
        level=Level.ADDRESS,
        rules=(not_before("closed_on", "opened_on"),),
    )

    provider_id: Mapped[int] = link("Which provider runs it?", "organisation", owner=True, conf=Level.OPEN)
    name: Mapped[str] = line("What is the home called?")
    ofsted_urn: Mapped[str | None] = line("What is its Ofsted URN?", most=20)
    service_type: Mapped[str | None] = choice(
        "What kind of service is it?", "home.service_type", conf=Level.OPEN
    )
    opened_on: Mapped[date | None] = day("When did it open?", conf=Level.OPEN)
    closed_on: Mapped[date | None] = day("When did it close?", conf=Level.OPEN, future=True)

    def called(self) -> str:
        return self.name


class HomeCapacity(Record):
    """The beds of a home from one day to another: registered with Ofsted, commissioned, out of use."""

    declaration = Declaration(
        "Beds of the home",
        "Beds of the home",
        about="valid_from",
        read=Permission.PLACE_READ,
        owner="home_id",
        level=Level.OPEN,
        rules=(
            not_before("valid_to", "valid_from"),
            not_more("commissioned_beds", "registered_beds"),
            not_more("unavailable_beds", "registered_beds"),
        ),
        guards=(
            no_overlap(
                ("home_id",), "valid_from", "valid_to", "this home has another number of beds at that time"
            ),
        ),
    )

    home_id: Mapped[int] = link("Which home?", "home", owner=True)
    registered_beds: Mapped[int] = whole("How many beds are registered?", most=MOST_BEDS)
    commissioned_beds: Mapped[int | None] = whole("How many of them are commissioned?", most=MOST_BEDS)
    unavailable_beds: Mapped[int | None] = whole("How many cannot be used?", most=MOST_BEDS)
    valid_from: Mapped[date] = day("From which day?", future=True)
    valid_to: Mapped[date | None] = day(
        "Until which day?", hint="The first day on which it no longer holds", future=True
    )
    reason: Mapped[str | None] = words("Why this number?", most=2000)


class CarerHousehold(Record):
    """An approved foster carer household and its time with the agency."""

    declaration = Declaration(
        "Carer household",
        read=Permission.PLACE_READ,
        owner="provider_id",
        level=Level.ADDRESS,
        rules=(not_before("left_on", "joined_on"),),
    )

    provider_id: Mapped[int] = link(
        "Which agency are they with?", "organisation", owner=True, conf=Level.OPEN
    )
    name: Mapped[str | None] = line("What is the household called?", hint="For example, The Marlow household")
    joined_on: Mapped[date | None] = day("When did they join the agency?", conf=Level.OPEN)
    left_on: Mapped[date | None] = day("When did they leave?", conf=Level.OPEN, future=True)
    leave_reason: Mapped[str | None] = choice("Why did they leave?", "carer_household.leave_reason")

    def called(self) -> str:
        return household_called(self.name, self.sender_reference)


def household_called(name: str | None, sender_reference: str | None) -> str:
    """What a household is called, for who reads the columns and not the whole record."""
    return name or sender_reference or "Carer household"


class Staff(Record):
    """A member of staff of a provider or a council."""

    declaration = Declaration(
        "Member of staff", "Staff", read=Permission.PLACE_READ, owner="provider_id", level=Level.OPEN
    )

    provider_id: Mapped[int] = link("Which organisation do they work for?", "organisation", owner=True)
    name: Mapped[str | None] = line("What is their name?")
    job_title: Mapped[str | None] = line("What is their job title?")
    role_group: Mapped[str | None] = choice("Which group of roles is that?", "staff.role_group")
    front_line: Mapped[bool | None] = yes_no("Do they work directly with children?")
    supports_commissioner_ids: Mapped[list[int] | None] = links(
        "Which commissioners' service users do they support?", "organisation"
    )

    def called(self) -> str:
        return staff_called(self.name, self.job_title)


def staff_called(name: str | None, job_title: str | None) -> str:
    """What a member of staff is called, for who reads the columns and not the whole record."""
    return name or job_title or "Member of staff"
