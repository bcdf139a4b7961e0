"""The reference engine: a naive evaluator of cards over rows in memory, to hold against the engine.

It is written from the rules in words, not from the engine: it reads the parsed card and the rows of
a `World`, and knows nothing of plans or SQL. Loops and plain Python throughout: it is to be read
beside the rules, and to be slow.

A `Question` is a card asked of a world, for one contract and one period; `judged` answers it, unit by
unit. The rooms, from the ground up:

    stays       placements that are one stay          kinds      what must be said of each kind of record
    question    what is asked, and of which unit      belonging  which records are a unit's own
    values      what a name of a card stands for      conditions what is true, and which records fit
    counting  latest  readings  steps                 the workings, each told to `values.work_out`
    units       who is counted                        judging    into which bucket, and why
"""

# A working is known once its room is read.
from tests.measures.reference import counting, latest, readings, steps
from tests.measures.reference.judging import Outcome, judged
from tests.measures.reference.question import Question

__all__ = ["Outcome", "Question", "counting", "judged", "latest", "readings", "steps"]
