"""What belongs to something is found by it: an index for every key that is followed back.

The indexes there were hold the rows that are in force, for what must be there once; whoever asks
for all of them, ended ones too, had the whole table read.

Revision ID: 0014
"""

from alembic import op

revision = "0014"
down_revision = "0013"

KEYS = (
    ("booking", "run_id"),
    ("broken_glass", "referral_id"),
    ("case_delivery", "file_id"),
    ("case_due", "file_id"),
    ("case_glass", "file_id"),
    ("case_party", "file_id"),
    ("case_report", "about"),
    ("case_turn", "file_id"),
    ("consent", "referral_id"),
    ("exchange_item", "file_id"),
    ("exchange_line", "entry_id"),
    ("observation", "transfer_id"),
    ("offer", "recommendation_id"),
    ("offer", "referral_id"),
    ("outcome", "referral_id"),
    ("patient_merge", "drop_id"),
    ("patient_merge", "keep_id"),
    ("referral", "patient_id"),
    ("referral_party", "referral_id"),
    ("reservation", "place_id"),
    ("reservation", "referral_id"),
    ("return_referral", "outcome_id"),
    ("spoken_word", "offer_id"),
    ("spoken_word", "referral_id"),
    ("transfer", "referral_id"),
    ("vehicle_trip", "vehicle_id"),
)


def upgrade() -> None:
    """Make the indexes."""
    for table, key in KEYS:
        op.create_index(_name(table, key), table, [key], unique=False)


def downgrade() -> None:
    """Take them away."""
    for table, key in KEYS:
        op.drop_index(_name(table, key), table_name=table)


def _name(table: str, key: str) -> str:
    return f"ix_{table}_{key.removesuffix('_id')}"
