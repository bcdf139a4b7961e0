"""Requests made up by Schemathesis from the service's own description, and what is asked of each answer."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.api.conftest import Programs

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
    missing_required_header,
    unsupported_method,
]


REFUSALS = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428", "429"]
"""How a bad request may be answered: with any refusal, whichever is found first. Never with a fault."""

CONFIG = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
)


@dataclass
class Told:
    """What a run saw: how many requests, how each was answered, and what was wrong, in words."""

    cases: int
    statuses: dict[int, int]
    faults: list[str]


def operations(programs: Programs) -> list[Any]:
    """Every operation of the description."""
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", programs.app, config=CONFIG)
    return [found.ok() for found in described.get_all_operations()]


GOOD, BAD = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


def run(
    programs: Programs,
    operation: Any,
    role: str,
    examples: int,
    told: Told,
    modes: Sequence[GenerationMode] = (GOOD, BAD),
) -> None:
    """Send one operation `examples` good and as many bad requests, in one role's name."""
    for mode in modes:
        try:
            _generated(programs, operation, role, mode, examples, told)
        except schemathesis.errors.SchemathesisError as error:
            # An operation about which nothing can be said wrongly has no bad requests.
            if mode is GOOD:
                told.faults.append(f"{operation.label}: {error}")


def _generated(
    programs: Programs, operation: Any, role: str, mode: GenerationMode, examples: int, told: Told
) -> None:
    real = programs.path(operation.definition.raw["operationId"])

    @seed(hash_of(operation.label, role))
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def send(case: Any) -> None:
        _lead(programs, case, role, real, told.cases % 8)
        token = {} if _token_is_wrong(case) else dict(programs.headers(role))
        answer = case.call(headers=token)
        told.cases += 1
        told.statuses[answer.status_code] = told.statuses.get(answer.status_code, 0) + 1
        try:
            case.validate_response(answer, checks=CHECKS, headers=token)
        except (Failure, FailureGroup) as failure:
            told.faults += [f"{role}, {operation.label}: {one}" for one in _words(failure)]

    send()


def _token_is_wrong(case: Any) -> bool:
    """Is the header with the token what this request is to be refused for?

    Then it goes out as it was made up. With a token that works it would be no bad request any more.
    """
    mutations = getattr(case.meta.phase.data, "mutations", None) or ()
    where = {(one.parameter_location, one.parameter) for one in mutations}
    return (ParameterLocation.HEADER, "Authorization") in where


def _lead(programs: Programs, case: Any, role: str, real: Mapping[str, str], lead: int) -> None:
    """Most made-up requests lead nowhere. Give a good part of them true ids and the revision that stands."""
    negative = {where for where, said in case.meta.components.items() if said.mode.is_negative}
    if lead and ParameterLocation.PATH not in negative:
        for name in case.path_parameters:
            if name in real:
                case.path_parameters[name] = real[name]
    if lead > 1 and ParameterLocation.BODY not in negative and isinstance(case.body, dict):
        for name in case.body:
            kind = name.removesuffix("_id")
            if name.endswith("_id") and kind in programs.records:
                case.body[name] = programs.records[kind]
    if lead > 2 and ParameterLocation.HEADER not in negative and "If-Match" in case.headers:
        where = case.formatted_path.removesuffix("/withdraw")
        case.headers["If-Match"] = programs.get(role, where).headers.get("ETag", '"1"')


def _words(failure: BaseException) -> Iterator[str]:
    if isinstance(failure, FailureGroup):
        for one in failure.exceptions:
            yield from _words(one)
    else:
        yield f"{type(failure).__name__}: {failure}"[:600]


def hash_of(*words: str) -> int:
    """A seed that is the same in every process, unlike `hash()`."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:8], "big")
