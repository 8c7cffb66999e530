"""Roads between two counties that are closed or slowed for some hours.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key, When
from app.keys.sealed import Sealed
from app.migrations.triggers import refuse

revision = "0013"
down_revision = "0012"

TABLE = "road_closure"
CHECKS = {
    "pair": "one < other",
    "state": "state IN ('closed', 'slowed')",
    "reason": (
        "reason IN ('landslide', 'flood', 'snow_or_ice', 'fog', 'earthquake', 'accident', "
        "'roadworks', 'traffic', 'control', 'other')"
    ),
    "longer": "(state = 'slowed') = (longer_min IS NOT NULL)",
    "longer_min": "longer_min IS NULL OR longer_min BETWEEN 1 AND 1440",
    "forward": "until_at > from_at",
    "ended": "ended_at IS NULL OR ended_at >= declared_at",
    "ended_by": "(ended_at IS NULL) = (ended_by IS NULL)",
    "source_sealed": "source IS NULL OR length(source) >= 32",
    "by_name_sealed": "by_name IS NULL OR length(by_name) >= 32",
    "province": "length(province) = 2",
}


def upgrade() -> None:
    """Make the table; nothing of it is deleted."""
    op.create_table(
        TABLE,
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("longer_min", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", Sealed(), nullable=False),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("until_at", When(), nullable=False),
        sa.Column("declared_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("by_name", Sealed(), nullable=False),
        sa.Column("ended_at", When(), nullable=True),
        sa.Column("ended_by", Key(), nullable=True),
        *(sa.CheckConstraint(what, name=op.f(f"ck_{TABLE}_{n}")) for n, what in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{TABLE}_{column}"))
            for column, to in (
                ("by_org", "organisation.id"),
                ("by_user", "user_account.id"),
                ("ended_by", "user_account.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sqlite_strict=True,
    )
    op.create_index("ix_road_closure_until", TABLE, ["province", "until_at"], unique=False)
    refuse(never_deleted=(TABLE,))


def downgrade() -> None:
    """Take it away; its triggers go with it."""
    op.drop_table(TABLE)
