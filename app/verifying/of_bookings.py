"""What must be true of bookings whatever happened; each line finds those of which it is not.

Whether a week of a centre, its lodging and its level suffice is reckoned from the network, and is
asked in :mod:`app.verifying.of_rooms`.
"""

from app.bookings.moving import BOOKING_DUE
from app.bookings.states import STANDING, WAITING, BookingStatus
from app.case_files.states import BEYOND_BOOKING
from app.case_files.watching import LOOK_AT_BOOKING
from app.db_types import listed
from app.verifying.findings import Invariant

__all__ = ["OF_BOOKINGS"]

_STANDING = listed(STANDING)
_CONSENTED = listed((*STANDING, BookingStatus.USED, BookingStatus.REPLACED))
_OPEN_DEADLINE = (
    "SELECT 1 FROM deadline d WHERE d.kind = '{kind}' AND d.subject_id = {key} "
    "AND d.done_at IS NULL AND d.cancelled_at IS NULL"
)
_WAITED_FOR = _OPEN_DEADLINE.format(kind=BOOKING_DUE, key="b.id")
_TO_BE_LOOKED_AT = _OPEN_DEADLINE.format(kind=LOOK_AT_BOOKING, key="b.file_id")

OF_BOOKINGS = (
    Invariant(
        "woman_booked_twice",
        "patient",
        "SELECT f.patient_id FROM booking b JOIN case_file f ON f.id = b.file_id "
        f"WHERE b.status IN ({_STANDING}) GROUP BY f.patient_id HAVING count(*) > 1",
    ),
    Invariant(
        "booked_without_consent",
        "booking",
        f"SELECT b.id FROM booking b WHERE b.status IN ({_CONSENTED}) AND (b.booked_at IS NULL "
        "OR NOT EXISTS (SELECT 1 FROM status_event e WHERE e.machine = 'booking' "
        "AND e.subject_id = b.id AND e.from_status = 'asked' AND e.to_status = 'booked'))",
    ),
    Invariant(
        # A word spoken by telephone counts by the name of who said it.
        "consent_of_nobody",
        "booking",
        "SELECT e.subject_id FROM status_event e LEFT JOIN event_word w ON w.machine = e.machine "
        "AND w.subject_id = e.subject_id AND w.seq = e.seq "
        "WHERE e.machine = 'booking' AND e.spoken AND w.id IS NULL",
    ),
    Invariant(
        "booked_in_closed_file",
        "booking",
        # The worker ends them a moment after the file.
        "SELECT b.id FROM booking b JOIN case_file f ON f.id = b.file_id "
        f"WHERE b.status IN ({_STANDING}, {listed(WAITING)}) "
        f"AND f.status IN ({listed(BEYOND_BOOKING)}) "
        f"AND NOT EXISTS ({_TO_BE_LOOKED_AT})",
    ),
    Invariant(
        "booking_unwatched",
        "booking",
        f"SELECT b.id FROM booking b WHERE b.status IN ({listed(WAITING)}) "
        "AND (b.owner_org IS NULL OR b.next_due_at IS NULL OR b.next_step IS NULL "
        f"OR b.next_step = '' OR NOT EXISTS ({_WAITED_FOR}))",
    ),
    Invariant(
        "file_names_another_place",
        "case_file",
        "SELECT f.id FROM case_file f JOIN booking b ON b.file_id = f.id "
        f"WHERE b.status IN ({_STANDING}) "
        "AND COALESCE(f.booked_facility_id, '') <> b.facility_id",
    ),
    Invariant(
        # Whoever reads it would drive there.
        "place_without_consent",
        "case_file",
        "SELECT f.id FROM case_file f WHERE f.booked_facility_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM booking b WHERE b.file_id = f.id "
        "AND b.facility_id = f.booked_facility_id "
        f"AND (b.booked_at IS NOT NULL OR b.status IN ({_CONSENTED})))",
    ),
)
