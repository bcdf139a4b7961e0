"""Writing by hand-made pages: a key-worker session, a reading, a goal review."""
