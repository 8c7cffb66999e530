"""Writing down, in the record of a case file, what was done with it and who looked at it."""

import uuid

from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.case_files.states import CASE_FILE
from app.work import Work

__all__ = ["noted"]


def noted(
    work: Work,
    file_id: uuid.UUID,
    act: str,
    *,
    what: str = CASE_FILE,
    object_id: uuid.UUID | None = None,
    scope: str | None = None,
    read: bool = False,
) -> None:
    """Write an act, or a look, into the chain of a case file."""
    record(
        work,
        chain=chain_of(Chain.CASE_FILE, file_id),
        act=act,
        object_kind=what,
        object_id=object_id or file_id,
        scope=scope,
        read=read,
    )
