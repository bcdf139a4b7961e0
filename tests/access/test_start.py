"""The service does not start with a table that the guard does not know or could not see into."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, Table, select
from sqlalchemy.orm import Mapped, column_property, configure_mappers, mapped_column, relationship

from outcomes.access.policy import POLICIES
from outcomes.access.protected import OPEN, check_tables, protected
from outcomes.access.rules import rule_of
from outcomes.accounts.roles import Role
from outcomes.care.people import Person
from outcomes.core.database import Base
from outcomes.core.errors import Misconfigured
from outcomes.core.permissions import Permission
from outcomes.kit.record import KINDS

PERSON = Person.__table__


@pytest.fixture
def planted() -> Iterator[list[Any]]:
    """What a test plants among the tables is taken out again."""
    classes: list[Any] = []
    yield classes
    for each in classes:
        if isinstance(each, Table):
            Base.metadata.remove(each)
        else:
            Base.metadata.remove(each.__table__)
            Base.registry._dispose_cls(each)
            each.__mapper__._set_dispose_flags()
    protected.cache_clear()


def test_every_kind_and_part_has_a_rule() -> None:
    check_tables()
    for kind in KINDS:
        assert rule_of(kind)
        if kind.declaration.part is not None:
            assert rule_of(kind.declaration.part)
    assert not OPEN.keys() & {kind.kind_name() for kind in KINDS}


def test_a_class_without_a_rule_stops_the_start(planted: list[Any]) -> None:
    class Diary(Base):
        __tablename__ = "diary"
        id: Mapped[int] = mapped_column(primary_key=True)

    planted.append(Diary)
    with pytest.raises(Misconfigured, match="diary has no rule"):
        check_tables()


def test_a_table_without_a_class_stops_the_start(planted: list[Any]) -> None:
    planted.append(Table("loose", Base.metadata, Column("id", Integer)))
    with pytest.raises(Misconfigured, match="loose is a table without a class"):
        check_tables()


def test_a_column_worked_out_of_another_table_stops_the_start(planted: list[Any]) -> None:
    """9 of the list: it would be read past the other table's rule."""

    class Diary(Base):
        __tablename__ = "diary"
        id: Mapped[int] = mapped_column(primary_key=True)
        person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
        name = column_property(
            select(PERSON.c.given_name).where(PERSON.c.id == person_id.column).scalar_subquery()
        )

    planted.append(Diary)
    configure_mappers()
    with pytest.raises(Misconfigured, match="worked out from other tables"):
        check_tables()


def test_a_table_in_between_and_a_cascade_stop_the_start(planted: list[Any]) -> None:
    """21 and 22 of the list."""
    between = Table(
        "diary_person",
        Base.metadata,
        Column("diary_id", ForeignKey("diary.id")),
        Column("person_id", ForeignKey("person.id")),
    )

    class Diary(Base):
        __tablename__ = "diary"
        id: Mapped[int] = mapped_column(primary_key=True)
        person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
        people: Mapped[list[Person]] = relationship(secondary=between)

    planted.extend([between, Diary])
    with pytest.raises(Misconfigured) as refused:
        check_tables()
    assert "uses secondary=" in str(refused.value)
    assert "changes by cascade" in str(refused.value)


def test_the_matrix_has_every_role_and_knows_every_permission() -> None:
    assert set(POLICIES) == set(Role)
    given = set().union(*(policy.permissions for policy in POLICIES.values()))
    assert given == set(Permission), "a permission that no role has is a page that nobody can open"


def test_who_sees_no_child_may_do_nothing_with_children() -> None:
    about_children = {
        Permission.CHILD_READ,
        Permission.CHILD_CREATE,
        Permission.CARE_WRITE,
        Permission.PLAN_WRITE,
        Permission.PLACEMENT_WRITE,
        Permission.RECORD_WITHDRAW,
        Permission.MEMBERS_READ,
        Permission.MY_DAY,
        Permission.DATA_QUALITY_READ,
    }
    for role in (Role.COMMISSIONER, Role.SYSTEM_ADMINISTRATOR):
        assert not POLICIES[role].permissions & about_children
