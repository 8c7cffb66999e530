"""What every entry of a file has: when it happened, who entered it, and what it corrects."""

import uuid
from datetime import datetime
from typing import TypedDict

from app.case_files import store
from app.case_files.errors import FileRefusedError
from app.case_files.states import NEXT, FileStatus
from app.case_files.store import Entry
from app.case_files.tables import CaseFile
from app.events.scene import Scene
from app.events.service import follow
from app.work import Work

__all__ = ["FOUND", "Entered", "Told", "entered", "move"]


FOUND = "found"
"""The reason of the only way back from being lost."""


class Told(TypedDict):
    """Columns that entries of all kinds share."""

    id: uuid.UUID
    province: str
    file_id: uuid.UUID
    corrects: uuid.UUID | None
    happened_at: datetime
    entered_at: datetime
    by_user: uuid.UUID
    by_org: uuid.UUID


class Entered:
    """When something happened, and the entry that it corrects; None is now, and none."""

    def __init__(
        self, happened_at: datetime | None = None, corrects: uuid.UUID | None = None
    ) -> None:
        self.happened_at, self.corrects = happened_at, corrects


def entered(work: Work, file: CaseFile, table: type[Entry], key: uuid.UUID, said: Entered) -> Told:
    """Return what every entry holds.

    Raises
    ------
    FileRefusedError
        It lies in the future, or corrects what is no entry of this file or was corrected before.
    """
    at = said.happened_at or work.now
    faults = ["in_the_future"] if at > work.now else []
    if said.corrects is not None:
        there = store.entries_of(work.session, table, file.id)
        if said.corrects not in {one.id for one in there}:
            faults.append("nothing_to_correct")
        elif said.corrects in {one.corrects for one in there}:
            faults.append("corrected_before")
    if faults:
        raise FileRefusedError(faults)
    return {
        "id": key,
        "province": file.province,
        "file_id": file.id,
        "corrects": said.corrects,
        "happened_at": at,
        "entered_at": work.now,
        "by_user": work.actor.user_id,
        "by_org": work.actor.org_id,
    }


def move(scene: Scene, file: CaseFile, wanted: FileStatus, *, reason: str | None = None) -> None:
    """Move a file that this transaction has locked; the caller writes it.

    Raises
    ------
    TransitionError
        The move is not allowed from where it stands.
    FileRefusedError
        She was lost: the file is taken up first, where it was (R-STATE-02).
    """
    if file.status == FileStatus.LOST_TO_FOLLOW_UP and reason != FOUND:
        raise FileRefusedError(["lost"])
    follow(scene.session, file, wanted, by=scene.hand, at=scene.now, reason=reason, moves=NEXT)
