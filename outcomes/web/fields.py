"""Drawn fields: what a question looks like on a page and what was typed into it, untouched.

They decide nothing: whether an answer will do is the schema's concern alone (marshmallow). So
nothing here can fail, whatever is posted: missing parts, too many values, unknown choices.

Every field has `raw()` (what goes to the schema: text, or a list for checkboxes), `fill(value)`
(show a value from Python) and `say(messages)`. Templates choose how to draw by `drawn_as`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.fields.choices import SelectChoice
from wtforms.utils import unset_value

Typed = MultiDict[str, str]


class DrawnField(Field):
    """One question. Attributes for templates, besides WTForms' `id` and `name`:

    `question`, `hint`, `optional` (the question is marked so), `width` (in characters, None for
    full width), `prefix`, `suffix`, `value` (what stands in the input), `errors` (messages in
    words), `first_input_id` (where the error summary points).
    """

    drawn_as = "text"
    errors: list[str]

    def __init__(
        self,
        question: str = "",
        *,
        hint: str = "",
        optional: bool = False,
        width: int | None = None,
        prefix: str = "",
        suffix: str = "",
        **bound: Any,
    ) -> None:
        super().__init__(label=question, **bound)
        self.question = question
        self.hint = hint
        self.optional = optional
        self.width = width
        self.prefix = prefix
        self.suffix = suffix
        self.errors = []
        self.typed: list[str] = []

    @property
    def first_input_id(self) -> str:
        return self.id

    @property
    def value(self) -> str:
        return self.typed[0] if self.typed else ""

    def process(self, formdata: Typed | None, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take what was posted, as it is. WTForms' own processing would try to understand it."""
        self.errors = []
        if formdata is not None:
            self.take(formdata)
        elif data is not unset_value:
            self.fill(data)

    def take(self, posted: Typed) -> None:
        self.typed = posted.getlist(self.name)

    def raw(self) -> str | list[str]:
        """What the schema is given."""
        # Forms send line breaks as CR LF whatever was typed; records keep LF.
        return self.value.replace("\r\n", "\n")

    def fill(self, value: Any) -> None:
        """Show a value from Python, for correcting what stands."""
        self.typed = [] if value is None else [_text(value)]

    def say(self, messages: Sequence[str]) -> None:
        """Put the schema's messages beside the question."""
        self.errors = list(messages)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        # Never in the E notation that Decimal chooses for some whole numbers.
        return format(value, "f")
    return str(value)


class TextField(DrawnField):
    """A line of text. `input_type` and `autocomplete` go to the input (`email`, `password`, …)."""

    def __init__(self, *args: Any, input_type: str = "text", autocomplete: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.input_type = input_type
        self.autocomplete = autocomplete

    @property
    def value(self) -> str:
        # A password is never sent back to the page.
        return "" if self.input_type == "password" else super().value

    def raw(self) -> str:
        return self.typed[0] if self.typed else ""


class TextareaField(DrawnField):
    """Several lines of text."""

    drawn_as = "textarea"

    def __init__(self, *args: Any, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows


class WholeField(DrawnField):
    """A whole number, typed as text with the digits keyboard."""

    drawn_as = "whole"


class DecimalField(DrawnField):
    """A number that may have decimals, typed as text."""

    drawn_as = "decimal"


class HiddenField(DrawnField):
    """Carried along unseen: the revision that a form was drawn from, an idempotency key."""

    drawn_as = "hidden"


@dataclass(frozen=True, slots=True)
class Item:
    """One choice as drawn."""

    value: str
    text: str
    checked: bool
    id: str
    hint: str = ""


class ChoiceField(DrawnField):
    """Choices of which none, one or (checkboxes) several are taken. A posted value that is no
    choice stays in `raw()`, so that the schema can refuse it in words.
    """

    def __init__(self, *args: Any, choices: Iterable[SelectChoice] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = list(choices)

    @property
    def items(self) -> list[Item]:
        return [
            Item(
                value=str(choice.value),
                text=str(choice.label),
                checked=str(choice.value) in self.typed,
                # GOV.UK's own numbering: the first has the field's id, so that the error summary finds it.
                id=self.id if number == 1 else f"{self.id}-{number}",
                hint=str(choice.render_kw.get("hint", "")),
            )
            for number, choice in enumerate(self.choices, start=1)
        ]


class RadiosField(ChoiceField):
    """One of a few. Nothing is selected beforehand."""

    drawn_as = "radios"


class SelectField(ChoiceField):
    """One of many. The blank first line is the template's."""

    drawn_as = "select"


class CheckboxesField(ChoiceField):
    """Any number of them."""

    drawn_as = "checkboxes"

    def raw(self) -> list[str]:
        return list(self.typed)

    def fill(self, value: Any) -> None:
        self.typed = [_text(each) for each in value or ()]


class YesNoField(RadiosField):
    """Yes or no; where an answer is optional also "Not known", which is a blank."""

    drawn_as = "yes_no"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]
        if self.optional:
            self.choices.append(SelectChoice("", "Not known"))

    def fill(self, value: Any) -> None:
        self.typed = ["" if value is None else _text(value)]


Choices = Iterable[SelectChoice] | Mapping[str, str]
"""Choices as WTForms' own values, or simply code → label."""


def choices_of(choices: Choices) -> list[SelectChoice]:
    if isinstance(choices, Mapping):
        return [SelectChoice(code, label) for code, label in choices.items()]
    return list(choices)
