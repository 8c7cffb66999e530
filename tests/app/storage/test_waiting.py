"""Nobody waits for ever to write, nobody for himself, and who reads writes nothing."""

import contextlib
import fcntl
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app import db
from app.clock import local_now
from app.db import Database
from app.errors import DatabaseBusyError
from app.health.probes import probe
from app.initialising import make_keys
from app.main import create_app
from app.queueing import NestedWriteError
from app.settings import Settings
from tests.app.storage import rows


@pytest.fixture
def path(sqlite_template, tmp_path):
    found = tmp_path / "waiting.db"
    found.write_bytes(sqlite_template.read_bytes())
    return found


@contextlib.contextmanager
def another_process_writes(path):
    """The lock file is held through a description of its own, as another process holds it."""
    with Path(f"{path}.queue").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def write(database, label="1", **how):
    with database.writing(**how) as session:
        rows.place(session, label=label)


@contextlib.contextmanager
def impatient(path, wait_s=0.05):
    database = Database(f"sqlite:///{path}", wait_s=wait_s)
    yield database
    database.close()


@pytest.mark.parametrize("objects", ["one", "two", "another name"])
def test_a_thread_that_would_wait_for_itself_is_told_at_once(path, tmp_path, objects):
    (tmp_path / "link.db").symlink_to(path)
    name = tmp_path / "link.db" if objects == "another name" else path
    began = time.monotonic()
    with impatient(path, 20) as first, impatient(name, 20) as second, first.writing():
        inner = first if objects == "one" else second
        with pytest.raises(NestedWriteError, match="use the session that it has"):
            write(inner)

    assert time.monotonic() - began < 5


def test_after_such_a_fault_everybody_writes_again(path):
    with impatient(path, 20) as first, impatient(path, 20) as second:
        with first.writing() as session:
            rows.place(session, label="1")
            with pytest.raises(NestedWriteError):
                write(second)
        write(second, "2")
        write(first, "3")


def test_two_files_are_written_to_in_one_thread(path, tmp_path):
    other = tmp_path / "other.db"
    other.write_bytes(path.read_bytes())
    with impatient(path) as first, impatient(other) as second, first.writing() as session:
        rows.place(session)
        write(second)


@pytest.mark.parametrize("who", ["a thread", "a process"])
def test_who_hangs_keeps_the_others_waiting_for_so_long_and_no_longer(path, who):
    with impatient(path) as database:
        hanging = database.writing() if who == "a thread" else another_process_writes(path)
        began = time.monotonic()
        with hanging, pytest.raises(DatabaseBusyError):
            in_a_thread(lambda: write(database))
        assert 0.05 <= time.monotonic() - began < 5
        write(database)


def test_a_turn_that_nobody_wants_any_more_is_passed_on(path):
    """Ten give up while one process hangs; one thread waits for all of them, and lets go."""
    with impatient(path, 0.01) as database:
        with another_process_writes(path):
            before = threading.active_count()
            for _ in range(10):
                with pytest.raises(DatabaseBusyError):
                    write(database)
            assert threading.active_count() == before + 1
        write(database, wait_s=5)
        with another_process_writes(path) as file:
            fcntl.flock(file, fcntl.LOCK_UN)


def test_who_waits_is_let_in_when_the_other_process_is_done(path):
    with impatient(path, 20) as database, another_process_writes(path) as file:
        waiting = threading.Thread(target=write, args=(database,))
        waiting.start()
        time.sleep(0.05)
        assert waiting.is_alive()
        fcntl.flock(file, fcntl.LOCK_UN)
        waiting.join(10)
        assert not waiting.is_alive()


def test_who_holds_the_file_past_the_queue_does_not_stop_us_for_ever(path):
    outsider = Database(f"sqlite:///{path}")
    with impatient(path) as database, outsider.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE registry_version SET version = version")
        with pytest.raises(DBAPIError, match="locked"):
            write(database)
    outsider.close()


def in_a_thread(act):
    """Do it in a thread of its own and raise here what it raised."""
    found = []

    def caught():
        try:
            act()
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=caught)
    thread.start()
    thread.join(20)
    for error in found:
        raise error


@pytest.fixture
def client(address, engine, tmp_path):
    settings = Settings(
        data_dir=tmp_path / "data", database_url=address, worker_inside=False, writer_wait_s=0.05
    )
    make_keys(settings, local_now())
    with TestClient(create_app(settings, engine=engine)) as client:
        yield client


@contextlib.contextmanager
def nobody_else_writes(address):
    """Somebody writes and does not end; on PostgreSQL at the table that is tried."""
    database = Database(address)
    if database.is_sqlite:
        with another_process_writes(database.engine.url.database):
            yield
    else:
        with database.writing() as session:
            session.execute(text("LOCK TABLE worker_beat"))
            yield
    database.close()


def test_a_server_in_front_of_which_writers_queue_says_so_within_a_second(client, address):
    sqlite = address.startswith("sqlite")
    state = client.app.state
    with nobody_else_writes(address):
        answer = client.get("/readyz?lang=en")
        # The second time, without what a process loads at the first look.
        began = time.monotonic()
        found = probe(state.database, state.settings, state.keys)
        took = time.monotonic() - began

    assert (answer.status_code, found.write_s, took < 1) == (503, None, True)
    assert answer.json()["reasons"] == ["queue_long" if sqlite else "write_failed"]


def test_a_command_that_has_no_turn_is_refused_and_may_be_sent_again(client, address):
    if not address.startswith("sqlite"):
        address = None
    who = {"login": "nobody.here", "password": "wrong and long enough"}
    with nobody_else_writes(address) if address else contextlib.nullcontext():
        answer = client.post("/api/v1/session", json=who)
    again = client.post("/api/v1/session", json=who)

    assert again.status_code == 401
    if address:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert answer.json()["type"].endswith(":database-busy")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE place SET blocked = TRUE",
        "DELETE FROM capacity_report",
        "INSERT INTO status_move (machine, from_status, to_status) VALUES ('a', 'b', 'c')",
        "CREATE TABLE planted (id INTEGER)",
    ],
)
def test_who_only_reads_cannot_write(database, statement):
    write(database)
    for _ in range(2):
        with (
            pytest.raises(DBAPIError, match=r"readonly|read-only"),
            database.reading() as session,
        ):
            session.execute(text(statement))
        write(database, label=statement[:9] + str(_))
    with database.writing() as session:
        assert session.execute(text("SELECT count(*) FROM place")).scalar() == 3


def test_without_the_mark_reading_would_write(database, monkeypatch):
    """The planted fault: the same transaction, begun as any other."""
    monkeypatch.setattr(db, "_begin", lambda session, how: session.connection())
    with database.reading() as session:
        rows.place(session)
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM place")).scalar() == 1
