"""The JSON verbs of every kind, and how the description of the service tells of them."""
