"""A doctor who knows better asks another centre first, and says why."""

from sqlmodel import select

from app.audit.tables import AuditEntry
from tests.flows.test_bad_night import BLEEDING, SUIJIANG


def ranked(doctor):
    body = {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}
    return [row["facility_id"] for row in doctor.post("/recommendations", body).json()["ranking"]]


def test_the_chosen_centre_is_asked_in_the_stead_of_the_first(house):
    doctor = house.clinician(SUIJIANG)
    first, second, third, *_ = ranked(doctor)
    because = "agreed_by_telephone"
    asked = doctor.ask(BLEEDING, chosen={"facility_id": third, "because": because})
    asked_for = {one["facility_id"] for one in asked["offers"]}

    at_once = len(doctor.house.clinician("YN533300-004").ask(BLEEDING)["offers"])
    assert third in asked_for
    assert len(asked["offers"]) == at_once
    assert [row["facility_id"] for row in asked["ranking"]][:3] == [first, second, third]
    with house.database.reading() as session:
        why = session.exec(select(AuditEntry.why).where(AuditEntry.act == "choose")).all()
    assert why == [because]


def test_a_vehicle_without_a_named_goal_goes_to_the_centre_that_was_chosen(house):
    doctor = house.clinician(SUIJIANG)
    first, _, third, *_ = ranked(doctor)
    chosen = {"facility_id": third, "because": "agreed_by_telephone"}
    ride = {"drives": "sender"}
    for wanted, goal in (({"chosen": chosen}, third), ({}, first)):
        asked = doctor.ask(BLEEDING, **wanted)
        gone = doctor.post("/transfers", ride | {"referral_id": asked["id"]})

        assert gone.status_code == 201, gone.text
        assert gone.json()["destination"] == goal


def test_a_centre_that_nobody_knows_is_refused_and_nobody_is_asked(house):
    doctor = house.clinician(SUIJIANG)
    said = {"facility_id": "YN000000-000", "because": "family"}
    refused = doctor.ask(BLEEDING, status=422, chosen=said)

    assert refused["codes"] == ["unknown_centre"]
    assert doctor.get("/referrals").json()["items"] == []


def test_a_choice_without_a_reason_is_refused(house):
    doctor = house.clinician(SUIJIANG)
    (_, second, *_) = ranked(doctor)
    refused = doctor.ask(BLEEDING, status=422, chosen={"facility_id": second, "because": "because"})

    assert [one["field"] for one in refused["faults"]] == ["chosen.because"]
