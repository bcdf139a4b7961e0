"""What a card can work out per unit, as frozen declarations. One class per kind of working.

How they are written in YAML is `card_reader.py`; what they are in SQL is `sql/workings.py`.
"""

from dataclasses import dataclass, field
from typing import Literal

from outcomes.measures.language.phrases import Length, Name, Phrase


@dataclass(frozen=True, slots=True)
class Is:
    """One condition: a field, built-in or worked-out value on the left, a phrase on the right."""

    left: Name
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class OpenIs:
    """The record itself is open during or on (its start and end fields come from the registry)."""

    phrase: Phrase


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]


Condition = Is | OpenIs | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Related:
    """The records of a unit that a working reads: all of `where`, and not all of `but_not`."""

    record: str
    where: tuple[Condition, ...] = ()
    but_not: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many related records, or how many different values of one of their fields."""

    of: Related
    distinct: str | None = None


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest related record by a date; ties go to the latest recorded (D16).

    With `or_else_baseline`, a unit without one has its baseline instead: the first such record
    of the stay, whatever its date (R01, R04).
    """

    of: Related
    by: str
    or_else_baseline: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """Two readings of the same tool, area by area (R01, R32, R33).

    Parts: up, down, same, net, mean_change, all_at_top_and_held, progress (by the rule net, any,
    all or mean), late_baseline. Blank where there are no two readings that can be compared.
    """

    before: str
    now: str
    areas: str
    same: tuple[str, ...]
    apart: Length | Name
    rule: str | Name = "net"


@dataclass(frozen=True, slots=True)
class StepsFromBaseline:
    """Where a child's goals stand over time: the sum over goals of level minus baseline (R02).

    Parts: points (review dates with a level in the window that ends on the count date), last and
    highest (the position at the last of them, and the highest of them). last and highest are
    blank without a point.
    """

    reviews: str
    goals: Related
    window: Length | Name


@dataclass(frozen=True, slots=True)
class Divide:
    """One worked-out number over another, as an exact fraction; blank over nought."""

    top: str
    bottom: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class DaysPlaced:
    """Nights placed under the contract in the period or in the one before (D16)."""

    which: Literal["this", "before"]


@dataclass(frozen=True, slots=True)
class EarliestOfOpen:
    """The earliest date in a field of the related records that are open on the count date."""

    record: str
    field: str


@dataclass(frozen=True, slots=True)
class Sum:
    """The numbers in one field of the related records, added up; blank where none is recorded."""

    field: str
    of: Related


@dataclass(frozen=True, slots=True)
class ChangesOf:
    """How often a field changed from one related record to the next in the period (D24).

    Of lasting records in the order in which they began. `first_of_stay`: the first of a stay is no
    change; `cover`: neither is cover that ended within that time.
    """

    record: str
    field: str
    first_of_stay: bool
    cover: Length | Name | None


@dataclass(frozen=True, slots=True)
class AgainstExpected:
    """A reading against the levels expected of the child: their own, else those for their age (R32).

    Parts: expected (areas with an expected level), below (of these, how many are not known to be at
    it), all_at, individual (areas with a level of the child's own). Where there is no reading,
    expected is that of the tool's newest version, and the others are blank.

    One part more for each area in `one_by_one`, under its code: yes where the reading is at the level,
    no where it is not known to be, without a reading too, and blank where no level is expected in it.
    """

    reading: str
    areas: str
    one_by_one: tuple[str, ...] = ()


Working = (
    Count
    | Sum
    | Latest
    | Compare
    | StepsFromBaseline
    | Divide
    | DaysPlaced
    | EarliestOfOpen
    | ChangesOf
    | AgainstExpected
)


@dataclass(frozen=True, slots=True)
class TotalOf:
    """Also shown: a worked-out number added up over the units counted."""

    label: str
    name: Name


@dataclass(frozen=True, slots=True)
class ShareOf:
    """Also shown: one total as a share of another (events beside children: R17)."""

    label: str
    part: Name
    whole: Name


@dataclass(frozen=True, slots=True)
class UnitsThat:
    """Also shown: how many of the units counted fit, of how many that fit `of`."""

    label: str
    where: tuple[Condition, ...]
    of: tuple[Condition, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class MeanOf:
    """Also shown: the mean of a worked-out number over the units that have one."""

    label: str
    name: Name


Also = TotalOf | ShareOf | UnitsThat | MeanOf
