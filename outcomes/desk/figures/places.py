"""A figure split by home or carer household: what each place is called, as far as the reader may see it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from outcomes.care.organisations import CarerHousehold, Home
from outcomes.core.database import db
from outcomes.kit.declaring.record import Record
from outcomes.kit.reading.addresses import address
from outcomes.measures.figures.figure import Figure

ANOTHER = "Another place, not yours to see"


def place_rows(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """One row per place: {name, href, figure}, by name."""
    keys = [figure.place_id for figure in figures if figure.place_id is not None]
    homes = _by_key(Home, [key for key in keys if key > 0])
    households = _by_key(CarerHousehold, [-key for key in keys if key < 0])
    places = homes | {-key: household for key, household in households.items()}
    rows = [_row(figure, places.get(figure.place_id or 0)) for figure in figures]
    return sorted(rows, key=lambda row: (row["href"] is None, row["name"]))


def _by_key(kind: type[Home] | type[CarerHousehold], keys: Sequence[int]) -> dict[int, Record]:
    return {place.id: place for place in db.session.scalars(select(kind).where(kind.id.in_(keys)))}


def _row(figure: Figure, place: Record | None) -> dict[str, Any]:
    return {
        "name": place.called() if place else ANOTHER,
        "href": address(place) if place else None,
        "f": figure.document(),
    }
