"""The measure engine: a card becomes a plan, one SELECT, facts per unit, and a figure.

Four rooms, each of which knows only those before it: `language/` (what a card may say), `planning/`
(its names resolved), `sql/` (the one SELECT), `figures/` (what was found, judged; it knows no SQL).
`engine.py` runs them. Each stage has its own type: Card, Plan, Fact, Tally, Figure.

Knows tables and columns by name, through the registry handed to it (`registry.py`); imports no
record kind, no page, no role.
"""
