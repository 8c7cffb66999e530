"""What ``greenchannel verify`` finds of bookings where somebody took the refusals away."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.bookings.moving import BOOKING_DUE
from app.deadlines.service import set_deadline
from app.verifying.invariants import broken
from app.verifying.of_bookings import OF_BOOKINGS
from tests.app.storage import booking_rows, case_rows, rows
from tests.app.storage.rows import NOW
from tests.app.storage.tampering import owned

CODES = {line.code for line in OF_BOOKINGS}
BREAKING = {
    "woman_booked_twice": "UPDATE case_file SET patient_id = "
    "(SELECT patient_id FROM case_file ORDER BY id LIMIT 1)",
    "booked_without_consent": "UPDATE booking SET booked_at = NULL WHERE status = 'booked'",
    "consent_of_nobody": "UPDATE status_event SET spoken = {yes} "
    "WHERE machine = 'booking' AND to_status = 'booked'",
    "booked_in_closed_file": "UPDATE case_file SET status = 'moved_away'",
    "booking_unwatched": "DELETE FROM deadline",
    "file_names_another_place": "UPDATE case_file SET booked_facility_id = 'YN530100-002'",
    "place_without_consent": "UPDATE case_file SET booked_facility_id = 'YN530100-002'",
}


@pytest.fixture
def two_booked(database):
    """Two women with a place each, one of them opened again."""
    with database.writing() as session:
        org = rows.organisation(session)
        for status in ("booked", "reopened"):
            of = case_rows.managed(session, org=org, booked_facility_id=booking_rows.CENTRE)
            key = booking_rows.booking(session, of=of, org=org, status=status)
            at = NOW + timedelta(days=1)
            set_deadline(session, BOOKING_DUE, key, at, province="53", at=NOW)


def found(session):
    return {one.code for one in broken(session)} & CODES


def test_nothing_is_wrong_with_bookings_as_they_are_written(database, two_booked):
    with database.reading() as session:
        assert found(session) == set()


@pytest.mark.parametrize("code", BREAKING)
def test_what_must_be_true_of_bookings_is_missed_when_it_is_not(
    address, database, two_booked, code
):
    with owned(address) as session:
        postgres = session.get_bind().dialect.name == "postgresql"
        more = " CASCADE" if postgres else ""
        session.execute(text(f"DROP INDEX uq_case_file_open_patient{more}"))
        session.execute(text(BREAKING[code].format(yes="true" if postgres else "1")))

        assert code in found(session)


@pytest.mark.parametrize("code", ["booked_without_consent", "booking_unwatched"])
def test_every_look_tells_its_own_fault_from_the_others(address, database, two_booked, code):
    with owned(address) as session:
        session.execute(text(BREAKING[code]))

        assert found(session) == {code}


def test_every_line_about_bookings_is_broken_once():
    assert set(BREAKING) == CODES
