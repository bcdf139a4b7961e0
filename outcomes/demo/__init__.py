"""Invented data: a small world of made-up children, written through the same writers as everything else.

`world.py` makes the world as frozen values, from a seed and a date; `loading.py` writes it into an
empty database; `accounts.py` adds one sign-in per role. Never for production (`is_demo`).
"""

from outcomes.demo.accounts import is_demo

__all__ = ["is_demo"]
