"""How values read to people: dates "14 July 2026", times "10:30am", yes and no."""

from datetime import date, datetime

from outcomes.core.clock import LONDON


def say_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def say_moment(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    hour = local.hour % 12 or 12
    return f"{local.day} {local:%B %Y} at {hour}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def say_list(items: list[str]) -> str:
    """ "cooking, cleaning and relationships" """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def label_of(name: str) -> str:
    """A field's name as a label: `due_on` reads "Due on", `person_id` "Person"."""
    return name.removesuffix("_ids").removesuffix("_id").replace("_", " ").capitalize()


def slug_of(name: str) -> str:
    return name.replace("_", "-")
