"""Tables of places, and the ledger of what is promised of them.

A place is a row, not a counter: free is what is in service and not reserved. Two indexes keep the
promise whatever the code does: one active reservation of a place, one of a seat of a referral.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlmodel import Column, Field, SQLModel

from app.db_types import Flag, Key, When, new_key
from facilities.capacity import PlaceKind

__all__ = ["ACTIVE", "Place", "Reservation"]

ACTIVE = ("held", "confirmed", "occupied")
_IS_ACTIVE = "status IN ('held', 'confirmed', 'occupied')"
_KINDS = ", ".join(f"'{kind.value}'" for kind in PlaceKind)


class Place(SQLModel, table=True):
    """One bed, cot or ventilator place of a centre; ``reservation_id`` is who has it now."""

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("facility_id", "kind", "label", name="uq_place_label"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("length(province) = 2", name="province"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    in_service: bool = Field(default=True, sa_type=Flag)
    reservation_id: uuid.UUID | None = Field(
        default=None,
        sa_column=Column(
            Key,
            ForeignKey(
                "reservation.id",
                name="fk_place_reservation",
                deferrable=True,
                initially="DEFERRED",
                use_alter=True,
            ),
            unique=True,
        ),
    )


class Reservation(SQLModel, table=True):
    """A place promised to one seat of a referral; a line of the ledger is never deleted."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint(f"{_IS_ACTIVE} OR status = 'released'", name="status"),
        CheckConstraint("(status = 'released') = (released_at IS NOT NULL)", name="released"),
        CheckConstraint("released_at IS NULL OR released_at >= held_at", name="forward"),
        CheckConstraint("seat = 'mother' OR seat LIKE 'newborn_%'", name="seat"),
        CheckConstraint("length(province) = 2", name="province"),
        Index(
            "uq_reservation_active_place",
            "place_id",
            unique=True,
            postgresql_where=text(_IS_ACTIVE),
            sqlite_where=text(_IS_ACTIVE),
        ),
        Index(
            "uq_reservation_active_seat",
            "referral_id",
            "seat",
            unique=True,
            postgresql_where=text(_IS_ACTIVE),
            sqlite_where=text(_IS_ACTIVE),
        ),
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
