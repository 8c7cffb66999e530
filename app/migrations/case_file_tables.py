"""The tables of case files as step 0010 makes them: the file, its colours, who is responsible."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.keys.sealed import Sealed

__all__ = ["make_colour_table", "make_file_tables"]


def make_file_tables() -> None:
    """Make them."""
    _make_file()
    _make_turn()
    _make_party()


def _make_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("patient_id", Key(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_org", Key(), nullable=True),
        sa.Column("next_due_at", When(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("registered_org", Key(), nullable=False),
        sa.Column("registered_at", When(), nullable=False),
        sa.Column("residence_county", sa.Text(), nullable=False),
        sa.Column("home_county", sa.Text(), nullable=False),
        sa.Column("township", sa.Text(), nullable=True),
        sa.Column("lmp", sa.Text(), nullable=True),
        sa.Column("edd", sa.Text(), nullable=True),
        sa.Column("fetus_count", sa.Integer(), nullable=True),
        sa.Column("facts", Sealed(), nullable=True),
        sa.Column("screening", sa.Text(), nullable=True),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("purple", Flag(), nullable=False),
        sa.Column("colour_seq", sa.Integer(), nullable=True),
        sa.Column("opened_at", When(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("turn_id", Key(), nullable=True),
        sa.Column("turn_open", sa.Integer(), nullable=True),
        sa.Column("no_clinician_since", When(), nullable=True),
        sa.Column("booked_facility_id", sa.Text(), nullable=True),
        sa.Column("come_by", sa.Text(), nullable=True),
        sa.Column("delivered_at", When(), nullable=True),
        sa.Column("discharged_at", When(), nullable=True),
        sa.Column("red_unstable", Flag(), nullable=True),
        sa.Column("closing_visit_id", Key(), nullable=True),
        sa.Column("closing", sa.Integer(), nullable=True),
        sa.Column("ended_because", Sealed(), nullable=True),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (reasons = '') AND (opened_at IS NULL) = (profile IS NULL)",
            name=op.f("ck_case_file_opened"),
        ),
        sa.CheckConstraint(
            "NOT (status IN ('registered', 'screened_negative', 'screened_positive', 'referred_for_assessment', 'assessed', 'case_managed', 'delivery_planned', 'admitted_early', 'delivered', 'postpartum')) OR (owner_org IS NOT NULL AND next_due_at IS NOT NULL AND next_step IS NOT NULL AND next_step <> '')",
            name=op.f("ck_case_file_owned"),
        ),
        sa.CheckConstraint(
            "colour IN ('', 'green', 'yellow', 'orange', 'red') AND (colour_seq IS NOT NULL OR (colour = '' AND NOT purple))",
            name=op.f("ck_case_file_colour"),
        ),
        sa.CheckConstraint("machine = 'case_file'", name=op.f("ck_case_file_machine")),
        sa.CheckConstraint(
            "opened_at IS NULL OR NOT (status IN ('registered', 'screened_negative', 'screened_positive', 'referred_for_assessment', 'assessed', 'case_managed', 'delivery_planned', 'admitted_early', 'delivered', 'postpartum')) OR (turn_id IS NULL) <> (no_clinician_since IS NULL)",
            name=op.f("ck_case_file_responsible"),
        ),
        sa.CheckConstraint("profile IN ('national', 'yunnan')", name=op.f("ck_case_file_profile")),
        sa.CheckConstraint(
            "screening IN ('negative', 'positive')", name=op.f("ck_case_file_screening")
        ),
        sa.CheckConstraint(
            "status <> 'closed_42d' OR (closing_visit_id IS NOT NULL AND (colour <> 'red' OR (red_unstable IS NOT NULL AND NOT red_unstable)))",
            name=op.f("ck_case_file_closed"),
        ),
        sa.CheckConstraint(
            "status <> 'delivery_planned' OR booked_facility_id IS NOT NULL",
            name=op.f("ck_case_file_planned"),
        ),
        sa.CheckConstraint(
            "status IN ('registered', 'screened_negative', 'screened_positive', 'referred_for_assessment', 'assessed', 'case_managed', 'delivery_planned', 'admitted_early', 'delivered', 'postpartum', 'closed_42d', 'pregnancy_lost', 'terminated', 'maternal_death', 'moved_away', 'lost_to_follow_up')",
            name=op.f("ck_case_file_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('case_managed', 'delivery_planned', 'admitted_early') OR opened_at IS NOT NULL",
            name=op.f("ck_case_file_managed"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('delivered', 'postpartum', 'closed_42d') OR delivered_at IS NOT NULL",
            name=op.f("ck_case_file_delivered"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('pregnancy_lost', 'terminated', 'maternal_death', 'moved_away', 'lost_to_follow_up') OR ended_because IS NOT NULL",
            name=op.f("ck_case_file_ended"),
        ),
        sa.CheckConstraint(
            "(closing_visit_id IS NULL) = (closing IS NULL) AND (closing IS NULL OR closing = 1)",
            name=op.f("ck_case_file_closing"),
        ),
        sa.CheckConstraint(
            "(lmp IS NULL OR length(lmp) = 10) AND (edd IS NULL OR length(edd) = 10) AND (lmp IS NULL OR edd IS NULL OR edd > lmp)",
            name=op.f("ck_case_file_days"),
        ),
        sa.CheckConstraint(
            "(turn_id IS NULL) = (turn_open IS NULL) AND (turn_open IS NULL OR turn_open = 1)",
            name=op.f("ck_case_file_turn"),
        ),
        sa.CheckConstraint(
            "come_by IS NULL OR length(come_by) = 10", name=op.f("ck_case_file_come_by")
        ),
        sa.CheckConstraint(
            "discharged_at IS NULL OR (delivered_at IS NOT NULL AND discharged_at >= delivered_at)",
            name=op.f("ck_case_file_discharged"),
        ),
        sa.CheckConstraint(
            "ended_because IS NULL OR length(ended_because) >= 32",
            name=op.f("ck_case_file_ended_because_sealed"),
        ),
        sa.CheckConstraint(
            "facts IS NULL OR length(facts) >= 32", name=op.f("ck_case_file_facts_sealed")
        ),
        sa.CheckConstraint(
            "fetus_count IS NULL OR fetus_count BETWEEN 1 AND 9",
            name=op.f("ck_case_file_fetus_count"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_file_province")),
        sa.CheckConstraint(
            "length(residence_county) = 6 AND length(home_county) = 6",
            name=op.f("ck_case_file_counties"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_case_file_version")),
        sa.ForeignKeyConstraint(
            ["closing_visit_id", "id", "closing"],
            ["case_visit.id", "case_visit.file_id", "case_visit.closes"],
            name="fk_case_file_closing",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["id", "colour_seq", "colour", "purple"],
            ["case_colour.file_id", "case_colour.seq", "case_colour.colour", "case_colour.purple"],
            name="fk_case_file_colour",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["machine", "id", "last_seq", "status"],
            [
                "status_event.machine",
                "status_event.subject_id",
                "status_event.seq",
                "status_event.to_status",
            ],
            name="fk_case_file_stands",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_org"], ["organisation.id"], name=op.f("fk_case_file_owner_org")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_case_file_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_org"], ["organisation.id"], name=op.f("fk_case_file_registered_org")
        ),
        sa.ForeignKeyConstraint(
            ["turn_id", "id", "turn_open"],
            ["case_turn.id", "case_turn.file_id", "case_turn.is_open"],
            name="fk_case_file_turn",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_file_next", "case_file", ["next_due_at"], unique=False)
    op.create_index("ix_case_file_patient", "case_file", ["patient_id"], unique=False)
    op.create_index(
        "ix_case_file_residence", "case_file", ["residence_county", "status"], unique=False
    )
    op.create_index(
        "uq_case_file_open_patient",
        "case_file",
        ["patient_id"],
        unique=True,
        postgresql_where=sa.text(
            "status IN ('registered', 'screened_negative', 'screened_positive', 'referred_for_assessment', 'assessed', 'case_managed', 'delivery_planned', 'admitted_early', 'delivered', 'postpartum')"
        ),
        sqlite_where=sa.text(
            "status IN ('registered', 'screened_negative', 'screened_positive', 'referred_for_assessment', 'assessed', 'case_managed', 'delivery_planned', 'admitted_early', 'delivered', 'postpartum')"
        ),
    )


def _make_turn() -> None:
    op.create_table(
        "case_turn",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("user_id", Key(), nullable=False),
        sa.Column("org_id", Key(), nullable=False),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("to_at", When(), nullable=True),
        sa.Column("is_open", sa.Integer(), nullable=True),
        sa.Column("by_user", Key(), nullable=False),
        sa.CheckConstraint(
            "(to_at IS NULL) = (is_open IS NOT NULL) AND (is_open IS NULL OR is_open = 1)",
            name=op.f("ck_case_turn_is_open"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_turn_province")),
        sa.CheckConstraint("to_at IS NULL OR to_at >= from_at", name=op.f("ck_case_turn_forward")),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_case_turn_file_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_case_turn_org_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_case_turn_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_turn")),
        sa.UniqueConstraint("id", "file_id", "is_open", name="uq_case_turn_open_one"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_turn_user", "case_turn", ["user_id"], unique=False)
    op.create_index(
        "uq_case_turn_open",
        "case_turn",
        ["file_id"],
        unique=True,
        postgresql_where=sa.text("to_at IS NULL"),
        sqlite_where=sa.text("to_at IS NULL"),
    )


def _make_party() -> None:
    op.create_table(
        "case_party",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("org_id", Key(), nullable=True),
        sa.Column("division", sa.Text(), nullable=True),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("to_at", When(), nullable=True),
        sa.CheckConstraint(
            "capacity IN ('registered', 'responsible', 'assesses', 'residence_county', 'home_county', 'offered_county', 'consulted', 'booked', 'delivers')",
            name=op.f("ck_case_party_capacity"),
        ),
        sa.CheckConstraint(
            "(org_id IS NULL) <> (division IS NULL)", name=op.f("ck_case_party_who")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_party_province")),
        sa.CheckConstraint("to_at IS NULL OR to_at >= from_at", name=op.f("ck_case_party_forward")),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_case_party_file_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_case_party_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_party")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_party_of_org", "case_party", ["org_id", "file_id"], unique=False)
    op.create_index(
        "uq_case_party_area",
        "case_party",
        ["file_id", "capacity", "division"],
        unique=True,
        postgresql_where=sa.text("to_at IS NULL"),
        sqlite_where=sa.text("to_at IS NULL"),
    )
    op.create_index(
        "uq_case_party_org",
        "case_party",
        ["file_id", "capacity", "org_id"],
        unique=True,
        postgresql_where=sa.text("to_at IS NULL"),
        sqlite_where=sa.text("to_at IS NULL"),
    )


def make_colour_table() -> None:
    """Make it, after the assessments that it leads to."""
    op.create_table(
        "case_colour",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("prev_seq", sa.Integer(), nullable=True),
        sa.Column("from_colour", sa.Text(), nullable=False),
        sa.Column("from_purple", Flag(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("purple", Flag(), nullable=False),
        sa.Column("assessment_id", Key(), nullable=True),
        sa.Column("named_by", Key(), nullable=True),
        sa.Column("reason", Sealed(), nullable=True),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.CheckConstraint(
            "((CASE colour WHEN '' THEN 0 WHEN 'green' THEN 1 WHEN 'yellow' THEN 2 WHEN 'orange' THEN 3 WHEN 'red' THEN 4 END) >= (CASE from_colour WHEN '' THEN 0 WHEN 'green' THEN 1 WHEN 'yellow' THEN 2 WHEN 'orange' THEN 3 WHEN 'red' THEN 4 END) AND (purple OR NOT from_purple) AND NOT (colour = 'green' AND from_colour = '' AND NOT purple)) OR (named_by IS NOT NULL AND reason IS NOT NULL)",
            name=op.f("ck_case_colour_named"),
        ),
        sa.CheckConstraint(
            "(seq = 1 AND prev_seq IS NULL AND from_colour = '' AND NOT from_purple) OR (seq > 1 AND prev_seq IS NOT NULL AND prev_seq = seq - 1)",
            name=op.f("ck_case_colour_begins"),
        ),
        sa.CheckConstraint(
            "colour IN ('', 'green', 'yellow', 'orange', 'red') AND colour <> ''",
            name=op.f("ck_case_colour_colour"),
        ),
        sa.CheckConstraint(
            "assessment_id IS NOT NULL OR named_by IS NOT NULL", name=op.f("ck_case_colour_whence")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_colour_province")),
        sa.CheckConstraint(
            "reason IS NULL OR length(reason) >= 32", name=op.f("ck_case_colour_reason_sealed")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id", "file_id"],
            ["case_assessment.id", "case_assessment.file_id"],
            name="fk_case_colour_assessment",
        ),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_case_colour_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["file_id", "prev_seq", "from_colour", "from_purple"],
            ["case_colour.file_id", "case_colour.seq", "case_colour.colour", "case_colour.purple"],
            name="fk_case_colour_chain",
        ),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_case_colour_file_id")),
        sa.ForeignKeyConstraint(
            ["named_by"], ["user_account.id"], name=op.f("fk_case_colour_named_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_colour")),
        sa.UniqueConstraint("file_id", "prev_seq", name="uq_case_colour_follows"),
        sa.UniqueConstraint("file_id", "seq", "colour", "purple", name="uq_case_colour_stands"),
        sa.UniqueConstraint("file_id", "seq", name="uq_case_colour_seq"),
        sqlite_strict=True,
    )
