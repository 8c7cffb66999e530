"""Every statement on what centres say for some hours."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, or_
from sqlmodel import Session, col, select, update

from app.accounts.tables import Organisation
from app.centres.tables_registry import RegistryVersion
from app.centres.tables_said import CapabilityNote, Diversion, DutyTurn

__all__ = [
    "diversion",
    "diversions_between",
    "diversions_in_force",
    "end_diversion",
    "end_run_out",
    "next_change",
    "notes_in_force",
    "open_diversion",
    "organisation_of",
    "turn",
    "turns_of",
    "turns_on_duty",
    "versions",
    "withdraw_turn",
]

# Built once: building a statement costs more than running it.
_VERSIONS = select(RegistryVersion.version, RegistryVersion.reports)
_TURNS_OF = (
    select(DutyTurn)
    .where(
        col(DutyTurn.from_at) <= bindparam("now"),
        col(DutyTurn.until_at) > bindparam("now"),
        col(DutyTurn.withdrawn_at).is_(None),
        col(DutyTurn.facility_id_or_adcode).in_(bindparam("codes", expanding=True)),
    )
    .order_by(col(DutyTurn.from_at).desc(), col(DutyTurn.id).desc())
)


def versions(session: Session) -> tuple[int, int]:
    """Return how often the registry was changed, and how often places were reported."""
    return session.exec(_VERSIONS).one()


def organisation_of(session: Session, facility_id: str) -> Organisation | None:
    """Return whose facility it is."""
    return session.exec(
        select(Organisation).where(Organisation.facility_id == facility_id)
    ).one_or_none()


def diversion(session: Session, key: uuid.UUID) -> Diversion | None:
    """Return one diversion."""
    return session.get(Diversion, key)


def turn(session: Session, key: uuid.UUID) -> DutyTurn | None:
    """Return one turn of the roster."""
    return session.get(DutyTurn, key)


def diversions_in_force(
    session: Session, now: datetime, facility_id: str | None = None
) -> Sequence[Diversion]:
    """Return the diversions that hold, of one facility or of all."""
    asked = select(Diversion).where(
        col(Diversion.ended_at).is_(None), Diversion.from_at <= now, Diversion.until_at > now
    )
    if facility_id is not None:
        asked = asked.where(Diversion.facility_id == facility_id)
    return session.exec(asked.order_by(Diversion.facility_id, Diversion.kind)).all()


def diversions_between(
    session: Session, facility_id: str, start: datetime, end: datetime
) -> Sequence[Diversion]:
    """Return every diversion of a facility that touches a span, ended or not, newest first."""
    last = func.coalesce(Diversion.ended_at, Diversion.until_at)
    return session.exec(
        select(Diversion)
        .where(Diversion.facility_id == facility_id, Diversion.from_at < end, last > start)
        .order_by(col(Diversion.from_at).desc(), col(Diversion.id).desc())
    ).all()


def open_diversion(session: Session, facility_id: str, kind: str) -> Diversion | None:
    """Return the diversion that nobody has ended."""
    return session.exec(
        select(Diversion).where(
            Diversion.facility_id == facility_id,
            Diversion.kind == kind,
            col(Diversion.ended_at).is_(None),
        )
    ).first()


def end_diversion(session: Session, key: uuid.UUID, *, at: datetime) -> bool:
    """End a diversion; false where somebody did before, or there is none."""
    done = session.exec(
        update(Diversion)
        .where(col(Diversion.id) == key, col(Diversion.ended_at).is_(None))
        .values(ended_at=at)
    )
    return bool(done.rowcount)


def end_run_out(session: Session, facility_id: str, kind: str, *, now: datetime) -> None:
    """Note of a diversion whose time has run out that it has ended."""
    session.exec(
        update(Diversion)
        .where(
            col(Diversion.facility_id) == facility_id,
            col(Diversion.kind) == kind,
            col(Diversion.ended_at).is_(None),
            col(Diversion.until_at) <= now,
        )
        .values(ended_at=now)
    )


def notes_in_force(
    session: Session, now: datetime, facility_id: str | None = None
) -> Sequence[CapabilityNote]:
    """Return the notes that hold, the one that was declared last at the end."""
    asked = select(CapabilityNote).where(
        CapabilityNote.from_at <= now, CapabilityNote.until_at > now
    )
    if facility_id is not None:
        asked = asked.where(CapabilityNote.facility_id == facility_id)
    return session.exec(
        asked.order_by(col(CapabilityNote.declared_at), col(CapabilityNote.id))
    ).all()


def turns_on_duty(
    session: Session, now: datetime, facility_id_or_adcode: str | None = None
) -> Sequence[DutyTurn]:
    """Return who is on duty, who came last first."""
    asked = select(DutyTurn).where(
        DutyTurn.from_at <= now, DutyTurn.until_at > now, col(DutyTurn.withdrawn_at).is_(None)
    )
    if facility_id_or_adcode is not None:
        asked = asked.where(DutyTurn.facility_id_or_adcode == facility_id_or_adcode)
    return session.exec(
        asked.order_by(
            DutyTurn.facility_id_or_adcode,
            DutyTurn.role,
            col(DutyTurn.from_at).desc(),
            col(DutyTurn.id).desc(),
        )
    ).all()


def turns_of(session: Session, now: datetime, codes: Collection[str]) -> Sequence[DutyTurn]:
    """Return who is on duty at some facilities and divisions, who came last first."""
    return session.exec(_TURNS_OF, params={"now": now, "codes": list(codes)}).all()


def withdraw_turn(session: Session, key: uuid.UUID, *, at: datetime) -> bool:
    """Take a turn off the roster; false where it was, or there is none."""
    done = session.exec(
        update(DutyTurn)
        .where(col(DutyTurn.id) == key, col(DutyTurn.withdrawn_at).is_(None))
        .values(withdrawn_at=at)
    )
    return bool(done.rowcount)


def next_change(session: Session, now: datetime) -> datetime | None:
    """Return when something said for some hours next begins or ends by itself."""
    moments = [
        moment
        for table, holds in _timed()
        for end in (table.from_at, table.until_at)
        if (moment := session.exec(select(func.min(end)).where(holds, end > now)).one()) is not None
    ]
    return min(moments, default=None)


def _timed() -> tuple[tuple[type[Diversion | CapabilityNote | DutyTurn], ColumnElement[bool]], ...]:
    return (
        (Diversion, col(Diversion.ended_at).is_(None)),
        (CapabilityNote, or_(col(CapabilityNote.id).is_not(None))),
        (DutyTurn, and_(col(DutyTurn.withdrawn_at).is_(None))),
    )
