"""What holds for every kind, without a line written for it. A new kind is here by being registered."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import cast, literal, select

from outcomes.core.actor import Level
from outcomes.core.database import Base, db
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.fields import (
    Choice,
    Day,
    Instant,
    Link,
    Links,
    Many,
    Number,
    Pairs,
    Text,
    Whole,
    YesNo,
)
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.declaring.rules import Rule
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check, schema_of
from outcomes.kit.writing.versions import RecordVersion, content_of
from outcomes.records.readings import Instrument
from tests.builders import TESTS, World

EVERY = list(KINDS)


def ids(kind: Any) -> str:
    return kind.kind_name() if isinstance(kind, type) else str(kind)


every_kind = pytest.mark.parametrize("kind", EVERY, ids=ids)


def test_every_record_class_is_registered() -> None:
    mapped = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)}
    assert mapped == set(EVERY), "Register a new kind in care/__init__.py or records/__init__.py."


@every_kind
def test_its_declaration_names_its_own_fields(kind: type[Record]) -> None:
    said, fields = kind.declaration, kind.asked_fields()
    named = {said.about, said.about_else, said.owner, said.owner_through, *said.natural_key}
    named |= {said.due.on, said.due.done, *said.due.settled} if said.due else set()
    named |= {getattr(rule, name) for rule in said.rules for name in _field_names(rule)}
    assert {name for name in named if name} <= set(fields)


def _field_names(rule: Rule) -> Iterator[str]:
    return (name for name in rule.__dataclass_fields__ if name not in ("codes", "says"))


@every_kind
def test_every_field_has_a_question_and_a_level(kind: type[Record]) -> None:
    for field in kind.asked_fields().values():
        assert field.question.endswith("?"), f"{kind.kind_name()}.{field.name} asks no question"
        assert isinstance(field.level, Level)


@every_kind
def test_links_point_to_kinds_that_come_earlier(kind: type[Record]) -> None:
    order = [one.kind_name() for one in KINDS]
    for field in kind.asked_fields().values():
        if isinstance(field, Link | Links):
            assert order.index(field.to) < order.index(kind.kind_name())


@every_kind
def test_its_schema_refuses_what_it_does_not_know(kind: type[Record]) -> None:
    faults = schema_of(kind).validate({"zz_no_such_field": 1})
    assert "Expected" in str(faults["zz_no_such_field"])


def test_every_number_is_kept_at_both_of_its_bounds(in_any_app: World) -> None:
    """PostgreSQL refuses what its column cannot hold, long after the schema has let it in."""
    columns = [
        (model.__table__.c[name].type, field)
        for kind in EVERY
        for model in (kind, kind.declaration.part)
        if model is not None
        for name, field in model.asked_fields().items()
        if isinstance(field, Number | Whole)
    ]
    for column, field in columns:
        for bound in (field.least, field.most):
            assert db.session.scalar(select(cast(literal(bound, column), column))) == bound, field
    assert len(columns) > 20


SAMPLES: dict[str, dict[str, Any]] = {
    "contract": {"framework": "hackney_homes"},
    "measure_target": {"measure_id": "hackney_homes.3.2-K2", "effective_to": None},
    "contract_setting": {"setting": "some_setting", "effective_to": None},
    "placement": {"carer_household_id": None, "contract_id": None},
    "keyworker_session": {"status": "held", "missed_reason": None},
    "goal": {"status": "achieved", "plan_id": None},
    "goal_review": {"session_id": None},
    "health_check": {"missed_reason": None},
    "immunisation_status": {"declined": None},
    "education_spell": {"reason_not_engaged": None},
    "attendance": {
        "week_starting": "2025-05-19",
        "sessions_possible": 10,
        "sessions_attended": 8,
        "authorised_absences": 1,
        "unauthorised_absences": 1,
    },
    "home_capacity": {"registered_beds": 4, "unavailable_beds": 1},
    "expected_level": {"instrument_code": "sampled", "area": "cooking", "level": 2},
    "plan_review": {"plan_id": None},
    "missing_episode": {"return_interview_declined": False},
    "instrument": {
        "areas": ["cooking"],
        "area_tags": {"cooking": "independence"},
        "expected_level_by_age": {"11-12:cooking": "1"},
        "informants": ["child"],
        "scale_min": 0,
        "scale_max": 4,
        "scales": {"cooking": "1 2r 3"},
        "sums": None,
        "sum_points": None,
        "nought_by": None,
        "total_of": ["cooking"],
        "bands": {"three:child:cooking": "0-1 2 3-4"},
    },
    "reading": {"instrument_code": "sampled", "version": "1", "informant": "child"},
}
"""What a kind's own rules ask of a sample; everything else follows from its fields."""


def sample(kind: type[Record], world: World) -> dict[str, Any]:
    """A full set of values that the kind accepts."""
    made = {name: _value(field, world) for name, field in kind.asked_fields().items()}
    if kind.kind_name() in ("reading", "expected_level"):
        _have_instrument(world)
    if kind.kind_name() == "reading":
        made["scores"] = [{"area": "cooking", "score": 3}, {"area": "cleaning", "not_age_appropriate": True}]
    return made | SAMPLES.get(kind.kind_name(), {})


def _have_instrument(world: World) -> None:
    if not db.session.scalar(select(Instrument.id).where(Instrument.instrument_code == "sampled")):
        world.instrument("sampled")


def _value(field: Any, world: World) -> Any:
    samples = {
        Text: lambda: "Words, “quoted”, =1+1 and é"[: field.most],
        Choice: lambda: next(iter(field.code_list.labels)),
        Many: lambda: list(field.code_list.labels)[:2],
        Day: lambda: date(2025, 5, 20),
        Instant: lambda: "2025-05-20T22:15",
        Whole: lambda: 3,
        Number: lambda: 2,
        YesNo: lambda: True,
        Pairs: lambda: {"0": "Not yet"},
        Link: lambda: _target(field.to, world),
        Links: lambda: [_target(field.to, world)],
    }
    return samples[type(field)]()


def _target(kind: str, world: World) -> Any:
    made = {
        "organisation": lambda: world.provider,
        "person": lambda: the_child(world),
        "home": lambda: _first("home") or world.home(),
        "carer_household": lambda: _first("carer_household") or world.household(),
        "staff": lambda: _first("staff") or world.staff(),
        "contract": lambda: _first("contract") or world.contract(),
    }
    if kind in made:
        return made[kind]()
    return _first(kind) or world.record(KINDS[kind], **sample(KINDS[kind], world))


def _first(kind: str) -> Record | None:
    return db.session.scalars(select(KINDS[kind]).order_by(KINDS[kind].id)).first()


def the_child(world: World) -> Any:
    return _first("person") or world.child("Jay", born="2011-03-15")


@every_kind
def test_it_is_written_read_corrected_and_withdrawn_and_every_state_is_kept(
    kind: type[Record], in_any_app: World
) -> None:
    world = in_any_app
    values = sample(kind, world)
    made = world.record(kind, **values)
    kept = versions(made)
    assert [version.act for version in kept] == ["recorded"]

    changed = values | another(kind, values)
    with transaction():
        writer.correct(
            made, check(kind, changed, with_owner=True), revision=made.revision, reason="misread", by=TESTS
        )
    with transaction():
        writer.withdraw(made, revision=made.revision, reason="wrong child", by=TESTS)
    kept = versions(made)
    acts = [version.act for version in kept if version.act != "placed"]
    assert acts == ["recorded", "corrected", "withdrawn"]
    assert [version.revision for version in kept] == list(range(1, made.revision + 1))
    assert {version.author_name for version in kept} == {"the system"}
    assert not made.stands


def another(kind: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    """One value changed without breaking a rule: an optional one blanked, else other words or another code."""
    optional = [
        name
        for name, field in kind.asked_fields().items()
        if not field.required
        and values.get(name) is not None
        and isinstance(field, Text | Choice | Many | YesNo | Whole | Pairs | Links)
    ]
    safe = [name for name in optional if name not in ("missed_reason", "ending_planned", "comparator")]
    if safe:
        return {safe[-1]: None}
    fields = kind.asked_fields().items()
    return next(
        {name: "Other words" if isinstance(field, Text) else list(field.code_list.labels)[1]}
        for name, field in fields
        if isinstance(field, Text | Choice) and name != "instrument_code"
    )


def versions(record: Record) -> list[RecordVersion]:
    return list(
        db.session.scalars(
            select(RecordVersion)
            .where(RecordVersion.kind == record.kind_name(), RecordVersion.record_id == record.id)
            .order_by(RecordVersion.revision)
        )
    )


@every_kind
def test_the_row_that_stands_can_be_rebuilt_from_its_last_version(kind: type[Record], in_app: World) -> None:
    made = in_app.record(kind, **sample(kind, in_app))
    last = versions(made)[-1]
    db.session.expire_all()
    assert last.content == content_of(made.asked_values(), writer.parts_of(db.session(), made), kind)
    assert last.placement_id == (
        made.id if kind.kind_name() == "placement" else getattr(made, "placement_id", None)
    )
