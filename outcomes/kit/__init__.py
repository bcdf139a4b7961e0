"""What every record kind is made of, and the one writer.

A kind is one class (`record.py`) whose columns come from factories (`columns.py`). From it follow
the schema, the form, the pages, the JSON verbs, import and export. It knows two kinds by name, because
every record of a child hangs on them: `person` and `placement`.
"""
