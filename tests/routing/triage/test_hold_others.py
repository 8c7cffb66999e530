"""Holds beside birth: arrest, surgery here, seizure, airway, pressure, an unready newborn."""

import pytest

from facilities.capability import Trust
from tests.routing.triage.cases import THEATRE, mother, newborn, presumed, sender

SURGERY_HERE = {
    "E-M07": {"placental_abruption": True},
    "E-M08": {"uterine_rupture_current": True},
    "E-M09": {"cord_prolapse": True},
    "E-M22": {"obstructed_labour": True},
    "E-M40": {"in_labour": True, "malpresentation": True},
}


def test_cardiac_arrest_stays_before_everything_else():
    found = mother(maternal_cardiac_arrest=True, urge_to_push=True, gcs=3, at=sender(*THEATRE))

    assert found.decision == "stay_expert_team"
    assert found.assessment.holds == ("R-HOLD-09",)
    assert found.priority == 1


def test_death_on_the_way_stays_but_keeps_the_need():
    found = mother(maternal_sepsis=True, death_on_the_way_likely=True)

    assert found.decision == "stay_expert_team"
    assert found.assessment.holds == ("R-HOLD-03",)
    assert "AICU" in found.assessment.need.capabilities


@pytest.mark.parametrize("ask", [mother, newborn])
def test_a_dying_patient_without_a_row_is_a_presumed_critical_one(ask):
    found = ask(death_on_the_way_likely=True)

    assert found.decision == "stay_expert_team"
    assert list(presumed(found)) in (["E-M90"], ["E-N90"])


@pytest.mark.parametrize("facts", SURGERY_HERE.values(), ids=SURGERY_HERE)
def test_a_hospital_that_can_operate_now_operates(facts):
    assert mother(**facts, at=sender("CS_24H")).decision == "deliver_in_place"
    assert mother(**facts, at=sender("CS_24H")).assessment.holds == ("R-HOLD-04",)
    assert mother(**facts, at=sender(*THEATRE, trust=Trust.ASSUMED)).decision == "transfer_now"
    assert mother(**facts).decision == "transfer_now"


def test_the_answer_yes_makes_an_assumed_theatre_a_stated_one():
    assumed = sender(*THEATRE, trust=Trust.ASSUMED)
    asked = mother(placental_abruption=True, at=assumed)
    answered = mother(placental_abruption=True, at=assumed, sender_can_operate_now=True)

    assert asked.assessment.ask_next[0] == "sender_can_operate_now"
    assert answered.decision == "deliver_in_place"


def test_the_answer_no_closes_a_confirmed_theatre():
    found = mother(placental_abruption=True, at=sender(*THEATRE), sender_can_operate_now=False)

    assert found.decision == "transfer_now"


def test_a_ruptured_ectopic_is_treated_here_not_delivered():
    found = mother(ruptured_ectopic=True, at=sender(*THEATRE))

    assert found.decision == "none"
    assert found.assessment.holds == ()


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({"seizure_controlled": False}, "stabilise_first"),
        ({"seizure_controlled": True}, "transfer_now"),
        ({}, "transfer_now"),
        ({"gcs": 8}, "stabilise_first"),
        ({"gcs": 8, "airway_secured": True}, "transfer_now"),
        ({"gcs": 9}, "transfer_now"),
    ],
)
def test_a_seizure_or_an_open_airway_comes_before_leaving(facts, decision):
    found = mother(hdp="eclampsia", gestational_age_weeks=38, **facts)

    assert found.decision == decision
    assert ("R-HOLD-05" in found.assessment.holds) is (decision == "stabilise_first")


def test_an_unknown_seizure_is_asked():
    found = mother(hdp="eclampsia", gestational_age_weeks=38)

    assert found.assessment.ask_next[0] == "seizure_controlled"


@pytest.mark.parametrize(
    ("pressure", "decision"),
    [
        ({"sbp": 160, "antihypertensive_given": False}, "stabilise_first"),
        ({"sbp": 159, "antihypertensive_given": False}, "transfer_now"),
        ({"sbp": 160, "antihypertensive_given": True}, "transfer_now"),
        ({"sbp": 160}, "stabilise_first"),
        ({"dbp": 110, "antihypertensive_given": False}, "stabilise_first"),
    ],
)
def test_severe_pressure_is_treated_before_leaving(pressure, decision):
    found = mother(hdp="preeclampsia_severe", gestational_age_weeks=35, **pressure)

    assert found.decision == decision


def test_a_pressure_not_known_to_be_treated_is_asked_first():
    found = mother(sbp=170, hdp="none", gestational_age_weeks=35)

    assert found.assessment.ask_next[0] == "antihypertensive_given"


def test_a_coma_without_a_row_is_a_presumed_critical_patient():
    found = mother(gcs=6)

    assert list(presumed(found)) == ["E-M90"]
    assert found.decision == "stabilise_first"
    assert found.priority == 1


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({"newborn_stabilised": False}, "stabilise_first"),
        ({"newborn_stabilised": True}, "transfer_now"),
        ({}, "transfer_now"),
    ],
)
def test_a_newborn_known_to_be_unready_is_stabilised_first(facts, decision):
    found = newborn(neonatal_sepsis=True, **facts)

    assert found.decision == decision
    assert ("newborn_stabilised" in found.assessment.ask_next) is (not facts)


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({}, "stabilise_first"),
        ({"tension_relieved": False}, "stabilise_first"),
        ({"tension_relieved": True}, "transfer_now"),
        ({"tension_relieved": True, "newborn_stabilised": False}, "stabilise_first"),
    ],
)
def test_a_pneumothorax_waits_until_it_is_known_to_be_drained(facts, decision):
    assert newborn(tension_pneumothorax=True, **facts).decision == decision


def test_bleeding_leaves_with_treatment_running():
    assert mother(pph_ongoing=True, pph_ml=700).assessment.holds == ("R-HOLD-02",)


@pytest.mark.parametrize(("waited", "rings"), [(20, False), (21, True)])
def test_a_hold_older_than_twenty_minutes_rings(waited, rings):
    found = mother(maternal_cardiac_arrest=True, waited_min=waited)

    assert ("R-HOLD-10" in found.assessment.holds) is rings


def test_no_hold_no_ringing():
    assert "R-HOLD-10" not in mother(maternal_sepsis=True, waited_min=300).assessment.holds


def test_a_hold_never_empties_the_need():
    """R-HOLD-10: the request, the place and the team start at once; only arrest suppresses."""
    found = mother(preterm_labour=True, gestational_age_weeks=30, urge_to_push=True)

    assert found.decision == "deliver_in_place"
    assert found.need.required
    assert found.need.seats
