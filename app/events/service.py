"""One more event at the end of a chain."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlmodel import Session

from app.db_types import new_key
from app.events import store
from app.events.errors import TransitionError
from app.events.states import START
from app.events.tables import EventWord, StatusEvent
from app.keys.words import sealed
from app.work import Work

__all__ = ["Hand", "Standing", "begin", "follow"]


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand an event is from.

    ``user`` is None where the system acts by itself, for the organisation that owns the matter.
    ``said_by`` is who spoke it, where somebody else entered it. ``device_at`` is what the device
    took the time to be.
    """

    org: uuid.UUID
    user: uuid.UUID | None = None
    role: str | None = None
    said_by: str | None = None
    device_at: datetime | None = None

    @classmethod
    def of(cls, work: Work, *, said_by: str | None = None) -> "Hand":
        """Return the hand of who acts."""
        who = work.actor
        return cls(who.org_id, who.user_id, who.role, said_by, work.device_at)


class Standing(Protocol):
    """A row that stands where its last event says."""

    id: uuid.UUID
    province: str
    machine: str
    status: str
    last_seq: int


def begin(
    session: Session,
    row: Standing,
    *,
    by: Hand,
    at: datetime,
) -> None:
    """Write the first event of a row that is about to be written."""
    row.last_seq = 1
    store.add_event(
        session,
        StatusEvent(
            machine=row.machine,
            subject_id=row.id,
            seq=1,
            province=row.province,
            from_status=START,
            to_status=row.status,
            at=at,
            device_at=by.device_at,
            by_org=by.org,
            by_user=by.user,
            by_role=by.role,
            spoken=by.said_by is not None,
        ),
    )
    _keep_word(session, row, by)


def follow(
    session: Session,
    row: Standing,
    wanted: str,
    *,
    by: Hand,
    at: datetime,
    moves: Mapping[str, tuple[StrEnum, ...]],
    reason: str | None = None,
) -> None:
    """Write the next event of a row that this transaction has locked, and move the row.

    Where clocks of several machines disagree the event takes the time of the one before it, for
    time never goes back along a chain (R-STATE-10). ``moves`` are those of its machine.

    Raises
    ------
    TransitionError
        The move is not allowed from where it stands.
    """
    allowed = moves[row.status]
    if wanted not in allowed:
        raise TransitionError(row.machine, row.status, wanted, allowed=allowed)
    last = store.last_event(session, row.machine, row.id)
    if last is None:
        raise AssertionError("a row without an event; the database would not have let it in")
    event = StatusEvent(
        machine=row.machine,
        subject_id=row.id,
        seq=last.seq + 1,
        province=row.province,
        prev_seq=last.seq,
        prev_at=last.at,
        from_status=last.to_status,
        to_status=wanted,
        at=max(at, last.at),
        device_at=by.device_at,
        by_org=by.org,
        by_user=by.user,
        by_role=by.role,
        spoken=by.said_by is not None,
        reason=reason,
    )
    store.add_event(session, event)
    row.status, row.last_seq = wanted, event.seq
    _keep_word(session, row, by)


def _keep_word(session: Session, row: Standing, by: Hand) -> None:
    """Keep who spoke the last event of a row."""
    if by.said_by is None:
        return
    key = new_key()
    word = EventWord(
        id=key,
        province=row.province,
        machine=row.machine,
        subject_id=row.id,
        seq=row.last_seq,
        said_by=sealed(session, EventWord, "said_by", key, by.said_by),
    )
    store.add_word(session, word)
