"""Code lists: the closed (and a few open) sets of words that fields may hold, with their labels.

They are data, in `seeds/code_lists.yaml`; a field names its list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from outcomes.core.errors import Misconfigured
from outcomes.core.settings import root


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list's codes with their labels, in the order people see them.

    An `open` list accepts other codes too (a contract or a provider adds its own).
    """

    name: str
    labels: Mapping[str, str]
    open: bool = False

    def label(self, code: str) -> str:
        return self.labels.get(code, code.replace("_", " ").capitalize())

    def __contains__(self, code: str) -> bool:
        return code in self.labels


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Every list by name. Raises Misconfigured when the file cannot be read."""
    path = root() / "seeds" / "code_lists.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as problem:
        raise Misconfigured(f"{path.name} cannot be read: {problem}") from problem
    return {name: _read(name, body) for name, body in content.items()}


def code_list(name: str) -> CodeList:
    try:
        return code_lists()[name]
    except KeyError:
        raise Misconfigured(f"seeds/code_lists.yaml has no list {name!r}; add it or mend the name.") from None


def _read(name: str, body: Mapping[str, object]) -> CodeList:
    codes = body.get("codes")
    if not isinstance(codes, dict) or not all(
        isinstance(k, str) and isinstance(v, str) for k, v in codes.items()
    ):
        raise Misconfigured(
            f"seeds/code_lists.yaml, list {name!r}: `codes` must map each code to its label "
            "(quote yes, no, on and off, which YAML reads as true and false)."
        )
    return CodeList(name, codes, bool(body.get("open", False)))
