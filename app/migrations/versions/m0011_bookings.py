"""Bookings: what a run proposes, what a centre consents to, and what both are made from.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.booking_run_tables import make_booking_run_tables
from app.migrations.booking_tables import make_booking_tables
from app.migrations.standing import follow_events, forget_events, unfollow_events
from app.migrations.triggers import Guard, guard, is_sqlite, refuse, refuse_when

revision = "0011"
down_revision = "0010"

MACHINE = "booking"
MOVES = (
    ("booking", "", "proposed"),
    ("booking", "proposed", "asked"),
    ("booking", "proposed", "superseded"),
    ("booking", "proposed", "withdrawn"),
    ("booking", "proposed", "ended"),
    ("booking", "asked", "booked"),
    ("booking", "asked", "declined"),
    ("booking", "asked", "withdrawn"),
    ("booking", "asked", "ended"),
    ("booking", "booked", "reopened"),
    ("booking", "booked", "replaced"),
    ("booking", "booked", "withdrawn"),
    ("booking", "booked", "used"),
    ("booking", "booked", "ended"),
    ("booking", "reopened", "booked"),
    ("booking", "reopened", "replaced"),
    ("booking", "reopened", "withdrawn"),
    ("booking", "reopened", "used"),
    ("booking", "reopened", "ended"),
)
ADDED_ONLY = ("booking_run", "lodging_answer", "lodging_place")
KEPT = ("booking", "ward_closure")
FIXED = ("id", "file_id", "facility_id", "run_id")
"""Another centre is another booking."""
SAID_ONCE = {"booking": ("booked_at", "asked_at"), "ward_closure": ("lifted_at",)}


OF_OPEN_FILE = Guard(
    name="booking_of_open_file",
    table="booking",
    column="status",
    key="file_id",
    refused=(
        "NEW.status IN ('proposed', 'asked', 'booked', 'reopened') AND EXISTS (SELECT 1 "
        "FROM case_file AS f WHERE f.id = NEW.file_id AND f.status IN ('delivered', 'postpartum', "
        "'closed_42d', 'pregnancy_lost', 'terminated', 'maternal_death', 'moved_away'))"
    ),
    said="the file is over",
    locks="case_file",
)


def upgrade() -> None:
    """Make the tables, the allowed moves and the triggers."""
    make_booking_run_tables()
    make_booking_tables()
    names = ("machine", "from_status", "to_status")
    moves = sa.table("status_move", *map(sa.column, names))
    op.bulk_insert(moves, [dict(zip(names, move, strict=True)) for move in MOVES])
    refuse(append_only=ADDED_ONLY, never_deleted=KEPT)
    follow_events(MACHINE)
    for table, columns in SAID_ONCE.items():
        for column in columns:
            refuse_when(
                f"{table}_{column}_once",
                f"BEFORE UPDATE OF {column} ON {table}",
                f"OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL "
                f"OR NEW.{column} <> OLD.{column})",
            )
    guard(OF_OPEN_FILE)
    refuse_when(
        "booking_is_of_one_centre",
        f"BEFORE UPDATE OF {', '.join(FIXED)} ON booking",
        "NEW.id <> OLD.id OR NEW.file_id <> OLD.file_id OR NEW.facility_id <> OLD.facility_id "
        "OR COALESCE(CAST(NEW.run_id AS text), '') <> COALESCE(CAST(OLD.run_id AS text), '')",
    )


def downgrade() -> None:
    """Take them away; their triggers go with them."""
    unfollow_events(MACHINE)
    for table in ("ward_closure", "lodging_place", "lodging_answer", "booking", "booking_run"):
        op.drop_table(table)
    if not is_sqlite():
        op.execute(f"DROP FUNCTION greenchannel_{OF_OPEN_FILE.name}()")
    forget_events(MACHINE)
