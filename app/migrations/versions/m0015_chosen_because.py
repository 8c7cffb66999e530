"""Why a centre was asked out of its turn stands with the question, for that centre to read.

What was chosen before is in the record of acts alone and is not carried over: nobody was shown it.

Revision ID: 0015
"""

from alembic import op

revision = "0015"
down_revision = "0014"

REASONS = "'agreed_by_telephone', 'treated_there', 'road', 'family', 'other'"


def upgrade() -> None:
    """Add the column with its check in one statement: SQLite adds no check to a column later."""
    op.execute(
        "ALTER TABLE offer ADD COLUMN chosen_because TEXT "
        f"CONSTRAINT ck_offer_chosen_because CHECK (chosen_because IN ({REASONS}))"
    )


def downgrade() -> None:
    """Take it away; its check goes with it."""
    op.execute("ALTER TABLE offer DROP COLUMN chosen_because")
