"""Who signs in with the accounts of the demonstration finds each other."""

import pytest

from app.accounts.demo import CENTRE, HOSPITAL
from tests.flows.test_bad_night import BLEEDING

SHOCK = {"delivered": True, "pph_ongoing": True, "pph_ml": 1600, "hr": 130, "sbp": 80}


@pytest.mark.parametrize("facts", [BLEEDING, SHOCK])
def test_the_centre_of_the_demonstration_is_asked_by_its_hospital_and_takes_her(house, facts):
    asked = house.clinician(HOSPITAL).ask(facts)
    centre = house.coordinator(CENTRE)
    (offer,) = centre.get("/worklists/mine").json()["offers"]

    assert (offer["number"], offer["facility_id"]) == (asked["number"], CENTRE)
    assert centre.post(f"/offers/{offer['id']}/accept").json()["accepted"] is True
