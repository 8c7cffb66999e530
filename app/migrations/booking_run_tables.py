"""The tables of booking runs, lodging and closed wards as step 0011 makes them."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When

__all__ = ["make_booking_run_tables"]


def make_booking_run_tables() -> None:
    """Make them."""
    _make_booking_run()
    _make_lodging_answer()
    _make_lodging_place()
    _make_ward_closure()


def _make_booking_run() -> None:
    op.create_table(
        "booking_run",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("proven", Flag(), nullable=False),
        sa.Column("objective_tenths", sa.Integer(), nullable=False),
        sa.Column("bound_tenths", sa.Integer(), nullable=True),
        sa.Column("women", sa.Integer(), nullable=False),
        sa.Column("unbooked", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("rule_set", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("counties", sa.Text(), nullable=False),
        sa.Column("made_at", When(), nullable=False),
        sa.Column("made_by", Key(), nullable=True),
        sa.Column("night", sa.Text(), nullable=True),
        sa.CheckConstraint("NOT proven OR status = 'optimal'", name=op.f("ck_booking_run_proven")),
        sa.CheckConstraint(
            "status IN ('optimal', 'feasible', 'fallback_greedy')",
            name=op.f("ck_booking_run_status"),
        ),
        sa.CheckConstraint(
            "(bound_tenths IS NULL OR bound_tenths <= objective_tenths) AND (NOT proven OR bound_tenths IS NOT NULL)",
            name=op.f("ck_booking_run_bound"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_booking_run_province")),
        sa.CheckConstraint(
            "unbooked >= 0 AND set_aside >= 0 AND women >= unbooked + set_aside",
            name=op.f("ck_booking_run_women"),
        ),
        sa.CheckConstraint("weeks BETWEEN 1 AND 52", name=op.f("ck_booking_run_weeks")),
        sa.CheckConstraint(
            "(made_by IS NULL) = (night IS NOT NULL)", name=op.f("ck_booking_run_night")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_run")),
        sa.UniqueConstraint("province", "night", name="uq_booking_run_night"),
        sqlite_strict=True,
    )
    op.create_index("ix_booking_run_division", "booking_run", ["division"], unique=False)


def _make_lodging_answer() -> None:
    op.create_table(
        "lodging_answer",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('accepted', 'refused')", name=op.f("ck_lodging_answer_answer")
        ),
        sa.CheckConstraint("entered_at >= happened_at", name=op.f("ck_lodging_answer_forward")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_lodging_answer_province")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_lodging_answer_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_file.id"], name=op.f("fk_lodging_answer_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lodging_answer")),
        sqlite_strict=True,
    )
    op.create_index("ix_lodging_answer_file", "lodging_answer", ["file_id"], unique=False)


def _make_lodging_place() -> None:
    op.create_table(
        "lodging_place",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Text(), nullable=False),
        sa.Column("to_day", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("assumed", Flag(), nullable=False),
        sa.Column("declared_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "source IN ('hospital', 'county_programme', 'charity')",
            name=op.f("ck_lodging_place_source"),
        ),
        sa.CheckConstraint(
            "length(from_day) = 10 AND (to_day IS NULL OR (length(to_day) = 10 AND to_day >= from_day))",
            name=op.f("ck_lodging_place_forward"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_lodging_place_province")),
        sa.CheckConstraint("places BETWEEN 0 AND 10000", name=op.f("ck_lodging_place_places")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_lodging_place_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["organisation.facility_id"], name="fk_lodging_place_facility"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lodging_place")),
        sqlite_strict=True,
    )
    op.create_index("ix_lodging_place_facility", "lodging_place", ["facility_id"], unique=False)


def _make_ward_closure() -> None:
    op.create_table(
        "ward_closure",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Text(), nullable=False),
        sa.Column("to_day", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("lifted_at", When(), nullable=True),
        sa.Column("lifted_by", Key(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('OB_RESCUE_BED', 'AICU', 'LABOUR', 'NEO_L2A', 'NEO_L2B', 'NEO_L3A', 'NEO_L3B', 'NEO_L3C', 'NEO_VENT', 'NEO_COOLING')",
            name=op.f("ck_ward_closure_kind"),
        ),
        sa.CheckConstraint(
            "reason IN ('renovation', 'infection', 'staff', 'equipment')",
            name=op.f("ck_ward_closure_reason"),
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL OR lifted_at >= declared_at)",
            name=op.f("ck_ward_closure_lifted"),
        ),
        sa.CheckConstraint(
            "length(from_day) = 10 AND length(to_day) = 10 AND to_day >= from_day",
            name=op.f("ck_ward_closure_forward"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_ward_closure_province")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_ward_closure_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["organisation.facility_id"], name="fk_ward_closure_facility"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_closure")),
        sqlite_strict=True,
    )
    op.create_index("ix_ward_closure_facility", "ward_closure", ["facility_id"], unique=False)
