"""Birth on the way (R-HOLD-01, 01b, 01c), with the numbers at the edge."""

import pytest

from facilities.capability import Trust
from routing.triage.case import Eta
from tests.routing.triage.cases import THEATRE, county, mother, presumed, sender

HERE = "deliver_in_place"


@pytest.mark.parametrize(("to_birth", "decision"), [(89, HERE), (90, "transfer_now")])
def test_birth_within_the_journey_and_half_an_hour_is_a_birth_here(to_birth, decision):
    """60 minutes of journey + 30 = 90."""
    found = mother(
        preterm_labour=True,
        gestational_age_weeks=30,
        eta_min=60,
        minutes_to_birth_estimate=to_birth,
    )

    assert found.decision == decision
    assert found.assessment.holds == (("R-HOLD-01",) if decision == HERE else ())


@pytest.mark.parametrize(("to_birth", "decision"), [(29, HERE), (30, "transfer_now")])
def test_a_journey_of_unknown_length_is_at_least_no_journey(to_birth, decision):
    found = mother(
        preterm_labour=True, gestational_age_weeks=30, minutes_to_birth_estimate=to_birth
    )

    assert found.decision == decision


@pytest.mark.parametrize(
    ("parity", "cervix", "decision"),
    [
        (0, 5.9, "transfer_now"),
        (0, 6, HERE),
        (1, 4.9, "transfer_now"),
        (1, 5, HERE),
        (None, 4.9, "transfer_now"),
        (None, 5, HERE),
    ],
)
def test_dilatation_counts_from_six_centimetres_the_first_time_and_from_five_later(
    parity, cervix, decision
):
    stated = {} if parity is None else {"parity": parity}
    found = mother(
        preterm_labour=True,
        gestational_age_weeks=30,
        cervix_cm=cervix,
        eta_min=30,
        eta_high_min=30,
        **stated,
    )

    assert found.decision == decision


@pytest.mark.parametrize(
    ("journey", "decision"),
    [
        ({"eta_min": 20, "eta_high_min": 29}, "transfer_now"),
        ({"eta_min": 20, "eta_high_min": 30}, HERE),
        ({"eta_min": 29}, "transfer_now"),
        ({"eta_min": 30}, HERE),
        ({}, "transfer_now"),
    ],
)
def test_dilatation_alone_counts_only_for_a_journey_known_to_be_long(journey, decision):
    found = mother(preterm_labour=True, gestational_age_weeks=30, cervix_cm=8, **journey)

    assert found.decision == decision


def test_the_computed_journey_stands_in_for_one_that_is_not_stated():
    near = Eta(expected_min=10, high_min=20, cooling_min=None)
    far = Eta(expected_min=60, high_min=90, cooling_min=None)
    asked = {"preterm_labour": True, "gestational_age_weeks": 30, "cervix_cm": 8}

    assert mother(**asked, eta=near).decision == "transfer_now"
    assert mother(**asked, eta=far).decision == HERE
    assert mother(**asked, eta=far, eta_min=10).decision == "transfer_now"


def test_an_urge_to_push_is_enough_and_asks_no_capability():
    found = mother(preterm_labour=True, gestational_age_weeks=30, urge_to_push=True)

    assert found.decision == HERE
    assert found.assessment.holds == ("R-HOLD-01",)


def test_a_woman_without_a_row_delivers_here_too():
    assert mother(urge_to_push=True).decision == HERE


def test_after_birth_nobody_delivers():
    found = mother(urge_to_push=True, delivered=True, retained_placenta=True)

    assert found.decision == "transfer_now"


@pytest.mark.parametrize(
    "reason", [{"malpresentation": True}, {"prior_cs_count": 2}, {"placenta_position": "praevia"}]
)
def test_a_birth_that_only_surgery_makes_safe_leaves_at_once(reason):
    found = mother(urge_to_push=True, **reason)

    assert found.decision == "transfer_now"
    assert "R-HOLD-01b" in found.assessment.holds
    assert found.need.rows


def test_without_a_row_the_same_birth_is_a_presumed_critical_patient():
    """Minutes to birth do not say that she is in labour, so no row fires by itself."""
    found = mother(malpresentation=True, minutes_to_birth_estimate=10)

    assert presumed(found)["E-M90"] == (
        ("clinician_says_critical", "mewc_triggered_unresolved"),
        False,
    )
    assert found.decision == "transfer_now"
    assert found.priority == 1


def test_a_breech_that_is_not_being_born_is_no_emergency():
    found = mother(malpresentation=True, gestational_age_weeks=30)

    assert found.assessment.presumed == ()
    assert found.decision == "routine_referral"


def test_a_critical_patient_is_presumed_beside_a_booking_row_as_well():
    found = mother(hiv=True, malpresentation=True, minutes_to_birth_estimate=10)

    assert "E-M90" in presumed(found)
    assert found.decision == "transfer_now"


@pytest.mark.parametrize(
    ("at", "decision"),
    [
        (sender("CS_24H"), HERE),
        (sender("CS_24H", trust=Trust.STATED), HERE),
        (sender("CS_24H", trust=Trust.ASSUMED), "transfer_now"),
        (sender("ANAES_24H"), "transfer_now"),
    ],
)
def test_a_breech_is_born_here_where_a_theatre_is_stated_or_confirmed(at, decision):
    found = mother(malpresentation=True, minutes_to_birth_estimate=10, at=at)

    assert found.decision == decision


@pytest.mark.parametrize(
    ("codes", "decision"),
    [
        (("CS_24H", "ANAES_24H", "BLOOD_RBC"), HERE),
        (("CS_24H", "ANAES_24H"), "transfer_now"),
        (("CS_24H", "BLOOD_RBC"), "transfer_now"),
    ],
)
def test_praevia_being_born_needs_theatre_anaesthetist_and_red_cells_here(codes, decision):
    found = mother(
        urge_to_push=True,
        placenta_position="praevia",
        antepartum_bleeding=True,
        placenta_over_scar=False,
        at=sender(*codes),
    )

    assert found.decision == decision
    assert "R-HOLD-01b" in found.assessment.holds


def test_bleeding_praevia_that_is_not_being_born_moves_on_to_more_blood():
    found = mother(
        placenta_position="praevia",
        antepartum_bleeding=True,
        placenta_over_scar=False,
        at=county(Trust.CONFIRMED),
    )

    assert found.decision == "transfer_now"


def test_a_threat_to_her_own_life_leaves_with_a_warning():
    found = mother(maternal_sepsis=True, urge_to_push=True, gestational_age_weeks=30)

    assert found.decision == "transfer_now"
    assert found.assessment.holds == ("R-HOLD-01c",)


def test_surgery_only_weighs_more_than_the_warning():
    found = mother(
        maternal_sepsis=True, urge_to_push=True, malpresentation=True, at=sender(*THEATRE[1:])
    )

    assert found.assessment.holds[0] == "R-HOLD-01b"
