"""Who is behind a figure: four lists, each unit with why it is there and what that rests on.

Only for those who may see members. Children of homes that the reader does not run are counted in
their list and not named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from outcomes.care.people import Person
from outcomes.desk.figures.evidence import Line, evidence, found_records
from outcomes.desk.figures.reach import Reach
from outcomes.kit.reading.addresses import address
from outcomes.measures.buckets import Bucket
from outcomes.measures.figures.facts import Fact
from outcomes.measures.figures.figure import Figure
from outcomes.measures.language.card import Card
from outcomes.measures.planning.plan import Plan
from outcomes.web.reads import note_read

COUNTS_AS = {"not met": "counted as not met", "met": "counted against, as met", "left out": "left out"}


@dataclass(frozen=True, slots=True)
class Row:
    """One unit: the child's name and page, why it is left out, and the evidence."""

    name: str
    href: str
    because: str
    lines: Sequence[Line]
    about_on: date | None = None


@dataclass(slots=True)
class Group:
    """One bucket: its title, how many, those whom the reader may see, and how many others."""

    title: str
    about: str
    count: int = 0
    rows: list[Row] = field(default_factory=list)
    others: int = 0

    @property
    def others_words(self) -> str:
        """The others, without telling who or where: "2 children of other homes"."""
        if not self.others:
            return ""
        more = "more, " if self.rows else ""
        one = self.others == 1
        return f"{self.others} {more}of {'another home' if one else 'other homes'}, not yours to see."


def groups_of(figure: Figure, plan: Plan, reach: Reach) -> list[Group]:
    """The four lists of a figure; a count has one, and those left out where there are any."""
    titles = _titles(plan.card)
    groups = {bucket: Group(*titles[bucket]) for bucket in titles}
    found = found_records(plan, [fact for fact in figure.facts if reach.child_of(fact)])
    for fact in figure.facts:
        group = groups[fact.group.bucket]
        group.count += 1
        child = reach.child_of(fact)
        if child is None:
            group.others += 1
            continue
        reason, record = fact.group.reason, reach.record_of(fact)
        group.rows.append(
            Row(
                name=child.called(),
                href=address(child),
                because=figure.reasons[reason] if fact.group.bucket is Bucket.LEFT_OUT else "",
                lines=evidence(plan, fact, child, record, found),
                about_on=record.about_on if record is not None else None,
            )
        )
    for group in groups.values():
        group.rows.sort(key=lambda row: (row.name, row.about_on or date.min))
    kept = (Bucket.MET,) if plan.card.shape == "count" else tuple(Bucket)
    return [group for bucket, group in groups.items() if bucket in kept or group.count]


def _titles(card: Card) -> dict[Bucket, tuple[str, str]]:
    if card.shape == "count":
        return {
            Bucket.MET: ("Counted", ""),
            Bucket.NOT_MET: ("Not counted", ""),
            Bucket.NO_EVIDENCE: ("No evidence", ""),
            Bucket.LEFT_OUT: ("Left out", ""),
        }
    then = COUNTS_AS[card.no_evidence.then] if card.no_evidence else ""
    return {
        Bucket.MET: ("Met", ""),
        Bucket.NOT_MET: ("Not met", ""),
        Bucket.NO_EVIDENCE: ("No evidence", f"Nothing on record decides; {then}." if then else ""),
        Bucket.LEFT_OUT: ("Left out", "Not in the figure, for the reason given."),
    }


def note_members(facts: Sequence[Fact], reach: Reach) -> None:
    """Note each child who is named, once, for the audit."""
    named: dict[int, Person] = {}
    for fact in facts:
        child = reach.child_of(fact)
        if child is not None:
            named[child.id] = child
    for child in named.values():
        note_read("person", child.public_id, person=child.public_id)
