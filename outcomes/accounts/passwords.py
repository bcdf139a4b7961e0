"""Passwords: what may be one, and how they are kept (Argon2id, 19 MiB, two passes).

Hashing is dear on purpose, so at most four run at once: otherwise signing in would be the way to
bring the service down.
"""

import re
import threading
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from outcomes.core.errors import Invalid, Unavailable

SHORTEST, LONGEST = 12, 200
AT_ONCE = 4
_PATIENCE_SECONDS = 15

_COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())
_LOOKALIKES = str.maketrans("0134578@$!|", "oieastbasil")
_CONTEXT = frozenset({"outcomes", "outcome", "keyworker", "children", "childrens", "fostering", "council"})


class Passwords:
    """Hashes and checks passwords. `cheap` is for tests only."""

    def __init__(self, *, cheap: bool = False) -> None:
        self._hasher = (
            PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
            if cheap
            else PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        )
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        # Checked in the place of a hash that does not exist, so that an unknown name takes as long.
        self._nobody = self._hasher.hash("the hash of nobody's password")

    def hash(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(_normal(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Does the password fit the kept hash? One hash is computed whatever the answer."""
        with self._turn():
            try:
                self._hasher.verify(kept or self._nobody, _normal(password[:LONGEST]))
            except (VerificationError, InvalidHashError):
                return False
        return bool(kept)

    def outdated(self, kept: str) -> bool:
        """Was the hash made with weaker parameters than today's?"""
        return self._hasher.check_needs_rehash(kept)

    def _turn(self) -> "_Turn":
        return _Turn(self._turns)


class _Turn:
    def __init__(self, turns: threading.BoundedSemaphore) -> None:
        self._turns = turns

    def __enter__(self) -> None:
        if not self._turns.acquire(timeout=_PATIENCE_SECONDS):
            raise Unavailable("Too many people are signing in just now. Try again in a minute.")

    def __exit__(self, *_: object) -> None:
        self._turns.release()


def check_password(password: str, *about: str) -> None:
    """Refuse a password that is too short or easily guessed. Raises Invalid on `password`.

    `about` are words that a guesser would try first: the person's name and e-mail address.
    """
    if len(password) < SHORTEST:
        raise Invalid.of("password", f"Password must be {SHORTEST} characters or more.")
    if len(password) > LONGEST:
        raise Invalid.of("password", f"Password must be {LONGEST} characters or fewer.")
    if _guessable(password, about):
        raise Invalid.of(
            "password",
            "Password is too easy to guess. Use three or more words that do not belong together.",
        )


def _guessable(password: str, about: tuple[str, ...]) -> bool:
    plain = _normal(password).casefold()
    if len(set(plain)) < 5:
        return True
    personal = {word for text in about for word in re.findall(r"\w{3,}", text.casefold())}
    words = _COMMON | _CONTEXT | personal
    return any(_only(form, words) for form in (plain, plain.translate(_LOOKALIKES)))


def _only(text: str, words: frozenset[str] | set[str]) -> bool:
    """Is nothing left but fewer than five letters when one common word, or all of them, are taken out?"""
    found = sorted((word for word in words if len(word) >= 3 and word in text), key=len, reverse=True)
    rest = text
    for word in found:
        if _letters(text.replace(word, "")) < 5:
            return True
        rest = rest.replace(word, "")
    return (bool(found) and _letters(rest) < 5) or not re.search(r"[^\W\d_]", text)


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
