"""Every bucket of every first card is filled somewhere in the demo's two years, on any day of a quarter."""

from datetime import date

import pytest
import time_machine
from flask import Flask

from outcomes.access.bind import system_scope
from outcomes.core.clock import today
from outcomes.core.periods import containing
from outcomes.demo.contracts import CONTRACTS
from outcomes.demo.world import Scale
from outcomes.frameworks.contracts import all_contracts
from outcomes.frameworks.figures import Asked, figures
from outcomes.frameworks.packs import framework_of
from outcomes.frameworks.sources import Live
from outcomes.measures.figures.figure import Figure
from tests.demo.loading import load

MET, NOT_MET, NO_EVIDENCE = "met", "not met", "no evidence"
SHORT, SOON = "here fewer than 28 days of the quarter", "placed fewer than 56 days"

FILLED = {
    "newham_ifa.5b_long_term_stability": {MET, NOT_MET},
    "newham_ifa.5a_planned_endings": {
        MET,
        NOT_MET,
        NO_EVIDENCE,
        "the carers moved to another agency and the child stayed with them",
    },
    "newham_ifa.6_progress_quarter": {MET, NOT_MET, NO_EVIDENCE, SHORT, SOON},
    "newham_ifa.3_care_plan_progress": {
        MET,
        NOT_MET,
        NO_EVIDENCE,
        "here fewer than 28 days of the half year",
        SOON,
    },
    "newham_ifa.4_in_education": {MET, NOT_MET, NO_EVIDENCE},
    "newham_ifa.6_skills_for_age": {MET, NOT_MET, NO_EVIDENCE},
    "newham_ifa.6_programme_in_place": {MET, NOT_MET},
    "hackney_homes.1.2-K1": {MET, NOT_MET, NO_EVIDENCE},
    "hackney_homes.1.2-K2": {MET, NOT_MET, NO_EVIDENCE},
    "hackney_homes.1.3-K1": {MET, NOT_MET, NO_EVIDENCE},
    "hackney_homes.1.3-K2": {MET, NOT_MET},
    "hackney_homes.1.4-K1": {MET, NOT_MET, NO_EVIDENCE, "placed fewer than 28 days"},
    "hackney_homes.2.1-K1": {MET, NOT_MET},
    "hackney_homes.2.1-K2": {MET, NOT_MET},
    "hackney_homes.2.1-K3": {MET, NOT_MET, NO_EVIDENCE},
    "hackney_homes.3.1-K2": {MET, NOT_MET, SHORT},
    "hackney_homes.3.2-K1": {
        MET,
        NOT_MET,
        NO_EVIDENCE,
        "replaced or withdrawn by agreement before its review",
    },
    "hackney_homes.1.4-K2": {
        MET,
        NOT_MET,
        NO_EVIDENCE,
        SHORT,
        SOON,
        "fewer than 2 reviews have fallen due",
    },
    "hackney_homes.3.1-M1": {MET},
    "hackney_homes.3.1-M2": {MET},
    "hackney_homes.3.2-K2": {MET},
    "hackney_homes.3.2-K3": {MET, NOT_MET},
    "hackney_homes.3.2-K4": {MET, NOT_MET, NO_EVIDENCE},
    "hackney_homes.3.2-K5": {MET, NOT_MET},
    "hackney_homes.3.2-K6": {
        MET,
        NOT_MET,
        "here fewer than 28 days of this quarter",
        "here fewer than 28 days of the quarter before",
    },
}
"""By card, every bucket and every reason that can come about. No child of the demo has died."""


@pytest.mark.parametrize(
    ("day", "seed"),
    [(date(2026, 11, 22), 1), (date(2027, 4, 1), 2), (date(2028, 2, 29), 3)],
    ids=["mid-quarter", "first day of a quarter", "leap day"],
)
def test_every_bucket_is_filled(app: Flask, day: date, seed: int) -> None:
    with time_machine.travel(f"{day} 12:00 +0000"), app.app_context(), system_scope("a test") as session:
        load(Scale(seed=seed))
        connection = session.connection()
        contracts = [scope.contract_id for scope in all_contracts(connection)]
        asked = Asked(tuple(FILLED), contracts, containing(today(), "quarter"), periods=9, members=True)
        found = figures(Live(connection), asked)
    filled = {measure: set[str]() for measure in FILLED}
    frameworks = {contract.reference: contract.framework for contract in CONTRACTS.values()}
    for figure in found:
        # A half year ends with every second quarter only.
        due = figure.position != "not_due"
        if due and frameworks[figure.contract] == framework_of(figure.card.measure):
            filled[figure.card.measure] |= _buckets(figure)
    assert filled == FILLED
    # A page of eight quarters shows rising, falling, changing and quiet lines.
    assert {figure.trend for figure in found} >= {
        "improving",
        "worsening",
        "volatile",
        "stable",
        "new_measure",
    }
    assert {figure.position for figure in found} >= {"met", "not_met", "no_target", "no_data"}


def _buckets(figure: Figure) -> set[str]:
    members = figure.members
    assert members is not None
    named = {MET: members.met, NOT_MET: members.not_met, NO_EVIDENCE: members.no_evidence}
    return {name for name, ids in named.items() if ids} | {because for _, because in members.left_out}


def test_every_contract_has_figures(app: Flask) -> None:
    with app.app_context(), system_scope("a test") as session:
        load()
        connection = session.connection()
        scopes = {scope.reference: scope for scope in all_contracts(connection)}
        assert scopes.keys() == {contract.reference for contract in CONTRACTS.values()}
        last_full = containing(today(), "quarter").earlier()
        for reference, measure in (
            ("northmere-fostering", "newham_ifa.6_progress_quarter"),
            ("eastwick-homes", "hackney_homes.1.4-K2"),
            ("northmere-homes", "hackney_homes.1.4-K2"),
        ):
            asked = Asked((measure,), [scopes[reference].contract_id], last_full)
            (figure,) = figures(Live(connection), asked)
            assert figure.out_of, reference
