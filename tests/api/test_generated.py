"""Schemathesis at the programs' door, on both databases and as three roles.

`make test` sends each operation a few requests, roles and sorts taking turns; `make test-api` sends each
in every role as many as OUTCOMES_API_EXAMPLES says, good and bad.
"""

import os

import pytest

from outcomes.accounts import throttle
from tests.api.conftest import ROLES, Programs
from tests.api.generated import BAD, GOOD, Told, operations, run

EXAMPLES = int(os.environ.get("OUTCOMES_API_EXAMPLES", "0"))


@pytest.fixture(autouse=True)
def patient_with_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests with a token that does not work are sent on purpose, more than anybody may send."""
    monkeypatch.setattr(throttle, "REFUSED_TOKENS", 10**6)


@pytest.mark.skipif(EXAMPLES > 0, reason="the long run asks for more")
def test_no_made_up_request_is_a_fault_or_answered_outside_the_description(programs: Programs) -> None:
    told = Told(0, {}, [])
    for number, operation in enumerate(operations(programs)):
        # Half of them for each database, and the sorts taking turns too, so that it stays short.
        if number % 2 == programs.on_sqlite:
            run(programs, operation, ROLES[number % len(ROLES)], 3, told, [(GOOD, BAD)[number // 6 % 2]])
    assert told.faults == []
    # It is no walk along closed doors.
    assert told.cases > 150 and told.statuses[200] > 15 and told.statuses[400] + told.statuses[422] > 30


@pytest.mark.skipif(EXAMPLES == 0, reason="the long run: make test-api")
@pytest.mark.parametrize("role", ROLES)
def test_nor_is_any_of_many(programs: Programs, role: str) -> None:
    told = Told(0, {}, [])
    for operation in operations(programs):
        run(programs, operation, role, EXAMPLES, told)
    print(f"\n{role}: {told.cases} requests, answered {dict(sorted(told.statuses.items()))}")
    print(*dict.fromkeys(told.faults), sep="\n\n")
    assert told.faults == []
