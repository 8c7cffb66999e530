"""The answer as other programmes get it, and the journey that is known only later."""

import json
from dataclasses import fields

import pytest

from app.calculators.schemas import AssessmentOut
from app.documents import dumps
from routing.triage.assess import Assessment, assess, assess_case, with_journey
from routing.triage.case import Eta
from tests.routing.triage.cases import case, mother, newborn, patient_of, rules
from tests.routing.triage.row_facts import STATED

NEAR = Eta(expected_min=10, high_min=20, cooling_min=20)
FAR = Eta(expected_min=100, high_min=150, cooling_min=300)


def test_the_fields_are_those_of_the_interface_in_its_order():
    assert [field.name for field in fields(Assessment)] == list(AssessmentOut.model_fields)


@pytest.mark.parametrize("row", STATED)
def test_every_answer_fits_the_published_shape(row):
    found = assess(rules(), case(STATED[row], patient=patient_of(row)))
    written = json.loads(dumps(found))

    assert AssessmentOut.model_validate(written).model_dump() == written


def test_one_answer_written_out_in_full():
    """Severe pre-eclampsia at 34+3 weeks, twins: E-M04, a ward of level two b, two cots."""
    found = mother(hdp="preeclampsia_severe", gestational_age_weeks="34+3", fetus_count=2)
    written = json.loads(dumps(found.assessment))

    assert written["emergencies"] == ["E-M04"]
    assert written["presumed"] == []
    assert written["priority"] == 2
    assert written["need"] == {
        "capabilities": ["CS_24H", "ANAES_24H", "BLOOD_RBC", "OB_RESCUE_BED", "NEO_L2B"],
        "preferred": ["AICU"],
        "min_maternal_level": "M1",
        "min_neonatal_level": "N1",
        "places": [
            {"seat": "mother", "kind": "OB_RESCUE_BED"},
            {"seat": "newborn_1", "kind": "NEO_L2B"},
            {"seat": "newborn_2", "kind": "NEO_L2B"},
        ],
        "target_max_min": 120,
        "hard_max_min": 180,
        "escort": "ESC-OB",
        "never_bypass": False,
    }
    assert (written["decision"], written["holds"]) == ("transfer_now", [])
    assert written["first_actions"] == ["E-M04"]


def test_true_colour_rows_are_named_with_their_status():
    found = mother(age_years=41).assessment

    assert {row.rule for row in found.conditions} >= {"R-COLOUR-YELLOW-01"}
    assert all(row.name_zh and row.status for row in found.conditions)


def test_a_hold_shows_when_the_coordinator_is_rung():
    held = mother(maternal_cardiac_arrest=True).assessment
    moved = mother(maternal_sepsis=True).assessment

    assert "R-HOLD-10" in {due.rule for due in held.deadlines}
    assert "R-HOLD-10" not in {due.rule for due in moved.deadlines}


@pytest.mark.parametrize(
    "drawn",
    [
        {"cervix_cm": 8, "preterm_labour": True, "gestational_age_weeks": 30},
        {"minutes_to_birth_estimate": 60, "malpresentation": True},
        {"hellp": True},
    ],
)
@pytest.mark.parametrize("eta", [NEAR, FAR])
def test_the_journey_found_later_gives_what_it_would_have_given_at_once(drawn, eta):
    asked = case(drawn)
    first = assess_case(rules(), asked)

    assert with_journey(rules(), asked, first, eta) == assess_case(rules(), asked, eta=eta)


def test_a_long_way_to_cooling_misses_the_window_and_a_short_one_does_not():
    asked = case({"hie_grade": "severe", "neo_ga_weeks": 38, "age_hours": 2}, patient="newborn")
    first = assess_case(rules(), asked)

    assert with_journey(rules(), asked, first, FAR).cooling_window_missed
    assert not with_journey(rules(), asked, first, NEAR).cooling_window_missed


def test_where_the_journey_decides_nothing_the_answer_is_kept():
    asked = case({"neonatal_sepsis": True}, patient="newborn")
    first = assess_case(rules(), asked)

    assert with_journey(rules(), asked, first, FAR) is first


def test_a_newborn_answers_with_its_own_score_only():
    scores = newborn(neonatal_sepsis=True).assessment.scores

    assert (scores.mewc, scores.meows) == (None, None)
