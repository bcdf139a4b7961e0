"""Backup and restore: the whole database as one file, of one instant, the same for every database.

Knows tables only as the database's metadata lists them, and the audit, because a copy of the record
is worth what its audit is worth.
"""
