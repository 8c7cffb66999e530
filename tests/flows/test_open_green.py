"""A green that is not complete is no colour: not in lists, not on a board, not to who is asked."""

from tests.flows.test_bad_night import SUIJIANG

PRETERM = {"preterm_labour": True, "gestational_age_weeks": "30+0"}


def test_a_woman_whose_colour_is_still_open_is_listed_without_one(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(PRETERM)
    assert (asked["assessment"]["colour"], asked["assessment"]["incomplete"]) == ("green", True)
    line = doctor.get("/referrals").json()["items"][0]
    assert line["colour"] is None
    assert asked["colour"] is None

    centre = house.coordinator(asked["offers"][0]["facility_id"])
    (offer,) = centre.get("/worklists/mine").json()["offers"]
    assert offer["assessment"]["incomplete"] is True
