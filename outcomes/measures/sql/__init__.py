"""From a plan to one SELECT. `statements.py` is the way in; the others each write one part of it."""
