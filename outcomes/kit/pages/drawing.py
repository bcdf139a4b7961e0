"""From a kind's fields to drawn questions, and from what was typed back to what the schema judges."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from outcomes.core.database import db
from outcomes.kit.declaring.fields import Choice, Field, Link, Links, Many, Number, Pairs, Text, Whole
from outcomes.kit.declaring.record import KINDS, PersonRecord, Record
from outcomes.web.dates import DateField, MomentField
from outcomes.web.fields import (
    CheckboxesField,
    ChoiceField,
    DecimalField,
    DrawnField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    WholeField,
    YesNoField,
)
from outcomes.web.forms import DrawnForm

FEW = 7
"""Up to so many choices are radios, more are a list to pick from (GOV.UK)."""

MOST_LINKS = 500

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def questions_for(fields: Mapping[str, Field], owner: Record | None) -> dict[str, Any]:
    """One drawn question per field, in order. Links offer the records that may be linked to."""
    return {name: _DRAW[field.drawn](field, owner) for name, field in fields.items()}


def typed(form: DrawnForm, fields: Mapping[str, Field]) -> dict[str, Any]:
    """What was typed into a form, as the schema takes it: blanks are None."""
    raw = form.raw_values()
    return {name: field.from_form(raw.get(name, "")) for name, field in fields.items()}


def fill(form: DrawnForm, fields: Mapping[str, Field], record: Record, raw: Mapping[str, Any]) -> None:
    """Show a record's values in a form. `raw` gives the links as public ids."""
    form.fill(
        {
            name: raw[name]
            if isinstance(field, Link | Links)
            else field.to_cell(getattr(record, name)).replace("|", "\n")
            if isinstance(field, Pairs) or (isinstance(field, Many) and field.typed)
            else getattr(record, name)
            for name, field in fields.items()
        }
    )


def begin(form: DrawnForm, given: Mapping[str, str]) -> None:
    """Fill a blank form in with what its address proposes: a choice that it offers, a day, a whole number.

    Words are never taken from an address: they would be somebody else's in this person's form.
    """
    for name, value in given.items():
        if name in form and (proposed := _proposed(form[name], value)) is not None:
            form.fill({name: proposed})


def _proposed(field: DrawnField, value: str) -> Any:
    if isinstance(field, ChoiceField):
        return value if value in {item.value for item in field.items} else None
    if isinstance(field, WholeField):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else None
    if type(field) is not DateField or not _ISO_DAY.match(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _common(field: Field) -> dict[str, Any]:
    return {"hint": field.hint, "optional": not field.required}


def _text(field: Field, _owner: Record | None) -> Any:
    if isinstance(field, Pairs):
        return TextareaField(field.question, **_common(field))
    assert isinstance(field, Text)
    if field.lines:
        return TextareaField(field.question, **_common(field))
    return TextField(field.question, **_common(field), width=20 if field.most <= 40 else None)


def _choices(field: Choice | Many) -> list[SelectChoice]:
    return [SelectChoice(code, label) for code, label in field.code_list.labels.items()]


def _choice(field: Field, _owner: Record | None) -> Any:
    assert isinstance(field, Choice)
    return _one_of(field, _choices(field))


def _one_of(field: Field, choices: list[SelectChoice]) -> DrawnField:
    drawn = RadiosField if field.required and 0 < len(choices) <= FEW else SelectField
    return drawn(field.question, **_common(field), choices=choices)


def _many(field: Field, _owner: Record | None) -> Any:
    assert isinstance(field, Many)
    if field.typed:
        return TextareaField(field.question, **_common(field))
    return CheckboxesField(field.question, **_common(field), choices=_choices(field))


def _whole(field: Field, _owner: Record | None) -> Any:
    assert isinstance(field, Whole)
    return WholeField(field.question, **_common(field), width=5)


def _decimal(field: Field, _owner: Record | None) -> Any:
    assert isinstance(field, Number)
    return DecimalField(field.question, **_common(field), width=5)


def _link(field: Field, owner: Record | None) -> Any:
    assert isinstance(field, Link)
    return _one_of(field, link_choices(field.to, owner))


def _links(field: Field, owner: Record | None) -> Any:
    assert isinstance(field, Links)
    return CheckboxesField(field.question, **_common(field), choices=link_choices(field.to, owner))


def link_choices(to: str, owner: Record | None) -> list[SelectChoice]:
    """The standing records of a kind that may be linked to: in scope, and of the same child."""
    kind = KINDS[to]
    wanted = select(kind).where(kind.standing())
    if issubclass(kind, PersonRecord) and owner is not None and owner.kind_name() == "person":
        wanted = wanted.where(kind.person_id == owner.id)
    found = db.session.scalars(wanted.order_by(kind.id.desc()).limit(MOST_LINKS))
    return sorted((SelectChoice(one.public_id, one.called()) for one in found), key=lambda c: str(c.label))


_DRAW: dict[str, Callable[[Field, Record | None], Any]] = {
    "text": _text,
    "choice": _choice,
    "many": _many,
    "day": lambda field, _owner: DateField(field.question, **_common(field)),
    "moment": lambda field, _owner: MomentField(field.question, **_common(field)),
    "whole": _whole,
    "decimal": _decimal,
    "yes_no": lambda field, _owner: YesNoField(field.question, **_common(field)),
    "link": _link,
    "links": _links,
}
