"""Every statement on case files."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from app.accounts.tables import CommunityMember, Organisation
from app.case_files.acts.tables import (
    CaseAssessment,
    CaseCounselling,
    CasePlan,
    CaseReport,
    CaseScreening,
    CaseVisit,
)
from app.case_files.belonging import held
from app.case_files.belonging.tables import (
    CaseDelivery,
    CaseDue,
    CaseHandover,
    CaseNewborn,
    CaseReferral,
    CaseVerification,
)
from app.case_files.states import CASE_FILE, FOLLOWED, OPEN
from app.case_files.tables import CaseColour, CaseFile, CaseParty, CaseTurn
from app.db_types import Moment
from app.events.store import know_events
from app.writing import write

__all__ = [
    "Entry",
    "add",
    "by_number",
    "colours_of",
    "corrected",
    "due_of",
    "entries_of",
    "file_of",
    "handover_locked",
    "handovers_of",
    "hold_all",
    "last_of",
    "locked",
    "looked_at",
    "newborns_of",
    "numbers_of",
    "of_patients",
    "open_due",
    "open_handover",
    "open_of",
    "open_turn",
    "organisation_at",
    "owed_of",
    "page",
    "parties",
    "party",
    "referrals_of",
    "running",
    "turns_of",
    "verifications_of",
    "visit_of",
]

Entry = TypeVar(
    "Entry",
    CaseAssessment,
    CaseCounselling,
    CaseDelivery,
    CasePlan,
    CaseReport,
    CaseScreening,
    CaseVisit,
)


def add(session: Session, *rows: SQLModel) -> None:
    """Write rows now, so that what the database refuses is refused here."""
    write(session, *rows)
    held.wrote(session, rows)


def file_of(session: Session, file_id: uuid.UUID) -> CaseFile | None:
    """Return a file, whoever asks."""
    return held.file(session, file_id) or session.get(CaseFile, file_id)


def locked(session: Session, file_id: uuid.UUID) -> CaseFile | None:
    """Return a file that nobody else changes until this transaction ends."""
    if (mine := held.file(session, file_id)) is not None:
        return mine
    return session.exec(
        select(CaseFile)
        .where(CaseFile.id == file_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def hold_all(session: Session, file_ids: Collection[uuid.UUID]) -> Sequence[CaseFile]:
    """Lock files for a batch, and read all that belongs to them, by one statement a table."""
    if not file_ids:
        return []
    fresh = {"populate_existing": True}
    files = session.exec(
        select(CaseFile)
        .where(col(CaseFile.id).in_(file_ids))
        .order_by(col(CaseFile.id))
        .with_for_update()
        .execution_options(**fresh)
    ).all()
    found: dict[uuid.UUID, dict[type[SQLModel], list[SQLModel]]] = {one.id: {} for one in files}
    for kind in held.BELONGING:
        of_kind = select(kind).where(col(kind.file_id).in_(file_ids)).order_by(col(kind.id))
        for row in session.exec(of_kind.execution_options(**fresh)):
            found[row.file_id].setdefault(kind, []).append(row)  # type: ignore[attr-defined]
    for file in files:
        held.hold(session, file, found[file.id])
    know_events(session, CASE_FILE, [*found])
    return files


def looked_at(session: Session, file_id: uuid.UUID, scope: ColumnElement[bool]) -> CaseFile | None:
    """Return a file within a scope."""
    return session.exec(select(CaseFile).where(CaseFile.id == file_id, scope)).first()


def page(
    session: Session,
    scope: ColumnElement[bool],
    *more: ColumnElement[bool],
    after: uuid.UUID | None,
    most: int,
) -> Sequence[CaseFile]:
    """Return files of a scope in the order in which they were registered."""
    asked = select(CaseFile).where(scope, *more)
    if after is not None:
        asked = asked.where(col(CaseFile.id) > after)
    return session.exec(asked.order_by(col(CaseFile.id)).limit(most)).all()


def by_number(session: Session, province: str, number: str) -> CaseFile | None:
    """Return the file of a number that was said on the telephone."""
    return session.exec(
        select(CaseFile).where(CaseFile.number == number, CaseFile.province == province)
    ).first()


def numbers_of(
    session: Session, keys: Collection[uuid.UUID], province: str
) -> Mapping[uuid.UUID, str]:
    """Return what people call several files of a province."""
    asked = select(CaseFile.id, CaseFile.number)
    asked = asked.where(col(CaseFile.id).in_(keys), CaseFile.province == province)
    return dict(session.exec(asked).all())


def of_patients(session: Session, patient_ids: Collection[uuid.UUID]) -> Sequence[CaseFile]:
    """Return the files of a woman, who may have several records; the last one first."""
    if mine := held.files_of(session, patient_ids):
        return mine
    return session.exec(
        select(CaseFile)
        .where(col(CaseFile.patient_id).in_(patient_ids))
        .order_by(col(CaseFile.id).desc())
    ).all()


def open_of(session: Session, patient_ids: Collection[uuid.UUID]) -> CaseFile | None:
    """Return the file of a woman that somebody looks at, or one that was lost."""
    found = [one for one in of_patients(session, patient_ids) if one.status in FOLLOWED]
    return min(found, key=lambda one: (one.status not in OPEN, -one.id.int), default=None)


def entries_of(session: Session, table: type[Entry], file_id: uuid.UUID) -> Sequence[Entry]:
    """Return the entries of a kind in the order in which they were made."""
    if (mine := held.rows(session, file_id, table)) is not None:
        return mine
    return session.exec(select(table).where(table.file_id == file_id).order_by(col(table.id))).all()


def corrected(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return those that count: an entry that another one corrects does not."""
    wrong = {one.corrects for one in entries if one.corrects is not None}
    return [one for one in entries if one.id not in wrong]


def last_of(session: Session, table: type[Entry], file_id: uuid.UUID) -> Entry | None:
    """Return the entry of a kind that counts last."""
    found = corrected(entries_of(session, table, file_id))
    return max(found, key=lambda one: (one.happened_at, one.id), default=None)


def visit_of(session: Session, file_id: uuid.UUID, visit_id: uuid.UUID) -> CaseVisit | None:
    """Return an entry about a visit of a file."""
    if (mine := held.rows(session, file_id, CaseVisit)) is not None:
        return next((one for one in mine if one.id == visit_id), None)
    return session.exec(
        select(CaseVisit).where(CaseVisit.id == visit_id, CaseVisit.file_id == file_id)
    ).first()


def colours_of(session: Session, file_id: uuid.UUID) -> Sequence[CaseColour]:
    """Return the chain of colours, the first one first."""
    if (mine := held.rows(session, file_id, CaseColour)) is not None:
        return sorted(mine, key=lambda one: one.seq)
    return session.exec(
        select(CaseColour).where(CaseColour.file_id == file_id).order_by(col(CaseColour.seq))
    ).all()


def turns_of(session: Session, file_id: uuid.UUID) -> Sequence[CaseTurn]:
    """Return who was and is responsible."""
    if (mine := held.rows(session, file_id, CaseTurn)) is not None:
        return mine
    return session.exec(
        select(CaseTurn).where(CaseTurn.file_id == file_id).order_by(col(CaseTurn.id))
    ).all()


def open_turn(session: Session, file_id: uuid.UUID) -> CaseTurn | None:
    """Return who is responsible now."""
    if (mine := held.rows(session, file_id, CaseTurn)) is not None:
        return next((one for one in mine if one.to_at is None), None)
    return session.exec(
        select(CaseTurn).where(CaseTurn.file_id == file_id, col(CaseTurn.to_at).is_(None))
    ).first()


def running(at: Moment) -> ColumnElement[bool]:
    """Return what makes a line about a party one that counts at a time."""
    return or_(col(CaseParty.to_at).is_(None), col(CaseParty.to_at) > at)


def parties(session: Session, file_id: uuid.UUID, *, at: datetime) -> Sequence[CaseParty]:
    """Return who has to do with a file now."""
    if (mine := held.rows(session, file_id, CaseParty)) is not None:
        return [one for one in mine if one.to_at is None or one.to_at > at]
    return session.exec(
        select(CaseParty)
        .where(CaseParty.file_id == file_id, running(at))
        .order_by(col(CaseParty.id))
    ).all()


def party(
    session: Session,
    file_id: uuid.UUID,
    capacity: str,
    *,
    org_id: uuid.UUID | None = None,
    division: str | None = None,
) -> Sequence[CaseParty]:
    """Return the open lines in a capacity, of one organisation or area or of all."""
    if (mine := held.rows(session, file_id, CaseParty)) is not None:
        return [
            one
            for one in mine
            if one.capacity == capacity
            and one.to_at is None
            and org_id in (None, one.org_id)
            and division in (None, one.division)
        ]
    asked = select(CaseParty).where(
        CaseParty.file_id == file_id, CaseParty.capacity == capacity, col(CaseParty.to_at).is_(None)
    )
    if org_id is not None:
        asked = asked.where(CaseParty.org_id == org_id)
    if division is not None:
        asked = asked.where(CaseParty.division == division)
    return session.exec(asked).all()


def due_of(session: Session, file_id: uuid.UUID) -> Sequence[CaseDue]:
    """Return all that is and was owed for a file."""
    if (mine := held.rows(session, file_id, CaseDue)) is not None:
        return mine
    return session.exec(
        select(CaseDue).where(CaseDue.file_id == file_id).order_by(col(CaseDue.id))
    ).all()


def open_due(session: Session, file_id: uuid.UUID) -> Sequence[CaseDue]:
    """Return what is owed for a file, the next first; what nobody can date comes last."""
    mine = held.rows(session, file_id, CaseDue)
    found = (
        session.exec(
            select(CaseDue).where(CaseDue.file_id == file_id, col(CaseDue.ended_at).is_(None))
        ).all()
        if mine is None
        else [one for one in mine if one.ended_at is None]
    )
    dated = sorted((one for one in found if one.due_at), key=lambda one: (one.due_at, one.id))
    return [*dated, *(one for one in found if one.due_at is None)]


def owed_of(
    session: Session, file_ids: Collection[uuid.UUID], *more: ColumnElement[bool]
) -> Sequence[CaseDue]:
    """Return what is owed for some files, the next first."""
    return session.exec(
        select(CaseDue)
        .where(col(CaseDue.file_id).in_(file_ids), col(CaseDue.ended_at).is_(None), *more)
        .order_by(col(CaseDue.due_at), col(CaseDue.id))
    ).all()


def open_handover(session: Session, file_id: uuid.UUID) -> CaseHandover | None:
    """Return the offer to another county that nobody has answered."""
    if (mine := held.rows(session, file_id, CaseHandover)) is not None:
        return next((one for one in mine if one.answered_at is None), None)
    return session.exec(
        select(CaseHandover).where(
            CaseHandover.file_id == file_id, col(CaseHandover.answered_at).is_(None)
        )
    ).first()


def handover_locked(session: Session, handover_id: uuid.UUID) -> CaseHandover | None:
    """Return an offer that nobody else answers until this transaction ends."""
    return session.exec(
        select(CaseHandover)
        .where(CaseHandover.id == handover_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def handovers_of(session: Session, file_id: uuid.UUID) -> Sequence[CaseHandover]:
    """Return every offer of a file to another county."""
    if (mine := held.rows(session, file_id, CaseHandover)) is not None:
        return mine
    return session.exec(
        select(CaseHandover).where(CaseHandover.file_id == file_id).order_by(col(CaseHandover.id))
    ).all()


def verifications_of(session: Session, file_id: uuid.UUID) -> Sequence[CaseVerification]:
    """Return which counties have said that she is known there."""
    if (mine := held.rows(session, file_id, CaseVerification)) is not None:
        return mine
    return session.exec(
        select(CaseVerification)
        .where(CaseVerification.file_id == file_id)
        .order_by(col(CaseVerification.id))
    ).all()


def referrals_of(session: Session, file_id: uuid.UUID) -> Sequence[CaseReferral]:
    """Return the referrals of the woman of a file."""
    if (mine := held.rows(session, file_id, CaseReferral)) is not None:
        return mine
    return session.exec(
        select(CaseReferral).where(CaseReferral.file_id == file_id).order_by(col(CaseReferral.id))
    ).all()


def newborns_of(session: Session, file_id: uuid.UUID) -> Sequence[CaseNewborn]:
    """Return the newborns of a file in the order in which they were entered."""
    if (mine := held.rows(session, file_id, CaseNewborn)) is not None:
        return mine
    return session.exec(
        select(CaseNewborn).where(CaseNewborn.file_id == file_id).order_by(col(CaseNewborn.id))
    ).all()


def organisation_at(session: Session, facility_id: str) -> uuid.UUID | None:
    """Return the organisation of a facility of the registry, once asked for in a transaction."""
    known: dict[str, uuid.UUID] = session.info.setdefault("organisation_at", {})
    if facility_id not in known:
        found = session.exec(
            select(Organisation.id).where(Organisation.facility_id == facility_id)
        ).first()
        if found is None:
            return None
        known[facility_id] = found
    return known[facility_id]


def led_by(org_id: uuid.UUID, at: Moment) -> ColumnElement[bool]:
    """Return what makes a party a member of the community that an organisation leads."""
    lead, member = CommunityMember.__table__.alias(), CommunityMember.__table__.alias()  # type: ignore[attr-defined]
    counts = [or_(one.c.to_at.is_(None), one.c.to_at > at) for one in (lead, member)]
    return col(CaseParty.org_id).in_(
        select_columns(member.c.member_id)
        .select_from(member.join(lead, lead.c.community_id == member.c.community_id))
        .where(lead.c.member_id == org_id, lead.c.is_lead, *counts)
    )
