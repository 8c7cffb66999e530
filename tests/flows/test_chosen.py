"""A doctor who knows better asks another centre first, and says why."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from app.audit.tables import AuditEntry
from app.referrals.states import ChoiceReason
from app.text import catalogue
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

BECAUSE = "agreed_by_telephone"


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


def reads(who, key):
    """What each question of a referral says of why that centre is asked, by centre."""
    offers = who.referral(key)["offers"]
    return {one["facility_id"]: one["chosen_because"] for one in offers}


@pytest.fixture
def out_of_turn(house):
    """A doctor has asked the third of the ranking before the first, and both are asked."""
    doctor = house.clinician(SUIJIANG)
    first, _, third, *_ = ranked(doctor)
    asked = doctor.ask(BLEEDING, chosen={"facility_id": third, "because": BECAUSE})
    return doctor, asked, first, third


def test_a_centre_that_is_asked_out_of_its_turn_reads_why_before_it_answers(house, out_of_turn):
    _, asked, first, third = out_of_turn
    chosen, other = house.coordinator(third), house.coordinator(first)
    for who, facility_id, because in ((chosen, third, BECAUSE), (other, first, None)):
        (offer,) = who.get("/offers").json()["items"]
        (row,) = who.get("/worklists/mine").json()["offers"]
        shown = who.get(f"/offers/{offer['id']}").json()
        assert [one["chosen_because"] for one in (offer, row, shown)] == [because] * 3
        assert reads(who, asked["id"]) == {facility_id: because}


def test_who_sends_and_who_coordinates_read_it_and_no_other_centre_does(house, out_of_turn):
    doctor, asked, first, third = out_of_turn
    told = {third: BECAUSE, first: None}
    assert reads(doctor, asked["id"]) == told
    assert reads(house.duty("530626"), asked["id"]) == told
    other = house.coordinator(first)
    (offer,) = other.get("/offers").json()["items"]
    assert other.post(f"/offers/{offer['id']}/accept").status_code == 200

    # With its yes it sees the whole of her referral, and who else was asked; not why.
    assert reads(other, asked["id"]) == {third: None, first: None}
    assert reads(doctor, asked["id"]) == told


def test_a_centre_that_is_asked_by_hand_reads_why_and_so_does_the_record(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    by_hand, without = (row["facility_id"] for row in asked["ranking"][4:6])
    path = f"/referrals/{asked['id']}/offers"
    said = doctor.post(path, {"facility_id": by_hand, "because": "road"})
    silent = doctor.post(path, {"facility_id": without})
    assert (said.status_code, said.json()["chosen_because"]) == (201, "road")
    assert (silent.status_code, silent.json()["chosen_because"]) == (201, None)
    (offer,) = house.coordinator(by_hand).get("/offers").json()["items"]
    with house.database.reading() as session:
        why = session.exec(select(AuditEntry.why).where(AuditEntry.act == "ask")).all()

    assert offer["chosen_because"] == "road"
    assert sorted(why, key=str) == [None, "road"]


def test_ranking_again_leaves_the_reason_with_a_question_that_stands(house):
    doctor = house.clinician(SUIJIANG)
    first, *_ = ranked(doctor)
    asked = doctor.ask(BLEEDING, chosen={"facility_id": first, "because": "treated_there"})
    again = doctor.post(
        f"/referrals/{asked['id']}/match",
        {"request": doctor.referral(asked["id"])["asked"]},
        version=asked["version"],
    )
    assert again.status_code == 200, again.text

    assert reads(doctor, asked["id"])[first] == "treated_there"


def test_a_reason_that_is_none_of_them_asks_nobody(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    other = asked["ranking"][4]["facility_id"]
    path = f"/referrals/{asked['id']}/offers"
    refused = doctor.post(path, {"facility_id": other, "because": "her name"})

    assert refused.status_code == 422
    assert other not in reads(doctor, asked["id"])


def test_the_database_takes_no_other_reason(house, out_of_turn):
    refused = pytest.raises(DBAPIError, match="ck_offer_chosen_because")
    with refused, house.database.writing() as session:
        session.execute(text("UPDATE offer SET chosen_because = 'her name'"))
    with house.database.reading() as session:
        kept = session.execute(text("SELECT chosen_because FROM offer")).scalars().all()

    assert sorted(kept, key=str) == [None, BECAUSE]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_has_words(language):
    words = catalogue(language)
    assert words.has("web.chosen_because")
    assert all(words.has(f"web.choose.reason.{one.value}") for one in ChoiceReason)
