"""The record is found by the number people say, and says who acted; a list says who is what."""

from app.accounts.states import OrganisationKind, Role
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


def test_a_list_of_accounts_says_which_roles_each_holds(house):
    house.clinician(SUIJIANG)
    admin = house.person("admin", Role.ADMINISTRATOR, kind=COMMISSION, division="530000")
    users = admin.get("/users").json()["items"]

    assert {one["name"]: one["roles"] for one in users}[f"测试c-{SUIJIANG}"] == ["county_clinician"]
