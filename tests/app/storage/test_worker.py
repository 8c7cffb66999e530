"""The worker as it runs: shared by two, beside the requests, until it is told to stop."""

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.deadlines import service as deadlines
from app.errors import DatabaseBusyError
from app.notices.sending import Sending
from app.notices.service import notify
from app.notices.states import ChannelName, Template
from app.worker import service
from app.worker.chores import Chore
from app.worker.deadline_pass import DeadlinePass
from app.worker.handling import Handler
from app.worker.running import Worker, start_inside
from app.worker.wiring import all_steps
from tests.app.storage import rows
from tests.app.storage.rows import NOW
from tests.app.storage.test_deadlines import count, leaves_a_place, put
from tests.app.storage.test_notices import Box

MINUTE = timedelta(minutes=1)
MANY = 40


def until(true, within_s=20.0):
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, "it does not come to pass"
        time.sleep(0.05)


def test_two_workers_share_the_work_and_do_nothing_twice(database):
    for _ in range(MANY):
        put(database)
    names = []

    def act(task):
        names.append(threading.current_thread().name)
        leaves_a_place(task)

    def work():
        one = DeadlinePass(database, {"reminder": Handler(act)})
        while one.run(NOW).any:
            pass

    threads = [threading.Thread(target=work, name=str(n)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert (len(names), count(database, table="place")) == (MANY, MANY)
    assert set(names) == {"0", "1"}


def test_it_works_by_itself_beats_and_stops_after_what_is_in_hand(database):
    put(database)
    org, box, referral = [], Box(), uuid.uuid4()
    with database.writing() as session:
        org.append(rows.organisation(session))

    def act(task):
        leaves_a_place(task)
        notify(task, org_id=org[0], template=Template.CANCELLED, referral_id=referral)

    worker = Worker(
        database,
        {"reminder": Handler(act)},
        province="53",
        sendings=[Sending(database, ChannelName.LOG, box)],
        poll_s=0.05,
        place="web",
    )
    stop = start_inside(worker)
    until(lambda: box.sent and count(database, table="worker_beat"))
    with database.reading() as session:
        alive = service.status(session, at=database.now(session))
    ended = stop()
    with database.reading() as session:
        stopped = service.status(session, at=database.now(session))

    assert (ended, count(database, table="place")) == (True, 1)
    assert (alive["workers"], alive["alarm"]) == (1, False)
    assert (stopped["workers"], stopped["alarm"]) == (0, True)


def test_a_worker_that_cannot_sign_off_ends_quietly(database, monkeypatch):
    """A thread that ends with an error is a warning, and warnings are errors here."""
    stop = start_inside(Worker(database, {}, province="53", place="web"))
    until(lambda: count(database, table="worker_beat"))

    def busy(*_, **__):
        raise DatabaseBusyError

    monkeypatch.setattr(service, "end", busy)

    assert stop() is True


def test_a_step_of_an_emergency_waits_behind_nothing_that_an_import_left(database):
    """The many that fell due before it wait until it is done: in one loop it never would be."""
    done = threading.Event()
    in_time = []
    for _ in range(MANY):
        put(database, kind="file")
    put(database, kind="escalation", minutes=1)
    worker = Worker(
        database,
        {
            # Outside a transaction: SQLite has one writer, whatever loop it is in.
            "file": Handler(
                lambda task: None, before=lambda _: in_time.append(done.wait(20)), bulk=True
            ),
            "escalation": Handler(lambda task: done.set()),
        },
        province="53",
        poll_s=0.05,
    )
    worker.start()
    try:
        until(lambda: in_time)
    finally:
        worker.stop()

    assert in_time[0]


def test_what_comes_in_thousands_stands_in_no_line_with_an_emergency():
    steps = all_steps(lambda session: None)

    assert {name for name, one in steps.items() if one.bulk} == {
        "booking", "booking_look", "booking_run", "case_file", "person_left",
    }  # fmt: skip


def test_a_loop_that_meets_an_error_goes_on(database, monkeypatch):
    monkeypatch.setattr("app.worker.running.AFTER_ERROR_S", 0.01)
    worker = Worker(database, {"reminder": Handler(leaves_a_place)}, province="53", poll_s=0.05)
    real, broken = worker._deadlines.run, iter([True, True])

    def run():
        if next(broken, False):
            raise ConnectionError
        return real()

    monkeypatch.setattr(worker._deadlines, "run", run)
    put(database)
    worker.start()
    until(lambda: count(database, table="place"))

    assert worker.stop()


def test_a_chore_is_done_in_time_by_whoever_comes_first_and_never_dies(database):
    done, broken = [], []

    def act(task):
        if broken:
            raise RuntimeError
        done.append(task.now)

    def worker():
        return Worker(database, {}, province="53", chores=[Chore("seal", 60, act)])

    first, second = worker(), worker()
    for second_of in (0, 1, 59, 60, 61, 120):
        for one in (first, second):
            one.step(NOW + timedelta(seconds=second_of))
    broken.append(True)
    for n in range(40):
        first.step(NOW + (3 + 6 * n) * MINUTE)
    broken.clear()
    before = len(done)
    first.step(NOW + 400 * MINUTE)

    assert done[:3] == [NOW, NOW + MINUTE, NOW + 2 * MINUTE]
    assert (before, len(done)) == (3, 4)


def test_a_chore_may_take_the_database_before_its_transaction(database):
    def before(database):
        with database.writing() as session:
            rows.place(session, label=str(uuid.uuid4()))

    worker = Worker(database, {}, province="53", chores=[Chore("seal", 60, before=before)])
    worker.step(NOW)
    worker.step(NOW)

    assert count(database, table="place") == 1


def meet(database, *, lock):
    """A command on a subject and a worker with its deadline meet; who was thrown out.

    The command locks the subject and then calls off its deadlines.
    """
    if database.is_sqlite:
        pytest.skip("one writer")
    subject = put(database)
    with database.writing() as session:
        rows.place(session, label="subject")
    both, errors = threading.Barrier(2, timeout=10), []

    def take(session, _=None):
        session.execute(text("SELECT id FROM place WHERE label = 'subject' FOR UPDATE"))

    def act(task):
        if not lock:
            both.wait()
            take(task.session)

    def command():
        try:
            with database.writing() as session:
                take(session)
                both.wait()
                deadlines.cancel(session, subject)
        except Exception as error:
            errors.append(error)

    def locks(session, key):
        both.wait()
        take(session, key)

    thread = threading.Thread(target=command)
    thread.start()
    worker = DeadlinePass(database, {"reminder": Handler(act, lock=locks if lock else None)})
    counts = worker.run(NOW)
    thread.join(20)
    return errors, counts


def test_a_worker_that_locks_as_commands_do_throws_nobody_out(database):
    errors, counts = meet(database, lock=True)

    assert (errors, counts.gone, counts.failed) == ([], 1, 0)


def test_a_worker_that_locks_the_other_way_round_throws_somebody_out(database):
    """The planted fault: one of the two ends in a deadlock or a time-out."""
    errors, counts = meet(database, lock=False)

    assert len(errors) + counts.failed >= 1


def test_requests_are_not_slower_beside_a_worker(database):
    """A command of one row, with an idle worker and without; the worker looks and does not wait."""

    def middle():
        times = []
        for _ in range(60):
            started = time.perf_counter()
            with database.writing() as session:
                rows.place(session, label=str(uuid.uuid4()))
            times.append(time.perf_counter() - started)
        return statistics.median(times)

    middle()
    alone = middle()
    worker = Worker(database, {"reminder": Handler(leaves_a_place)}, province="53", poll_s=0.05)
    worker.start()
    beside = middle()
    worker.stop()
    print(f"median of a command: alone {alone * 1e3:.2f} ms, beside a worker {beside * 1e3:.2f} ms")  # noqa: T201

    assert beside < 3 * alone + 0.005


def test_the_command_works_until_a_signal_and_ends_well(address, database):
    put(database)
    environment = {**os.environ, "DATABASE_URL": address, "GREENCHANNEL_LANGUAGE": "en"}
    command = [sys.executable, "-c", "from app.cli import main; main()", "worker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as life:  # noqa: S603
        assert life.stderr.readline().startswith("working")
        until(lambda: count(database, table="worker_beat"))
        life.send_signal(signal.SIGTERM)
        said = life.stderr.read()

    assert life.returncode == 0, said
    assert count(database, "stopped_at IS NOT NULL", table="worker_beat") == 1
