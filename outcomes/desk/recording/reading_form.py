"""The form of a reading: every area along its scale, what was tapped, and where each message belongs."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms.fields.choices import SelectChoice

from outcomes.core.clock import today
from outcomes.core.errors import Invalid
from outcomes.desk.child.readings import Taken, area_title
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.words import say_day
from outcomes.records.readings import Instrument, Reading
from outcomes.records.scoring import areas_led_to, highest_answers, sums_of
from outcomes.web.dates import DateField
from outcomes.web.fields import DecimalField, DrawnField, HiddenField, RadiosField, TextareaField, YesNoField
from outcomes.web.forms import DrawnForm

MOST_TAPS = 11
"""A scale with more points than that is typed: a hundred buttons help nobody."""

NOT_FOR_AGE = "not_for_age"
BLANKS = (("", "Not assessed"), (NOT_FOR_AGE, "Not for this age"))
ITEM_BLANKS = (("", "Not answered"),)
STATUSES = ("complete", "partial", "declined_by_child")
"""What somebody who takes a reading can say of it. A void one is made by correcting."""


class ReadingForm(DrawnForm):
    """A reading with one instrument. `correcting` adds the revision and the reason.

    `by_items` asks for the answers to the items, from which the scores are worked out.
    """

    def __init__(
        self,
        instrument: Instrument,
        informant: str,
        last: Taken | None,
        *,
        correcting: bool = False,
        by_items: bool = False,
    ) -> None:
        self.instrument, self.last, self.correcting = instrument, last, correcting
        self.informant, self.by_items = informant, by_items
        self.points = answers_of(instrument, informant) if by_items else points_by_area(instrument)
        self.areas = list(self.points if by_items else instrument.areas)
        super().__init__(self._questions())

    def _questions(self) -> dict[str, Any]:
        statuses = code_list("reading.status")
        offered = tuple(statuses.labels) if self.correcting else STATUSES
        questions: dict[str, Any] = {
            "taken_on": DateField("When was it taken?"),
            **{name_of(area): self._area(area) for area in self.areas},
            "status": RadiosField(
                "Is the reading complete?",
                choices=[SelectChoice(code, statuses.label(code)) for code in offered],
            ),
            "completed_with_child": YesNoField("Was it completed with the child?", optional=True),
        }
        if self.correcting:
            questions["correction_reason"] = TextareaField(
                "Why are you correcting it?", rows=2, optional=True
            )
            questions["revision"] = HiddenField()
        return questions

    def _area(self, area: str) -> DrawnField:
        title = area_title(area)
        if self.points:
            points = self.points[area]
            return RadiosField(title, choices=[SelectChoice(*each) for each in (*points, *self.blanks)])
        low, high = self.instrument.scale_min, self.instrument.scale_max
        hint = (
            f"From {low:f} to {high:f}. Leave it blank if it was not assessed. {last_words(self.last, area)}."
        )
        return DecimalField(title, hint=hint, optional=True, width=5)

    @property
    def blanks(self) -> tuple[tuple[str, str], ...]:
        return ITEM_BLANKS if self.by_items else BLANKS

    def begin(self) -> None:
        """Today, and nothing chosen: each area is a judgement of its own."""
        self.fill({"taken_on": today()})

    def show_taken(self, taken: Taken) -> None:
        """Fill in what stands, for a correction."""
        reading = taken.reading
        values: dict[str, Any] = {
            "taken_on": reading.taken_on,
            "status": reading.status,
            "completed_with_child": reading.completed_with_child,
            "revision": reading.revision,
        }
        for area in self.areas:
            score = taken.scores.get(area)
            blank = NOT_FOR_AGE if area in taken.not_for_age else ""
            values[name_of(area)] = f"{score:f}" if score is not None else blank
        self.fill(values)

    @property
    def grid(self) -> list[dict[str, Any]]:
        """The areas for `reading_grid`; empty where scores are typed."""
        return [self._in_grid(area) for area in self.areas] if self.points else []

    def _in_grid(self, area: str) -> dict[str, Any]:
        field = self[name_of(area)]
        score = self.last.scores.get(area) if self.last else None
        return {
            "code": area,
            "title": area_title(area),
            "hint": "",
            "name": name_of(area),
            "options": self.points[area],
            "blanks": self.blanks,
            "chosen": field.typed[0] if field.typed else None,
            "last": {"value": f"{score:f}" if score is not None else None, "text": self._last_text(area)}
            if self.last
            else None,
            "errors": field.errors,
        }

    def _last_text(self, area: str) -> str:
        assert self.last is not None
        said = self.last.say(area)
        return f"{said[:1].lower()}{said[1:]} on {self.last.day}"

    def answers(self) -> dict[str, Any]:
        """The answers as the record's own fields, with the scores. Raises Invalid where areas are left out."""
        raw = self.raw_values()
        if unanswered := self._unanswered():
            raise Invalid(unanswered)
        willing = {"yes": True, "no": False}.get(str(raw["completed_with_child"]))
        # What is worked out from these answers is worked out again.
        worked_out = {"total": None} if self.instrument.total_of else {}
        return worked_out | {
            "taken_on": raw["taken_on"] or None,
            "status": raw["status"] or None,
            "completed_with_child": willing,
            "scores": [_part(area, str(raw[name_of(area)])) for area in self.areas],
        }

    def typed_beside(self, taken: Taken) -> list[dict[str, Any]]:
        """The scores that stand in a reading and that this form neither asks for nor works out anew."""
        if not self.by_items:
            return []
        raw, tool = self.raw_values(), self.instrument.asked_values()
        before = [area for area in self.areas if taken.scores.get(area) is not None]
        now = [area for area in self.areas if raw[name_of(area)]]
        worked_out = areas_led_to(tool, self.informant, before) | areas_led_to(tool, self.informant, now)
        scores = {area: taken.scores.get(area) for area in self.instrument.areas if area not in worked_out}
        return [{"area": area, "score": score} for area, score in scores.items() if score is not None]

    def _unanswered(self) -> dict[str, list[str]]:
        """Areas without a tap: in a complete reading nobody may have forgotten one."""
        problems: dict[str, list[str]] = {}
        status = self["status"].raw()
        if not status:
            problems["status"] = ["Select whether the reading is complete."]
        if self.points and status in ("complete", ""):
            needless = self._needless()
            for area in self.areas:
                if not self[name_of(area)].typed and area not in needless:
                    problems[name_of(area)] = [f"{area_title(area)}: select a score, or “Not assessed”."]
        return problems

    def _needless(self) -> set[str]:
        """The items that the paper form skips, because an answer before them makes their score nought."""
        if not self.by_items:
            return set()
        sums, raw = sums_of(self.instrument.asked_values(), self.informant), self.raw_values()
        return {
            item for one in sums if one.nought_by and raw[name_of(one.nought_by)] == "0" for item in one.items
        }

    @property
    def revision(self) -> int:
        """The revision that a correction was made from. Raises Invalid where the form carries none."""
        raw = str(self.raw_values().get("revision", ""))
        if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
            raise Invalid.of("", "Open this form again: it does not say which version it was drawn from.")
        return int(raw)

    def in_words(self) -> dict[str, str]:
        """What was typed and tapped, by name, as people read it."""
        raw = self.raw_values()
        words = {name_of(area): _say(str(raw[name_of(area)])) for area in self.areas}
        status, willing = code_list("reading.status"), str(raw["completed_with_child"])
        try:
            day = say_day(date.fromisoformat(str(raw["taken_on"])))
        except ValueError:
            day = str(raw["taken_on"])
        return {
            "taken_on": day,
            "status": status.label(str(raw["status"])),
            "completed_with_child": willing.capitalize(),
        } | words

    def place(self, problem: Invalid) -> None:
        """Show the messages of a refusal beside the areas and questions that they belong to."""
        self.show(Invalid(dict(self._placed(problem))))

    def _placed(self, problem: Invalid) -> Iterator[tuple[str, list[str]]]:
        for name, messages in problem.fields.items():
            if not name.startswith("scores."):
                yield name, messages
                continue
            which = name.split(".")[1]
            area = self.areas[int(which)] if which.isdigit() and int(which) < len(self.areas) else which
            yield name_of(area), [_named(message, area) for message in messages]


def _named(message: str, area: str) -> str:
    """A message of a guard begins with the area's code; people know its title."""
    return message.replace(f"{area}:", f"{area_title(area)}:", 1)


def _part(area: str, raw: str) -> dict[str, Any]:
    if raw == NOT_FOR_AGE:
        return {"area": area, "score": None, "not_age_appropriate": True}
    return {"area": area, "score": raw or None}


def _say(raw: str) -> str:
    return dict(BLANKS).get(raw, raw)


def name_of(area: str) -> str:
    """The name of the question about an area."""
    return f"score-{area}"


def answers_of(instrument: Instrument, informant: str) -> dict[str, list[tuple[str, str]]]:
    """The answers to each item that this informant is asked, as (value, text), by area."""
    highest = highest_answers(instrument.asked_values(), informant)
    return {area: [(str(point), str(point)) for point in range(most + 1)] for area, most in highest.items()}


def asks_items(instrument: Instrument, informant: str) -> bool:
    """True where this informant's scores can be worked out from answers to items."""
    return bool(answers_of(instrument, informant))


def points_by_area(instrument: Instrument) -> dict[str, list[tuple[str, str]]]:
    """The points of a short scale for each area; empty for a long one."""
    points = points_of(instrument)
    return dict.fromkeys(instrument.areas, points) if points else {}


def points_of(instrument: Instrument) -> list[tuple[str, str]]:
    """The points of a short scale as (value, text); empty for a long one."""
    low, high, step = instrument.scale_min, instrument.scale_max, instrument.smallest_step
    count = int((high - low) / step) + 1
    if count > MOST_TAPS:
        return []
    return [(f"{low + step * index:f}", f"{low + step * index:f}") for index in range(count)]


def anchors_of(instrument: Instrument) -> list[tuple[str, str]]:
    """What the points of the scale mean, lowest first."""
    anchors = instrument.anchors or {}
    return sorted(anchors.items(), key=lambda entry: _number(entry[0]))


def _number(text: str) -> tuple[Decimal, str]:
    digits = text.replace(".", "", 1)
    return (Decimal(text) if digits.isascii() and digits.isdigit() else Decimal(0)), text


def last_words(last: Taken | None, area: str) -> str:
    """ "Last time: 4 on 12 July 2026", "No earlier reading"."""
    return f"Last time: {last.say(area)} on {last.day}" if last else "No earlier reading"


def answers_in_words(form: ReadingForm, taken: Taken) -> dict[str, str]:
    """What stands, by the form's names and in the words of `ReadingForm.in_words`."""
    fields = Reading.asked_fields()
    names = ("taken_on", "status", "completed_with_child")
    standing = {name: fields[name].show(getattr(taken.reading, name)) for name in names}
    return standing | {name_of(area): taken.say(area) for area in form.areas}
