"""Where a hospital is reached is kept by its own administrator, and by nobody else's."""

from app.accounts.states import OrganisationKind, Role

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
SUIJIANG, YANJIN = "YN530600-011", "YN530600-008"


def test_an_address_is_noted_used_and_ended(house):
    boss = house.person("boss", Role.ADMINISTRATOR, facility=SUIJIANG)
    org = str(house.people["boss"].org_id)
    given = {"org_id": org, "channel": "sms", "address": "13800000000"}
    made = boss.post("/notice-addresses", given)
    assert made.status_code == 201, made.text
    assert [a["address"] for a in _listed(boss, org)] == ["13800000000"]
    house.clinician(SUIJIANG).ask(BLEEDING, said_by=None)
    assert boss.post(f"/notice-addresses/{made.json()['id']}/end").status_code == 200
    assert _listed(boss, org) == []


def test_another_hospitals_address_is_not_there(house):
    boss = house.person("boss", Role.ADMINISTRATOR, facility=SUIJIANG)
    other = house.person("other", Role.ADMINISTRATOR, facility=YANJIN)
    above = house.person(
        "above",
        Role.ADMINISTRATOR,
        kind=OrganisationKind.PREFECTURE_COMMISSION.value,
        division="530600",
    )
    org = str(house.people["boss"].org_id)
    given = {"org_id": org, "channel": "sms", "address": "13800000000"}
    made = boss.post("/notice-addresses", given).json()

    assert other.get(f"/notice-addresses?org_id={org}").status_code == 404
    assert other.post("/notice-addresses", given).status_code == 404
    assert other.post(f"/notice-addresses/{made['id']}/end").status_code == 404
    assert len(_listed(above, org)) == 1
    assert house.clinician(SUIJIANG).get(f"/notice-addresses?org_id={org}").status_code == 403


def _listed(who, org):
    return who.get(f"/notice-addresses?org_id={org}").json()["items"]
