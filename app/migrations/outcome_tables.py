"""The tables of outcomes and returns, as the seventh step makes them."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key, When
from app.keys.sealed import Sealed
from app.migrations.sealing import sealed_checks

__all__ = ["make_outcome_tables"]


def make_outcome_tables() -> None:
    """Make both."""
    op.create_table(
        "outcome",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("near_miss", sa.Text(), nullable=True),
        sa.Column("diagnosis", Sealed(), nullable=False),
        sa.Column("treatment", Sealed(), nullable=False),
        sa.Column("follow_up", Sealed(), nullable=True),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.CheckConstraint(
            "result IN ('discharged', 'referred_back', 'referred_on', 'died', 'still_admitted')",
            name=op.f("ck_outcome_result"),
        ),
        sa.CheckConstraint(
            "near_miss IS NULL OR (length(near_miss) <= 120 AND near_miss NOT LIKE '% %')",
            name=op.f("ck_outcome_near_miss"),
        ),
        *sealed_checks("outcome", "diagnosis", "follow_up"),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_outcome_province")),
        *sealed_checks("outcome", "treatment"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_outcome_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sqlite_strict=True,
    )
    op.create_table(
        "return_referral",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("outcome_id", Key(), nullable=False),
        sa.Column("from_org", Key(), nullable=False),
        sa.Column("owner_org", Key(), nullable=False),
        sa.Column("opened_at", When(), nullable=False),
        sa.Column("due_at", When(), nullable=False),
        sa.Column("taken_at", When(), nullable=True),
        sa.Column("taken_by", Key(), nullable=True),
        sa.CheckConstraint(
            "(taken_at IS NULL) = (taken_by IS NULL)", name=op.f("ck_return_referral_taken")
        ),
        sa.CheckConstraint(
            "taken_at IS NULL OR taken_at >= opened_at", name=op.f("ck_return_referral_forward")
        ),
        sa.CheckConstraint("due_at > opened_at", name=op.f("ck_return_referral_due")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_return_referral_province")),
        sa.ForeignKeyConstraint(
            ["from_org"], ["organisation.id"], name=op.f("fk_return_referral_from_org")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_return_referral_outcome_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_org"], ["organisation.id"], name=op.f("fk_return_referral_owner_org")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_return_referral_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_referral")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_return_referral_referral_id")),
        sqlite_strict=True,
    )
