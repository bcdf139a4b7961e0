"""Which level an instrument expects at which age, as the statements look it up."""

import json

from outcomes.measures.instruments import OLDEST, expected_levels


def levels(**bands: str) -> dict[str, int]:
    tool = {"instrument_code": "skills", "version": "1", "areas": ["cooking", "cleaning"]}
    found = json.loads(expected_levels([tool | {"expected_level_by_age": bands}]))
    return {key.removeprefix("skills/1/"): level for key, level in found.items()}


def test_an_area_by_itself_goes_before_the_star() -> None:
    assert levels(**{"11:cooking": "2.5", "11-12:*": "1"}) == {
        "cooking/11": 2500,
        "cooking/12": 1000,
        "cleaning/11": 1000,
        "cleaning/12": 1000,
    }


def test_an_open_band_has_no_upper_age() -> None:
    """Our own scale says `17+:*`: a child of seventeen is not without an expected level."""
    found = levels(**{"17+:cooking": "4"})
    assert set(found) == {f"cooking/{age}" for age in range(17, OLDEST + 1)}
    assert set(found.values()) == {4000}
