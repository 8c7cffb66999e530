"""What must move together, written apart by plain SQL: the database lets neither half in."""

import pytest
from sqlalchemy import text

from app.migrations.standing import AHEAD
from tests.app.storage import rows
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused

RELEASED = {"status": "released", "released_at": NOW}


@pytest.fixture
def held(database):
    """A place that is promised to somebody, and the promise."""
    with database.writing() as session:
        bed = rows.place(session)
        return bed, rows.reservation(session, bed, rows.referral(session))


@pytest.fixture
def matched(database):
    """A referral that is matched at 3:02, and who sent it."""
    with database.writing() as session:
        org = rows.organisation(session)
        return rows.referral(session, org=org, path=("draft", "requested", "matched")), org


def test_nobody_frees_a_bed_that_is_promised(database, held):
    with refused(database, by=["fk_reservation_held"]) as session:
        rows.update(session, "place", {"reservation_id": None}, f"id = '{held[0]}'")


def test_no_promise_ends_while_the_bed_still_names_it(database, held):
    with refused(database, by=["fk_place_reservation"]) as session:
        rows.update(session, "reservation", RELEASED, f"id = '{held[1]}'")


def test_no_bed_is_promised_that_does_not_know_it(database):
    with refused(database, by=["fk_reservation_held"]) as session:
        rows.reservation(session, rows.place(session), rows.referral(session), there=False)


def test_a_bed_is_not_given_to_a_promise_of_another_bed(database, held):
    with refused(database, by=["fk_place_reservation", "uq_place_reservation_id"]) as session:
        other = rows.place(session, label="2")
        rows.update(session, "place", {"reservation_id": None}, f"id = '{held[0]}'")
        rows.update(session, "place", {"reservation_id": held[1]}, f"id = '{other}'")


def test_no_promised_bed_disappears_and_none_is_closed(database, held):
    with refused(database, by=["fk_reservation_place_id", "fk_reservation_held"]) as session:
        session.execute(text(f"DELETE FROM place WHERE id = '{held[0]}'"))
    for change in ({"in_service": False}, {"blocked": True}):
        with refused(database, by=["ck_place_held_is_open"]) as session:
            rows.update(session, "place", change, f"id = '{held[0]}'")


def test_a_promise_and_its_bed_end_together(database, held):
    with database.writing() as session:
        rows.update(session, "reservation", RELEASED, f"id = '{held[1]}'")
        rows.update(session, "place", {"reservation_id": None}, f"id = '{held[0]}'")
    with database.writing() as session:
        rows.reservation(session, held[0], rows.referral(session))


def test_no_event_runs_ahead_of_its_referral(database, matched):
    key, org = matched
    with refused(database, by=["fk_status_event_moves_referral"]) as session:
        rows.event(session, key, 4, "matched", "offered", by=org, minute=3)


def test_no_event_is_of_nobody(database, matched):
    with refused(database, by=["fk_status_event_moves_referral"]) as session:
        rows.event(session, rows.new_key(), 1, "", "draft", by=matched[1])
    with refused(database, by=["fk_status_event_moves_offer"]) as session:
        rows.event(session, rows.new_key(), 1, "", "offered", by=matched[1], machine="offer")
    with refused(database, by=["fk_status_event_moves_transfer"]) as session:
        rows.event(session, rows.new_key(), 1, "", "dispatched", by=matched[1], machine="transfer")


def test_no_referral_goes_back_to_where_it_stood(database, matched):
    """Number 2 and "requested" are what an event says; she has gone on from there."""
    back = {"status": "requested", "last_seq": 2}
    with refused(database, by=["update of referral is not allowed"]) as session:
        rows.update(session, "referral", back, f"id = '{matched[0]}'")


@pytest.mark.parametrize("first", ["event", "row"])
def test_an_event_and_its_row_move_together_in_either_order(database, matched, first):
    key, org = matched
    step, changes = (key, 4, "matched", "offered"), {"status": "offered", "last_seq": 4}
    with database.writing() as session:
        if first == "event":
            rows.event(session, *step, by=org, minute=3)
        rows.update(session, "referral", changes, f"id = '{key}'")
        if first == "row":
            rows.event(session, *step, by=org, minute=3)
    if database.is_sqlite:
        with database.reading() as session:
            assert session.execute(text(f"SELECT count(*) FROM {AHEAD}")).scalar() == 0


def test_nobody_takes_away_what_holds_an_event_back(database, matched):
    key, org = matched
    if database.is_sqlite:
        with refused(database, by=[f"delete of {AHEAD} is not allowed"]) as session:
            rows.event(session, key, 4, "matched", "offered", by=org, minute=3)
            session.execute(text(f"DELETE FROM {AHEAD}"))
    else:
        with refused(database, by=["fk_status_event_moves_referral"]) as session:
            session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            rows.event(session, key, 4, "matched", "offered", by=org, minute=3)


def test_without_the_guards_the_halves_are_let_in(database, held, matched):
    """The planted fault: what is refused above is refused by these and by nothing else."""
    key, org = matched
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
    with database.writing() as session:
        if not database.is_sqlite:
            session.execute(text("ALTER TABLE reservation DROP CONSTRAINT fk_reservation_held"))
            session.execute(text("DROP TRIGGER status_event_moves_referral ON status_event"))
        rows.update(session, "place", {"reservation_id": None}, f"id = '{held[0]}'")
        rows.event(session, key, 4, "matched", "offered", by=org, minute=3)
