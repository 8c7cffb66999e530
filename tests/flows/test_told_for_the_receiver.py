"""Arrival and hand-over are the receiver's to say; for a silent centre they are a spoken word."""

import pytest
from sqlmodel import select

from app.notices.tables import Notice
from app.text import catalogue
from app.transfers.states import Identifier
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

NAMES = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
MARKS = ["arrival_not_confirmed", "hand_over_not_confirmed"]


def on_the_road(doctor, **ride):
    asked = doctor.ask(BLEEDING)
    said = {"referral_id": asked["id"], "drives": "sender"} | ride
    made = doctor.post("/transfers", said).json()
    assert doctor.post(f"/transfers/{made['id']}/depart", {}).status_code == 200
    return asked["id"], made


def told_by_the_sender(doctor):
    """The sender reports both, with who at the centre said so."""
    key, ride = on_the_road(doctor)
    path = f"/transfers/{ride['id']}"
    assert doctor.post(f"{path}/arrive", {"said_by": "测试丁"}).status_code == 200
    over = doctor.post(f"{path}/hand-over", NAMES | {"said_by": "测试丁"})
    assert over.status_code == 200, over.text
    return key, ride, over.json()


def test_a_sender_alone_cannot_make_a_centre_receive_her(house):
    doctor = house.clinician(SUIJIANG)
    key, ride = on_the_road(doctor)
    path = f"/transfers/{ride['id']}"
    for what, body in (("arrive", None), ("arrive", {}), ("arrive", {"said_by": None})):
        refused = doctor.post(f"{path}/{what}", body)
        assert refused.json().get("codes") == ["receiver_said_by_missing"], refused.text
    assert doctor.referral(key)["status"] == "offered"
    assert doctor.post(f"{path}/arrive", {"said_by": "测试丁"}).status_code == 200
    refused = doctor.post(f"{path}/hand-over", NAMES)
    assert refused.json()["codes"] == ["receiver_said_by_missing"]
    assert doctor.referral(key)["status"] == "accepted"


def test_what_the_sender_tells_for_a_silent_centre_is_marked_until_the_centre_confirms(house):
    doctor = house.clinician(SUIJIANG)
    key, ride, over = told_by_the_sender(doctor)
    assert (over["not_confirmed"], over["responsible"]) == (MARKS, "sender")
    found = doctor.referral(key)
    assert found["not_confirmed"] == MARKS
    assert found["transfers"][0]["not_confirmed"] == MARKS
    words = [(word["what"], word["said_by"], word["confirmed_at"]) for word in found["words"]]
    assert words == [("arrival", "测试丁", None), ("hand_over", "测试丁", None)]
    (line,) = doctor.get("/referrals").json()["items"]
    assert line["not_confirmed"] == MARKS
    assert found["events"][-1]["said_by"] == "测试丁"

    assert doctor.post(f"/referrals/{key}/confirm", {"what": "hand_over"}).status_code == 403
    centre = house.coordinator(ride["destination"])
    done = centre.post(f"/referrals/{key}/confirm", {"what": "hand_over"})
    assert done.status_code == 200, done.text
    found = doctor.referral(key)
    assert (found["not_confirmed"], found["transfers"][0]["responsible"]) == ([], "destination")


def test_the_centre_is_told_of_what_was_entered_in_its_name(house):
    doctor = house.clinician(SUIJIANG)
    told_by_the_sender(doctor)
    with house.database.reading() as session:
        told = [one.template for one in session.exec(select(Notice)).all()]
    assert told.count("told_for_you") == 2


def test_a_centre_that_receives_her_itself_owns_what_was_told_before(house):
    doctor = house.clinician(SUIJIANG)
    key, ride = on_the_road(doctor)
    doctor.post(f"/transfers/{ride['id']}/arrive", {"said_by": "测试丁"})
    assert doctor.referral(key)["not_confirmed"] == MARKS[:1]
    centre = house.coordinator(ride["destination"])
    over = centre.post(f"/transfers/{ride['id']}/hand-over", NAMES)
    assert over.status_code == 200, over.text
    assert (over.json()["not_confirmed"], over.json()["responsible"]) == ([], "destination")


def test_a_centre_that_is_only_asked_cannot_say_that_she_is_at_another(house):
    doctor = house.clinician(SUIJIANG)
    key, ride = on_the_road(doctor)
    asked = [one["facility_id"] for one in doctor.referral(key)["offers"]]
    other = house.coordinator(next(one for one in asked if one != ride["destination"]))
    for what in ("arrive", "died"):
        body = {"said_by": "测试丁"} if what == "arrive" else None
        assert other.post(f"/transfers/{ride['id']}/{what}", body).status_code == 403


def test_the_hand_over_says_which_two_identifiers_were_compared(house):
    doctor = house.clinician(SUIJIANG)
    _key, ride = on_the_road(doctor)
    centre = house.coordinator(ride["destination"])
    centre.post(f"/transfers/{ride['id']}/arrive")
    for compared in ([], ["name"], ["name", "name"]):
        refused = centre.post(
            f"/transfers/{ride['id']}/hand-over", NAMES | {"identifiers": compared}
        )
        assert refused.json()["codes"] == ["identity_not_checked"], refused.text
    assert (
        centre.post(
            f"/transfers/{ride['id']}/hand-over", NAMES | {"identifiers": ["name", "bed"]}
        ).status_code
        == 422
    )
    over = centre.post(f"/transfers/{ride['id']}/hand-over", NAMES)
    assert over.json()["identifiers"] == ["name", "wristband"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_marks_and_identifiers_have_words(language):
    words = catalogue(language)
    for code in (*MARKS, *(f"identifier_{one}" for one in Identifier)):
        assert words.code("notes", code) not in ("", code)
    assert words.code("codes", "receiver_said_by_missing") != "receiver_said_by_missing"
