"""Which card a script answers: it says so above itself, and its folder is asked for what stands in it."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar

Script = Callable[..., Any]
S = TypeVar("S", bound=Script)

_SCRIPTS: dict[str, dict[str, Script]] = defaultdict(dict)
"""By folder, then by card."""


def answers(*cards: str) -> Callable[[S], S]:
    """Says of a script which cards it answers. Raises ValueError where another one in its folder does."""

    def note(script: S) -> S:
        mine = _SCRIPTS[script.__module__.rpartition(".")[0]]
        for card in cards:
            if card in mine:
                other = mine[card]
                raise ValueError(
                    f"{card} is answered by {other.__module__}.{other.__name__}; "
                    f"{script.__module__}.{script.__name__} is a second answer: keep one of them"
                )
            mine[card] = script
        return script

    return note


def scripts_in(folder: ModuleType) -> Mapping[str, Script]:
    """Every script of a folder by its card, in the order of the cards."""
    for module in iter_modules(folder.__path__):
        import_module(f"{folder.__name__}.{module.name}")
    return MappingProxyType(dict(sorted(_SCRIPTS[folder.__name__].items())))
