"""Setting deadlines and calling them off, in the transaction of the change that they follow from.

A deadline is data, not a timer: whatever dies, it is there and falls due. Who does it when it is
due looks at the subject first; a deadline of something that has moved on has nothing to do.
"""

import random
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from app.deadlines import store, store_passed
from app.deadlines.errors import NoDeadLetterError
from app.deadlines.states import TRIES, Due, as_code, pause, read_payload, written_payload
from app.deadlines.tables import Deadline

__all__ = [
    "any_due",
    "cancel",
    "claim_due",
    "dead_letters",
    "fail",
    "finish",
    "first_due",
    "keep_hold",
    "let_pass",
    "open_deadlines",
    "open_of_kind",
    "payloads",
    "revive",
    "set_deadline",
    "set_deadlines",
    "status",
    "without_deadline",
]


def set_deadline(
    session: Session,
    kind: str,
    subject_id: uuid.UUID,
    due_at: datetime,
    *,
    province: str,
    payload: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> uuid.UUID:
    """Let something be done at a time; the open deadline of this kind and subject is moved there.

    Parameters
    ----------
    kind
        What is to be done: a code for which a worker has a handler.
    payload
        What the handler needs beside the subject: codes, flags, small numbers and keys.
    at
        When it was set; None reads the clock of the database.
    """
    row = Deadline(
        province=province,
        kind=kind,
        subject_id=subject_id,
        set_at=due_at,
        due_at=due_at,
        payload=written_payload(payload),
    )
    return store.put(session, row, at=at or store.clock(session))


def set_deadlines(
    session: Session,
    subject_id: uuid.UUID,
    due: Mapping[str, datetime],
    *,
    province: str,
    at: datetime,
    is_new: bool = False,
) -> None:
    """Let several things be done about a subject, each at its time; as :func:`set_deadline`.

    ``is_new`` where the transaction begins the subject: it has no other deadlines, and nobody else
    can move these before it commits.
    """
    rows = [
        Deadline(
            province=province,
            kind=kind,
            subject_id=subject_id,
            set_at=at,
            due_at=due_at,
            payload=written_payload(None),
        )
        for kind, due_at in due.items()
    ]
    store.put_all(session, rows)
    if is_new:
        store.know(session, subject_id, sorted(rows, key=lambda row: (row.due_at, row.id)))


def cancel(
    session: Session,
    subject_id: uuid.UUID,
    kinds: Collection[str] | None = None,
    *,
    at: datetime | None = None,
) -> int:
    """Call off the open deadlines of a subject, of all kinds or of some; how many that were."""
    return store.call_off(session, subject_id, kinds, at=at or store.clock(session))


def let_pass(session: Session, kind: str, subject_id: uuid.UUID, *, at: datetime) -> None:
    """Leave what has passed as a row of its own, before it is set anew by who has not done it."""
    store_passed.let_pass(session, subject_id, kind, at=at)


def first_due(
    session: Session, subjects: Collection[uuid.UUID], kinds: Collection[str], *, at: datetime
) -> Mapping[uuid.UUID, Mapping[str, datetime]]:
    """Return when what is still to be done fell due first, by subject and kind.

    What is done when it is due and set anew has fallen due; to call it off settles it. What has
    not passed yet is left out.
    """
    return store_passed.first_due(session, subjects, kinds, at=at)


def open_deadlines(session: Session, subject_id: uuid.UUID) -> Sequence[Deadline]:
    """Return what a subject still has before it, the next one first."""
    return store.open_of(session, subject_id)


def payloads(
    session: Session, kind: str, subjects: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Mapping[str, object]]:
    """Return what the open deadlines of one kind carry, by subject; who has none is left out."""
    found = store.payloads(session, kind, subjects)
    return {subject: read_payload(payload) for subject, payload in found}


def open_of_kind(session: Session, kind: str, province: str) -> Sequence[Deadline]:
    """Return what is still to be done of a kind in a province."""
    return store.open_of_kind(session, kind, province)


def without_deadline(
    session: Session, subjects: Collection[uuid.UUID], kinds: Collection[str]
) -> frozenset[uuid.UUID]:
    """Return those subjects that have no open deadline of any of these kinds: the safety net."""
    return frozenset(subjects) - store.with_open(session, subjects, kinds)


def dead_letters(session: Session, province: str) -> Sequence[Deadline]:
    """Return what failed too often in a province and waits for a person."""
    return store.dead(session, province)


def revive(session: Session, key: uuid.UUID, *, province: str, at: datetime) -> None:
    """Let a dead letter be tried again, from now on.

    Raises
    ------
    NoDeadLetterError
        There is none.
    """
    if not store.again(session, key, province, at=at):
        raise NoDeadLetterError(str(key))


def any_due(session: Session, kinds: Collection[str], *, at: datetime) -> bool:
    """Tell whether there is something to claim, without keeping anybody waiting."""
    return store.is_any_due(session, kinds, at=at)


def claim_due(
    session: Session, kinds: Collection[str], *, at: datetime, most: int, gives_up: bool = True
) -> tuple[Due, ...]:
    """Take some of what has fallen due in hand, for the length of a lease.

    Parameters
    ----------
    gives_up
        Over what worker after worker has died is made a dead letter first.
    """
    if gives_up:
        store.bury_lost(session, kinds, at=at)
    by = uuid.uuid4()
    return tuple(
        Due(
            id=row.id,
            province=row.province,
            kind=row.kind,
            subject_id=row.subject_id,
            due_at=row.due_at,
            payload=read_payload(row.payload),
            tries=row.tries,
            leased_by=by,
        )
        for row in store.claim(session, kinds, by=by, at=at, most=most)
    )


def keep_hold(session: Session, held: Sequence[Due], *, at: datetime) -> int:
    """Say that one is alive and still at work on what was claimed together; how much that is."""
    return store.keep_hold(session, [one.id for one in held], by=held[0].leased_by, at=at)


def finish(session: Session, due: Due, *, at: datetime) -> bool:
    """Mark a deadline as done; False where it was moved, called off or given to somebody else."""
    return store.finish(session, due.id, by=due.leased_by, at=at)


def fail(
    session: Session, due: Due, error: BaseException, *, at: datetime, gives_up: bool = True
) -> bool:
    """Note that it failed and when to try again; True where it is a dead letter now."""
    dies = gives_up and due.tries >= TRIES
    chance = random.random()  # noqa: S311  spreads, guards nothing
    store.give_back(
        session,
        due.id,
        by=due.leased_by,
        error=as_code(error),
        next_try_at=None if dies else at + pause(due.tries, chance),
        dead_at=at if dies else None,
    )
    return dies


def status(session: Session, *, at: datetime) -> dict[str, object]:
    """Return what a person who looks after the installation wants to know of deadlines."""
    waiting, overdue, dead, oldest = store.counted(session, at=at)
    late = 0 if oldest is None else int((at - oldest).total_seconds())
    return {"waiting": waiting, "overdue": overdue, "oldest_overdue_s": late, "dead": dead}
