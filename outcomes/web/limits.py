"""Limits on what may be sent at all, before any view looks at it.

Too large is 413; unreadable is 400 and names the place: control characters (PostgreSQL refuses
NUL, files and logs choke on the rest), lone surrogates, JSON too deep, ambiguous or not finite.
Whether a readable value makes sense is the schema's concern.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from outcomes.core.errors import Invalid, Malformed
from outcomes.core.settings import Settings

MOST_FIELDS = 1000
LARGEST_FIELD = 500_000
"""Characters of one field of a form: some hundred pages of text."""
LONGEST_QUERY = 8192
LAST_PAGE = 100_000
MOST_PER_PAGE = 100

# Everything in Unicode's Cc but tab and line breaks; surrogates; the two non-characters that XML,
# and so a spreadsheet, cannot hold.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def install_limits(app: Flask, settings: Settings) -> None:
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_body
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FIELD
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    app.before_request(_check_address)


def install_body_limits(app: Flask) -> None:
    """The part that reads the body. After the guard, so that nobody unknown makes us read one."""
    app.before_request(check_form)


def unreadable(text: str) -> bool:
    """True where a text has a character that no record, database or file of ours may hold."""
    return _first_unreadable(text) is not None


def _first_unreadable(text: str) -> re.Match[str] | None:
    # Most of what is sent is plain, and known to be so without looking at it letter by letter.
    return None if text.isascii() and text.isprintable() else _UNREADABLE.search(text)


def refuse_unreadable(name: str, text: str) -> None:
    """Raises Malformed, naming the field, where its name or its text has such a character."""
    if unreadable(name):
        raise Malformed(f"A field's name has a character that cannot be read: {_shown(name)}.")
    if found := _first_unreadable(text):
        raise Malformed(
            f"{_shown(name)} has a character that cannot be read (U+{ord(found[0]):04X}, at place "
            f"{found.start() + 1}). Go back, take it out and send again: what you typed is still there."
        )


def _shown(name: str) -> str:
    """A field's name, which the sender chose, made safe to repeat."""
    return ascii(name[:60])


def _check_address() -> None:
    refuse_unreadable("the address", request.path)
    if len(request.query_string) > LONGEST_QUERY:
        raise Malformed(
            f"The address is too long: at most {LONGEST_QUERY} characters after the question mark."
        )
    for name, text in request.args.items(multi=True):
        refuse_unreadable(name, text)


def check_form() -> None:
    """Refuse a form that nobody could read, or with too much in it. Raises Malformed or 413."""
    if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
        return
    for number, (name, text) in enumerate(_posted_texts(), start=1):
        if number > MOST_FIELDS:
            raise Malformed(f"The form has too many fields: at most {MOST_FIELDS} at once.")
        if name is None:
            # What werkzeug makes of a part without a name, or with one that it cannot read.
            raise Malformed("A part of the form has no name that can be read.")
        # werkzeug measures the fields of multipart forms only.
        if len(text) > LARGEST_FIELD:
            raise RequestEntityTooLarge
        refuse_unreadable(name, text)


def _posted_texts() -> Iterator[tuple[str | None, str]]:
    yield from request.form.items(multi=True)
    for name, file in request.files.items(multi=True):
        yield name, file.filename or ""


@dataclass(frozen=True, slots=True)
class PageWanted:
    """Which page of a list, counted from 1, and how many rows it has."""

    page: int
    per_page: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page


def page_wanted(per_page: int = 25) -> PageWanted:
    """`?page=` and `?per_page=` of this request. Raises Invalid with the bounds."""
    return PageWanted(_whole("page", 1, LAST_PAGE), _whole("per_page", per_page, MOST_PER_PAGE))


def _whole(name: str, default: int, most: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most:
        return int(text)
    raise Invalid.of(name, f"{name} must be a whole number from 1 to {most}, not {_shown(text)}.")
