"""Files that a batch holds wholly: what belongs to them is known and need not be asked for.

A file that the batch has begun nobody else sees; one that it has locked nobody else writes in. What
the batch writes of either waits until its end (:mod:`app.batching`), so no statement would find it.
Outside of a batch nothing is held, and every look is a statement.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from sqlmodel import Session, SQLModel

from app.case_files.acts.tables import (
    CaseAssessment,
    CaseCounselling,
    CasePlan,
    CaseReport,
    CaseScreening,
    CaseVisit,
)
from app.case_files.belonging.tables import (
    CaseDelivery,
    CaseDue,
    CaseHandover,
    CaseNewborn,
    CaseReferral,
    CaseVerification,
)
from app.case_files.tables import CaseColour, CaseFile, CaseParty, CaseTurn
from app.writing import put_by

__all__ = ["BELONGING", "begins", "begun", "facts", "file", "files_of", "hold", "rows", "wrote"]

BELONGING = (
    CaseAssessment,
    CaseColour,
    CaseCounselling,
    CaseDelivery,
    CaseDue,
    CaseHandover,
    CaseNewborn,
    CaseParty,
    CasePlan,
    CaseReferral,
    CaseReport,
    CaseScreening,
    CaseTurn,
    CaseVerification,
    CaseVisit,
)
STATING = frozenset({CaseAssessment, CaseScreening, CaseVisit})
"""Entries that say what is known of her."""
_BELONGING = frozenset(BELONGING)
NAME = "case_files"
Belonging = TypeVar("Belonging", bound=SQLModel)
Rows = dict[type[SQLModel], list[SQLModel]]


class _Held:
    """Files by key, and what belongs to each by table, in the order in which it was written."""

    def __init__(self) -> None:
        self.begun: set[uuid.UUID] = set()
        self.files: dict[uuid.UUID, CaseFile] = {}
        self.rows: dict[uuid.UUID, Rows] = {}
        self.noted: dict[int, SQLModel] = {}
        self.facts: dict[uuid.UUID, tuple[object, Mapping[str, object]]] = {}

    def part_ends(self, *, kept: bool) -> None:
        """Let nothing go: nobody asks for a file that was begun and is not there."""

    def write(self, session: Session) -> None:
        """Write nothing: the rows wait with all others."""


def begins(session: Session, file: CaseFile) -> None:
    """Note that a file is begun here: nothing belongs to it yet, and who begins it sees it."""
    hold(session, file, {})
    held = put_by(session, NAME, _Held)
    if held is not None:
        held.begun.add(file.id)


def begun(session: Session, file_id: uuid.UUID) -> CaseFile | None:
    """Return a file that this batch has begun."""
    held = put_by(session, NAME, _Held)
    return None if held is None or file_id not in held.begun else held.files[file_id]


def hold(session: Session, file: CaseFile, rows: Mapping[type[SQLModel], list[SQLModel]]) -> None:
    """Note a file that nobody else writes in until this transaction ends, with all that is its."""
    held = put_by(session, NAME, _Held)
    if held is not None:
        held.files[file.id] = file
        held.rows[file.id] = {kind: rows.get(kind, []) for kind in BELONGING}
        held.noted.update((id(row), row) for several in rows.values() for row in several)


def wrote(session: Session, written: Iterable[SQLModel]) -> None:
    """Keep in mind what is written of a file that is held."""
    held = put_by(session, NAME, _Held)
    if held is None:
        return
    for row in written:
        kind = type(row)
        if kind not in _BELONGING:
            continue
        file_id: uuid.UUID = row.file_id  # type: ignore[attr-defined]
        if (mine := held.rows.get(file_id)) is not None:
            if kind in STATING:
                held.facts.pop(file_id, None)
            if id(row) not in held.noted:
                held.noted[id(row)] = row
                mine[kind].append(row)


def file(session: Session, file_id: uuid.UUID) -> CaseFile | None:
    """Return a file that is held."""
    held = put_by(session, NAME, _Held)
    return None if held is None else held.files.get(file_id)


def facts(
    session: Session, file: CaseFile, work_out: Callable[[], dict[str, object]]
) -> dict[str, object]:
    """Return what is known of a woman, worked out once for each entry that says something new."""
    held = put_by(session, NAME, _Held)
    if held is None or file.id not in held.files:
        return work_out()
    stands = file.facts, file.fetus_count
    known = held.facts.get(file.id)
    if known is None or known[0] != stands:
        held.facts[file.id] = known = (stands, work_out())
    return dict(known[1])


def files_of(session: Session, patient_ids: Iterable[uuid.UUID]) -> list[CaseFile]:
    """Return the files of a woman that are held."""
    held = put_by(session, NAME, _Held)
    wanted = set(patient_ids)
    return [] if held is None else [f for f in held.files.values() if f.patient_id in wanted]


def rows(session: Session, file_id: uuid.UUID, kind: type[Belonging]) -> Sequence[Belonging] | None:
    """Return what belongs to a file that is held; None where it has to be asked for."""
    held = put_by(session, NAME, _Held)
    mine = None if held is None else held.rows.get(file_id)
    return None if mine is None else [*mine[kind]]  # type: ignore[list-item]
