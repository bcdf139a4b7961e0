"""What is wrong with a bundle: every fault with its place, its value and what is to be mended."""

from dataclasses import dataclass, field

MOST_FAULTS = 1000
MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. `row` is as a spreadsheet counts, the header being 1; None is the whole file."""

    file: str
    row: int | None
    column: str
    value: str
    message: str


class Enough(Exception):
    """As many faults as a report holds have been found."""


@dataclass(slots=True)
class Faults:
    """Collects faults, and warnings (which refuse nothing). Raises Enough at the thousandth fault."""

    found: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def are_cut(self) -> bool:
        """True where there may be more faults than are listed."""
        return len(self.found) >= MOST_FAULTS

    def add(self, file: str, row: int | None, message: str, *, column: str = "", value: object = "") -> None:
        self.found.append(Fault(file, row, column, shown(value), message))
        if self.are_cut:
            raise Enough

    def warn(self, file: str, row: int, message: str, *, column: str, value: str) -> None:
        if len(self.warnings) < MOST_FAULTS:
            self.warnings.append(Fault(file, row, column, shown(value), message))


def shown(value: object) -> str:
    """A value as a report shows it: short, and without characters that move a terminal's cursor."""
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(value)[: MOST_SHOWN + 1])
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
