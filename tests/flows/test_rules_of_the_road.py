"""Rules of the journey and of the telephone, as stories."""

import uuid
from datetime import timedelta

from app.accounts.states import OrganisationKind, Role
from app.deadlines.service import open_deadlines
from app.referrals.steps import Stage
from app.referrals.tables import Referral
from app.referrals.watching import begin_stage
from tests.flows.house import hours_ago

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
BOOKED = {"gestational_age_weeks": "30+0", "prior_cs_count": 1, "placenta_position": "praevia"}
SUIJIANG = "YN530600-011"


def accepted(house, doctor, facts=BLEEDING):
    asked = doctor.ask(facts)
    first = asked["offers"][0]
    centre = house.coordinator(first["facility_id"])
    assert centre.post(f"/offers/{first['id']}/accept").json()["accepted"] is True
    return asked, centre


def held(house):
    with house.database.reading() as session:
        asked = "SELECT count(*) FROM place WHERE reservation_id IS NOT NULL"
        return session.connection().exec_driver_sql(asked).scalar()


def test_who_is_no_emergency_does_not_leave_without_an_answer(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BOOKED)
    assert asked["priority"] == 3
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    refused = doctor.post(f"/transfers/{ride['id']}/depart", {})
    assert refused.json()["codes"] == ["not_accepted"]

    first = asked["offers"][0]
    house.coordinator(first["facility_id"]).post(f"/offers/{first['id']}/accept")
    assert doctor.post(f"/transfers/{ride['id']}/depart", {}).status_code == 200


def test_a_place_is_held_until_she_must_be_there_and_from_departure_for_good(house):
    doctor = house.clinician(SUIJIANG)
    accepted(house, doctor)
    on_the_road, _ = accepted(house, house.clinician("YN530600-008"))
    other = house.clinician("YN530600-008")
    ride = {"referral_id": on_the_road["id"], "drives": "sender"}
    ride = other.post("/transfers", ride).json()
    other.post(f"/transfers/{ride['id']}/depart", {})
    before = held(house)
    with house.database.reading() as session:
        now = house.database.now(session)
    house.worker.step(now=now + timedelta(hours=3, minutes=50))
    assert held(house) == before

    house.worker.step(now=now + timedelta(hours=30))
    assert held(house) == before - 1
    (mine,) = doctor.get("/worklists/mine").json()["referrals"]
    assert (mine["status"], mine["next_step"] in ("departure", "hold_ends")) == ("accepted", True)


def test_a_request_by_telephone_carries_both_names_and_is_confirmed(house):
    officer = house.duty("530626")
    origin = {"facility_id": SUIJIANG}
    nameless = officer.ask(BLEEDING, origin=origin, status=422)
    assert nameless["codes"] == ["said_by_missing"]

    asked = officer.ask(BLEEDING, origin=origin, said_by="测试甲")
    doctor = house.clinician(SUIJIANG)
    found = doctor.referral(asked["id"])
    (word,) = found["words"]
    assert (word["what"], word["said_by"]) == ("request", "测试甲")
    assert word["entered_name"].startswith("测试duty")
    assert officer.post(f"/referrals/{asked['id']}/confirm", {"what": "request"}).status_code == 403
    assert doctor.post(f"/referrals/{asked['id']}/confirm", {"what": "request"}).status_code == 200


def test_a_priority_is_raised_with_a_reason_and_never_lowered(house):
    doctor = house.clinician(SUIJIANG)
    raised = doctor.ask(BOOKED, raised={"priority": 1, "because": "deteriorates"})
    assert (raised["priority"], raised["raised_because"]) == (1, "deteriorates")
    lowered = doctor.ask(BLEEDING, raised={"priority": 2, "because": "calm"}, status=422)
    assert lowered["codes"] == ["priority_lowered"]


def test_duty_officers_see_open_emergencies_of_their_area_and_nothing_after(house):
    doctor = house.clinician(SUIJIANG)
    county, elsewhere = house.duty("530626"), house.duty("530829")
    asked = doctor.ask(BLEEDING)
    assert county.get(f"/referrals/{asked['id']}").json()["identity"] is not None
    assert elsewhere.get(f"/referrals/{asked['id']}").status_code == 404
    doctor.post(
        f"/referrals/{asked['id']}/cancel", {"reason": "recovered"}, version=asked["version"]
    )

    assert county.get(f"/referrals/{asked['id']}").status_code == 404
    analyst = house.person(
        "analyst",
        Role.ANALYST,
        kind=OrganisationKind.PREFECTURE_COMMISSION.value,
        division="530600",
    )
    assert analyst.get("/referrals").status_code == 403


def test_a_centre_sees_the_least_before_it_says_yes(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first = asked["offers"][0]
    centre = house.coordinator(first["facility_id"])
    before = centre.get(f"/referrals/{asked['id']}").json()
    assert (before["identity"], before["words"], before["events"]) == (None, [], [])
    assert [one["facility_id"] for one in before["offers"]] == [first["facility_id"]]
    assert set(before["assessment"]) == {
        "colour",
        "incomplete",
        "emergencies",
        "presumed",
        "need",
        "decision",
        "holds",
        "first_actions",
    }
    centre.post(f"/offers/{first['id']}/accept")

    assert centre.get(f"/referrals/{asked['id']}").json()["identity"] is not None


def test_glass_is_broken_with_a_reason_for_a_while_and_reviewed_by_another(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    stranger = house.clinician("YN530600-008")
    assert stranger.get(f"/referrals/{asked['id']}").status_code == 404
    short = {"number": asked["number"], "reason": "abc"}
    assert stranger.post("/broken-glasses", short).status_code == 422
    why = {"number": asked["number"], "reason": "she was brought to our emergency room"}
    opened = stranger.post("/broken-glasses", why)
    assert opened.status_code == 201, opened.text
    assert stranger.get(f"/referrals/{asked['id']}").status_code == 200

    auditor = house.person(
        "auditor",
        Role.AUDITOR,
        kind=OrganisationKind.PROVINCE_COMMISSION.value,
        division="530000",
    )
    (row,) = auditor.get("/broken-glasses").json()["items"]
    assert row["reason"] == why["reason"]
    path = f"/broken-glasses/{row['id']}/review"
    assert auditor.post(path, {"justified": True}).json()["justified"] is True
    with house.database.writing() as session:
        past = "UPDATE broken_glass SET from_at = '2026-01-01', until = '2026-01-02'"
        session.connection().exec_driver_sql(past)
    assert stranger.get(f"/referrals/{asked['id']}").status_code == 404


def test_nobody_able_to_consent_a_person_in_charge_takes_it_on_by_name(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    path = f"/referrals/{asked['id']}/consents"
    said = {"agreed": True, "given_at": hours_ago(3)}
    nameless = doctor.post(path, {**said, "given_by": "person_in_charge"})
    assert nameless.json()["codes"] == ["in_charge_missing"]
    named = {**said, "given_by": "person_in_charge", "in_charge": "测试院长"}
    assert doctor.post(path, named).status_code == 201
    married = doctor.post(path, {**named, "marriage_certificate": "yes"})
    assert married.status_code == 422
    assert doctor.referral(asked["id"])["consents"][0]["in_charge"] == "测试院长"


def test_time_stamps_are_the_servers_and_the_devices_is_kept_beside(house):
    doctor = house.clinician(SUIJIANG)
    body = {"request": {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}}
    headers = {**doctor.headers(), "X-Device-Time": "2020-01-01T00:00:00+08:00"}
    asked = house.client.post("/api/v1/referrals", json=body, headers=headers).json()
    assert {event["device_at"] for event in asked["events"]} == {"2019-12-31T16:00:00Z"}
    assert all(event["at"] > "2026" for event in asked["events"])
    wrong = {**doctor.headers(), "X-Device-Time": "yesterday"}
    assert house.client.post("/api/v1/referrals", json=body, headers=wrong).status_code == 400


def due(house, referral):
    """When each step of a referral is due, in minutes from now."""
    with house.database.reading() as session:
        now = house.database.now(session)
        rows = open_deadlines(session, uuid.UUID(referral["id"]))
        return {row.kind: round((row.due_at - now).total_seconds() / 60) for row in rows}


def test_who_is_ranked_again_or_loses_a_place_does_not_begin_to_wait_anew(house):
    """The ladder of priority 1 counts from the request: after nine minutes province is next."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    assert due(house, asked)["province"] == 12
    with house.database.writing() as session:
        referral = session.get(Referral, uuid.UUID(asked["id"]))
        now = house.database.now(session)
        steps = {
            step: begin_stage(
                session, referral, Stage.REQUESTED, at=now, since=now - timedelta(minutes=minutes)
            ).next_step
            for step, minutes in (("province", 9), ("long ago", 200))
        }
    assert steps == {"province": "province", "long ago": "province"}
    assert due(house, asked) == {"province": 0}

    again = doctor.post(
        f"/referrals/{asked['id']}/match",
        {"request": {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}},
        version=doctor.referral(asked["id"])["version"],
    )
    assert again.status_code == 200, again.text
    assert due(house, asked)["province"] == 12


def test_a_centre_that_cannot_after_all_brings_in_those_who_coordinate_at_once(house):
    doctor = house.clinician(SUIJIANG)
    asked, centre = accepted(house, doctor)
    no = {"code": "no_capability", "detail": "BLOOD_MTP"}
    assert centre.post(f"/offers/{asked['offers'][0]['id']}/decline", no).status_code == 200

    found = doctor.referral(asked["id"])
    assert (found["status"], found["next_step"]) == ("offered", "coordinator_decides")
    assert due(house, found)["province"] == 12


def test_nobody_is_driven_by_itself_to_who_has_just_said_no(house):
    """Where all of them have, somebody has to name where she goes."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first, second = (offer["facility_id"] for offer in asked["offers"])

    def no(facility):
        (offer,) = (
            one
            for one in doctor.referral(asked["id"])["offers"]
            if one["facility_id"] == facility and one["status"] == "offered"
        )
        said = house.coordinator(facility).post(
            f"/offers/{offer['id']}/decline", {"code": "recommend_nearer"}
        )
        assert said.status_code == 200, said.text

    no(first)
    ride = {"referral_id": asked["id"], "drives": "sender"}
    gone = doctor.post("/transfers", ride).json()
    assert gone["destination"] == second
    assert doctor.post(f"/transfers/{gone['id']}/call-off").status_code == 200
    while waiting := [
        one["facility_id"]
        for one in doctor.referral(asked["id"])["offers"]
        if one["status"] == "offered"
    ]:
        no(waiting[0])
    refused = doctor.post("/transfers", ride)
    assert (refused.status_code, refused.json()["codes"]) == (422, ["no_destination"])
