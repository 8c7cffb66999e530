"""Moving a referral by the code: one event a step, with who, when and why."""

from datetime import timedelta

import pytest

from app.db_types import new_key
from app.errors import NotFoundError
from app.referrals import store
from app.referrals.errors import StaleVersionError, TransitionError
from app.referrals.events import Hand
from app.referrals.service import Watch, advance, draft_referral
from app.referrals.states import NEXT, OPEN, ReferralStatus
from tests.app.storage import rows
from tests.app.storage.rows import NOW

S = ReferralStatus


@pytest.fixture
def hospital(database):
    with database.writing() as session:
        return rows.organisation(session)


@pytest.fixture
def watch(hospital):
    return Watch(hospital, NOW + timedelta(minutes=5), "offer")


def drafted(session, hospital, watch, **more):
    values = {"patient_id": rows.patient(session), "origin_org": hospital, "province": "53"}
    return draft_referral(session, **values, priority=1, watch=watch, at=NOW, **more)


def step(session, key, wanted, watch, *, minute=1, device_at=None, **more):
    over = wanted not in OPEN
    return advance(
        session,
        key,
        wanted,
        by=Hand(watch.owner_org, device_at=device_at),
        at=NOW + timedelta(minutes=minute),
        watch=None if over else watch,
        **more,
    )


def test_a_referral_goes_its_way_and_every_step_is_an_event(database, hospital, watch):
    way = (
        S.REQUESTED,
        S.MATCHED,
        S.OFFERED,
        S.ACCEPTED,
        S.HANDED_OVER,
        S.OUTCOME_REPORTED,
        S.CLOSED,
    )
    with database.writing() as session:
        key = drafted(session, hospital, watch).id
    for minute, wanted in enumerate(way, start=1):
        with database.writing() as session:
            found = step(session, key, wanted, watch, minute=minute, reason=f"{minute}")
            assert (found.status, found.last_seq) == (wanted, minute + 1)

    with database.reading() as session:
        events = store.events_of(session, "referral", key)
        assert [event.to_status for event in events] == ["draft", *way]
        assert [event.at for event in events] == [NOW + timedelta(minutes=n) for n in range(8)]
        assert [event.reason for event in events][1:] == [str(n) for n in range(1, 8)]


@pytest.mark.parametrize("status", [S.DRAFT, S.REQUESTED])
def test_a_move_that_is_not_allowed_says_what_is(database, hospital, watch, status):
    with database.writing() as session:
        key = drafted(session, hospital, watch).id
        if status is S.REQUESTED:
            step(session, key, S.REQUESTED, watch)
    with pytest.raises(TransitionError) as caught, database.writing() as session:
        step(session, key, S.HANDED_OVER, watch, minute=2)

    assert caught.value.allowed == tuple(one.value for one in NEXT[status])


def test_who_read_an_older_version_is_told(database, hospital, watch):
    with database.writing() as session:
        key = drafted(session, hospital, watch).id
        step(session, key, S.REQUESTED, watch)
    with pytest.raises(StaleVersionError) as caught, database.writing() as session:
        step(session, key, S.CANCELLED, watch, minute=2, read=1)

    assert (caught.value.read, caught.value.now) == (1, 2)


def test_a_referral_that_does_not_exist_is_not_found(database, watch):
    with pytest.raises(NotFoundError), database.writing() as session:
        step(session, new_key(), S.REQUESTED, watch)


def test_a_clock_that_is_behind_does_not_turn_time_back(database, hospital, watch):
    """The event takes the time of the one before it; what the device said is kept beside."""
    early = NOW - timedelta(hours=1)
    with database.writing() as session:
        key = drafted(session, hospital, watch).id
        step(session, key, S.REQUESTED, watch, minute=-10, device_at=early)
    with database.reading() as session:
        _, second = store.events_of(session, "referral", key)

        assert (second.at, second.device_at) == (NOW, early)


def test_what_is_over_is_on_nobodys_list(database, hospital, watch):
    with database.writing() as session:
        key = drafted(session, hospital, watch).id
        found = step(session, key, S.CANCELLED, watch, reason="entered_by_mistake")

        assert (found.owner_org, found.deadline_at, found.next_step) == (None, None, None)


def test_the_clock_of_the_database_is_in_utc_and_runs(database):
    with database.reading() as session:
        first = database.now(session)
        second = database.now(session)

    assert first.utcoffset() == timedelta(0)
    assert second >= first
