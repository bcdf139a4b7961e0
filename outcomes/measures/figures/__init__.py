"""What a run found: facts, tallies, and the figure with its position and trend. No SQL."""
