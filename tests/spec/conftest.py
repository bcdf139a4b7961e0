"""The databases that every spec runs on, one after the other."""

import pytest
from sqlalchemy.engine import Engine


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both databases, one after the other."""
    return request.getfixturevalue(f"spec_{request.param}")
