"""Anchors: the end of the chain, written down somewhere that the database's owner cannot reach.

A tail cut off together with the head leaves a chain that fits. A line kept elsewhere (with each
backup, in a mail to the responsible individual) shows the cut.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from outcomes.audit.entry import AuditHead
from outcomes.core.clock import now
from outcomes.core.database import db
from outcomes.core.errors import Invalid, Unavailable


@dataclass(frozen=True, slots=True)
class Anchor:
    """Entry number `seq` had this hash when the anchor was written (`at`, UTC)."""

    seq: int
    hash: str
    at: str


def present_anchor() -> Anchor:
    """The end of the chain now."""
    head = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    if head is None:
        raise Unavailable("The audit has no head. Run `outcomes audit verify`.")
    return Anchor(head.seq, head.hash, now().isoformat(timespec="seconds"))


def append_anchor(path: Path, anchor: Anchor) -> None:
    """Add one line to an anchor file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"seq": anchor.seq, "hash": anchor.hash, "at": anchor.at}) + "\n")


def read_anchors(path: Path) -> dict[int, Anchor]:
    """The anchors of a file by entry number. Raises Invalid, naming the line that cannot be read."""
    anchors: dict[int, Anchor] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid.of("anchor", f"The anchor file {path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            anchor = _read_line(line, f"{path} line {number}")
            known = anchors.setdefault(anchor.seq, anchor)
            if known.hash != anchor.hash:
                raise Invalid.of("anchor", f"{path} line {number} contradicts an earlier line.")
    if not anchors:
        raise Invalid.of("anchor", f"{path} holds no anchor. `outcomes audit anchor FILE` writes one.")
    return anchors


def _read_line(line: str, where: str) -> Anchor:
    try:
        found = json.loads(line)
        anchor = Anchor(found["seq"], found["hash"], found.get("at", ""))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Invalid.of("anchor", f"{where} is not an anchor: expected seq and hash.") from error
    if type(anchor.seq) is not int or anchor.seq < 0 or not isinstance(anchor.hash, str):
        raise Invalid.of("anchor", f"{where} is not an anchor: seq must be a whole number, hash a text.")
    return anchor
