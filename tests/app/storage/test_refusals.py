"""What the database refuses by itself, shown by plain SQL: none of our code stands before it."""

import contextlib
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from app.db_types import new_key
from app.referrals.states import NEXT, START, ReferralStatus, moves
from app.verifying.invariants import MACHINES
from tests.app.storage import rows
from tests.app.storage.rows import NOW

WALK = {
    ReferralStatus.DRAFT: ("draft",),
    ReferralStatus.REQUESTED: ("draft", "requested"),
    ReferralStatus.MATCHED: ("draft", "requested", "matched"),
    ReferralStatus.OFFERED: ("draft", "requested", "matched", "offered"),
    ReferralStatus.ACCEPTED: ("draft", "requested", "matched", "accepted"),
    ReferralStatus.HANDED_OVER: ("draft", "requested", "matched", "accepted", "handed_over"),
    ReferralStatus.OUTCOME_REPORTED: (
        "draft",
        "requested",
        "matched",
        "accepted",
        "handed_over",
        "outcome_reported",
    ),
    ReferralStatus.STAYED: ("draft", "requested", "stayed"),
    ReferralStatus.CLOSED: ("draft", "requested", "closed"),
    ReferralStatus.CANCELLED: ("draft", "cancelled"),
}


@contextlib.contextmanager
def refused(database, *, by):
    """A transaction that the database ends with an error that names the constraint."""
    with pytest.raises(DBAPIError) as caught, database.writing() as session:
        yield session
    said = str(caught.value.orig).lower()
    names = [name for name in by if name in said]
    # SQLite names columns where PostgreSQL names the index, and no foreign key at all.
    assert names or ("foreign key" in said and any(name.startswith("fk_") for name in by)), said


def test_a_place_is_promised_once(database):
    with database.writing() as session:
        bed = rows.place(session)
        rows.reservation(session, bed, rows.referral(session))
        other = rows.referral(session)
    with refused(database, by=["uq_reservation_active_place", "reservation.place_id"]) as session:
        rows.reservation(session, bed, other)
    with database.writing() as session:
        rows.update(
            session, "reservation", {"status": "released", "released_at": NOW}, "status = 'held'"
        )
        rows.reservation(session, bed, other)


def test_a_seat_of_a_referral_has_one_place(database):
    with database.writing() as session:
        first, second = rows.place(session, label="1"), rows.place(session, label="2")
        one = rows.referral(session)
        rows.reservation(session, first, one, seat="mother")
    with refused(database, by=["uq_reservation_active_seat", "reservation.referral_id"]) as session:
        rows.reservation(session, second, one, seat="mother")
    with database.writing() as session:
        rows.reservation(session, second, one, seat="newborn_1")


def test_a_place_belongs_to_one_reservation_and_that_one_exists(database):
    with database.writing() as session:
        first, second = rows.place(session, label="1"), rows.place(session, label="2")
        held = rows.reservation(session, first, rows.referral(session))
        rows.update(session, "place", {"reservation_id": held}, "label = '1'")
    with refused(database, by=["uq_place_reservation_id", "place.reservation_id"]) as session:
        rows.update(session, "place", {"reservation_id": held}, "label = '2'")
    with refused(database, by=["fk_place_reservation"]) as session:
        rows.update(session, "place", {"reservation_id": new_key()}, "label = '2'")
    assert first != second


@pytest.mark.parametrize("status", [s for s in ReferralStatus if NEXT[s]])
def test_a_patient_has_one_open_referral(database, status):
    with database.writing() as session:
        woman = rows.patient(session)
        rows.referral(session, of=woman, path=WALK[status])
    with refused(database, by=["uq_referral_open_patient", "referral.patient_id"]) as session:
        rows.referral(session, of=woman)


@pytest.mark.parametrize("status", [s for s in ReferralStatus if not NEXT[s]])
def test_a_referral_that_is_over_lets_her_be_referred_again(database, status):
    with database.writing() as session:
        woman = rows.patient(session)
        rows.referral(session, of=woman, path=WALK[status])
        rows.referral(session, of=woman)


def test_every_allowed_move_is_taken_and_every_other_refused(database):
    allowed = set(moves())
    for status in ReferralStatus:
        for wanted in ReferralStatus:
            path = WALK[status]
            with database.writing() as session:
                org = rows.organisation(session)
                key = rows.referral(session, org=org, path=path)
            step = (key, len(path) + 1, status.value, wanted.value)
            if (status.value, wanted.value) in allowed:
                with database.writing() as session:
                    rows.moved(session, *step, by=org, minute=len(path))
            else:
                with refused(database, by=["fk_status_event_move"]) as session:
                    rows.event(session, *step, by=org, minute=len(path))


def test_a_chain_begins_with_a_draft_and_nothing_else(database):
    with database.writing() as session:
        org = rows.organisation(session)
    for wanted in set(ReferralStatus) - set(NEXT[START]):
        with refused(database, by=["fk_status_event_move"]) as session:
            rows.event(session, new_key(), 1, START, wanted.value, by=org)
    with refused(database, by=["ck_status_event_begins"]) as session:
        rows.event(session, new_key(), 1, "draft", "requested", by=org)


@pytest.fixture
def under_way(database):
    """A referral that is matched: draft at 3:00, requested 3:01, matched 3:02."""
    with database.writing() as session:
        org = rows.organisation(session)
        return rows.referral(session, org=org, path=WALK[ReferralStatus.MATCHED]), org


def test_a_chain_has_no_gap(database, under_way):
    key, org = under_way
    with refused(database, by=["fk_status_event_chain"]) as session:
        rows.event(session, key, 5, "matched", "offered", by=org, minute=4)
    with refused(database, by=["ck_status_event_begins"]) as session:
        rows.event(session, key, 5, "matched", "offered", by=org, prev_seq=3, minute=3)


def test_a_chain_has_no_fork(database, under_way):
    """A second event after the same one, under its number or under another."""
    key, org = under_way
    with refused(database, by=["pk_status_event", "status_event.prev_seq"]) as session:
        rows.event(session, key, 3, "requested", "cancelled", by=org, minute=2)
    with refused(
        database, by=["uq_status_event_follows", "status_event.prev_seq", "ck_status_event_begins"]
    ) as session:
        rows.event(session, key, 4, "requested", "cancelled", by=org, prev_seq=2, minute=2)


def test_an_event_continues_from_where_the_chain_stands(database, under_way):
    """Requested to cancelled is a move, but she is matched by now."""
    key, org = under_way
    with refused(database, by=["fk_status_event_chain"]) as session:
        rows.event(session, key, 4, "requested", "cancelled", by=org, minute=3)


def test_time_does_not_go_backwards_along_a_chain(database, under_way):
    key, org = under_way
    early = {"at": NOW + timedelta(minutes=1)}
    with refused(database, by=["ck_status_event_forward"]) as session:
        rows.event(session, key, 4, "matched", "offered", by=org, minute=3, **early)
    with refused(database, by=["fk_status_event_chain"]) as session:
        rows.event(session, key, 4, "matched", "offered", by=org, minute=3, prev_at=NOW)


@pytest.mark.parametrize(
    "what", ["UPDATE status_event SET reason = 'x'", "DELETE FROM status_event"]
)
def test_an_event_is_never_changed_and_never_deleted(database, under_way, what):
    with refused(database, by=["of status_event is not allowed"]) as session:
        session.connection().exec_driver_sql(what)


@pytest.mark.parametrize("table", ["referral", "reservation"])
def test_no_referral_and_no_line_of_the_ledger_is_deleted(database, table):
    with database.writing() as session:
        rows.reservation(session, rows.place(session), rows.referral(session))
    with refused(database, by=[f"of {table} is not allowed", "fk_"]) as session:
        session.connection().exec_driver_sql(f"DELETE FROM {table}")


def test_a_referral_stands_where_an_event_says(database, under_way):
    with refused(database, by=["fk_referral_stands"]) as session:
        rows.update(session, "referral", {"status": "accepted"}, "status = 'matched'")
    with refused(database, by=["fk_referral_stands"]) as session:
        rows.update(session, "referral", {"last_seq": 4}, "status = 'matched'")
    assert under_way


@pytest.mark.parametrize("missing", ["owner_org", "deadline_at", "next_step"])
@pytest.mark.parametrize("status", [s for s in ReferralStatus if NEXT[s]])
def test_an_open_referral_has_an_owner_a_deadline_and_a_next_step(database, status, missing):
    with refused(database, by=["ck_referral_owned"]) as session:
        rows.referral(session, path=WALK[status], **{missing: None})


def test_a_next_step_says_something(database):
    with refused(database, by=["ck_referral_owned"]) as session:
        rows.referral(session, next_step="")


@pytest.mark.parametrize("status", [s for s in ReferralStatus if not NEXT[s]])
def test_a_referral_that_is_over_needs_none_of_them(database, status):
    nothing = {"owner_org": None, "deadline_at": None, "next_step": None}
    with database.writing() as session:
        rows.referral(session, path=WALK[status], **nothing)


def test_an_idempotency_key_is_used_once_in_its_scope(database):
    with database.writing() as session:
        rows.command(session)
        rows.command(session, scope="user:2")
    with refused(database, by=["uq_command_key", "command.idempotency_key"]) as session:
        rows.command(session)


def test_a_released_place_has_a_time_and_not_before_it_was_held(database):
    with database.writing() as session:
        bed, one = rows.place(session), rows.referral(session)
    with refused(database, by=["ck_reservation_released"]) as session:
        rows.reservation(session, bed, one, status="released")
    with refused(database, by=["ck_reservation_forward"]) as session:
        early = NOW - timedelta(minutes=1)
        rows.reservation(session, bed, one, status="released", released_at=early)


def test_twins_are_two_by_their_order_of_birth(database):
    """A newborn without a known mother is allowed, one with half of it is not."""
    with database.writing() as session:
        mother = rows.patient(session)
        for order in (1, 2):
            rows.patient(session, kind="newborn", mother_id=mother, birth_order=order)
        rows.patient(session, kind="newborn")
    with refused(database, by=["uq_patient_mother_id", "patient.birth_order"]) as session:
        rows.patient(session, kind="newborn", mother_id=mother, birth_order=2)
    with refused(database, by=["ck_patient_newborn"]) as session:
        rows.patient(session, kind="newborn", mother_id=mother)


def test_every_row_knows_its_province(database):
    with refused(database, by=["province"]) as session:
        rows.organisation(session, province=None)


def test_the_moves_in_the_database_are_those_of_the_code(database):
    with database.reading() as session:
        found = session.connection().exec_driver_sql(
            "SELECT machine, from_status, to_status FROM status_move"
        )
        wanted = [
            (machine, before, after.value)
            for machine, table in MACHINES.items()
            for before, later in table.items()
            for after in later
        ]
        assert sorted(tuple(row) for row in found) == sorted(wanted)


def test_an_error_undoes_the_whole_transaction(database):
    with refused(database, by=["uq_place_label", "place.label"]) as session:
        rows.place(session, label="7")
        rows.place(session, label="7")
    with database.reading() as session:
        count = session.connection().exec_driver_sql("SELECT count(*) FROM place").scalar()
        assert count == 0


def test_no_table_of_the_record_is_emptied_or_written_over(database, under_way):
    """TRUNCATE on PostgreSQL; on SQLite a row put in the place of another."""
    what = "TRUNCATE status_event CASCADE"
    if database.is_sqlite:
        what = "INSERT OR REPLACE INTO status_event SELECT * FROM status_event"
    with refused(database, by=["of status_event is not allowed", "fk_"]) as session:
        session.connection().exec_driver_sql(what)
