"""The loops themselves: every child of every period judged one by one, and the sums of that."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bench.numbers import MET, NO_EVIDENCE, NOT_MET
from bench.orm_loop.placing import Child, children
from bench.question import Answer, Question

Judged = tuple[int, int] | None
"""A bucket and the number of the reason (-1 for none); None where the child is not in the figure."""
Units = Iterator[tuple[int, int, int, int, int]]
"""One by one: the period, the contract, the place, the bucket and the reason of each."""

UNKNOWN = NO_EVIDENCE, -1


def met(so: bool) -> Judged:
    return (MET if so else NOT_MET), -1


def counted(units: Callable[..., Units]) -> Callable[..., Answer]:
    """Makes a script of a loop over a session. `by_place` is passed on where it is asked for."""

    @wraps(units)
    def script(connection: Connection, question: Question, **by_place: bool) -> Answer:
        with Session(connection) as session:
            return Counter(units(session, question, **by_place))

    return script


def each_child(*, at_end: bool = False) -> Callable[[Callable[[Child], Judged]], Callable[..., Answer]]:
    """Makes a script of what is said of one child of a period: there during it, or on its last day."""

    def made(judge: Callable[[Child], Judged]) -> Callable[..., Answer]:
        @counted
        @wraps(judge)
        def units(session: Session, question: Question, by_place: bool = False) -> Units:
            for child in children(session, question, at_end=at_end, by_place=by_place):
                yield from in_figure(child, judge(child))

        return units

    return made


def in_figure(child: Child, said: Judged) -> Units:
    if said is not None:
        yield child.n, child.contract_id, child.place, *said
