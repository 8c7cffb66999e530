"""What another system last said of each file and visit.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key, When
from app.keys.sealed import Sealed
from app.migrations.triggers import refuse

revision = "0012"
down_revision = "0011"

TABLE = "exchange_line"


def upgrade() -> None:
    """Make the table; a line is never deleted."""
    op.create_table(
        TABLE,
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("of_record", sa.Text(), nullable=True),
        sa.Column("updated_at", When(), nullable=False),
        sa.Column("content", Sealed(), nullable=False),
        sa.Column("filed", Sealed(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=True),
        sa.Column("entry_id", Key(), nullable=True),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("taken_at", When(), nullable=False),
        sa.Column("filed_at", When(), nullable=True),
        *_checks(),
        *(
            sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{TABLE}_{column}"))
            for column, to in (
                ("by_user", "user_account.id"),
                ("entry_id", "case_visit.id"),
                ("file_id", "case_file.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "province", "format", "record_id", name=op.f(f"uq_{TABLE}_province_format_record_id")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_exchange_line_file", TABLE, ["file_id"], unique=False)
    op.create_index("ix_exchange_line_status", TABLE, ["province", "status"], unique=False)
    refuse(never_deleted=(TABLE,))


def _checks() -> list[sa.CheckConstraint]:
    said = {
        "format": "format IN ('pregnancies', 'visits')",
        "status": "status IN ('waiting', 'filed', 'refused')",
        "of_record": "(format = 'visits') = (of_record IS NOT NULL)",
        "in_a_file": "status <> 'filed' OR file_id IS NOT NULL",
        "filed_at": "(filed IS NULL) = (filed_at IS NULL)",
        "because": "(status = 'refused') = (because <> '')",
        "content_sealed": "content IS NULL OR length(content) >= 32",
        "filed_sealed": "filed IS NULL OR length(filed) >= 32",
        "province": "length(province) = 2",
    }
    return [sa.CheckConstraint(what, name=op.f(f"ck_{TABLE}_{n}")) for n, what in said.items()]


def downgrade() -> None:
    """Take it away; its triggers go with it."""
    op.drop_table(TABLE)
