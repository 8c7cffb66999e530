"""Parts of steps that have to do with sealed columns."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Key
from app.keys.sealed import Sealed

__all__ = ["a_code", "make_event_words", "sealed_checks"]


def sealed_checks(table: str, *columns: str) -> list[sa.CheckConstraint]:
    """Refuse what is too short to be sealed."""
    return [
        sa.CheckConstraint(
            f"{column} IS NULL OR length({column}) >= 32", name=op.f(f"ck_{table}_{column}_sealed")
        )
        for column in columns
    ]


def a_code(table: str, column: str) -> sa.CheckConstraint:
    """Refuse what is a sentence."""
    return sa.CheckConstraint(
        f"{column} IS NULL OR (length({column}) <= 40 AND {column} NOT LIKE '% %')",
        name=op.f(f"ck_{table}_{column}"),
    )


def make_event_words() -> None:
    """Make the table of who spoke what an event says."""
    op.create_table(
        "event_word",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("subject_id", Key(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("said_by", Sealed(), nullable=False),
        *sealed_checks("event_word", "said_by"),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_event_word_province")),
        sa.ForeignKeyConstraint(
            ["machine", "subject_id", "seq"],
            ["status_event.machine", "status_event.subject_id", "status_event.seq"],
            name="fk_event_word_event",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_word")),
        sa.UniqueConstraint(
            "machine", "subject_id", "seq", name=op.f("uq_event_word_machine_subject_id_seq")
        ),
        sqlite_strict=True,
    )
