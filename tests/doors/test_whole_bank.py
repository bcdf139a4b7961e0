"""The whole bank at every door: what the other tests here try in turn, for `make test-matrix`."""

import pytest

from tests.doors import test_reading, test_writing
from tests.doors.bank import BODIES, TEXTS, VALUES
from tests.doors.conftest import Town


def test_the_bank_is_large_enough() -> None:
    assert len(TEXTS) + len(VALUES) + len(BODIES) >= 60


@pytest.mark.matrix
@pytest.mark.parametrize(
    "tried",
    [
        test_writing.test_no_body_is_a_fault_at_any_json_door,
        test_writing.test_no_text_is_a_fault_at_any_form,
        test_reading.test_no_text_in_an_address_is_a_fault,
        test_reading.test_no_text_as_an_identifier_is_a_fault,
    ],
    ids=lambda one: one.__name__,
)
def test_every_word_of_the_bank_at_every_door(town: Town, tried: object) -> None:
    town.whole = True
    tried(town)  # type: ignore[operator]
