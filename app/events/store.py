"""Every statement on events."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from app.events.tables import EventWord, StatusEvent
from app.writing import write

__all__ = [
    "add_event",
    "add_word",
    "begun",
    "begun_words",
    "event_words",
    "events_of",
    "know_events",
    "last_event",
]

CHAINS, WORDS, WRITTEN = "chains_begun", "words_of_the_begun", "events_written"
"""What a transaction has written itself, and need not read again."""
# Built once: building a statement costs more than running it.
_EVENTS = (
    select(StatusEvent)
    .where(
        col(StatusEvent.machine) == bindparam("machine"),
        col(StatusEvent.subject_id) == bindparam("subject_id"),
    )
    .order_by(col(StatusEvent.seq))
)
_EVENT_WORDS = select(EventWord).where(
    col(EventWord.machine) == bindparam("machine"),
    col(EventWord.subject_id) == bindparam("subject_id"),
)


def events_of(session: Session, machine: str, subject_id: uuid.UUID) -> Sequence[StatusEvent]:
    """Return the chain of one thing, first event first."""
    mine = begun(session, machine, subject_id)
    if mine is not None:
        return mine
    return session.exec(_EVENTS, params={"machine": machine, "subject_id": subject_id}).all()


def know_events(session: Session, machine: str, subject_ids: Collection[uuid.UUID]) -> None:
    """Read the chains of rows that this transaction has locked: nobody else adds to them."""
    chains: dict[tuple[str, uuid.UUID], list[StatusEvent]] = session.info.setdefault(CHAINS, {})
    found = session.exec(
        select(StatusEvent)
        .where(StatusEvent.machine == machine, col(StatusEvent.subject_id).in_(subject_ids))
        .order_by(col(StatusEvent.seq))
    )
    for row in found:
        chains.setdefault((machine, row.subject_id), []).append(row)
        session.info.setdefault(WRITTEN, {})[machine, row.subject_id] = row


def event_words(session: Session, machine: str, subject_id: uuid.UUID) -> Sequence[EventWord]:
    """Return who spoke the events of one thing."""
    mine = begun_words(session, machine, subject_id)
    if mine is not None:
        return mine
    return session.exec(_EVENT_WORDS, params={"machine": machine, "subject_id": subject_id}).all()


def last_event(session: Session, machine: str, subject_id: uuid.UUID) -> StatusEvent | None:
    """Return where a chain ends."""
    mine: StatusEvent | None = session.info.get(WRITTEN, {}).get((machine, subject_id))
    if mine is not None:
        return mine
    return session.exec(
        select(StatusEvent)
        .where(StatusEvent.machine == machine, StatusEvent.subject_id == subject_id)
        .order_by(col(StatusEvent.seq).desc())
        .limit(1)
    ).first()


def add_event(session: Session, row: StatusEvent) -> None:
    """Write the next event of a chain; until this transaction ends nobody else adds one."""
    write(session, row)
    name = (row.machine, row.subject_id)
    session.info.setdefault(WRITTEN, {})[name] = row
    chains: dict[tuple[str, uuid.UUID], list[StatusEvent]] = session.info.setdefault(CHAINS, {})
    if row.seq == 1:
        chains[name] = [row]
    elif name in chains:
        chains[name].append(row)


def add_word(session: Session, row: EventWord) -> None:
    """Write who spoke an event."""
    write(session, row)
    session.info.setdefault(WORDS, []).append(row)


def begun(session: Session, machine: str, subject_id: uuid.UUID) -> Sequence[StatusEvent] | None:
    """Return the chain of what was begun here; None where it was begun by others.

    Until this transaction commits nobody else sees it, so nobody else writes of it: what it wrote
    itself is all there is, and need not be asked for again.
    """
    found: list[StatusEvent] | None = session.info.get(CHAINS, {}).get((machine, subject_id))
    return found


def begun_words(
    session: Session, machine: str, subject_id: uuid.UUID
) -> Sequence[EventWord] | None:
    """Return who spoke the events of what was begun here; None where it was begun by others."""
    if begun(session, machine, subject_id) is None:
        return None
    found: list[EventWord] = session.info.get(WORDS, [])
    return [one for one in found if (one.machine, one.subject_id) == (machine, subject_id)]
