"""Words that stand nowhere else: how they are made for a record, and found again in an answer."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from werkzeug.test import TestResponse

from outcomes.kit.declaring.fields import Text
from outcomes.kit.declaring.record import Record

CANARY = object()
"""Stands for "the canary of this field" among a record's values."""

CODES = ("instrument_code", "version")
"""Texts by which other records find this one: they get no canary."""

_CANARY = re.compile(r"(cnry-[a-z0-9]+)-([a-z0-9]+)")


def mark(name: str) -> str:
    """How the canaries of a record begin: "cnry-healthcheckown" for "health_check own"."""
    return "cnry-" + "".join(letter for letter in name.lower() if letter.isalnum())


def canary(name: str, field: str) -> str:
    """The canary of one field: "cnry-healthcheckown-note"."""
    return f"{mark(name)}-{''.join(letter for letter in field.lower() if letter.isalnum())}"


def canary_for(name: str, field: Any) -> str | None:
    """The canary of a field, where the field is long enough for it."""
    planted = canary(name, field.name)
    return planted if len(planted) <= field.most else None


def texts(kind: type[Record], *, but: Sequence[str] = ()) -> dict[str, Any]:
    """A canary for each text of a kind."""
    return {
        one.name: CANARY
        for one in kind.asked_fields().values()
        if isinstance(one, Text) and one.name not in (*CODES, *but)
    }


def canaries_in(answer: TestResponse) -> set[tuple[str, str]]:
    """Every canary that an answer shows anywhere, as (mark, field): body, headers, the files in a workbook."""
    return canaries_of("\n".join([str(answer.headers), *texts_of(answer)]))


def canaries_of(text: str) -> set[tuple[str, str]]:
    return set(_CANARY.findall(text))


def marks_in(answer: TestResponse) -> set[str]:
    """The records whose canaries an answer shows, by mark."""
    return {mark for mark, _ in canaries_in(answer)}


def texts_of(answer: TestResponse) -> Iterator[str]:
    """What an answer says: its body, and each file in a workbook."""
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            yield from (name + book.read(name).decode(errors="replace") for name in book.namelist())
    yield answer.data.decode(errors="replace")
