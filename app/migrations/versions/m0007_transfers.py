"""Parties of a referral, spoken words, joint plans, transfers and what is handed over.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.keys.sealed import Sealed
from app.migrations.held import HELD
from app.migrations.outcome_tables import make_outcome_tables
from app.migrations.review_table import make_observation_table, make_review_table
from app.migrations.sealing import sealed_checks
from app.migrations.standing import follow_events, unfollow_events
from app.migrations.triggers import drop_guard, guard, is_sqlite, refuse

revision = "0007"
down_revision = "0006"

MOVES = (
    ("transfer", "", "dispatched"),
    ("transfer", "dispatched", "departed"),
    ("transfer", "dispatched", "called_off"),
    ("transfer", "departed", "diverted"),
    ("transfer", "departed", "arrived"),
    ("transfer", "departed", "died"),
    ("transfer", "diverted", "diverted"),
    ("transfer", "diverted", "arrived"),
    ("transfer", "diverted", "died"),
    ("transfer", "arrived", "handed_over"),
    ("transfer", "arrived", "died"),
)
TABLES = (
    "return_referral",
    "observation",
    "transfer",
    "spoken_word",
    "outcome",
    "handover_set",
    "consent",
    "case_review",
    *("broken_glass", "referral_party", "joint_plan"),
)

SEALED = {  # sealed anew when keys turn; nothing else of papers is ever changed
    "handover_set": ("content",),
    "consent": ("in_charge", "language", "interpreter"),
    "outcome": ("diagnosis", "treatment", "follow_up"),
}
KEPT = (
    "referral_party",
    "spoken_word",
    "broken_glass",
    "joint_plan",
    "transfer",
    "case_review",
    "return_referral",
)


def upgrade() -> None:
    """Make the tables, the allowed moves and the triggers."""
    op.create_table(
        "joint_plan",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("asked", Sealed(), nullable=False),
        sa.Column("answer", Sealed(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("made_at", When(), nullable=False),
        sa.Column("made_by", Key(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_at", When(), nullable=True),
        sa.Column("decided_by", Key(), nullable=True),
        sa.Column("reason", Sealed(), nullable=True),
        sa.CheckConstraint(
            "(status = 'proposed') = (decided_at IS NULL AND decided_by IS NULL)",
            name=op.f("ck_joint_plan_decided"),
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR reason IS NOT NULL", name=op.f("ck_joint_plan_reason")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'applied', 'rejected')", name=op.f("ck_joint_plan_status")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_joint_plan_province")),
        *sealed_checks("joint_plan", "asked", "answer", "reason"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_plan")),
        sqlite_strict=True,
    )
    op.create_table(
        "broken_glass",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("user_id", Key(), nullable=False),
        sa.Column("reason", Sealed(), nullable=False),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("until", When(), nullable=False),
        sa.Column("reviewed_at", When(), nullable=True),
        sa.Column("reviewed_by", Key(), nullable=True),
        sa.Column("justified", Flag(), nullable=True),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)", name=op.f("ck_broken_glass_reviewed")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_broken_glass_province")),
        *sealed_checks("broken_glass", "reason"),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> user_id", name=op.f("ck_broken_glass_by_another")
        ),
        sa.CheckConstraint("until > from_at", name=op.f("ck_broken_glass_expires")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_broken_glass_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_glass")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_broken_glass_of_user", "broken_glass", ["user_id", "referral_id"], unique=False
    )
    make_review_table()
    op.create_table(
        "consent",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("agreed", Flag(), nullable=False),
        sa.Column("in_charge", Sealed(), nullable=True),
        sa.Column("language", Sealed(), nullable=True),
        sa.Column("interpreter", Sealed(), nullable=True),
        sa.Column("given_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.CheckConstraint(
            "given_by <> 'person_in_charge' OR in_charge IS NOT NULL",
            name=op.f("ck_consent_in_charge"),
        ),
        *sealed_checks("consent", "in_charge", "language", "interpreter"),
        sa.CheckConstraint(
            "given_by IN ('patient', 'family', 'person_in_charge')",
            name=op.f("ck_consent_given_by"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_consent_province")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_consent_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_strict=True,
    )
    op.create_table(
        "handover_set",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", Sealed(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        *sealed_checks("handover_set", "content"),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_handover_set_province")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_handover_set_number")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_handover_set_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_set")),
        sa.UniqueConstraint(
            "referral_id", "number", name=op.f("uq_handover_set_referral_id_number")
        ),
        sqlite_strict=True,
    )
    make_outcome_tables()
    op.create_table(
        "referral_party",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("org_id", Key(), nullable=True),
        sa.Column("division", sa.Text(), nullable=True),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("to_at", When(), nullable=True),
        sa.CheckConstraint(
            "capacity IN ('sender', 'entered_for_sender', 'responsible_county', 'home_county', 'offered', 'accepted', 'transport', 'coordinates')",
            name=op.f("ck_referral_party_capacity"),
        ),
        sa.CheckConstraint(
            "(org_id IS NULL) <> (division IS NULL)", name=op.f("ck_referral_party_who")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_referral_party_province")),
        sa.CheckConstraint(
            "to_at IS NULL OR to_at >= from_at", name=op.f("ck_referral_party_forward")
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_referral_party_org_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_party_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_party")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_referral_party_of_org", "referral_party", ["org_id", "referral_id"], unique=False
    )
    op.create_index(
        "uq_referral_party_area",
        "referral_party",
        ["referral_id", "capacity", "division"],
        unique=True,
        postgresql_where=sa.text("to_at IS NULL"),
        sqlite_where=sa.text("to_at IS NULL"),
    )
    op.create_index(
        "uq_referral_party_org",
        "referral_party",
        ["referral_id", "capacity", "org_id"],
        unique=True,
        postgresql_where=sa.text("to_at IS NULL"),
        sqlite_where=sa.text("to_at IS NULL"),
    )
    op.create_table(
        "transfer",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("drives", sa.Text(), nullable=False),
        sa.Column("vehicle", Sealed(), nullable=True),
        sa.Column("escort", Sealed(), nullable=True),
        sa.Column("destination_id", sa.Text(), nullable=True),
        sa.Column("destination_outside", Sealed(), nullable=True),
        sa.Column("eta_low_at", When(), nullable=True),
        sa.Column("eta_high_at", When(), nullable=True),
        sa.Column("giver", Sealed(), nullable=True),
        sa.Column("receiver", Sealed(), nullable=True),
        sa.Column("identifiers", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "drives IN ('sender', 'ems120', 'receiver_team', 'meet', 'other')",
            name=op.f("ck_transfer_drives"),
        ),
        sa.CheckConstraint("machine = 'transfer'", name=op.f("ck_transfer_machine")),
        sa.CheckConstraint(
            "status <> 'handed_over' OR (giver IS NOT NULL AND receiver IS NOT NULL "
            "AND identifiers IS NOT NULL AND identifiers LIKE '_% _%')",
            name=op.f("ck_transfer_two_names"),
        ),
        sa.CheckConstraint(
            "status IN ('dispatched', 'called_off', 'departed', 'diverted', 'arrived', 'handed_over', 'died')",
            name=op.f("ck_transfer_status"),
        ),
        sa.CheckConstraint(
            "(destination_id IS NULL) <> (destination_outside IS NULL)",
            name=op.f("ck_transfer_destination"),
        ),
        *sealed_checks("transfer", "vehicle", "escort", "destination_outside", "giver", "receiver"),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_transfer_province")),
        sa.ForeignKeyConstraint(
            ["machine", "id", "last_seq", "status"],
            [
                "status_event.machine",
                "status_event.subject_id",
                "status_event.seq",
                "status_event.to_status",
            ],
            name="fk_transfer_stands",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_transfer_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_transfer_under_hand",
        "transfer",
        ["referral_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('dispatched', 'departed', 'diverted', 'arrived')"),
        sqlite_where=sa.text("status IN ('dispatched', 'departed', 'diverted', 'arrived')"),
    )
    make_observation_table()
    op.create_table(
        "spoken_word",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("offer_id", Key(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("said_by", Sealed(), nullable=False),
        sa.Column("of_org", Key(), nullable=False),
        sa.Column("entered_by", Key(), nullable=False),
        sa.Column("entered_name", Sealed(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("confirm_by", When(), nullable=False),
        sa.Column("confirmed_at", When(), nullable=True),
        sa.Column("confirmed_by", Key(), nullable=True),
        sa.CheckConstraint(
            "what IN ('request', 'acceptance', 'decline', 'arrival', 'hand_over')",
            name=op.f("ck_spoken_word_what"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_spoken_word_confirmed")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_spoken_word_province")),
        *sealed_checks("spoken_word", "said_by", "entered_name"),
        sa.ForeignKeyConstraint(
            ["of_org"], ["organisation.id"], name=op.f("fk_spoken_word_of_org")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_spoken_word_offer_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_spoken_word_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spoken_word")),
        sqlite_strict=True,
    )
    names = ("machine", "from_status", "to_status")
    moves = sa.table("status_move", *map(sa.column, names))
    op.bulk_insert(moves, [dict(zip(names, move, strict=True)) for move in MOVES])
    refuse(append_only=("observation",), never_deleted=KEPT, sealed=SEALED)
    follow_events("transfer")
    _drill_for_good()
    guard(HELD)


def _drill_for_good() -> None:
    """Let no drill be made a real referral, and no real one a drill (R-STATE-16)."""
    if is_sqlite():
        op.execute(
            "CREATE TRIGGER referral_drill BEFORE UPDATE OF drill ON referral "
            "WHEN OLD.drill <> NEW.drill "
            "BEGIN SELECT RAISE(ABORT, 'drill of referral is not allowed to change'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER referral_drill BEFORE UPDATE OF drill ON referral FOR EACH ROW "
            "WHEN (OLD.drill <> NEW.drill) EXECUTE FUNCTION greenchannel_refuse()"
        )


def downgrade() -> None:
    """Drop what the step made."""
    drop_guard(HELD)
    unfollow_events("transfer")
    op.execute("DROP TRIGGER referral_drill" + ("" if is_sqlite() else " ON referral"))
    for table in TABLES:
        op.drop_table(table)
    if is_sqlite():
        op.execute("DROP TRIGGER status_event_no_delete")
    else:
        op.execute("ALTER TABLE status_event DISABLE TRIGGER status_event_no_delete")
    op.execute("DELETE FROM status_event WHERE machine = 'transfer'")
    op.execute("DELETE FROM status_move WHERE machine = 'transfer'")
    if is_sqlite():
        op.execute(
            "CREATE TRIGGER status_event_no_delete BEFORE DELETE ON status_event "
            "BEGIN SELECT RAISE(ABORT, 'DELETE of status_event is not allowed'); END"
        )
    else:
        op.execute("ALTER TABLE status_event ENABLE TRIGGER status_event_no_delete")
