"""A closed road opens again what is booked behind it, for the weeks that the closure meets."""

from app.bookings.nightly import look_at_room
from tests.flows.cases import SUIJIANG
from tests.flows.test_booking_runs import COUNTY
from tests.flows.test_bookings import act, booked, managed, seen, work
from tests.flows.test_road_closures import LIST, neighbours, until
from tests.flows.test_road_closures import said as closed

SOON, LATE = 38, 24
"""Weeks: hers begin within ten days, or in three months."""


def shut_all(officer, **more):
    """Close or slow every road out of the county; the lines."""
    pairs = neighbours(officer)
    made = [officer.post(LIST, closed(*pair, until_at=until(240), **more)) for pair in pairs]
    assert {one.status_code for one in made} == {201}
    return [one.json() for one in made]


def looked(house):
    return look_at_room(house.database, house.current, "53")


def test_only_who_is_due_while_the_road_is_closed_is_looked_at_until_somebody_confirms(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    soon, late = managed(house, doctor, weeks=SOON), managed(house, doctor, weeks=LATE)
    hers, theirs = booked(house, soon, doctor), booked(house, late, doctor)
    assert looked(house) == 0
    shut_all(officer)
    assert (looked(house), looked(house)) == (1, 0)

    opened = seen(doctor, hers)
    assert (opened["status"], opened["reopened_for"]) == ("reopened", ["road_closed"])
    assert opened["next_step"] == "look_at_booking"
    assert seen(doctor, theirs)["status"] == "booked"
    # She keeps the place; who has seen it and confirms is not asked again for the same road.
    assert act(doctor, opened, "confirm")["status"] == "booked"
    work(house)
    assert (looked(house), seen(doctor, hers)["status"]) == (0, "booked")


def test_what_is_said_later_counts_again_and_a_road_that_is_open_counts_no_more(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    hers = booked(house, managed(house, doctor, weeks=SOON), doctor)
    for one in shut_all(officer):
        assert officer.post(f"{LIST}/{one['id']}/end").status_code == 200
    assert looked(house) == 0

    shut_all(officer, state="slowed", longer_min=10)
    assert looked(house) == 0
    shut_all(officer, state="slowed", longer_min=300)
    assert looked(house) == 1
    assert seen(doctor, hers)["reopened_for"] == ["road_closed"]


def test_a_place_that_is_booked_while_the_road_is_closed_is_looked_at_as_well(house):
    """Neither a run nor the centre that consents has asked for roads."""
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    shut_all(officer, from_at=until(1))
    hers = booked(house, managed(house, doctor, weeks=SOON), doctor)

    assert looked(house) == 1
    assert seen(doctor, hers)["reopened_for"] == ["road_closed"]
