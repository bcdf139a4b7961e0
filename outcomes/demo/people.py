"""The child as a person: name, care episodes, placements, key workers, social workers, who's who."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from outcomes.demo.child import Child, InCare, Stay
from outcomes.demo.entry import Entry, entry
from outcomes.demo.places import Places
from outcomes.demo.seeds import Deck, content, endings
from outcomes.demo.window import Window

_PAIRS_ENOUGH = 150
"""After so many children a full name may come again; the lists are not endless."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a child is: the fields of the person, and which names their relatives have."""

    fields: Mapping[str, Any]
    kin: int


class Names:
    """Gives each child a name, a heritage and a gender; no full name twice."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"{seed}/names")
        heritages = content("names")["heritages"]
        self._heritages = Deck(heritages, self._rng)
        self._given = {
            (number, gender): Deck(heritage[gender], self._rng)
            for number, heritage in enumerate(heritages)
            for gender in ("girls", "boys")
        }
        self._families = {
            number: Deck(heritage["families"], self._rng) for number, heritage in enumerate(heritages)
        }
        self._taken: set[tuple[str, str]] = set()

    def draw(self) -> Identity:
        """A new identity."""
        heritage = self._heritages.draw()
        number = content("names")["heritages"].index(heritage)
        list_name = self._rng.choice(("girls", "boys"))
        given, family = self._pair(number, list_name, heritage)
        gender = "non_binary" if self._rng.random() < 0.04 else {"girls": "female", "boys": "male"}[list_name]
        fields = {
            "given_name": given,
            "family_name": family,
            "known_as": content("names")["known_as"].get(given),
            "gender": gender,
            "ethnicity": heritage["ethnicity"],
            "religion": heritage["religion"],
            "first_language": heritage["first_language"],
        }
        return Identity(fields, heritage["kin"])

    def _pair(self, number: int, list_name: str, heritage: Any) -> tuple[str, str]:
        """A given and a family name. Families are used up first: nobody is taken for a sister or brother."""
        given, family = self._given[number, list_name].draw(), self._families[number].draw()
        while (given, family) in self._taken and len(self._taken) < _PAIRS_ENOUGH:
            given, family = self._given[number, list_name].draw(), self._families[number].draw()
        self._taken.add((given, family))
        return given, family


def person(child: Child, identity: Identity) -> Iterator[Entry]:
    """The child themselves."""
    rng = child.rng("person")
    disability = rng.choice([["none"]] * 5 + [["learning"], ["autism"], ["hearing"]])
    yield entry(
        "person",
        child.reference,
        person_kind="child",
        date_of_birth=child.born,
        disability=disability,
        responsible_authority_id=child.stays[-1].contract.council,
        **identity.fields,
    )


def care(child: Child, places: Places) -> Iterator[Entry]:
    """Care episodes, placements, key workers and allocations."""
    rng = child.rng("care")
    for one in child.care:
        yield _care_episode(child, one, rng)
    for stay in child.stays:
        yield _placement(child, stay)
    for worker in child.key_workers:
        yield entry(
            "keyworker_assignment",
            person_id=child.reference,
            staff_id=worker.staff,
            valid_from=worker.first,
            valid_to=worker.last,
            is_cover=worker.covers_for,
            change_reason=worker.why,
        )
    yield from _allocations(child, places)


def _care_episode(child: Child, one: InCare, rng: Random) -> Entry:
    return entry(
        "care_episode",
        person_id=child.reference,
        authority_id=child.stays[-1].contract.council,
        started_on=one.first,
        ended_on=one.last,
        end_reason=one.reason,
        legal_status=rng.choice(["C2", "C2", "C2", "C1", "V2"]),
    )


def _placement(child: Child, stay: Stay) -> Entry:
    where = {f"{stay.place.kind}_id": stay.place.reference}
    ended = dict(endings()[stay.ending]) if stay.ending else {}
    return entry(
        "placement",
        stay.reference,
        author=stay.place.manager,
        person_id=child.reference,
        provider_id=stay.contract.provider,
        commissioner_id=stay.contract.council,
        contract_id=stay.contract.reference,
        placement_type=stay.contract.placement_type,
        started_on=stay.first,
        ended_on=stay.last,
        end_recorded_on=stay.last,
        **where,
        **ended,
    )


def _allocations(child: Child, places: Places) -> Iterator[Entry]:
    """A social worker and an IRO for each time in care; every third child changed social worker."""
    council = child.stays[-1].contract.council
    workers = places.social_workers(council)
    for number, one in enumerate(child.care):
        first = workers[(child.number + number) % len(workers)]
        change = child.stays[0].last if child.number % 3 == 0 and number == 0 else None
        inside = change is not None and one.first < change and (one.last is None or change < one.last)
        yield _allocation(child, first, "social_worker", one.first, change if inside else one.last)
        if inside:
            following = workers[(child.number + 1) % len(workers)]
            yield _allocation(child, following, "social_worker", change, one.last)
        yield _allocation(child, places.reviewing_officer(council), "iro", one.first, one.last)


def _allocation(child: Child, staff: str, role: str, first: Any, last: Any) -> Entry:
    return entry(
        "allocation",
        person_id=child.reference,
        staff_id=staff,
        role=role,
        authority_id=child.stays[-1].contract.council,
        valid_from=first,
        valid_to=last,
    )


def contacts(child: Child, window: Window, identity: Identity) -> Iterator[Entry]:
    """Two relatives and two people from school and around."""
    rng = child.rng("contacts")
    known = content("names")
    for one in rng.sample(known["relatives"], 2):
        name = f"{one['names'][identity.kin]} {identity.fields['family_name']}"
        yield _contact(child, window, one, name, telephone=_telephone(rng))
    for number, one in enumerate(rng.sample(known["professionals"], 2), start=1):
        telephone = _telephone(rng) if rng.random() < 0.5 else None
        email = f"contact{child.number}-{number}@example.org"
        yield _contact(child, window, one, rng.choice(one["names"]), telephone=telephone, email=email)


def _contact(child: Child, window: Window, one: Mapping[str, Any], name: str, **reach: str | None) -> Entry:
    return entry(
        "contact",
        author=child.key_worker_on(window.today),
        person_id=child.reference,
        name=name,
        relationship=one["relationship"],
        role=one.get("role"),
        note=one["note"],
        **reach,
    )


def _telephone(rng: Random) -> str:
    """07700 900000 to 900999 are kept free by Ofcom for invented people."""
    return f"07700 900{rng.randint(0, 999):03d}"
