"""Numbers of printed forms and what became of them, and clinical sign-off.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key, When
from app.migrations.triggers import refuse

revision = "0009"
down_revision = "0008"

TABLES = ("paper_form", "paper_form_use", "rule_signature", "verify_run")


def upgrade() -> None:
    """Make the tables; each is only ever added to."""
    op.create_table(
        "paper_form",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_to", Key(), nullable=False),
        sa.Column("issued_at", When(), nullable=False),
        sa.Column("issued_by", Key(), nullable=False),
        sa.CheckConstraint("length(number) BETWEEN 8 AND 20", name=op.f("ck_paper_form_number")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_paper_form_province")),
        sa.ForeignKeyConstraint(
            ["issued_to"], ["organisation.id"], name=op.f("fk_paper_form_issued_to")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
        sa.UniqueConstraint("number", name=op.f("uq_paper_form_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_paper_form_issued_to", "paper_form", ["issued_to"], unique=False)
    op.create_table(
        "paper_form_use",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("form_id", Key(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("used_at", When(), nullable=False),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_paper_form_use_province")),
        sa.ForeignKeyConstraint(
            ["form_id"], ["paper_form.id"], name=op.f("fk_paper_form_use_form_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_paper_form_use_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form_use")),
        sa.UniqueConstraint("form_id", name=op.f("uq_paper_form_use_form_id")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_paper_form_use_referral_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "rule_signature",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_set", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("by_user", Key(), nullable=True),
        sa.Column("at", When(), nullable=False),
        sa.CheckConstraint("word IN ('signed', 'withdrawn')", name=op.f("ck_rule_signature_word")),
        sa.CheckConstraint("length(rule) > 0", name=op.f("ck_rule_signature_rule")),
        sa.CheckConstraint("length(content_hash) > 0", name=op.f("ck_rule_signature_content_hash")),
        sa.CheckConstraint("length(trim(signed_by)) > 0", name=op.f("ck_rule_signature_signed_by")),
        sa.CheckConstraint("length(trim(role)) > 0", name=op.f("ck_rule_signature_role")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_rule_signature_province")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_signature")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_rule_signature_rule", "rule_signature", ["rule", "content_hash"], unique=False
    )
    _checks()
    refuse(append_only=TABLES[:3], never_deleted=TABLES[3:])


def downgrade() -> None:
    """Take them away; their triggers go with them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _checks() -> None:
    """Make the table of checks by the worker."""
    op.create_table(
        "verify_run",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("began_at", When(), nullable=False),
        sa.Column("ended_at", When(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=True),
        sa.Column("by_code", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= began_at", name=op.f("ck_verify_run_forward")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (found IS NULL) AND (ended_at IS NULL) = (by_code IS NULL)",
            name=op.f("ck_verify_run_ended"),
        ),
        sa.CheckConstraint("found IS NULL OR found >= 0", name=op.f("ck_verify_run_found")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_verify_run_province")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verify_run")),
        sqlite_strict=True,
    )
    op.create_index("ix_verify_run_began_at", "verify_run", ["began_at"], unique=False)
