"""Lines of a worklist with who she is and why she is at risk: a look each, and written down."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from app.accounts.states import Role
from app.case_files import documents, store
from app.case_files.acts.tables import CaseAssessment
from app.case_files.noting import noted
from app.case_files.tables import CaseFile
from app.keys.keyring import KeyRing
from app.keys.words import document
from app.patients.service import identity_of
from app.work import Work

__all__ = ["because_of", "named_lines", "note_named"]

SHOWN = 3


def named_lines(
    work: Work,
    keys: KeyRing,
    files: Collection[CaseFile],
    lines: Sequence[documents.DueFileOut],
) -> Sequence[documents.DueFileOut]:
    """Return lines with the name of each woman and the conditions that lead her colour."""
    by_id = {one.id: one for one in files}
    return [line.model_copy(update=_person(work, keys, by_id[line.id])) for line in lines]


def note_named(work: Work, file_ids: Collection[uuid.UUID]) -> None:
    """Write down that these files were looked at, as lines of a worklist with names."""
    scope = "area" if work.actor.role is Role.MCH_MANAGER else "own"
    for file_id in file_ids:
        noted(work, file_id, "listed", what="worklist", scope=scope, read=True)


def because_of(work: Work, file: CaseFile) -> Sequence[str]:
    """Return the conditions of her last assessment that have her colour, else the first of all."""
    rows = store.entries_of(work.session, CaseAssessment, file.id)
    wrong = {one.corrects for one in rows}
    counting = [one for one in rows if one.id not in wrong]
    if not counting:
        return ()
    last = max(counting, key=lambda one: (one.happened_at, one.entered_at))
    found = document(work.session, last, "answer")["said"]["conditions"]
    leading = [one["rule"] for one in found if one.get("colour") == file.colour]
    return (leading or [one["rule"] for one in found])[:SHOWN]


def _person(work: Work, keys: KeyRing, file: CaseFile) -> Mapping[str, object]:
    who = identity_of(work, keys, file.patient_id)
    return {"name": who.name or who.unknown, "because": because_of(work, file)}
