"""The databases of the figures' tests: the same as the spec tables'."""

from tests.spec.conftest import engine

__all__ = ["engine"]
