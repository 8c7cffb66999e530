"""Rows, shock and the sender's own theatre decide whether a nearer stop is looked for."""

import pytest

from facilities.capability import Trust
from tests.routing.triage.cases import THEATRE, county, mother, newborn, sender

BLEEDING = {"pph_ongoing": True, "pph_ml": 1600}


@pytest.mark.parametrize(
    ("shock", "wanted"),
    [({}, "mother"), ({"shock_index": 0.9}, "mother"), ({"shock_index": 0.89}, None)],
)
def test_a_bleeding_woman_in_shock_or_of_unknown_shock_stops_at_the_nearer_theatre(shock, wanted):
    assert mother(**BLEEDING, **shock).need.first_stop == wanted


def test_shock_is_reckoned_from_pulse_and_pressure():
    """108 / 120 = 0.9."""
    assert mother(**BLEEDING, hr=108, sbp=120).need.first_stop == "mother"
    assert mother(**BLEEDING, hr=107, sbp=120).need.first_stop is None


def test_a_hospital_with_its_own_theatre_and_red_cells_is_itself_the_stop():
    assert mother(**BLEEDING, at=county(Trust.ASSUMED)).need.first_stop is None
    assert mother(**BLEEDING, at=sender("CS_24H")).need.first_stop == "mother"


@pytest.mark.parametrize("question", ["sender_can_operate_now", "sender_can_transfuse_now"])
def test_an_answered_no_makes_the_nearer_theatre_a_stop_again(question):
    found = mother(**BLEEDING, at=county(Trust.ASSUMED), **{question: False})

    assert found.need.first_stop == "mother"


def test_never_bypass_rows_go_to_the_nearest_theatre_anyway():
    found = mother(
        in_labour=True,
        malpresentation=True,
        placenta_position="praevia",
        antepartum_bleeding=True,
        placenta_over_scar=False,
    )

    assert {"E-M10", "E-M40"} <= set(found.need.rows)
    assert found.need.first_stop is None


def test_rows_that_do_not_bleed_have_no_first_stop():
    assert mother(maternal_sepsis=True).need.first_stop is None


def test_the_smallest_newborns_may_stop_at_a_nearer_ventilator():
    assert newborn(neo_ga_weeks=27).need.first_stop == "newborn"
    assert newborn(neo_ga_weeks=30).need.first_stop is None


def test_what_the_sender_lacks_is_told_by_any_account():
    """The county centre has the theatre and red cells; platelets and embolisation it lacks."""
    found = mother(**BLEEDING, at=county(Trust.ASSUMED))

    assert found.sender_lacks == {"BLOOD_MTP", "IR"}
    assert mother(**BLEEDING).sender_lacks >= {"CS_24H", "BLOOD_RBC", "BLOOD_MTP"}


def test_a_stated_lack_comes_back():
    found = mother(**BLEEDING, at=county(Trust.ASSUMED), sender_can_transfuse_now=False)

    assert "BLOOD_RBC" in found.sender_lacks


def test_a_theatre_that_may_be_there_is_shown_before_a_long_journey():
    assert mother(**BLEEDING, at=county(Trust.ASSUMED)).sender_assumed_able
    assert mother(
        placental_abruption=True, at=sender(*THEATRE, trust=Trust.ASSUMED)
    ).sender_assumed_able
    assert not mother(**BLEEDING).sender_assumed_able


def test_an_answered_no_takes_it_away_again():
    found = mother(**BLEEDING, at=county(Trust.ASSUMED), sender_can_operate_now=False)

    assert not found.sender_assumed_able


def test_a_theatre_does_not_help_a_failing_heart_that_needs_a_cardiologist():
    assert not mother(nyha_class=4, at=county(Trust.ASSUMED)).sender_assumed_able
