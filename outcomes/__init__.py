"""Outcomes: a child-level case record and outcomes service.

Where things are is in README.md; a module imports only from lower floors
(tests/architecture/test_floors.py names the floors).
"""
