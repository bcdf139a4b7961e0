"""The audit: who did what, when, to whose record. Append-only, chained, written before anything is answered.

Writers call `note()` inside `core.transaction`; the rows go in last, in the same transaction. Reads
go through `record_reads()`, or through `note_reads()` beside a change. No row ever holds the content
of a record. Knows nothing about children.
"""

from outcomes.audit.log import Read, init_audit, note, note_reads, record_reads

__all__ = ["Read", "init_audit", "note", "note_reads", "record_reads"]
