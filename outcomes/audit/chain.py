"""The chain: each entry's hash is keyed and covers the entry and the hash before it.

Without the key, nobody can make an entry fit: not the database's owner, not who holds a backup.
What the chain alone cannot show is a tail cut off together with the head; for that, see `anchor.py`.
"""

import hmac
import json
import os
import secrets
import stat
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from outcomes.core.errors import Misconfigured

COVERED = (
    "seq",
    "at",
    "account_id",
    "role",
    "session",
    "action",
    "kind",
    "record",
    "revision",
    "person",
    "outcome",
    "reason",
    "route",
    "count",
)
"""The columns that the hash covers, in this order for ever: a new column starts a new version."""


VERSION = 1
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def link(key: bytes, previous: str, covered: Sequence[Any]) -> str:
    """The hash of an entry that follows `previous`: HMAC-SHA256, as 64 hexadecimal digits.

    `covered` are the entry's values in the order of COVERED.
    """
    seq, at, *others = covered
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    body = _encode([VERSION, previous, seq, instant, *others])
    return hmac.digest(key, body.encode(), "sha256").hex()


def read_key(path: Path) -> bytes:
    """The audit key. Raises Misconfigured when it is absent, short, or open to others."""
    try:
        mode = path.stat().st_mode
        text = path.read_text().strip()
    except OSError as error:
        raise Misconfigured(f"The audit key {path} cannot be read: {error.strerror}. Restore it.") from error
    if stat.S_IMODE(mode) & 0o077:
        raise Misconfigured(f"The audit key {path} is open to other users. Run: chmod 600 {path}")
    if len(text) < 64:
        raise Misconfigured(f"The audit key {path} is too short: expected 64 characters, got {len(text)}.")
    return text.encode()


def make_key(path: Path) -> None:
    """Make a key where there is none: whole or not at all, and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        # A hard link fails when the name is taken, so of two first starts one wins, and neither
        # ever reads half a key.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
