"""The application's models: one class for each table, with the relationships that its loops walk."""

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import DeclarativeBase, Mapped, relationship

from outcomes.core.database import db

TABLES = db.metadata.tables


class Base(DeclarativeBase):
    """Every model has its table's columns, and may have been withdrawn."""

    __abstract__ = True


def many(name: str, of: str, by: str) -> Any:
    """The records of another table that point here."""
    return relationship(
        name, primaryjoin=f"foreign({name}.{by}) == {of}.id", viewonly=True, lazy="select", uselist=True
    )


def one(name: str, of: str, by: str) -> Any:
    """The record of another table that this points to."""
    return relationship(
        name, primaryjoin=f"foreign({of}.{by}) == {name}.id", viewonly=True, lazy="select", uselist=False
    )


def of_child(name: str) -> Any:
    return many(name, "Person", "person_id")


class Person(Base):
    __table__ = TABLES["person"]
    placements = of_child("Placement")
    care_episodes = of_child("CareEpisode")
    readings = of_child("Reading")
    expected_levels = of_child("ExpectedLevel")
    goals = of_child("Goal")
    plan_reviews = of_child("PlanReview")
    education_spells = of_child("EducationSpell")
    attendances = of_child("Attendance")
    registrations = of_child("HealthRegistration")
    health_checks = of_child("HealthCheck")
    immunisations = of_child("Immunisation")
    assignments = of_child("Assignment")
    sessions = of_child("KeySession")
    activities = of_child("Activity")
    episodes = of_child("MissingEpisode")


class Placement(Base):
    __table__ = TABLES["placement"]

    if TYPE_CHECKING:
        # Every class has its table's columns; of these, the types are looked at.
        id: Mapped[int]
        contract_id: Mapped[int | None]
        home_id: Mapped[int | None]
        carer_household_id: Mapped[int]
        placement_type: Mapped[str]
        started_on: Mapped[date]
        ended_on: Mapped[date | None]

    @property
    def place(self) -> int:
        """The home, or the household with a minus sign."""
        return self.home_id or -self.carer_household_id

    @property
    def until(self) -> date:
        return self.ended_on or date.max


class CareEpisode(Base):
    __table__ = TABLES["care_episode"]


class Reading(Base):
    __table__ = TABLES["reading"]
    placement = one("Placement", "Reading", "placement_id")
    scores = many("Score", "Reading", "reading_id")


class Score(Base):
    __table__ = TABLES["reading_score"]


class Instrument(Base):
    __table__ = TABLES["instrument"]

    if TYPE_CHECKING:
        id: Mapped[int]


class ExpectedLevel(Base):
    __table__ = TABLES["expected_level"]


class Plan(Base):
    __table__ = TABLES["plan"]


class PlanReview(Base):
    __table__ = TABLES["plan_review"]
    placement = one("Placement", "PlanReview", "placement_id")
    plan = one("Plan", "PlanReview", "plan_id")


class Goal(Base):
    __table__ = TABLES["goal"]
    plan = one("Plan", "Goal", "plan_id")
    reviews = many("GoalReview", "Goal", "goal_id")


class GoalReview(Base):
    __table__ = TABLES["goal_review"]
    placement = one("Placement", "GoalReview", "placement_id")


class EducationSpell(Base):
    __table__ = TABLES["education_spell"]


class Attendance(Base):
    __table__ = TABLES["attendance"]
    placement = one("Placement", "Attendance", "placement_id")


class HealthRegistration(Base):
    __table__ = TABLES["health_registration"]


class HealthCheck(Base):
    __table__ = TABLES["health_check"]


class Immunisation(Base):
    __table__ = TABLES["immunisation_status"]


class Assignment(Base):
    __table__ = TABLES["keyworker_assignment"]


class KeySession(Base):
    __table__ = TABLES["keyworker_session"]
    placement = one("Placement", "KeySession", "placement_id")
    reviews = many("GoalReview", "KeySession", "session_id")


class Activity(Base):
    __table__ = TABLES["activity"]
    placement = one("Placement", "Activity", "placement_id")


class MissingEpisode(Base):
    __table__ = TABLES["missing_episode"]
    placement = one("Placement", "MissingEpisode", "placement_id")


def standing(records: Any) -> list[Any]:
    """Those that were not withdrawn."""
    return [record for record in records if record.withdrawn_at is None]
