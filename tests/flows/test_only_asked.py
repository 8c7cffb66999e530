"""Who is only asked sees no road but the one to its own door, and no vital signs on it."""

from datetime import UTC, datetime

from tests.flows.test_bad_night import BLEEDING, SUIJIANG

SEEN = {"facts": {"hr": 143}, "happened_at": datetime.now(UTC).isoformat()}


def on_the_road(house):
    """She is on the road to one of two centres that are asked."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    said = {"referral_id": asked["id"], "drives": "sender", "escort": "测试随车"}
    ride = doctor.post("/transfers", said).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    assert doctor.post(f"/transfers/{ride['id']}/observations", SEEN).status_code == 201
    other = next(
        o["facility_id"] for o in asked["offers"] if o["facility_id"] != ride["destination"]
    )
    return doctor, asked["id"], ride, other


def test_a_centre_that_is_only_asked_sees_no_journey_to_another(house):
    _doctor, key, ride, other = on_the_road(house)
    found = house.coordinator(other).get(f"/referrals/{key}")
    assert (found.json()["transfers"], found.json()["destination"]) == ([], None)
    assert ride["destination"] not in found.text


def test_a_centre_that_is_asked_sees_who_comes_to_it_and_no_vital_signs(house):
    doctor, key, ride, _other = on_the_road(house)
    (mine,) = house.coordinator(ride["destination"]).get(f"/referrals/{key}").json()["transfers"]
    assert (mine["escort"], mine["observations"]) == ("测试随车", [])
    (theirs,) = doctor.referral(key)["transfers"]
    assert [one["facts"] for one in theirs["observations"]] == [{"hr": 143}]


def test_a_second_journey_is_refused_with_what_to_do(house):
    doctor, key, ride, other = on_the_road(house)
    again = {"referral_id": key, "drives": "sender", "facility_id": other}
    refused = doctor.post("/transfers", again)
    assert (refused.status_code, refused.json()["codes"]) == (422, ["transfer_under_way"])
    diverted = doctor.post(
        f"/transfers/{ride['id']}/divert",
        {"facility_id": other, "reason": "road_closed"},
        version=doctor.referral(key)["transfers"][0]["version"],
    )
    assert diverted.status_code == 200, diverted.text
