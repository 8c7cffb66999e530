"""Screens are told of every change that they may see, whenever its transaction commits."""

import asyncio
import contextlib
import json
import time
import uuid
from functools import partial

import pytest
from sqlalchemy import text

from app.accounts.states import Actor, OrganisationKind, Role
from app.live import store
from app.live.errors import TooManyListenersError
from app.live.feed import Feed, _ring
from app.live.service import announce
from app.live.states import Cursor, LiveScope, read_cursor, scope_of
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused

ORG, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
MINE = LiveScope(frozenset({ORG}))


def tell(session, number, *, orgs=(ORG,), divisions=(), kind="referral", at=NOW):
    announce(
        session,
        kind=kind,
        subject_id=uuid.UUID(int=1000 + number),
        version=number,
        province="53",
        orgs=orgs,
        divisions=divisions,
        at=at,
    )


def told(database, *numbers, **more):
    for number in numbers:
        with database.writing() as session:
            tell(session, number, **more)


def after(database, cursor, *, most=500):
    with database.reading() as session:
        rows = store.after(session, cursor, most=most)
        return [(row.version, Cursor(row.written_in, row.number)) for row in rows]


def by_number_alone(database, number):
    """The naive way: everything that is there, behind the number seen last."""
    with database.reading() as session:
        asked = text("SELECT version, number FROM change WHERE number > :n ORDER BY number")
        return list(map(tuple, session.execute(asked, {"n": number})))


def watched(database, cursor, acts):
    """What a screen has seen that looks after every act; by the stream, and by number alone."""
    seen, number, naive = [], 0, []
    for act in acts:
        act()
        for version, place in after(database, cursor):
            seen.append(version)
            cursor = place
        for version, last in by_number_alone(database, number):
            naive.append(version)
            number = last
    return seen, naive


def test_a_change_whose_transaction_commits_late_is_not_missed(database):
    """1 draws its number first and commits last; by number alone it is never seen."""
    if database.is_sqlite:
        pytest.skip("one writer: no transaction commits after one that began later")
    early = contextlib.ExitStack()

    def begin():
        tell(early.enter_context(database.writing()), 1)

    seen, naive = watched(
        database, Cursor(0, 0), [begin, lambda: told(database, 2), early.close, lambda: None]
    )

    assert sorted(seen) == [1, 2]
    assert naive == [2]


def test_the_earlier_transaction_may_draw_the_later_number(database):
    """Below the oldest running transaction and by number alone 2 would be missed as well."""
    if database.is_sqlite:
        pytest.skip("one writer")
    early, late = contextlib.ExitStack(), contextlib.ExitStack()
    first = early.enter_context(database.writing())
    first.execute(text("SELECT pg_current_xact_id()"))
    second = late.enter_context(database.writing())
    tell(second, 2)
    tell(first, 1)

    seen, _ = watched(database, Cursor(0, 0), [early.close, late.close, lambda: None])
    with database.reading() as session:
        rows = session.execute(text("SELECT version, number, written_in FROM change")).all()
    found = {row.version: row for row in rows}

    assert seen == [1, 2]
    assert found[1].number > found[2].number
    assert found[1].written_in < found[2].written_in


def test_what_is_undone_is_never_told_and_holds_nothing_up(database):
    with contextlib.suppress(ZeroDivisionError), database.writing() as session:
        tell(session, 1)
        raise ZeroDivisionError
    told(database, 2)

    assert [version for version, _ in after(database, Cursor(0, 0))] == [2]


def test_pages_follow_each_other_without_gap_or_repetition(database):
    told(database, *range(7))
    cursor, seen = Cursor(0, 0), []
    while page := after(database, cursor, most=2):
        seen += [version for version, _ in page]
        cursor = page[-1][1]

    assert seen == list(range(7))


def test_a_change_is_never_changed_and_stays_for_an_hour(database):
    with database.writing() as session:
        tell(session, 1, at=database.now(session))
    for statement in ("UPDATE change SET version = 2", "DELETE FROM change"):
        with refused(database, by=["not allowed"]) as session:
            session.execute(text(statement))


def listen(database, *, last=None, scope=MINE, acts=(), wanted=1, feed=None, allowed=None):
    """What a screen gets until it has so many events; acts are done once it listens."""
    feed = feed or Feed(database, poll_s=0.01, beat_s=0.2)

    async def run():
        got, doing = [], iter(acts)
        stream = feed.events(allowed or (lambda: scope), last)
        async for chunk in stream:
            event = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n"))
            if "event" in event:
                got.append(event)
            if "retry" in event:
                continue
            if len(got) >= wanted:
                break
            if (act := next(doing, None)) is not None:
                await asyncio.to_thread(act)
        await stream.aclose()
        await feed.close()
        return got

    return asyncio.run(asyncio.wait_for(run(), 20))


def test_a_screen_is_told_what_happens_while_it_listens(database):
    got = listen(database, acts=[lambda: told(database, 1, 2)], wanted=2)

    assert [event["event"] for event in got] == ["change", "change"]
    assert got[0]["data"] == (
        '{"kind": "referral", "subject_id": "00000000-0000-0000-0000-0000000003e9", "version": 1}'
    )


def test_a_screen_that_comes_back_gets_the_rest_from_another_process(database, address):
    (first,) = listen(database, acts=[lambda: told(database, 1)])
    told(database, 2, 3)
    elsewhere = type(database)(address)
    got = listen(elsewhere, last=first["id"], wanted=2)
    elsewhere.close()

    assert ['"version": 2' in got[0]["data"], '"version": 3' in got[1]["data"]] == [True, True]


@pytest.mark.parametrize("last", ["9999999999999-1", "nonsense", "-1", "1-2-3"])
def test_a_screen_whose_place_is_not_known_reads_everything_again(database, last):
    """After a restore the place may lie ahead of the database."""
    told(database, 1)
    (event,) = listen(database, last=last)

    assert event["event"] == "reset"
    assert read_cursor(event["id"]) is not None


def test_nobody_is_told_what_is_not_theirs(database):
    def act():
        told(database, 1, orgs=(OTHER,), divisions=("530829",))
        told(database, 2)

    (event,) = listen(database, acts=[act])

    assert '"version": 2' in event["data"]


def test_who_may_listen_no_longer_is_let_go(database):
    answers = iter([MINE, None])
    got = listen(database, allowed=lambda: next(answers), wanted=9)

    assert got == []


def test_no_connection_is_held_between_two_looks(database):
    """Ten screens listen; the pool lends nothing while they wait."""
    feed = Feed(database, poll_s=0.05, beat_s=5)
    lent = []

    async def run():
        streams = [feed.events(lambda: MINE, None) for _ in range(10)]
        tasks = [asyncio.create_task(drain(stream)) for stream in streams]
        for _ in range(10):
            await asyncio.sleep(0.1)
        assert feed.status()["listeners"] == 10
        for _ in range(20):
            await asyncio.sleep(0.01)
            lent.append(database.engine.pool.checkedout())
        await feed.close()
        await asyncio.gather(*tasks)
        return feed.status()["listeners"]

    async def drain(stream):
        async for _ in stream:
            pass

    assert asyncio.run(asyncio.wait_for(run(), 20)) == 0
    assert lent.count(0) > len(lent) / 2
    assert max(lent) <= 1


def test_what_this_process_commits_is_told_at_once_and_not_at_the_next_look(database):
    feed, began = Feed(database, poll_s=60, beat_s=0.2), time.monotonic()
    got = listen(database, feed=feed, acts=[lambda: told(database, 1, 2)], wanted=2)

    assert [event["event"] for event in got] == ["change", "change"]
    assert time.monotonic() - began < 10


def test_a_bell_rings_for_what_is_committed_and_not_for_what_is_undone(database):
    rung = []
    with database.telling(lambda: rung.append(1)):
        told(database, 1)
        with contextlib.suppress(ZeroDivisionError), database.writing() as session:
            tell(session, 2)
            raise ZeroDivisionError
        with database.writing() as session:
            database.now(session)
    told(database, 3)

    assert rung == [1]


def test_what_is_committed_stays_so_where_the_loop_that_listened_is_gone(database):
    loop = asyncio.new_event_loop()
    bell = asyncio.Event()
    loop.close()
    with database.telling(partial(_ring, loop, bell)):
        told(database, 1)

    assert [version for version, _ in after(database, Cursor(0, 0))] == [1]


def test_forty_screens_are_each_told_everything_once_and_in_order(database, monkeypatch):
    """Also those who come while it happens, and with only two changes kept in memory."""
    monkeypatch.setattr("app.live.feed.RECENT", 2)
    feed = Feed(database, poll_s=0.02, beat_s=5)

    async def hears(last, wanted):
        seen = []
        async for chunk in feed.events(lambda: MINE, last):
            seen += [line for line in chunk.decode().split("\n") if line.startswith("data")]
            if len(seen) == wanted:
                return [json.loads(line[6:])["version"] for line in seen]
        return []

    async def run():
        early = [asyncio.create_task(hears("0-0", 6)) for _ in range(20)]
        await asyncio.to_thread(told, database, 1, 2, 3)
        late = [asyncio.create_task(hears("0-0", 6)) for _ in range(20)]
        await asyncio.to_thread(told, database, 4, 5, 6)
        heard = await asyncio.gather(*early, *late)
        await feed.close()
        return heard

    heard = asyncio.run(asyncio.wait_for(run(), 30))

    assert heard == [[1, 2, 3, 4, 5, 6]] * 40


def test_those_who_stand_at_the_end_read_nothing_by_themselves(database):
    feed, reads = Feed(database, poll_s=0.05, beat_s=5), []
    read = feed._read
    feed._read = lambda cursor: reads.append(cursor) or read(cursor)

    async def first(stream):
        async for chunk in stream:
            if b"change" in chunk:
                return 1
        return 0

    async def run():
        tasks = [asyncio.create_task(first(feed.events(lambda: MINE, None))) for _ in range(40)]
        await asyncio.sleep(1)
        reads.clear()
        await asyncio.to_thread(told, database, 1)
        heard = await asyncio.gather(*tasks)
        await feed.close()
        return heard

    assert sum(asyncio.run(asyncio.wait_for(run(), 20))) == 40
    assert len(reads) < 40


def test_more_screens_than_allowed_are_refused(database):
    feed = Feed(database, most=0)
    with pytest.raises(TooManyListenersError) as caught:
        feed.require_room()

    assert caught.value.retry_s > 0
    assert listen(database, feed=feed) == []


def actor(role):
    return Actor(
        user_id=OTHER,
        name="测试员",
        role=role,
        org_id=ORG,
        org_kind=OrganisationKind.INSTITUTION,
        facility_id=None,
        division="530829",
        province="53",
    )


@pytest.mark.parametrize(
    ("role", "org", "county", "prefecture", "province"),
    [
        (Role.COUNTY_CLINICIAN, True, False, False, False),
        (Role.COUNTY_DUTY_OFFICER, True, True, False, False),
        (Role.PREFECTURE_DUTY_OFFICER, True, True, True, False),
        (Role.PROVINCE_DUTY_OFFICER, True, True, True, True),
        (Role.ANALYST, False, False, False, False),
        (Role.AUDITOR, False, False, False, False),
    ],
)
def test_each_role_is_told_of_its_area_and_no_more(role, org, county, prefecture, province):
    scope, other = scope_of(actor(role)), str(OTHER)

    assert scope.sees(str(ORG), "") is org
    assert scope.sees(other, "530829") is county
    assert scope.sees(other, "530828") is prefecture
    assert scope.sees(other, "533324") is province
    assert not scope.sees(other, "510100")
