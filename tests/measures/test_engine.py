"""What holds of every run: contracts are required, one statement serves all periods, the buckets add up."""

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from outcomes.core.periods import parse_period
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import cards, planned
from outcomes.measures.buckets import Bucket
from outcomes.measures.engine import Run, facts, groups, narrowed
from outcomes.measures.figures.facts import BucketsDisagree, Group, Tally, tally
from outcomes.measures.sql.databases import planned_well
from tests.measures.chance.records import RandomWorld
from tests.measures.databases import undone

LAST = parse_period("2025-26-Q2")
PERIODS = [LAST.earlier(n) for n in reversed(range(12))]
TODAY = date(2026, 6, 1)


def test_a_run_needs_contracts_and_periods() -> None:
    with pytest.raises(ValueError, match="name at least one"):
        Run([], PERIODS, TODAY)
    with pytest.raises(ValueError, match="name at least one"):
        Run([1], [], TODAY)


@pytest.mark.parametrize("measure", sorted(cards()))
def test_one_statement_serves_twelve_periods(measure: str, engine: Engine) -> None:
    """Never a query per period or per child; the tools' expected levels are one small query more."""
    world = RandomWorld(1).world
    said: list[str] = []
    with undone(engine) as connection:
        world.save(connection)
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        groups(connection, registry(), planned(measure), Run([world.id_of("contract", "C")], PERIODS, TODAY))
    asked = [statement for statement in said if "set_config" not in statement]
    assert len(asked) == 1 + any("instrument" in statement and "WITH" not in statement for statement in asked)


def test_values_are_bound_and_never_written_into_the_statement(engine: Engine) -> None:
    said: list[str] = []
    with undone(engine) as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        groups(connection, registry(), planned("newham_ifa.6_progress_quarter"), Run([7], PERIODS, TODAY))
    statement = max(said, key=len)
    assert "2025" not in statement
    assert "outcomes_star" not in statement


def test_the_planners_settings_are_settled_once_around_several_runs(spec_postgres: Engine) -> None:
    said: list[str] = []
    with undone(spec_postgres) as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        with pytest.raises(ValueError), planned_well(connection):
            for _ in range(2):
                groups(connection, registry(), planned("hackney_homes.3.2-K3"), Run([1], [LAST], TODAY))
                assert connection.exec_driver_sql("SHOW enable_nestloop").scalar() == "off"
            raise ValueError("a fault of ours, which leaves the transaction standing")
        assert len([statement for statement in said if "set_config" in statement]) == 2
        assert connection.exec_driver_sql("SHOW enable_nestloop").scalar() == "on"


def test_the_planners_settings_hold_for_our_statement_only(spec_postgres: Engine) -> None:
    with undone(spec_postgres) as connection:
        groups(connection, registry(), planned("hackney_homes.3.2-K3"), Run([1], [LAST], TODAY))
        assert connection.exec_driver_sql("SHOW enable_nestloop").scalar() == "on"
        assert (
            connection.exec_driver_sql("SHOW jit").scalar()
            == connection.exec_driver_sql("SELECT reset_val FROM pg_settings WHERE name = 'jit'").scalar()
        )


def test_a_run_narrowed_to_nobody_finds_nobody(engine: Engine) -> None:
    world = RandomWorld(2).world
    run = Run([world.id_of("contract", name) for name in ("C", "D")], PERIODS, TODAY)
    with undone(engine) as connection:
        world.save(connection)
        assert facts(connection, registry(), planned("hackney_homes.3.2-K3"), run)
        assert not facts(connection, registry(), planned("hackney_homes.3.2-K3"), narrowed(run, []))


def test_buckets_that_do_not_add_up_are_never_shown() -> None:
    assert Tally(met=1, not_met=1, no_evidence=1, left_out={0: 2}, in_scope=5).check().out_of == 3
    with pytest.raises(BucketsDisagree, match="met 1"):
        Tally(met=1, not_met=1, no_evidence=1, left_out={0: 2}, in_scope=4).check()


def test_left_out_units_are_not_in_what_is_also_shown() -> None:
    def group(bucket: Bucket) -> Group:
        return Group(0, 1, 1, bucket, -1, 1, {"also_x": Fraction(2)})

    made = tally([group(bucket) for bucket in Bucket])
    assert (made.in_scope, made.out_of, made.sums) == (4, 3, {"also_x": Fraction(6)})
