"""Tables of booking runs, and of what they are made from: lodging, and wards that are closed."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.bookings.states import ClosureReason, LodgingReply, LodgingSource, RunStatus
from app.db_types import Flag, Key, When, listed, new_key, of_a_province
from app.rows import Row
from facilities.capacity import PlaceKind

__all__ = ["BookingRun", "LodgingAnswer", "LodgingPlace", "WardClosure"]


def _of_facility(table: str) -> ForeignKeyConstraint:
    """Refuse what speaks of a facility that there is not."""
    return ForeignKeyConstraint(
        ["facility_id"], ["organisation.facility_id"], name=f"fk_{table}_facility"
    )


class BookingRun(Row, table=True):
    """Bookings that were solved for a division. Never changed.

    ``made_by`` is nobody for the one of the night, and ``night`` the day of that: a night has one.
    ``answer`` is what the solver said, with files by their keys and nothing of a person. ``marks``
    are what each file stood at, with the minutes to the centre: of whom something has changed
    since, nothing is proposed. ``counties`` are
    where they live, for whoever may see of one county only. ``bound_tenths`` is
    nothing where nothing is proven.
    """

    __tablename__ = "booking_run"
    __table_args__ = (
        CheckConstraint(f"status IN ({listed(RunStatus)})", name="status"),
        CheckConstraint("NOT proven OR status = 'optimal'", name="proven"),
        CheckConstraint(
            "unbooked >= 0 AND set_aside >= 0 AND women >= unbooked + set_aside", name="women"
        ),
        CheckConstraint("weeks BETWEEN 1 AND 52", name="weeks"),
        CheckConstraint("(made_by IS NULL) = (night IS NOT NULL)", name="night"),
        UniqueConstraint("province", "night", name="uq_booking_run_night"),
        CheckConstraint(
            "(bound_tenths IS NULL OR bound_tenths <= objective_tenths) "
            "AND (NOT proven OR bound_tenths IS NOT NULL)",
            name="bound",
        ),
        of_a_province(),
        Index("ix_booking_run_division", "division"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    division: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    proven: bool = Field(sa_type=Flag)
    objective_tenths: int
    bound_tenths: int | None = None
    women: int
    unbooked: int
    set_aside: int = 0
    weeks: int
    rule_set: str = Field(sa_type=Text)
    answer: str = Field(sa_type=Text)
    marks: str = Field(sa_type=Text)
    counties: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=When)
    made_by: uuid.UUID | None = Field(default=None, sa_type=Key)
    night: str | None = Field(default=None, sa_type=Text)


class LodgingAnswer(Row, table=True):
    """Whether she will live near the hospital before labour; the last line counts. Never changed.

    She may say it again in other words at any time: each is a line.
    """

    __tablename__ = "lodging_answer"
    __table_args__ = (
        CheckConstraint(f"answer IN ({listed(LodgingReply)})", name="answer"),
        CheckConstraint("entered_at >= happened_at", name="forward"),
        of_a_province(),
        Index("ix_lodging_answer_file", "file_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    file_id: uuid.UUID = Field(sa_type=Key, foreign_key="case_file.id")
    answer: str = Field(sa_type=Text)
    happened_at: datetime = Field(sa_type=When)
    entered_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class LodgingPlace(Row, table=True):
    """So many places to live near a centre, from a day to a day. Never changed.

    Of several lines that hold on a day the one declared last counts. ``assumed`` where nobody of
    the centre has said so.
    """

    __tablename__ = "lodging_place"
    __table_args__ = (
        CheckConstraint("places BETWEEN 0 AND 10000", name="places"),
        CheckConstraint(
            "length(from_day) = 10 AND (to_day IS NULL OR (length(to_day) = 10 "
            "AND to_day >= from_day))",
            name="forward",
        ),
        CheckConstraint(f"source IN ({listed(LodgingSource)})", name="source"),
        _of_facility("lodging_place"),
        of_a_province(),
        Index("ix_lodging_place_facility", "facility_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    places: int
    from_day: str = Field(sa_type=Text)
    to_day: str | None = Field(default=None, sa_type=Text)
    source: str = Field(sa_type=Text)
    assumed: bool = Field(default=False, sa_type=Flag)
    declared_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")


class WardClosure(Row, table=True):
    """A centre books nobody into places of one kind, from a day through a day.

    It ends no booking: whoever is booked into those days is looked at again. ``lifted_at`` is said
    once, where the ward opens before its time.
    """

    __tablename__ = "ward_closure"
    __table_args__ = (
        CheckConstraint(f"kind IN ({listed(kind.value for kind in PlaceKind)})", name="kind"),
        CheckConstraint(f"reason IN ({listed(ClosureReason)})", name="reason"),
        CheckConstraint(
            "length(from_day) = 10 AND length(to_day) = 10 AND to_day >= from_day", name="forward"
        ),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) "
            "AND (lifted_at IS NULL OR lifted_at >= declared_at)",
            name="lifted",
        ),
        _of_facility("ward_closure"),
        of_a_province(),
        Index("ix_ward_closure_facility", "facility_id"),
        {"sqlite_strict": True},
    )

    id: uuid.UUID = Field(default_factory=new_key, primary_key=True, sa_type=Key)
    province: str = Field(sa_type=Text)
    facility_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    from_day: str = Field(sa_type=Text)
    to_day: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    declared_at: datetime = Field(sa_type=When)
    by_user: uuid.UUID = Field(sa_type=Key)
    by_org: uuid.UUID = Field(sa_type=Key, foreign_key="organisation.id")
    lifted_at: datetime | None = Field(default=None, sa_type=When)
    lifted_by: uuid.UUID | None = Field(default=None, sa_type=Key)
