"""Guards the guards: the generator leaves nothing of the language out, and wrong engines are caught."""

import ast
import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import literal, true
from sqlalchemy.engine import Engine

from outcomes.frameworks.binding import registry
from outcomes.measures.language import card_keys, card_reader, phrase_reader, phrases, workings
from outcomes.measures.language.working_reader import RULES, WORKING_VERBS
from outcomes.measures.planning.planner import plan
from outcomes.measures.planning.terms import CHILD_BUILT_INS, PERIOD_POINTS
from outcomes.measures.sql import built_ins, joined, related, statements, stays, units
from outcomes.measures.sql import compare as compare_sql
from outcomes.measures.sql import conditions as conditions_sql
from outcomes.measures.sql import periods as periods_sql
from outcomes.measures.sql import terms as terms_sql
from outcomes.measures.sql import workings as workings_sql
from outcomes.measures.sql.sqlite import Sqlite
from tests.measures.chance.cards import RandomCard
from tests.measures.chance.records import RandomWorld
from tests.measures.databases import undone
from tests.measures.test_agreement import by_hand, by_the_engine, run_for
from tests.measures.world import World
from tests.spec.cases import Case, all_cases, found_by_the_engine, planned

MANY = 800


def _parts(value: Any) -> Iterator[Any]:
    """Everything inside a card: its keys, words and frozen values."""
    yield value
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _parts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _parts(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _parts(getattr(value, name))


@pytest.fixture(scope="module")
def produced() -> tuple[set[str], set[type], str]:
    """What the generator makes over many cards: keys and words, kinds of frozen values, and the text."""
    keys: set[str] = set()
    kinds: set[type] = set()
    text: list[str] = []
    for seed in range(MANY):
        made = RandomCard(seed)
        entry = made.entry()
        keys |= {one for one in _parts(entry) if isinstance(one, str)}
        text.append(str(entry))
        read = RandomCard(seed).card()
        for value in (read, *read.work_out.values()):
            kinds |= {type(one) for one in _parts(value)}
    return keys, kinds, " ".join(text)


def test_every_key_is_generated(produced: tuple[set[str], set[type], str]) -> None:
    keys, _kinds, _text = produced
    missing = {*card_reader.REQUIRED, *card_reader.OPTIONAL, *WORKING_VERBS} - keys
    assert not missing, f"Teach tests/measures/chance/ to make: {', '.join(sorted(missing))}"


def test_every_phrase_and_working_is_generated(produced: tuple[set[str], set[type], str]) -> None:
    _keys, kinds, _text = produced
    every = {
        *get_args(phrases.Phrase),
        *get_args(workings.Working),
        *get_args(workings.Condition),
        *get_args(workings.Also),
    }
    missing = {one.__name__ for one in every - kinds}
    assert not missing, f"Teach tests/measures/chance/ to make: {', '.join(sorted(missing))}"


def test_every_word_of_a_closed_list_is_generated(produced: tuple[set[str], set[type], str]) -> None:
    _keys, _kinds, text = produced
    words = {
        *phrases.OPERATORS, *phrases.ORDERS, *phrase_reader._FIXED, *phrase_reader._OPEN,
        *card_reader.SHAPES, *card_reader.SPLITS, *card_keys.THEN, *RULES, *CHILD_BUILT_INS, *PERIOD_POINTS,
        "in the period before", "the period before", "hours",
        "unless", "distinct", "but_not", "or_else_baseline", "goals_but_not", "tolerance", "$",
        *(f"moved.{part}" for part in ("net", "up", "progress", "all_at_top_and_held", "late_baseline", "mean_change")),
        *(f"path.{part}" for part in ("points", "last", "highest")),
        *(f"skills.{part}" for part in ("expected", "below", "individual", "all_at", "cooking", "safety")),
        "one_by_one",
        "first of the stay", "cover up to 28 days", "cover up to $",
    }  # fmt: skip
    missing = {word for word in words if word not in text}
    assert not missing, f"Teach tests/measures/chance/ to make: {', '.join(sorted(missing))}"


def test_the_naive_engine_does_not_look_at_the_engine() -> None:
    """Two answers are independent only while neither knows the other."""
    rooms = sorted((Path(__file__).parent / "reference").glob("*.py"))
    assert rooms
    trees = [ast.parse(room.read_text(encoding="utf-8")) for room in rooms]
    imported = {
        node.module
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
    }
    allowed = {"language", "language.phrases", "language.workings", "language.card"}
    used = {
        one.removeprefix("outcomes.measures").lstrip(".")
        for one in imported
        if one.startswith("outcomes.measures")
    }
    assert used - {""} <= allowed


# -- wrong engines ------------------------------------------------------------------------------


def _nothing_withdrawn(patch: pytest.MonkeyPatch) -> None:
    for module in (stays, units, joined, related, built_ins, workings_sql):
        patch.setattr(module, "standing", lambda record, table: [])


def _short_gap(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stays, "STAY_GAP_DAYS", 27)


def _less_for_at_most(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(terms_sql._NUMERIC, "at most", terms_sql._NUMERIC["less than"])


def _any_contract(patch: pytest.MonkeyPatch) -> None:
    def anywhere(level: Any, record: Any) -> Any:
        record.at(("placement_id",))
        return true()

    for module in (related, workings_sql):
        patch.setattr(module, "under_contract", anywhere)


def _nobody_left_out(patch: pytest.MonkeyPatch) -> None:
    kept = statements._bucket

    def bucket(made: Any, context: Any) -> Any:
        return kept(_with(made, leave_out=()), context)

    patch.setattr(statements, "_bucket", bucket)


def _evidence_forgotten(patch: pytest.MonkeyPatch) -> None:
    kept = statements._bucket

    def bucket(made: Any, context: Any) -> Any:
        return kept(_with(made, no_evidence=None), context)

    patch.setattr(statements, "_bucket", bucket)


def _with(made: Any, **changed: Any) -> Any:
    values = {name: getattr(made, name) for name in made.__dataclass_fields__}
    return type(made)(**{**values, **changed})


def _last_day_left_off(patch: pytest.MonkeyPatch) -> None:
    kept = periods_sql._row

    def row(made: Any, period: Any, today: Any) -> Any:
        found = kept(made, period, today)
        return found | {"after": found["last"], "after_at": found["after_at"] - datetime.timedelta(days=1)}

    patch.setattr(periods_sql, "_row", row)


def _utc_days(patch: pytest.MonkeyPatch) -> None:
    def midnight(day: datetime.date) -> datetime.datetime:
        return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)

    patch.setattr(periods_sql, "start_of", midnight)


def _null_is_true_when_negated(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(conditions_sql, "known", lambda expression: expression)


def _months_overflow(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Sqlite, "months_before", lambda self, day, months: self.days_before(day, months * 30))


def _any_step_counts(patch: pytest.MonkeyPatch) -> None:
    kept = compare_sql.thousandths

    def thousandths(number: Any) -> Any:
        return literal(1) if getattr(number, "name", "") == "smallest_step" else kept(number)

    patch.setattr(compare_sql, "thousandths", thousandths)


def _wrong_way_round(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(compare_sql, "_at_top", lambda *given: true())


def _no_spell(patch: pytest.MonkeyPatch) -> None:
    """Readings from before a long absence are used after all."""
    kept = workings_sql._first

    def first(level: Any, working: Any, rows: Any, name: str, *, latest: bool) -> Any:
        follows = rows.record.follows
        object.__setattr__(rows.record, "follows", None)
        try:
            return kept(level, working, rows, name, latest=latest)
        finally:
            object.__setattr__(rows.record, "follows", follows)

    patch.setattr(workings_sql, "_first", first)


WRONG: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "withdrawn rows count": _nothing_withdrawn,
    "a gap of 28 days ends a stay": _short_gap,
    "at most is read as less than": _less_for_at_most,
    "records of other contracts count": _any_contract,
    "nobody is left out": _nobody_left_out,
    "no evidence is forgotten": _evidence_forgotten,
    "the last day is left off": _last_day_left_off,
    "days begin at midnight UTC": _utc_days,
    "what is not known is true when negated": _null_is_true_when_negated,
    "months are thirty days": _months_overflow,
    "any change is a step": _any_step_counts,
    "everybody is at the top": _wrong_way_round,
    "readings of an earlier provider are used": _no_spell,
}
ENOUGH_WORLDS = 40
CASES = all_cases()


@pytest.fixture
def database(spec_sqlite: Engine) -> Iterator[Engine]:
    """Without a compiled statement kept: a wrong engine's must not answer for the right one."""
    spec_sqlite.clear_compiled_cache()
    yield spec_sqlite
    spec_sqlite.clear_compiled_cache()


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_engine_is_caught(wrong: str, database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    WRONG[wrong](monkeypatch)
    noticed = any(_misjudges(case, database) for case in CASES) or any(
        _differs(seed, database) for seed in range(ENOUGH_WORLDS)
    )
    assert noticed, f"Nobody noticed that {wrong}"


def test_the_right_engine_is_not_caught(database: Engine) -> None:
    """The nets catch nothing where nothing is wrong."""
    assert not any(_misjudges(case, database) for case in CASES[:8])
    assert not any(_differs(seed, database) for seed in range(2))


def _misjudges(case: Case, database: Engine) -> bool:
    """The engine disagrees with a spec table."""
    world = World(case.records)
    with undone(database) as connection:
        world.save(connection)
        return found_by_the_engine(connection, planned(case), case, world) != dict(case.expected)


def _differs(seed: int, database: Engine) -> bool:
    world = RandomWorld(seed).world
    with undone(database) as connection:
        world.save(connection)
        for number in range(6):
            card = RandomCard(seed * 100 + number).card()
            made, run = plan(card, registry()), run_for(card, world)
            if by_the_engine(connection, made, world, run) != by_hand(card, world, run):
                return True
    return False
