"""Children and young people, who matters to them, and who is responsible for them and when."""

from datetime import date

from sqlalchemy.orm import Mapped

from outcomes.core.actor import Level
from outcomes.core.permissions import Permission
from outcomes.kit.declaring.columns import choice, day, line, link, many, words, yes_no
from outcomes.kit.declaring.guards import no_overlap, not_before_birth
from outcomes.kit.declaring.record import ChildRecord, Declaration, PersonRecord, Record, of_child
from outcomes.kit.declaring.rules import not_before


class Person(Record):
    """The child, young person, care leaver, adult, adopter or birth parent."""

    declaration = Declaration(
        "Child",
        "Children",
        read=Permission.CHILD_READ,
        write=Permission.CHILD_CREATE,
        level=Level.IDENTITY,
        rules=(not_before("died_on", "date_of_birth"),),
    )

    person_kind: Mapped[str] = choice("Who is this?", "person_kind", conf=Level.OPEN)
    given_name: Mapped[str | None] = line("What is their given name?", most=100)
    family_name: Mapped[str | None] = line("What is their family name?", most=100)
    known_as: Mapped[str | None] = line("What do they like to be called?", most=100)
    date_of_birth: Mapped[date] = day("When were they born?")
    gender: Mapped[str | None] = choice("What is their gender?", "gender")
    ethnicity: Mapped[str | None] = choice("What is their ethnicity?", "ethnicity")
    religion: Mapped[str | None] = choice("What is their religion?", "religion")
    first_language: Mapped[str | None] = line("What is their first language?", most=60)
    disability: Mapped[list[str] | None] = many("Do they have a disability?", "disability", conf=Level.HEALTH)
    responsible_authority_id: Mapped[int | None] = link(
        "Which council is responsible for them?", "organisation", conf=Level.OPEN
    )
    service_group: Mapped[str | None] = choice(
        "Which service group are they in?", "service_group", conf=Level.OPEN
    )
    died_on: Mapped[date | None] = day("If they have died, on which day?")

    def called(self) -> str:
        first = self.known_as or self.given_name
        return (
            " ".join(part for part in (first, self.family_name) if part) or self.sender_reference or "Child"
        )


class Contact(PersonRecord):
    """Somebody who matters to the child: family, a professional, a friend. Shown as who's who."""

    declaration = of_child("Contact", write=Permission.PLAN_WRITE, level=Level.ADDRESS)

    name: Mapped[str] = line("What is their name?")
    relationship: Mapped[str | None] = line(
        "Who are they to the child?", hint="For example, grandmother", most=100
    )
    role: Mapped[str | None] = line(
        "What is their role?", hint="For example, independent reviewing officer", most=100
    )
    telephone: Mapped[str | None] = line("What is their telephone number?", most=40)
    email: Mapped[str | None] = line("What is their email address?", most=254)
    note: Mapped[str | None] = words("Is there anything to know before contacting them?", most=2000)

    def called(self) -> str:
        return self.name


class CareEpisode(PersonRecord):
    """One continuous period of being looked after."""

    declaration = of_child(
        "Care episode",
        about="started_on",
        write=Permission.PLACEMENT_WRITE,
        rules=(not_before("ended_on", "started_on"),),
        guards=(
            not_before_birth("started_on"),
            no_overlap(("person_id",), "started_on", "ended_on", "overlaps another care episode"),
        ),
    )

    authority_id: Mapped[int | None] = link(
        "Which council looks after them?", "organisation", conf=Level.OPEN
    )
    started_on: Mapped[date] = day("When did it start?")
    ended_on: Mapped[date | None] = day("When did it end?")
    legal_status: Mapped[str | None] = choice("What is the legal status?", "legal_status")
    end_reason: Mapped[str | None] = choice("Why did it end?", "care_episode.end_reason")


class KeyworkerAssignment(ChildRecord):
    """Who is the child's key worker, from when to when."""

    declaration = of_child(
        "Key worker",
        about="valid_from",
        write=Permission.PLACEMENT_WRITE,
        level=Level.OPEN,
        rules=(not_before("valid_to", "valid_from"),),
        guards=(
            not_before_birth("valid_from"),
            no_overlap(
                ("person_id", "staff_id"),
                "valid_from",
                "valid_to",
                "this member of staff is already the key worker",
            ),
        ),
    )

    staff_id: Mapped[int] = link("Who is the key worker?", "staff")
    valid_from: Mapped[date] = day("From which day?", future=True)
    valid_to: Mapped[date | None] = day(
        "Until which day?", hint="The first day on which they no longer are", future=True
    )
    is_cover: Mapped[bool | None] = yes_no("Are they covering for somebody?")
    change_reason: Mapped[str | None] = choice(
        "Why did the key worker change?", "keyworker_assignment.change_reason"
    )


class Allocation(ChildRecord):
    """Which social worker or independent reviewing officer the child has, from when to when."""

    declaration = of_child(
        "Allocation",
        about="valid_from",
        write=Permission.PLACEMENT_WRITE,
        level=Level.OPEN,
        rules=(not_before("valid_to", "valid_from"),),
        guards=(
            not_before_birth("valid_from"),
            no_overlap(
                ("person_id", "staff_id", "role"), "valid_from", "valid_to", "this allocation stands already"
            ),
        ),
    )

    staff_id: Mapped[int] = link("Who is it?", "staff")
    role: Mapped[str] = choice("In which role?", "allocation.role")
    authority_id: Mapped[int | None] = link("For which council?", "organisation")
    valid_from: Mapped[date] = day("From which day?", future=True)
    valid_to: Mapped[date | None] = day(
        "Until which day?", hint="The first day on which they no longer are", future=True
    )
