"""What was stated before is shown to whoever ranks again, and to nobody who is only asked."""

from tests.flows.test_bad_night import BLEEDING, SUIJIANG


def test_who_asked_gets_back_what_was_stated_and_sends_it_again_with_what_is_new(house):
    doctor = house.clinician(SUIJIANG)
    before = doctor.ask(BLEEDING)
    asked = doctor.referral(before["id"])["asked"]

    assert asked["facts"] == BLEEDING
    assert "now" not in asked
    again = doctor.post(
        f"/referrals/{before['id']}/match",
        {"request": {**asked, "facts": {**asked["facts"], "pph_ml": 2000}}},
        version=before["version"],
    )
    assert again.status_code == 200, again.text
    assert doctor.referral(before["id"])["asked"]["facts"] == {**BLEEDING, "pph_ml": 2000}


def test_a_centre_that_is_only_asked_is_not_shown_what_was_stated_but_sees_who_it_is_for(house):
    found = house.clinician(SUIJIANG).ask(BLEEDING)
    centre = house.coordinator(found["offers"][0]["facility_id"])

    assert centre.referral(found["id"])["asked"] is None
    (line,) = centre.get("/worklists/mine").json()["referrals"]
    assert line["patient_kind"] == "maternal"
