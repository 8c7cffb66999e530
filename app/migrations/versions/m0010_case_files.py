"""Case files: the file with its colours and who is responsible, its entries, and what is owed.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

from app.migrations.case_born_tables import make_link_tables
from app.migrations.case_entry_tables import make_entry_tables, make_report_table
from app.migrations.case_file_tables import make_colour_table, make_file_tables
from app.migrations.case_guards import drop_case_guards, make_case_guards
from app.migrations.case_link_tables import make_owed_tables
from app.migrations.standing import follow_events, forget_events, unfollow_events
from app.migrations.triggers import is_sqlite, refuse

revision = "0010"
down_revision = "0009"

MOVES = (
    ("case_file", "", "registered"),
    ("case_file", "registered", "screened_negative"),
    ("case_file", "registered", "screened_positive"),
    ("case_file", "registered", "delivered"),
    ("case_file", "registered", "pregnancy_lost"),
    ("case_file", "registered", "terminated"),
    ("case_file", "registered", "maternal_death"),
    ("case_file", "registered", "moved_away"),
    ("case_file", "registered", "lost_to_follow_up"),
    ("case_file", "screened_negative", "screened_positive"),
    ("case_file", "screened_negative", "delivered"),
    ("case_file", "screened_negative", "pregnancy_lost"),
    ("case_file", "screened_negative", "terminated"),
    ("case_file", "screened_negative", "maternal_death"),
    ("case_file", "screened_negative", "moved_away"),
    ("case_file", "screened_negative", "lost_to_follow_up"),
    ("case_file", "screened_positive", "referred_for_assessment"),
    ("case_file", "screened_positive", "assessed"),
    ("case_file", "screened_positive", "delivered"),
    ("case_file", "screened_positive", "pregnancy_lost"),
    ("case_file", "screened_positive", "terminated"),
    ("case_file", "screened_positive", "maternal_death"),
    ("case_file", "screened_positive", "moved_away"),
    ("case_file", "screened_positive", "lost_to_follow_up"),
    ("case_file", "referred_for_assessment", "assessed"),
    ("case_file", "referred_for_assessment", "delivered"),
    ("case_file", "referred_for_assessment", "pregnancy_lost"),
    ("case_file", "referred_for_assessment", "terminated"),
    ("case_file", "referred_for_assessment", "maternal_death"),
    ("case_file", "referred_for_assessment", "moved_away"),
    ("case_file", "referred_for_assessment", "lost_to_follow_up"),
    ("case_file", "assessed", "assessed"),
    ("case_file", "assessed", "case_managed"),
    ("case_file", "assessed", "delivered"),
    ("case_file", "assessed", "pregnancy_lost"),
    ("case_file", "assessed", "terminated"),
    ("case_file", "assessed", "maternal_death"),
    ("case_file", "assessed", "moved_away"),
    ("case_file", "assessed", "lost_to_follow_up"),
    ("case_file", "case_managed", "delivery_planned"),
    ("case_file", "case_managed", "admitted_early"),
    ("case_file", "case_managed", "delivered"),
    ("case_file", "case_managed", "pregnancy_lost"),
    ("case_file", "case_managed", "terminated"),
    ("case_file", "case_managed", "maternal_death"),
    ("case_file", "case_managed", "moved_away"),
    ("case_file", "case_managed", "lost_to_follow_up"),
    ("case_file", "delivery_planned", "delivery_planned"),
    ("case_file", "delivery_planned", "case_managed"),
    ("case_file", "delivery_planned", "admitted_early"),
    ("case_file", "delivery_planned", "delivered"),
    ("case_file", "delivery_planned", "pregnancy_lost"),
    ("case_file", "delivery_planned", "terminated"),
    ("case_file", "delivery_planned", "maternal_death"),
    ("case_file", "delivery_planned", "moved_away"),
    ("case_file", "delivery_planned", "lost_to_follow_up"),
    ("case_file", "admitted_early", "case_managed"),
    ("case_file", "admitted_early", "delivery_planned"),
    ("case_file", "admitted_early", "delivered"),
    ("case_file", "admitted_early", "pregnancy_lost"),
    ("case_file", "admitted_early", "terminated"),
    ("case_file", "admitted_early", "maternal_death"),
    ("case_file", "admitted_early", "moved_away"),
    ("case_file", "admitted_early", "lost_to_follow_up"),
    ("case_file", "delivered", "postpartum"),
    ("case_file", "delivered", "pregnancy_lost"),
    ("case_file", "delivered", "terminated"),
    ("case_file", "delivered", "maternal_death"),
    ("case_file", "delivered", "moved_away"),
    ("case_file", "delivered", "lost_to_follow_up"),
    ("case_file", "postpartum", "closed_42d"),
    ("case_file", "postpartum", "pregnancy_lost"),
    ("case_file", "postpartum", "terminated"),
    ("case_file", "postpartum", "maternal_death"),
    ("case_file", "postpartum", "moved_away"),
    ("case_file", "postpartum", "lost_to_follow_up"),
    ("case_file", "lost_to_follow_up", "registered"),
    ("case_file", "lost_to_follow_up", "screened_negative"),
    ("case_file", "lost_to_follow_up", "screened_positive"),
    ("case_file", "lost_to_follow_up", "referred_for_assessment"),
    ("case_file", "lost_to_follow_up", "assessed"),
    ("case_file", "lost_to_follow_up", "case_managed"),
    ("case_file", "lost_to_follow_up", "delivery_planned"),
    ("case_file", "lost_to_follow_up", "admitted_early"),
    ("case_file", "lost_to_follow_up", "delivered"),
    ("case_file", "lost_to_follow_up", "postpartum"),
)
MACHINE = "case_file"
SEALED = {  # sealed anew when keys turn; nothing else of an entry is ever changed
    "case_colour": ("reason",),
    "case_screening": ("form",),
    "case_assessment": ("facts", "answer", "assessor"),
    "case_plan": ("text", "agreed_by"),
    "case_visit": ("findings",),
    "case_counselling": ("said",),
    "case_report": ("content",),
    "case_delivery": ("elsewhere",),
}
ADDED_ONLY = ("case_verification", "case_referral", "case_newborn")
KEPT = (
    "case_turn",
    "case_party",
    "case_due",
    "case_handover",
    "case_glass",
)
TABLES = (
    *KEPT,
    *ADDED_ONLY,
    "case_report",
    "case_colour",
    "case_visit",
    *(table for table in SEALED if table not in ("case_report", "case_colour", "case_visit")),
)
"""In the order in which they go: what leads to another one first."""
CIRCLES = (
    (
        "fk_case_file_colour",
        "case_colour",
        ["id", "colour_seq", "colour", "purple"],
        ["file_id", "seq", "colour", "purple"],
    ),
    (
        "fk_case_file_turn",
        "case_turn",
        ["turn_id", "id", "turn_open"],
        ["id", "file_id", "is_open"],
    ),
    (
        "fk_case_file_closing",
        "case_visit",
        ["closing_visit_id", "id", "closing"],
        ["id", "file_id", "closes"],
    ),
)
"""Keys from the file to lines of its own; on PostgreSQL they come last."""


def upgrade() -> None:
    """Make the tables, the allowed moves and the triggers."""
    make_file_tables()
    make_entry_tables()
    make_colour_table()
    make_report_table()
    make_owed_tables()
    make_link_tables()
    if not is_sqlite():
        for name, table, columns, to in CIRCLES:
            op.create_foreign_key(
                name, MACHINE, table, columns, to, deferrable=True, initially="DEFERRED"
            )
    names = ("machine", "from_status", "to_status")
    moves = sa.table("status_move", *map(sa.column, names))
    op.bulk_insert(moves, [dict(zip(names, move, strict=True)) for move in MOVES])
    refuse(append_only=ADDED_ONLY, never_deleted=(MACHINE, *KEPT), sealed=SEALED)
    follow_events(MACHINE)
    make_case_guards()


def downgrade() -> None:
    """Take them away; their triggers go with them."""
    drop_case_guards()
    unfollow_events(MACHINE)
    if not is_sqlite():
        for name, *_ in CIRCLES:
            op.drop_constraint(name, MACHINE, type_="foreignkey")
    for table in TABLES:
        op.drop_table(table)
    op.drop_table(MACHINE)
    forget_events(MACHINE)
