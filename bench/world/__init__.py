"""An invented provider of a stated size, seeded: rows for the record's tables, and how they get there."""
