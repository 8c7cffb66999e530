"""What centres say for some hours, the registry as rows, blood stocks, and vehicles.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When, new_key
from app.keys.sealed import Sealed
from app.migrations.counting import COUNTED, count_changes, count_no_reports, drop_counting
from app.migrations.sealing import sealed_checks
from app.migrations.triggers import is_sqlite, refuse
from app.migrations.vehicle_tables import make_vehicles

revision = "0006"
down_revision = "0005"

TABLES = ("vehicle_trip", "vehicle", "blood_stock", "registry_version", *COUNTED)
SEALED = {  # sealed anew when keys turn; nothing else of what was said is ever changed
    "capability_note": ("said_by", "by_name"),
    "designation": ("document", "by_name"),
    "blood_stock": ("courier_phone", "source", "by_name"),
}


def upgrade() -> None:
    """Make the tables and the triggers."""
    _said()
    _registry()
    _blood()
    make_vehicles()
    count_changes()
    refuse(
        sealed=SEALED,
        never_deleted=(
            "diversion",
            "duty_turn",
            "registry_line",
            "catchment",
            "facility_phone",
            "staff_count",
            "registry_version",
            "vehicle_trip",
        ),
    )


def downgrade() -> None:
    """Drop everything; on PostgreSQL the key that closes the circle goes first."""
    count_no_reports()
    if not is_sqlite():
        op.drop_constraint("fk_vehicle_trip", "vehicle", type_="foreignkey")
    for table in TABLES:
        op.drop_table(table)
    drop_counting()


def _said() -> None:
    """Make the tables of what a centre says for some hours."""
    op.create_table(
        "diversion",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("until_at", When(), nullable=False),
        sa.Column("declared_at", When(), nullable=False),
        sa.Column("ended_at", When(), nullable=True),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("by_name", Sealed(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('', 'OB_RESCUE_BED', 'AICU', 'LABOUR', 'NEO_L2A', 'NEO_L2B', 'NEO_L3A', 'NEO_L3B', 'NEO_L3C', 'NEO_VENT', 'NEO_COOLING')",
            name=op.f("ck_diversion_kind"),
        ),
        sa.CheckConstraint(
            "reason IN ('full', 'no_theatre', 'no_anaesthetist', 'no_staff', 'no_blood', 'equipment_down', 'building_closed', 'ward_outbreak', 'disaster')",
            name=op.f("ck_diversion_reason"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= declared_at", name=op.f("ck_diversion_ended")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_diversion_province")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_diversion_forward")),
        sa.ForeignKeyConstraint(["by_org"], ["organisation.id"], name=op.f("fk_diversion_by_org")),
        *sealed_checks("diversion", "by_name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diversion")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_diversion_open",
        "diversion",
        ["facility_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "capability_note",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("capability", sa.Text(), nullable=False),
        sa.Column("available", Flag(), nullable=False),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("until_at", When(), nullable=False),
        sa.Column("said_by", Sealed(), nullable=False),
        sa.Column("declared_at", When(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("by_name", Sealed(), nullable=False),
        sa.CheckConstraint("length(capability) > 0", name=op.f("ck_capability_note_capability")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_capability_note_province")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_capability_note_forward")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_capability_note_by_org")
        ),
        *sealed_checks("capability_note", "said_by", "by_name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capability_note")),
        sqlite_strict=True,
    )
    op.create_index("ix_capability_note_until", "capability_note", ["until_at"], unique=False)
    op.create_table(
        "duty_turn",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id_or_adcode", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_name", Sealed(), nullable=False),
        sa.Column("phone", Sealed(), nullable=False),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("until_at", When(), nullable=False),
        sa.Column("written_at", When(), nullable=False),
        sa.Column("withdrawn_at", When(), nullable=True),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("by_name", Sealed(), nullable=False),
        sa.CheckConstraint(
            "role IN ('duty', 'obstetric', 'neonatal', 'coordinator')",
            name=op.f("ck_duty_turn_role"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_duty_turn_province")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_duty_turn_forward")),
        sa.ForeignKeyConstraint(["by_org"], ["organisation.id"], name=op.f("fk_duty_turn_by_org")),
        *sealed_checks("duty_turn", "person_name", "phone", "by_name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_turn")),
        sqlite_strict=True,
    )
    op.create_index("ix_duty_turn_until", "duty_turn", ["until_at"], unique=False)


def _registry() -> None:
    """Make the tables of the registry and the row that counts its changes."""
    op.create_table(
        "registry_line",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("recorded_at", When(), nullable=False),
        sa.Column("replaced_at", When(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("name IN ('facilities', 'places')", name=op.f("ck_registry_line_name")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_registry_line_province")),
        sa.CheckConstraint(
            "replaced_at IS NULL OR replaced_at >= recorded_at",
            name=op.f("ck_registry_line_forward"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_line")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_registry_line_in_use",
        "registry_line",
        ["name", "line_key"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
        sqlite_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "designation",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("document", Sealed(), nullable=False),
        sa.Column("recorded_at", When(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("by_name", Sealed(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'maternal' AND (level IS NULL OR level IN ('M0', 'M1', 'M2', 'M3'))) OR (kind = 'newborn' AND (level IS NULL OR level IN ('N1', 'N2', 'N3')))",
            name=op.f("ck_designation_level"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_designation_province")),
        sa.CheckConstraint("length(valid_from) = 10", name=op.f("ck_designation_valid_from")),
        sa.CheckConstraint(
            "valid_to IS NULL OR (length(valid_to) = 10 AND valid_to >= valid_from)",
            name=op.f("ck_designation_forward"),
        ),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_designation_by_org")
        ),
        *sealed_checks("designation", "document", "by_name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation")),
        sqlite_strict=True,
    )
    op.create_index("ix_designation_of", "designation", ["facility_id", "kind"], unique=False)
    op.create_table(
        "catchment",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", When(), nullable=False),
        sa.Column("replaced_at", When(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('M', 'N')", name=op.f("ck_catchment_kind")),
        sa.CheckConstraint("length(county) = 6", name=op.f("ck_catchment_county")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_catchment_province")),
        sa.CheckConstraint("length(source) > 0", name=op.f("ck_catchment_source")),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_catchment_rank")),
        sa.CheckConstraint(
            "replaced_at IS NULL OR replaced_at >= recorded_at", name=op.f("ck_catchment_forward")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_catchment_days"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catchment")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_catchment_in_use",
        "catchment",
        ["county", "kind", "rank", "facility_id", "valid_from"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL AND valid_from IS NOT NULL"),
        sqlite_where=sa.text("replaced_at IS NULL AND valid_from IS NOT NULL"),
    )
    op.create_index(
        "uq_catchment_in_use_always",
        "catchment",
        ["county", "kind", "rank", "facility_id"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL AND valid_from IS NULL"),
        sqlite_where=sa.text("replaced_at IS NULL AND valid_from IS NULL"),
    )
    op.create_table(
        "facility_phone",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id_or_adcode", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("recorded_at", When(), nullable=False),
        sa.Column("replaced_at", When(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role IN ('duty', 'obstetric', 'neonatal', 'coordinator', 'ems120', 'other')",
            name=op.f("ck_facility_phone_role"),
        ),
        sa.CheckConstraint("length(phone) >= 3", name=op.f("ck_facility_phone_phone")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_facility_phone_province")),
        sa.CheckConstraint(
            "replaced_at IS NULL OR replaced_at >= recorded_at",
            name=op.f("ck_facility_phone_forward"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_phone")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_facility_phone_in_use",
        "facility_phone",
        ["facility_id_or_adcode", "role", "phone", "hours"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
        sqlite_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "staff_count",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", When(), nullable=False),
        sa.Column("replaced_at", When(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_staff_count_province")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_staff_count_number")),
        sa.CheckConstraint(
            "replaced_at IS NULL OR replaced_at >= recorded_at", name=op.f("ck_staff_count_forward")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_count")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_staff_count_in_use",
        "staff_count",
        ["facility_id", "role"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
        sqlite_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "registry_version",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_registry_version_province")),
        sa.CheckConstraint(
            "version >= 1 AND reports >= 0", name=op.f("ck_registry_version_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_version")),
        sa.UniqueConstraint("province", name=op.f("uq_registry_version_province")),
        sqlite_strict=True,
    )
    rows = sa.table(
        "registry_version",
        sa.column("id", Key()),
        sa.column("province", sa.Text()),
        sa.column("version", sa.Integer()),
        sa.column("reports", sa.Integer()),
    )
    op.bulk_insert(rows, [{"id": new_key(), "province": "00", "version": 1, "reports": 0}])


def _blood() -> None:
    """Make the table of blood stocks."""
    op.create_table(
        "blood_stock",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("blood_group", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("as_of", When(), nullable=False),
        sa.Column("received_at", When(), nullable=False),
        sa.Column("courier_phone", Sealed(), nullable=True),
        sa.Column("courier_min", sa.Integer(), nullable=True),
        sa.Column("source", Sealed(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("by_name", Sealed(), nullable=False),
        sa.CheckConstraint(
            "blood_group IN ('O+', 'A+', 'B+', 'AB+', 'O-', 'A-', 'B-', 'AB-')",
            name=op.f("ck_blood_stock_blood_group"),
        ),
        sa.CheckConstraint(
            "component IN ('red_cells', 'plasma', 'platelets', 'cryoprecipitate', 'whole_blood')",
            name=op.f("ck_blood_stock_component"),
        ),
        sa.CheckConstraint(
            "courier_min IS NULL OR courier_min >= 0", name=op.f("ck_blood_stock_courier_min")
        ),
        sa.CheckConstraint("length(county) = 6", name=op.f("ck_blood_stock_county")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_blood_stock_province")),
        sa.CheckConstraint("units >= 0", name=op.f("ck_blood_stock_units")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_blood_stock_by_org")
        ),
        *sealed_checks("blood_stock", "courier_phone", "source", "by_name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blood_stock")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_blood_stock_latest",
        "blood_stock",
        ["county", "component", "blood_group", "as_of"],
        unique=False,
    )
