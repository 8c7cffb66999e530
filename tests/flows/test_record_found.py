"""The record is found by the number people say, and says who acted; a list says who is what."""

from app.accounts.states import OrganisationKind, Role
from tests.flows.cases import Woman
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

COMMISSION = OrganisationKind.PROVINCE_COMMISSION.value


def test_the_record_of_a_referral_is_found_by_its_number_and_names_who_acted(house):
    doctor = house.clinician(SUIJIANG)
    asked, other = doctor.ask(BLEEDING), doctor.ask(BLEEDING, drill=True)
    auditor = house.person("audit", Role.AUDITOR, kind=COMMISSION, division="530000")
    found = auditor.get("/audit", params={"number": f" {asked['number'].lower()} "}).json()["items"]

    assert {one["chain"] for one in found} == {f"referral:{asked['id']}"}
    assert other["number"] != asked["number"]
    assert {one["by_name"] for one in found if one["by_user"]} == {f"测试c-{SUIJIANG}"}
    assert auditor.get("/audit", params={"number": "NOBODY-1"}).status_code == 404
    assert doctor.get("/audit", params={"number": asked["number"]}).status_code == 403


def test_every_entry_leads_to_its_case_by_the_number_people_say(house):
    doctor = house.clinician(SUIJIANG)
    asked, woman = doctor.ask(BLEEDING), Woman(house, doctor)
    file = woman.whole()["number"]
    assert doctor.get(f"/patients/{woman.patient}/identity").status_code == 200
    auditor = house.person("audit", Role.AUDITOR, kind=COMMISSION, division="530000")
    entries = auditor.get("/audit", params={"limit": 500}).json()["items"]

    called = {one["chain"]: one["case_number"] for one in entries}
    assert called[f"referral:{asked['id']}"] == asked["number"]
    assert called[f"case_file:{woman.id}"] == file
    # A person has no number here, and a change of the installation is of no case.
    assert called[f"patient:{woman.patient}"] is None
    assert {number for number in called.values() if number} == {asked["number"], file}


def test_a_case_file_is_found_by_its_number_where_it_is_said_to_be_one(house):
    doctor = house.clinician(SUIJIANG)
    asked, woman = doctor.ask(BLEEDING), Woman(house, doctor)
    file = woman.whole()["number"]
    auditor = house.person("audit", Role.AUDITOR, kind=COMMISSION, division="530000")

    def found(number, **more):
        answer = auditor.get("/audit", params={"number": number, "limit": 500, **more})
        if answer.status_code == 404:
            assert "chain" not in more or number not in answer.text
            return None
        return {one["chain"] for one in answer.json()["items"]}

    assert found(file.lower(), chain="case_file") == {f"case_file:{woman.id}"}
    assert found(asked["number"], chain="referral") == {f"referral:{asked['id']}"}
    assert found(asked["number"], chain="case_file") is None
    assert found(file) is None
    assert doctor.get("/audit", params={"number": file, "chain": "case_file"}).status_code == 403


def test_a_list_of_accounts_says_which_roles_each_holds(house):
    house.clinician(SUIJIANG)
    admin = house.person("admin", Role.ADMINISTRATOR, kind=COMMISSION, division="530000")
    users = admin.get("/users").json()["items"]

    assert {one["name"]: one["roles"] for one in users}[f"测试c-{SUIJIANG}"] == ["county_clinician"]
