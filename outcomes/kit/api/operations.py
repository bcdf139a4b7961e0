"""What the JSON verbs of a kind say of themselves (`web/operations.py`), made from its declaration."""

from outcomes.kit.api.schemas import (
    REASON,
    body_of,
    correction_of,
    example_of,
    record_of,
    withdrawal,
)
from outcomes.kit.declaring.record import Record
from outcomes.kit.reading.addresses import owner_kind
from outcomes.web.idempotency import KEY_HEADER
from outcomes.web.operations import PAGING, Answer, Operation, Parameter, page_of

KEY = Parameter(
    name=KEY_HEADER,
    where="header",
    required=True,
    says="A new key for each thing to be done. Sent again with the same body it does nothing twice and is "
    "answered as the first time.",
    schema={"type": "string", "pattern": "^[!-~]{1,64}$"},
    example="8c1f0e6a-2f5b-4a6e-9a0b-6f4f5f3f2a11",
)
IF_MATCH = Parameter(
    name="If-Match",
    where="header",
    required=True,
    says="The ETag of the record as it was read: the revision that the change is made from.",
    schema={"type": "string", "pattern": '^("[0-9]{1,9}"|[0-9]{1,9})$'},
    example='"1"',
)
_REVISION_REFUSALS = (412, 428)


def operations_of(kind: type[Record]) -> dict[str, Operation]:
    """The operation of each verb of a kind."""
    said, path = kind.declaration, _path(kind)
    one, lower = f"one {said.title.lower()}", said.title.lower()
    shown = Answer(says=said.title, schema=record_of(kind), headers=("ETag",))
    made = Answer(says=f"{said.title}, as recorded.", schema=record_of(kind), headers=("ETag", "Location"))
    return {
        "list": Operation(
            summary=f"List {said.many.lower()}",
            about="Standing records, newest first.",
            tag=said.many,
            path=path,
            parameters=PAGING,
            answers={200: Answer(says=said.many, schema=page_of(record_of(kind)))},
        ),
        "create": Operation(
            summary=f"Record {one}",
            tag=said.many,
            path=path,
            parameters=(KEY,),
            body=body_of(kind),
            example=example_of(kind),
            answers={201: made},
        ),
        "show": Operation(summary=f"Read {one}", tag=said.many, path=path, answers={200: shown}),
        "correct": Operation(
            summary=f"Correct {one}",
            about="Send the whole record again: what is left out is blanked. Every earlier state is kept.",
            tag=said.many,
            path=path,
            parameters=(KEY, IF_MATCH),
            body=correction_of(kind),
            example=example_of(kind) | {REASON: "It was misread"},
            answers={200: shown},
            refusals=_REVISION_REFUSALS,
        ),
        "withdraw": Operation(
            summary=f"Withdraw {one}",
            about=f"For a {lower} that was entered in error. It stays in the history and counts for nothing.",
            tag=said.many,
            path=path,
            parameters=(KEY, IF_MATCH),
            body=withdrawal(),
            example={REASON: "Entered for the wrong child"},
            answers={200: shown},
            refusals=_REVISION_REFUSALS,
        ),
    }


def _path(kind: type[Record]) -> dict[str, str]:
    holder = owner_kind(kind)
    path = {"record": f"The id of the {kind.declaration.title.lower()}."}
    if holder is not None:
        path["owner"] = f"The id of the {holder.declaration.title.lower()} that it belongs to."
    return path
