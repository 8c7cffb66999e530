"""What hospitals report, against what the ledger knows; worked out by hand and at random."""

import threading
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.centres import store
from app.centres.errors import PlaceLostError, ReportRefusedError
from app.centres.reporting import AHEAD, Counted, Reported, report_capacity
from app.centres.service import hold_seats
from tests.app.storage import rows
from tests.app.storage.rows import NOW

HERE, KIND = "YN530100-001", "NEO_L3B"


class Ward:
    """One kind of place at one hospital."""

    def __init__(self, database):
        self.database, self.minute, self.turn = database, 0, threading.Lock()
        with database.writing() as session:
            self.org = rows.organisation(session)

    def report(self, in_service, free, *, ago=0, ahead=0, source="ward round"):
        with self.turn:
            self.minute += 1
            now = NOW + timedelta(minutes=self.minute)
        as_of = now - timedelta(minutes=ago) + timedelta(minutes=ahead)
        with self.database.writing() as session:
            said = Reported(HERE, KIND, in_service, free, as_of, source)
            return report_capacity(
                session, said, by_org=self.org, owner_org=self.org, province="53", now=now
            )

    def hold(self, at=NOW):
        with self.database.writing() as session:
            one = rows.referral(session, org=self.org)
            try:
                (held,) = hold_seats(
                    session,
                    one,
                    {"newborn_1": KIND},
                    facility_id=HERE,
                    province="53",
                    at=at,
                    until=None,
                )
            except PlaceLostError:
                return None
            return held.id

    def release(self, key):
        with self.database.writing() as session:
            return store.release(session, key, at=NOW + timedelta(days=1))

    def free(self):
        with self.database.reading() as session:
            return store.free_places(session, HERE).get(KIND, 0)

    def held(self):
        with self.database.reading() as session:
            found = session.execute(text("SELECT id FROM place WHERE reservation_id IS NOT NULL"))
            return {str(key) for (key,) in found}

    def items(self):
        with self.database.reading() as session:
            return set(store.open_items(session, HERE, KIND))


@pytest.fixture
def ward(database):
    return Ward(database)


def test_the_first_report_makes_the_places(ward):
    """Five, three of them free: two are taken by children of whom nobody asked."""
    assert ward.report(5, 3) == Counted(5, 0, 2, 3, True, ())
    assert ward.free() == 3


def test_somebody_who_came_without_a_referral_takes_a_place(ward):
    """Four places, one held by the ledger; the ward says one is free: two are taken otherwise."""
    ward.report(4, 4)
    ward.hold()

    assert ward.report(4, 1) == Counted(4, 1, 2, 1, True, ())
    assert ward.report(4, 3) == Counted(4, 1, 0, 3, True, ())


def test_more_free_than_the_ledger_has_frees_nobodys_place_and_is_settled_by_a_person(ward):
    """Two places, both held: the ward says that one is free."""
    ward.report(2, 2)
    ward.hold()
    ward.hold()
    held = ward.held()
    found = ward.report(2, 1)

    assert found == Counted(2, 2, 0, 0, True, ("more_free_than_ledger",))
    assert ward.held() == held
    assert ward.items() == {"more_free_than_ledger"}
    assert ward.report(2, 0).contradictions == ()
    assert ward.items() == set()


def test_fewer_places_than_are_held_takes_none_away(ward):
    ward.report(3, 3)
    ward.hold()
    ward.hold()
    held = ward.held()
    found = ward.report(1, 0)

    assert (found.in_service, found.held, found.free) == (2, 2, 0)
    assert found.contradictions == ("fewer_than_held",)
    assert ward.held() == held


def test_no_change_is_a_report_too(ward):
    """The same figures again: nothing moves, and the moment they speak of is the new one."""
    first, second = ward.report(3, 2), ward.report(3, 2)

    assert first == second
    with ward.database.reading() as session:
        latest = store.latest_report(session, HERE, KIND)
        assert latest.as_of == NOW + timedelta(minutes=2)


def test_a_report_that_comes_late_is_kept_and_changes_nothing(ward):
    """It speaks of an hour ago; a newer one was here first."""
    ward.report(4, 1)
    late = ward.report(4, 4, ago=60)

    assert (late.applied, late.free) == (False, 1)
    with ward.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM capacity_report")).scalar() == 2


def test_a_report_from_before_a_promise_does_not_free_the_bed_beside_it(ward):
    """Five, two free. One is promised in minute 10; a report of minute 9 says two, and is one."""
    ward.report(5, 2)
    ward.minute = 10
    ward.hold(at=NOW + timedelta(minutes=10))
    late = ward.report(5, 2, ago=2)

    assert (late.held, late.blocked, late.free) == (1, 3, 1)


def test_a_place_that_its_hospital_has_closed_is_not_open_again_when_it_is_let_go(ward):
    ward.report(2, 2)
    first, _ = ward.hold(), ward.hold()
    ward.report(1, 0)
    ward.release(first)

    assert ward.free() == 0
    assert ward.hold() is None


def test_a_clock_that_is_ahead_does_not_outlast_the_next_report(ward):
    ward.report(3, 3, ahead=4)

    assert ward.report(3, 0).free == 0


def test_two_reports_at_once_are_one_after_the_other(ward):
    """Nothing is there yet that could be locked; the later moment counts."""
    threads = [threading.Thread(target=ward.report, args=(6, n)) for n in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    with ward.database.reading() as session:
        free = store.latest_report(session, HERE, KIND).free
        places = session.execute(text("SELECT count(*) FROM place")).scalar()
        reports = session.execute(text("SELECT count(*) FROM capacity_report")).scalar()
    assert (places, reports) == (6, 4)
    assert ward.free() == free


@pytest.mark.parametrize(
    ("figures", "more", "faults"),
    [
        ((2, 3), {}, ("free_beyond_in_service",)),
        ((2, -1), {"source": " "}, ("free_beyond_in_service", "no_source")),
        ((2, 1), {"ahead": AHEAD.seconds / 60 + 1}, ("in_the_future",)),
    ],
)
def test_a_report_that_cannot_be_is_refused_with_every_fault(ward, figures, more, faults):
    ward.report(4, 2)
    with pytest.raises(ReportRefusedError) as caught:
        ward.report(*figures, **more)

    assert caught.value.faults == faults
    assert ward.free() == 2


def test_the_database_blocks_no_held_place_and_changes_no_report(ward):
    """By plain SQL, whatever the code does."""
    ward.report(2, 2)
    ward.hold()
    for column, value in (("blocked", True), ("in_service", False)):
        with pytest.raises(DBAPIError, match="held_is_open"), ward.database.writing() as session:
            rows.update(session, "place", {column: value}, "reservation_id IS NOT NULL")
    for statement in ("UPDATE capacity_report SET free = 0", "DELETE FROM capacity_report"):
        with pytest.raises(DBAPIError, match="not allowed"), ward.database.writing() as session:
            session.execute(text(statement))


STEPS = st.one_of(
    st.tuples(st.just("report"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("hold"), st.just(0), st.just(0)),
    st.tuples(st.just("release"), st.integers(0, 9), st.just(0)),
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_reports_and_holds_in_any_order(another_database, steps):
    """The plain version: three numbers. Free is never more than was said, held never changes."""
    ward = Ward(another_database())
    in_service = blocked = said = 0
    held = []
    for what, first, second in steps:
        if what == "report":
            free = min(first, second)
            ward.report(max(first, second), free)
            said = max(first, second)
            in_service = max(said, len(held))
            blocked = max(0, in_service - len(held) - free)
        elif what == "hold":
            key = ward.hold()
            assert (key is not None) == (in_service - blocked - len(held) > 0)
            held += [key] if key else []
        elif held:
            assert ward.release(held.pop(first % len(held)))
            # A place that was open only for who held it is closed again.
            in_service -= in_service > said

        assert ward.free() == in_service - blocked - len(held)
        assert len(ward.held()) == len(held)
    ward.database.close()
