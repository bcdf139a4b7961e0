"""An activity: what is peculiar to it. What holds for every kind is tested in tests/kit."""

import pytest

from outcomes.core.errors import Invalid
from outcomes.records.daily import Activity
from tests.builders import World


def test_it_is_called_what_the_child_did(in_app: World) -> None:
    made = in_app.record(
        Activity, person_id=in_app.child(), kind="sport", title="Swimming club", took_part_on="2025-07-05"
    )
    assert made.called() == "Swimming club"


def test_nobody_takes_part_before_they_are_born(in_app: World) -> None:
    child = in_app.child(born="2012-03-04")
    with pytest.raises(Invalid, match="before the child was born"):
        in_app.record(Activity, person_id=child, kind="sport", title="Swimming", took_part_on="2012-03-03")
