"""Saying that what waited for its date was done, and when the next one is due.

The due date that was promised and the day on which it was done stand on one row, so that a figure
that asks whether it was done in time can tell.
"""

from collections.abc import Mapping
from typing import Any

from outcomes.care.people import Person
from outcomes.core.actor import Actor
from outcomes.core.errors import Conflict, Invalid
from outcomes.kit.declaring.record import PersonRecord
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check

NEXT = "next_due_on"
REASON = "Done"

CARRIED_ON = ("kind", "plan_id", "recall_months")
"""What the next one has in common with the one that was done."""


def say_done(
    record: PersonRecord, child: Person, answers: Mapping[str, Any], *, revision: int, by: Actor
) -> PersonRecord:
    """Correct a waiting record to done, and write the next one where `next_due_on` is answered.

    `answers` are raw answers to the kind's own fields. Raises Invalid with every problem, Stale
    where the record changed since, Conflict where it was done already; nothing is written then.
    """
    said = record.declaration.due
    assert said is not None, "only a kind that waits for a date can be done"
    kind = type(record)
    if getattr(record, said.done) is not None:
        raise Conflict("Somebody has recorded this already. Nothing was saved.")
    raw, values = raw_of(record), {name: value for name, value in answers.items() if name != NEXT}
    checked = check(kind, raw | values | {"person_id": child}, with_owner=True)
    if checked.values[said.done] is None:
        raise Invalid.of(said.done, "Enter the day on which it was done.")
    made = writer.correct(record, checked, revision=revision, reason=REASON, by=by)
    if answers.get(NEXT) is not None:
        common = {name: raw[name] for name in CARRIED_ON if name in raw}
        _plan_next(
            kind, {"person_id": child, **common, said.on: answers[NEXT]}, checked.values[said.done], by
        )
    assert isinstance(made, PersonRecord)
    return made


def _plan_next(kind: type[PersonRecord], values: Mapping[str, Any], done_on: Any, by: Actor) -> None:
    """The next one, so that my day can remind of it."""
    said = kind.declaration.due
    assert said is not None
    try:
        checked = check(kind, values, with_owner=True)
        if checked.values[said.on] <= done_on:
            raise Invalid.of(said.on, "Next one: enter a day after this one.")
        writer.record(checked, by=by)
    except Invalid as problem:
        raise Invalid({NEXT: [text for texts in problem.fields.values() for text in texts]}) from None
