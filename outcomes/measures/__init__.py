"""The measure engine: a card becomes a plan, one SELECT, facts per unit, and a figure.

Knows tables and columns by name, through the registry handed to it (`registry.py`); imports no
record kind, no page, no role. Each stage has its own type: Card, Plan, Fact, Tally, Figure.
"""
