"""Closed and slowed roads count for whose weeks they meet: in a run, and for what is booked."""

from app.bookings.nightly import look_at_room
from tests.flows.cases import SUIJIANG, manager
from tests.flows.test_booking_elsewhere import elsewhere
from tests.flows.test_booking_runs import COUNTY, RED, proposal, run
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
    """No clinician has said that she knows of the road, and the centre has asked for none."""
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    shut_all(officer, from_at=until(1))
    hers = booked(house, managed(house, doctor, weeks=SOON), doctor)

    assert looked(house) == 1
    assert seen(doctor, hers)["reopened_for"] == ["road_closed"]


def planned(house, mch, **more):
    """A run, and what it says of each woman, by key."""
    made = run(mch, **more)
    work(house)
    return made, {one["id"]: one for one in made["answer"]["bookings"]}


def test_a_run_counts_a_road_for_whose_weeks_it_meets_and_says_which(house):
    """Red is booked outside her county, and every road out of it is closed for ten days."""
    doctor, mch, officer = house.clinician(SUIJIANG), manager(house, COUNTY), house.duty(COUNTY)
    soon, late = (managed(house, doctor, weeks=weeks, **RED) for weeks in (SOON, LATE))
    _, usual = planned(house, mch)
    assert {why for one in usual.values() for why in one["why"] if why.startswith("road")} == set()
    shut_all(officer)
    made, found = planned(house, mch)

    # Nobody is without a place: hers is marked, and how long it takes nobody knows.
    assert made["unbooked"] == 0
    assert "road_closed" in found[soon.id]["why"]
    assert found[soon.id]["time_to_care_min"] is None
    assert found[late.id] == usual[late.id]
    assert {(one["one"], one["other"]) for one in made["roads"]} == set(neighbours(officer))
    assert {one["reason"] for one in made["roads"]} == {"landslide"}
    (hers,), (theirs,) = proposal(doctor, soon), proposal(doctor, late)
    assert "road_closed" in hers["why"]
    assert "road_closed" not in theirs["why"]


def test_a_proposal_that_knows_the_road_is_asked_and_one_that_does_not_is_overtaken(house):
    doctor, mch, officer = house.clinician(SUIJIANG), manager(house, COUNTY), house.duty(COUNTY)
    woman = managed(house, doctor, weeks=SOON, **RED)
    planned(house, mch)
    (unknowing,) = proposal(doctor, woman)
    shut_all(officer)
    assert act(doctor, unknowing, "accept", status=409)["codes"] == ["road_closed"]
    planned(house, mch)
    (knowing,) = proposal(doctor, woman)
    assert knowing["id"] != unknowing["id"]
    planned(house, mch)
    assert [one["id"] for one in proposal(doctor, woman)] == [knowing["id"]]

    # The same place once more, after another word on the roads: what was proposed is made anew.
    shut_all(officer)
    assert act(doctor, knowing, "accept", status=409)["codes"] == ["road_closed"]
    planned(house, mch)
    (anew,) = proposal(doctor, woman)
    asked = act(doctor, anew, "accept")
    first = act(house.coordinator(anew["facility_id"]), asked, "consent")
    # Once it is hers a clinician has to say that she knows.
    assert looked(house) == 1
    assert act(doctor, seen(doctor, first), "confirm")["status"] == "booked"
    assert looked(house) == 0


def test_a_run_goes_by_the_road_that_is_open(house):
    """The ways that are slowed by five hours are counted so, and are usual again when they are."""
    doctor, mch, officer = house.clinician(SUIJIANG), manager(house, COUNTY), house.duty(COUNTY)
    woman = managed(house, doctor, weeks=SOON, **RED)
    _, usual = planned(house, mch)
    lines = shut_all(officer, state="slowed", longer_min=300)
    _, slowed = planned(house, mch)
    for one in lines:
        assert officer.post(f"{LIST}/{one['id']}/end").status_code == 200
    made, again = planned(house, mch)

    assert slowed[woman.id]["time_to_care_min"] == usual[woman.id]["time_to_care_min"] + 300
    assert "road_longer" in slowed[woman.id]["why"]
    assert again[woman.id] == usual[woman.id]
    assert made["roads"] == []


def test_why_not_elsewhere_says_the_road_and_until_when(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    soon, late = managed(house, doctor, weeks=SOON), managed(house, doctor, weeks=LATE)
    hers, theirs = booked(house, soon, doctor), booked(house, late, doctor)
    lines = shut_all(officer)
    found = elsewhere(doctor, hers)
    answer = doctor.get(f"/bookings/{hers['id']}/elsewhere").json()
    away = [one for one in found if house.engine.registry.get(one).county != COUNTY]

    assert away
    assert all(found[one]["by_open_roads"] is None for one in away)
    assert all("road_closed" in found[one]["why_not"] for one in away)
    assert answer["by_open_roads"] is None
    assert {one["until"] for one in answer["roads"]} <= {one["until_at"] for one in lines}
    assert answer["roads"]
    free = doctor.get(f"/bookings/{theirs['id']}/elsewhere").json()
    assert free["roads"] == []
    assert free["by_open_roads"] == theirs["minutes"]
    assert {why for one in free["items"] for why in one["why_not"]}.isdisjoint(
        {"road_closed", "road_longer"}
    )


def test_a_road_that_is_slowed_is_told_with_the_minutes_and_of_no_way_that_is_as_usual(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    hers = booked(house, managed(house, doctor, weeks=SOON), doctor)
    shut_all(officer, state="slowed", longer_min=40)
    found = elsewhere(doctor, hers)
    answer = doctor.get(f"/bookings/{hers['id']}/elsewhere").json()
    away = [one for one in found if house.engine.registry.get(one).county != COUNTY]
    inside = [one for one in found if one not in away]

    assert answer["by_open_roads"] == hers["minutes"] + 40
    assert {found[one]["by_open_roads"] - found[one]["minutes"] for one in away} == {40}
    assert all("road_longer" in found[one]["why_not"] for one in away)
    assert inside
    assert not [one for one in inside if "road_longer" in found[one]["why_not"]]


def test_who_is_past_her_due_date_may_be_on_the_road_any_day(house):
    doctor, mch, officer = house.clinician(SUIJIANG), manager(house, COUNTY), house.duty(COUNTY)
    woman = managed(house, doctor, weeks=42, **RED)
    hers = booked(house, managed(house, doctor, weeks=42), doctor)
    shut_all(officer, from_at=until(1))
    _, found = planned(house, mch)

    assert "road_closed" in found[woman.id]["why"]
    looked(house)
    assert seen(doctor, hers)["reopened_for"] == ["road_closed"]
