"""From what came in to what stands: judged by the schema, proposed, placed, written by the one writer with its version."""
