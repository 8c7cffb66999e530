"""Tables of case files: the file, its chain of colours, who is responsible, who may see it.

A file stands where its last event says (:mod:`app.events`) and has the colour that its last line of
``case_colour`` says. A colour comes down only by a line with a name and a reason (R-COLOUR-005), a
managed file has one responsible clinician or says since when it has none (R-CASE-04), and it closes
only on the visit of the 42nd day (R-CASE-06): the database sees to all three.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.case_files.states import (
    BORN,
    CASE_FILE,
    COLOURS,
    ENDED,
    MANAGED,
    OPEN,
    Capacity,
    FileStatus,
)
from app.db_types import Flag, Key, When, listed, new_key, of_a_province, only_one
from app.events.tables import stands
from app.keys.sealed import Sealed, sealed_columns
from app.patients.states import AidGroup
from app.rows import Row

__all__ = ["CaseColour", "CaseFile", "CaseParty", "CaseTurn"]

_IS_OPEN = f"status IN ({listed(OPEN)})"
_COLOUR = f"colour IN ({listed(COLOURS)})"


def _rank(column: str) -> str:
    places = " ".join(f"WHEN '{colour}' THEN {n}" for n, colour in enumerate(COLOURS))
    return f"(CASE {column} {places} END)"


def _late(name: str, columns: list[str], table: str, to: list[str]) -> ForeignKeyConstraint:
    """Lead from the file to one of its own lines; both are there at the end of a transaction."""
    return ForeignKeyConstraint(
        columns,
        [f"{table}.{column}" for column in to],
        name=name,
        deferrable=True,
        initially="DEFERRED",
        use_alter=True,
    )


class CaseFile(Row, table=True):
    """One pregnancy of one woman, from its registration to six weeks after birth.

    ``number`` is what people say on the telephone. ``lmp`` and ``edd`` are days, and
    ``facts`` what was known of her at registration. ``colour`` is
    empty while she has none, ``purple`` stands beside it. ``reasons`` are the rules that opened the
    专案 at ``opened_at``, of ``profile``. ``turn_id`` leads to who is responsible; without anybody
    ``no_clinician_since`` is the alert. ``booked_facility_id`` is where she is to give birth and
    ``come_by`` the day by which she is to live near it. ``red_unstable`` is what the 42nd day found
    (R-POST-02). ``version`` counts everything that became of the file.

    ``from_35`` (on the due date), ``previous_caesarean`` and ``aid_group`` are what registers are
    made by, the four after them what R-IND-09 counts, all worked out in :mod:`.registers`; None
    is unknown, or not yet to be said.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(f"machine = '{CASE_FILE}'", name="machine"),
        CheckConstraint(f"status IN ({listed(FileStatus)})", name="status"),
        # A file that nobody has to look at by a time is one from which a follow-up vanishes.
        CheckConstraint(
            f"NOT ({_IS_OPEN}) OR (owner_org IS NOT NULL AND next_due_at IS NOT NULL "
            "AND next_step IS NOT NULL AND next_step <> '')",
            name="owned",
        ),
        CheckConstraint(
            "length(residence_county) = 6 AND length(home_county) = 6", name="counties"
        ),
        CheckConstraint(
            "(lmp IS NULL OR length(lmp) = 10) AND (edd IS NULL OR length(edd) = 10) "
            "AND (lmp IS NULL OR edd IS NULL OR edd > lmp)",
            name="days",
        ),
        CheckConstraint("fetus_count IS NULL OR fetus_count BETWEEN 1 AND 9", name="fetus_count"),
        CheckConstraint("screening IN ('negative', 'positive')", name="screening"),
        CheckConstraint(
            f"{_COLOUR} AND (colour_seq IS NOT NULL OR (colour = '' AND NOT purple))", name="colour"
        ),
        CheckConstraint("profile IN ('national', 'yunnan')", name="profile"),
        CheckConstraint(
            "(opened_at IS NULL) = (reasons = '') AND (opened_at IS NULL) = (profile IS NULL)",
            name="opened",
        ),
        CheckConstraint(
            f"status NOT IN ({listed(MANAGED)}) OR opened_at IS NOT NULL", name="managed"
        ),
        # R-CASE-04: somebody is responsible, or it is said since when nobody is.
        CheckConstraint(
            f"opened_at IS NULL OR NOT ({_IS_OPEN}) "
            "OR (turn_id IS NULL) <> (no_clinician_since IS NULL)",
            name="responsible",
        ),
        CheckConstraint(
            "(turn_id IS NULL) = (turn_open IS NULL) AND (turn_open IS NULL OR turn_open = 1)",
            name="turn",
        ),
        CheckConstraint(
            "status <> 'delivery_planned' OR booked_facility_id IS NOT NULL", name="planned"
        ),
        CheckConstraint("come_by IS NULL OR length(come_by) = 10", name="come_by"),
        CheckConstraint(
            f"status NOT IN ({listed((*BORN, FileStatus.CLOSED_42D))}) OR delivered_at IS NOT NULL",
            name="delivered",
        ),
        CheckConstraint(
            "discharged_at IS NULL OR (delivered_at IS NOT NULL AND discharged_at >= delivered_at)",
            name="discharged",
        ),
        # R-CASE-06, R-POST-02: unknown is not well.
        CheckConstraint(
            "status <> 'closed_42d' OR (closing_visit_id IS NOT NULL AND (colour <> 'red' "
            "OR (red_unstable IS NOT NULL AND NOT red_unstable)))",
            name="closed",
        ),
        CheckConstraint(
            "(closing_visit_id IS NULL) = (closing IS NULL) AND (closing IS NULL OR closing = 1)",
            name="closing",
        ),
        # Why a file ended is said; of one that went elsewhere that is who took it (R-CASE-06).
        CheckConstraint(
            f"status NOT IN ({listed(ENDED)}) OR ended_because IS NOT NULL", name="ended"
        ),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint(
            f"aid_group IS NULL OR aid_group IN ({listed(AidGroup)})", name="aid_group"
        ),
        # R-IND-09: what was closed in time was closed.
        CheckConstraint(
            "closed_in_time IS NULL OR NOT closed_in_time OR status = 'closed_42d'",
            name="closed_in_time",
        ),
        *sealed_columns("facts", "ended_because"),
        of_a_province(),
        stands("fk_case_file_stands"),
        _late(
            "fk_case_file_colour",
            ["id", "colour_seq", "colour", "purple"],
            "case_colour",
            ["file_id", "seq", "colour", "purple"],
        ),
        _late(
            "fk_case_file_turn",
            ["turn_id", "id", "turn_open"],
            "case_turn",
            ["id", "file_id", "is_open"],
        ),
        _late(
            "fk_case_file_closing",
            ["closing_visit_id", "id", "closing"],
            "case_visit",
            ["id", "file_id", "closes"],
        ),
        only_one("uq_case_file_open_patient", "patient_id", where=_IS_OPEN),
        Index("ix_case_file_patient", "patient_id"),
        Index("ix_case_file_next", "next_due_at"),
        Index("ix_case_file_residence", "residence_county", "status"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    machine: str = Field(default=CASE_FILE, sa_type=Text)
    patient_id: uuid.UUID = Field(sa_type=Key, foreign_key="patient.id")
    number: str = Field(sa_type=Text, unique=True)
    status: str = Field(sa_type=Text)
    last_seq: int
    version: int = 1
    owner_org: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="organisation.id")
    next_due_at: datetime | None = Field(default=None, sa_type=When)
    next_step: str | None = Field(default=None, sa_type=Text)
    registered_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    registered_at: datetime = Field(sa_type=When)
    residence_county: str = Field(sa_type=Text)
    home_county: str = Field(sa_type=Text)
    township: str | None = Field(default=None, sa_type=Text)
    lmp: str | None = Field(default=None, sa_type=Text)
    edd: str | None = Field(default=None, sa_type=Text)
    fetus_count: int | None = None
    facts: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    screening: str | None = Field(default=None, sa_type=Text)
    colour: str = Field(default="", sa_type=Text)
    purple: bool = Field(default=False, sa_type=Flag)
    colour_seq: int | None = None
    opened_at: datetime | None = Field(default=None, sa_type=When)
    reasons: str = Field(default="", sa_type=Text)
    profile: str | None = Field(default=None, sa_type=Text)
    turn_id: uuid.UUID | None = Field(default=None, sa_type=Key)
    turn_open: int | None = None
    no_clinician_since: datetime | None = Field(default=None, sa_type=When)
    booked_facility_id: str | None = Field(default=None, sa_type=Text)
    come_by: str | None = Field(default=None, sa_type=Text)
    delivered_at: datetime | None = Field(default=None, sa_type=When)
    discharged_at: datetime | None = Field(default=None, sa_type=When)
    red_unstable: bool | None = Field(default=None, sa_type=Flag)
    closing_visit_id: uuid.UUID | None = Field(default=None, sa_type=Key)
    closing: int | None = None
    ended_because: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    from_35: bool | None = Field(default=None, sa_type=Flag)
    previous_caesarean: bool | None = Field(default=None, sa_type=Flag)
    aid_group: str | None = Field(default=None, sa_type=Text)
    clinician_named: bool | None = Field(default=None, sa_type=Flag)
    reported_in_time: bool | None = Field(default=None, sa_type=Flag)
    seen_in_time: bool | None = Field(default=None, sa_type=Flag)
    closed_in_time: bool | None = Field(default=None, sa_type=Flag)


class CaseColour(Row, table=True):
    """One step of the standing colour; each names the step before it. Never changed.

    Up goes by an assessment at once. Down, and to green at first (R-SCREEN-13), goes only with the
    clinician who says so and the reason.
    """

    __tablename__ = "case_colour"
    __table_args__ = (
        UniqueConstraint("file_id", "seq", "colour", "purple", name="uq_case_colour_stands"),
        UniqueConstraint("file_id", "seq", name="uq_case_colour_seq"),
        UniqueConstraint("file_id", "prev_seq", name="uq_case_colour_follows"),
        ForeignKeyConstraint(
            ["file_id", "prev_seq", "from_colour", "from_purple"],
            [
                "case_colour.file_id",
                "case_colour.seq",
                "case_colour.colour",
                "case_colour.purple",
            ],
            name="fk_case_colour_chain",
        ),
        ForeignKeyConstraint(
            ["assessment_id", "file_id"],
            ["case_assessment.id", "case_assessment.file_id"],
            name="fk_case_colour_assessment",
        ),
        CheckConstraint(
            "(seq = 1 AND prev_seq IS NULL AND from_colour = '' AND NOT from_purple) "
            "OR (seq > 1 AND prev_seq IS NOT NULL AND prev_seq = seq - 1)",
            name="begins",
        ),
        CheckConstraint(f"{_COLOUR} AND colour <> ''", name="colour"),
        CheckConstraint(
            f"({_rank('colour')} >= {_rank('from_colour')} AND (purple OR NOT from_purple) "
            "AND NOT (colour = 'green' AND from_colour = '' AND NOT purple)) "
            "OR (named_by IS NOT NULL AND reason IS NOT NULL)",
            name="named",
        ),
        CheckConstraint("assessment_id IS NOT NULL OR named_by IS NOT NULL", name="whence"),
        *sealed_columns("reason"),
        of_a_province(),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    seq: int
    prev_seq: int | None = None
    from_colour: str = Field(sa_type=Text)
    from_purple: bool = Field(sa_type=Flag)
    colour: str = Field(sa_type=Text)
    purple: bool = Field(sa_type=Flag)
    assessment_id: uuid.UUID | None = Field(default=None, sa_type=Key)
    named_by: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="user_account.id")
    reason: bytes | None = Field(default=None, sa_type=Sealed, repr=False)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    at: datetime = Field(sa_type=When)


class CaseTurn(Row, table=True):
    """A clinician is responsible for a file, from a time until a time; one at a time (R-CASE-04).

    ``is_open`` is 1 while the turn lasts, and nothing afterwards.
    """

    __tablename__ = "case_turn"
    __table_args__ = (
        UniqueConstraint("id", "file_id", "is_open", name="uq_case_turn_open_one"),
        CheckConstraint(
            "(to_at IS NULL) = (is_open IS NOT NULL) AND (is_open IS NULL OR is_open = 1)",
            name="is_open",
        ),
        CheckConstraint("to_at IS NULL OR to_at >= from_at", name="forward"),
        of_a_province(),
        only_one("uq_case_turn_open", "file_id", where="to_at IS NULL"),
        Index("ix_case_turn_user", "user_id"),
        Index("ix_case_turn_file", "file_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    user_id: uuid.UUID = Field(sa_type=Key, foreign_key="user_account.id")
    org_id: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    from_at: datetime = Field(sa_type=When)
    to_at: datetime | None = Field(default=None, sa_type=When)
    is_open: int | None = 1
    by_user: uuid.UUID = Field(sa_type=Key)


class CaseParty(Row, table=True):
    """An organisation or an area that has to do with a file, from a time until a time.

    Who may see a file is read from these rows and from nowhere else. A line is ended, never
    deleted.
    """

    __tablename__ = "case_party"
    __table_args__ = (
        CheckConstraint(f"capacity IN ({listed(Capacity)})", name="capacity"),
        CheckConstraint("(org_id IS NULL) <> (division IS NULL)", name="who"),
        CheckConstraint("to_at IS NULL OR to_at >= from_at", name="forward"),
        of_a_province(),
        only_one("uq_case_party_org", "file_id", "capacity", "org_id", where="to_at IS NULL"),
        only_one("uq_case_party_area", "file_id", "capacity", "division", where="to_at IS NULL"),
        Index("ix_case_party_of_org", "org_id", "file_id"),
        Index("ix_case_party_file", "file_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    capacity: str = Field(sa_type=Text)
    org_id: uuid.UUID | None = Field(default=None, sa_type=Key, foreign_key="organisation.id")
    division: str | None = Field(default=None, sa_type=Text)
    from_at: datetime = Field(sa_type=When)
    to_at: datetime | None = Field(default=None, sa_type=When)
