"""What administrators, commissions and auditors look after, over HTTP."""

import pytest
from sqlalchemy.exc import OperationalError

from app.accounts.states import OrganisationKind, Role
from app.centres.current import Current
from tests.flows.house import hours_ago
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

COUNTY, PROVINCE = "530626", "530000"


@pytest.fixture
def boss(house):
    kind = OrganisationKind.PROVINCE_COMMISSION.value
    return house.person("boss", Role.ADMINISTRATOR, kind=kind, division=PROVINCE)


def anybody(house, path):
    return house.client.get(f"/api/v1{path}").json()


def doubts(caller):
    answer = caller.get("/data-quality")
    assert answer.status_code == 200, answer.text
    return {one["code"]: one for one in answer.json()["items"]}


def here(house):
    (row,) = [one for one in anybody(house, "/policy-check")["items"] if one["adcode"] == COUNTY]
    return row["maternal"]


def test_what_a_commission_designates_is_shown_to_everybody_at_once(house, boss):
    assert here(house)["status"] == "candidate"
    line = {"kind": "maternal", "level": "M3", "valid_from": "2026-01-01", "document": "文号"}
    assert boss.post(f"/facilities/{SUIJIANG}/designations", line).status_code == 201

    assert anybody(house, f"/facilities/{SUIJIANG}")["maternal_level"] == "M3"
    assert here(house) == {"status": "confirmed", "facility_ids": [SUIJIANG]}


def test_what_everybody_may_read_does_not_move_when_a_place_is_taken(house):
    """Who counts places from outside would learn that somebody was brought there."""
    referral = house.clinician(SUIJIANG).ask(BLEEDING)
    (centre, *_) = [one["facility_id"] for one in referral["offers"]]
    before = anybody(house, f"/facilities/{centre}")
    offer = referral["offers"][0]["id"]
    assert house.coordinator(centre).post(f"/offers/{offer}/accept").status_code == 200

    assert anybody(house, f"/facilities/{centre}") == before


def test_names_and_telephones_do_not_wait_for_a_database(house, monkeypatch):
    def silent(self, session, now):
        raise OperationalError("SELECT", {}, Exception("silent"))

    monkeypatch.setattr(Current, "without_places", silent)

    assert anybody(house, f"/facilities/{SUIJIANG}")["facility_id"] == SUIJIANG


def test_a_doubt_is_gone_when_it_is_mended(house, boss):
    turn = {"facility_id_or_adcode": PROVINCE, "role": "coordinator", "person_name": "测试值班"}
    turn |= {"phone": "0871-0000000", "from_at": hours_ago(1), "until": hours_ago(-8)}
    before = doubts(boss)
    assert boss.post("/duty", turn).status_code == 201
    house.coordinator(SUIJIANG)
    after = doubts(boss)

    assert next(iter(before)) == "province_duty_number"
    states = [found["province_duty_number"]["state"] for found in (before, after)]
    assert states == ["problem", "ok"]
    assert SUIJIANG in before["nobody_signed_up"]["found"]
    assert SUIJIANG not in after["nobody_signed_up"]["found"]
    assert before["assumed_catchments"]["count"] == 129
    assert "0871-0000000" not in str(after)


def test_an_administrator_sees_which_roles_a_person_holds_and_which_have_ended(house, boss):
    doctor = house.people[house.clinician(SUIJIANG).name]
    path = f"/users/{doctor.user_id}/grants"
    more = {"organisation_id": str(doctor.org_id), "role": "coordinator"}
    given = boss.post(path, more).json()

    assert [one["role"] for one in boss.get(path).json()["items"]] == [
        "county_clinician",
        "coordinator",
    ]
    assert boss.post(f"/grants/{given['id']}/end").status_code == 200
    assert [one["role"] for one in boss.get(path).json()["items"]] == ["county_clinician"]


def test_an_administrator_sees_who_belongs_to_a_community_now(house, boss):
    new = {"kind": "community", "name_zh": "测试医共体", "division": COUNTY}
    community = boss.post("/organisations", new).json()["id"]
    path = f"/organisations/{community}/members"
    hospital = str(house.people[house.clinician(SUIJIANG).name].org_id)
    assert boss.post(path, {"organisation_id": hospital, "is_lead": True}).status_code == 201

    (member,) = boss.get(path).json()["items"]
    assert (member["organisation_id"], member["is_lead"]) == (hospital, True)
    assert boss.post(f"{path}/{hospital}/end").status_code == 200
    assert boss.get(path).json()["items"] == []


def test_an_auditor_sees_who_did_what_to_a_patient_the_last_first(house):
    doctor = house.clinician(SUIJIANG)
    patient = doctor.ask(BLEEDING)["patient_id"]
    assert doctor.get(f"/patients/{patient}/identity").status_code == 200
    kind = OrganisationKind.PROVINCE_COMMISSION.value
    auditor = house.person("auditor", Role.AUDITOR, kind=kind, division=PROVINCE)
    found, cursor = [], ""
    while cursor is not None:
        query = f"chain=patient:{patient}&newest=true&limit=1{cursor and f'&cursor={cursor}'}"
        page = auditor.get(f"/audit?{query}").json()
        found += page["items"]
        cursor = page["next"]

    assert found[0]["act"] == "identity_shown"
    assert [one["seq"] for one in found] == list(range(len(found), 0, -1))
    assert found[0]["by_login"] == f"u0-c-{SUIJIANG.lower()}"
    assert auditor.get("/audit?chain=patient").json()["items"] == []
    assert auditor.get("/audit?chain=nonsense:1").status_code == 400
