"""Why a birth is not booked elsewhere: of each centre that is near, what is against it."""

from tests.flows.cases import SUIJIANG
from tests.flows.test_bookings import CENTRE, OTHER, act, choose, managed

RED = {"nyha_class": 3}


def elsewhere(who, booking):
    answer = who.get(f"/bookings/{booking['id']}/elsewhere")
    assert answer.status_code == 200, answer.text
    return {one["facility_id"]: one for one in answer.json()["items"]}


def test_each_near_centre_says_what_is_against_it(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, **RED)
    asked = choose(woman, doctor, CENTRE)
    found = elsewhere(doctor, asked)

    assert CENTRE not in found
    assert list(found) == sorted(found, key=lambda one: (found[one]["minutes"], one))
    assert found[SUIJIANG]["why_not"] == ["below_floor"]
    farther = [one for one in found.values() if one["minutes"] > asked["minutes"]]
    assert all("farther" in one["why_not"] for one in farther)


def test_who_has_declined_her_says_so_and_a_centre_that_is_asked_reads_nothing(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor)
    first = choose(woman, doctor, CENTRE)
    centre = house.coordinator(CENTRE)
    assert elsewhere(centre, first) == {}
    act(centre, first, "decline", {"reason": "no_room"})
    second = choose(woman, doctor, OTHER)

    assert "declined" in elsewhere(doctor, second)[CENTRE]["why_not"]
    stranger = house.clinician("YN530400-001")
    assert stranger.get(f"/bookings/{second['id']}/elsewhere").status_code == 404
