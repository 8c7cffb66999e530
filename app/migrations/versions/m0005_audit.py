"""The record: entries in chains, the end of every chain, and seals.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.migrations.triggers import is_sqlite, refuse

revision = "0005"
down_revision = "0004"

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TURN = 7_310_577_001


def upgrade() -> None:
    """Make the tables, what hands out numbers, and the triggers."""
    op.create_table(
        "audit_chain",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_audit_chain_hash")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_audit_chain_province")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_chain_seq")),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_chain")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", LONG, autoincrement=False, nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=True),
        sa.Column("by_org", Key(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=True),
        sa.Column("object_id", sa.Text(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("changed", sa.Text(), nullable=True),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("is_read", Flag(), nullable=False),
        sa.Column("wrote", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "length(hash) = 64 AND length(prev_hash) = 64", name=op.f("ck_audit_entry_hash")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_audit_entry_province")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_entry_seq")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("chain", "seq", name="uq_audit_entry_chain"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_seal",
        sa.Column("number", LONG, autoincrement=False, nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.Column("first_entry", LONG, nullable=False),
        sa.Column("last_entry", LONG, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("prev_mac", sa.Text(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "first_entry <= last_entry AND entries >= 1", name=op.f("ck_audit_seal_range")
        ),
        sa.CheckConstraint(
            "length(mac) = 64 AND length(root) = 64", name=op.f("ck_audit_seal_mac")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_audit_seal_province")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("prev_mac", name="uq_audit_seal_follows"),
        sqlite_strict=True,
    )
    if not is_sqlite():
        # Who takes a number holds its turn until commit; who seals waits for all turns to end.
        op.execute("CREATE SEQUENCE audit_entry_number")
        op.execute(
            "CREATE FUNCTION greenchannel_turn() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM pg_advisory_xact_lock_shared({TURN}); "
            "RETURN nextval('audit_entry_number'); END $$"
        )
    refuse(append_only=("audit_entry", "audit_seal"), never_deleted=("audit_chain",))


def downgrade() -> None:
    """Drop everything."""
    if not is_sqlite():
        op.execute("DROP FUNCTION greenchannel_turn()")
        op.execute("DROP SEQUENCE audit_entry_number")
    for table in ("audit_seal", "audit_entry", "audit_chain"):
        op.drop_table(table)
