"""What the database refuses of bookings by itself, shown by plain SQL."""

from datetime import timedelta

import pytest

from app.bookings.states import NEXT, STANDING, WAITING, BookingStatus, moves
from app.db_types import new_key
from tests.app.storage import booking_rows, case_rows, rows
from tests.app.storage.booking_rows import OTHER, PATHS
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused

S = BookingStatus


def test_every_move_of_the_table_is_taken_and_every_other_refused(database):
    allowed = set(moves())
    for status, path in PATHS.items():
        with database.writing() as session:
            org = rows.organisation(session)
            key = booking_rows.booking(session, status=status, org=org)
        for wanted in BookingStatus:
            if (status, wanted.value) not in allowed:
                with refused(database, by=["fk_status_event_move"]) as session:
                    booking_rows.event(session, key, len(path) + 1, status, wanted.value, by=org)


@pytest.mark.parametrize("first", [one.value for one in STANDING])
@pytest.mark.parametrize("second", [one.value for one in STANDING])
def test_a_file_has_one_place_that_is_hers(database, first, second):
    with database.writing() as session:
        of = case_rows.managed(session)
        booking_rows.booking(session, of=of, status=first)
    with refused(database, by=["uq_booking_standing", "booking.file_id"]) as session:
        booking_rows.booking(session, of=of, status=second)


@pytest.mark.parametrize("status", ["asked", "proposed"])
def test_one_centre_is_asked_and_one_proposed(database, status):
    with database.writing() as session:
        of = case_rows.managed(session)
        booking_rows.booking(session, of=of, status=status)
    with refused(database, by=[f"uq_booking_{status}", "booking.file_id"]) as session:
        booking_rows.booking(session, of=of, status=status)


def test_a_place_that_is_hers_keeps_no_other_centre_from_being_asked(database):
    with database.writing() as session:
        of = case_rows.managed(session)
        for status in ("booked", "asked", "proposed"):
            booking_rows.booking(session, of=of, status=status)


@pytest.mark.parametrize("lacking", ["owner_org", "next_due_at", "next_step"])
@pytest.mark.parametrize("status", [one.value for one in WAITING])
def test_what_waits_for_somebody_has_an_owner_a_deadline_and_a_next_step(database, status, lacking):
    with refused(database, by=["ck_booking_owned"]) as session:
        booking_rows.booking(session, status=status, **{lacking: None})


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
@pytest.mark.parametrize("reason", [None, "", "because"])
def test_a_no_has_a_reason_from_the_list(database, status, reason):
    with refused(database, by=[f"ck_booking_{status}"]) as session:
        booking_rows.booking(session, status=status, reason=reason)


def test_a_facility_that_is_none_takes_no_bookings(database):
    with refused(database, by=["fk_booking_facility", "fk_"]) as session:
        booking_rows.booking(session, facility_id="YN530100-999")
    with refused(database, by=["fk_ward_closure_facility", "fk_"]) as session:
        booking_rows.closure(session, facility_id="YN530100-999")
    with refused(database, by=["fk_lodging_place_facility", "fk_"]) as session:
        booking_rows.lodging_place(session, facility_id="YN530100-999")


def test_nobody_is_booked_without_the_consent_of_the_centre(database):
    for status in ("booked", "used"):
        with refused(database, by=["ck_booking_consented"]) as session:
            booking_rows.booking(session, status=status, booked_at=None, was_booked=None)
    with refused(database, by=["ck_booking_was_booked"]) as session:
        booking_rows.booking(session, status="booked", was_booked=None)
    with refused(database, by=["ck_booking_was_booked"]) as session:
        booking_rows.booking(session, status="booked", booked_at=NOW - timedelta(minutes=1))


def test_no_centre_is_asked_but_by_a_clinician_with_a_name(database):
    with refused(database, by=["ck_booking_asked"]) as session:
        booking_rows.booking(session, status="asked", chosen_by=None)
    with refused(database, by=["ck_booking_asked"]) as session:
        booking_rows.booking(session, status="asked", asked_at=None)


def test_a_booking_is_of_a_run_or_says_why_it_was_chosen_by_hand(database):
    with refused(database, by=["ck_booking_whence"]) as session:
        booking_rows.booking(session, run_id=None)
    with database.writing() as session:
        booking_rows.booking(session, run_id=None, chosen_because="她的母亲住在那里")


def replaced(session, key, by, *, org):
    booking_rows.moved(session, key, 4, "booked", "replaced", by=org, replaced_by=by, replaced_ok=1)


def test_nobody_loses_a_place_before_the_next_one_is_booked(database):
    with database.writing() as session:
        org, of = rows.organisation(session), case_rows.managed(session)
        first = booking_rows.booking(session, of=of, org=org, status="booked")
        asked = booking_rows.booking(
            session, of=of, org=org, status="asked", facility_id=booking_rows.centre(session, OTHER)
        )
        of_another = booking_rows.booking(session, status="booked")
    for by in (asked, of_another, new_key()):
        with refused(database, by=["fk_booking_replaced", "fk_"]) as session:
            replaced(session, first, by, org=org)
    with refused(database, by=["ck_booking_replaced"]) as session:
        booking_rows.moved(session, first, 4, "booked", "replaced", by=org)
    with database.writing() as session:
        replaced(session, first, asked, org=org)
        booking_rows.moved(
            session, asked, 3, "asked", "booked", by=org, booked_at=NOW, was_booked=1
        )


def test_a_booking_that_is_looked_at_again_says_what_has_changed(database):
    with refused(database, by=["ck_booking_reopened"]) as session:
        booking_rows.booking(session, status="reopened", reopened_for="")
    with refused(database, by=["ck_booking_reopened"]) as session:
        booking_rows.booking(session, status="booked", reopened_for="colour_raised")


def test_who_is_lodged_has_a_day_by_which_she_comes(database):
    with refused(database, by=["ck_booking_lodging"]) as session:
        booking_rows.booking(session, lodging=True)


def test_a_booking_stands_where_its_last_event_says(database):
    with database.writing() as session:
        org = rows.organisation(session)
        key = booking_rows.booking(session, status="asked", org=org)
    with refused(database, by=["fk_booking_stands"]) as session:
        booking_rows.change(session, key, status="booked", booked_at=NOW, was_booked=1)
    with refused(database, by=["fk_status_event_moves_booking", "fk_"]) as session:
        booking_rows.event(session, key, 3, "asked", "booked", by=org)


def test_another_centre_is_another_booking(database):
    with database.writing() as session:
        booking_rows.centre(session, OTHER)
        key, other = booking_rows.booking(session), case_rows.managed(session)
    for changes in ({"facility_id": OTHER}, {"file_id": other}, {"run_id": None}):
        with refused(database, by=["booking_is_of_one_centre", "update of booking"]) as session:
            booking_rows.change(session, key, **changes)


OVER = ("registered", "moved_away")
ENDED = {"ended_because": bytes(40)}


@pytest.mark.parametrize("status", ["proposed", "asked", "booked", "reopened"])
def test_nobody_is_booked_in_a_file_that_is_over(database, status):
    with database.writing() as session:
        of = case_rows.file(session, path=OVER, ended_because="已迁出", next_due_at=None)
    with refused(database, by=["booking_of_open_file"]) as session:
        booking_rows.booking(session, of=of, status=status)


def test_no_booking_goes_on_in_a_file_that_is_over_and_it_may_end(database):
    with database.writing() as session:
        org = rows.organisation(session)
        of = case_rows.managed(session, org=org)
        key = booking_rows.booking(session, of=of, status="proposed", org=org)
        case_rows.moved(session, of, 5, "case_managed", "moved_away", by=org, **ENDED)
    with refused(database, by=["booking_of_open_file"]) as session:
        user = booking_rows.account_rows.user(session)
        asked = {"asked_at": NOW, "chosen_by": user}
        booking_rows.moved(session, key, 2, "proposed", "asked", by=org, **asked)
    with database.writing() as session:
        booking_rows.moved(session, key, 2, "proposed", "ended", by=org)


def test_consent_is_said_once(database):
    with database.writing() as session:
        key = booking_rows.booking(session, status="booked")
    with refused(database, by=["booking_booked_at_once", "update of booking"]) as session:
        booking_rows.change(session, key, booked_at=NOW + timedelta(minutes=1))


@pytest.mark.parametrize("table", ["booking_run", "lodging_answer", "lodging_place"])
def test_what_was_said_is_added_to_and_never_changed(database, table):
    with database.writing() as session:
        of = case_rows.managed(session)
        key = {
            "booking_run": lambda: booking_rows.run(session),
            "lodging_answer": lambda: booking_rows.lodging_answer(session, of),
            "lodging_place": lambda: booking_rows.lodging_place(session),
        }[table]()
    with refused(database, by=[f"update of {table} is not allowed"]) as session:
        rows.update(session, table, {"province": "52"}, f"id = '{key}'")
    with refused(database, by=[f"delete of {table} is not allowed"]) as session:
        session.connection().exec_driver_sql(f"DELETE FROM {table}")


def test_no_booking_and_no_closure_is_deleted(database):
    with database.writing() as session:
        booking_rows.booking(session)
        booking_rows.closure(session)
    for table in ("booking", "ward_closure"):
        with refused(database, by=[f"delete of {table} is not allowed"]) as session:
            session.connection().exec_driver_sql(f"DELETE FROM {table}")


def test_a_run_proves_only_what_is_optimal_and_counts_its_women(database):
    with refused(database, by=["ck_booking_run_proven"]) as session:
        booking_rows.run(session, status="feasible")
    with refused(database, by=["ck_booking_run_women"]) as session:
        booking_rows.run(session, women=1, unbooked=2)
    with refused(database, by=["ck_booking_run_bound"]) as session:
        booking_rows.run(session, bound_tenths=901)


def test_a_night_has_one_run(database):
    with database.writing() as session:
        booking_rows.run(session, made_by=None, night="2026-12-01")
    with refused(database, by=["uq_booking_run_night", "booking_run.night"]) as session:
        booking_rows.run(session, made_by=None, night="2026-12-01")
    for wrong in ({"made_by": None}, {"night": "2026-12-01"}):
        with refused(database, by=["ck_booking_run_night"]) as session:
            booking_rows.run(session, **wrong)


def test_a_closed_ward_has_a_reason_a_kind_and_an_end(database):
    for rule, wrong in (
        ("reason", {"reason": "holiday"}),
        ("kind", {"kind": "SOFA"}),
        ("forward", {"to_day": "2027-01-31"}),
        ("lifted", {"lifted_at": NOW}),
    ):
        with refused(database, by=[f"ck_ward_closure_{rule}"]) as session:
            booking_rows.closure(session, **wrong)


def test_every_status_has_an_end_or_somebody_who_acts():
    for status in BookingStatus:
        assert status in WAITING or status is S.BOOKED or not NEXT[status]
