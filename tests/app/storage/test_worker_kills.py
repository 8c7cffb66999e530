"""A worker dies in every gap of its work, again and again; the next one goes on where it was.

``SOAK=1`` makes it more than a hundred deaths for each database.
"""

import os
import random
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text

from app.deadlines.service import set_deadline
from app.failpoints import WORKER_POINTS
from app.notices.service import add_address
from app.notices.states import ChannelName
from tests.app.storage import rows
from tests.app.storage.chats import Chat
from tests.app.storage.rows import NOW

DYING = Path(__file__).with_name("dying_worker.py")
ROUNDS = 16 if os.environ.get("SOAK") else 1
DEADLINES, REFERRALS = 24, 6
SEED = 1


def prepare(database, url):
    """So many deadlines, by turns of six referrals; each will tell one organisation."""
    referrals = [uuid.uuid4() for _ in range(REFERRALS)]
    with database.writing() as session:
        org = rows.organisation(session)
        add_address(session, org, ChannelName.WEBHOOK, url, at=NOW)
        for n in range(DEADLINES):
            payload = {"org": org, "referral": referrals[n % REFERRALS]}
            set_deadline(session, "tell", uuid.uuid4(), NOW, province="53", payload=payload, at=NOW)
    return referrals


def live(address, host, n, point, *, marks_first=False):
    """One life: how it ended."""
    environment = {**os.environ, "GREENCHANNEL_FAILPOINT": point}
    order = "marks_first" if marks_first else "right"
    command = [sys.executable, str(DYING), address, host, str(n), order]
    return subprocess.run(  # noqa: S603  our own script
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def chat():
    with Chat().open() as one:
        yield one


def test_no_deadline_is_lost_none_done_twice_and_every_notice_arrives_in_order(
    database, address, chat
):
    prepare(database, chat.url)
    chance, deaths = random.Random(SEED), 0  # noqa: S311
    for n, point in enumerate(WORKER_POINTS * ROUNDS):
        ended = live(address, chat.host, n, f"{point}:{chance.randint(1, 3)}")
        deaths += ended.returncode == -signal.SIGKILL
        assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
    last = live(address, chat.host, len(WORKER_POINTS) * ROUNDS, "")

    assert last.stdout == "left 0\n", last.stderr
    assert deaths >= len(WORKER_POINTS), f"seed {SEED}"
    with database.reading() as session:
        ask = session.execute
        effects = ask(text("SELECT count(*) FROM place")).scalar()
        order = ask(text("SELECT subject_id, number, dedup_key FROM notice ORDER BY number")).all()
    assert (effects, len(order)) == (DEADLINES, DEADLINES)
    seen = list(dict.fromkeys(chat.keys))
    assert sorted(seen) == sorted(row.dedup_key for row in order)
    for subject in {row.subject_id for row in order}:
        wanted = [row.dedup_key for row in order if row.subject_id == subject]
        assert [key for key in seen if key in wanted] == wanted
    # At least once, and no more often than somebody died.
    assert len(chat.keys) - len(seen) <= deaths


def test_a_worker_that_marks_first_and_acts_afterwards_loses_one(database, address, chat):
    """The planted fault: two transactions where there must be one."""
    prepare(database, chat.url)
    live(address, chat.host, 0, "deadline_marked:3", marks_first=True)
    last = live(address, chat.host, 1, "", marks_first=True)

    assert last.stdout == "left 0\n", last.stderr
    with database.reading() as session:
        effects = session.execute(text("SELECT count(*) FROM place")).scalar()
    assert effects == DEADLINES - 1
