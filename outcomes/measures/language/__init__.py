"""What a card may say: the closed list of keys and phrases, read from YAML and said again in English.

Knows no table, no plan, no SQL.
"""
