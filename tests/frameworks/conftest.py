"""The databases of the figures' tests: the same as the spec tables'."""

from tests.spec.conftest import engine, spec_postgres, spec_sqlite

__all__ = ["engine", "spec_postgres", "spec_sqlite"]
