"""The tables of what is written into case files as step 0010 makes them."""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.keys.sealed import Sealed

__all__ = ["make_entry_tables", "make_report_table"]


def make_entry_tables() -> None:
    """Make them."""
    _make_screening()
    _make_assessment()
    _make_plan()
    _make_visit()
    _make_counselling()


def _make_screening() -> None:
    op.create_table(
        "case_screening",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("corrects", Key(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("left_open", sa.Integer(), nullable=False),
        sa.Column("form", Sealed(), nullable=False),
        sa.Column("rule_set", sa.Text(), nullable=False),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "(result = 'positive' AND found > 0) OR (result = 'negative' AND found = 0 AND left_open = 0)",
            name=op.f("ck_case_screening_result"),
        ),
        sa.CheckConstraint(
            "corrects IS NULL OR corrects <> id", name=op.f("ck_case_screening_corrects")
        ),
        sa.CheckConstraint(
            "form IS NULL OR length(form) >= 32", name=op.f("ck_case_screening_form_sealed")
        ),
        sa.CheckConstraint("found >= 0 AND left_open >= 0", name=op.f("ck_case_screening_counts")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_screening_province")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_case_screening_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["corrects", "file_id"],
            ["case_screening.id", "case_screening.file_id"],
            name="fk_case_screening_corrects",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_file.id"], name=op.f("fk_case_screening_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_screening")),
        sa.UniqueConstraint("corrects", name="uq_case_screening_corrects"),
        sa.UniqueConstraint("id", "file_id", name="uq_case_screening_of_file"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_screening_file", "case_screening", ["file_id"], unique=False)


def _make_assessment() -> None:
    op.create_table(
        "case_assessment",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("corrects", Key(), nullable=True),
        sa.Column("facts", Sealed(), nullable=False),
        sa.Column("answer", Sealed(), nullable=False),
        sa.Column("assessor", Sealed(), nullable=False),
        sa.Column("rule_set", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("purple", Flag(), nullable=False),
        sa.Column("conditions", sa.Integer(), nullable=False),
        sa.Column("undetermined", sa.Integer(), nullable=False),
        sa.Column("is_full", Flag(), nullable=False),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "colour IN ('green', 'yellow', 'orange', 'red')", name=op.f("ck_case_assessment_colour")
        ),
        sa.CheckConstraint(
            "NOT is_full OR undetermined = 0", name=op.f("ck_case_assessment_is_full")
        ),
        sa.CheckConstraint(
            "answer IS NULL OR length(answer) >= 32", name=op.f("ck_case_assessment_answer_sealed")
        ),
        sa.CheckConstraint(
            "assessor IS NULL OR length(assessor) >= 32",
            name=op.f("ck_case_assessment_assessor_sealed"),
        ),
        sa.CheckConstraint(
            "conditions >= 0 AND undetermined >= 0", name=op.f("ck_case_assessment_counts")
        ),
        sa.CheckConstraint(
            "corrects IS NULL OR corrects <> id", name=op.f("ck_case_assessment_corrects")
        ),
        sa.CheckConstraint(
            "facts IS NULL OR length(facts) >= 32", name=op.f("ck_case_assessment_facts_sealed")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_assessment_province")),
        sa.CheckConstraint("length(rule_set) > 0", name=op.f("ck_case_assessment_rule_set")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_case_assessment_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["corrects", "file_id"],
            ["case_assessment.id", "case_assessment.file_id"],
            name="fk_case_assessment_corrects",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_file.id"], name=op.f("fk_case_assessment_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_assessment")),
        sa.UniqueConstraint("corrects", name="uq_case_assessment_corrects"),
        sa.UniqueConstraint("id", "file_id", name="uq_case_assessment_of_file"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_assessment_file", "case_assessment", ["file_id"], unique=False)


def _make_plan() -> None:
    op.create_table(
        "case_plan",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("corrects", Key(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_with", Key(), nullable=True),
        sa.Column("agreed_by", Sealed(), nullable=True),
        sa.Column("may_continue", Flag(), nullable=True),
        sa.Column("rank", sa.Text(), nullable=True),
        sa.Column("woman_informed", Flag(), nullable=True),
        sa.Column("text", Sealed(), nullable=False),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('management', 'treatment', 'emergency', 'continuation')",
            name=op.f("ck_case_plan_kind"),
        ),
        sa.CheckConstraint(
            "(made_with IS NULL) = (agreed_by IS NULL)", name=op.f("ck_case_plan_made_with")
        ),
        sa.CheckConstraint(
            "rank IN ('resident', 'attending', 'deputy_chief', 'chief')",
            name=op.f("ck_case_plan_rank"),
        ),
        sa.CheckConstraint(
            "(kind = 'continuation') = (may_continue IS NOT NULL) AND (kind <> 'continuation' OR made_with IS NOT NULL)",
            name=op.f("ck_case_plan_judged"),
        ),
        sa.CheckConstraint(
            "may_continue IS NULL OR may_continue OR (rank IS NOT NULL AND rank IN ('deputy_chief', 'chief') AND woman_informed IS NOT NULL AND woman_informed)",
            name=op.f("ck_case_plan_denied"),
        ),
        sa.CheckConstraint(
            "agreed_by IS NULL OR length(agreed_by) >= 32",
            name=op.f("ck_case_plan_agreed_by_sealed"),
        ),
        sa.CheckConstraint(
            "corrects IS NULL OR corrects <> id", name=op.f("ck_case_plan_corrects")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_plan_province")),
        sa.CheckConstraint(
            "text IS NULL OR length(text) >= 32", name=op.f("ck_case_plan_text_sealed")
        ),
        sa.ForeignKeyConstraint(["by_org"], ["organisation.id"], name=op.f("fk_case_plan_by_org")),
        sa.ForeignKeyConstraint(
            ["corrects", "file_id"],
            ["case_plan.id", "case_plan.file_id"],
            name="fk_case_plan_corrects",
        ),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_case_plan_file_id")),
        sa.ForeignKeyConstraint(
            ["made_with"], ["organisation.id"], name=op.f("fk_case_plan_made_with")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_plan")),
        sa.UniqueConstraint("corrects", name="uq_case_plan_corrects"),
        sa.UniqueConstraint("id", "file_id", name="uq_case_plan_of_file"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_plan_file", "case_plan", ["file_id"], unique=False)


def _make_visit() -> None:
    op.create_table(
        "case_visit",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("corrects", Key(), nullable=True),
        sa.Column("plan_id", Key(), nullable=True),
        sa.Column("assessment_id", Key(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("planned_for", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("unstable", Flag(), nullable=True),
        sa.Column("changed", Flag(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("findings", Sealed(), nullable=True),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=True),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "(closes IS NULL AND NOT (kind = 'day_42' AND status = 'held')) OR (closes IS NOT NULL AND closes = 1 AND kind = 'day_42' AND status = 'held')",
            name=op.f("ck_case_visit_closes"),
        ),
        sa.CheckConstraint(
            "(status = 'contacted') = (contact IS NOT NULL AND contact IN ('reached', 'family_reached', 'visited_at_home', 'not_reached'))",
            name=op.f("ck_case_visit_contact"),
        ),
        sa.CheckConstraint(
            "(status = 'planned') = (planned_for IS NOT NULL) AND (status <> 'planned' OR plan_id IS NULL) AND (status NOT IN ('missed', 'contacted', 'called_off') OR plan_id IS NOT NULL)",
            name=op.f("ck_case_visit_plan"),
        ),
        sa.CheckConstraint(
            "kind IN ('antenatal', 'scar_ultrasound', 'placenta_imaging', 'postpartum', 'day_42')",
            name=op.f("ck_case_visit_kind"),
        ),
        sa.CheckConstraint(
            "status <> 'held' OR findings IS NOT NULL", name=op.f("ck_case_visit_held")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'held', 'missed', 'contacted', 'called_off')",
            name=op.f("ck_case_visit_status"),
        ),
        sa.CheckConstraint(
            "corrects IS NULL OR corrects <> id", name=op.f("ck_case_visit_corrects")
        ),
        sa.CheckConstraint(
            "findings IS NULL OR length(findings) >= 32", name=op.f("ck_case_visit_findings_sealed")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_visit_province")),
        sa.CheckConstraint(
            "planned_for IS NULL OR length(planned_for) = 10",
            name=op.f("ck_case_visit_planned_for"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id", "file_id"],
            ["case_assessment.id", "case_assessment.file_id"],
            name="fk_case_visit_assessment",
        ),
        sa.ForeignKeyConstraint(["by_org"], ["organisation.id"], name=op.f("fk_case_visit_by_org")),
        sa.ForeignKeyConstraint(
            ["corrects", "file_id"],
            ["case_visit.id", "case_visit.file_id"],
            name="fk_case_visit_corrects",
        ),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_case_visit_file_id")),
        sa.ForeignKeyConstraint(
            ["plan_id", "file_id"],
            ["case_visit.id", "case_visit.file_id"],
            name="fk_case_visit_plan",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_visit")),
        sa.UniqueConstraint("corrects", name="uq_case_visit_corrects"),
        sa.UniqueConstraint("id", "file_id", "closes", name="uq_case_visit_closes"),
        sa.UniqueConstraint("id", "file_id", name="uq_case_visit_of_file"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_visit_file", "case_visit", ["file_id"], unique=False)
    op.create_index(
        "uq_case_visit_missed",
        "case_visit",
        ["plan_id"],
        unique=True,
        postgresql_where=sa.text("status = 'missed'"),
        sqlite_where=sa.text("status = 'missed'"),
    )
    op.create_index(
        "uq_case_visit_over",
        "case_visit",
        ["plan_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('held', 'called_off')"),
        sqlite_where=sa.text("status IN ('held', 'called_off')"),
    )


def _make_counselling() -> None:
    op.create_table(
        "case_counselling",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("corrects", Key(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("said", Sealed(), nullable=False),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('accepted', 'refused', 'undecided')",
            name=op.f("ck_case_counselling_answer"),
        ),
        sa.CheckConstraint(
            "subject IN ('counselling', 'prenatal_diagnosis')",
            name=op.f("ck_case_counselling_subject"),
        ),
        sa.CheckConstraint(
            "corrects IS NULL OR corrects <> id", name=op.f("ck_case_counselling_corrects")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_counselling_province")),
        sa.CheckConstraint(
            "said IS NULL OR length(said) >= 32", name=op.f("ck_case_counselling_said_sealed")
        ),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_case_counselling_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["corrects", "file_id"],
            ["case_counselling.id", "case_counselling.file_id"],
            name="fk_case_counselling_corrects",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["case_file.id"], name=op.f("fk_case_counselling_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_counselling")),
        sa.UniqueConstraint("corrects", name="uq_case_counselling_corrects"),
        sa.UniqueConstraint("id", "file_id", name="uq_case_counselling_of_file"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_counselling_file", "case_counselling", ["file_id"], unique=False)


def make_report_table() -> None:
    """Make it, after the colours that it leads to."""
    op.create_table(
        "case_report",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("file_id", Key(), nullable=False),
        sa.Column("corrects", Key(), nullable=True),
        sa.Column("about", Key(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("to_org", Key(), nullable=False),
        sa.Column("content", Sealed(), nullable=False),
        sa.Column("happened_at", When(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('risk', 'maternal_death', 'death_review', 'near_miss', 'near_miss_review')",
            name=op.f("ck_case_report_kind"),
        ),
        sa.CheckConstraint(
            "content IS NULL OR length(content) >= 32", name=op.f("ck_case_report_content_sealed")
        ),
        sa.CheckConstraint(
            "corrects IS NULL OR corrects <> id", name=op.f("ck_case_report_corrects")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_case_report_province")),
        sa.ForeignKeyConstraint(["about"], ["case_colour.id"], name="fk_case_report_about"),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_case_report_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["corrects", "file_id"],
            ["case_report.id", "case_report.file_id"],
            name="fk_case_report_corrects",
        ),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_case_report_file_id")),
        sa.ForeignKeyConstraint(
            ["to_org"], ["organisation.id"], name=op.f("fk_case_report_to_org")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_report")),
        sa.UniqueConstraint("corrects", name="uq_case_report_corrects"),
        sa.UniqueConstraint("id", "file_id", name="uq_case_report_of_file"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_report_file", "case_report", ["file_id"], unique=False)
