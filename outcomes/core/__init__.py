"""What everything else stands on: database base, clock, periods, errors, settings, the one commit.

Knows nothing about children, roles, pages or measures.
"""
