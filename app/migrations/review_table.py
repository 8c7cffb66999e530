"""The tables of observations and of reviews, as the seventh step makes it."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key, When
from app.keys.sealed import Sealed

__all__ = ["make_observation_table", "make_review_table"]


def make_review_table() -> None:
    """Make it."""
    op.create_table(
        "case_review",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner_org", Key(), nullable=False),
        sa.Column("opened_at", When(), nullable=False),
        sa.Column("due_at", When(), nullable=False),
        sa.Column("closed_at", When(), nullable=True),
        sa.Column("closed_by", Key(), nullable=True),
        sa.Column("learned", Sealed(), nullable=True),
        sa.CheckConstraint(
            "what IN ('died_before_departure', 'died_in_transit', 'died_after_arrival', "
            "'near_miss')",
            name=op.f("ck_case_review_what"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (learned IS NULL)",
            name=op.f("ck_case_review_closed"),
        ),
        sa.CheckConstraint("due_at > opened_at", name=op.f("ck_case_review_due")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_review_province")),
        sa.CheckConstraint(
            "learned IS NULL OR length(learned) >= 32", name=op.f("ck_case_review_learned_sealed")
        ),
        sa.ForeignKeyConstraint(
            ["owner_org"], ["organisation.id"], name=op.f("fk_case_review_owner_org")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_case_review_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_review")),
        sa.UniqueConstraint("referral_id", "what", name=op.f("uq_case_review_referral_id_what")),
        sqlite_strict=True,
    )


def make_observation_table() -> None:
    """Make it, after the journeys."""
    op.create_table(
        "observation",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("transfer_id", Key(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("trips", sa.Integer(), nullable=True),
        sa.Column("warnings", sa.Text(), nullable=True),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.CheckConstraint(
            "code IN ('vital_signs', 'born_in_transit', 'event')", name=op.f("ck_observation_code")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_observation_province")),
        sa.CheckConstraint(
            "trips IS NULL OR trips BETWEEN 0 AND 65", name=op.f("ck_observation_trips")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_observation_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sqlite_strict=True,
    )
