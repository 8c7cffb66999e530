"""Tables of places, and the ledger of what is promised of them.

A place is a row, not a counter: free is what is in service and not reserved. Two indexes keep the
promise whatever the code does: one active reservation of a place, one of a seat of a referral. Two
keys keep both sides together at the end of every transaction: a place names the active reservation
of it, and an active reservation the place that names it.
"""

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlmodel import Column, Field

from app.centres.states import Settled
from app.db_types import Flag, Key, When, new_key, of_a_province, only_one
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row
from facilities.capacity import PlaceKind

__all__ = ["ACTIVE", "CapacityReport", "Place", "Reservation", "WorkItem"]

ACTIVE = ("held", "confirmed", "occupied")
_IS_ACTIVE = "status IN ('held', 'confirmed', 'occupied')"
HELD = "CASE WHEN status <> 'released' THEN place_id END"
_SETTLED = ", ".join(f"'{reason.value}'" for reason in Settled)
_KINDS = ", ".join(f"'{kind.value}'" for kind in PlaceKind)


class Place(Row, table=True):
    """One bed, cot or ventilator place of a centre.

    ``reservation_id`` is who has it by the ledger; ``blocked`` says that somebody lies there whom
    the ledger does not know, as the hospital reported. A held place is never blocked.
    """

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("facility_id", "kind", "label", name="uq_place_label"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(
            "reservation_id IS NULL OR (in_service AND NOT blocked)", name="held_is_open"
        ),
        # A null on one side is a key that is not looked at: a place that nobody has.
        ForeignKeyConstraint(
            ["reservation_id", "id"],
            ["reservation.id", "reservation.held_place_id"],
            name="fk_place_reservation",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        UniqueConstraint("reservation_id", "id", name="uq_place_holder"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    in_service: bool = Field(default=True, sa_type=Flag)
    blocked: bool = Field(default=False, sa_type=Flag)
    reservation_id: uuid.UUID | None = Field(default=None, sa_type=Key, unique=True)


class Reservation(Row, table=True):
    """A place promised to one seat of a referral; a line of the ledger is never deleted.

    ``held_place_id`` is the place while the promise stands; the database fills it in.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint(f"{_IS_ACTIVE} OR status = 'released'", name="status"),
        CheckConstraint("(status = 'released') = (released_at IS NOT NULL)", name="released"),
        CheckConstraint("released_at IS NULL OR released_at >= held_at", name="forward"),
        CheckConstraint("seat = 'mother' OR seat LIKE 'newborn_%'", name="seat"),
        of_a_province(),
        ForeignKeyConstraint(
            ["id", "held_place_id"],
            ["place.reservation_id", "place.id"],
            name="fk_reservation_held",
            deferrable=True,
            initially="DEFERRED",
        ),
        UniqueConstraint("id", "held_place_id", name="uq_reservation_held"),
        only_one("uq_reservation_active_place", "place_id", where=_IS_ACTIVE),
        only_one("uq_reservation_active_seat", "referral_id", "seat", where=_IS_ACTIVE),
        Index("ix_reservation_referral", "referral_id"),
        Index("ix_reservation_place", "place_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    place_id: uuid.UUID = Field(sa_type=Key, foreign_key="place.id")
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    seat: str = Field(sa_type=Text)
    status: str = Field(default="held", sa_type=Text)
    held_at: datetime = Field(sa_type=When)
    held_until: datetime | None = Field(default=None, sa_type=When)
    released_at: datetime | None = Field(default=None, sa_type=When)
    held_place_id: uuid.UUID | None = Field(
        default=None,
        sa_column=Column(Key, Computed(HELD, persisted=True)),
    )


class CapacityReport(Row, table=True):
    """What a hospital says of its places of one kind, by whom and when; never changed.

    An observation: it may close places, it never frees one that the ledger holds.
    """

    __tablename__ = "capacity_report"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("free BETWEEN 0 AND in_service", name="free"),
        *sealed_columns("source"),
        of_a_province(),
        Index("ix_capacity_report_latest", "facility_id", "kind", "as_of"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    in_service: int
    free: int
    as_of: datetime = Field(sa_type=When)
    received_at: datetime = Field(sa_type=When)
    source: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class WorkItem(Row, table=True):
    """Something that does not fit together and that a person has to settle, by a time.

    It ends with a reason: by a person, or by figures that agree again.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        CheckConstraint("code IN ('more_free_than_ledger', 'fewer_than_held')", name="code"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("closed_at IS NULL OR closed_at >= opened_at", name="forward"),
        CheckConstraint("(closed_at IS NULL) = (closed_because IS NULL)", name="closed"),
        CheckConstraint(f"closed_because IN ({_SETTLED})", name="closed_because"),
        of_a_province(),
        Index("ix_work_item_owner_org", "owner_org"),
        only_one("uq_work_item_open", "facility_id", "kind", "code", where="closed_at IS NULL"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    opened_at: datetime = Field(sa_type=When)
    owner_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    deadline_at: datetime = Field(sa_type=When)
    closed_at: datetime | None = Field(default=None, sa_type=When)
    closed_because: str | None = Field(default=None, sa_type=Text)
