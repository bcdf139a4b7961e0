"""A record as the templates show it: its title, its fields in words, its parts, and what may be done."""

from typing import Any

from outcomes.core.database import db
from outcomes.core.permissions import Permission
from outcomes.kit.declaring.record import Record
from outcomes.kit.reading.addresses import address
from outcomes.kit.reading.view import readable, shown
from outcomes.kit.words import say_moment
from outcomes.kit.writing.saving import may_change
from outcomes.kit.writing.states import parts_of
from outcomes.web.guard import current_actor


def described(record: Record, holder: Record | None) -> dict[str, Any]:
    """What `records/show.html` draws. `holder` is the record that this one stands below."""
    actor = current_actor()
    where = address(record, holder)
    may_write = may_change(record, actor)
    may_withdraw = may_write and actor.may(Permission.RECORD_WITHDRAW)
    return {
        "title": record.called(),
        "fields": [
            (field.question, shown(field, getattr(record, name)) or None)
            for name, field in readable(type(record), actor).items()
        ],
        "revision": record.revision,
        "recorded": f"on {say_moment(record.recorded_at)}",
        "withdrawn": _withdrawn(record),
        "correct_href": f"{where}/correct" if may_write else None,
        "withdraw_href": f"{where}/withdraw" if may_withdraw else None,
        "parts": _parts(record),
    }


def _parts(record: Record) -> list[dict[str, Any]]:
    part = record.declaration.part
    if part is None:
        return []
    fields = {name: field for name, field in part.asked_fields().items() if name != part.part_of}
    rows = [
        [shown(field, one[name]) for name, field in fields.items()] for one in parts_of(db.session(), record)
    ]
    return [{"title": "Scores", "columns": [field.label for field in fields.values()], "rows": rows}]


def _withdrawn(record: Record) -> str | None:
    if record.withdrawn_at is None:
        return None
    return f"Withdrawn on {say_moment(record.withdrawn_at)}: {record.withdrawn_why}"
