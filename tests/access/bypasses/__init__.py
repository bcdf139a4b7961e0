"""Ways around the scope that others have found (numbers as in the threat model's list), each refused.

Each refusal has its twin: the same thing done with what is one's own works. A file to each sort of way:
`test_reads.py`, `test_sessions.py`, `test_writes.py`; `test_nets.py` takes the nets away one by one, and
sees that every way of the list is tried. `scoped` is the session of a registered manager of Elm House.
"""

from outcomes.accounts.roles import Role
from outcomes.care.people import Contact, Person

PERSON, CONTACT = Person.__table__, Contact.__table__
"""Bare tables, of which no scope is asked."""

MANAGER = Role.REGISTERED_MANAGER
