"""What the record holds of accounts: who ended a role, no minute at a screen, no plain login."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts import attempts, people, store
from app.accounts.errors import SignInRefusedError, TooManyAttemptsError
from app.audit.sealing import kept
from app.keyfile import make_key
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing, Purpose
from app.verifying.service import verify
from tests.app.storage import account_rows, rows
from tests.app.storage.account_rows import asks, sign_in
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused


@pytest.fixture
def keys(tmp_path):
    made = KeyRing(tmp_path / "ring" / "keys.json")
    made.create(Cipher.AES_256_GCM, NOW)
    return made


def column(database, statement):
    with database.reading() as session:
        return list(session.connection().execute(text(statement)).scalars())


def test_who_ended_a_role_stands_beside_who_gave_it_and_is_not_rewritten(database, jia):
    with database.writing() as session:
        boss, _, _ = account_rows.clinician(session, login="boss")
    with database.writing() as session:
        people.end_role(session, store.grant_of(session, jia["grant"]), at=NOW, by=boss)
    with refused(database, by=["update of role_grant"]) as session:
        rows.update(session, "role_grant", {"ended_by": jia["user"]}, "ended_by IS NOT NULL")
    with refused(database, by=["ck_role_grant_ended"]) as session:
        rows.update(session, "role_grant", {"ended_by": boss}, "to_at IS NULL")

    assert len(column(database, "SELECT ended_by FROM role_grant WHERE ended_by IS NOT NULL")) == 1


def test_an_hour_at_a_screen_is_no_entry_of_the_record(database, jia, clock, tmp_path):
    opened = sign_in(database)
    before = column(database, "SELECT count(*) FROM audit_entry")
    seen = column(database, "SELECT last_seen_at FROM user_session")
    for _ in range(60):
        clock.now += timedelta(minutes=2)
        asks(database, opened)
    make_key(tmp_path / "seal.key")
    report = verify(database, key_file=tmp_path / "seal.key", outside=kept(tmp_path / "seals.txt"))

    assert column(database, "SELECT count(*) FROM audit_entry") == before
    assert column(database, "SELECT last_seen_at FROM user_session") != seen
    assert "user_session" not in {finding.table for finding in report.findings}


def test_a_session_that_was_changed_behind_the_back_is_still_found(database, jia, clock, tmp_path):
    sign_in(database)
    with database.writing() as session:
        longer = {"expires_at": NOW + timedelta(days=900)}
        rows.update(session, "user_session", longer, "1 = 1")
    make_key(tmp_path / "seal.key")
    report = verify(database, key_file=tmp_path / "seal.key", outside=kept(tmp_path / "seals.txt"))

    assert "user_session" in {finding.table for finding in report.findings}


def test_a_guess_at_a_password_is_an_event_and_no_entry_of_counts(database, jia):
    with pytest.raises(SignInRefusedError):
        sign_in(database, "jia", "not the password")
    wrote = "".join(one or "" for one in column(database, "SELECT wrote FROM audit_entry"))

    assert '"attempt"' not in wrote
    assert '"sign_in"' in wrote


def test_a_name_that_was_typed_is_hidden_under_a_key_outside_of_the_database(database, jia, keys):
    with pytest.raises(SignInRefusedError):
        sign_in(database, "typed-into-the-wrong-field", "x", keys=keys)
    found = column(database, "SELECT who FROM attempt WHERE kind = 'login'")
    plain = hashlib.sha256(b"login\0typed-into-the-wrong-field").hexdigest()
    keyed = keys.digest(Purpose.ATTEMPT, b"login\0typed-into-the-wrong-field").hex()

    assert found == [keyed]
    assert plain not in found


def test_two_servers_with_one_ring_count_together_and_one_without_counts_alone(
    database, jia, keys, tmp_path
):
    other = KeyRing(keys.path)
    for ring in (keys, other, keys, other, keys):
        with pytest.raises(SignInRefusedError):
            sign_in(database, "jia", "not the password", keys=ring)
    with pytest.raises(TooManyAttemptsError):
        sign_in(database, "jia", keys=other)
    missing = KeyRing(tmp_path / "nowhere.json")

    assert attempts.of("jia", keys=missing) == attempts.of("jia") != attempts.of("jia", keys=keys)
