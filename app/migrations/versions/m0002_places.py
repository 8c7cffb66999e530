"""Places, the ledger of what is promised of them, what hospitals report, and what to settle.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.keys.sealed import Sealed
from app.migrations.sealing import sealed_checks
from app.migrations.triggers import is_sqlite, refuse

revision = "0002"
down_revision = "0001"

HELD = "CASE WHEN status <> 'released' THEN place_id END"


def upgrade() -> None:
    """Make the tables and the triggers."""
    op.create_table(
        "place",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("in_service", Flag(), nullable=False),
        sa.Column("blocked", Flag(), nullable=False),
        sa.Column("reservation_id", Key(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('OB_RESCUE_BED', 'AICU', 'LABOUR', 'NEO_L2A', 'NEO_L2B', 'NEO_L3A', 'NEO_L3B', 'NEO_L3C', 'NEO_VENT', 'NEO_COOLING')",
            name=op.f("ck_place_kind"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_place_province")),
        sa.CheckConstraint(
            "reservation_id IS NULL OR (in_service AND NOT blocked)",
            name=op.f("ck_place_held_is_open"),
        ),
        *_place_holder(inline=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("reservation_id", "id", name="uq_place_holder"),
        sa.UniqueConstraint("facility_id", "kind", "label", name="uq_place_label"),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_place_reservation_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "reservation",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("place_id", Key(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("held_at", When(), nullable=False),
        sa.Column("held_until", When(), nullable=True),
        sa.Column("released_at", When(), nullable=True),
        sa.Column("held_place_id", Key(), sa.Computed(HELD, persisted=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'released') = (released_at IS NOT NULL)",
            name=op.f("ck_reservation_released"),
        ),
        sa.CheckConstraint(
            "seat = 'mother' OR seat LIKE 'newborn_%'", name=op.f("ck_reservation_seat")
        ),
        sa.CheckConstraint(
            "status IN ('held', 'confirmed', 'occupied') OR status = 'released'",
            name=op.f("ck_reservation_status"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_reservation_province")),
        sa.CheckConstraint(
            "released_at IS NULL OR released_at >= held_at", name=op.f("ck_reservation_forward")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_reservation_place_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_reservation_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["id", "held_place_id"],
            ["place.reservation_id", "place.id"],
            name="fk_reservation_held",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint("id", "held_place_id", name="uq_reservation_held"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_reservation_active_place",
        "reservation",
        ["place_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('held', 'confirmed', 'occupied')"),
        sqlite_where=sa.text("status IN ('held', 'confirmed', 'occupied')"),
    )
    op.create_index(
        "uq_reservation_active_seat",
        "reservation",
        ["referral_id", "seat"],
        unique=True,
        postgresql_where=sa.text("status IN ('held', 'confirmed', 'occupied')"),
        sqlite_where=sa.text("status IN ('held', 'confirmed', 'occupied')"),
    )
    op.create_table(
        "capacity_report",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("in_service", sa.Integer(), nullable=False),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("as_of", When(), nullable=False),
        sa.Column("received_at", When(), nullable=False),
        sa.Column("source", Sealed(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('OB_RESCUE_BED', 'AICU', 'LABOUR', 'NEO_L2A', 'NEO_L2B', 'NEO_L3A', 'NEO_L3B', 'NEO_L3C', 'NEO_VENT', 'NEO_COOLING')",
            name=op.f("ck_capacity_report_kind"),
        ),
        sa.CheckConstraint("free BETWEEN 0 AND in_service", name=op.f("ck_capacity_report_free")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_capacity_report_province")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_capacity_report_by_org")
        ),
        *sealed_checks("capacity_report", "source"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_report")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_capacity_report_latest",
        "capacity_report",
        ["facility_id", "kind", "as_of"],
        unique=False,
    )
    op.create_table(
        "work_item",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_at", When(), nullable=False),
        sa.Column("owner_org", Key(), nullable=False),
        sa.Column("deadline_at", When(), nullable=False),
        sa.Column("closed_at", When(), nullable=True),
        sa.Column("closed_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_because IS NULL)", name=op.f("ck_work_item_closed")
        ),
        sa.CheckConstraint(
            "closed_because IN ('figures_agree', 'counted_again', 'report_was_wrong', 'patient_not_in_ledger', 'place_out_of_use')",
            name=op.f("ck_work_item_closed_because"),
        ),
        sa.CheckConstraint(
            "code IN ('more_free_than_ledger', 'fewer_than_held')", name=op.f("ck_work_item_code")
        ),
        sa.CheckConstraint(
            "kind IN ('OB_RESCUE_BED', 'AICU', 'LABOUR', 'NEO_L2A', 'NEO_L2B', 'NEO_L3A', 'NEO_L3B', 'NEO_L3C', 'NEO_VENT', 'NEO_COOLING')",
            name=op.f("ck_work_item_kind"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= opened_at", name=op.f("ck_work_item_forward")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_work_item_province")),
        sa.ForeignKeyConstraint(
            ["owner_org"], ["organisation.id"], name=op.f("fk_work_item_owner_org")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sqlite_strict=True,
    )
    op.create_index("ix_work_item_owner_org", "work_item", ["owner_org"], unique=False)
    op.create_index(
        "uq_work_item_open",
        "work_item",
        ["facility_id", "kind", "code"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    for key in _place_holder(inline=False):
        op.create_foreign_key(
            str(key.name),
            "place",
            "reservation",
            ["reservation_id", "id"],
            ["id", "held_place_id"],
            deferrable=True,
            initially="DEFERRED",
        )
    refuse(never_deleted=("reservation", "work_item"), sealed={"capacity_report": ("source",)})


def downgrade() -> None:
    """Drop everything; on PostgreSQL the key that closes the circle goes first."""
    if not is_sqlite():
        op.drop_constraint("fk_place_reservation", "place", type_="foreignkey")
    for table in ("work_item", "capacity_report", "reservation", "place"):
        op.drop_table(table)


def _place_holder(*, inline: bool) -> list[sa.ForeignKeyConstraint]:
    """Return the key from a place to its reservation, which the other way round is there too.

    SQLite takes it with the table and never later, PostgreSQL once both tables are there.
    """
    if inline != is_sqlite():
        return []
    return [
        sa.ForeignKeyConstraint(
            ["reservation_id", "id"],
            ["reservation.id", "reservation.held_place_id"],
            name="fk_place_reservation",
            deferrable=True,
            initially="DEFERRED",
        )
    ]
