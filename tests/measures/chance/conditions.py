"""Conditions by chance: on the unit's own record, and on what the card works out."""

from typing import Any

from tests.measures.chance.phrases import Phrases


def unit_condition(say: Phrases, work_out: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    if depth < 1 and say.likely(0.2):
        return {say.pick("any", "all"): [unit_condition(say, work_out, 1), unit_condition(say, work_out, 1)]}
    worked = _worked_conditions(say, work_out)
    options = [field_condition(say), *([say.pick(*worked)] * 3 if worked else [])]
    if say.each == "child":
        options += [
            {"days_in_period": say.number()},
            {"days_since_start": say.number()},
            {"age": say.pick(say.number(), "11 to 15", "at least 15", "at most 17")},
            {"stay_started_on": f"{say.order()} period_start minus 24 months"},
            {"stay_started_on": f"{say.order()} count_date minus {say.pick('56 days', '24 months')}"},
        ]
    return say.pick(*options)


def field_condition(say: Phrases) -> dict[str, Any]:
    """A condition on the unit's own record, or on the child's."""
    own: dict[str, list[dict[str, Any]]] = {
        "child": [
            {"placement_type": say.pick("childrens_home", ["childrens_home", "ifa_foster"], "filled in")},
            {"temporary": say.pick(True, False, "blank")},
            {"gender": say.pick("female", "blank")},
            {"started_on": say.date()},
        ],
        "placement ending": [
            {"ending_planned": say.pick(True, False, "blank")},
            {"end_reason": say.pick("died", ["returned_home", "turned_18"])},
            {"started_on": f"{say.order()} ended_on minus {say.pick('6 months', '28 days')}"},
            {"gender": "female"},
        ],
        "goal": [
            {"area": "independence"},
            {"baseline_level": say.pick("blank", say.number())},
            {"closed_on": f"{say.order()} set_on"},
            {"plan.kind": say.pick("blank", "care_plan")},
        ],
        "session": [
            {"status": say.pick("held", ["missed_by_staff", "missed_by_child"])},
            {"topics": say.pick("filled in", "blank")},
            {"minutes": say.pick("20 to 30", "blank", say.number())},
            {"held_on": f"{say.order()} planned_on"},
        ],
        "missing_episode": [
            {"kind": "missing"},
            {"procedure_followed": say.pick(True, False, "blank")},
            {"return_interview_held_at": f"{say.order()} return_interview_due_at"},
            {"return_interview_held_at": f"within {say.pick('72 hours', '3 days')} of started_at"},
            {"return_interview_due_at": say.date()},
        ],
    }
    return say.pick(*own[say.each])


def _worked_conditions(say: Phrases, work_out: dict[str, Any]) -> list[dict[str, Any]]:
    conditions: list[dict[str, Any]] = []
    for name, what in work_out.items():
        if "against_expected" in what:
            part = say.pick("expected", "below", "individual")
            conditions += [
                {f"{name}.{part}": say.number()},
                {f"{name}.all_at": say.pick(True, "blank")},
                *(
                    {f"{name}.{area}": say.pick(True, False, "blank", "filled in")}
                    for area in what.get("one_by_one", ())
                ),
            ]
        elif (
            "count" in what
            or "sum" in what
            or "changes_of" in what
            or "days_placed" in what
            or "divide" in what
        ):
            others = tuple(n for n, w in work_out.items() if n != name and ("count" in w or "divide" in w))
            conditions += [{name: say.number(names=others)}, {name: say.pick("blank", "filled in")}]
        elif "compare" in what:
            part = say.pick("up", "down", "same", "net", "compared", "mean_change")
            yes_no = say.pick("progress", "all_at_top_and_held", "late_baseline")
            conditions += [
                {f"{name}.{part}": say.number()},
                {f"{name}.{yes_no}": True},
                {name: "blank"},
            ]
        elif "steps_from_baseline" in what:
            part = say.pick("points", "last", "highest")
            conditions += [
                {f"{name}.{part}": say.number()},
                {f"{name}.last": f"at least {name}.highest"},
            ]
        elif "latest" in what and name == "known":
            conditions += [
                {f"{name}.up_to_date": say.pick(True, False, "blank")},
                {f"{name}.declined": say.pick(True, "blank")},
            ]
        elif "latest" in what:
            conditions += [
                {name: say.pick("blank", "filled in")},
                {f"{name}.taken_on": say.date()},
            ]
            conditions += [{f"{name}.informant": "child"}]
        else:
            conditions += [{name: say.date()}, {name: "blank"}]
    return conditions
