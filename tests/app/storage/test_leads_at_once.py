"""Two hospitals that become the lead of one community at the same moment."""

import re
import threading
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from app.db import Database
from tests.app.storage import account_rows, rows
from tests.app.storage.rows import NOW


def race(database):
    """Both periods have an end, so that no index speaks of them: only the trigger does. The second
    begins while the first has not committed."""
    with database.writing() as session:
        community = rows.organisation(session, kind="community")
        hospitals = [rows.organisation(session) for _ in range(2)]
    written, go_on = threading.Event(), threading.Event()
    refused = []

    def joins(hospital, *, waits):
        try:
            with database.writing() as session:
                period = {"from_at": NOW, "to_at": NOW + timedelta(days=9)}
                account_rows.member(session, community, hospital, lead=True, **period)
                written.set()
                if waits:
                    go_on.wait(0.5)
        except DBAPIError as error:
            refused.append(str(error.orig))

    threads = [
        threading.Thread(target=joins, args=(hospital,), kwargs={"waits": first})
        for hospital, first in zip(hospitals, (True, False), strict=True)
    ]
    threads[0].start()
    written.wait(5)
    threads[1].start()
    threads[1].join(0.05)
    go_on.set()
    for thread in threads:
        thread.join()
    return refused


def test_of_two_leads_for_one_time_made_at_once_one_is_refused(database):
    refused = race(database)

    assert len(refused) == 1
    assert "one lead hospital at a time" in refused[0]
    assert account_rows.counted(database, "community_member") == 1


def test_the_planted_fault_a_trigger_that_lets_both_look_at_once_makes_two_leads(address_of_copy):
    """PostgreSQL, without the row lock: neither sees the row of the other."""
    database = Database(address_of_copy())
    with database.writing() as session:
        asked = session.connection().exec_driver_sql
        source = asked("SELECT prosrc FROM pg_proc WHERE proname = 'greenchannel_one_lead'")
        body = re.sub(r"PERFORM.*?FOR NO KEY UPDATE;", "", source.scalar())
        asked(
            "CREATE OR REPLACE FUNCTION greenchannel_one_lead() RETURNS trigger "
            f"LANGUAGE plpgsql AS $${body}$$"
        )
    refused = race(database)
    count = account_rows.counted(database, "community_member")
    database.close()

    assert (refused, count) == ([], 2)
