"""A second look at the same table through an alias shows no more than the first, wherever the alias stands."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from outcomes.access.protected import protected
from outcomes.care.people import Contact, Person
from outcomes.care.placements import Placement

Ask = Callable[[Any, Any], Select[Any]]

THROUGH: dict[str, Ask] = {
    "from": lambda kind, other: select(other.id),
    "joined to its own class": lambda kind, other: select(other.id).join_from(
        kind, other, other.id == kind.id
    ),
    "joined to another row": lambda kind, other: select(other.id).join_from(kind, other, other.id != kind.id),
    "joined outside": lambda kind, other: (
        select(other.id).select_from(kind).outerjoin(other, other.id != kind.id).where(other.id.is_not(None))
    ),
    "joined to an alias": lambda kind, other: select(other.id).join_from(
        aliased(kind), other, other.id.is_not(None)
    ),
    "in a condition": lambda kind, other: select(kind.id).where(
        select(other.id).where(other.id == kind.id).exists()
    ),
}


@pytest.mark.parametrize("through", THROUGH)
@pytest.mark.parametrize("kind", [Person, Placement, Contact])
def test_an_alias_shows_what_its_class_shows(scoped: Session, kind: type[Any], through: str) -> None:
    shown = set(scoped.scalars(select(kind.id)))
    assert len(shown) > 1
    assert set(scoped.scalars(THROUGH[through](kind, aliased(kind)))) == shown


def test_an_alias_joined_to_its_own_class_shows_no_more_in_any_table(scoped: Session) -> None:
    for kind in protected().values():
        key: Any = next(iter(kind.__mapper__.primary_key))
        other = aliased(kind)
        mine = set(scoped.scalars(select(getattr(kind, key.key))))
        beside = select(getattr(other, key.key)).join_from(kind, other, getattr(other, key.key).is_not(None))
        assert set(scoped.scalars(beside)) <= mine, kind.__tablename__
