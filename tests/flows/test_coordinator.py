"""A rescue centre's coordinator at night: ten requests at once, and nobody is forgotten."""

import threading

import pytest

from app.centres.reporting import Reported, report_capacity

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
CENTRE = "YN530100-001"
BED = "OB_RESCUE_BED"
SENDERS = 10


def with_beds(house, facility_id, free):
    with house.database.writing() as session:
        now = house.database.now(session)
        org = house.people[f"k-{facility_id}"].org_id
        said = Reported(facility_id, BED, free, free, now, "ward round")
        report_capacity(session, said, by_org=org, owner_org=org, province="53", now=now)


def hospitals(house):
    """Ten county hospitals that send."""
    found = [f for f in house.engine.registry.facilities if f.facility_id.startswith("YN530")]
    return [f.facility_id for f in found if f.tier.value == "county"][:SENDERS]


def test_ten_requests_at_once_and_three_beds(house):
    centre = house.coordinator(CENTRE)
    with_beds(house, CENTRE, 3)
    doctors = [house.clinician(one) for one in hospitals(house)]
    asked = [doctor.ask(BLEEDING) for doctor in doctors]
    for doctor, one in zip(doctors, asked, strict=True):
        if CENTRE not in {o["facility_id"] for o in one["offers"]}:
            answer = doctor.post(f"/referrals/{one['id']}/offers", {"facility_id": CENTRE})
            assert answer.status_code == 201, answer.text

    inbox = centre.get("/offers").json()["items"]
    assert len(inbox) == SENDERS
    assert [one["answer_by"] for one in inbox] == sorted(one["answer_by"] for one in inbox)
    answers = []

    def accept(offer):
        answers.append(centre.post(f"/offers/{offer['id']}/accept"))

    threads = [threading.Thread(target=accept, args=(one,)) for one in inbox]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] * 3 + [409] * 7, [a.text for a in answers]
    full = [a.json() for a in answers if a.status_code == 409]
    assert all(one["lost"]["kind"] == BED for one in full)
    held = [doctor.referral(one["id"]) for doctor, one in zip(doctors, asked, strict=True)]
    assert sum(one["status"] == "accepted" for one in held) == 3
    for one in held:
        assert None not in (one["next_step"], one["deadline_at"], one["owner_org"])
        if one["status"] != "accepted":
            assert {o["status"] for o in one["offers"]} & {"offered", "seen"}


def test_what_is_sent_twice_on_a_bad_line_is_done_once(house):
    doctor = house.clinician(hospitals(house)[0])
    body = {
        "request": {
            "facts": BLEEDING,
            "origin": {"facility_id": house.people[doctor.name].facility_id},
        }
    }
    key = "0123456789abcdef-form-opened-once"
    first = doctor.post("/referrals", body, key=key)
    again = doctor.post("/referrals", body, key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(doctor.get("/referrals").json()["items"]) == 1

    other = doctor.post("/referrals", {**body, "drill": True}, key=key)
    assert (other.status_code, other.json()["type"].rsplit(":", 1)[1]) == (422, "key-reused")


def test_two_tabs_on_one_referral_the_second_is_told(house):
    doctor = house.clinician(hospitals(house)[0])
    asked = doctor.ask(BLEEDING)
    path = f"/referrals/{asked['id']}/cancel"
    missing = doctor.post(path, {"reason": "recovered"})
    assert missing.status_code == 428
    centre = house.coordinator(asked["offers"][0]["facility_id"])
    centre.post(f"/offers/{asked['offers'][0]['id']}/accept")

    stale = doctor.post(path, {"reason": "recovered"}, version=asked["version"])
    assert stale.status_code == 412
    assert (stale.json()["read"], stale.json()["now"]) == (asked["version"], asked["version"] + 1)


def test_a_version_that_nobody_looks_at_is_refused_and_never_ignored(house):
    doctor = house.clinician(hospitals(house)[0])
    asked = doctor.ask(BLEEDING)
    centre_id = asked["offers"][0]["facility_id"]
    centre = house.coordinator(centre_id)
    offer, key = asked["offers"][0]["id"], "k" * 20
    path, body = "/capacity-reports", {"no_change": True, "facility_id": centre_id}
    stale = centre.post(path, body, version=asked["version"] + 7, key=key)

    assert (stale.status_code, stale.json()["type"].rsplit(":", 1)[1]) == (400, "version-not-read")
    assert stale.json()["title"] == "此操作不接受 If-Match"
    assert doctor.referral(asked["id"])["status"] == "offered"
    again = centre.post(path, body, key=key)
    assert again.json()["codes"] == ["nothing_reported_yet"]
    assert again.json()["messages"] == ["还没有填报过,请先填报数字"]
    assert centre.post(path, body, version=1, key=key).status_code == 400
    assert centre.post(f"/offers/{offer}/accept").json()["accepted"] is True


@pytest.mark.parametrize(
    ("act", "reason", "status"),
    [("cancel", "recovered", "cancelled"), ("close", "moved_by_other_path", "closed")],
)
def test_who_ends_what_is_over_is_told_so_by_whom_and_when(house, act, reason, status):
    doctor = house.clinician(hospitals(house)[0])
    asked = doctor.ask(BLEEDING)
    path, body = f"/referrals/{asked['id']}/{act}", {"reason": reason}
    assert doctor.post(path, body, version=asked["version"]).json()["status"] == status
    found = doctor.referral(asked["id"])

    for version in (asked["version"], found["version"]):
        again = doctor.post(path, body, version=version)
        told = again.json()
        assert (again.status_code, told["type"].rsplit(":", 1)[1]) == (409, "over-already")
        assert (told["codes"], told["current"]) == ([f"{status}_already"], status)
        assert (told["at"], told["by_org"]) == (
            found["events"][-1]["at"].replace("Z", "+00:00"),
            found["events"][-1]["by_org"],
        )
        assert (told["by_role"], told["reason"]) == ("county_clinician", reason)
    late = doctor.post(
        f"/referrals/{asked['id']}/stay", {"reason": "R-HOLD-03"}, version=found["version"]
    )
    assert late.json()["codes"] == [f"{status}_already"]
    assert doctor.referral(asked["id"])["version"] == found["version"]


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("sevenxx", ["key_too_short"]),
        ("k" * 65, ["key_too_long"]),
        ("with a space in it", ["key_with_other_signs"]),
        ("a b", ["key_too_short", "key_with_other_signs"]),
    ],
)
def test_what_is_wrong_with_a_key_is_said_and_the_key_is_not_repeated(house, key, codes):
    doctor = house.clinician(hospitals(house)[0])
    refused = doctor.post("/referrals", {"request": {}}, key=key)
    told = refused.json()

    assert (refused.status_code, told["type"].rsplit(":", 1)[1]) == (400, "key-malformed")
    assert (told["codes"], told["length"]) == (codes, len(key))
    assert len(told["messages"]) == len(codes)
    assert not set(told["messages"]) & set(codes)
    assert key not in refused.text


def test_what_is_no_version_is_not_called_missing(house):
    doctor = house.clinician(hospitals(house)[0])
    asked = doctor.ask(BLEEDING)
    headers = doctor.headers() | {"If-Match": "3"}
    path = f"/api/v1/referrals/{asked['id']}/cancel"
    refused = house.client.post(path, json={"reason": "recovered"}, headers=headers)

    assert refused.status_code == 400
    assert refused.json()["type"].rsplit(":", 1)[1] == "version-malformed"
