"""The packs: frameworks with their cards, settings and targets, bound to the record kinds.

What a figure means is the engine's (`measures/`); who may see it is the caller's (`access/`, the
pages): everything here requires the contracts that it works for.
"""
