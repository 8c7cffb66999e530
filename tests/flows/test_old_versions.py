"""Who comes with an old version is shown what the record is by now, as far as it is hers to see."""

from tests.flows.test_bad_night import BLEEDING, SUIJIANG

NAMES = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "birth_date"]}


def on_the_road(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    left = doctor.post(f"/transfers/{ride['id']}/depart", {}, version=ride["version"])
    assert left.status_code == 200, left.text
    return doctor, asked, left.json()


def test_an_old_version_of_a_referral_is_answered_with_what_it_is_now(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first = asked["offers"][0]
    house.coordinator(first["facility_id"]).post(f"/offers/{first['id']}/accept")
    old = doctor.post(
        f"/referrals/{asked['id']}/stay", {"reason": "R-HOLD-03"}, version=asked["version"]
    )
    assert old.status_code == 412, old.text
    now = old.json()["current"]

    assert old.json()["read"] == asked["version"]
    assert (now["status"], now["destination"]) == ("accepted", first["facility_id"])
    assert old.headers["etag"] == f'"{now["version"]}"'
    again = doctor.post(
        f"/referrals/{asked['id']}/stay", {"reason": "R-HOLD-03"}, version=now["version"]
    )
    assert again.json()["status"] == "stayed", again.text


def test_two_who_turn_her_round_at_once_do_not_undo_each_other(house):
    doctor, asked, left = on_the_road(house)
    one, two = (row["facility_id"] for row in asked["ranking"][2:4])
    path = f"/transfers/{left['id']}/divert"
    assert doctor.post(path, {"facility_id": one, "reason": "road_closed"}).status_code == 428
    first = doctor.post(
        path, {"facility_id": one, "reason": "road_closed"}, version=left["version"]
    )
    assert first.json()["destination"] == one, first.text

    late = doctor.post(path, {"facility_id": two, "reason": "road_closed"}, version=left["version"])
    assert (late.status_code, late.json()["current"]["destination"]) == (412, one)


def test_an_arrival_needs_no_version_and_one_that_is_sent_is_looked_at(house):
    doctor, _, left = on_the_road(house)
    centre = house.coordinator(left["destination"])
    path = f"/transfers/{left['id']}/arrive"
    old = centre.post(path, version=left["version"] - 1)
    assert (old.status_code, old.json()["current"]["status"]) == (412, "departed")
    assert centre.post(path).json()["status"] == "arrived"
    for step, body in (("hand-over", NAMES), ("died", None)):
        answer = doctor.post(f"/transfers/{left['id']}/{step}", body, version=1)
        assert answer.status_code == 412, answer.text


def test_an_answer_to_what_the_question_no_longer_is_is_refused(house):
    doctor = house.clinician(SUIJIANG)
    first = doctor.ask(BLEEDING)["offers"][0]
    centre = house.coordinator(first["facility_id"])
    seen = centre.get(f"/offers/{first['id']}").json()
    old = centre.post(f"/offers/{first['id']}/accept", version=first["version"])
    assert (old.status_code, old.json()["current"]["status"]) == (412, "seen")

    assert centre.post(f"/offers/{first['id']}/accept", version=seen["version"]).status_code == 200


def test_who_may_see_the_least_is_shown_no_more_by_a_refusal(house):
    doctor = house.clinician(SUIJIANG)
    first = doctor.ask(BLEEDING)["offers"][0]
    centre = house.coordinator(first["facility_id"])
    old = centre.post(f"/offers/{first['id']}/decline", {"code": "recommend_nearer"}, version=9)

    assert old.status_code == 412
    assert not {"identity", "patient_id"} & set(old.json()["current"])


def test_two_who_merge_at_once_read_her_first(house):
    doctor = house.clinician(SUIJIANG)
    keep, drop = (doctor.post("/patients", {"kind": "maternal"}).json()["patient_id"] for _ in "ab")
    said = {"drop": drop, "reason": "recognised_by_staff"}
    path = f"/patients/{keep}/merge"
    assert doctor.post(path, said).status_code == 428
    old = doctor.post(path, said, version=7)

    assert (old.status_code, old.json()["current"]["patient_id"]) == (412, keep)
