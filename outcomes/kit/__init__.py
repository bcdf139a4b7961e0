"""What every record kind is made of, and the one writer.

A kind is one class (`declaring/record.py`) whose columns come from factories (`declaring/columns.py`). From it
follow the schema, the form, the pages, the JSON verbs, import and export. The kit knows two kinds by name, because
every record of a child hangs on them: `person` and `placement`. Its rooms, each importing only from those above it:

    words.py     how values read to people
    declaring/   what a kind is written with
    writing/     from what came in to the row, its version and its number
    reading/     what a reader may see of a record, and where it is found
    bundle/      folders and workbooks, in and out
    pages/ api/  the two doors, for people and for programs
"""
