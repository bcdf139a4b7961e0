"""Cards that cannot be read or planned: each fault names file, card, key, what was expected, what came."""

import pytest
import yaml

from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import cards, check_file, folder, packs
from outcomes.measures.language.card import CardFaults
from outcomes.measures.language.card_reader import read_text
from outcomes.measures.language.sentence import sentences
from outcomes.measures.planning.planner import plan

GOOD = {
    "measure": "test.card",
    "title": "A title",
    "says": "The clause",
    "shape": "share",
    "period": "quarter",
    "each": "child",
    "from": "placement",
    "where": [{"open": "during the period"}, {"episodes": "at least 1"}],
    "work_out": {"episodes": {"count": "missing_episode", "where": [{"started_at": "in the period"}]}},
    "met_when": {"all": [{"episodes": "at most 1"}]},
    "target": "at least 70%",
}
COUNTED = {"count": "missing_episode", "where": [{"started_at": "in the period"}]}

CHANGES = {"changes_of": "keyworker_assignment", "field": "staff_id", "in": "the period"}
READ = {"latest": "reading", "by": "taken_on"}

RATE = {"divide": "episodes", "by": "age"}


def faults_of(changed: dict, without: str = "") -> list[str]:
    entry = {key: value for key, value in {**GOOD, **changed}.items() if key != without}
    with pytest.raises(CardFaults) as refused:
        plan(read_text(yaml.safe_dump(entry, sort_keys=False), "pack/cards/a.yaml")[0], registry())
    return [str(fault) for fault in refused.value.faults]


def test_the_good_card_has_no_fault() -> None:
    assert plan(read_text(yaml.safe_dump(GOOD), "a.yaml")[0], registry()).card.title == "A title"


@pytest.mark.parametrize(
    ("changed", "key", "expected"),
    [
        ({"colour": "red"}, "colour", "one of the keys"),
        ({"over": 1}, "over", "not computed yet"),
        ({"over_a_year": True}, "over_a_year", "fall in one period each"),
        ({"over_a_year": "often"}, "over_a_year", "yes, or no such key"),
        ({"shape": "pie"}, "shape", "share, count"),
        ({"period": "fortnight"}, "period", "quarter"),
        ({"title": ""}, "title", "words"),
        ({"version": 0}, "version", "a whole number from 1"),
        ({"version": True}, "version", "a whole number from 1"),
        ({"target": "70"}, "target", "at least 70%"),
        ({"target": "at most 70%"}, "target", "because bigger is better"),
        ({"tolerance": "at least 80%"}, "target", "a tolerance that is easier to reach"),
        ({"if_nobody": "100%"}, "if_nobody", "no data"),
        ({"per": {"session": {}}}, "per", "goal: names with what they are"),
        ({"per": {"goal": {"now": {"count": "goal_review"}}}}, "per.goal.now", "the latest of its records"),
        ({"split_by": ["age band"]}, "split_by", "place, each place"),
        ({"split_by": ["place", "each place"]}, "split_by", "not both"),
        ({"where": {"open": "during the period"}}, "where", "a list of conditions"),
        ({"where": [{"open": "always"}]}, "where: open", "during the period"),
        ({"where": [{"a": "b", "c": "d"}]}, "where", "one {field: phrase}"),
        ({"where": [{"days_in_period": 28}]}, "where: days_in_period", "closed list"),
        ({"where": [{"Placement": "blank"}]}, "where: Placement", "small letters"),
        ({"where": [{"$tool": "blank"}]}, "where: $tool", "a field or a worked-out name on the left"),
        ({"where": [{True: "in the period"}]}, "where", "YAML reads a bare on:"),
        ({True: "x"}, "true", "YAML reads a bare on:"),
        ({"leave_out": [{"when": {"age": "at least 3"}}]}, "leave_out.1", "because"),
        ({"met_when": [{"episodes": "at least 1"}]}, "met_when", "all: or any:"),
        ({"no_evidence": {"when": {"age": "blank"}, "then": "met"}}, "no_evidence.then", "provider's favour"),
        ({"work_out": {"episodes": {"add": "hours"}}}, "work_out.episodes", "count, latest"),
        ({"work_out": {"episodes": {"sum": "hours"}}}, "work_out.episodes", "of, sum, where"),
        ({"work_out": {"episodes": {**CHANGES, "in": "the year"}}}, "work_out.episodes", "in: the period"),
        (
            {"work_out": {"episodes": {**CHANGES, "leave": ["holidays"]}}},
            "work_out.episodes",
            "first of the stay",
        ),
        (
            {"work_out": {"episodes": {**CHANGES, "leave": ["cover up to 2 months"]}}},
            "work_out.episodes",
            "in days",
        ),
        ({"work_out": {"episodes": {**COUNTED, "by": "x"}}}, "work_out.episodes", "count with"),
        ({"settings": {"a": {"value": 1}}}, "settings.a", "because"),
        ({"settings": {"a": {"value": "one two", "because": "x"}}}, "settings.a", "one word"),
        ({"where": [{"age": "18 to 11"}]}, "where: age", "the smaller number first"),
    ],
)
def test_a_card_that_cannot_be_read(changed: dict, key: str, expected: str) -> None:
    found = faults_of(changed)
    assert any(f": {key}: expected " in fault and expected in fault for fault in found), found
    assert all(fault.startswith("pack/cards/a.yaml: test.card: ") for fault in found)


@pytest.mark.parametrize(
    ("changed", "key", "expected"),
    [
        ({"each": "unicorn"}, "each", "one of the records"),
        ({"from": "care_episode"}, "from", "placement"),
        ({"each": "plan"}, "each", "belongs to a placement"),
        ({"where": [{"haircut": "blank"}]}, "where: haircut", "a field of placement"),
        ({"where": [{"age": "in the period"}]}, "where: age", "a date or a date and time beside"),
        ({"where": [{"started_on": "at least 3"}]}, "where: started_on", "a number beside"),
        ({"where": [{"temporary": "blue"}]}, "where: temporary", "a word or a code beside"),
        ({"where": [{"placement_type": True}]}, "where: placement_type", "yes or no beside"),
        ({"where": [{"placement_type": "caravan"}]}, "where: placement_type", "childrens_home"),
        ({"where": [{"started_on": "before age"}]}, "where: started_on", "to compare with"),
        ({"where": [{"started_on": "before lunch"}]}, "where: started_on", "a field of placement"),
        ({"where": [{"age": "at least $old"}]}, "where: age", "a setting of the card or its pack"),
        ({"where": [{"episodes.up": "at least 1"}]}, "where: episodes.up", "one of: episodes"),
        ({"work_out": {"age": COUNTED}}, "work_out.age", "not a field's or a built-in value's"),
        ({"work_out": {"episodes": {"count": "unicorn"}}}, "work_out.episodes", "one of the records"),
        ({"work_out": {"episodes": {"sum": "source", "of": "immunisation_status"}}}, "work_out.episodes", "a number to add up"),
        ({"work_out": {"episodes": {**CHANGES, "changes_of": "missing_episode", "field": "kind"}}},
         "work_out.episodes", "a record that lasts"),
        ({"work_out": {"episodes": {**CHANGES, "changes_of": "goal", "field": "status", "leave": ["cover up to 28 days"]}}},
         "work_out.episodes", "a field of goal"),
        ({"work_out": {"episodes": COUNTED, "skills": {"against_expected": "episodes", "areas": "all"}}},
         "work_out.skills", "a reading worked out by latest"),
        ({"work_out": {"episodes": COUNTED, "now": READ, "skills": {"against_expected": "now", "areas": "all"}}},
         "work_out.skills", "one instrument_code"),
        ({"also_show": [{"x": {"total": "hours"}}],
          "work_out": {"episodes": COUNTED, "hours": {"sum": "hours_per_week", "of": "education_spell"}}},
         "also_show", "a count to add up"),
        ({"work_out": {"episodes": {"count": "home"}}}, "work_out.episodes", "belongs to a child"),
        ({"work_out": {"episodes": {**COUNTED, "distinct": "mood"}}}, "work_out.episodes", "a field of missing_episode"),
        (
            {"work_out": {"episodes": COUNTED, "a": {"divide": "b", "by": "episodes"}, "b": {"divide": "a", "by": "episodes"}}},
            "work_out",
            "do not wait for each other",
        ),
        ({"per": {"goal": {"now": {"latest": "reading", "by": "taken_on"}}}}, "per.goal.now", "belongs to a goal"),
        ({"per": {"goal": {"now": {"latest": "goal_review", "by": "level"}}}}, "per.goal.now", "a date to be the latest"),
        ({"per": {"goal": {"age": {"latest": "goal_review", "by": "due_on"}}}}, "work_out.age", "not a field's or a built-in"),
        ({"also_show": [{"x": {"mean": "started_on"}}]}, "also_show", "a number"),
        ({"also_show": [{"x": {"total": "rate"}}], "work_out": {"episodes": COUNTED, "rate": RATE}},
         "also_show", "a count to add up"),
    ],
)  # fmt: skip
def test_a_card_that_cannot_be_planned(changed: dict, key: str, expected: str) -> None:
    found = faults_of(changed)
    assert any(f": {key}: expected " in fault and expected in fault for fault in found), found


@pytest.mark.parametrize("key", ["measure", "title", "says", "shape", "period", "each", "where", "target"])
def test_a_missing_key(key: str) -> None:
    assert any(
        f"{key}: expected this key; this was: nothing" in fault for fault in faults_of({}, without=key)
    )


def test_every_fault_is_reported_at_once() -> None:
    assert len(faults_of({"where": [{"haircut": "blank"}, {"age": "blue"}], "also_show": ["nothing"]})) == 3


@pytest.mark.parametrize("text", ["measure: a\nmeasure: b\n", "{", "- just words", "? [a]\n: b\n", "\x00"])
def test_what_is_no_card_at_all(text: str) -> None:
    with pytest.raises(CardFaults):
        read_text(text, "a.yaml")


def test_a_key_given_twice_is_named() -> None:
    with pytest.raises(CardFaults, match="'open' is given twice"):
        read_text(
            "measure: a.b\nwhere:\n  - open: during the period\n    open: on the period end\n", "a.yaml"
        )


def test_every_card_of_the_packs_can_be_read_alone() -> None:
    for pack in packs().values():
        for file in (folder() / pack.framework / "cards").glob("*.yaml"):
            (card,) = check_file(file, pack.settings, pack.framework)
            assert file.stem == card.measure.partition(".")[2], f"{file}: name the file after the card"


@pytest.mark.parametrize("measure", sorted(cards()))
def test_every_card_reads_aloud(measure: str) -> None:
    said = " ".join(sentences(cards()[measure]))
    assert "Target:" in said
    assert "$" not in said
    # Only the code of an instrument keeps its underscore.
    assert "_" not in said.replace("outcomes_star", "")


def test_a_skill_by_itself_reads_as_people_say_it() -> None:
    said = " ".join(sentences(cards()["newham_ifa.6_skills_for_age"]))
    assert (
        "of those where a level is expected of the child in problem solving, how many there are where "
        "the child is at the expected level in problem solving" in said
    )


def test_a_reason_names_only_settings_that_there_are() -> None:
    reason = {"when": {"age": "at most 3"}, "because": "younger than $youngest"}
    assert any(
        "leave_out.1.because" in fault and "setting" in fault for fault in faults_of({"leave_out": [reason]})
    )
