"""A stop on the way is rung with the number of now; asked here it would be her destination."""

from datetime import UTC, datetime, timedelta

import pytest

from app.text import catalogue
from routing.answer import STOPS
from tests.flows.test_ambulance_called import ems
from tests.flows.test_bad_night import SUIJIANG

BLEEDS = {"pph_ongoing": True}
NOW = "0870-88883"


def answer(who):
    here = {"facility_id": SUIJIANG}
    said = who.post("/recommendations", {"facts": BLEEDS, "origin": here, "sender": here})
    assert said.status_code == 200, said.text
    return said.json()


def stop_of(found):
    return next(one["facility_id"] for one in found["alternatives"] if one["kind"] in STOPS)


def asks(doctor):
    here = {"facility_id": SUIJIANG}
    said = doctor.post("/referrals", {"request": {"facts": BLEEDS, "origin": here, "sender": here}})
    assert said.status_code == 201, said.text
    return said.json()


def takes_turn(house, facility_id):
    """Somebody is on duty there and has entered the number of tonight."""
    now = datetime.now(UTC)
    turn = {
        "facility_id_or_adcode": facility_id,
        "role": "obstetric",
        "person_name": "测试丁",
        "phone": NOW,
        "from_at": (now - timedelta(hours=1)).isoformat(),
        "until": (now + timedelta(hours=8)).isoformat(),
    }
    assert house.coordinator(facility_id).post("/duty", turn).status_code == 201


@pytest.fixture
def doctor(house):
    return house.clinician(SUIJIANG)


def test_before_sending_a_stop_has_the_number_of_now_or_it_is_said_not_to_be_known(house, doctor):
    before = answer(doctor)
    stop = stop_of(before)
    assert [one["facility_id"] for one in before["stops"]].count(stop) == 1
    (unknown,) = [one for one in before["stops"] if one["facility_id"] == stop]
    takes_turn(house, stop)
    (known,) = [one for one in answer(doctor)["stops"] if one["facility_id"] == stop]

    assert (unknown["phone"], unknown["phone_note_code"]) == (None, "number_unknown")
    assert unknown["note_code"] == "nobody_signed_up"
    assert (known["phone"], known["phone_note_code"], known["note_code"]) == (NOW, None, None)
    assert answer(house.analyst("530000"))["stops"] is None


def test_after_sending_the_number_is_that_of_now_on_screen_and_slip(house, doctor):
    asked = asks(doctor)
    stop = stop_of(asked)
    before = {one["facility_id"]: one["phone"] for one in asked["stops"]}
    takes_turn(house, stop)
    found = {one["facility_id"]: one for one in doctor.referral(asked["id"])["stops"]}
    slip = doctor.get(f"/referrals/{asked['id']}/sheets/referral").text
    stops = slip.split("<article", 1)[1].split("不是终点", 1)[1].split("</section>", 1)[0]

    assert before[stop] is None
    assert (found[stop]["phone"], found[stop]["phone_note_code"]) == (NOW, None)
    assert NOW in stops


def test_a_centre_that_is_only_asked_and_who_drives_are_told_of_no_stop(house, doctor):
    drives = ems(house, "530626")
    asked = asks(doctor)
    centre = house.coordinator(asked["offers"][0]["facility_id"])
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "ems120"})
    assert ride.status_code == 201, ride.text

    assert doctor.referral(asked["id"])["stops"]
    assert centre.referral(asked["id"])["stops"] == []
    assert drives.referral(asked["id"])["stops"] == []


def test_a_stop_that_is_asked_by_name_and_says_yes_is_the_destination_and_nobody_else_is_asked(
    house, doctor
):
    """Why no screen offers to ask it: she would get no farther than the stop (H-244)."""
    asked = asks(doctor)
    stop = stop_of(asked)
    assert stop not in {one["facility_id"] for one in asked["offers"]}
    by_name = doctor.post(f"/referrals/{asked['id']}/offers", {"facility_id": stop})
    assert by_name.status_code == 201, by_name.text
    said = house.coordinator(stop).post(f"/offers/{by_name.json()['id']}/accept")
    assert said.status_code == 200, said.text
    found = doctor.referral(asked["id"])

    assert (found["status"], found["destination"]) == ("accepted", stop)
    statuses = {one["facility_id"]: one["status"] for one in found["offers"]}
    assert statuses.pop(stop) == "accepted"
    assert set(statuses.values()) == {"withdrawn"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_that_a_stop_is_rung_has_words(language):
    assert all(
        catalogue(language).has(key) for key in ("answer.stops_are_rung", "answer.stop_asked")
    )
