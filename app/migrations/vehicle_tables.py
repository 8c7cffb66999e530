"""The tables of vehicles as step 0006 makes them."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key, When
from app.keys.sealed import Sealed
from app.migrations.sealing import sealed_checks
from app.migrations.triggers import is_sqlite

__all__ = ["make_vehicles"]


def make_vehicles() -> None:
    """Make the tables of vehicles; on PostgreSQL the key that closes the circle comes last."""
    op.create_table(
        "vehicle",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("home_org", Key(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("crew", Sealed(), nullable=True),
        sa.Column("phone", Sealed(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("back_at", When(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("trip_id", Key(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('ambulance', 'ob_team', 'neo_team', 'incubator')",
            name=op.f("ck_vehicle_kind"),
        ),
        sa.CheckConstraint(
            "state <> 'available' OR back_at IS NULL", name=op.f("ck_vehicle_home_is_home")
        ),
        sa.CheckConstraint(
            "state IN ('available', 'away', 'out_of_service')", name=op.f("ck_vehicle_state")
        ),
        sa.CheckConstraint(
            "trip_id IS NULL OR state = 'away'", name=op.f("ck_vehicle_taken_is_away")
        ),
        sa.CheckConstraint("length(label) > 0", name=op.f("ck_vehicle_label")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_vehicle_version")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_vehicle_province")),
        sa.ForeignKeyConstraint(
            ["home_org"], ["organisation.id"], name=op.f("fk_vehicle_home_org")
        ),
        *_holder(inline=True),
        *sealed_checks("vehicle", "crew", "phone"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle")),
        sa.UniqueConstraint("home_org", "label", name="uq_vehicle_label"),
        sa.UniqueConstraint("trip_id", name=op.f("uq_vehicle_trip_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_vehicle_facility", "vehicle", ["facility_id"], unique=False)
    op.create_table(
        "vehicle_trip",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("vehicle_id", Key(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("taken_at", When(), nullable=False),
        sa.Column("back_at", When(), nullable=True),
        sa.Column("given_back_at", When(), nullable=True),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("by_name", Sealed(), nullable=False),
        sa.CheckConstraint(
            "given_back_at IS NULL OR given_back_at >= taken_at",
            name=op.f("ck_vehicle_trip_forward"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_vehicle_trip_province")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_vehicle_trip_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_vehicle_trip_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_vehicle_trip_vehicle_id")
        ),
        *sealed_checks("vehicle_trip", "by_name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_trip")),
        sqlite_strict=True,
    )
    op.create_index("ix_vehicle_trip_referral", "vehicle_trip", ["referral_id"], unique=False)
    op.create_index(
        "uq_vehicle_trip_active",
        "vehicle_trip",
        ["vehicle_id"],
        unique=True,
        postgresql_where=sa.text("given_back_at IS NULL"),
        sqlite_where=sa.text("given_back_at IS NULL"),
    )
    for key in _holder(inline=False):
        op.create_foreign_key(
            str(key.name),
            "vehicle",
            "vehicle_trip",
            ["trip_id"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )


def _holder(*, inline: bool) -> list[sa.ForeignKeyConstraint]:
    """Return the key from a vehicle to its trip, which the other way round is there too.

    SQLite takes it with the table and never later, PostgreSQL once both tables are there.
    """
    if inline != is_sqlite():
        return []
    return [
        sa.ForeignKeyConstraint(
            ["trip_id"],
            ["vehicle_trip.id"],
            name="fk_vehicle_trip",
            deferrable=True,
            initially="DEFERRED",
        )
    ]
