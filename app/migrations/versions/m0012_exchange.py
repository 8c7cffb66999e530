"""What another system last said of each file and visit, and what of it waits for a person.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key, When
from app.keys.sealed import Sealed
from app.migrations.triggers import FUNCTION, is_sqlite, refuse

revision = "0012"
down_revision = "0011"

TABLE, ITEM = "exchange_line", "exchange_item"
SAID_ONCE = f"{ITEM}_said_once"


def upgrade() -> None:
    """Make the tables; nothing of them is deleted."""
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
    _make_items()
    refuse(never_deleted=(TABLE, ITEM))


def _make_items() -> None:
    op.create_table(
        ITEM,
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("line_id", Key(), nullable=False),
        sa.Column("file_id", Key(), nullable=True),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("opened_at", When(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", When(), nullable=True),
        sa.Column("by_user", Key(), nullable=True),
        sa.Column("by_org", Key(), nullable=True),
        *(sa.CheckConstraint(what, name=op.f(f"ck_{ITEM}_{n}")) for n, what in OF_ITEMS.items()),
        *(
            sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{ITEM}_{column}"))
            for column, to in (
                ("by_org", "organisation.id"),
                ("by_user", "user_account.id"),
                ("file_id", "case_file.id"),
                ("line_id", "exchange_line.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ITEM}")),
        sqlite_strict=True,
    )
    op.create_index("ix_exchange_item_line", ITEM, ["line_id"], unique=False)
    still_open = sa.text("decided_at IS NULL")
    op.create_index(
        "uq_exchange_item_open",
        ITEM,
        ["province", "format", "record_id", "kind", "what"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    act = (
        f"BEGIN SELECT RAISE(ABORT, '{SAID_ONCE} is not allowed'); END"
        if is_sqlite()
        else f"EXECUTE FUNCTION {FUNCTION}()"
    )
    op.execute(
        f"CREATE TRIGGER {SAID_ONCE} BEFORE UPDATE ON {ITEM} FOR EACH ROW "
        f"WHEN (OLD.decided_at IS NOT NULL) {act}"
    )


OF_ITEMS = {
    "format": "format IN ('pregnancies', 'visits')",
    "kind": "kind IN ('conflict', 'kept', 'refused', 'likeness')",
    "decision": "decision IN ('ours', 'entered', 'sent_back', 'again', 'overtaken')",
    "again": "decision <> 'again' OR kind = 'refused'",
    "what": "what <> ''",
    "county": "length(county) = 6",
    "decided": (
        "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (by_user IS NULL) "
        "AND (decision IS NULL) = (by_org IS NULL)"
    ),
    "forward": "decided_at IS NULL OR decided_at >= opened_at",
    "province": "length(province) = 2",
}


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
    """Take them away; their triggers go with them."""
    op.drop_table(ITEM)
    op.drop_table(TABLE)
