"""A newborn in a township is fetched by the team of the receiving hospital."""

from tests.flows.house import hours_ago

SICK = {
    "birth_weight_g": 1450,
    "neo_ga_weeks": "30+4",
    "age_minutes": 50,
    "clinician_says_critical_newborn": True,
}
COUNTY = "YN533300-004"


def test_a_newborn_is_fetched_and_handed_over_with_two_names(house):
    doctor = house.clinician(COUNTY)
    asked = doctor.ask(SICK)
    assert asked["status"] == "offered"
    assert {seat["seat"] for seat in asked["ranking"][0]["places"]} == {"newborn_1"}
    to = asked["offers"][0]["facility_id"]
    centre = house.coordinator(to)
    seen = centre.get(f"/referrals/{asked['id']}").json()
    assert (seen["identity"], seen["patient_id"]) == (None, asked["patient_id"])
    said = centre.post(f"/offers/{asked['offers'][0]['id']}/accept")
    assert said.json()["accepted"] is True, said.text

    ride = centre.post(
        "/transfers",
        {"referral_id": asked["id"], "drives": "receiver_team", "escort": "ESC-NEO-CRIT"},
    )
    assert ride.status_code == 201, ride.text
    key = ride.json()["id"]
    assert centre.post(f"/transfers/{key}/depart", {"minutes": 120}).status_code == 200
    whole = doctor.referral(asked["id"])
    assert whole["progress"] == "departed"
    assert whole["transfers"][0]["escort"] == "ESC-NEO-CRIT"
    vital = {"facts": {"spo2": 91}, "happened_at": hours_ago(2)}
    assert centre.post(f"/transfers/{key}/observations", vital).status_code == 201
    assert centre.post(f"/transfers/{key}/arrive").status_code == 200
    names = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
    over = centre.post(f"/transfers/{key}/hand-over", names)
    assert over.json()["status"] == "handed_over"

    still = {
        "result": "still_admitted",
        "diagnosis": "早产",
        "treatment": "无创通气",
        "happened_at": hours_ago(1),
    }
    assert centre.post(f"/referrals/{asked['id']}/outcomes", still).status_code == 201
    waits = doctor.referral(asked["id"])
    assert (waits["status"], waits["next_step"]) == ("handed_over", "complete_handover")
    wrong = centre.post(f"/referrals/{asked['id']}/outcomes", {**still, "near_miss": []})
    assert (wrong.status_code, wrong.json()["codes"]) == (422, ["near_miss_of_newborn"])
    gone = {**still, "result": "referred_back", "follow_up": "每周复查"}
    assert centre.post(f"/referrals/{asked['id']}/outcomes", gone).status_code == 201
    told = doctor.referral(asked["id"])
    assert [one["result"] for one in told["outcomes"]] == ["still_admitted", "referred_back"]


def test_a_bad_day_the_team_turns_back_and_the_child_stays_until_another_one_comes(house):
    doctor = house.clinician(COUNTY)
    asked = doctor.ask(SICK)
    first = asked["offers"][0]
    centre = house.coordinator(first["facility_id"])
    centre.post(f"/offers/{first['id']}/accept")
    ride = centre.post("/transfers", {"referral_id": asked["id"], "drives": "receiver_team"}).json()
    assert centre.post(f"/transfers/{ride['id']}/call-off").status_code == 200
    no = {"code": "no_bed_diverting_to", "detail": asked["ranking"][1]["facility_id"]}
    assert centre.post(f"/offers/{first['id']}/decline", no).status_code == 200

    found = doctor.referral(asked["id"])
    assert (found["status"], found["destination"]) == ("offered", None)
    assert {o["status"] for o in found["offers"]} >= {"declined", "offered"}
    assert centre.post(f"/transfers/{ride['id']}/depart", {}).status_code == 404
    stay = doctor.post(
        f"/referrals/{asked['id']}/stay", {"reason": "R-HOLD-03"}, version=found["version"]
    )
    assert stay.json()["status"] == "stayed", stay.text
    house.pass_time(21)
    again = doctor.post(
        f"/referrals/{asked['id']}/match",
        {"request": {"facts": SICK, "origin": {"facility_id": COUNTY}}},
        version=doctor.referral(asked["id"])["version"],
    )
    assert again.json()["status"] == "offered", again.text
