"""Records and cards by chance, seeded: what the engine and the reference engine are asked alike.

`records.py` makes a world, `cards.py` a card as a person would write it, from `phrases.py`, `workings.py`
and `conditions.py`; `draw.py` draws. Days are drawn near the boundaries that rules speak of. What of the
language is not made here is not held against the rules: `test_guards.py` sees that nothing is left out.
"""
