"""A command that arrives twice is done once and answered twice."""

import threading

import pytest
from sqlalchemy import text

from app.commands import service
from app.commands.errors import KeyReusedError
from app.commands.service import Answer, Asked, once
from tests.app.storage import rows


def asked(body=b"{}", key="0123456789abcdef"):
    return Asked("user:1", key, "POST /api/v1/places", body, "53")


class Adding:
    """Adds a place each time it is really done."""

    def __init__(self):
        self.done = 0

    def __call__(self, session):
        self.done += 1
        key = rows.place(session, label=f"{self.done}-{threading.get_ident()}")
        return Answer(201, str(key))


def places(database):
    with database.reading() as session:
        return session.execute(text("SELECT count(*) FROM place")).scalar()


def test_a_repetition_is_answered_and_not_done(database):
    act = Adding()
    first = once(database, asked(), act)

    assert once(database, asked(), act) == first
    assert (act.done, places(database)) == (1, 1)


def test_a_key_for_another_command_is_refused_and_nothing_is_done(database):
    act = Adding()
    once(database, asked(), act)
    with pytest.raises(KeyReusedError):
        once(database, asked(body=b'{"other": 1}'), act)

    assert places(database) == 1


def test_an_error_leaves_neither_the_effect_nor_the_key(database):
    def fails(session):
        rows.place(session)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        once(database, asked(), fails)
    act = Adding()
    once(database, asked(), act)

    assert (act.done, places(database)) == (1, 1)


def test_the_same_command_from_eight_at_once_has_one_effect_and_one_answer(database):
    """All wait until all are ready; the key decides who was first."""
    together, answers, act = threading.Barrier(8), [], Adding()

    def send():
        together.wait()
        answers.append(once(database, asked(), act))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert places(database) == 1


def test_a_new_key_for_every_repetition_is_two_commands(database):
    """The planted fault of a client: the check finds it."""
    act = Adding()
    for n in range(2):
        once(database, asked(key=f"0123456789abcde{n}"), act)

    assert places(database) == 2


def test_a_transaction_that_lost_is_tried_again_and_no_more_than_five_times(database, monkeypatch):
    monkeypatch.setattr(service, "FIRST_PAUSE_S", 0.0)
    tries = []

    def loses(session):
        tries.append(1)
        if database.is_sqlite:
            rows.command(session, scope="user:1")
        else:
            session.execute(
                text("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$")
            )
        return Answer(201, "")

    with pytest.raises(service.DBAPIError):
        once(database, asked(), loses)

    assert len(tries) == service.TRIES
