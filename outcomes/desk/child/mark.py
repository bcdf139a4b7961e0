"""One line at a glance: yes, no or not known, always in words; the shape only repeats them."""

from dataclasses import dataclass
from typing import Literal

Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What it is about, how it stands, and since when or until when. `href` leads to the record."""

    what: str
    answer: Answer
    words: str
    about: str = ""
    href: str | None = None
