"""Looks at files through broken glass, reviewed by somebody else; the open ones first."""

import uuid
from collections.abc import Sequence

from app.case_files import store, store_glass
from app.case_files.errors import FileRefusedError
from app.case_files.link_tables import CaseGlass
from app.case_files.noting import noted
from app.errors import NotFoundError
from app.work import Work

__all__ = ["glasses_to_review", "review_glass"]


def glasses_to_review(
    work: Work, *, after: tuple[bool, uuid.UUID] | None, most: int
) -> Sequence[CaseGlass]:
    """Return the glasses broken in the province of the actor, not yet reviewed ones first."""
    return store_glass.glasses(work.session, work.actor.province, after=after, most=most)


def review_glass(work: Work, glass_id: uuid.UUID, *, justified: bool) -> CaseGlass:
    """Say whether it was justified; nobody reviews herself.

    Raises
    ------
    FileRefusedError
        It is one's own, or was reviewed before.
    """
    row = store_glass.glass_of(work.session, glass_id)
    if row is None or row.province != work.actor.province:
        raise NotFoundError("broken glass", str(glass_id))
    checks = (
        (row.user_id == work.actor.user_id, "own"),
        (row.reviewed_at is not None, "reviewed_before"),
    )
    if faults := [code for wrong, code in checks if wrong]:
        raise FileRefusedError(faults)
    row.reviewed_at, row.reviewed_by, row.justified = work.now, work.actor.user_id, justified
    store.add(work.session, row)
    noted(work, row.file_id, "glass_reviewed", what="case_glass", object_id=row.id)
    return row
