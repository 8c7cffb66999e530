"""Organisations, patients, referrals with their events and offers, and commands.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.keys.sealed import Sealed
from app.migrations.sealing import a_code, make_event_words, sealed_checks
from app.migrations.standing import drop_ahead, follow_events, make_ahead, unfollow_events
from app.migrations.triggers import drop_refusals, keep_for, make_refusals, refuse

revision = "0001"
down_revision = None

MOVES = (
    ("referral", "", "draft"),
    ("referral", "draft", "requested"),
    ("referral", "draft", "cancelled"),
    ("referral", "requested", "matched"),
    ("referral", "requested", "accepted"),
    ("referral", "requested", "stayed"),
    ("referral", "requested", "closed"),
    ("referral", "requested", "cancelled"),
    ("referral", "matched", "matched"),
    ("referral", "matched", "offered"),
    ("referral", "matched", "accepted"),
    ("referral", "matched", "stayed"),
    ("referral", "matched", "closed"),
    ("referral", "matched", "cancelled"),
    ("referral", "offered", "matched"),
    ("referral", "offered", "accepted"),
    ("referral", "offered", "stayed"),
    ("referral", "offered", "closed"),
    ("referral", "offered", "cancelled"),
    ("referral", "accepted", "matched"),
    ("referral", "accepted", "handed_over"),
    ("referral", "accepted", "stayed"),
    ("referral", "accepted", "closed"),
    ("referral", "accepted", "cancelled"),
    ("referral", "handed_over", "outcome_reported"),
    ("referral", "outcome_reported", "closed"),
    ("referral", "stayed", "requested"),
    ("referral", "stayed", "outcome_reported"),
    ("referral", "stayed", "closed"),
    ("offer", "", "offered"),
    ("offer", "offered", "seen"),
    ("offer", "offered", "accepted"),
    ("offer", "offered", "declined"),
    ("offer", "offered", "withdrawn"),
    ("offer", "offered", "lapsed"),
    ("offer", "seen", "accepted"),
    ("offer", "seen", "declined"),
    ("offer", "seen", "withdrawn"),
    ("offer", "seen", "lapsed"),
    ("offer", "lapsed", "accepted"),
    ("offer", "lapsed", "withdrawn"),
    ("offer", "accepted", "declined"),
    ("offer", "accepted", "withdrawn"),
)


def upgrade() -> None:
    """Make the tables, the allowed moves and the triggers."""
    op.create_table(
        "command",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", Sealed(), nullable=False),
        sa.Column("done_at", When(), nullable=False),
        *sealed_checks("command", "answer"),
        sa.CheckConstraint("length(body_hash) = 64", name=op.f("ck_command_body_hash")),
        sa.CheckConstraint(
            "length(idempotency_key) BETWEEN 16 AND 64", name=op.f("ck_command_key")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_command_province")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command")),
        sa.UniqueConstraint("scope", "idempotency_key", name="uq_command_key"),
        sqlite_strict=True,
    )
    op.create_index("ix_command_done_at", "command", ["done_at"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('institution', 'community', 'mch', 'ems120', 'county_commission', 'prefecture_commission', 'province_commission')",
            name=op.f("ck_organisation_kind"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_organisation_province")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("facility_id", name=op.f("uq_organisation_facility_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "patient",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mother_id", Key(), nullable=True),
        sa.Column("birth_order", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'maternal' AND mother_id IS NULL AND birth_order IS NULL) OR (kind = 'newborn' AND (mother_id IS NULL) = (birth_order IS NULL))",
            name=op.f("ck_patient_newborn"),
        ),
        sa.CheckConstraint("kind IN ('maternal', 'newborn')", name=op.f("ck_patient_kind")),
        sa.CheckConstraint(
            "birth_order IS NULL OR birth_order >= 1", name=op.f("ck_patient_birth_order")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_patient_province")),
        sa.ForeignKeyConstraint(["mother_id"], ["patient.id"], name=op.f("fk_patient_mother_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint(
            "mother_id", "birth_order", name=op.f("uq_patient_mother_id_birth_order")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "status_move",
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("machine", "from_status", "to_status", name=op.f("pk_status_move")),
        sqlite_strict=True,
    )
    op.create_table(
        "status_event",
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("subject_id", Key(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("prev_seq", sa.Integer(), nullable=True),
        sa.Column("prev_at", When(), nullable=True),
        sa.Column("from_status", sa.Text(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.Column("device_at", When(), nullable=True),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("by_user", Key(), nullable=True),
        sa.Column("by_role", sa.Text(), nullable=True),
        sa.Column("spoken", Flag(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(seq = 1 AND prev_seq IS NULL AND prev_at IS NULL AND from_status = '') OR (seq > 1 AND prev_seq = seq - 1 AND prev_at IS NOT NULL AND from_status <> '')",
            name=op.f("ck_status_event_begins"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_status_event_province")),
        sa.CheckConstraint(
            "prev_at IS NULL OR at >= prev_at", name=op.f("ck_status_event_forward")
        ),
        a_code("status_event", "reason"),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_status_event_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["machine", "from_status", "to_status"],
            ["status_move.machine", "status_move.from_status", "status_move.to_status"],
            name="fk_status_event_move",
        ),
        sa.ForeignKeyConstraint(
            ["machine", "subject_id", "prev_seq", "from_status", "prev_at"],
            [
                "status_event.machine",
                "status_event.subject_id",
                "status_event.seq",
                "status_event.to_status",
                "status_event.at",
            ],
            name="fk_status_event_chain",
        ),
        sa.PrimaryKeyConstraint("machine", "subject_id", "seq", name=op.f("pk_status_event")),
        sa.UniqueConstraint("machine", "subject_id", "prev_seq", name="uq_status_event_follows"),
        sa.UniqueConstraint(
            "machine", "subject_id", "seq", "to_status", "at", name="uq_status_event_end"
        ),
        sa.UniqueConstraint(
            "machine", "subject_id", "seq", "to_status", name="uq_status_event_status"
        ),
        sqlite_strict=True,
    )
    make_event_words()
    op.create_table(
        "referral",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("patient_id", Key(), nullable=False),
        sa.Column("origin_org", Key(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("owner_org", Key(), nullable=True),
        sa.Column("deadline_at", When(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("raised_because", Sealed(), nullable=True),
        sa.Column("drill", Flag(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("decided_at", When(), nullable=True),
        sa.Column("under_way", Flag(), nullable=False),
        sa.Column("destination_id", sa.Text(), nullable=True),
        sa.Column("destination_outside", Sealed(), nullable=True),
        sa.Column("form_number", sa.Text(), nullable=True),
        sa.Column("happened_at", When(), nullable=True),
        sa.CheckConstraint(
            "NOT (status IN ('draft', 'requested', 'matched', 'offered', 'accepted', 'handed_over', 'outcome_reported', 'stayed')) OR (owner_org IS NOT NULL AND deadline_at IS NOT NULL AND next_step IS NOT NULL AND next_step <> '')",
            name=op.f("ck_referral_owned"),
        ),
        sa.CheckConstraint("machine = 'referral'", name=op.f("ck_referral_machine")),
        sa.CheckConstraint(
            "NOT under_way OR status NOT IN ('draft', 'cancelled', 'stayed')",
            name=op.f("ck_referral_under_way"),
        ),
        sa.CheckConstraint(
            "destination_id IS NULL OR destination_outside IS NULL",
            name=op.f("ck_referral_destination"),
        ),
        *sealed_checks("referral", "raised_because", "destination_outside"),
        sa.CheckConstraint("length(county) = 6", name=op.f("ck_referral_county")),
        sa.CheckConstraint(
            "status IN ('draft', 'requested', 'matched', 'offered', 'accepted', 'handed_over', 'outcome_reported', 'stayed', 'closed', 'cancelled')",
            name=op.f("ck_referral_status"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_referral_province")),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name=op.f("ck_referral_priority")),
        sa.ForeignKeyConstraint(
            ["machine", "id", "last_seq", "status"],
            [
                "status_event.machine",
                "status_event.subject_id",
                "status_event.seq",
                "status_event.to_status",
            ],
            name="fk_referral_stands",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["origin_org"], ["organisation.id"], name=op.f("fk_referral_origin_org")
        ),
        sa.ForeignKeyConstraint(
            ["owner_org"], ["organisation.id"], name=op.f("fk_referral_owner_org")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_referral_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("form_number", name=op.f("uq_referral_form_number")),
        sa.UniqueConstraint("number", name=op.f("uq_referral_number")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_referral_open_patient",
        "referral",
        ["patient_id"],
        unique=True,
        postgresql_where=sa.text(
            "status IN ('draft', 'requested', 'matched', 'offered', 'accepted', 'handed_over', 'outcome_reported', 'stayed')"
        ),
        sqlite_where=sa.text(
            "status IN ('draft', 'requested', 'matched', 'offered', 'accepted', 'handed_over', 'outcome_reported', 'stayed')"
        ),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked", Sealed(), nullable=False),
        sa.Column("answer", Sealed(), nullable=False),
        sa.Column("rule_set", sa.Text(), nullable=False),
        sa.Column("computed_at", When(), nullable=False),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_recommendation_province")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_recommendation_number")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_recommendation_referral_id")
        ),
        *sealed_checks("recommendation", "asked", "answer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint(
            "referral_id", "number", name=op.f("uq_recommendation_referral_id_number")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "offer",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("recommendation_id", Key(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("deadline_at", When(), nullable=True),
        sa.Column("decline_code", sa.Text(), nullable=True),
        sa.Column("decline_detail", Sealed(), nullable=True),
        sa.CheckConstraint(
            "(status = 'declined') = (decline_code IS NOT NULL AND decline_code IN ('no_capability', 'no_bed_diverting_to', 'recommend_nearer', 'advise_stay_team_coming'))",
            name=op.f("ck_offer_decline_code"),
        ),
        sa.CheckConstraint("machine = 'offer'", name=op.f("ck_offer_machine")),
        sa.CheckConstraint(
            "status IN ('offered', 'seen', 'accepted', 'declined', 'withdrawn', 'lapsed')",
            name=op.f("ck_offer_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('offered', 'seen') OR deadline_at IS NOT NULL",
            name=op.f("ck_offer_answer_by"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_offer_province")),
        sa.ForeignKeyConstraint(
            ["machine", "id", "last_seq", "status"],
            [
                "status_event.machine",
                "status_event.subject_id",
                "status_event.seq",
                "status_event.to_status",
            ],
            name="fk_offer_stands",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_offer_recommendation_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_offer_referral_id")
        ),
        *sealed_checks("offer", "decline_detail"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sqlite_strict=True,
    )
    op.create_index("ix_offer_deadline_at", "offer", ["deadline_at"], unique=False)
    op.create_index(
        "uq_offer_accepted",
        "offer",
        ["referral_id"],
        unique=True,
        postgresql_where=sa.text("status = 'accepted'"),
        sqlite_where=sa.text("status = 'accepted'"),
    )
    op.create_index(
        "uq_offer_asked",
        "offer",
        ["recommendation_id", "facility_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('declined', 'withdrawn')"),
        sqlite_where=sa.text("status NOT IN ('declined', 'withdrawn')"),
    )
    names = ("machine", "from_status", "to_status")
    moves = sa.table("status_move", *map(sa.column, names))
    op.bulk_insert(moves, [dict(zip(names, move, strict=True)) for move in MOVES])
    make_refusals()
    refuse(
        append_only=("status_event",),
        never_deleted=("referral", "offer", "event_word"),
        sealed={"recommendation": ("asked", "answer")},
    )
    # Who repeats a command within three days must be given the first answer (R-STATE-14).
    keep_for("command", "done_at", hours=72)
    make_ahead()
    for table in ("referral", "offer"):
        follow_events(table)


def downgrade() -> None:
    """Drop everything."""
    for table in ("referral", "offer"):
        unfollow_events(table)
    drop_ahead()
    for table in (
        "offer",
        "recommendation",
        "referral",
        "event_word",
        "status_event",
        "status_move",
        "patient",
        "command",
        "organisation",
    ):
        op.drop_table(table)
    drop_refusals()
