"""What is presumed although nobody said the leading fact."""

import pytest

from facilities.capability import Trust
from facilities.centre import MaternalLevel
from tests.routing.triage.cases import county, mother, newborn, sender


def presumed(found):
    return [one.row for one in found.assessment.presumed]


def test_two_litres_lost_count_as_flowing_until_somebody_says_they_stopped():
    found = mother(pph_ml=2000, at=county(Trust.CONFIRMED))

    assert presumed(found) == ["E-M01", "E-M02"]
    assert found.decision == "transfer_now"
    assert found.priority == 1
    assert found.assessment.ask_next[0] == "pph_ongoing"


@pytest.mark.parametrize("lost", [{"pph_ml": 300}, {"pph_ml": 2000, "pph_ongoing": False}, {}])
def test_little_blood_or_a_bleeding_that_stopped_presumes_nothing(lost):
    assert presumed(mother(delivered=True, **lost)) == []


@pytest.mark.parametrize(
    "at",
    [
        sender("OB_DELIVERY", level=MaternalLevel.M0),
        county(Trust.ASSUMED),
        None,
    ],
)
@pytest.mark.parametrize("sign", [{"in_labour": True}, {"cervix_cm": 5}, {"urge_to_push": True}])
def test_a_scarred_uterus_in_labour_leaves_a_place_without_a_certain_theatre(at, sign):
    """R-SCAR-07: waiting for birth in a place without a theatre is never advised."""
    found = mother(prior_cs_count=1, gestational_age_weeks=39, **sign, **({"at": at} if at else {}))

    assert presumed(found) == ["E-M40"]
    assert found.need.never_bypass
    assert found.decision == "transfer_now"


def test_a_scarred_uterus_may_labour_where_the_theatre_is_certain():
    found = mother(prior_cs_count=1, in_labour=True, at=county(Trust.CONFIRMED))

    assert presumed(found) == []


def test_a_scar_out_of_labour_or_after_the_birth_presumes_nothing():
    assert presumed(mother(prior_cs_count=1, gestational_age_weeks=39)) == []
    assert presumed(mother(prior_cs_count=1, delivered=True)) == []


def test_a_row_that_goes_to_the_nearest_theatre_anyway_is_enough():
    found = mother(prior_cs_count=1, in_labour=True, cord_prolapse=True)

    assert [row for row in presumed(found) if row == "E-M40"] == []
    assert found.need.never_bypass


def test_labour_before_term_asks_first_whether_it_is_preterm_labour():
    assert mother(in_labour=True, gestational_age_weeks=30).assessment.ask_next[0] == (
        "preterm_labour"
    )
    assert (
        "preterm_labour" not in mother(in_labour=True, gestational_age_weeks=37).assessment.ask_next
    )


def test_an_unlisted_defect_of_a_newborn_asks_whether_the_child_is_critical():
    asked = newborn(surgical_condition="other").assessment.ask_next

    assert asked[0] == "clinician_says_critical_newborn"


def test_a_hospital_known_by_its_level_only_is_asked_whether_it_can_operate():
    found = mother(placental_abruption=True, at=sender(trust=Trust.ASSUMED))

    assert found.assessment.ask_next[:2] == ("sender_can_operate_now", "sender_can_transfuse_now")


def test_a_bad_heart_with_birth_at_hand_is_a_critical_patient():
    """R-HOLD-01c speaks although the only row is a booking."""
    found = mother(pap_mmhg=60, minutes_to_birth_estimate=10, eta_min=60)

    assert "E-M90" in presumed(found)
    assert found.decision == "transfer_now"


def test_a_newborn_without_a_row_is_asked_about_before_all_else():
    """A row that fires says what is wrong; without one silence is no sign of health."""
    assert newborn().assessment.ask_next[:2] == (
        "neonate_unwell",
        "clinician_says_critical_newborn",
    )
    said = newborn(neonate_unwell=False, clinician_says_critical_newborn=False)

    assert not {"neonate_unwell", "clinician_says_critical_newborn"} & set(said.assessment.ask_next)
