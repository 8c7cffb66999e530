"""Deadlines, messages out, what screens are told of, and the beat of the worker.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key, When
from app.keys.sealed import Sealed
from app.migrations.sealing import sealed_checks
from app.migrations.triggers import is_sqlite, keep_for, refuse, refuse_changes

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables and the triggers."""
    op.create_table(
        "change",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("written_in", NUMBER, nullable=False, server_default=_this_transaction()),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", Key(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("orgs", sa.Text(), nullable=False),
        sa.Column("divisions", sa.Text(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.CheckConstraint("length(kind) BETWEEN 1 AND 40", name=op.f("ck_change_kind")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_change_province")),
        sa.CheckConstraint("version >= 0", name=op.f("ck_change_version")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_change")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_change_written_in"), "change", ["written_in"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", Key(), nullable=False),
        sa.Column("set_at", When(), nullable=False),
        sa.Column("due_at", When(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", When(), nullable=True),
        sa.Column("lease_until", When(), nullable=True),
        sa.Column("leased_by", Key(), nullable=True),
        sa.Column("done_at", When(), nullable=True),
        sa.Column("cancelled_at", When(), nullable=True),
        sa.Column("dead_at", When(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "last_error IS NULL OR (length(last_error) <= 60 AND last_error NOT LIKE '% %')",
            name=op.f("ck_deadline_last_error"),
        ),
        sa.CheckConstraint(
            "(lease_until IS NULL) = (leased_by IS NULL)", name=op.f("ck_deadline_lease")
        ),
        sa.CheckConstraint(
            "done_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_deadline_ends_once")
        ),
        sa.CheckConstraint(
            "done_at IS NULL OR dead_at IS NULL", name=op.f("ck_deadline_dead_is_not_done")
        ),
        sa.CheckConstraint("length(kind) BETWEEN 1 AND 40", name=op.f("ck_deadline_kind")),
        sa.CheckConstraint("length(payload) <= 1000", name=op.f("ck_deadline_payload")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_deadline_province")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_deadline_tries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sqlite_strict=True,
    )
    op.create_index("ix_deadline_subject_id", "deadline", ["subject_id"], unique=False)
    op.create_index(
        "ix_deadline_waiting",
        "deadline",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND cancelled_at IS NULL AND dead_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL AND cancelled_at IS NULL AND dead_at IS NULL"),
    )
    op.create_index(
        "uq_deadline_open",
        "deadline",
        ["kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("done_at IS NULL AND cancelled_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_table(
        "worker_beat",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("started_at", When(), nullable=False),
        sa.Column("beat_at", When(), nullable=False),
        sa.Column("stopped_at", When(), nullable=True),
        sa.CheckConstraint("place IN ('web', 'worker')", name=op.f("ck_worker_beat_place")),
        sa.CheckConstraint("beat_at >= started_at", name=op.f("ck_worker_beat_forward")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_worker_beat_province")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_beat")),
        sqlite_strict=True,
    )
    op.create_table(
        "notice_address",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("org_id", Key(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", Sealed(), nullable=False),
        sa.Column("since", When(), nullable=False),
        sa.Column("until", When(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('log', 'webhook', 'sms', 'smtp')", name=op.f("ck_notice_address_channel")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_notice_address_province")),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_notice_address_forward")
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_notice_address_org_id")
        ),
        *sealed_checks("notice_address", "address"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_address")),
        sqlite_strict=True,
    )
    op.create_index("ix_notice_address_org_id", "notice_address", ["org_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("org_id", Key(), nullable=False),
        sa.Column("address_id", Key(), nullable=True),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("dedup_key", sa.Text(), nullable=False),
        sa.Column("created_at", When(), nullable=False),
        sa.Column("sent_at", When(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", When(), nullable=True),
        sa.Column("lease_until", When(), nullable=True),
        sa.Column("leased_by", Key(), nullable=True),
        sa.Column("dead_at", When(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('log', 'webhook', 'sms', 'smtp')", name=op.f("ck_notice_channel")
        ),
        sa.CheckConstraint(
            "last_error IS NULL OR (length(last_error) <= 60 AND last_error NOT LIKE '% %')",
            name=op.f("ck_notice_last_error"),
        ),
        sa.CheckConstraint(
            "length(template) <= 40 AND template NOT LIKE '% %'", name=op.f("ck_notice_template")
        ),
        sa.CheckConstraint(
            "(lease_until IS NULL) = (leased_by IS NULL)", name=op.f("ck_notice_lease")
        ),
        sa.CheckConstraint("length(params) <= 500", name=op.f("ck_notice_params")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_notice_province")),
        sa.CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name=op.f("ck_notice_ends_once")),
        sa.CheckConstraint(
            "sent_at IS NULL OR sent_at >= created_at", name=op.f("ck_notice_forward")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_notice_tries")),
        sa.ForeignKeyConstraint(
            ["address_id"], ["notice_address.id"], name=op.f("fk_notice_address_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_notice_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("dedup_key", name="uq_notice_dedup_key"),
        sa.UniqueConstraint("subject_id", "number", name="uq_notice_number"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_notice_waiting",
        "notice",
        ["channel", "created_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
        sqlite_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
    )
    refuse_changes("change")
    keep_for("change", "at", hours=1)
    refuse(
        append_only=(),
        never_deleted=("deadline", "notice", "notice_address", "worker_beat"),
    )


def downgrade() -> None:
    """Drop everything."""
    for table in ("notice", "notice_address", "change", "worker_beat", "deadline"):
        op.drop_table(table)


def _this_transaction() -> sa.TextClause:
    """Return how the database names the transaction that writes a row."""
    return sa.text("0" if is_sqlite() else "(pg_current_xact_id()::text)::bigint")
