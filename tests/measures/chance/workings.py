"""What a card works out by chance: counts, sums, readings, steps and what else the language has."""

from typing import Any

from tests.measures.chance.phrases import OPEN, Phrases


class Workings:
    """Makes some workings, under the names by which conditions speak of them."""

    def __init__(self, say: Phrases) -> None:
        self.say = say
        self.made: dict[str, Any] = {}

    def draw(self) -> dict[str, Any]:
        if self.say.likely(0.85):
            self.made["some"] = self._count()
        if self.say.likely(0.4):
            self.made["others"] = self._count()
        if self.say.likely(0.3):
            self.made["added_up"] = self._sum()
        if self.say.each != "child":
            return self.made
        for make in (
            self._days,
            self._quotient,
            self._earliest,
            self._latest,
            self._readings,
            self._against,
            self._steps,
            self._changes,
        ):
            if self.say.likely(0.4):
                make()
        return self.made

    def _count(self) -> dict[str, Any]:
        record = self.say.pick(
            "missing_episode",
            "goal",
            "goal_review",
            "keyworker_session",
            "placement",
            "care_episode",
            "reading",
            "health_registration",
            "education_spell",
            "plan_review",
        )
        where: dict[str, list[dict[str, Any]]] = {
            "missing_episode": [
                {"kind": "missing"},
                {"started_at": self.say.record_date()},
                {"procedure_followed": True},
            ],
            "goal": [
                {"area": "independence"},
                {"open": self.say.pick(*OPEN)},
            ],
            "goal_review": [
                {"area": "independence"},
                {"due_on": self.say.record_date()},
                {"goal.status": "open"},
                {"reviewed_on": f"{self.say.order()} due_on"},
                {"judgement": self.say.pick("blank", ["achieved", "improved"])},
            ],
            "keyworker_session": [{"status": "held"}, {"held_on": self.say.record_date()}],
            "placement": [{"open": "during the period"}, {"temporary": False}],
            "care_episode": [{"started_on": self.say.record_date()}],
            "reading": [{"taken_on": self.say.record_date()}, {"informant": "child"}],
            "health_registration": [{"kind": "gp"}, {"open": self.say.pick(*OPEN)}],
            "education_spell": [{"open": self.say.pick(*OPEN)}, {"is_engaged": self.say.pick(True, "blank")}],
            "plan_review": [{"plan.kind": "care_plan"}, {"held_on": self.say.record_date()}],
        }
        chosen = [one for one in where[record] if self.say.likely(0.6)]
        made: dict[str, Any] = {"count": record, "where": chosen}
        if self.say.likely(0.3):
            made["but_not"] = [one for one in where[record] if one not in chosen][:2] or where[record][:1]
        distinct = {"goal_review": "due_on", "missing_episode": "kind", "reading": "informant"}.get(record)
        if distinct and self.say.likely(0.4):
            made["distinct"] = distinct
        return made

    def _sum(self) -> dict[str, Any]:
        field = self.say.pick("sessions_attended", "authorised_absences")
        weeks = {"sum": field, "of": "attendance", "where": [{"week_starting": self.say.record_date()}]}
        levels = {"sum": "level", "of": "goal_review", "but_not": [{"reviewed_on": self.say.record_date()}]}
        return self.say.pick(weeks, levels)

    def _changes(self) -> None:
        leave = ["first of the stay", self.say.pick("cover up to 28 days", "cover up to $apart")]
        made = {"changes_of": "keyworker_assignment", "field": "staff_id", "in": "the period"}
        self.made["changes"] = made | self.say.pick(
            {}, {"leave": leave}, {"leave": leave[:1]}, {"leave": leave[1:]}
        )

    def _against(self) -> None:
        tool = [{"instrument_code": self.say.pick("$tool", "skills")}, {"taken_on": self.say.record_date()}]
        self.made["reading_then"] = {"latest": "reading", "by": "taken_on", "where": tool}
        self.made["skills"] = {
            "against_expected": "reading_then",
            "areas": self.say.pick("independence", "all"),
            **self.say.pick({}, {"one_by_one": ["cooking", "safety"]}),
        }

    def _days(self) -> None:
        self.made["nights"] = {"days_placed": self.say.pick("the period", "the period before")}

    def _quotient(self) -> None:
        self.made.setdefault("some", self._count())
        self.made["rate"] = {"divide": "some", "by": "days_in_period", "times": 30}
        self.made.setdefault("nights", {"days_placed": "the period before"})
        self.made["rate_before"] = {"divide": "some", "by": "nights"}

    def _earliest(self) -> None:
        self.made["in_care_since"] = {"earliest_of_open": "care_episode", "field": "started_on"}

    def _latest(self) -> None:
        where = [{"assessed_on": self.say.record_date()}] if self.say.likely(0.8) else []
        self.made["known"] = {"latest": "immunisation_status", "by": "assessed_on", "where": where}

    def _readings(self) -> None:
        tool = [{"instrument_code": "$tool"}, {"status": "complete"}]
        self.made["now"] = {
            "latest": "reading",
            "by": "taken_on",
            "where": [*tool, {"taken_on": "in the period"}, {"taken_on": "on or before count_date"}],
        }
        self.made["before"] = {
            "latest": "reading",
            "by": "taken_on",
            "where": [*tool, {"taken_on": "before the period"}],
        }
        if self.say.likely(0.7):
            self.made["before"]["or_else_baseline"] = True
        self.made["moved"] = {
            "compare": "before",
            "with": "now",
            "areas": self.say.pick("independence", "all"),
            "same": self.say.pick(
                ["instrument_code", "version", "informant"], ["instrument_code", "version"]
            ),
            "apart": self.say.pick("$apart", "28 days"),
            "rule": self.say.pick("$rule", "net", "mean"),
        }

    def _steps(self) -> None:
        self.made["path"] = {
            "steps_from_baseline": "goal_review",
            "goals_where": [{"area": "independence"}, {"open": "during the period"}],
            "goals_but_not": [{"status": "withdrawn_by_agreement"}, {"closed_on": "on or before count_date"}],
            "window": self.say.pick("$window to count_date", "6 months to count_date"),
        }


def per_goal(say: Phrases) -> dict[str, Any]:
    by = {"latest": "goal_review", "by": "reviewed_on"}
    return {
        "last": by | {"where": [{"reviewed_on": say.record_date()}]},
        "earlier": by | {"where": [{"reviewed_on": "before the period"}, {"due_on": "filled in"}]},
    }


def moving(say: Phrases) -> dict[str, Any]:
    """A count of goals by what is worked out for each of them."""
    conditions = [
        {"last.level": f"{say.pick('more than', 'less than', 'at least')} earlier.level"},
        {"last.level": "at least baseline_level"},
        {"last.judgement": say.pick("blank", ["achieved", "improved"])},
        {"earlier": say.pick("blank", "filled in")},
        {"earlier.level": say.number()},
    ]
    chosen = say.random.sample(conditions, 2)
    made = {"count": "goal", "where": [say.pick({"any": chosen}, {"all": chosen})]}
    return made | say.pick({}, {"distinct": "area"}, {"but_not": [say.pick(*conditions)]})
