"""Identities erase themselves when their years are over, and never one that is still needed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.audit.sealing import kept, seal_now
from app.cli import app
from app.db_types import new_key
from app.keyfile import make_key, read_key
from app.patients.erasing import count_due, erase_due
from app.patients.service import Retention, enter_emergency, identity_of, merge
from app.patients.states import MergeReason
from app.settings import Settings
from app.transfers.needed import still_needed
from app.verifying.service import verify
from app.worker.running import Worker
from app.worker.wiring import chores_of
from tests.app.storage import rows
from tests.app.storage.people import never_referred, working
from tests.app.storage.rows import NOW
from tests.app.storage.test_patients import MATERNAL, WHOLE
from tests.app.storage.test_refusals import WALK, refused

YEARS = Retention(maternal_years=30, newborn_years=20)
LONG = timedelta(days=366 * 31)
HELD = ["patient_identity_held"]


@pytest.fixture
def her(database, keys):
    with working(database) as work:
        return enter_emergency(work, keys, MATERNAL, WHOLE).patient_id


def name_of(database, keys, patient_id):
    with working(database) as work:
        return identity_of(work, keys, patient_id).name


def acts(database, chain):
    with database.reading() as session:
        asked = text("SELECT act, why FROM audit_entry WHERE chain = :chain ORDER BY seq")
        return [tuple(row) for row in session.connection().execute(asked, {"chain": chain})]


def later(database):
    with database.reading() as session:
        return database.now(session) + LONG


def test_the_worker_erases_who_she_was_thirty_years_later_and_the_record_still_holds(
    database, keys, her, tmp_path
):
    settings = Settings(data_dir=tmp_path / "data")
    make_key(settings.seal_key_file)
    worker = Worker(database, {}, province="53", chores=chores_of(settings))
    with database.reading() as session:
        now = database.now(session)
    worker.step(now=now + timedelta(days=365 * 29))
    still = name_of(database, keys, her)
    worker.step(now=now + LONG)
    with working(database) as work:
        told = identity_of(work, keys, her)
    seal_now(database, read_key(settings.seal_key_file), settings.seals_outside)
    outside = kept(settings.seals_outside)
    report = verify(database, key_file=settings.seal_key_file, outside=outside)

    assert still == "测试甲"
    assert told.erased
    assert (told.name, told.id_number, told.phone, told.address) == (None,) * 4
    assert told.residence_county == "530829"
    assert acts(database, f"patient:{her}") == [("identity_erased", "retention_maternal_years=30")]
    # The organisation of the test was written by plain SQL, which is a finding of its own.
    assert {finding.table for finding in report.findings} <= {"organisation"}


@pytest.mark.parametrize("status", ["requested", "offered", "accepted", "outcome_reported"])
def test_who_is_being_referred_is_never_erased_and_the_database_refuses_it_too(
    database, keys, her, status
):
    with database.writing() as session:
        rows.referral(session, of=her, path=WALK[status])
    with database.writing() as session:
        assert erase_due(session, later(database), YEARS, still_needed=still_needed) == 0
    with refused(database, by=HELD) as session:
        erase_due(session, later(database), YEARS, still_needed=lambda *_: False)
    with refused(database, by=HELD) as session:
        _by_hand(session, her)

    assert name_of(database, keys, her) == "测试甲"


def test_a_word_that_nobody_confirmed_keeps_her_and_a_confirmed_one_does_not(database, keys, her):
    with database.writing() as session:
        org = rows.organisation(session)
        referral = rows.referral(session, org=org, of=her, path=WALK["closed"])
        rows.insert(
            session,
            "spoken_word",
            id=new_key(),
            province="53",
            referral_id=referral,
            what="request",
            said_by=bytes(32),
            of_org=org,
            entered_by=new_key(),
            entered_name=bytes(32),
            entered_at=NOW,
            confirm_by=NOW,
        )
    with database.writing() as session:
        assert erase_due(session, later(database), YEARS, still_needed=still_needed) == 0
    with refused(database, by=HELD) as session:
        _by_hand(session, her)
    with database.writing() as session:
        confirmed = {"confirmed_at": NOW, "confirmed_by": new_key()}
        rows.update(session, "spoken_word", confirmed, "1 = 1")
    with database.writing() as session:
        assert erase_due(session, later(database), YEARS, still_needed=still_needed) == 1

    assert name_of(database, keys, her) is None


def test_a_closed_referral_stays_with_its_times_when_she_is_erased(database, her):
    with database.writing() as session:
        referral = rows.referral(session, of=her, path=WALK["closed"])
    before = _story(database, referral)
    with database.writing() as session:
        assert erase_due(session, later(database), YEARS, still_needed=still_needed) == 1

    assert _story(database, referral) == before
    assert before


def test_who_was_erased_is_referred_no_more_by_plain_sql(database, her):
    with database.writing() as session:
        erase_due(session, later(database), YEARS, still_needed=still_needed)
    with refused(database, by=["referral_of_erased"]) as session:
        rows.referral(session, of=her)


def test_two_records_of_one_woman_go_together_or_not_at_all(database, keys, her):
    with working(database) as work:
        other = enter_emergency(work, keys, MATERNAL).patient_id
        merge(work, her, other, MergeReason.DOCUMENTS_COMPARED, has_open_referral=never_referred)
    with database.writing() as session:
        held = count_due(session, later(database), YEARS, still_needed=lambda _, key: key == other)[
            0
        ]
        kept_now = erase_due(
            session, later(database), YEARS, still_needed=lambda _, key: key == other
        )
        erased = erase_due(session, later(database), YEARS, still_needed=still_needed)
    with database.reading() as session:
        asked = text("SELECT count(*) FROM patient_identity WHERE erased_at IS NOT NULL")
        both = session.connection().execute(asked).scalar_one()

    assert (held.due, held.held, kept_now, erased, both) == (1, 1, 0, 1, 2)


def test_one_who_is_held_does_not_stand_in_the_way_of_those_behind_her(database, keys, her):
    with working(database) as work:
        others = [enter_emergency(work, keys, MATERNAL).patient_id for _ in range(3)]
    with database.writing() as session:
        first = erase_due(
            session, later(database), YEARS, still_needed=lambda _, key: key == her, most=2
        )
    with database.writing() as session:
        second = erase_due(
            session, later(database), YEARS, still_needed=lambda _, key: key == her, most=2
        )

    assert (len(others), first, second) == (3, 2, 1)
    assert name_of(database, keys, her) == "测试甲"


def test_the_command_counts_and_names_nobody(address, database, keys, her, tmp_path):
    env = {
        "DATABASE_URL": address,
        "GREENCHANNEL_DATA_DIR": str(tmp_path / "data"),
        "COLUMNS": "200",
    }
    long_ago = {"kept_from": NOW - LONG}
    with database.writing() as session:
        rows.update(session, "patient_identity", long_ago, "1 = 1")
        rows.referral(session, of=her, path=WALK["requested"])
    told = CliRunner().invoke(app, ["retention", "--dry-run", "--json"], env=env)
    shown = CliRunner().invoke(app, ["retention", "--lang", "en"], env=env)

    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["patients"] == [
        {"kind": "maternal", "years": 30, "due": 1, "held": 1},
        {"kind": "newborn", "years": 30, "due": 0, "held": 0},
    ]
    assert shown.exit_code == 0, shown.output
    assert str(her) not in told.stdout + shown.stdout
    assert name_of(database, keys, her) == "测试甲"


def _by_hand(session, patient_id):
    """Erase somebody as one would who knows nothing of the code."""
    nothing = dict.fromkeys(
        (
            *("name", "id_number", "birth_date", "phone", "address", "contact_name"),
            *("contact_phone", "id_index", "claimed_index", "name_index", "phone_index"),
            "contact_phone_index",
        )
    )
    rows.update(
        session,
        "patient_identity",
        {**nothing, "erased_at": NOW},
        f"id = '{patient_id}'",
    )


def _story(database, referral):
    with database.reading() as session:
        asked = text("SELECT to_status, at FROM status_event WHERE subject_id = :id ORDER BY seq")
        found = session.connection().execute(asked, {"id": rows.stored(referral, session)})
        return [tuple(row) for row in found]
