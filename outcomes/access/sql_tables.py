"""Which tables a finished SQL text reads or writes: the last look before it leaves for the database.

Not a parser: it walks the tokens and takes what stands where a table can stand (after FROM, JOIN,
INTO, UPDATE, USING, TABLE, and after commas of a FROM list). What it takes for a table too often is
refused too often, never the other way round.
"""

import re
from collections import Counter
from functools import lru_cache

_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | --[^\n]* | /\*.*?\*/ )
  | (?P<text> '(?:[^']|'')*' )
  | (?P<name> (?:"(?:[^"]|"")+"|[A-Za-z_]\w*) (?:\s*\.\s*(?:"(?:[^"]|"")+"|[A-Za-z_]\w*))* )
  | (?P<open> \( ) | (?P<close> \) ) | (?P<comma> , )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_BEFORE_TABLE = frozenset({"from", "join", "into", "update", "using", "table", "truncate"})
_SAME_PLACE = frozenset(
    {"only", "lateral", "if", "exists", "or", "replace", "ignore", "abort", "rollback", "fail"}
)
_END_OF_LIST = frozenset(
    {"where", "set", "group", "order", "having", "limit", "offset", "returning", "values", "select", "union"}
    | {"except", "intersect", "window", "fetch", "for", "do"}
)


@lru_cache(maxsize=2048)
def tables_in(sql: str) -> Counter[str]:
    """How often each name stands where a table can stand. Names without schema, in lower case."""
    found: Counter[str] = Counter()
    # Per depth of brackets: may a table come next, and are we in a FROM list?
    expecting, listing = [False], [False]
    for token in _TOKEN.finditer(sql):
        sort, word = token.lastgroup, token.group()
        if sort == "skip":
            continue
        if sort == "open":
            # `FROM (a JOIN b)` and `FROM (SELECT …)`: what opens where a table is due holds tables.
            expecting.append(expecting[-1])
            listing.append(expecting[-2])
            expecting[-2] = False
        elif sort == "close":
            if len(expecting) > 1:
                expecting.pop()
                listing.pop()
        elif sort == "comma":
            expecting[-1] = listing[-1]
        elif sort == "name":
            _take(word, expecting, listing, found)
        else:
            expecting[-1] = False
    return found


def _take(word: str, expecting: list[bool], listing: list[bool], found: Counter[str]) -> None:
    plain = word.lower()
    if plain in _BEFORE_TABLE:
        expecting[-1] = True
        listing[-1] = plain in ("from", "using", "join")
    elif plain in _END_OF_LIST:
        expecting[-1] = listing[-1] = False
    elif expecting[-1] and plain not in _SAME_PLACE:
        found[re.split(r"\s*\.\s*", word)[-1].strip('"').lower()] += 1
        expecting[-1] = False
