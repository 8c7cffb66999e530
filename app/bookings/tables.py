"""The table of bookings: one proposal, and what became of it.

A file has at most one place that is hers, one centre that is asked and one proposal. A place is
replaced only by one that a centre has consented to: until then she keeps the first (``replaced``
leads there by a key that is looked at when the transaction ends).
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.bookings.states import (
    BOOKING,
    STANDING,
    WAITING,
    BookingStatus,
    DeclineReason,
    WithdrawReason,
)
from app.case_files.states import COLOURS
from app.db_types import Flag, Key, When, listed, new_key, of_a_province, only_one
from app.events.tables import stands
from app.keys.sealed import Sealed, sealed_columns
from app.rows import Row

__all__ = ["Booking"]

_CONSENTED = listed(
    (*STANDING, BookingStatus.REPLACED, BookingStatus.USED),
)


class Booking(Row, table=True):
    """A centre for one birth: proposed by a run or chosen by hand, asked, booked.

    ``run_id`` is the run that proposed it; a clinician who chose by hand says why, sealed in
    ``chosen_because``, where another system named the centre its number of her file stands there.
    ``chosen_by`` is who had the centre asked. ``come_by`` is the day by which she is to live near
    it, ``lodging`` whether in a place of the programme. ``why`` are codes, ``kinds`` the places
    that she and her children take, empty where nobody said. ``colour``, ``purple``,
    ``residence_county``, ``edd`` and ``minutes`` are what it rests on: whether it still holds is a
    comparison with them, and ``confirmed_at`` is when a clinician last said that it does.
    ``entries`` is how many entries of her facts there were when it was proposed, and ``over_limit``
    the mark of one that goes beyond what a week of the centre holds. ``reopened_for`` are codes.
    ``was_booked`` is 1 as soon as the centre has consented.
    ``version`` counts what became of it.
    """

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("id", "file_id", "was_booked", name="uq_booking_consented"),
        CheckConstraint(f"machine = '{BOOKING}'", name="machine"),
        CheckConstraint(f"status IN ({listed(BookingStatus)})", name="status"),
        CheckConstraint(
            f"status NOT IN ({listed(WAITING)}) OR (owner_org IS NOT NULL "
            "AND next_due_at IS NOT NULL AND next_step IS NOT NULL AND next_step <> '')",
            name="owned",
        ),
        CheckConstraint("run_id IS NOT NULL OR chosen_because IS NOT NULL", name="whence"),
        CheckConstraint(
            "(asked_at IS NULL OR chosen_by IS NOT NULL) "
            "AND (status <> 'asked' OR asked_at IS NOT NULL)",
            name="asked",
        ),
        CheckConstraint(f"status NOT IN ({_CONSENTED}) OR booked_at IS NOT NULL", name="consented"),
        CheckConstraint(
            "(booked_at IS NULL OR (asked_at IS NOT NULL AND booked_at >= asked_at)) "
            "AND (booked_at IS NULL) = (was_booked IS NULL) "
            "AND (was_booked IS NULL OR was_booked = 1)",
            name="was_booked",
        ),
        CheckConstraint(
            "(status = 'replaced') = (replaced_by IS NOT NULL) "
            "AND (replaced_by IS NULL) = (replaced_ok IS NULL) "
            "AND (replaced_ok IS NULL OR replaced_ok = 1) "
            "AND (replaced_by IS NULL OR replaced_by <> id)",
            name="replaced",
        ),
        CheckConstraint(
            f"status <> 'declined' OR (reason IS NOT NULL AND reason IN ({listed(DeclineReason)}))",
            name="declined",
        ),
        CheckConstraint(
            "status <> 'withdrawn' "
            f"OR (reason IS NOT NULL AND reason IN ({listed(WithdrawReason)}))",
            name="withdrawn",
        ),
        CheckConstraint("(status = 'reopened') = (reopened_for <> '')", name="reopened"),
        CheckConstraint("come_by IS NULL OR length(come_by) = 10", name="come_by"),
        CheckConstraint("NOT lodging OR come_by IS NOT NULL", name="lodging"),
        CheckConstraint(
            f"colour IN ({listed(COLOURS)}) AND length(edd) = 10 "
            "AND length(residence_county) = 6 AND minutes >= 0",
            name="basis",
        ),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL) "
            "AND (confirmed_at IS NULL OR booked_at IS NOT NULL)",
            name="confirmed",
        ),
        CheckConstraint("cost_tenths IS NULL OR cost_tenths >= 0", name="cost"),
        CheckConstraint("entries >= 0", name="entries"),
        CheckConstraint("version >= 1", name="version"),
        *sealed_columns("chosen_because"),
        of_a_province(),
        stands("fk_booking_stands"),
        ForeignKeyConstraint(
            ["facility_id"], ["organisation.facility_id"], name="fk_booking_facility"
        ),
        ForeignKeyConstraint(
            ["replaced_by", "file_id", "replaced_ok"],
            ["booking.id", "booking.file_id", "booking.was_booked"],
            name="fk_booking_replaced",
            deferrable=True,
            initially="DEFERRED",
        ),
        only_one("uq_booking_standing", "file_id", where=f"status IN ({listed(STANDING)})"),
        only_one("uq_booking_asked", "file_id", where="status = 'asked'"),
        only_one("uq_booking_proposed", "file_id", where="status = 'proposed'"),
        Index("ix_booking_file", "file_id"),
        Index("ix_booking_facility", "facility_id", "status"),
        Index("ix_booking_next", "next_due_at"),
        Index("ix_booking_run", "run_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    machine: str = Field(default=BOOKING, sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    run_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="booking_run.id")
    facility_id: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    last_seq: int
    version: int = 1
    owner_org: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="organisation.id")
    next_due_at: datetime | None = Field(default=None, sa_type=When)
    next_step: str | None = Field(default=None, sa_type=Text)
    come_by: str | None = Field(default=None, sa_type=Text)
    lodging: bool = Field(default=False, sa_type=Flag)
    minutes: int
    cost_tenths: int | None = None
    why: str = Field(default="", sa_type=Text)
    kinds: str = Field(default="", sa_type=Text)
    colour: str = Field(sa_type=Text)
    purple: bool = Field(sa_type=Flag)
    residence_county: str = Field(sa_type=Text)
    edd: str = Field(sa_type=Text)
    entries: int = 0
    over_limit: bool = Field(default=False, sa_type=Flag)
    chosen_by: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="user_account.id")
    chosen_because: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    asked_at: datetime | None = Field(default=None, sa_type=When)
    booked_at: datetime | None = Field(default=None, sa_type=When)
    was_booked: int | None = None
    confirmed_at: datetime | None = Field(default=None, sa_type=When)
    confirmed_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    replaced_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    replaced_ok: int | None = None
    reason: str | None = Field(default=None, sa_type=Text)
    reopened_for: str = Field(default="", sa_type=Text)
