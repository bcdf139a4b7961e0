"""The refusals that the service can answer with. Each says what was expected and what to do.

The web kit turns them into pages or the one JSON error shape; commands print them and exit 1.
"""

from collections.abc import Mapping


class OutcomesError(Exception):
    """A refusal with a message for people. `code` is the stable word for programs.

    `retry_after` is in how many seconds it may go better, where that is known.
    """

    code = "refused"
    status = 400
    retry_after: int | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(OutcomesError):
    """Input that cannot be accepted: one or more messages per field.

    `fields` maps a field's name to its messages; problems of the whole input stand under "".
    Nested parts use dotted names ("scores.3.score").
    """

    code = "invalid"
    status = 422

    def __init__(self, fields: Mapping[str, list[str]], message: str = "") -> None:
        super().__init__(message or "There is a problem with what was entered.")
        self.fields = {name: list(messages) for name, messages in fields.items()}

    @classmethod
    def of(cls, field: str, message: str) -> "Invalid":
        return cls({field: [message]})

    def __str__(self) -> str:
        return "; ".join(
            f"{name}: {' '.join(messages)}" if name else " ".join(messages)
            for name, messages in self.fields.items()
        )


class Malformed(OutcomesError):
    """A request that cannot be read at all: broken JSON, control characters, too deep, too many."""

    code = "malformed"
    status = 400


class NotFound(OutcomesError):
    """Not there, or not yours: both answer alike, so that nobody can ask which."""

    code = "not_found"
    status = 404

    def __init__(self, message: str = "There is no such page or record, or it is not yours to see.") -> None:
        super().__init__(message)


class Forbidden(OutcomesError):
    """This account's role does not do this at all (a function, never a record: those are NotFound)."""

    code = "forbidden"
    status = 403

    def __init__(self, message: str = "Your role does not include this.") -> None:
        super().__init__(message)


class SignInNeeded(OutcomesError):
    """Nobody is signed in, or the session has ended."""

    code = "sign_in_needed"
    status = 401

    def __init__(self, message: str = "Sign in to continue.") -> None:
        super().__init__(message)


class Stale(OutcomesError):
    """The record changed after the form or the ETag was drawn; nothing was saved.

    `current_revision` is the revision that stands now.
    """

    code = "stale"
    status = 409

    def __init__(self, current_revision: int) -> None:
        super().__init__("This record was changed by somebody else after you opened it. Nothing was saved.")
        self.current_revision = current_revision


class Conflict(OutcomesError):
    """The request contradicts what stands: a key used again for something else, a record withdrawn."""

    code = "conflict"
    status = 409


class Unavailable(OutcomesError):
    """The service cannot keep its promises just now (the audit cannot be written): nothing was done."""

    code = "unavailable"
    status = 503

    def __init__(
        self, message: str = "The service cannot do this safely just now. Nothing was saved."
    ) -> None:
        super().__init__(message)


class Misconfigured(Exception):
    """The application refuses to start: says which setting or declaration is wrong, and the mend."""
