"""Deadlines: set with a change, done once, and never lost."""

import time
import uuid
from datetime import timedelta
from enum import StrEnum

import pytest
from sqlalchemy import text

from app.deadlines import service
from app.deadlines.errors import NoDeadLetterError
from app.deadlines.states import DEATHS, LEASE, TRIES, WORKER_DIED, pause
from app.worker import deadline_pass
from app.worker.deadline_pass import Counts, DeadlinePass
from app.worker.handling import Handler
from app.worker.running import Worker
from tests.app.storage import rows
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused

MINUTE = timedelta(minutes=1)


class Rung(StrEnum):
    SECOND = "second_centre"


def put(database, kind="reminder", subject=None, *, minutes=0, payload=None):
    subject = subject or uuid.uuid4()
    with database.writing() as session:
        due_at = NOW + minutes * MINUTE
        service.set_deadline(session, kind, subject, due_at, province="53", payload=payload, at=NOW)
    return subject


def count(database, where="1 = 1", table="deadline"):
    with database.reading() as session:
        return session.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar()


def leaves_a_place(task):
    """An effect that can be counted."""
    rows.place(task.session, label=str(uuid.uuid4()))


def worker(database, **handlers):
    known = {kind: Handler(act) for kind, act in handlers.items()}
    return Worker(database, known, province="53")


def test_what_is_due_is_done_once_and_what_is_not_is_left(database):
    put(database, minutes=5)
    put(database, minutes=6)
    at_work = worker(database, reminder=leaves_a_place)

    assert [at_work.step(NOW + n * MINUTE).done for n in (4, 5, 5, 6, 7)] == [0, 1, 0, 1, 0]
    assert (count(database, table="place"), count(database, "done_at IS NULL")) == (2, 0)


def test_setting_a_deadline_again_moves_it_and_there_is_one(database):
    subject = put(database, minutes=5)
    put(database, subject=subject, minutes=9)
    at_work = worker(database, reminder=leaves_a_place)

    assert [at_work.step(NOW + n * MINUTE).done for n in (5, 9)] == [0, 1]
    assert count(database) == 1


def test_a_deadline_that_is_called_off_is_not_done_and_stays_to_be_seen(database):
    subject = put(database, "reminder")
    put(database, "escalate", subject)
    put(database, "other", subject)
    with database.writing() as session:
        assert service.cancel(session, subject, ["reminder", "escalate"]) == 2
    done = worker(database, reminder=leaves_a_place, escalate=leaves_a_place).step(NOW)

    assert done == Counts()
    assert (count(database), count(database, "cancelled_at IS NOT NULL")) == (3, 2)


def test_a_handler_sets_the_next_rung_of_its_own_kind(database):
    """Three rungs, five minutes apart, each set by the one before it."""
    seen = []

    def climb(task):
        seen.append(task.due.payload["rung"])
        if task.due.payload["rung"] < 3:
            following = task.now + 5 * MINUTE
            rung = {"rung": task.due.payload["rung"] + 1}
            service.set_deadline(
                task.session, "climb", task.subject_id, following, province="53", payload=rung
            )

    put(database, "climb", payload={"rung": 1})
    at_work = worker(database, climb=climb)
    for minute in (0, 4, 5, 10, 15):
        at_work.step(NOW + minute * MINUTE)

    assert seen == [1, 2, 3]
    assert count(database, "done_at IS NOT NULL") == 3


def test_a_poisoned_deadline_becomes_a_dead_letter_and_the_rest_goes_on(database):
    def fails(_):
        raise ValueError("测试甲 530102")

    put(database, "poison")
    at_work = worker(database, poison=fails, reminder=leaves_a_place)
    for n in range(4 * TRIES):
        put(database, minutes=5 * n)
        at_work.step(NOW + 5 * n * MINUTE)
    with database.writing() as session:
        (letter,) = service.dead_letters(session, "53")
        elsewhere = service.dead_letters(session, "51")

    assert (letter.kind, letter.tries, letter.last_error) == ("poison", TRIES, "ValueError")
    assert count(database, "done_at IS NOT NULL") == 4 * TRIES
    assert list(elsewhere) == []


def test_what_fails_leaves_no_half_effect(database):
    def half(task):
        leaves_a_place(task)
        raise RuntimeError

    put(database, "half")
    worker(database, half=half).step(NOW)

    assert count(database, table="place") == 0


def test_a_dead_letter_is_revived_once_and_done(database):
    put(database, "poison")
    with database.writing() as session:
        rows.update(session, "deadline", {"dead_at": NOW, "tries": TRIES}, "1 = 1")
    at_work = worker(database, poison=leaves_a_place)
    before = at_work.step(NOW)
    with database.writing() as session:
        (letter,) = service.dead_letters(session, "53")
        with pytest.raises(NoDeadLetterError):
            service.revive(session, letter.id, province="51", at=NOW)
        service.revive(session, letter.id, province="53", at=NOW)
        with pytest.raises(NoDeadLetterError):
            service.revive(session, letter.id, province="53", at=NOW)

    assert (before.done, at_work.step(NOW).done) == (0, 1)


def test_what_a_dead_worker_had_in_hand_is_done_when_the_lease_ends(database):
    put(database)
    with database.writing() as session:
        assert len(service.claim_due(session, ["reminder"], at=NOW, most=9)) == 1
    at_work = worker(database, reminder=leaves_a_place)

    assert at_work.step(NOW + LEASE - timedelta(seconds=1)).done == 0
    assert at_work.step(NOW + LEASE).done == 1


def test_over_what_every_worker_dies_is_a_dead_letter_at_last(database):
    put(database)
    for n in range(DEATHS):
        with database.writing() as session:
            assert service.claim_due(session, ["reminder"], at=NOW + n * LEASE, most=9)
    done = worker(database, reminder=leaves_a_place).step(NOW + DEATHS * LEASE).done

    assert done == 0
    assert count(database, f"last_error = '{WORKER_DIED}' AND dead_at IS NOT NULL") == 1


def test_a_worker_that_was_slow_finds_it_done_and_does_nothing(database):
    """Both have it in hand: the first by a lease that has ended."""
    put(database)
    slow = DeadlinePass(database, {"reminder": Handler(leaves_a_place)})
    (had,) = slow._claim(NOW)
    later = NOW + LEASE
    first = worker(database, reminder=leaves_a_place).step(later)

    assert (first.done, slow._do(had, later)) == (1, Counts(gone=1))
    assert count(database, table="place") == 1


def test_what_takes_longer_than_a_lease_is_begun_by_nobody_else(database, monkeypatch):
    """It says that it is alive while it works; the lease is moved on before it ends."""
    put(database, minutes=-60 * 24)
    monkeypatch.setattr(deadline_pass, "LEASE", timedelta(seconds=0.03))
    held = "SELECT lease_until FROM deadline"

    def until(database):
        with database.reading() as session:
            return session.execute(text(held)).scalar()

    def takes_long(database):
        first, end = until(database), time.monotonic() + 20
        while until(database) == first and time.monotonic() < end:
            time.sleep(0.01)
        assert until(database) > first

    handler = Handler(leaves_a_place, before=takes_long)
    assert DeadlinePass(database, {"reminder": handler}).run() == Counts(done=1)


def test_what_was_moved_while_in_hand_is_not_done_at_the_old_time(database):
    subject = put(database)
    slow = DeadlinePass(database, {"reminder": Handler(leaves_a_place)})
    (had,) = slow._claim(NOW)
    put(database, subject=subject, minutes=9)

    assert slow._do(had, NOW) == Counts(gone=1)
    assert worker(database, reminder=leaves_a_place).step(NOW + 9 * MINUTE).done == 1


def test_a_kind_that_nobody_here_knows_waits_for_a_newer_worker(database):
    put(database, "of_tomorrow")
    worker(database, reminder=leaves_a_place).step(NOW + MINUTE)
    with database.reading() as session:
        found = service.status(session, at=NOW + MINUTE)

    assert found == {"waiting": 1, "overdue": 1, "oldest_overdue_s": 60, "dead": 0}


def test_the_safety_net_finds_who_has_no_deadline(database):
    with_one, without = put(database, "escalate"), uuid.uuid4()
    with database.reading() as session:
        missing = service.without_deadline(session, [with_one, without], ["escalate"])

    assert missing == {without}


@pytest.mark.parametrize(
    "value", ["测试甲", "13800000000", "plain_text", 53010219900101, 1.5, None, ["a"], b"x"]
)
def test_nothing_of_a_person_gets_into_a_payload(database, value):
    with database.writing() as session, pytest.raises(TypeError) as caught:
        service.set_deadline(
            session, "reminder", uuid.uuid4(), NOW, province="53", payload={"x": value}
        )

    assert str(value) not in str(caught.value) or value is None


def test_a_payload_holds_codes_flags_numbers_and_keys(database):
    key, seen = uuid.uuid4(), []
    put(database, payload={"rung": Rung.SECOND, "again": True, "asked": 3, "offer": key})
    worker(database, reminder=lambda task: seen.append(dict(task.due.payload))).step(NOW)

    assert seen == [{"rung": "second_centre", "again": True, "asked": 3, "offer": str(key)}]


def test_pauses_double_and_spread_and_end_at_five_minutes():
    longest = [pause(n, 1.0).total_seconds() for n in range(1, 12)]

    assert longest == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert pause(3, 0.0) == timedelta(seconds=4)


def test_the_database_refuses_a_second_open_deadline_and_a_deletion(database):
    subject = put(database)
    row = {
        "id": uuid.uuid4(),
        "province": "53",
        "kind": "reminder",
        "subject_id": subject,
        "set_at": NOW,
        "due_at": NOW,
        "payload": "{}",
        "tries": 0,
    }
    with refused(database, by=["uq_deadline_open", "deadline.kind"]) as session:
        rows.insert(session, "deadline", **row)
    with refused(database, by=["ck_deadline_last_error"]) as session:
        rows.update(session, "deadline", {"last_error": "a name said"}, "1 = 1")
    with refused(database, by=["ck_deadline_lease"]) as session:
        rows.update(session, "deadline", {"lease_until": NOW}, "1 = 1")
    with refused(database, by=["ck_deadline_ends_once"]) as session:
        rows.update(session, "deadline", {"done_at": NOW, "cancelled_at": NOW}, "1 = 1")
    with refused(database, by=["not allowed"]) as session:
        session.execute(text("DELETE FROM deadline"))
    with database.writing() as session:
        rows.update(session, "deadline", {"done_at": NOW}, "1 = 1")
        rows.insert(session, "deadline", **row)
