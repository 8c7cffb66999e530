"""What is set anew when it is due keeps its first time, until it is called off."""

import uuid

from app.deadlines import service
from tests.app.storage.rows import NOW
from tests.app.storage.test_deadlines import MINUTE, put, worker

KIND = "arrival"


def first(database, subject, minutes, *kinds):
    with database.reading() as session:
        at = NOW + minutes * MINUTE
        found = service.first_due(session, [subject], kinds or [KIND], at=at)
    return {kind: (due_at - NOW) / MINUTE for kind, due_at in found.get(subject, {}).items()}


def again(minutes):
    """What is done when it is due: it is due once more."""

    def act(task):
        service.set_deadline(
            task.session,
            task.due.kind,
            task.due.subject_id,
            task.now + minutes * MINUTE,
            province="53",
            at=task.now,
        )

    return act


def moved(database, subject, *, to, at, passes=True):
    with database.writing() as session:
        if passes:
            service.let_pass(session, KIND, subject, at=NOW + at * MINUTE)
        due_at = NOW + to * MINUTE
        service.set_deadline(session, KIND, subject, due_at, province="53", at=NOW + at * MINUTE)


def settled(database, subject, minutes):
    with database.writing() as session:
        service.cancel(session, subject, [KIND], at=NOW + minutes * MINUTE)


def test_a_time_that_has_passed_is_the_first_one_however_often_it_is_set_anew(database):
    subject = put(database, KIND, minutes=5)
    at_work = worker(database, arrival=again(10))
    assert first(database, subject, 4) == {}
    assert first(database, subject, 6) == {KIND: 5}

    for minute in (6, 16, 26):
        assert at_work.step(NOW + minute * MINUTE).done == 1
        assert first(database, subject, minute + 1) == {KIND: 5}


def test_who_moves_it_without_having_done_it_leaves_the_first_time(database):
    """Nobody was there to do it at minute 5; somebody moves it at 8, and before it is due at 9."""
    subject = put(database, KIND, minutes=5)
    moved(database, subject, to=60, at=8)
    assert first(database, subject, 9) == {KIND: 5}
    moved(database, subject, to=30, at=9)
    assert first(database, subject, 10) == {KIND: 5}

    ahead = put(database, KIND, minutes=5)
    moved(database, ahead, to=60, at=4)
    assert first(database, ahead, 9) == {}
    assert first(database, ahead, 61) == {KIND: 60}


def test_what_is_called_off_is_settled_and_what_is_set_afterwards_begins_anew(database):
    subject = put(database, KIND, minutes=5)
    worker(database, arrival=again(10)).step(NOW + 6 * MINUTE)
    settled(database, subject, 7)
    assert first(database, subject, 8) == {}
    moved(database, subject, to=20, at=8, passes=False)
    assert first(database, subject, 9) == {}
    assert first(database, subject, 21) == {KIND: 20}
    worker(database, arrival=again(10)).step(NOW + 21 * MINUTE)
    assert first(database, subject, 22) == {KIND: 20}


def test_kinds_and_subjects_are_apart_and_what_is_done_for_good_is_not_late(database):
    subject, other = put(database, KIND, minutes=5), uuid.uuid4()
    put(database, "outcome", subject, minutes=7)
    put(database, KIND, other, minutes=1)
    worker(database, arrival=again(10), outcome=lambda _task: None).step(NOW + 8 * MINUTE)

    assert first(database, subject, 9, KIND, "outcome") == {KIND: 5}
    assert first(database, other, 9) == {KIND: 1}
    assert first(database, uuid.uuid4(), 9) == {}
