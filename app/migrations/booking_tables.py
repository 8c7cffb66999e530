"""The tables of bookings as step 0011 makes them."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.keys.sealed import Sealed

__all__ = ["make_booking_tables"]


def make_booking_tables() -> None:
    """Make them."""
    _make_booking()


def _make_booking() -> None:
    op.create_table(
        "booking",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("run_id", Key(), nullable=True),
        sa.Column("facility_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_org", Key(), nullable=True),
        sa.Column("next_due_at", When(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("come_by", sa.Text(), nullable=True),
        sa.Column("lodging", Flag(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cost_tenths", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("purple", Flag(), nullable=False),
        sa.Column("residence_county", sa.Text(), nullable=False),
        sa.Column("edd", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("over_limit", Flag(), nullable=False),
        sa.Column("chosen_by", Key(), nullable=True),
        sa.Column("chosen_because", Sealed(), nullable=True),
        sa.Column("asked_at", When(), nullable=True),
        sa.Column("booked_at", When(), nullable=True),
        sa.Column("was_booked", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", When(), nullable=True),
        sa.Column("confirmed_by", Key(), nullable=True),
        sa.Column("replaced_by", Key(), nullable=True),
        sa.Column("replaced_ok", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reopened_for", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(asked_at IS NULL OR chosen_by IS NOT NULL) AND (status <> 'asked' OR asked_at IS NOT NULL)",
            name=op.f("ck_booking_asked"),
        ),
        sa.CheckConstraint(
            "(status = 'reopened') = (reopened_for <> '')", name=op.f("ck_booking_reopened")
        ),
        sa.CheckConstraint(
            "(status = 'replaced') = (replaced_by IS NOT NULL) AND (replaced_by IS NULL) = (replaced_ok IS NULL) AND (replaced_ok IS NULL OR replaced_ok = 1) AND (replaced_by IS NULL OR replaced_by <> id)",
            name=op.f("ck_booking_replaced"),
        ),
        sa.CheckConstraint(
            "colour IN ('', 'green', 'yellow', 'orange', 'red') AND length(edd) = 10 AND length(residence_county) = 6 AND minutes >= 0",
            name=op.f("ck_booking_basis"),
        ),
        sa.CheckConstraint("machine = 'booking'", name=op.f("ck_booking_machine")),
        sa.CheckConstraint(
            "status <> 'declined' OR (reason IS NOT NULL AND reason IN ('no_room', 'no_capability', 'ward_closed', 'higher_centre', 'nearer_centre'))",
            name=op.f("ck_booking_declined"),
        ),
        sa.CheckConstraint(
            "status <> 'withdrawn' OR (reason IS NOT NULL AND reason IN ('she_declines', 'another_plan', 'entered_in_error'))",
            name=op.f("ck_booking_withdrawn"),
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'asked', 'booked', 'reopened', 'superseded', 'declined', 'withdrawn', 'replaced', 'used', 'ended')",
            name=op.f("ck_booking_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('booked', 'reopened', 'replaced', 'used') OR booked_at IS NOT NULL",
            name=op.f("ck_booking_consented"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('proposed', 'asked', 'reopened') OR (owner_org IS NOT NULL AND next_due_at IS NOT NULL AND next_step IS NOT NULL AND next_step <> '')",
            name=op.f("ck_booking_owned"),
        ),
        sa.CheckConstraint(
            "(booked_at IS NULL OR (asked_at IS NOT NULL AND booked_at >= asked_at)) AND (booked_at IS NULL) = (was_booked IS NULL) AND (was_booked IS NULL OR was_booked = 1)",
            name=op.f("ck_booking_was_booked"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL) AND (confirmed_at IS NULL OR booked_at IS NOT NULL)",
            name=op.f("ck_booking_confirmed"),
        ),
        sa.CheckConstraint("NOT lodging OR come_by IS NOT NULL", name=op.f("ck_booking_lodging")),
        sa.CheckConstraint(
            "chosen_because IS NULL OR length(chosen_because) >= 32",
            name=op.f("ck_booking_chosen_because_sealed"),
        ),
        sa.CheckConstraint(
            "come_by IS NULL OR length(come_by) = 10", name=op.f("ck_booking_come_by")
        ),
        sa.CheckConstraint("cost_tenths IS NULL OR cost_tenths >= 0", name=op.f("ck_booking_cost")),
        sa.CheckConstraint("entries >= 0", name=op.f("ck_booking_entries")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_booking_province")),
        sa.CheckConstraint(
            "run_id IS NOT NULL OR chosen_because IS NOT NULL", name=op.f("ck_booking_whence")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_booking_version")),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["user_account.id"], name=op.f("fk_booking_chosen_by")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["organisation.facility_id"], name="fk_booking_facility"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_booking_file_id")),
        sa.ForeignKeyConstraint(
            ["machine", "id", "last_seq", "status"],
            [
                "status_event.machine",
                "status_event.subject_id",
                "status_event.seq",
                "status_event.to_status",
            ],
            name="fk_booking_stands",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_org"], ["organisation.id"], name=op.f("fk_booking_owner_org")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by", "file_id", "replaced_ok"],
            ["booking.id", "booking.file_id", "booking.was_booked"],
            name="fk_booking_replaced",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["run_id"], ["booking_run.id"], name=op.f("fk_booking_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("id", "file_id", "was_booked", name="uq_booking_consented"),
        sqlite_strict=True,
    )
    op.create_index("ix_booking_facility", "booking", ["facility_id", "status"], unique=False)
    op.create_index("ix_booking_file", "booking", ["file_id"], unique=False)
    op.create_index("ix_booking_next", "booking", ["next_due_at"], unique=False)
    op.create_index(
        "uq_booking_asked",
        "booking",
        ["file_id"],
        unique=True,
        postgresql_where=sa.text("status = 'asked'"),
        sqlite_where=sa.text("status = 'asked'"),
    )
    op.create_index(
        "uq_booking_proposed",
        "booking",
        ["file_id"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
        sqlite_where=sa.text("status = 'proposed'"),
    )
    op.create_index(
        "uq_booking_standing",
        "booking",
        ["file_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('booked', 'reopened')"),
        sqlite_where=sa.text("status IN ('booked', 'reopened')"),
    )
