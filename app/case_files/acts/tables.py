"""Tables of what is written into a case file. A line is never changed.

Whoever was wrong writes another line that names the first one (R-STATE-03); a line is corrected
once, and what corrects it may be corrected in turn. What was found of her is sealed; beside it
stand only the few words by which lists are made.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.case_files.states import (
    COLOURS,
    Answer,
    Contact,
    PlanKind,
    ReportKind,
    Subject,
    VisitKind,
    VisitStatus,
)
from app.db_types import Flag, Key, When, listed, new_key, of_a_province, only_one
from app.keys.sealed import UNSEALED, Sealed, sealed_columns
from app.rows import Row
from routing.care.rows_deciding import Rank

__all__ = [
    "CaseAssessment",
    "CaseCounselling",
    "CasePlan",
    "CaseReport",
    "CaseScreening",
    "CaseVisit",
]


_SENIOR = (Rank.DEPUTY_CHIEF, Rank.CHIEF)


def _entry(table: str) -> tuple[Any, ...]:
    """Return what every table of entries refuses."""
    return (
        UniqueConstraint("id", "file_id", name=f"uq_{table}_of_file"),
        UniqueConstraint("corrects", name=f"uq_{table}_corrects"),
        ForeignKeyConstraint(
            ["corrects", "file_id"],
            [f"{table}.id", f"{table}.file_id"],
            name=f"fk_{table}_corrects",
        ),
        CheckConstraint("corrects IS NULL OR corrects <> id", name="corrects"),
        Index(f"ix_{table}_file", "file_id"),
        of_a_province(),
    )


class CaseScreening(Row, table=True):
    """The screening form of the first visit (R-SCREEN-01 to 09).

    ``form`` is what was found, answered and left open, item by item. Positive by any one item
    (R-SCREEN-02); negative only where nothing is left open, for unknown is not harmless.
    """

    __tablename__ = "case_screening"
    __table_args__ = (
        *_entry("case_screening"),
        CheckConstraint("found >= 0 AND left_open >= 0", name="counts"),
        CheckConstraint(
            "(result = 'positive' AND found > 0) OR (result = 'negative' AND found = 0 "
            "AND left_open = 0)",
            name="result",
        ),
        *sealed_columns("form"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    corrects: uuid.UUID | None = Field(default=None, sa_type=Key)
    result: str = Field(sa_type=Text)
    found: int
    left_open: int
    form: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    rule_set: str = Field(sa_type=Text)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class CaseAssessment(Row, table=True):
    """One assessment of her risk (R-COLOUR-012): what it was made from and what it said.

    ``facts`` and ``answer`` are documents of the triage. ``is_full`` tells that nothing was left
    undetermined above the colour and that it was made where it may be (R-COLOUR-000).
    """

    __tablename__ = "case_assessment"
    __table_args__ = (
        *_entry("case_assessment"),
        CheckConstraint(f"colour IN ({listed(COLOURS[1:])})", name="colour"),
        CheckConstraint("NOT is_full OR undetermined = 0", name="is_full"),
        CheckConstraint("conditions >= 0 AND undetermined >= 0", name="counts"),
        CheckConstraint("length(rule_set) > 0", name="rule_set"),
        *sealed_columns("facts", "answer", "assessor"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    corrects: uuid.UUID | None = Field(default=None, sa_type=Key)
    facts: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    answer: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    assessor: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    rule_set: str = Field(sa_type=Text)
    colour: str = Field(sa_type=Text)
    purple: bool = Field(sa_type=Flag)
    conditions: int
    undetermined: int
    is_full: bool = Field(sa_type=Flag)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class CasePlan(Row, table=True):
    """A plan for her care or for the worst hour (R-CASE-03).

    ``made_with`` is the higher centre it was made with, and ``agreed_by`` who agreed there. Of a
    judgement whether the pregnancy may continue that is where and by whom it was made, of which
    ``rank``; that it may not is said by a senior physician, and the woman knows (R-MGMT-RED).
    """

    __tablename__ = "case_plan"
    __table_args__ = (
        *_entry("case_plan"),
        CheckConstraint(f"kind IN ({listed(PlanKind)})", name="kind"),
        CheckConstraint("(made_with IS NULL) = (agreed_by IS NULL)", name="made_with"),
        CheckConstraint(f"rank IN ({listed(Rank)})", name="rank"),
        CheckConstraint(
            "(kind = 'continuation') = (may_continue IS NOT NULL) "
            "AND (kind <> 'continuation' OR made_with IS NOT NULL)",
            name="judged",
        ),
        CheckConstraint(
            f"may_continue IS NULL OR may_continue OR (rank IS NOT NULL AND rank IN "
            f"({listed(_SENIOR)}) AND woman_informed IS NOT NULL AND woman_informed)",
            name="denied",
        ),
        *sealed_columns("text", "agreed_by"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    corrects: uuid.UUID | None = Field(default=None, sa_type=Key)
    kind: str = Field(sa_type=Text)
    made_with: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="organisation.id")
    agreed_by: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    may_continue: bool | None = Field(default=None, sa_type=Flag)
    rank: str | None = Field(default=None, sa_type=Text)
    woman_informed: bool | None = Field(default=None, sa_type=Flag)
    text: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class CaseVisit(Row, table=True):
    """One word about a visit: planned for a day, held, missed, she was looked for, called off.

    All but a planned one may name it (``plan_id``); a planned visit is held or called off once and
    missed once. ``closes`` is 1 for the visit of the 42nd day that was held: nothing else closes a
    file. ``unstable`` is what such a visit says of a red disease. ``changed`` tells that her health
    has changed, so that she is assessed again at once (R-COLOUR-013).
    """

    __tablename__ = "case_visit"
    __table_args__ = (
        *_entry("case_visit"),
        UniqueConstraint("id", "file_id", "closes", name="uq_case_visit_closes"),
        ForeignKeyConstraint(
            ["plan_id", "file_id"],
            ["case_visit.id", "case_visit.file_id"],
            name="fk_case_visit_plan",
        ),
        ForeignKeyConstraint(
            ["assessment_id", "file_id"],
            ["case_assessment.id", "case_assessment.file_id"],
            name="fk_case_visit_assessment",
        ),
        CheckConstraint(f"kind IN ({listed(VisitKind)})", name="kind"),
        CheckConstraint(f"status IN ({listed(VisitStatus)})", name="status"),
        CheckConstraint(
            "(status = 'planned') = (planned_for IS NOT NULL) "
            "AND (status <> 'planned' OR plan_id IS NULL) "
            "AND (status NOT IN ('missed', 'contacted', 'called_off') OR plan_id IS NOT NULL)",
            name="plan",
        ),
        CheckConstraint("planned_for IS NULL OR length(planned_for) = 10", name="planned_for"),
        CheckConstraint("status <> 'held' OR findings IS NOT NULL", name="held"),
        CheckConstraint(
            f"(status = 'contacted') = (contact IS NOT NULL AND contact IN ({listed(Contact)}))",
            name="contact",
        ),
        CheckConstraint(
            "(closes IS NULL AND NOT (kind = 'day_42' AND status = 'held')) "
            "OR (closes IS NOT NULL AND closes = 1 AND kind = 'day_42' AND status = 'held')",
            name="closes",
        ),
        only_one("uq_case_visit_over", "plan_id", where="status IN ('held', 'called_off')"),
        only_one("uq_case_visit_missed", "plan_id", where="status = 'missed'"),
        *sealed_columns("findings"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    corrects: uuid.UUID | None = Field(default=None, sa_type=Key)
    plan_id: uuid.UUID | None = Field(default=None, sa_type=Key)
    assessment_id: uuid.UUID | None = Field(default=None, sa_type=Key)
    kind: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    planned_for: str | None = Field(default=None, sa_type=Text)
    contact: str | None = Field(default=None, sa_type=Text)
    unstable: bool | None = Field(default=None, sa_type=Flag)
    changed: bool = Field(default=False, sa_type=Flag)
    closes: int | None = None
    findings: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID | None = Field(default=None, sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class CaseCounselling(Row, table=True):
    """What was offered to a woman of 35 or more, and her answer (R-CASE-08).

    A refusal is an answer like any other and ends what is owed. ``said`` is who talked with her
    and what about.
    """

    __tablename__ = "case_counselling"
    __table_args__ = (
        *_entry("case_counselling"),
        CheckConstraint(f"subject IN ({listed(Subject)})", name="subject"),
        CheckConstraint(f"answer IN ({listed(Answer)})", name="answer"),
        *sealed_columns("said"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    corrects: uuid.UUID | None = Field(default=None, sa_type=Key)
    subject: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    said: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class CaseReport(Row, table=True):
    """A report that was sent to the institution in charge (R-REPORT), or a review (R-DUTY-05).

    ``about`` is the step of the colour that it reports.
    """

    __tablename__ = "case_report"
    __table_args__ = (
        *_entry("case_report"),
        ForeignKeyConstraint(["about"], ["case_colour.id"], name="fk_case_report_about"),
        CheckConstraint(f"kind IN ({listed(ReportKind)})", name="kind"),
        *sealed_columns("content"),
        Index("ix_case_report_about", "about"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    corrects: uuid.UUID | None = Field(default=None, sa_type=Key)
    about: uuid.UUID | None = Field(default=None, sa_type=Key)
    kind: str = Field(sa_type=Text)
    to_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    content: bytes = Field(default=UNSEALED, sa_type=Sealed, repr=False)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
