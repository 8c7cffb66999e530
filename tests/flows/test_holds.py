"""A hold that grows old rings those who coordinate; it never stops the request (R-HOLD-10)."""

import uuid

from sqlmodel import select

from app.deadlines.service import open_deadlines
from app.notices.states import Template
from app.notices.tables import Notice
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

FITTING = {
    "gestational_age_weeks": "34+0",
    "hdp": "eclampsia",
    "seizure_controlled": False,
    "sbp": 150,
    "dbp": 95,
}


def watched(house, asked):
    with house.database.reading() as session:
        return {one.kind for one in open_deadlines(session, uuid.UUID(asked["id"]))}


def told(house, asked, officer):
    org = house.people[officer.name].org_id
    with house.database.reading() as session:
        found = session.exec(select(Notice).where(Notice.org_id == org)).all()
        return [
            one.template
            for one in found
            if str(one.subject_id) == asked["id"] and one.template == Template.OVERDUE
        ]


def test_a_hold_of_twenty_minutes_rings_the_coordinator_of_the_county(house):
    doctor, county = house.clinician(SUIJIANG), house.duty("530626")
    asked = doctor.ask(FITTING)
    assert asked["assessment"]["decision"] == "stabilise_first"
    assert asked["status"] == "offered"
    assert "review_hold" in watched(house, asked)
    first = asked["offers"][0]
    house.coordinator(first["facility_id"]).post(f"/offers/{first['id']}/accept")
    house.pass_time(19)
    assert told(house, asked, county) == []

    house.pass_time(21)
    assert told(house, asked, county)
    assert "review_hold" in watched(house, asked)


def test_who_leaves_or_is_held_no_longer_rings_nobody(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(FITTING)
    again = doctor.post(
        f"/referrals/{asked['id']}/match",
        {"request": {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}},
        version=asked["version"],
    )
    assert again.json()["assessment"]["decision"] == "transfer_now", again.text
    assert "review_hold" not in watched(house, asked)

    other = house.clinician("YN530600-008")
    asked = other.ask(FITTING)
    ride = other.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    assert other.post(f"/transfers/{ride['id']}/depart", {}).status_code == 200
    assert "review_hold" not in watched(house, asked)


def test_who_is_to_leave_now_has_no_hold_to_review(house):
    doctor = house.clinician(SUIJIANG)
    assert "review_hold" not in watched(house, doctor.ask(BLEEDING))
