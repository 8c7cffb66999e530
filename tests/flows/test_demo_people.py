"""Who signs in with the accounts of the demonstration finds each other."""

import pytest

from app.accounts.demo import ANSWERS, ASKS, CENTRE, COUNTY, HOSPITAL, demo_accounts
from app.accounts.signed_up import nobody_at, offices_without_anybody
from tests.flows.house import CHEAP
from tests.flows.test_bad_night import BLEEDING

PREFECTURE, PROVINCE = f"{COUNTY[:4]}00", f"{COUNTY[:2]}0000"
SHOCK = {"delivered": True, "pph_ongoing": True, "pph_ml": 1600, "hr": 130, "sbp": 80}
REQUESTS = [
    ("maternal", {"pph_ongoing": True}),
    ("maternal", BLEEDING),
    ("maternal", SHOCK),
    ("maternal", {"hdp": "eclampsia"}),
    ("maternal", {"hdp": "preeclampsia_severe"}),
    ("newborn", {"needs_cpap": True}),
]


@pytest.fixture
def printed(house, monkeypatch):
    """The accounts as they are printed."""
    monkeypatch.setattr("app.accounts.demo.fresh_password", lambda: CHEAP)
    with house.database.writing() as session:
        return demo_accounts(session, house.engine.registry, house.database.now(session))


@pytest.mark.parametrize(("patient", "facts"), REQUESTS)
def test_the_centre_of_the_demonstration_is_asked_by_its_hospital_and_takes_her(
    house, printed, patient, facts
):
    """Nobody names a centre by hand, and those on duty above them see it too."""
    here = {"facility_id": HOSPITAL}
    request = {"patient": patient, "facts": facts, "origin": here, "sender": here}
    asked = house.clinician(HOSPITAL).post("/referrals", {"request": request}).json()
    centre = house.coordinator(CENTRE)
    (offer,) = centre.get("/worklists/mine").json()["offers"]
    watching = [house.duty(area).get("/worklists/mine").json() for area in (COUNTY, PREFECTURE)]

    assert (offer["number"], offer["facility_id"]) == (asked["number"], CENTRE)
    assert [[one["number"] for one in seen["referrals"]] for seen in watching] == [
        [asked["number"]]
    ] * 2
    assert centre.post(f"/offers/{offer['id']}/accept").json()["accepted"] is True


def test_everybody_who_has_a_part_in_it_has_a_printed_account(house, printed):
    logins = {one.login: one.organisation for one in printed}
    names = {one: house.engine.registry.get(one).name_zh for one in (HOSPITAL, CENTRE)}
    with house.database.reading() as session:
        now = house.database.now(session)
        silent = nobody_at(session, names, at=now)
        without = offices_without_anybody(session, at=now)

    assert (logins[ASKS], logins[ANSWERS]) == (names[HOSPITAL], names[CENTRE])
    assert silent == frozenset()
    assert not {COUNTY, PREFECTURE, PROVINCE} & set(without)
