"""A member of staff is named wherever staff are named, and is seen nowhere.

Who is on duty, who said what a centre cannot do tonight, who reported beds and blood, who drives,
where notices go, and who has an account: each of them in a whole story over HTTP, each shown to
whoever asks. Then everything that an installation leaves behind is searched for her.
"""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from app.accounts.states import OrganisationKind, Role
from app.accounts.tables import UserAccount
from app.centres import duty as roster
from app.centres import store_said
from app.centres.opening import NO_REPORT, said_of_places
from app.db_types import metadata
from app.keys import rotation
from app.keys.ciphers import Cipher
from app.keys.sealed import sealed_tables
from app.keys.words import put
from tests.app.storage.canary import ADDRESS, NAME, NUMBER, PHONE, sightings
from tests.flows.test_bad_night import BLEEDING, SUIJIANG
from tests.flows.test_canary_notices import sent
from tests.flows.test_canary_words import in_files, in_tables, log_until_now, yes

__all__ = ["log_until_now"]

SEALED = {
    "blood_stock": ("by_name", "courier_phone", "source"),
    "capability_note": ("by_name", "said_by"),
    "capacity_report": ("source",),
    "designation": ("by_name", "document"),
    "diversion": ("by_name",),
    "duty_turn": ("by_name", "person_name", "phone"),
    "joint_plan": ("answer", "asked", "reason"),
    "notice_address": ("address",),
    "recommendation": ("answer", "asked"),
    "user_account": ("name",),
    "vehicle": ("crew", "phone"),
    "vehicle_trip": ("by_name",),
}
WORDS = f"{NAME} {PHONE} {ADDRESS} {NUMBER}"
COUNTY = "530626"


def soon(hours):
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def called(house, person):
    """The same person, with the name of the canary in her account."""
    user_id = house.people[person.name].user_id
    with house.database.writing() as session:
        put(session, session.get(UserAccount, user_id), name=NAME)
    return person


def asked_first(house):
    """A referral and a coordinator of the centre that is asked first."""
    asked = house.clinician(SUIJIANG).ask(BLEEDING)
    centre = asked["offers"][0]["facility_id"]
    return asked, centre, called(house, house.coordinator(centre))


def a_centre_speaks(house):
    """Who is on duty and by which number, what is not there tonight, how many beds there are."""
    _, centre, night = asked_first(house)
    turn = {"facility_id_or_adcode": centre, "role": "obstetric", "person_name": NAME}
    turn |= {"phone": PHONE, "from_at": soon(-1), "until": soon(8)}
    made = yes(night.post("/duty", turn))
    assert (made["person_name"], made["phone"]) == (NAME, PHONE)
    assert yes(night.get("/duty", params={"of": centre}))["items"][0]["phone"] == PHONE
    note = {"capability": "CS_24H", "available": True, "until": soon(8), "said_by": WORDS}
    said = yes(night.post(f"/facilities/{centre}/capabilities", note))
    assert (said["said_by"], said["by_name"]) == (WORDS, NAME)
    lines = [{"kind": "OB_RESCUE_BED", "in_service": 4, "free": 4}]
    for source in ({"source": WORDS}, {}):
        yes(night.post("/capacity-reports", {"facility_id": centre, "lines": lines, **source}))
    path = f"/facilities/{centre}/diversions"
    (asks,) = yes(night.post(path, {"reason": "full", "until": soon(2)}))["items"]
    assert asks["by_name"] == NAME
    yes(night.post(f"{path}/{asks['id']}/lift"))


def an_office_speaks(house):
    """What the blood store has and who brings it, and by which document a centre is one."""
    office = called(house, house.duty(COUNTY))
    units = {"component": "red_cells", "blood_group": "O+", "units": 6, "as_of": soon(0)}
    stock = {"county": COUNTY, "lines": [units], "source": WORDS, "courier_phone": PHONE}
    (store,) = yes(office.post("/blood-stocks", stock))["items"]
    assert (store["source"], store["courier_phone"]) == (WORDS, PHONE)
    level = {"kind": "maternal", "level": "M2", "valid_from": "2026-01-01", "document": WORDS}
    line = yes(office.post(f"/facilities/{SUIJIANG}/designations", level))
    assert (line["document"], line["by_name"]) == (WORDS, NAME)


def an_account(house):
    """A person is entered with her name, and where her hospital is reached."""
    kind = OrganisationKind.COUNTY_COMMISSION.value
    boss = house.person("boss", Role.ADMINISTRATOR, kind=kind, division=COUNTY)
    org = str(house.people[house.clinician(SUIJIANG).name].org_id)
    new = {"login": "staff-1", "name": NAME, "role": "county_clinician", "organisation_id": org}
    assert NAME in str(yes(boss.post("/users", new)))
    address = {"org_id": org, "channel": "sms", "address": PHONE}
    assert yes(boss.post("/notice-addresses", address))["address"] == PHONE
    assert NAME in str(yes(boss.get("/users")))


def a_journey(house):
    """The next woman: the numbers stand in her answer, a plan is made, a vehicle is taken."""
    doctor = called(house, house.clinician(SUIJIANG))
    crew = {"kind": "ambulance", "label": "1", "crew": WORDS, "phone": PHONE}
    car = yes(doctor.post("/vehicles", crew))
    assert (car["crew"], car["phone"]) == (WORDS, PHONE)
    asked = doctor.ask(BLEEDING)
    assert PHONE in str(asked["ring"])
    (store,) = [one for one in asked["blood"]["stores"] if one["use"] == "origin"]
    assert store["courier"]["phone"] == PHONE
    first = asked["offers"][0]
    no = {"code": "recommend_nearer"}
    yes(house.coordinator(first["facility_id"]).post(f"/offers/{first['id']}/decline", no))
    yes(house.duty("530600").post("/plans", {}))
    ride = {"referral_id": asked["id"], "drives": "sender", "vehicle_ids": [car["id"]]}
    ride = yes(doctor.post("/transfers", ride))
    yes(doctor.post(f"/transfers/{ride['id']}/depart", {}))
    return asked


def a_night(house):
    a_centre_speaks(house)
    an_office_speaks(house)
    an_account(house)
    return a_journey(house)


def test_her_name_and_number_are_seen_nowhere(house, house_address, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    a_night(house)
    house.pass_time(3)
    assert PHONE in {message.address for message in sent(house)}

    places = in_tables(house.database) | in_files(house.database, house_address, tmp_path)
    places["log"] = caplog.text.encode()
    places["output"] = "".join(capfd.readouterr()).encode()
    assert all(len(places[f"table {name}"]) > 0 for name in SEALED)
    assert sightings(places) == []


def test_no_column_of_them_was_forgotten():
    found = {one.table.name: tuple(sorted(one.columns)) for one in sealed_tables(metadata)}

    assert {name: found.get(name) for name in SEALED} == SEALED


def test_a_number_that_somebody_forgot_to_seal_is_seen(house, monkeypatch):
    told, whole = {"person_name": "", "phone": ""}, roster.put

    def forgets(session, row, **texts):
        phone = texts.pop("phone")
        whole(session, row, **texts)
        row.phone = phone.encode().ljust(64)

    monkeypatch.setattr(roster, "put", forgets)
    monkeypatch.setattr("app.centres.api.opened", lambda _session, row, *_: row.model_dump() | told)
    _, centre, night = asked_first(house)
    turn = {"facility_id_or_adcode": centre, "role": "duty", "from_at": soon(-1), "until": soon(8)}
    yes(night.post("/duty", turn | {"person_name": NAME, "phone": PHONE}))

    seen = {where for where, _ in sightings(in_tables(house.database))}
    assert seen == {"table duty_turn"}


def versions(house):
    with house.database.reading() as session:
        return store_said.versions(session)


def test_keys_turn_under_all_of_them_and_no_registry_is_built_anew(house):
    asked = a_night(house)
    keys, before = house.database.keys, versions(house)
    number = keys.ring().active
    rotation.activate(house.database, keys, Cipher.SM4_GCM)
    swept = rotation.sweep(house.database, keys)

    assert (swept.broken, swept.held) == (0, 0)
    for one in sealed_tables(metadata):
        for column in one.columns:
            with house.database.reading() as session:
                found = session.execute(select(one.table.c[column])).scalars()
                assert {value[2] for value in found if value is not None} <= {number + 1}
    assert versions(house) == before
    after = house.clinician(SUIJIANG).referral(asked["id"])
    assert (PHONE in str(after["ring"]), after["blood"]) == (True, asked["blood"])


def spoil(house, table, column):
    """What lies there opens no more; the registry and all reports are read again."""
    with house.database.writing() as session:
        session.execute(metadata.tables[table].update().values({column: bytes(64)}))
        again = "UPDATE registry_version SET version = version + 1, reports = reports + 1"
        session.execute(text(again))


@pytest.mark.parametrize(("table", "column"), [("duty_turn", "phone"), ("user_account", "name")])
def test_a_field_that_does_not_open_keeps_nobody_from_an_answer(house, table, column, caplog):
    """A number that is spoilt is one number less to ring; ranking and offers are as before."""
    a_centre_speaks(house)
    before = house.clinician(SUIJIANG).ask(BLEEDING)
    spoil(house, table, column)
    asked = house.clinician(SUIJIANG).ask(BLEEDING)

    named, named_before = ([row["facility_id"] for row in one["ring"]] for one in (asked, before))
    assert (named, len(asked["offers"])) == (named_before, len(before["offers"]))
    assert (PHONE in str(asked), PHONE in str(before)) == (table != "duty_turn", True)
    assert f"{table}.{column}" in caplog.text


def test_a_report_whose_source_does_not_open_still_counts(house, caplog):
    a_centre_speaks(house)
    spoil(house, "capacity_report", "source")
    with house.database.reading() as session:
        (said,) = said_of_places(session).values()

    assert said.source == NO_REPORT
    assert "capacity_report.source" in caplog.text
