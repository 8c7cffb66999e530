"""The tables of what is owed for case files as step 0010 makes them."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key, When
from app.keys.sealed import Sealed

__all__ = ["make_owed_tables"]


def make_owed_tables() -> None:
    """Make them."""
    _make_due()
    _make_handover()
    _make_verification()


def _make_due() -> None:
    op.create_table(
        "case_due",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("warn_at", When(), nullable=True),
        sa.Column("due_at", When(), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", When(), nullable=True),
        sa.Column("opened_at", When(), nullable=False),
        sa.Column("ended_at", When(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended_because IN ('done', 'not_needed', 'file_over')",
            name=op.f("ck_case_due_ended_because"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_case_due_ended")
        ),
        sa.CheckConstraint(
            "(warn_at IS NULL) = (due_at IS NULL) AND (due_at IS NULL OR warn_at <= due_at)",
            name=op.f("ck_case_due_warn"),
        ),
        sa.CheckConstraint("length(kind) BETWEEN 1 AND 40", name=op.f("ck_case_due_kind")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_due_province")),
        sa.CheckConstraint(
            "length(rule) BETWEEN 1 AND 60 AND length(about) <= 80", name=op.f("ck_case_due_rule")
        ),
        sa.CheckConstraint(
            "told BETWEEN 0 AND 2 AND (told = 0) = (told_at IS NULL)", name=op.f("ck_case_due_told")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_case_due_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_due")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_due_due", "case_due", ["due_at"], unique=False)
    op.create_index(
        "uq_case_due_open",
        "case_due",
        ["file_id", "rule", "about"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )


def _make_handover() -> None:
    op.create_table(
        "case_handover",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("from_county", sa.Text(), nullable=False),
        sa.Column("to_county", sa.Text(), nullable=False),
        sa.Column("note", Sealed(), nullable=True),
        sa.Column("offered_at", When(), nullable=False),
        sa.Column("offered_by", Key(), nullable=False),
        sa.Column("offered_org", Key(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", When(), nullable=True),
        sa.Column("answered_by", Key(), nullable=True),
        sa.Column("reason", Sealed(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('accepted', 'declined', 'withdrawn')", name=op.f("ck_case_handover_answer")
        ),
        sa.CheckConstraint(
            "answer IS NULL OR answer <> 'declined' OR reason IS NOT NULL",
            name=op.f("ck_case_handover_declined"),
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL OR answered_at >= offered_at)",
            name=op.f("ck_case_handover_answered"),
        ),
        sa.CheckConstraint(
            "length(from_county) = 6 AND length(to_county) = 6 AND from_county <> to_county",
            name=op.f("ck_case_handover_counties"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_handover_province")),
        sa.CheckConstraint(
            "note IS NULL OR length(note) >= 32", name=op.f("ck_case_handover_note_sealed")
        ),
        sa.CheckConstraint(
            "reason IS NULL OR length(reason) >= 32", name=op.f("ck_case_handover_reason_sealed")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_file.id"], name=op.f("fk_case_handover_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["offered_org"], ["organisation.id"], name=op.f("fk_case_handover_offered_org")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_handover")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_handover_file", "case_handover", ["file_id"], unique=False)
    op.create_index(
        "uq_case_handover_open",
        "case_handover",
        ["file_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL"),
    )


def _make_verification() -> None:
    op.create_table(
        "case_verification",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint("length(county) = 6", name=op.f("ck_case_verification_county")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_verification_province")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_case_verification_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_file.id"], name=op.f("fk_case_verification_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_verification")),
        sa.UniqueConstraint("file_id", "county", name="uq_case_verification_once"),
        sqlite_strict=True,
    )
