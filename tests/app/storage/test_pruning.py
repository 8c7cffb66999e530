"""Old commands and changes are forgotten a little at a time, and never one that is still needed."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.commands.pruning import forget_commands
from app.commands.service import Answer, Asked, once
from app.db_types import new_key
from app.live import store
from app.live.service import forget_changes
from app.live.states import Cursor
from app.settings import Settings
from app.worker.running import Worker
from app.worker.wiring import chores_of
from tests.app.storage import rows
from tests.app.storage.test_live import listen, tell, told
from tests.app.storage.test_refusals import refused

HOUR = timedelta(hours=1)
KEY = "0123456789abcdef-7"


def now_of(database):
    with database.reading() as session:
        return database.now(session)


def asked(key=KEY):
    return Asked("user:1", key, "POST /api/v1/referrals", b"{}", "53")


def kept(database, table):
    with database.reading() as session:
        return session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def commands(database, *ages_h):
    now = now_of(database)
    with database.writing() as session:
        for number, hours in enumerate(ages_h):
            key = f"key-of-a-command-{number}"
            rows.command(session, key=key, id=new_key(), done_at=now - hours * HOUR)


def changes(database, *ages_h):
    now = now_of(database)
    for number, hours in enumerate(ages_h, start=1):
        with database.writing() as session:
            tell(session, number, at=now - hours * HOUR)


def place_of(database, version):
    with database.reading() as session:
        found = store.after(session, Cursor(-1, -1), most=500)
        (row,) = [row for row in found if row.version == version]
        return str(Cursor(row.written_in, row.number))


def test_a_key_within_three_days_is_never_forgotten_whatever_is_asked(database):
    commands(database, 71)
    with refused(database, by=["not allowed"]) as session:
        forget_commands(session, now_of(database), most=10, province="53")
    with refused(database, by=["not allowed"]) as session:
        session.execute(text("DELETE FROM command"))

    assert kept(database, "command") == 1


def test_settings_that_forget_a_key_earlier_are_refused():
    for hours in (0, 71):
        with pytest.raises(ValueError, match="keep_commands_hours"):
            Settings(keep_commands_hours=hours)


def test_the_worker_forgets_old_commands_and_knows_the_young_ones(database, tmp_path):
    commands(database, 200, 169, 167, 1)
    done = []
    once(database, asked(), lambda _: done.append(1) or Answer(201, "{}"))
    worker = Worker(
        database, {}, province="53", chores=chores_of(Settings(data_dir=tmp_path / "data"))
    )
    worker.step()
    again = once(database, asked(), lambda _: done.append(2) or Answer(500, "{}"))

    assert kept(database, "command") == 3
    assert (again.status, done) == (201, [1])


def test_a_batch_is_small_and_the_oldest_go_first(database):
    commands(database, 300, 200, 100)
    with database.writing() as session:
        gone = forget_commands(session, now_of(database) - 72 * HOUR, most=2, province="53")
    with database.reading() as session:
        left = session.connection().execute(text("SELECT idempotency_key FROM command"))

        assert (gone, list(left.scalars())) == (2, ["key-of-a-command-2"])


def test_that_commands_were_forgotten_is_in_the_record(database):
    commands(database, 200)
    with database.writing() as session:
        forget_commands(session, now_of(database) - 72 * HOUR, most=2, province="53")
    with database.reading() as session:
        found = session.connection().execute(
            text("SELECT wrote FROM audit_entry WHERE act = 'commands_forgotten'")
        )

        assert '""' in found.scalar_one()


def test_a_screen_that_was_away_too_long_reads_everything_again(database):
    changes(database, 80, 79, 78, 1)
    before, last = place_of(database, 1), place_of(database, 3)
    with database.writing() as session:
        gone = forget_changes(session, now_of(database) - 72 * HOUR, most=10)
    (reset,) = listen(database, last=before)
    (rest,) = listen(database, last=last)

    assert (gone, kept(database, "change")) == (2, 2)
    assert reset["event"] == "reset"
    assert (rest["event"], '"version": 4' in rest["data"]) == ("change", True)


def test_when_all_are_old_the_last_one_stays_and_still_tells_who_missed_something(database):
    changes(database, 80, 79, 78)
    before, last = place_of(database, 2), place_of(database, 3)
    with database.writing() as session:
        forget_changes(session, now_of(database) - 72 * HOUR, most=10)
    told(database, 4)
    (reset,) = listen(database, last=before)
    (rest,) = listen(database, last=last)

    assert (reset["event"], rest["event"]) == ("reset", "change")


def test_a_screen_of_a_young_installation_is_told_the_rest(database):
    """Nothing was pruned: whoever saw the first change misses none."""
    changes(database, 80)
    with database.writing() as session:
        assert forget_changes(session, now_of(database) - 72 * HOUR, most=10) == 0
    first = place_of(database, 1)
    told(database, 2)
    (rest,) = listen(database, last=first)

    assert rest["event"] == "change"
