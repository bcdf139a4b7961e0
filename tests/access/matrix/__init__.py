"""The walk of the matrix: every address, by every role, about the record of every relationship.

What must happen stands in `policy_table.md`. Nothing is changed on the way: whatever would be saved is
undone by the last step of its own transaction, after every check of the product has been passed.

`cells.py` asks the questions of the table, one to a cell; `names.py` says whose record a row speaks of;
`requests.py` makes the true request of a cell; `walk.py` is a role that sends them and judges the answers;
`undoing.py` sees that nothing is kept.
"""
