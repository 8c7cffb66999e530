"""A hospital calls 120: it is told, sees the journey and nothing of her, and is out of it after."""

import re

import pytest
from sqlmodel import select

from app.accounts.states import OrganisationKind, Role
from app.accounts.tables import Organisation
from app.notices.tables import Notice
from app.referrals.states import Sight
from app.text import catalogue
from app.transfers import dossier
from tests.app.storage.people import number
from tests.flows.house import hours_ago
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

COUNTY, PREFECTURE = "530626", "530600"
NAMES = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
WHO = {
    "identity_kind": "resident_id",
    "id_number": number(order="417"),
    "name": "测试甲酉",
    "phone": "13900004177",
    "language": "ii",
    "interpreter_needed": True,
}
STORY = ("emergencies", "first_actions", "pph", "1100", "118", "PPH", "ranking_reason")
"""Diagnosis, figures and rows of her assessment, none of which a crew is told."""


def ems(house, division=COUNTY):
    kind = "ems120"
    return house.person(f"120-{division}", Role.EMS120, kind=kind, division=division)


def asked_by(doctor):
    """A woman with a name, a number and a telephone, who bleeds."""
    found = doctor.ask(BLEEDING)
    named = doctor.house.client.patch(
        f"/api/v1/patients/{found['patient_id']}/identity", json=WHO, headers=doctor.headers(1)
    )
    assert named.status_code == 200, named.text
    return found


def called(doctor, asked, **more):
    said = {"referral_id": asked["id"], "drives": "ems120", "escort": "测试随车"} | more
    made = doctor.post("/transfers", said)
    assert made.status_code == 201, made.text
    return made.json()


def told(house):
    with house.database.reading() as session:
        return [(one.template, one.org_id) for one in session.exec(select(Notice)).all()]


def leaks(asked, ride, *answers):
    """What of her story, her name or other centres stands in answers."""
    others = {one["facility_id"] for one in asked["offers"]} - {ride["destination"]}
    secrets = (WHO["id_number"], WHO["name"], WHO["phone"], *STORY, *others)
    return [word for answer in answers for word in secrets if stands_in(word, answer.text)]


def stands_in(word, text):
    """Tell whether a word is said; a short number only as a value, for keys are full of digits."""
    if word in STORY and word.isdigit():
        return re.search(rf"[:\[]\s*{word}\b", text) is not None
    return word in text


def looks(crew, asked):
    paths = (
        f"/referrals/{asked['id']}",
        "/referrals",
        "/worklists/mine",
        "/transfers",
        f"/patients/{asked['patient_id']}",
        f"/patients/{asked['patient_id']}/identity",
    )
    return [crew.get(path) for path in paths]


def test_from_the_call_to_the_hand_over(house):
    crew, doctor = ems(house), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    assert crew.get(f"/referrals/{asked['id']}").status_code == 404
    ride = called(doctor, asked)
    assert ride["note_codes"] == []
    assert ("come_for_her", house.people[crew.name].org_id) in told(house)

    seen = looks(crew, asked)
    assert [one.status_code for one in seen] == [200, 200, 200, 200, 200, 404]
    assert leaks(asked, ride, *seen) == []
    found = seen[0].json()
    assert (found["number"], found["colour"], found["priority"]) == (asked["number"], "red", 1)
    assert (found["origin"], found["language"]) == (SUIJIANG, "ii")
    assert found["interpreter_needed"] is True
    assert list(found["assessment"]) == ["need"]
    assert found["assessment"]["need"]["escort"]
    assert [one["facility_id"] for one in found["ring"]] == [SUIJIANG, ride["destination"]]
    (journey,) = found["transfers"]
    assert (journey["escort"], journey["destination"]) == ("测试随车", ride["destination"])
    (line,) = seen[2].json()["referrals"]
    assert (line["why"], line["yours"]) == ("brings", True)

    left = crew.post(f"/transfers/{ride['id']}/depart", {})
    assert left.json()["status"] == "departed", left.text
    vital = {"facts": {"hr": 118}, "happened_at": hours_ago(2)}
    assert doctor.post(f"/transfers/{ride['id']}/observations", vital).status_code == 201
    path = f"/transfers/{ride['id']}/arrive"
    alone = crew.post(path)
    assert alone.json()["codes"] == ["receiver_said_by_missing"]
    stale = crew.post(path, {"said_by": "测试丁"}, version=1)
    assert stale.status_code == 412
    there = crew.post(path, {"said_by": "测试丁"})
    assert there.json()["status"] == "arrived", there.text
    assert leaks(asked, ride, left, alone, stale, there, *looks(crew, asked)) == []

    centre = house.coordinator(ride["destination"])
    over = centre.post(f"/transfers/{ride['id']}/hand-over", NAMES)
    assert over.status_code == 200, over.text
    after = looks(crew, asked)
    assert [one.status_code for one in after] == [404, 200, 200, 200, 404, 404]
    assert [after[1].json()["items"], after[3].json()["items"]] == [[], []]


def test_a_call_that_is_taken_back_turns_the_vehicle_round(house):
    crew, doctor = ems(house), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    ride = called(doctor, asked)
    assert doctor.post(f"/transfers/{ride['id']}/call-off").status_code == 200
    assert ("not_needed", house.people[crew.name].org_id) in told(house)
    assert crew.get(f"/referrals/{asked['id']}").status_code == 404
    called(doctor, asked)
    assert crew.get(f"/referrals/{asked['id']}").status_code == 200


def test_a_request_that_is_taken_back_turns_the_vehicle_round(house):
    crew, doctor = ems(house), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    called(doctor, asked)
    version = doctor.referral(asked["id"])["version"]
    path = f"/referrals/{asked['id']}/cancel"
    over = doctor.post(path, {"reason": "recovered"}, version=version)
    assert over.status_code == 200, over.text
    assert ("not_needed", house.people[crew.name].org_id) in told(house)
    assert crew.get(f"/referrals/{asked['id']}").status_code == 404


def test_who_drives_is_told_where_she_is_diverted_to(house):
    crew, doctor = ems(house), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    ride = called(doctor, asked)
    left = doctor.post(f"/transfers/{ride['id']}/depart", {}).json()
    other = next(
        o["facility_id"] for o in asked["offers"] if o["facility_id"] != ride["destination"]
    )
    turned = doctor.post(
        f"/transfers/{ride['id']}/divert",
        {"facility_id": other, "reason": "road_closed"},
        version=left["version"],
    )
    assert turned.status_code == 200, turned.text
    assert ("diverted", house.people[crew.name].org_id) in told(house)
    (journey,) = crew.referral(asked["id"])["transfers"]
    assert journey["destination"] == other


def test_a_hospital_is_told_when_120_does_not_come(house):
    crew, doctor = ems(house), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    ride = called(doctor, asked)
    said = crew.post(f"/transfers/{ride['id']}/call-off")
    assert said.json()["status"] == "called_off", said.text
    assert leaks(asked, ride, said) == []
    assert ("not_coming", house.people[doctor.name].org_id) in told(house)
    assert crew.get(f"/referrals/{asked['id']}").status_code == 404


def test_a_death_on_the_way_ends_it(house):
    crew, doctor = ems(house), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    ride = called(doctor, asked)
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    assert doctor.post(f"/transfers/{ride['id']}/died").status_code == 200
    assert crew.get(f"/referrals/{asked['id']}").status_code == 404


def test_the_120_of_the_prefecture_comes_where_the_county_has_nobody(house):
    with house.database.writing() as session:
        kind = OrganisationKind.EMS120.value
        name = "测试市120急救调度"
        session.add(Organisation(province="53", kind=kind, name_zh=name, division=PREFECTURE))
    crew, doctor = ems(house, PREFECTURE), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    assert called(doctor, asked)["note_codes"] == []
    assert crew.get(f"/referrals/{asked['id']}").status_code == 200
    nearer = ems(house)
    assert nearer.get(f"/referrals/{asked['id']}").status_code == 404


def test_where_nobody_at_120_has_an_account_the_answer_says_to_ring(house):
    doctor = house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    ride = called(doctor, asked)
    assert ride["note_codes"] == ["ring_120"]
    left = doctor.post(f"/transfers/{ride['id']}/depart", {})
    assert left.json()["note_codes"] == []


def test_120_sees_no_more_of_what_it_entered_itself_by_telephone(house):
    crew = ems(house)
    asked = crew.ask(BLEEDING, origin={"facility_id": SUIJIANG}, said_by="测试己")
    doctor = house.clinician(SUIJIANG)
    doctor.house.client.patch(
        f"/api/v1/patients/{asked['patient_id']}/identity", json=WHO, headers=doctor.headers(1)
    )
    ride = called(crew, asked)
    assert leaks(asked, ride, *looks(crew, asked)) == []


def test_a_look_that_forgets_who_drives_is_found(house, monkeypatch):
    """The planted fault: 120 is shown what the sender is shown."""
    crew, doctor = ems(house), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    ride = called(doctor, asked)
    monkeypatch.setattr("app.referrals.sight._how_much", lambda *_: Sight.FULL)
    assert {WHO["name"], WHO["phone"], "1100"} <= {*leaks(asked, ride, *looks(crew, asked))}


def test_an_answer_to_an_act_that_forgets_who_drives_is_found(house, monkeypatch):
    """The planted fault: whoever acts is answered with her vital signs."""
    crew, doctor = ems(house), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    ride = called(doctor, asked)
    crew.post(f"/transfers/{ride['id']}/depart", {})
    vital = {"facts": {"hr": 118}, "happened_at": hours_ago(2)}
    assert doctor.post(f"/transfers/{ride['id']}/observations", vital).status_code == 201
    whole = dossier.transfer_out
    monkeypatch.setattr(dossier, "transfer_out", lambda work, one, **_: whole(work, one))
    there = crew.post(f"/transfers/{ride['id']}/arrive", {"said_by": "测试丁"})
    assert leaks(asked, ride, there) == ["118"]


def test_a_part_that_nobody_ends_is_found(house, monkeypatch):
    """The planted fault: 120 goes on seeing her after the call-off."""
    monkeypatch.setattr("app.transfers.journeys.let_120_go", lambda *_, **__: None)
    crew, doctor = ems(house), house.clinician(SUIJIANG)
    asked = asked_by(doctor)
    ride = called(doctor, asked)
    assert doctor.post(f"/transfers/{ride['id']}/call-off").status_code == 200
    assert crew.get(f"/referrals/{asked['id']}").status_code == 200


@pytest.mark.parametrize("language", ["zh", "en"])
def test_that_120_has_to_be_rung_has_words(language):
    assert catalogue(language).code("notes", "ring_120") not in ("", "ring_120")
