"""The order of decision (R-DEST-05, R-DEST-06) and the priority (R-PRIO-01)."""

import pytest

from facilities.capability import Trust
from facilities.centre import Grade, MaternalLevel
from tests.routing.triage.cases import (
    COUNTY,
    COUNTY_WARD,
    county,
    mother,
    newborn,
    presumed,
    sender,
)

BLEEDING = {"pph_ongoing": True, "pph_ml": 700, "coagulation_disorder": False}
MILD = {"pph_ongoing": True, "pph_ml": 700}


@pytest.mark.parametrize(
    ("trust", "decision"),
    [
        (Trust.CONFIRMED, "none"),
        (Trust.STATED, "none"),
        (Trust.ASSUMED, "transfer_now"),
    ],
)
def test_treated_here_only_on_stated_or_confirmed_capabilities(trust, decision):
    assert mother(**BLEEDING, at=county(trust)).decision == decision


def test_treated_here_only_if_the_row_behind_a_presumption_is_satisfied_too():
    """The unknown clotting leaves E-M02 open, which needs plasma and platelets."""
    without = mother(**MILD, at=county(Trust.CONFIRMED))
    full = mother(**MILD, at=sender(*COUNTY, "BLOOD_MTP"))

    assert presumed(without)["E-M01"][1] is True
    assert without.decision == "transfer_now"
    assert full.decision == "none"


def test_assumed_capabilities_ask_first_whether_she_can_be_treated_now():
    found = mother(**BLEEDING, at=county(Trust.ASSUMED))

    assert found.assessment.ask_next[:2] == ("sender_can_operate_now", "sender_can_transfuse_now")
    assert found.sender_assumed_able


def test_both_answered_yes_still_need_the_bed_that_is_only_assumed():
    answers = {"sender_can_operate_now": True, "sender_can_transfuse_now": True}
    assumed_bed = mother(**BLEEDING, at=county(Trust.ASSUMED), **answers)
    no_bed = mother(ruptured_ectopic=True, at=county(Trust.ASSUMED), **answers)

    assert assumed_bed.decision == "transfer_now"
    assert no_bed.decision == "none"


def test_unknown_weeks_never_end_in_staying():
    at = sender(*COUNTY, *COUNTY_WARD, "NEO_L3A", "NEO_L3B")
    unknown = mother(hdp="eclampsia", seizure_controlled=True, at=at)
    known = mother(hdp="eclampsia", seizure_controlled=True, gestational_age_weeks=36, at=at)

    assert unknown.decision == "transfer_now"
    assert known.decision == "none"


def test_the_ward_of_the_child_decides_whether_she_stays():
    at = county(Trust.CONFIRMED)

    assert mother(hdp="eclampsia", gestational_age_weeks=33, at=at).decision == "none"
    assert mother(hdp="eclampsia", gestational_age_weeks=31, at=at).decision == "transfer_now"


def test_a_newborn_is_treated_here_where_the_ward_is_confirmed():
    assert newborn(neonatal_sepsis=True, at=county(Trust.CONFIRMED)).decision == "none"
    assert newborn(neonatal_sepsis=True, at=county(Trust.ASSUMED)).decision == "transfer_now"
    assert newborn(pphn=True, at=county(Trust.CONFIRMED)).decision == "transfer_now"


def test_booking_rows_alone_always_book_whatever_this_hospital_can():
    everything = sender(*COUNTY, *COUNTY_WARD, level=MaternalLevel.M3, grade=Grade.G3)

    assert mother(hiv=True, at=everything).decision == "book_planned"
    assert mother(hiv=True).decision == "book_planned"
    assert mother(hiv=True).priority == 3


def test_a_newborn_without_a_row_stays():
    assert newborn(neo_ga_weeks=39).decision == "none"
    assert newborn(neo_ga_weeks=39).priority == 3


@pytest.mark.parametrize(
    ("at", "decision"),
    [
        (sender(level=MaternalLevel.M1, grade=Grade.G2), "routine_referral"),
        (sender(level=MaternalLevel.M0, grade=Grade.G2), "routine_referral"),
        (sender(level=MaternalLevel.M1, grade=Grade.G1), "routine_referral"),
        (sender(level=None, grade=Grade.G3), "routine_referral"),
        (sender(level=MaternalLevel.M3, grade=None), "routine_referral"),
        (county(Trust.CONFIRMED), "none"),
        (county(Trust.ASSUMED), "routine_referral"),
    ],
)
def test_an_orange_woman_is_referred_from_a_hospital_below_her_minimum(at, decision):
    """Orange asks for grade 2 and M1, and nobody stays on a delivery service that was not said."""
    found = mother(age_years=41, at=at)

    assert found.assessment.colour == "orange"
    assert found.decision == decision


def test_no_sender_is_below_every_minimum():
    assert mother(age_years=30).decision == "routine_referral"


def test_the_planned_delivery_follows_the_highest_label():
    found = mother(age_years=41, hiv=True).assessment

    assert found.labels == ("orange", "purple")
    assert found.planned_delivery is not None
    assert found.planned_delivery.min_institution_grade == 2
    assert found.planned_delivery.preferred_institution_grade == 3
    assert found.planned_delivery.min_maternal_level == "M1"


@pytest.mark.parametrize(
    ("facts", "opened"),
    [
        ({"age_years": 41}, True),
        ({"age_years": 35}, True),
        ({"age_years": 34}, False),
        ({"prior_cs_count": 1}, True),
        ({"hiv": True}, True),
        ({}, False),
    ],
)
def test_a_case_file_is_opened_by_colour_by_age_and_after_a_caesarean(facts, opened):
    assert mother(**facts).assessment.case_file is opened


def test_a_newborn_has_no_colour_no_file_and_no_planned_delivery():
    found = newborn(pphn=True).assessment

    assert (found.colour, found.case_file, found.planned_delivery) == (None, None, None)
    assert found.labels == ()


@pytest.mark.parametrize(
    ("facts", "priority"),
    [
        ({"pph_ongoing": True}, 1),
        ({"hellp": True}, 2),
        ({"afe_suspected": True}, 1),
        ({"maternal_cardiac_arrest": True}, 1),
        ({"hiv": True}, 3),
        ({"hiv": True, "hellp": True}, 2),
        ({"hellp": True, "clinician_says_critical": True}, 1),
        ({"age_years": 30}, 3),
    ],
)
def test_the_priority_is_the_most_urgent_of_all_rows(facts, priority):
    assert mother(**facts).priority == priority


@pytest.mark.parametrize(
    ("facts", "priority"),
    [
        ({"pphn": True}, 2),
        ({"oxygenation_index": 41}, 1),
        ({"clinician_says_critical_newborn": True}, 1),
        ({"neonatal_sepsis": True, "clinician_says_critical_newborn": True}, 1),
    ],
)
def test_a_newborn_row_without_limit_or_the_clinicians_word_is_priority_1(facts, priority):
    assert newborn(**facts).priority == priority


def test_rule_set_and_unsigned_rows_stand_on_every_answer():
    found = mother(hellp=True).assessment

    assert found.rule_set.startswith("cn-2017")
    assert found.unsigned_rules > 0


def test_at_most_five_facts_are_asked():
    assert len(mother(preterm_labour=True, sbp=170).assessment.ask_next) == 5
