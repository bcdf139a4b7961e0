"""The benchmarks: figures, pages, writes and imports against their peers, as ratios measured in one run.

`make bench` runs them all on SQLite and on PostgreSQL. Nothing of the service needs this package, and it
needs more than the service does: the extra `bench`.
"""
