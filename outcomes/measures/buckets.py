"""The four buckets that every unit in scope is sorted into: what SQL says, and what figures add up."""

from enum import IntEnum


class Bucket(IntEnum):
    """Where a unit in scope stands. The four add up to everyone in scope, always."""

    MET = 0
    NOT_MET = 1
    NO_EVIDENCE = 2
    LEFT_OUT = 3
