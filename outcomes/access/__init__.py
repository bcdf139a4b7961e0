"""Whose records may this account see. Decided once, here; applied to every statement, here.

`policy.py` says what a role does; `scope.py` and `rules.py` say to whose records, from dated
relationships; `enforcement.py` and `flushing.py` apply it in the session and on the engine,
whatever the code above asks for. No scope bound means nothing visible.
"""
