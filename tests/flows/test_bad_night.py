"""A county hospital's bad night, told through the interface."""

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}


def test_from_request_to_outcome(house):
    doctor = house.clinician("YN530600-011")
    asked = doctor.ask(BLEEDING)
    assert asked["status"] == "offered"
    assert asked["priority"] == 1
    assert len(asked["offers"]) == 2
    first = asked["offers"][0]
    centre = house.coordinator(first["facility_id"])
    (offer,) = list(centre.get("/offers").json()["items"])
    assert offer["status"] == "offered"

    said = centre.post(f"/offers/{offer['id']}/accept")
    assert said.status_code == 200, said.text
    assert said.json()["accepted"] is True

    found = doctor.referral(asked["id"])
    assert found["status"] == "accepted"
