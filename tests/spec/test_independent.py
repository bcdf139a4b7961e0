"""Figures over several contracts and quarters, worked out by hand from R10, R13, R20, R30 and D25."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from outcomes.core.periods import Period, parse_period
from outcomes.frameworks.figures import Asked, figures
from outcomes.frameworks.sources import Live
from outcomes.measures.figures.figure import Figure
from tests.measures.databases import undone
from tests.measures.world import World

INTERVIEWS, PROGRESS = "hackney_homes.3.2-K5", "newham_ifa.6_progress_quarter"
Q2 = parse_period("2025-26-Q2")
TODAY = date(2026, 6, 1)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with undone(engine) as made:
        yield made


def asked(world: World, measure: str, *contracts: str, period: Period = Q2, **more: object) -> Asked:
    ids = [world.id_of("contract", name) for name in contracts]
    return Asked([measure], ids, period, today=TODAY, **more)  # type: ignore[arg-type]


@pytest.fixture
def interviews() -> World:
    """Interviews: in time a year before; none due in the winter; of two, one; of two, none; of two, both."""
    return World({
        "placement": "child | place  | started_on\nA     | home 1 | 2023-01-10\nB     | home 1 | 2023-01-10\n",
        "missing_episode": """
            child | started_at       | return_interview_due_at | return_interview_held_at
            A     | 2024-08-01 20:00 | 2024-08-05 20:00        | 2024-08-04 20:00
            A     | 2025-02-01 20:00 | 2025-02-05 20:00        | 2025-02-04 20:00
            B     | 2025-02-01 20:00 | 2025-02-05 20:00        |
            A     | 2025-05-01 20:00 | 2025-05-05 20:00        |
            B     | 2025-05-01 20:00 | 2025-05-05 20:00        |
            A     | 2025-08-01 20:00 | 2025-08-05 20:00        | 2025-08-04 20:00
            B     | 2025-08-01 20:00 | 2025-08-05 20:00        | 2025-08-04 20:00
        """,
    })  # fmt: skip


def test_a_quarter_without_data_breaks_the_trend(connection: Connection, interviews: World) -> None:
    interviews.save(connection)
    found = figures(Live(connection), asked(interviews, INTERVIEWS, "C", periods=5))
    said = [(one.period.code, one.fraction, one.shown, one.trend) for one in found]
    assert said == [
        ("2024-25-Q2", "1 of 1", "100.0", "new_measure"),
        ("2024-25-Q3", "0 of 0", None, "new_measure"),
        ("2024-25-Q4", "1 of 2", "50.0", "new_measure"),
        ("2025-26-Q1", "0 of 2", "0.0", "new_measure"),
        # 50, 0, 100: a reversal with a last step of 100 points.
        ("2025-26-Q2", "2 of 2", "100.0", "volatile"),
    ]


def test_quarters_asked_for_together_are_the_same_as_alone(connection: Connection, interviews: World) -> None:
    interviews.save(connection)
    together = figures(Live(connection), asked(interviews, INTERVIEWS, "C", periods=5))
    alone = [
        figure
        for n in reversed(range(5))
        for figure in figures(Live(connection), asked(interviews, INTERVIEWS, "C", period=Q2.earlier(n)))
    ]
    assert [one.document() for one in together] == [one.document() for one in alone]


def test_more_quarters_take_no_more_statements(connection: Connection, interviews: World) -> None:
    interviews.save(connection)

    def statements(periods: int) -> int:
        counted: list[str] = []

        def note(*args: object) -> None:
            counted.append(str(args[2]))

        event.listen(connection, "before_cursor_execute", note)
        figures(Live(connection), asked(interviews, INTERVIEWS, "C", periods=periods, split=True))
        event.remove(connection, "before_cursor_execute", note)
        return len(counted)

    assert statements(8) == statements(1) > 0


def test_each_contract_is_judged_by_its_own_settings_and_target(connection: Connection) -> None:
    """A is here 27 nights of the quarter under C (28 asked for), B 27 under D (21 asked for)."""
    world = World({
        "contract": "called | provider\nC      | P\nD      | P\n",
        "placement": """
            child | place    | contract | started_on | ended_on
            A     | carers 1 | C        | 2025-01-10 | 2025-07-28
            B     | carers 2 | D        | 2025-01-10 | 2025-07-28
            E     | carers 3 | D        | 2025-01-10 | 2025-07-21
        """,
        "reading": """
            child | taken_on   | scores
            B     | 2025-06-01 | cooking 3
            B     | 2025-07-20 | cooking 4
        """,
    })  # fmt: skip
    for name in ("C", "D"):
        world.add("contract_setting", contract=name, setting="tool", value="skills")
    world.add("contract_setting", contract="D", setting="present_days", value="21")
    world.add("measure_target", contract="D", measure_id=PROGRESS, comparator="more_than", value=100)
    world.save(connection)
    one, other = figures(Live(connection), asked(world, PROGRESS, "C", "D"))
    assert said(one) == ("0 of 0", "no_data", ["here fewer than 28 days of the quarter"])
    assert said(other) == ("1 of 1", "not_met", ["here fewer than 21 days of the quarter"])


def said(figure: Figure) -> tuple[str, str, list[str]]:
    return figure.fraction, figure.position, [one.because for one in figure.left_out]
