"""The first tables: organisations, patients, referrals with their events, places, commands.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When

revision = "0001"
down_revision = None

MOVES = (
    ("", "draft"),
    ("draft", "requested"),
    ("draft", "cancelled"),
    ("requested", "matched"),
    ("requested", "stayed"),
    ("requested", "closed"),
    ("requested", "cancelled"),
    ("matched", "matched"),
    ("matched", "offered"),
    ("matched", "accepted"),
    ("matched", "stayed"),
    ("matched", "closed"),
    ("matched", "cancelled"),
    ("offered", "matched"),
    ("offered", "accepted"),
    ("offered", "stayed"),
    ("offered", "closed"),
    ("offered", "cancelled"),
    ("accepted", "matched"),
    ("accepted", "handed_over"),
    ("accepted", "stayed"),
    ("accepted", "closed"),
    ("accepted", "cancelled"),
    ("handed_over", "outcome_reported"),
    ("outcome_reported", "closed"),
    ("stayed", "requested"),
    ("stayed", "outcome_reported"),
    ("stayed", "closed"),
)
APPEND_ONLY = ("status_event", "capacity_report")
NEVER_DELETED = ("reservation", "referral", "work_item")


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
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("done_at", When(), nullable=False),
        sa.CheckConstraint("length(body_hash) = 64", name="ck_command_body_hash"),
        sa.CheckConstraint("length(idempotency_key) BETWEEN 16 AND 64", name="ck_command_key"),
        sa.CheckConstraint("length(province) = 2", name="ck_command_province"),
        sa.PrimaryKeyConstraint("id", name="pk_command"),
        sa.UniqueConstraint("scope", "idempotency_key", name="uq_command_key"),
        sqlite_strict=True,
    )
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
            name="ck_organisation_kind",
        ),
        sa.CheckConstraint("length(province) = 2", name="ck_organisation_province"),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("facility_id", name="uq_organisation_facility_id"),
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
            name="ck_patient_newborn",
        ),
        sa.CheckConstraint("kind IN ('maternal', 'newborn')", name="ck_patient_kind"),
        sa.CheckConstraint(
            "birth_order IS NULL OR birth_order >= 1", name="ck_patient_birth_order"
        ),
        sa.CheckConstraint("length(province) = 2", name="ck_patient_province"),
        sa.ForeignKeyConstraint(["mother_id"], ["patient.id"], name="fk_patient_mother_id"),
        sa.PrimaryKeyConstraint("id", name="pk_patient"),
        sa.UniqueConstraint("mother_id", "birth_order", name="uq_patient_mother_id_birth_order"),
        sqlite_strict=True,
    )
    op.create_table(
        "place",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("in_service", Flag(), nullable=False),
        sa.Column("blocked", Flag(), nullable=False),
        sa.Column("reservation_id", Key(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('OB_RESCUE_BED', 'AICU', 'LABOUR', 'NEO_L2A', 'NEO_L2B', 'NEO_L3A', 'NEO_L3B', 'NEO_L3C', 'NEO_VENT', 'NEO_COOLING')",
            name="ck_place_kind",
        ),
        sa.CheckConstraint("length(province) = 2", name="ck_place_province"),
        sa.CheckConstraint(
            "reservation_id IS NULL OR (in_service AND NOT blocked)", name="ck_place_held_is_open"
        ),
        *_place_holder(inline=True),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.UniqueConstraint("facility_id", "kind", "label", name="uq_place_label"),
        sa.UniqueConstraint("reservation_id", name="uq_place_reservation_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "status_move",
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("machine", "from_status", "to_status", name="pk_status_move"),
        sqlite_strict=True,
    )
    op.create_table(
        "capacity_report",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("in_service", sa.Integer(), nullable=False),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("as_of", When(), nullable=False),
        sa.Column("received_at", When(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('OB_RESCUE_BED', 'AICU', 'LABOUR', 'NEO_L2A', 'NEO_L2B', 'NEO_L3A', 'NEO_L3B', 'NEO_L3C', 'NEO_VENT', 'NEO_COOLING')",
            name="ck_capacity_report_kind",
        ),
        sa.CheckConstraint("free BETWEEN 0 AND in_service", name="ck_capacity_report_free"),
        sa.CheckConstraint("length(province) = 2", name="ck_capacity_report_province"),
        sa.ForeignKeyConstraint(["by_org"], ["organisation.id"], name="fk_capacity_report_by_org"),
        sa.PrimaryKeyConstraint("id", name="pk_capacity_report"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_capacity_report_latest",
        "capacity_report",
        ["facility_id", "kind", "as_of"],
        unique=False,
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
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(seq = 1 AND prev_seq IS NULL AND prev_at IS NULL AND from_status = '') OR (seq > 1 AND prev_seq = seq - 1 AND prev_at IS NOT NULL AND from_status <> '')",
            name="ck_status_event_begins",
        ),
        sa.CheckConstraint("length(province) = 2", name="ck_status_event_province"),
        sa.CheckConstraint("prev_at IS NULL OR at >= prev_at", name="ck_status_event_forward"),
        sa.ForeignKeyConstraint(["by_org"], ["organisation.id"], name="fk_status_event_by_org"),
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
        sa.PrimaryKeyConstraint("machine", "subject_id", "seq", name="pk_status_event"),
        sa.UniqueConstraint("machine", "subject_id", "prev_seq", name="uq_status_event_follows"),
        sa.UniqueConstraint(
            "machine", "subject_id", "seq", "to_status", "at", name="uq_status_event_end"
        ),
        sa.UniqueConstraint(
            "machine", "subject_id", "seq", "to_status", name="uq_status_event_status"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "work_item",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_at", When(), nullable=False),
        sa.Column("owner_org", Key(), nullable=False),
        sa.Column("deadline_at", When(), nullable=False),
        sa.Column("closed_at", When(), nullable=True),
        sa.CheckConstraint(
            "code IN ('more_free_than_ledger', 'fewer_than_held')", name="ck_work_item_code"
        ),
        sa.CheckConstraint(
            "kind IN ('OB_RESCUE_BED', 'AICU', 'LABOUR', 'NEO_L2A', 'NEO_L2B', 'NEO_L3A', 'NEO_L3B', 'NEO_L3C', 'NEO_VENT', 'NEO_COOLING')",
            name="ck_work_item_kind",
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= opened_at", name="ck_work_item_forward"
        ),
        sa.CheckConstraint("length(province) = 2", name="ck_work_item_province"),
        sa.ForeignKeyConstraint(["owner_org"], ["organisation.id"], name="fk_work_item_owner_org"),
        sa.PrimaryKeyConstraint("id", name="pk_work_item"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_work_item_open",
        "work_item",
        ["facility_id", "kind", "code"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
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
        sa.Column("drill", Flag(), nullable=False),
        sa.CheckConstraint(
            "NOT (status IN ('draft', 'requested', 'matched', 'offered', 'accepted', 'handed_over', 'outcome_reported', 'stayed')) OR (owner_org IS NOT NULL AND deadline_at IS NOT NULL AND next_step IS NOT NULL AND next_step <> '')",
            name="ck_referral_owned",
        ),
        sa.CheckConstraint("machine = 'referral'", name="ck_referral_machine"),
        sa.CheckConstraint(
            "status IN ('draft', 'requested', 'matched', 'offered', 'accepted', 'handed_over', 'outcome_reported', 'stayed', 'closed', 'cancelled')",
            name="ck_referral_status",
        ),
        sa.CheckConstraint("length(province) = 2", name="ck_referral_province"),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name="ck_referral_priority"),
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
        sa.ForeignKeyConstraint(["origin_org"], ["organisation.id"], name="fk_referral_origin_org"),
        sa.ForeignKeyConstraint(["owner_org"], ["organisation.id"], name="fk_referral_owner_org"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_referral_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_referral"),
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
        "reservation",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("place_id", Key(), nullable=False),
        sa.Column("referral_id", Key(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("held_at", When(), nullable=False),
        sa.Column("held_until", When(), nullable=True),
        sa.Column("released_at", When(), nullable=True),
        sa.CheckConstraint(
            "(status = 'released') = (released_at IS NOT NULL)", name="ck_reservation_released"
        ),
        sa.CheckConstraint("seat = 'mother' OR seat LIKE 'newborn_%'", name="ck_reservation_seat"),
        sa.CheckConstraint(
            "status IN ('held', 'confirmed', 'occupied') OR status = 'released'",
            name="ck_reservation_status",
        ),
        sa.CheckConstraint("length(province) = 2", name="ck_reservation_province"),
        sa.CheckConstraint(
            "released_at IS NULL OR released_at >= held_at", name="ck_reservation_forward"
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_reservation_place_id"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name="fk_reservation_referral_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reservation"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_reservation_active_place",
        "reservation",
        ["place_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('held', 'confirmed', 'occupied')"),
        sqlite_where=sa.text("status IN ('held', 'confirmed', 'occupied')"),
    )
    op.create_index(
        "uq_reservation_active_seat",
        "reservation",
        ["referral_id", "seat"],
        unique=True,
        postgresql_where=sa.text("status IN ('held', 'confirmed', 'occupied')"),
        sqlite_where=sa.text("status IN ('held', 'confirmed', 'occupied')"),
    )
    for key in _place_holder(inline=False):
        op.create_foreign_key(
            str(key.name),
            "place",
            "reservation",
            ["reservation_id"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )
    moves = sa.table(
        "status_move", sa.column("machine"), sa.column("from_status"), sa.column("to_status")
    )
    op.bulk_insert(
        moves,
        [{"machine": "referral", "from_status": a, "to_status": b} for a, b in MOVES],
    )
    _refuse_changes()


def downgrade() -> None:
    """Drop everything; on PostgreSQL the key that closes the circle goes first."""
    if not _is_sqlite():
        op.drop_constraint("fk_place_reservation", "place", type_="foreignkey")
    for table in (
        "work_item",
        "capacity_report",
        "reservation",
        "referral",
        "status_event",
        "status_move",
        "place",
        "patient",
        "organisation",
        "command",
    ):
        op.drop_table(table)
    if not _is_sqlite():
        op.execute("DROP FUNCTION greenchannel_refuse()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _place_holder(*, inline: bool) -> list[sa.ForeignKeyConstraint]:
    """Return the key from a place to its reservation, which the other way round is there too.

    SQLite takes it with the table and never later, PostgreSQL once both tables are there.
    """
    if inline != _is_sqlite():
        return []
    return [
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservation.id"],
            name="fk_place_reservation",
            deferrable=True,
            initially="DEFERRED",
        )
    ]


def _refuse_changes() -> None:
    """Let events be added and nothing else, and let no line of the ledger disappear."""
    if not _is_sqlite():
        op.execute(
            "CREATE FUNCTION greenchannel_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% of % is not allowed', TG_OP, TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END $$"
        )
    for table, what in (
        *((table, what) for table in APPEND_ONLY for what in ("UPDATE", "DELETE")),
        *((table, "DELETE") for table in NEVER_DELETED),
    ):
        name = f"{table}_no_{what.lower()}"
        if _is_sqlite():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{what} of {table} is not allowed'); END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION greenchannel_refuse()"
            )
