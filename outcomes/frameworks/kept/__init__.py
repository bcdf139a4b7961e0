"""Facts kept: what the engine found unit by unit, for as long as nothing that it rests on has changed.

A cache and nothing else. It may be dropped at any time, nobody edits it, and what is stale is worked
out again for the children concerned before anything is shown.
"""
