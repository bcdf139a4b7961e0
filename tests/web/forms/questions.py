"""A form with one question of every sort."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from outcomes.web.dates import DateField, MomentField
from outcomes.web.fields import (
    CheckboxesField,
    DecimalField,
    HiddenField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    WholeField,
    YesNoField,
    choices_of,
)
from outcomes.web.forms import DrawnForm

CODES = {"planned": "Planned", "breakdown": "Breakdown"}


def questions() -> dict[str, Any]:
    """One question of every sort, some named like parts of a form."""
    return {
        "summary": TextField("What is it called?", width=20),
        "errors": TextareaField("What happened?", hint="In your own words"),
        "level": WholeField("Which level?", prefix="Level"),
        "share": DecimalField("Which share?", suffix="%"),
        "ending": RadiosField("How did it end?", choices=choices_of(CODES)),
        "home": SelectField("Which home?", choices=choices_of(CODES)),
        "topics": CheckboxesField("Which topics?", choices=choices_of(CODES)),
        "planned": YesNoField("Was it planned?", optional=True),
        "due_on": DateField("When is it due?"),
        "began_at": MomentField("When did it begin?"),
        "revision": HiddenField(),
    }


def typed(values: Mapping[str, Any]) -> DrawnForm:
    return DrawnForm(questions(), typed=MultiDict(values))


BLANK = {name: "" for name in questions()} | {"topics": []}
