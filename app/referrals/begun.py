"""What belongs to a referral or an offer that this transaction has begun.

Until it commits nobody else sees it, so nobody else writes of it: what this transaction wrote
itself is all there is, and need not be asked for again.
"""

import uuid
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlmodel import Session, SQLModel

from app.referrals.party_tables import Party, SpokenWord
from app.referrals.states import REFERRAL
from app.referrals.tables import EventWord, Offer, Referral, StatusEvent

__all__ = ["events", "is_begun", "rows", "words", "wrote"]

CHAINS, ROWS, WORDS = "chains_begun", "rows_of_the_begun", "words_of_the_begun"
BELONGING = (Party, Offer, SpokenWord)
Row = TypeVar("Row", Party, Offer, SpokenWord)


def wrote(session: Session, written: Iterable[SQLModel]) -> None:
    """Keep in mind what was written; an event that is the first of its chain begins something."""
    for row in written:
        if isinstance(row, StatusEvent):
            _wrote_event(session, row)
        elif isinstance(row, Referral) and is_begun(session, row.id):
            session.info.setdefault(ROWS, {}).setdefault(row.id, [])
        elif isinstance(row, EventWord):
            session.info.setdefault(WORDS, []).append(row)
        elif isinstance(row, BELONGING):
            known = session.info.get(ROWS, {}).get(row.referral_id)
            if known is not None and not any(one is row for one in known):
                known.append(row)


def is_begun(session: Session, referral_id: uuid.UUID) -> bool:
    """Whether this transaction has begun a referral."""
    return events(session, REFERRAL, referral_id) is not None


def events(session: Session, machine: str, subject_id: uuid.UUID) -> Sequence[StatusEvent] | None:
    """Return the chain of what was begun here; None where it was begun by others."""
    found: list[StatusEvent] | None = session.info.get(CHAINS, {}).get((machine, subject_id))
    return found


def words(session: Session, machine: str, subject_id: uuid.UUID) -> Sequence[EventWord] | None:
    """Return who spoke the events of what was begun here; None where it was begun by others."""
    if events(session, machine, subject_id) is None:
        return None
    found: list[EventWord] = session.info.get(WORDS, [])
    return [one for one in found if (one.machine, one.subject_id) == (machine, subject_id)]


def rows(session: Session, referral_id: uuid.UUID, kind: type[Row]) -> list[Row] | None:
    """Return what belongs to a referral that was begun here; None where others may have written."""
    found = session.info.get(ROWS, {}).get(referral_id)
    return None if found is None else [row for row in found if isinstance(row, kind)]


def _wrote_event(session: Session, event: StatusEvent) -> None:
    chains: dict[tuple[str, uuid.UUID], list[StatusEvent]] = session.info.setdefault(CHAINS, {})
    name = (event.machine, event.subject_id)
    if event.seq == 1:
        chains[name] = [event]
    elif name in chains:
        chains[name].append(event)
