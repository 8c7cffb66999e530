"""Coming in with a password, and not coming in, on both databases."""

import threading

import pytest

from app.accounts import attempts, door, passwords
from app.accounts.errors import (
    DoorBusyError,
    NoRoleError,
    SignInRefusedError,
    TooManyAttemptsError,
)
from app.accounts.throttle import CLIENT, LOGIN, RULES
from app.db import Database
from tests.app.storage import account_rows, rows
from tests.app.storage.account_rows import PASSWORD, asks, counted, sign_in
from tests.app.storage.rows import NOW

WRONG = "not the password"


def guesses(database, times, *, login="jia", client="10.0.0.7"):
    """Wrong passwords one after another; the waits that were told."""
    waits = []
    for _ in range(times):
        try:
            sign_in(database, login, WRONG, client=client)
        except SignInRefusedError:
            waits.append(0)
        except TooManyAttemptsError as error:
            waits.append(error.retry_s)
    return waits


def outcomes(database):
    with database.reading() as session:
        said = session.connection().exec_driver_sql("SELECT outcome FROM sign_in ORDER BY id")
        return [row[0] for row in said]


def test_who_knows_the_password_is_let_in_in_her_role(database, jia):
    opened = sign_in(database)
    actor = asks(database, opened)

    assert (actor.user_id, actor.role, actor.org_id) == (
        jia["user"],
        "county_clinician",
        jia["org"],
    )
    assert (opened.actor, opened.must_change) == (actor, False)
    assert outcomes(database) == ["signed_in"]


def test_a_login_name_is_the_same_in_capitals_and_with_blanks(database, jia):
    assert sign_in(database, " JIA ").actor.user_id == jia["user"]


def test_after_five_wrong_passwords_one_waits_and_the_right_one_is_refused_too(
    database, jia, clock
):
    assert guesses(database, 5) == [0, 0, 0, 0, 0]
    with pytest.raises(TooManyAttemptsError) as caught:
        sign_in(database)

    assert caught.value.retry_s == 31
    clock.passes(seconds=29)
    with pytest.raises(TooManyAttemptsError):
        sign_in(database)
    clock.passes(seconds=2)
    assert sign_in(database).actor.user_id == jia["user"]


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(database, jia, clock):
    guesses(database, 4)
    waits = []
    for _ in range(8):
        assert guesses(database, 1) == [0]
        (wait,) = guesses(database, 1)
        waits.append(wait - 1)
        clock.passes(seconds=wait)

    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_a_right_password_begins_the_count_anew(database, jia):
    assert guesses(database, 4) == [0] * 4
    sign_in(database)

    assert guesses(database, 5) == [0] * 5


def test_waiting_is_by_name_and_a_colleague_is_let_in(database, jia):
    with database.writing() as session:
        account_rows.clinician(session, "yi-b")
    guesses(database, 6)

    assert sign_in(database, "yi-b").actor


def test_one_address_with_many_names_waits_and_another_address_does_not(database, jia):
    """Thirty names with one guess each: the address is known by then, no name is."""
    limit = RULES[CLIENT].limit
    with database.writing() as session:
        for number in range(limit):
            attempts.count(session, attempts.of(f"name{number}", "10.9.9.9"), now=NOW)
    with pytest.raises(TooManyAttemptsError):
        sign_in(database, client="10.9.9.9")

    assert sign_in(database, client="10.0.0.7").actor


def test_a_hospital_behind_one_address_is_not_kept_waiting_by_those_who_come_in(database, jia):
    """Thirty sign-ins of one ward from one address count nothing."""
    for _ in range(3):
        sign_in(database)

    with database.reading() as session:
        found = session.connection().exec_driver_sql("SELECT kind, failures FROM attempt")
        assert sorted(tuple(row) for row in found) == [("client", 0), ("login", 0)]


def test_a_wait_holds_in_every_process(database, jia, address, clock, monkeypatch):
    """Another process has another connection and nothing else in common."""
    guesses(database, 5)
    other = Database(address)
    monkeypatch.setattr(other, "now", clock)
    with pytest.raises(TooManyAttemptsError):
        sign_in(other)
    other.close()


def test_a_hundred_guesses_at_once_are_no_more_than_five(database, jia, monkeypatch):
    """All of them arrive before any was looked at; the count is before the look."""
    looked = []
    monkeypatch.setattr(door, "is_right", lambda *_: looked.append(1))
    whole = threading.Barrier(10)

    def guess():
        whole.wait()
        guesses(database, 4)

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(looked) == RULES[LOGIN].limit


def test_the_planted_fault_counting_after_the_look_lets_all_of_them_guess(
    database, jia, monkeypatch
):
    """Counting only what has failed: ten who are looked at at once are ten guesses."""
    looked = []
    monkeypatch.setattr(attempts, "count", lambda *_, **__: 0)
    monkeypatch.setattr(door, "is_right", lambda *_: looked.append(1))
    guesses(database, 10)

    assert len(looked) == 10


def test_an_unknown_name_gets_the_same_answer_the_same_wait_and_the_same_work(
    database, jia, monkeypatch
):
    with database.writing() as session:
        real = passwords.hashed(PASSWORD)
        rows.update(session, "user_account", {"password_hash": real}, "1 = 1")
    hashes = []
    verify = passwords.PasswordHasher.verify
    monkeypatch.setattr(
        passwords.PasswordHasher,
        "verify",
        lambda self, hash_, password: hashes.append(hash_) or verify(self, hash_, password),
    )
    known, unknown = guesses(database, 6), guesses(database, 6, login="nobody")

    assert known == unknown == [0, 0, 0, 0, 0, 31]
    assert len(hashes) == 10
    assert len({hash_.rpartition("$")[0].rpartition("$")[0] for hash_ in hashes}) == 1
    assert outcomes(database) == ["wrong_password"] * 5 + ["unknown_login"] * 5


def test_a_failed_attempt_is_written_although_it_is_refused(database, jia):
    guesses(database, 2)

    assert outcomes(database) == ["wrong_password"] * 2
    assert counted(database, "attempt WHERE failures = 2") == 2


def test_a_wait_writes_nothing_so_that_nobody_fills_the_log(database, jia):
    guesses(database, 50)

    assert counted(database, "sign_in") == 5


def test_a_shut_account_is_refused_like_a_wrong_password_until_it_is_open(database, jia, clock):
    with database.writing() as session:
        until = NOW.replace(hour=4)
        rows.update(session, "user_account", {"disabled_from": NOW, "disabled_to": until}, "1 = 1")
    with pytest.raises(SignInRefusedError):
        sign_in(database)

    assert outcomes(database) == ["disabled"]
    clock.passes(hours=1)
    assert sign_in(database).actor


def test_who_holds_no_role_is_told_so_and_gets_no_session(database, jia):
    with database.writing() as session:
        rows.update(session, "role_grant", {"to_at": NOW}, "1 = 1")
    with pytest.raises(NoRoleError):
        sign_in(database)

    assert outcomes(database) == ["no_role"]
    assert counted(database, "user_session") == 0


def test_a_password_changed_while_it_was_looked_at_opens_nothing(database, jia, monkeypatch):
    """The look takes a while; the reset of the administrator falls into it."""
    look = door.is_right

    def slowly(password, hash_):
        found = look(password, hash_)
        with database.writing() as session:
            rows.update(
                session, "user_account", {"password_hash": passwords.hashed(WRONG)}, "1 = 1"
            )
        return found

    monkeypatch.setattr(door, "is_right", slowly)
    with pytest.raises(SignInRefusedError):
        sign_in(database)


def test_no_transaction_is_open_while_a_password_is_looked_at(database, jia, monkeypatch):
    """Somebody else writes in that time; on SQLite there is one writer."""
    look = door.is_right

    def meanwhile(password, hash_):
        with database.writing() as session:
            rows.organisation(session)
        return look(password, hash_)

    monkeypatch.setattr(door, "is_right", meanwhile)

    assert sign_in(database).actor


def test_many_who_come_in_at_once_are_told_to_wait_and_take_no_more_memory(monkeypatch):
    """Every look takes 64 MiB; with all turns taken the next is refused, and then let in again."""
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    for _ in range(passwords.AT_ONCE):
        passwords._turns.acquire()
    with pytest.raises(DoorBusyError):
        passwords.is_right(PASSWORD, account_rows.HASH)
    for _ in range(passwords.AT_ONCE):
        passwords._turns.release()

    assert passwords.is_right(PASSWORD, account_rows.HASH)


def test_old_counts_are_forgotten(database, jia, clock):
    guesses(database, 3, login="nobody")
    clock.passes(hours=25)
    sign_in(database)

    assert counted(database, "attempt WHERE failures > 0") == 0
    assert counted(database, "attempt") == 2


def test_neither_password_nor_token_nor_unknown_name_is_in_the_file(database, jia, tmp_path):
    """An unknown name is often a password in the wrong field."""
    typed = "mima-zai-cuo-de-ge-li"
    opened = sign_in(database)
    guesses(database, 1, login=typed)
    with database.reading() as session:
        known = session.connection().exec_driver_sql("SELECT password_hash FROM user_account")
        kept = dump(database, tmp_path) + str(known.all()).encode()

    assert b"argon2id" in kept
    for secret in (PASSWORD, opened.token, opened.csrf, typed, WRONG):
        assert secret.encode() not in kept
    assert b"jia" in kept


def dump(database, folder):
    """Everything that is kept: the file and its log, or every row as text."""
    if database.is_sqlite:
        return b"".join(path.read_bytes() for path in folder.glob("test.db*"))
    with database.reading() as session:
        asked = session.connection().exec_driver_sql
        return b"".join(
            str(asked(f"SELECT * FROM {table.__tablename__}").all()).encode()
            for table in database.tables
        )
