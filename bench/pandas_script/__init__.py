"""An analyst's scripts in pandas, one for each card: it loads the tables it needs, joins, and groups.

Timed with its load, as the script of somebody who asks for a figure is.
"""
