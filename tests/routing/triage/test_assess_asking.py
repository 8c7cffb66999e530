"""What is asked next: at most five facts, the deciding one first."""

import pytest

from facilities.capability import Trust
from tests.routing.triage.cases import county, mother, newborn


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({"malpresentation": True}, "in_labour"),
        ({"pap_mmhg": 60}, "in_labour"),
        ({"tolac_contraindicated": True}, "in_labour"),
        ({"placenta_position": "praevia"}, "antepartum_bleeding"),
    ],
)
def test_the_one_fact_that_would_make_it_an_emergency_is_asked_first(facts, first):
    assert mother(**facts).assessment.ask_next[0] == first


def test_what_cannot_become_an_emergency_by_one_fact_is_not_asked_before_the_colour():
    assert "in_labour" not in mother(age_years=30).assessment.ask_next


def test_an_early_warning_that_nobody_answered_is_asked_first():
    """A pulse of 140 triggers; without the answer no row fires."""
    found = mother(hr=140)

    assert found.assessment.scores.mewc.triggered
    assert found.assessment.ask_next[0] == "mewc_triggered_unresolved"


def test_a_collapse_asks_whether_she_would_die_on_the_way():
    assert mother(afe_suspected=True).assessment.ask_next[0] == "death_on_the_way_likely"


def test_whether_this_hospital_can_after_all_comes_before_everything():
    found = mother(hdp="eclampsia", at=county(Trust.ASSUMED)).assessment.ask_next

    assert found[:3] == (
        "sender_can_operate_now",
        "sender_can_transfuse_now",
        "gestational_age_weeks",
    )


def test_an_answer_is_not_asked_again():
    found = mother(hdp="eclampsia", at=county(Trust.ASSUMED), sender_can_operate_now=False)

    assert "sender_can_operate_now" not in found.assessment.ask_next


def test_what_a_hold_in_force_waits_for_comes_before_the_weeks():
    found = mother(gcs=7, hdp="eclampsia")

    assert found.decision == "stabilise_first"
    asked = found.assessment.ask_next
    assert asked.index("airway_secured") < asked.index("gestational_age_weeks")


def test_labour_without_any_sign_of_its_progress_asks_for_dilatation():
    assert "cervix_cm" in mother(preterm_labour=True, gestational_age_weeks=30).assessment.ask_next
    known = mother(preterm_labour=True, gestational_age_weeks=30, urge_to_push=False)
    assert "cervix_cm" not in known.assessment.ask_next


def test_a_filled_wish_for_care_is_asked_between_24_and_28_weeks_only():
    early = mother(preterm_labour=True, gestational_age_weeks=26).assessment
    later = mother(preterm_labour=True, gestational_age_weeks=30).assessment

    assert "fetus_viable_care_wished" in early.ask_next
    assert "fetus_viable_care_wished" not in later.ask_next


def test_the_colour_is_asked_last_and_a_newborn_has_none():
    orange = mother(age_years=41).assessment

    assert orange.ask_next
    assert newborn(neonatal_sepsis=True, newborn_stabilised=True).assessment.ask_next == ()
