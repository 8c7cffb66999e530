"""Looks at files through broken glass, reviewed by somebody else; the open ones first."""

import uuid
from collections.abc import Sequence

from app import glass_store
from app.case_files import store
from app.case_files.belonging.tables import CaseGlass
from app.case_files.errors import FileRefusedError
from app.case_files.noting import noted
from app.errors import NotFoundError
from app.work import Work

__all__ = ["glasses_to_review", "review_glass"]


def glasses_to_review(
    work: Work, *, after: tuple[bool, uuid.UUID] | None, most: int
) -> Sequence[CaseGlass]:
    """Return the glasses broken in the province of the actor, not yet reviewed ones first."""
    return glass_store.glasses(work.session, CaseGlass, work.actor.province, after=after, most=most)


def review_glass(work: Work, glass_id: uuid.UUID, *, justified: bool) -> CaseGlass:
    """Say whether it was justified; nobody reviews herself.

    Raises
    ------
    FileRefusedError
        It is one's own, or was reviewed before.
    """
    row = glass_store.glass_of(work.session, CaseGlass, glass_id, work.actor.province)
    if row is None:
        raise NotFoundError("broken glass", str(glass_id))
    if faults := glass_store.faults_of_review(row, work.actor.user_id):
        raise FileRefusedError(faults)
    row.reviewed_at, row.reviewed_by, row.justified = work.now, work.actor.user_id, justified
    store.add(work.session, row)
    noted(work, row.file_id, "glass_reviewed", what="case_glass", object_id=row.id)
    return row
