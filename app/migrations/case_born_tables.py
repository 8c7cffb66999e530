"""The tables of what belongs to case files as step 0010 makes them."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.keys.sealed import Sealed

__all__ = ["make_link_tables"]


def make_link_tables() -> None:
    """Make them."""
    _make_delivery()
    _make_newborn()
    _make_referral()
    _make_glass()


def _make_referral() -> None:
    op.create_table(
        "case_referral",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("newborn_id", Key(), nullable=True),
        sa.Column("at", When(), nullable=False),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_referral_province")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_file.id"], name=op.f("fk_case_referral_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_case_referral_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["newborn_id", "file_id"],
            ["case_newborn.newborn_id", "case_newborn.file_id"],
            name="fk_case_referral_newborn",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_referral")),
        sa.UniqueConstraint("referral_id", name="uq_case_referral_once"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_referral_file", "case_referral", ["file_id"], unique=False)


def _make_delivery() -> None:
    op.create_table(
        "case_delivery",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("corrects", Key(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("live_born", sa.Integer(), nullable=False),
        sa.Column("stillborn", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=True),
        sa.Column("elsewhere", Sealed(), nullable=True),
        sa.Column("trial_of_labour", Flag(), nullable=True),
        sa.Column("ruptured", Flag(), nullable=True),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "mode IN ('vaginal', 'assisted', 'caesarean_planned', 'caesarean_emergency', 'unknown')",
            name=op.f("ck_case_delivery_mode"),
        ),
        sa.CheckConstraint(
            "corrects IS NULL OR corrects <> id", name=op.f("ck_case_delivery_corrects")
        ),
        sa.CheckConstraint(
            "elsewhere IS NULL OR length(elsewhere) >= 32",
            name=op.f("ck_case_delivery_elsewhere_sealed"),
        ),
        sa.CheckConstraint(
            "facility_id IS NULL OR elsewhere IS NULL", name=op.f("ck_case_delivery_place")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_delivery_province")),
        sa.CheckConstraint(
            "live_born >= 0 AND stillborn >= 0 AND live_born + stillborn BETWEEN 1 AND 9",
            name=op.f("ck_case_delivery_born"),
        ),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_case_delivery_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["corrects", "file_id"],
            ["case_delivery.id", "case_delivery.file_id"],
            name="fk_case_delivery_corrects",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_file.id"], name=op.f("fk_case_delivery_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_delivery")),
        sa.UniqueConstraint("corrects", name="uq_case_delivery_corrects"),
        sa.UniqueConstraint("id", "file_id", name="uq_case_delivery_of_file"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_case_delivery_first",
        "case_delivery",
        ["file_id"],
        unique=True,
        postgresql_where=sa.text("corrects IS NULL"),
        sqlite_where=sa.text("corrects IS NULL"),
    )


def _make_newborn() -> None:
    op.create_table(
        "case_newborn",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("newborn_id", Key(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_newborn_province")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_file.id"], name=op.f("fk_case_newborn_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["newborn_id"], ["patient.id"], name=op.f("fk_case_newborn_newborn_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_newborn")),
        sa.UniqueConstraint("newborn_id", "file_id", name="uq_case_newborn_of_file"),
        sa.UniqueConstraint("newborn_id", name="uq_case_newborn_once"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_newborn_file", "case_newborn", ["file_id"], unique=False)


def _make_glass() -> None:
    op.create_table(
        "case_glass",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("user_id", Key(), nullable=False),
        sa.Column("reason", Sealed(), nullable=False),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("until", When(), nullable=False),
        sa.Column("reviewed_at", When(), nullable=True),
        sa.Column("reviewed_by", Key(), nullable=True),
        sa.Column("justified", Flag(), nullable=True),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)", name=op.f("ck_case_glass_reviewed")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_glass_province")),
        sa.CheckConstraint(
            "reason IS NULL OR length(reason) >= 32", name=op.f("ck_case_glass_reason_sealed")
        ),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> user_id", name=op.f("ck_case_glass_by_another")
        ),
        sa.CheckConstraint("until > from_at", name=op.f("ck_case_glass_expires")),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_case_glass_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_glass")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_glass_of_user", "case_glass", ["user_id", "file_id"], unique=False)
