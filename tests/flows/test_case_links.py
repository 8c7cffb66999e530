"""What belongs to a file beside her: earlier referrals, newborns and theirs, and who is there."""

import uuid
from datetime import timedelta

from sqlmodel import select

from app.accounts.states import Role
from app.accounts.tables import RoleGrant
from app.case_files.states import CASE_FILE
from app.verifying.invariants import broken
from tests.flows.cases import CENTRE, COUNTY, SUIJIANG, Woman, assessed, manager, screened
from tests.flows.test_bad_night import BLEEDING
from tests.flows.test_births import birth, on_the_road
from tests.flows.test_case_files import listed, notices
from tests.flows.test_case_rules import to
from tests.flows.test_patients import entered

LABOUR = {"in_labour": True, "placenta_position": "praevia"}
SICK = {"neo_ga_weeks": 31, "birth_weight_g": 1400, "needs_cpap": True}


def child_asked(doctor, child, **more):
    """Ask for a cot for a newborn."""
    origin = {"facility_id": SUIJIANG}
    request = {"patient": "newborn", "facts": SICK, "origin": origin}
    answer = doctor.post("/referrals", {"request": request, "patient_id": child, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def filed(doctor, patient):
    answer = doctor.post("/case-files", {"patient_id": patient, "residence_county": COUNTY})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def whole(caller, file_id):
    answer = caller.get(f"/case-files/{file_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_referrals_of_twins_are_linked_to_the_file_of_their_mother(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=31, fetus_count=2)
    woman.post("deliveries", {"mode": "vaginal", "newborns": [{}, {}]})
    first, second = woman.whole()["newborns"]
    asked = {child_asked(doctor, one) for one in (first, second)}
    file = woman.whole()
    assert set(file["referrals"]) == asked
    assert {one["newborn_id"] for one in file["referred"]} == {first, second}
    woman.pass_days(0.01)
    assert "R-FOLLOW-03-outcome" in woman.rules_due()
    # The emergency of a child lets nobody on duty look into the file of its mother.
    assert house.duty(COUNTY).get(f"/case-files/{woman.id}").status_code == 404


def test_a_child_born_on_the_way_belongs_to_the_file_at_once(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=35)
    asked = doctor.ask(LABOUR, patient_id=woman.patient)
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    born = doctor.post(f"/transfers/{ride['id']}/births", birth(house)).json()["newborns"]
    assert woman.whole()["newborns"] == born
    cot = child_asked(doctor, born[0])
    assert set(woman.whole()["referrals"]) == {asked["id"], cot}
    woman.whole()
    woman.post("deliveries", {"mode": "vaginal", "newborn_ids": born})
    assert woman.whole()["newborns"] == born


def test_an_open_referral_is_linked_when_she_is_registered(house):
    doctor, asked, births = on_the_road(house, LABOUR)
    her = doctor.referral(asked["id"])["patient_id"]
    born = doctor.post(births, birth(house)).json()["newborns"]
    cot = child_asked(doctor, born[0])
    file = whole(doctor, filed(doctor, her))
    assert set(file["referrals"]) == {asked["id"], cot}
    assert file["newborns"] == born
    # Of an exercise and of another woman nothing is linked.
    drill = doctor.ask(BLEEDING, drill=True)
    assert (
        whole(doctor, filed(doctor, doctor.referral(drill["id"])["patient_id"]))["referrals"] == []
    )


def test_the_referral_of_another_record_is_not_hers_while_nobody_merged_them(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=30)
    other = entered(doctor)
    doctor.ask(LABOUR, patient_id=other)
    woman.pass_days(30)
    assert woman.whole()["referrals"] == []
    # A record with an open referral is kept: the other one, that has the file, is no less hers.
    body = {"drop": woman.patient, "reason": "same_number"}
    version = doctor.get(f"/patients/{other}").json()["version"]
    refused = doctor.post(f"/patients/{other}/merge", body, version=version)
    assert refused.status_code == 409, refused.text
    assert woman.whole()["referrals"] == []


def test_whoever_is_born_of_her_by_another_way_comes_to_the_file(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=38)
    other = entered(doctor)
    asked = {"newborns": [{}]}
    born = doctor.post(f"/patients/{woman.patient}/newborns", asked).json()["patient_ids"]
    child = doctor.post(f"/patients/{other}/newborns", asked).json()["patient_ids"]
    house.worker.step()
    assert woman.whole()["newborns"] == born
    body = {"drop": other, "reason": "recognised_by_staff"}
    version = doctor.get(f"/patients/{woman.patient}").json()["version"]
    merged = doctor.post(f"/patients/{woman.patient}/merge", body, version=version)
    assert merged.is_success, merged.text
    house.worker.step()
    assert woman.whole()["newborns"] == [*born, *child]


def test_a_newborn_of_whom_it_is_said_later_whose_it_is_comes_to_the_file(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=36)
    found = doctor.post("/patients", {"kind": "newborn"}).json()
    cot = child_asked(doctor, found["patient_id"])
    assert woman.whole()["referrals"] == []
    said = doctor.post(f"/patients/{found['patient_id']}/mother", {"mother": woman.patient})
    assert said.is_success, said.text
    house.worker.step()
    assert woman.whole()["referrals"] == [cot]
    assert woman.whole()["newborns"] == [found["patient_id"]]


def responsible(house, doctor, mch):
    woman = Woman(house, doctor, weeks=20)
    woman.post("screenings", screened(hypertension=True))
    woman.post("assessments", assessed(placenta_position="praevia"))
    woman.post("clinician", {})
    assert woman.id not in listed(mch, "without_clinician")
    return woman


def alarmed(house, woman, mch):
    """It is said since when nobody is responsible, in the file, in the list and to who is told."""
    assert woman.id in listed(mch, "without_clinician")
    before = notices(house, woman).count("case_no_clinician")
    house.worker.step()
    found = woman.whole(mch)
    assert (found["has_clinician"], found["no_clinician_since"] is None) == (False, False)
    assert found["clinicians"][-1]["to_at"] is not None
    assert "R-CASE-04-clinician" in woman.rules_due(mch)
    assert notices(house, woman).count("case_no_clinician") > before
    assert "case_no_clinician" in to(house, woman, mch)
    with house.database.reading() as session:
        assert [one for one in broken(session) if one.table == CASE_FILE] == []


def test_a_file_is_without_clinician_as_soon_as_her_account_is_shut(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    boss = house.person("boss", Role.ADMINISTRATOR, facility=SUIJIANG)
    gone = house.clinician(SUIJIANG, "gone")
    woman = responsible(house, gone, mch)
    user = house.people["gone"].user_id
    assert boss.post(f"/users/{user}/disable", {}).is_success
    alarmed(house, woman, mch)
    # Opened again she is not responsible by that: somebody names her, or another one.
    assert boss.post(f"/users/{user}/enable").is_success
    house.worker.step()
    assert woman.id in listed(mch, "without_clinician")
    woman.post("clinician", {}, by=doctor)
    assert woman.id not in listed(mch, "without_clinician")


def test_a_file_is_without_clinician_when_her_role_ends_now_or_by_itself(house):
    mch = manager(house, COUNTY)
    boss = house.person("boss", Role.ADMINISTRATOR, facility=SUIJIANG)
    gone = house.clinician(SUIJIANG, "gone")
    woman = responsible(house, gone, mch)
    user = house.people["gone"].user_id
    with house.database.reading() as session:
        grant = session.exec(select(RoleGrant.id).where(RoleGrant.user_id == user)).one()
    until = (woman.now + timedelta(days=3)).isoformat()
    again = {"organisation_id": str(house.people["gone"].org_id), "role": "township"}
    given = boss.post(f"/users/{user}/grants", again | {"until": until})
    assert given.is_success, given.text
    assert boss.post(f"/grants/{grant}/end").is_success
    house.worker.step()
    # She is there in another role until that ends too.
    assert woman.whole(mch)["has_clinician"]
    house.worker.step(now=woman.now + timedelta(days=3, minutes=1))
    found = woman.whole(mch)
    assert not found["has_clinician"]
    assert "case_no_clinician" in notices(house, woman)


def test_who_is_responsible_elsewhere_stays_so(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    other = house.clinician(CENTRE)
    boss = house.person("boss", Role.ADMINISTRATOR, facility=CENTRE)
    woman = responsible(house, doctor, mch)
    assert boss.post(f"/users/{house.people[other.name].user_id}/disable", {}).is_success
    house.worker.step()
    assert woman.whole(mch)["has_clinician"]
    assert uuid.UUID(woman.id)
