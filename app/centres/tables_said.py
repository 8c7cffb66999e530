"""Tables of what a centre says of itself for some hours: diversion, capability, who is on duty.

Each line has a beginning and an end; none is deleted. What holds at a moment is read from them. Who
said so, and whom to ring, is sealed.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from app.centres.states import DIVERSION_REASONS, DUTY_ROLES, WHOLE
from app.db_types import Flag, Key, When, listed, new_key, of_a_province, only_one
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row
from facilities.capacity import PlaceKind

__all__ = ["CapabilityNote", "Diversion", "DutyTurn"]

_KINDS = listed((WHOLE, *(kind.value for kind in PlaceKind)))


class Diversion(Row, table=True):
    """A centre asks to be passed over, as a whole or for one kind of place, until a time.

    It refuses nobody in an emergency (R-REF-01). ``ended_at`` is set when it is lifted before its
    time, or when a new one takes the place of one that has run out.
    """

    __tablename__ = "diversion"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(f"reason IN ({listed(DIVERSION_REASONS)})", name="reason"),
        CheckConstraint("until_at > from_at", name="forward"),
        CheckConstraint("ended_at IS NULL OR ended_at >= declared_at", name="ended"),
        *sealed_columns("by_name"),
        of_a_province(),
        only_one("uq_diversion_open", "facility_id", "kind", where="ended_at IS NULL"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    kind: str = Field(default=WHOLE, sa_type=Text)
    reason: str = Field(sa_type=Text)
    from_at: datetime = Field(sa_type=When)
    until_at: datetime = Field(sa_type=When)
    declared_at: datetime = Field(sa_type=When)
    ended_at: datetime | None = Field(default=None, sa_type=When)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    by_name: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)


class CapabilityNote(Row, table=True):
    """A capability is there or is not there for some hours, and who said so; never changed.

    Of several that hold at a moment the one declared last counts.
    """

    __tablename__ = "capability_note"
    __table_args__ = (
        CheckConstraint("length(capability) > 0", name="capability"),
        CheckConstraint("until_at > from_at", name="forward"),
        *sealed_columns("said_by", "by_name"),
        of_a_province(),
        Index("ix_capability_note_until", "until_at"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    capability: str = Field(sa_type=Text)
    available: bool = Field(sa_type=Flag)
    from_at: datetime = Field(sa_type=When)
    until_at: datetime = Field(sa_type=When)
    said_by: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    declared_at: datetime = Field(sa_type=When)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    by_name: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)


class DutyTurn(Row, table=True):
    """A member of staff answers for a facility, or a division, from one time to another."""

    __tablename__ = "duty_turn"
    __table_args__ = (
        CheckConstraint(f"role IN ({listed(DUTY_ROLES)})", name="role"),
        CheckConstraint("until_at > from_at", name="forward"),
        *sealed_columns("person_name", "phone", "by_name"),
        of_a_province(),
        Index("ix_duty_turn_until", "until_at"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id_or_adcode: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    person_name: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    phone: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    from_at: datetime = Field(sa_type=When)
    until_at: datetime = Field(sa_type=When)
    written_at: datetime = Field(sa_type=When)
    withdrawn_at: datetime | None = Field(default=None, sa_type=When)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    by_name: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
