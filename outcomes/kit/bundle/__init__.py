"""The bundle: a folder with one table for each kind, read into the record and written out of it.

Knows kinds only through KINDS; the rows of a bundle pass the same schema, guards and writer as what
people type. Who may import or export is not decided here.
"""
