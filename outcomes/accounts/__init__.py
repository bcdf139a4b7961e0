"""Who signs in: accounts, their dated grants, passwords, sessions, the throttle, one-time links.

Knows that a grant names a home, a provider, an authority or a contract, but nothing of what those
are: `access/` (floor 4) says what a grant lets somebody see.
"""
