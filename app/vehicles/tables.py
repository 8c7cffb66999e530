"""Tables of vehicles, and the ledger of who takes them.

A vehicle is taken like a place: by one conditional change of its row, and by a line of the ledger
of which one index allows a single active one per vehicle whatever the code does.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Column, Field

from app.db_types import Key, When, listed, new_key, of_a_province, only_one
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row
from app.vehicles.states import VehicleKind, VehicleState

__all__ = ["Vehicle", "VehicleTrip"]

_KINDS = listed(kind.value for kind in VehicleKind)
_STATES = listed(state.value for state in VehicleState)


class Vehicle(Row, table=True):
    """One ambulance, incubator or escort team.

    ``facility_id`` is where it stands when it is home, None for one of 120 or of a commission.
    ``equipment`` are codes separated by ``;``, ``label`` is a plate or a number, by which it is
    found. ``crew`` and ``phone`` are sealed. ``back_at`` is when it is expected home. ``trip_id``
    is who has it by the ledger: away and nothing else. ``version`` counts what became of it.
    """

    __tablename__ = "vehicle"
    __table_args__ = (
        UniqueConstraint("home_org", "label", name="uq_vehicle_label"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("trip_id IS NULL OR state = 'away'", name="taken_is_away"),
        CheckConstraint("state <> 'available' OR back_at IS NULL", name="home_is_home"),
        CheckConstraint("length(label) > 0", name="label"),
        CheckConstraint("version >= 1", name="version"),
        *sealed_columns("crew", "phone"),
        of_a_province(),
        Index("ix_vehicle_facility", "facility_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    home_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    facility_id: str | None = Field(default=None, sa_type=Text)
    kind: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    equipment: str = Field(default="", sa_type=Text)
    crew: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    phone: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    state: str = Field(default=VehicleState.AVAILABLE.value, sa_type=Text)
    back_at: datetime | None = Field(default=None, sa_type=When)
    version: int = 1
    trip_id: uuid.UUID | None = Field(
        default=None,
        sa_column=Column(
            Key,
            ForeignKey(
                "vehicle_trip.id",
                name="fk_vehicle_trip",
                deferrable=True,
                initially="DEFERRED",
                use_alter=True,
            ),
            unique=True,
        ),
    )


class VehicleTrip(Row, table=True):
    """A referral takes a vehicle, from a time until it is given back; never deleted."""

    __tablename__ = "vehicle_trip"
    __table_args__ = (
        CheckConstraint("given_back_at IS NULL OR given_back_at >= taken_at", name="forward"),
        *sealed_columns("by_name"),
        of_a_province(),
        only_one("uq_vehicle_trip_active", "vehicle_id", where="given_back_at IS NULL"),
        Index("ix_vehicle_trip_referral", "referral_id"),
        Index("ix_vehicle_trip_vehicle", "vehicle_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    vehicle_id: uuid.UUID = Field(sa_type=Key, foreign_key="vehicle.id")
    referral_id: uuid.UUID = Field(sa_type=Key, foreign_key="referral.id")
    taken_at: datetime = Field(sa_type=When)
    back_at: datetime | None = Field(default=None, sa_type=When)
    given_back_at: datetime | None = Field(default=None, sa_type=When)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    by_name: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
