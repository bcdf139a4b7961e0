"""Hand-written SQL for each card, as somebody who knows the card and the database would write it.

Each statement says the same as the card that it names: per period, contract and place how many units stand
in each bucket, and for which reason they are left out. A run fails where the engine says something else.
"""
