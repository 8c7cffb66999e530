"""A name and a telephone written wherever people write in their own words are seen nowhere.

A whole story over HTTP, each of its answers a yes: with her name, numbers, telephone and address in
every free text of a referral, a journey, a paper and a plan. Then everything that an installation
leaves behind is searched: files, write-ahead log, tables with the outbox among them, logs, and a
copy as it is before a backup is encrypted.
"""

import contextlib
import logging
import sqlite3
import uuid
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from app.db_types import metadata
from app.keys import rotation
from app.keys.ciphers import Cipher
from app.keys.sealed import sealed_tables
from app.transfers import dossier, journeys
from app.transfers.states import HANDOVER_FIELDS
from tests.app.storage import canary
from tests.app.storage.canary import ADDRESS, NAME, NUMBER, OLD_NUMBER, PHONE, sightings
from tests.flows.test_bad_night import BLEEDING, SUIJIANG
from tests.flows.test_rules_of_the_road import BOOKED

WORDS = f"{NAME} {NUMBER} {OLD_NUMBER} {PHONE} {ADDRESS}"
NIGHT = "2026-01-14T03:00:00+08:00"
PREFECTURE = "530600"


def yes(answer):
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def a_referral_in_words(house, words):
    """Every free text of a request, of its answers and of what ends it."""
    doctor, officer = house.clinician(SUIJIANG), house.duty("530626")
    raised = doctor.ask(BOOKED, raised={"priority": 1, "because": words})
    assert raised["raised_because"] == words
    spoken = officer.ask(BLEEDING, origin={"facility_id": SUIJIANG}, said_by=words)
    assert spoken["words"][0]["said_by"] == spoken["events"][0]["said_by"] == words

    asked = doctor.ask(BLEEDING)
    offer = asked["offers"][0]
    centre = house.coordinator(offer["facility_id"])
    no = {"code": "no_bed_diverting_to", "detail": words}
    refused = centre.post(f"/offers/{offer['id']}/decline", no)
    assert (refused.status_code, words in refused.text) == (422, False)
    yes(centre.post(f"/offers/{offer['id']}/decline", {"code": "recommend_nearer"}))
    by_word = {"facility_id": asked["offers"][1]["facility_id"], "said_by": words}
    yes(doctor.post(f"/referrals/{asked['id']}/spoken-acceptance", by_word))

    outside = {"institution": words, "said_by": words}
    path = f"/referrals/{spoken['id']}/outside-acceptance"
    yes(officer.post(path, outside, version=spoken["version"]))
    assert doctor.referral(spoken["id"])["destination"] == words
    stay = {"reason": "expert_advice"}
    yes(doctor.post(f"/referrals/{raised['id']}/stay", stay, version=raised["version"]))
    return doctor


def a_journey_in_words(house, words):
    """Every free text from dispatch to outcome."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    key = asked["id"]
    consent = {"given_by": "person_in_charge", "agreed": True, "given_at": NIGHT}
    mine = {"in_charge": words, "language": words, "interpreter": words}
    assert yes(doctor.post(f"/referrals/{key}/consents", {**consent, **mine}))["in_charge"] == words
    told = {part: dict.fromkeys(names, words) for part, names in HANDOVER_FIELDS.items()}
    yes(doctor.post(f"/referrals/{key}/handover-set", told))
    ride = {"referral_id": key, "drives": "other", "vehicle": words, "escort": words}
    ride = yes(doctor.post("/transfers", {**ride, "outside": words}))
    assert (ride["vehicle"], ride["escort"], ride["destination"]) == (words, words, words)
    path = f"/transfers/{ride['id']}"
    left = yes(doctor.post(f"{path}/depart", {}))
    turned = {"outside": words, "reason": "road_closed"}
    yes(doctor.post(f"{path}/divert", turned, version=left["version"]))
    yes(doctor.post(f"{path}/arrive"))
    names = {"giver": words, "receiver": f"{words} 2", "identifiers": ["name", "birth_date"]}
    assert yes(doctor.post(f"{path}/hand-over", names))["giver"] == words
    came = dict.fromkeys(("diagnosis", "treatment", "follow_up"), words)
    came |= {"result": "discharged", "happened_at": "2026-01-01T03:00:00+08:00"}
    yes(doctor.post(f"/referrals/{key}/outcomes", came))


def beside_it(house, words):
    """Broken glass, and a plan that is not followed."""
    doctor, officer = house.clinician(SUIJIANG), house.duty(PREFECTURE)
    waiting = doctor.ask(BLEEDING)
    glass = {"number": waiting["number"], "reason": words}
    elsewhere = house.duty("532300")
    yes(elsewhere.post("/broken-glasses", glass))
    plan = yes(officer.post("/plans", {}))
    said = yes(officer.post(f"/plans/{plan['id']}/reject", {"reason": words}))
    assert said["reason"] == words


def repeated(house, words):
    """A command with words in its body, twice: the kept answer opens."""
    doctor, key = house.clinician(SUIJIANG), str(uuid.uuid4())
    asked = doctor.ask(BLEEDING)
    body = {"referral_id": asked["id"], "drives": "sender", "vehicle": words}
    first, again = (doctor.post("/transfers", body, key=key) for _ in range(2))
    assert yes(first) == yes(again)
    assert again.json()["vehicle"] == words


def in_tables(database):
    """What every table holds, as it would stand in a dump."""
    found = {}
    with database.reading() as session:
        for table in metadata.sorted_tables:
            statement = text(f'SELECT * FROM "{table.name}"')  # noqa: S608
            rows = session.execute(statement).all()
            cells = [bytes(c) if isinstance(c, memoryview) else c for row in rows for c in row]
            found[f"table {table.name}"] = b"\n".join(
                cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells
            )
    return found


def in_files(database, address, folder):
    """The files of the database with its write-ahead log, and a copy that nobody encrypted."""
    if database.is_sqlite:
        path = address.removeprefix("sqlite:///")
        with (
            contextlib.closing(sqlite3.connect(path)) as source,
            contextlib.closing(sqlite3.connect(folder / "copy.db")) as copy,
        ):
            source.backup(copy)
        return canary.files_below(folder)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        data = Path(connection.execute("SHOW data_directory").fetchone()[0])
        asked = "SELECT oid FROM pg_database WHERE datname = current_database()"
        oid = connection.execute(asked).fetchone()[0]
    found = canary.files_below(data / "base" / str(oid)) | canary.files_below(folder)
    return found | {
        f"wal {path.name}": path.read_bytes()
        for path in (data / "pg_wal").iterdir()
        if path.is_file() and path.name >= SINCE[0]
    }


SINCE = [""]
"""Where the write-ahead log of PostgreSQL stood before the test; what is older is of others."""


def segment_of(address):
    """A segment of the log that begins here."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_switch_wal()")
        found = connection.execute("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
        return found.fetchone()[0]


@pytest.fixture(autouse=True)
def log_until_now(house_address):
    if house_address.startswith("postgresql"):
        SINCE[0] = segment_of(house_address)


def test_her_name_in_any_words_is_seen_nowhere(house, house_address, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    for story in (a_referral_in_words, a_journey_in_words, beside_it, repeated):
        story(house, WORDS)
    house.pass_time(3)

    places = in_tables(house.database) | in_files(house.database, house_address, tmp_path)
    places["log"] = caplog.text.encode()
    places["output"] = "".join(capfd.readouterr()).encode()
    assert len(places["table notice"]) > 0
    assert len(places["table command"]) > 0
    assert sightings(places) == []


def test_keys_turn_under_all_words_and_papers(house):
    a_journey_in_words(house, WORDS)
    keys = house.database.keys

    before = keys.ring().active
    rotation.activate(house.database, keys, Cipher.SM4_GCM)
    swept = rotation.sweep(house.database, keys)

    assert (swept.broken, swept.held) == (0, 0)
    assert swept.fields > 10
    for one in sealed_tables(metadata):
        for column in one.columns:
            with house.database.reading() as session:
                found = session.execute(select(one.table.c[column])).scalars()
                assert {value[2] for value in found if value is not None} <= {before + 1}


def test_a_column_that_somebody_forgot_to_seal_is_seen(house, monkeypatch):
    whole, opened = journeys.put, dossier.told

    def forgets(session, row, **texts):
        vehicle = texts.pop("vehicle", None)
        whole(session, row, **texts)
        if vehicle is not None:
            row.vehicle = vehicle.encode().ljust(64)

    def forgets_too(session, row, column):
        return row.vehicle.decode() if column == "vehicle" else opened(session, row, column)

    words = "忘记密封的词语"
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    monkeypatch.setattr(journeys, "put", forgets)
    monkeypatch.setattr(dossier, "told", forgets_too)
    body = {"referral_id": asked["id"], "drives": "sender", "vehicle": words}
    yes(doctor.post("/transfers", body))

    seen = [name for name, data in in_tables(house.database).items() if words.encode() in data]
    assert seen == ["table transfer"]


@pytest.mark.parametrize("reason", ["王芳 13800138000", "any word"])
def test_a_reason_of_diversion_or_of_staying_is_a_code(house, reason):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    said, version = {"reason": reason}, asked["version"]

    for path in (f"/referrals/{asked['id']}/stay", f"/transfers/{uuid.uuid4()}/divert"):
        answer = doctor.post(path, said, version=version if "stay" in path else 1)
        assert answer.status_code == 422
        assert reason not in answer.text
