"""Random writes to whatever is recorded, through the one writer: new states, copies, withdrawals."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from outcomes.care.people import Person
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Invalid
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.fields import Choice, Day, Instant, Link, YesNo
from outcomes.kit.declaring.record import KINDS, PersonRecord, Record
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.kit.writing.states import parts_of
from tests.builders import TESTS

REASON = "a random write"


class RandomWrites:
    """Writes one thing after another. What a rule refuses is tried again with something else."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.done: list[str] = []

    def write(self, times: int) -> None:
        """So many writes that were accepted."""
        wanted = len(self.done) + times
        for _attempt in range(60 * times):
            if len(self.done) == wanted:
                return
            kind = self._kind()
            found = self._any_of(kind)
            if found is not None:
                self._try(
                    found, self.random.choice((self._correct, self._correct, self._copy, self._withdraw))
                )
        raise AssertionError(f"The rules refused nearly everything: {self.done}")

    def _kind(self) -> type[Record]:
        of_children = [kind for kind in KINDS if issubclass(kind, PersonRecord)]
        others = [KINDS[name] for name in ("person", "contract_setting", "home_capacity", "instrument")]
        return self.random.choice(of_children * 4 + others)

    def _any_of(self, kind: type[Record]) -> Record | None:
        standing = select(kind).where(kind.withdrawn_at.is_(None))
        many = db.session.scalar(select(func.count()).select_from(standing.subquery())) or 0
        if not many:
            return None
        at = self.random.randrange(many)
        return db.session.scalars(standing.order_by(kind.id).offset(at).limit(1)).one()

    def _try(self, found: Record, act: Any) -> None:
        kind, was = found.kind_name(), found.id
        try:
            with transaction():
                act(found)
        except (Invalid, Conflict, IntegrityError):
            return
        self.done.append(f"{act.__name__.strip('_')} {kind} {was}")

    def _withdraw(self, found: Record) -> None:
        writer.withdraw(found, revision=found.revision, reason=REASON, by=TESTS)

    def _correct(self, found: Record) -> None:
        before = found.revision
        writer.correct(found, self._changed(found), revision=before, reason=REASON, by=TESTS)
        if found.revision == before:
            raise Conflict("Nothing was changed: this is no write.")

    def _copy(self, found: Record) -> None:
        writer.record(self._changed(found), by=TESTS)

    def _changed(self, found: Record) -> Any:
        """The record's values with one of them, or two, changed: its child as well."""
        raw = self._raw(found)
        fields = {name: field for name, field in type(found).asked_fields().items() if name in raw}
        for name in self.random.sample(sorted(fields), k=min(len(fields), self.random.choice((1, 1, 2)))):
            raw[name] = self._other(fields[name], raw[name])
        for one in raw.get("scores", ()):
            if one.get("score") is not None and self.random.random() < 0.3:
                one["score"] = str(max(0, int(float(one["score"])) + self.random.choice((-1, 1))))
        return check(type(found), raw, with_owner=True)

    def _raw(self, found: Record) -> dict[str, Any]:
        raw = raw_of(found)
        if isinstance(found, PersonRecord):
            raw["person_id"] = db.session.scalar(select(Person.public_id).where(Person.id == found.person_id))
        part = found.declaration.part
        if part is not None:
            fields = part.asked_fields()
            raw["scores"] = [
                {name: fields[name].to_json(value) for name, value in one.items() if name != part.part_of}
                for one in parts_of(db.session(), found)
            ]
        return raw

    def _other(self, field: Any, value: Any) -> Any:
        moved = timedelta(days=self.random.choice((-400, -95, -40, -7, -1, 1, 7, 40, 95)))
        if isinstance(field, Day):
            return (date.fromisoformat(value) + moved).isoformat() if value else value
        if isinstance(field, Instant):
            return (datetime.fromisoformat(value) + moved).isoformat() if value else value
        if isinstance(field, Choice):
            return self.random.choice(sorted(field.code_list.labels))
        if isinstance(field, YesNo):
            return self.random.choice((True, False, None))
        if isinstance(field, Link) and field.to == "person":
            return self.random.choice(
                db.session.scalars(select(Person.public_id).where(Person.person_kind == "child")).all()
            )
        if isinstance(value, int):
            return value + self.random.choice((-1, 1))
        return value
