"""Drawn forms: questions on a page, what was typed, and where each message belongs.

They only draw. A view hands `raw_values()` to the schema, which is the only validator, and when
that raises Invalid gives it back with `show()`; nothing typed is ever lost:

    form = DrawnForm({"due_on": DateField("When is it due?"), "kind": RadiosField("Which?", choices=…)})
    try:
        record(schema.load(form.raw_values()), …)
    except Invalid as problem:
        form.show(problem)

Questions are a mapping from name to field, never class attributes: a kind may have a question
called `summary` or `errors`. Reach them as `form["summary"]`. Every form carries a CSRF token and
an idempotency key.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from flask import has_request_context, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from outcomes.core.errors import Invalid
from outcomes.web.fields import DrawnField, HiddenField, Typed
from outcomes.web.idempotency import KEY_FIELD, new_key
from outcomes.web.kept_forms import restored

_SUBMITTING = ("POST", "PUT", "PATCH", "DELETE")

Questions = Mapping[str, UnboundField | DrawnField]
"""Fields by name, as their constructors give them before they belong to a form."""


class DrawnForm(BaseForm):
    """A form made from `questions`, or from the class's own for a form that is written by hand.

    Filled from the request where it posts a form, or asks for one that was kept; else blank. `typed`
    overrides the request.
    """

    questions_of_class: ClassVar[Questions] = {}

    def __init__(self, questions: Questions | None = None, *, typed: Typed | None = None) -> None:
        fields = dict(self.questions_of_class if questions is None else questions)
        for name in (KEY_FIELD, CSRF_FIELD):
            if name in fields:
                raise ValueError(f"{name!r} is the form's own. Give the question another name.")
        fields[KEY_FIELD] = HiddenField()
        super().__init__(fields, meta=FlaskForm.Meta())
        posted = typed if typed is not None else _posted()
        self.submitted = posted is not None
        kept = restored() if posted is None else None
        self.restored = kept is not None
        self.general_problems: list[str] = []
        for field in self:
            field.process(posted if self.submitted else kept)
        if not self[KEY_FIELD].value:
            self[KEY_FIELD].fill(new_key())

    @property
    def drawn(self) -> Iterator[DrawnField]:
        """The questions to draw, in order."""
        return (field for field in self._own() if field.drawn_as != "hidden")

    @property
    def hidden(self) -> Iterator[DrawnField]:
        """Hidden inputs to draw, the idempotency key among them; the CSRF token is `csrf_token()`."""
        return (field for field in self._own() if field.drawn_as == "hidden")

    def _own(self) -> Iterator[DrawnField]:
        return (field for field in self if isinstance(field, DrawnField))

    def raw_values(self) -> dict[str, str | list[str]]:
        """What was typed, by name: exactly what the schema is to judge. Without the form's own."""
        return {name: field.raw() for name, field in self._named() if name != KEY_FIELD}

    def _named(self) -> Iterator[tuple[str, DrawnField]]:
        return ((name, field) for name, field in self._fields.items() if isinstance(field, DrawnField))

    def fill(self, values: Mapping[str, Any]) -> None:
        """Show values from Python. Names that are no question are passed over.

        A form that came back as it was typed keeps what was typed.
        """
        if self.restored:
            return
        for name, field in self._named():
            if name in values and name != KEY_FIELD:
                field.fill(values[name])

    def show(self, problem: Invalid) -> None:
        """Place a refusal's messages beside their questions; the rest stands in the summary only."""
        places = dict(self._named())
        for name, messages in problem.fields.items():
            field = places.get(name)
            if field is None or field.drawn_as == "hidden":
                self.general_problems.extend(messages)
            else:
                field.say(messages)

    @property
    def faulty(self) -> bool:
        return bool(self.summary)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The error summary: (href, text), in the order of the page; href "" where no input is to blame."""
        beside = [(f"#{field.first_input_id}", text) for field in self.drawn for text in field.errors]
        return [*(("", text) for text in self.general_problems), *beside]


CSRF_FIELD = "csrf_token"


def _posted() -> Typed | None:
    """What the request posts as a form; None where it does not post one."""
    if not has_request_context() or request.method not in _SUBMITTING:
        return None
    # Only form bodies: WTForms' Flask binding would also take a JSON body, with values of any type.
    return MultiDict(request.form)
