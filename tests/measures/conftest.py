"""The databases of the engine's tests: the same as the spec tables'."""

from tests.spec.conftest import engine

__all__ = ["engine"]
