"""A plain ORM loop for each card, as a Flask-SQLAlchemy application would write it first.

Objects are loaded when they are looked at, and everything else is Python: for each child, each period and
each contract, a loop over the child's records.
"""
