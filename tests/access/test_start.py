"""The service does not start with a table that the guard does not know or could not see into."""

from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, Table, select
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column, relationship

from outcomes.access.policy import POLICIES
from outcomes.access.protected import OPEN, check_tables
from outcomes.access.rules import rule_of
from outcomes.accounts.roles import Role
from outcomes.core.errors import Misconfigured
from outcomes.core.permissions import Permission
from outcomes.kit.declaring.record import KINDS


@pytest.fixture
def base() -> type[DeclarativeBase]:
    """A base of the test's own, with a child in it: what is planted there is in no other test's way."""

    class Own(DeclarativeBase):
        pass

    class Child(Own):
        __tablename__ = "person"
        id: Mapped[int] = mapped_column(primary_key=True)
        given_name: Mapped[str]

    # A registry refers to its classes weakly: without this the child is gone at the next collection.
    Own.child = Child  # type: ignore[attr-defined]
    return Own


def test_every_kind_and_part_has_a_rule() -> None:
    check_tables()
    for kind in KINDS:
        assert rule_of(kind)
        if kind.declaration.part is not None:
            assert rule_of(kind.declaration.part)
    assert not OPEN.keys() & {kind.kind_name() for kind in KINDS}


def test_a_class_without_a_rule_stops_the_start(base: Any) -> None:
    class Diary(base):
        __tablename__ = "diary"
        id: Mapped[int] = mapped_column(primary_key=True)

    with pytest.raises(Misconfigured, match="diary has no rule"):
        check_tables(base)


def test_a_table_without_a_class_stops_the_start(base: Any) -> None:
    Table("loose", base.metadata, Column("id", Integer))
    with pytest.raises(Misconfigured, match="loose is a table without a class"):
        check_tables(base)


def test_a_column_worked_out_of_another_table_stops_the_start(base: Any) -> None:
    """9 of the list: it would be read past the other table's rule."""

    class Diary(base):
        __tablename__ = "diary"
        id: Mapped[int] = mapped_column(primary_key=True)
        person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
        name = column_property(
            select(base.metadata.tables["person"].c.given_name)
            .where(base.metadata.tables["person"].c.id == person_id.column)
            .scalar_subquery()
        )

    with pytest.raises(Misconfigured, match="worked out from other tables"):
        check_tables(base)


def test_a_table_in_between_and_a_cascade_stop_the_start(base: Any) -> None:
    """21 and 22 of the list."""
    between = Table(
        "diary_person",
        base.metadata,
        Column("diary_id", ForeignKey("diary.id")),
        Column("person_id", ForeignKey("person.id")),
    )

    class Diary(base):
        __tablename__ = "diary"
        id: Mapped[int] = mapped_column(primary_key=True)
        person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
        people: Mapped[list[Any]] = relationship("Child", secondary=between)

    with pytest.raises(Misconfigured) as refused:
        check_tables(base)
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
        Permission.MEMBERS_READ,
        Permission.MY_DAY,
        Permission.DATA_QUALITY_READ,
    }
    for role in (Role.COMMISSIONER, Role.SYSTEM_ADMINISTRATOR):
        assert not POLICIES[role].permissions & about_children
