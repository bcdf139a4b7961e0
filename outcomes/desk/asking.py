"""Statements of the pages that are opened most: built once, asked with the child or the children and the day.

Building one takes longer than the database needs to answer it. What is asked with has a name here, so
that every such statement takes it by the same one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Date, Select, bindparam

from outcomes.care.people import Person
from outcomes.core.database import db

Question = Select[*tuple[Any, ...]]
"""A statement that is built once."""

DAY: Any = bindparam("day", type_=Date)
SINCE: Any = bindparam("since", type_=Date)
UNTIL: Any = bindparam("until", type_=Date)


def of_the_child(person_id: Any) -> ColumnElement[bool]:
    """The condition that a record is of the child that the statement is asked with."""
    found: ColumnElement[bool] = person_id == bindparam("child")
    return found


def ask_of(child: Person, statement: Any, **more: Any) -> Any:
    """The rows of a statement about one child."""
    return db.session.execute(statement, {"child": child.id, **more})


def of_these(person_id: Any) -> ColumnElement[bool]:
    """The condition that a record is of one of the children that the statement is asked with."""
    found: ColumnElement[bool] = person_id.in_(bindparam("children", expanding=True))
    return found


@dataclass(frozen=True, slots=True)
class Here:
    """Some children, by key, and the day that is asked about: on my day those who are placed on it."""

    children: list[int]
    day: date

    def ask(self, statement: Question | CompoundSelect[Any], **more: Any) -> Any:
        """The rows of a statement about these children on this day."""
        return db.session.execute(statement, {"children": self.children, "day": self.day, **more})
