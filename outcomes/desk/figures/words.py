"""What is said around a figure: its honest range, what one child weighs, the run of its periods.

The figure itself, its fraction, position and trend are the engine's; nothing is judged here.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from outcomes.measures.figures.figure import Also, Figure
from outcomes.measures.figures.rounding import printed
from outcomes.web.pictures import Picture, Point, run_chart

FEW = 20
"""Below so many counted, one of them moves a percentage by 5 points or more."""


def honest_range(figure: Figure) -> str | None:
    """Between what and what the figure would be if those without evidence were known.

    None where everybody is known, or where it makes no difference. (Source: product, leap 4.)
    """
    unknown, out_of, met = _unknown(figure), figure.out_of or 0, figure.met or 0
    evidence = figure.card.no_evidence
    if not unknown or evidence is None or figure.card.shape != "share":
        return None
    if evidence.then == "left out":
        out_of += unknown
    known_met = met - unknown if evidence.then == "met" else met
    low, high = (printed(Fraction(100 * one, out_of)) for one in (known_met, known_met + unknown))
    who = "the one" if unknown == 1 else f"the {unknown}"
    return (
        f"Between {low}% and {high}%, whatever {who} without evidence may turn out to be: "
        f"{known_met} of {out_of} if none had met it, {known_met + unknown} of {out_of} if all had."
    )


def _unknown(figure: Figure) -> int:
    evidence = figure.card.no_evidence
    if evidence is not None and evidence.then == "left out":
        return sum(one.count for one in figure.left_out if one.because == "no evidence")
    return figure.no_evidence


def weight_of_one(figure: Figure) -> str | None:
    """What one unit weighs where few are counted: 1 of 7 is 14.3 points. None for counts and no data."""
    if figure.card.shape != "share" or not figure.out_of or figure.out_of >= FEW:
        return None
    each = printed(Fraction(100, figure.out_of))
    return f"Few are counted here: one more or less changes the figure by {each} percentage points."


def also_rows(figure: Figure) -> list[tuple[str, str]]:
    """What is shown beside the figure: (what, how much)."""
    return [(label.replace("_", " ").capitalize(), _said(also)) for label, also in figure.also.items()]


def _said(also: Also) -> str:
    if also.value is None:
        return "No data"
    if also.unit == "%":
        return f"{also.value}% ({also.met} of {also.out_of})"
    return f"{also.value} (mean of {also.out_of})" if also.out_of is not None else also.value


def chart_of(totals: Sequence[Figure]) -> Picture:
    """The run of one contract's totals, oldest first, with the target of the last."""
    latest = totals[-1]
    target = latest.target
    level = target.level if target.status == "set" else None
    return run_chart(
        latest.card.title,
        [_point(figure, latest) for figure in totals],
        target=None if level is None else _decimal(level.value),
        target_words="" if level is None else f"Target: {target}",
        percent=latest.unit == "%",
    )


def _point(figure: Figure, latest: Figure) -> Point:
    share = figure.card.shape == "share"
    changed = str(figure.target) != str(latest.target)
    note = f"Target then: {figure.target}" if changed else ""
    fraction = figure.fraction if share else ""
    if figure.value is None or figure.shown is None:
        return Point(figure.period, None, fraction=fraction, note=note)
    return Point(figure.period, _decimal(figure.value), f"{figure.shown}{figure.unit}", fraction, note)


def _decimal(value: Fraction) -> Decimal:
    """For drawing only: what is printed is the engine's."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def facts_for_template(figure: Figure) -> dict[str, Any]:
    """The figure as the components draw it: its document, without members."""
    return {name: value for name, value in figure.document().items() if name != "members"}
