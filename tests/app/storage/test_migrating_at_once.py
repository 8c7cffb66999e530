"""Two who bring a database to its shape at the same moment."""

import subprocess
import sys

import pytest

from app import migrating
from app.db import Database

STEP = """
import sys
from app import migrating
from app.db import Database
if sys.argv[2] == "planted":
    migrating._wait_for_other_steps = lambda session: None
database = Database(sys.argv[1], wait_s=60)
with database.reading() as session:
    database.now(session)
print("ready", flush=True)
sys.stdin.read(1)
migrating.upgrade(database)
print(migrating.revision_of(database))
"""


def at_once(address, how):
    """Two processes that are both ready before the first begins; what each said."""
    started = [
        subprocess.Popen(  # noqa: S603  fixed words
            [sys.executable, "-c", STEP, address, how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    # Whoever is still reading its modules would come when the other one is done.
    for one in started:
        assert one.stdout.readline() == "ready\n"
    for one in started:
        one.stdin.write("x")
        one.stdin.flush()
    return [(*one.communicate(timeout=120), one.returncode) for one in started]


def test_two_who_migrate_at_once_both_find_it_done(empty_address):
    said = at_once(empty_address, "as it is")

    assert [(out.strip(), code) for out, _, code in said] == [(migrating.head(), 0)] * 2, said
    database = Database(empty_address)
    assert migrating.differences(database) == []
    database.close()


@pytest.mark.parametrize("empty_address", ["postgresql"], indirect=True)
def test_without_waiting_for_each_other_one_of_them_fails(empty_address):
    """The planted fault: both make the same tables."""
    said = at_once(empty_address, "planted")

    assert sorted(code for _, _, code in said) == [0, 1], said
