"""Lists of bookings in scope."""

import uuid
from collections.abc import Sequence

from sqlmodel import col

from app.bookings import store
from app.bookings.sight import visible_to
from app.bookings.states import BookingStatus
from app.bookings.tables import Booking
from app.case_files.tables import CaseFile
from app.work import Work

__all__ = ["bookings_in_scope"]


def bookings_in_scope(
    work: Work,
    *,
    facility_id: str | None = None,
    status: BookingStatus | None = None,
    file_id: uuid.UUID | None = None,
    after: uuid.UUID | None,
    most: int,
) -> Sequence[tuple[Booking, CaseFile]]:
    """Return bookings that the actor may see with their files, in the order they were made."""
    wanted = (
        (facility_id is not None, col(Booking.facility_id) == facility_id),
        (status is not None, col(Booking.status) == status),
        (file_id is not None, col(Booking.file_id) == file_id),
    )
    return store.page(
        work.session,
        visible_to(work.actor, work.now),
        *(condition for asked, condition in wanted if asked),
        after=after,
        most=most,
    )
