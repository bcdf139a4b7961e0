"""The base of every record kind. A kind is one class; everything else follows from it.

    class HealthCheck(ChildRecord):
        \"\"\"A health check or appointment: when it fell due, was offered and was attended.\"\"\"

        declaration = of_child("Health check", about="due_on", due=Due("due_on", done="attended_on"))

        due_on: Mapped[date] = day("When is it due?")

Rules about one record's values are in `rules.py`, about other records in `guards.py`. No record
is ever deleted: it is withdrawn, and every state it had is kept (`versions.py`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, partial
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column

from outcomes.core import clock
from outcomes.core.actor import Level
from outcomes.core.database import Base, Moment, PublicId, new_public_id
from outcomes.core.permissions import Permission
from outcomes.kit.declaring.columns import KEY, link
from outcomes.kit.declaring.fields import Field
from outcomes.kit.declaring.rules import Rule
from outcomes.kit.words import say_day, slug_of


@dataclass(frozen=True, slots=True)
class Due:
    """Names the fields that say when something falls due and when it was done.

    Feeds my day and the overdue lists. `settled` names fields that also end the waiting when
    filled in (an interview declined, an appointment missed).
    """

    on: str
    done: str
    settled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a kind says of itself.

    `about` is the date field that a record is about, and `about_else` the one that stands in
    where it is blank. `owner` is the link to the record it belongs to (None for a kind of its
    own); `owner_through` a link from whose record the owner is taken when a bundle does not name
    it. `identifier` is its name in a bundle, by default `<kind>_id`.

    `follows` says what a contract's figures narrow by: "placement" = counted only when dated
    inside a stay under the contract; "person" = read whole, whoever recorded it. `level` is the
    confidentiality of its fields unless they say otherwise. `natural_key` names the fields that
    identify it where the sender needs no reference. `stamps` are functions of the proposal that
    work out blank fields when the record is written (a due date, from the setting of that day), and
    blank parts, under the key "scores".
    `indexes` are columns that cards read often. `begins` gives what a blank form proposes, by field.
    """

    title: str
    plural: str = ""
    about: str | None = None
    about_else: str | None = None
    read: Permission = Permission.SIGNED_IN
    write: Permission = Permission.PLACE_WRITE
    owner: str | None = None
    owner_through: str | None = None
    identifier: str = ""
    follows: Literal["placement", "person"] | None = None
    level: Level = Level.CARE
    rules: tuple[Rule, ...] = ()
    guards: tuple[Any, ...] = ()
    stamps: tuple[Any, ...] = ()
    part: "type[Part] | None" = None
    due: Due | None = None
    natural_key: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    constraints: tuple[Any, ...] = ()
    begins: Mapping[str, Callable[[], Any]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def many(self) -> str:
        """The title for several."""
        return self.plural or f"{self.title}s"


of_child = partial(
    Declaration, read=Permission.CHILD_READ, write=Permission.CARE_WRITE, owner="person_id", follows="person"
)
"""The declaration of a kind whose records belong to a child."""


class Asked:
    """What a class with asked columns can say of them. Shared by records and their parts."""

    @classmethod
    @cache
    def asked_fields(cls) -> Mapping[str, Field]:
        """The asked fields by name, in the order of the declaration."""
        mapper: Mapper[Any] = cls.__mapper__  # type: ignore[attr-defined]
        return {
            column.key: column.info[KEY].named(
                column.key, required=not column.nullable and not cls._derived(column.key), level=cls._level()
            )
            for column in mapper.local_table.columns
            if KEY in column.info
        }

    @classmethod
    def _derived(cls, name: str) -> bool:
        """True for a field that is filled in from elsewhere when it is not given."""
        return False

    @classmethod
    def _level(cls) -> Level:
        raise NotImplementedError

    def asked_values(self) -> dict[str, Any]:
        """The asked values by name, as Python holds them."""
        return {name: getattr(self, name) for name in type(self).asked_fields()}


class Part(Asked, Base):
    """A piece of a record without a life of its own: written and versioned with its owner.

    `part_of` is the link to the owner; `part_key` the field that tells the parts of one owner apart.
    """

    __abstract__ = True

    part_of: ClassVar[str]
    part_key: ClassVar[str]
    part_level: ClassVar[Level] = Level.CARE
    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-10)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805
        return _snake(cls.__name__)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805
        return (UniqueConstraint(cls.part_of, cls.part_key),)

    @classmethod
    def _level(cls) -> Level:
        return cls.part_level


class Record(Asked, Base):
    """The base of every kind. Its columns are internal; a kind adds the asked ones."""

    __abstract__ = True

    declaration: ClassVar[Declaration]

    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-30)
    # The sentinel tells the rows of a batch apart when the database gives them their keys.
    public_id: Mapped[str] = mapped_column(
        PublicId, default=new_public_id, unique=True, insert_sentinel=True, sort_order=-29
    )
    sender: Mapped[str | None] = mapped_column(String(40), sort_order=-28)
    sender_reference: Mapped[str | None] = mapped_column(String(64), sort_order=-27)
    revision: Mapped[int] = mapped_column(Integer, default=1, sort_order=-26)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), sort_order=-25)
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=clock.now, sort_order=-24)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment, sort_order=-23)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), sort_order=-22)
    withdrawn_why: Mapped[str | None] = mapped_column(String(500), sort_order=-21)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805
        return _snake(cls.__name__)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805
        said = cls.declaration
        checks = (rule.constraint() for rule in said.rules)
        # Every record of a child can be found by child and date: a page in 0.05 ms instead of 38.
        by_date = ((said.owner, said.about),) if said.owner and said.about else ()
        return (
            UniqueConstraint("sender", "sender_reference"),
            *(check for check in checks if check is not None),
            *(Index(None, *columns) for columns in (*by_date, *said.indexes)),
            *said.constraints,
        )

    @classmethod
    def kind_name(cls) -> str:
        """The kind's name: of its table, its file in a bundle, its word in measures."""
        return cls.__tablename__

    @classmethod
    def slug(cls) -> str:
        """The kind's name in addresses."""
        return slug_of(cls.kind_name())

    @classmethod
    def identifier(cls) -> str:
        """The column that holds the sender's own reference in a bundle."""
        return cls.declaration.identifier or f"{cls.kind_name()}_id"

    @classmethod
    def _derived(cls, name: str) -> bool:
        return cls.declaration.owner_through is not None and name == cls.declaration.owner

    @classmethod
    def _level(cls) -> Level:
        return cls.declaration.level

    @classmethod
    def standing(cls) -> Any:
        """The condition that a row has not been withdrawn."""
        return cls.withdrawn_at.is_(None)

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None

    @property
    def about_on(self) -> date | None:
        """The London day that this record is about; None where the field is blank."""
        return self.about_in(self.asked_values())

    @classmethod
    def about_in(cls, values: Mapping[str, Any]) -> date | None:
        """The London day that a record with these values is about."""
        said = cls.declaration
        value = values.get(said.about) if said.about else None
        if value is None and said.about_else:
            value = values.get(said.about_else)
        return day_of(value)

    def called(self) -> str:
        """What people call this record, in a list or a link."""
        title = self.declaration.title
        return f"{title}, {say_day(self.about_on)}" if self.about_on else title


class PersonRecord(Record):
    """A record that belongs to a child."""

    __abstract__ = True

    person_id: Mapped[int] = link("Which child?", "person", owner=True, conf=Level.OPEN)


class ChildRecord(PersonRecord):
    """A record of a child that also belongs to the placement of the date that it is about."""

    __abstract__ = True

    @declared_attr
    def placement_id(cls) -> Mapped[int | None]:  # noqa: N805
        return mapped_column(ForeignKey("placement.id"), index=True, sort_order=90)


def day_of(value: date | datetime | None) -> date | None:
    """A date as it is; an instant as its London day."""
    return clock.london_date(value) if isinstance(value, datetime) else value


@cache
def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class Kinds:
    """Every kind by name, in an order in which links point only to earlier kinds."""

    def __init__(self) -> None:
        self._by_name: dict[str, type[Record]] = {}

    def register(self, *kinds: type[Record]) -> None:
        for kind in kinds:
            self._by_name[kind.kind_name()] = kind

    def __iter__(self) -> Iterator[type[Record]]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __getitem__(self, name: str) -> type[Record]:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def get(self, name: str) -> type[Record] | None:
        return self._by_name.get(name)


KINDS = Kinds()
