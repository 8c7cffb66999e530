"""Statements on the entries of many files that state facts of a woman."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from app.case_files.acts.tables import CaseAssessment, CaseScreening, CaseVisit
from app.case_files.store import corrected

__all__ = ["Stating", "entries_counted", "stating_of"]

Entry = TypeVar("Entry", CaseAssessment, CaseScreening, CaseVisit)

Stating = CaseAssessment | CaseScreening | CaseVisit
"""Entries that state facts of her."""


def stating_of(
    session: Session, file_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[Stating]]:
    """Return the entries of files that state facts and count; of visits those that do."""
    states = or_(col(CaseVisit.unstable).is_not(None), col(CaseVisit.corrects).is_not(None))
    rows: list[Stating] = [
        *corrected(_of_files(session, CaseScreening, file_ids)),
        *corrected(_of_files(session, CaseAssessment, file_ids)),
        *corrected(_of_files(session, CaseVisit, file_ids, states)),
    ]
    found: dict[uuid.UUID, list[Stating]] = {}
    for one in rows:
        found.setdefault(one.file_id, []).append(one)
    return found


def _of_files(
    session: Session,
    table: type[Entry],
    file_ids: Collection[uuid.UUID],
    *more: ColumnElement[bool],
) -> Sequence[Entry]:
    return session.exec(select(table).where(col(table.file_id).in_(file_ids), *more)).all()


def entries_counted(session: Session, file_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return how many entries of files state facts: rows are only added, so a number tells."""
    found = dict.fromkeys(file_ids, 0)
    for table in (CaseScreening, CaseAssessment):
        asked = (
            select(table.file_id, func.count())
            .where(col(table.file_id).in_(file_ids))
            .group_by(col(table.file_id))
        )
        for file_id, number in session.exec(asked):
            found[file_id] += number
    return found
