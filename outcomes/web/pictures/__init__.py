"""Pictures of figures and readings: our own small SVGs, each with the table that says the same.

One string serves page and print. Text is escaped, nothing needs a style attribute, every identifier is
unique on its page. What is printed (percentages, fractions) comes from the caller: nothing is
rounded here. Imports nothing but core.
"""

from outcomes.web.pictures.bars import Week, attendance_bars
from outcomes.web.pictures.run_chart import Point, run_chart
from outcomes.web.pictures.spark import spark
from outcomes.web.pictures.steps import steps
from outcomes.web.pictures.svg import NOTHING, DataTable, Picture
from outcomes.web.pictures.wheel import Series, wheel

__all__ = [
    "NOTHING",
    "DataTable",
    "Picture",
    "Point",
    "Series",
    "Week",
    "attendance_bars",
    "run_chart",
    "spark",
    "steps",
    "wheel",
]
