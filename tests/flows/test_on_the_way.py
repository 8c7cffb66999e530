"""Vital signs on the way: somebody is reminded every quarter of an hour, nobody is held up."""

import uuid

from sqlmodel import select

from app.deadlines.service import open_deadlines
from app.notices.states import Template
from app.notices.tables import Notice
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

COUNTY = "YN533300-004"
SICK = {
    "birth_weight_g": 1450,
    "neo_ga_weeks": "30+4",
    "age_minutes": 50,
    "clinician_says_critical_newborn": True,
    "temp": 36.8,
    "resp": "none",
    "sbp": 50,
    "stimulus": "vigorous",
}
WORSE = {"temp": 35.2, "resp": "gasping", "sbp": 50, "stimulus": "lethargic"}
NAMES = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "birth_date"]}


def reminded(house, asked):
    """The organisations that were reminded of vital signs, one entry a time."""
    with house.database.reading() as session:
        found = session.exec(
            select(Notice).where(Notice.template == Template.VITAL_SIGNS_DUE.value)
        ).all()
        return [one.org_id for one in found if str(one.subject_id) == asked["id"]]


def now_of(house):
    with house.database.reading() as session:
        return house.database.now(session)


def watched(house, asked):
    with house.database.reading() as session:
        return {one.kind for one in open_deadlines(session, uuid.UUID(asked["id"]))}


def on_the_road(house, facts, *, county, drives):
    """Somebody on the way to the first centre, which said yes: who sends, who receives, ride."""
    doctor = house.clinician(county)
    asked = doctor.ask(facts)
    first = asked["offers"][0]
    centre = house.coordinator(first["facility_id"])
    assert centre.post(f"/offers/{first['id']}/accept").json()["accepted"] is True
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": drives}).json()
    left = doctor.post(f"/transfers/{ride['id']}/depart", {"minutes": 120})
    assert left.status_code == 200, left.text
    return asked, doctor, centre, ride["id"]


def fetched(house, facts=SICK):
    """A newborn on the road with the team of the hospital that has accepted."""
    asked, _, centre, ride = on_the_road(house, facts, county=COUNTY, drives="receiver_team")
    return asked, centre, ride


def seen(house, centre, ride, facts):
    said = {"facts": facts, "happened_at": now_of(house).isoformat()}
    answer = centre.post(f"/transfers/{ride}/observations", said)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_who_goes_with_her_is_reminded_after_a_quarter_of_an_hour_and_nothing_waits(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    whole = doctor.referral(asked["id"])
    assert whole["next_step"] != "vital_signs"
    house.pass_time(14)
    assert reminded(house, asked) == []

    house.pass_time(16)
    assert reminded(house, asked) == [house.people[doctor.name].org_id]
    assert "vital_signs" in watched(house, asked)
    centre = house.coordinator(ride["destination"])
    assert centre.post(f"/transfers/{ride['id']}/arrive").status_code == 200
    assert "vital_signs" not in watched(house, asked)


def test_a_team_that_fetches_is_reminded_itself_and_writing_puts_it_off(house):
    asked, centre, ride = fetched(house)
    seen(house, centre, ride, WORSE)
    house.pass_time(16)

    assert set(reminded(house, asked)) == {house.people[centre.name].org_id}


def test_a_newborn_that_came_worse_by_ten_is_flagged_for_review(house):
    _, centre, ride = fetched(house)
    assert seen(house, centre, ride, {"spo2": 91})["trips"] is None
    assert centre.post(f"/transfers/{ride}/arrive").json()["trips"] is None
    assert seen(house, centre, ride, WORSE)["trips"] == 8 + 14 + 6
    found = centre.post(f"/transfers/{ride}/hand-over", NAMES).json()["trips"]

    assert (found["call"], found["arrival"], found["rise"]) == (0, 28, 28)
    assert found["quality_flag"] is True


def warned(house, asked):
    """The organisations that were told of a warning that stands, one entry a time."""
    with house.database.reading() as session:
        found = session.exec(
            select(Notice).where(Notice.template == Template.WARNING_STANDS.value)
        ).all()
        return [one.org_id for one in found if str(one.subject_id) == asked["id"]]


def driven(house, facts=BLEEDING, drives="sender"):
    """A mother on the road."""
    return on_the_road(house, facts, county=SUIJIANG, drives=drives)


def warnings_of(who, asked, ride):
    (found,) = who.referral(asked["id"])["transfers"]
    assert found["id"] == ride
    return found["warnings"]


def test_a_warning_that_stands_in_two_readings_is_told_where_she_is_expected_once(house):
    asked, doctor, centre, ride = driven(house)
    seen(house, doctor, ride, {"sbp": 84})
    assert (warned(house, asked), warnings_of(centre, asked, ride)) == ([], [])

    seen(house, doctor, ride, {"hr": 96})
    assert warned(house, asked) == []
    seen(house, doctor, ride, {"sbp": 82, "hr": 124})
    assert warned(house, asked) == [house.people[centre.name].org_id]
    assert warnings_of(centre, asked, ride) == ["R-MEWC-01"]

    # It goes on to stand, by one row more: nobody is told again.
    seen(house, doctor, ride, {"sbp": 80, "hr": 126})
    assert len(warned(house, asked)) == 1
    assert warnings_of(doctor, asked, ride) == ["R-MEWC-01", "R-MEWC-03"]
    seen(house, doctor, ride, {"sbp": 118, "hr": 88})
    assert warnings_of(centre, asked, ride) == []


def test_who_sent_her_is_told_too_where_the_team_of_the_centre_measures(house):
    asked, doctor, centre, ride = driven(house, drives="receiver_team")
    for pressure in (84, 82):
        seen(house, centre, ride, {"sbp": pressure})

    assert set(warned(house, asked)) == {house.people[one.name].org_id for one in (doctor, centre)}


def test_a_newborn_is_not_read_like_a_mother(house):
    asked, centre, ride = fetched(house)
    for _ in range(2):
        seen(house, centre, ride, {"hr": 150, "spo2": 93})

    assert warned(house, asked) == []
    assert warnings_of(centre, asked, ride) == []


def test_the_altitude_that_was_stated_counts_on_the_way(house):
    asked, doctor, centre, ride = driven(house, {**BLEEDING, "altitude_m": 3300})
    for _ in range(2):
        seen(house, doctor, ride, {"spo2": 91})
    assert warnings_of(centre, asked, ride) == []
    for _ in range(2):
        seen(house, doctor, ride, {"spo2": 89})
    assert warnings_of(centre, asked, ride) == ["R-MEWC-05"]
