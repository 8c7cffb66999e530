"""Tables of the registry in the database: what was imported or decided, each line with its source.

A line that another one replaces keeps the moment of that; nothing is deleted. Days are those of the
calendar in Yunnan, written ``2026-11-25``.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, Text
from sqlmodel import Field

from app.centres.states import BLOOD_GROUPS, COMPONENTS, LEVELS, CentreKind
from app.db_types import Key, When, listed, new_key, of_a_province, only_one
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row
from facilities.phones import PhoneRole

__all__ = [
    "BloodStock",
    "CatchmentLine",
    "Designation",
    "FacilityPhone",
    "RegistryLine",
    "RegistryVersion",
    "StaffCount",
]

IN_USE = "replaced_at IS NULL"
_ROLES = listed(role.value for role in PhoneRole)
_MATERNAL, _NEWBORN = listed(LEVELS[CentreKind.MATERNAL]), listed(LEVELS[CentreKind.NEWBORN])


class RegistryLine(Row, table=True):
    """A line of ``facilities.csv`` or ``places.csv`` as imported: its cells as a JSON object."""

    __tablename__ = "registry_line"
    __table_args__ = (
        CheckConstraint("name IN ('facilities', 'places')", name="name"),
        CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="forward"),
        of_a_province(),
        only_one("uq_registry_line_in_use", "name", "line_key", where=IN_USE),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    line_key: str = Field(sa_type=Text)
    cells: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=When)
    replaced_at: datetime | None = Field(default=None, sa_type=When)
    by_name: str = Field(sa_type=Text)


class Designation(Row, table=True):
    """The commission designates a centre from a day on, or ends that (R-CENTRE-05); never changed.

    ``level`` None ends the designation. The line with the latest first day counts, of several with
    the same day the one recorded last; after its last day nothing does.
    """

    __tablename__ = "designation"
    __table_args__ = (
        CheckConstraint(
            f"(kind = 'maternal' AND (level IS NULL OR level IN ({_MATERNAL}))) "
            f"OR (kind = 'newborn' AND (level IS NULL OR level IN ({_NEWBORN})))",
            name="level",
        ),
        CheckConstraint("length(valid_from) = 10", name="valid_from"),
        CheckConstraint(
            "valid_to IS NULL OR (length(valid_to) = 10 AND valid_to >= valid_from)", name="forward"
        ),
        *sealed_columns("document", "by_name"),
        of_a_province(),
        Index("ix_designation_of", "facility_id", "kind"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    level: str | None = Field(default=None, sa_type=Text)
    valid_from: str = Field(sa_type=Text)
    valid_to: str | None = Field(default=None, sa_type=Text)
    document: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    recorded_at: datetime = Field(sa_type=When)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    by_name: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)


class CatchmentLine(Row, table=True):
    """A county's patients of a kind belong to a centre, at a rank, between two days."""

    __tablename__ = "catchment"
    __table_args__ = (
        CheckConstraint("kind IN ('M', 'N')", name="kind"),
        CheckConstraint("length(county) = 6", name="county"),
        CheckConstraint("rank >= 1", name="rank"),
        CheckConstraint("length(source) > 0", name="source"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="days"
        ),
        CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="forward"),
        of_a_province(),
        only_one(
            "uq_catchment_in_use",
            *("county", "kind", "rank", "facility_id", "valid_from"),
            where=f"{IN_USE} AND valid_from IS NOT NULL",
        ),
        only_one(
            "uq_catchment_in_use_always",
            *("county", "kind", "rank", "facility_id"),
            where=f"{IN_USE} AND valid_from IS NULL",
        ),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    county: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    rank: int = Field(sa_type=Integer)
    facility_id: str = Field(sa_type=Text)
    valid_from: str | None = Field(default=None, sa_type=Text)
    valid_to: str | None = Field(default=None, sa_type=Text)
    source: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=When)
    replaced_at: datetime | None = Field(default=None, sa_type=When)
    by_name: str = Field(sa_type=Text)


class FacilityPhone(Row, table=True):
    """A number of a facility or of a division's duty officer, in the order of the file."""

    __tablename__ = "facility_phone"
    __table_args__ = (
        CheckConstraint(f"role IN ({_ROLES})", name="role"),
        CheckConstraint("length(phone) >= 3", name="phone"),
        CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="forward"),
        of_a_province(),
        only_one(
            "uq_facility_phone_in_use",
            *("facility_id_or_adcode", "role", "phone", "hours"),
            where=IN_USE,
        ),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id_or_adcode: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    phone: str = Field(sa_type=Text)
    hours: str = Field(default="", sa_type=Text)
    recorded_at: datetime = Field(sa_type=When)
    replaced_at: datetime | None = Field(default=None, sa_type=When)
    by_name: str = Field(sa_type=Text)


class StaffCount(Row, table=True):
    """How many people of a role a facility has, as reported; shown beside the norms."""

    __tablename__ = "staff_count"
    __table_args__ = (
        CheckConstraint("number >= 0", name="number"),
        CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="forward"),
        of_a_province(),
        only_one("uq_staff_count_in_use", "facility_id", "role", where=IN_USE),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    number: int = Field(sa_type=Integer)
    as_of: str | None = Field(default=None, sa_type=Text)
    source: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=When)
    replaced_at: datetime | None = Field(default=None, sa_type=When)
    by_name: str = Field(sa_type=Text)


class BloodStock(Row, table=True):
    """Units of blood a county store says it has, and how it gets to a hospital (R-BLOOD-01).

    An observation, never changed: the one that speaks of the latest moment counts.
    """

    __tablename__ = "blood_stock"
    __table_args__ = (
        CheckConstraint("length(county) = 6", name="county"),
        CheckConstraint(f"component IN ({listed(COMPONENTS)})", name="component"),
        CheckConstraint(f"blood_group IN ({listed(BLOOD_GROUPS)})", name="blood_group"),
        CheckConstraint("units >= 0", name="units"),
        CheckConstraint("courier_min IS NULL OR courier_min >= 0", name="courier_min"),
        *sealed_columns("courier_phone", "source", "by_name"),
        of_a_province(),
        Index("ix_blood_stock_latest", "county", "component", "blood_group", "as_of"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    county: str = Field(sa_type=Text)
    component: str = Field(sa_type=Text)
    blood_group: str = Field(sa_type=Text)
    units: int = Field(sa_type=Integer)
    as_of: datetime = Field(sa_type=When)
    received_at: datetime = Field(sa_type=When)
    courier_phone: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    courier_min: int | None = Field(default=None, sa_type=Integer)
    source: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    by_name: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)


class RegistryVersion(Row, table=True):
    """One row that counts every change of the registry in the database.

    ``reports`` counts the reports of places. Triggers count, so nobody can change a line and forget
    it. Free places are not counted: they change with every acceptance and are read each time.
    Province 00 is all of them.
    """

    __tablename__ = "registry_version"
    __table_args__ = (
        CheckConstraint("version >= 1 AND reports >= 0", name="version"),
        of_a_province(),
        {"sqlite_strict": True, "info": {"untraced": "counted up by the database itself"}},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text, unique=True)
    version: int = Field(sa_type=Integer)
    reports: int = Field(default=0, sa_type=Integer)
