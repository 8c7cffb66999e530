"""One more event at the end of a chain."""

import uuid
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from app.referrals import store
from app.referrals.errors import TransitionError
from app.referrals.states import MACHINES, START
from app.referrals.tables import StatusEvent

__all__ = ["Standing", "begin", "follow"]


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
    by_org: uuid.UUID,
    at: datetime,
    device_at: datetime | None = None,
) -> None:
    """Write the first event of a row that is about to be written."""
    row.last_seq = 1
    store.add(
        session,
        StatusEvent(
            machine=row.machine,
            subject_id=row.id,
            seq=1,
            province=row.province,
            from_status=START,
            to_status=row.status,
            at=at,
            device_at=device_at,
            by_org=by_org,
        ),
    )


def follow(
    session: Session,
    row: Standing,
    wanted: str,
    *,
    by_org: uuid.UUID,
    at: datetime,
    device_at: datetime | None = None,
    reason: str | None = None,
) -> None:
    """Write the next event of a row that this transaction has locked, and move the row.

    Where clocks of several machines disagree the event takes the time of the one before it, for
    time never goes back along a chain (R-STATE-10).

    Raises
    ------
    TransitionError
        The move is not allowed from where it stands.
    """
    allowed = MACHINES[row.machine][row.status]
    if wanted not in allowed:
        raise TransitionError(row.machine, row.status, wanted)
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
        device_at=device_at,
        by_org=by_org,
        reason=reason,
    )
    store.add(session, event)
    row.status, row.last_seq = wanted, event.seq
