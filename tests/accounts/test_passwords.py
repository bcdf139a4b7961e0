"""What may be a password, and how it is kept."""

import threading

import argon2
import pytest

from outcomes.accounts import passwords
from outcomes.accounts.passwords import AT_ONCE, SHORTEST, Passwords, check_password
from outcomes.core.errors import Invalid

EASY = [
    "password1234",
    "Password123!",
    "P@ssw0rd2026!",
    "qwertyuiop12",
    "123456789012",
    "aaaaaaaaaaaaaa",
    "abcabcabcabc",
    "letmeinletmein",
    "keyworker2026!",
    "Children-Home1",
    "AdaObi-AdaObi",
    "elm.example1234",
    "!!!!????....,,,,",
    "liverpool2026",
    "1qaz2wsx3edc4rfv",
    "KirstyGareth99",
    "northampton123",
]
GOOD = [
    "marmalade-tuba-glacier",
    "correct horse battery staple",
    "purple monkey dishwasher",
    "Ünïcödé läßt grüßen",
    "tr0ub4dor&3-vexation",
    "x7#Kq!mPz2vL",
    "ada likes wet tuesdays in june best",
]


@pytest.mark.parametrize("password", EASY)
def test_easy_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid, match="too easy"):
        check_password(password, "Ada Obi", "ada@elm.example")


ENDINGS = ("1", "12", "123", "1234", "123!", "2025", "2026!", "!", "1!", "007", "_99", "xx")


def common() -> set[str]:
    """Passwords as people make them from one common word or name: doubled, capital first, digits after."""
    made = set()
    for word in passwords._COMMON:
        for start in (word, word.capitalize(), f"{word}{word}", f"{word}-{word}"):
            made |= {f"{start}{ending}" for ending in ENDINGS if len(f"{start}{ending}") >= SHORTEST}
    return made


def test_thousands_of_common_passwords_are_refused() -> None:
    tried = sorted(common())
    assert len(tried) > 3000
    assert [one for one in tried if not passwords._guessable(one, ())] == []


@pytest.mark.parametrize("password", GOOD)
def test_good_passwords_are_accepted(password: str) -> None:
    check_password(password, "Ada Obi", "ada@elm.example")


@pytest.mark.parametrize(
    ("password", "says"), [("x7#Kq!mPz2v", "12 characters or more"), ("xy" * 101, "fewer")]
)
def test_length_has_bounds(password: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        check_password(password)


def test_the_real_profile_is_what_it_promises() -> None:
    kept = Passwords().hash("marmalade-tuba-glacier")
    parameters = argon2.extract_parameters(kept)
    assert parameters.type is argon2.Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19 * 1024, 2, 1)


def test_the_same_letters_fit_however_they_were_typed() -> None:
    passwords = Passwords(cheap=True)
    assert passwords.fits(passwords.hash("cafe\u0301 caf\u00e9 caf"), "caf\u00e9 cafe\u0301 caf")
    assert not passwords.fits(passwords.hash("café"), "cafe")


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_nothing_fits_where_there_is_no_hash(kept: str | None) -> None:
    passwords = Passwords(cheap=True)
    assert not passwords.fits(kept, "the hash of nobody's password")


def test_at_most_four_hashes_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()
    really = argon2.PasswordHasher.hash
    busy = threading.Event()

    def counted(self: argon2.PasswordHasher, password: str) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        busy.wait(0.02)
        try:
            return really(self, password)
        finally:
            with lock:
                running -= 1

    passwords = Passwords(cheap=True)
    monkeypatch.setattr(argon2.PasswordHasher, "hash", counted)
    threads = [threading.Thread(target=passwords.hash, args=("x",)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == AT_ONCE
