"""What belongs to a referral or an offer that this transaction has begun.

Until it commits nobody else sees it, so nobody else writes of it: what this transaction wrote
itself is all there is, and need not be asked for again.
"""

import uuid
from collections.abc import Iterable
from typing import TypeVar

from sqlmodel import Session, SQLModel

from app.events.store import begun
from app.referrals.party_tables import Party, SpokenWord
from app.referrals.states import REFERRAL
from app.referrals.tables import Offer, Referral

__all__ = ["is_begun", "rows", "wrote"]

ROWS = "rows_of_the_begun"
BELONGING = (Party, Offer, SpokenWord)
Row = TypeVar("Row", Party, Offer, SpokenWord)


def wrote(session: Session, written: Iterable[SQLModel]) -> None:
    """Keep in mind what was written of what this transaction has begun."""
    for row in written:
        if isinstance(row, Referral) and is_begun(session, row.id):
            session.info.setdefault(ROWS, {}).setdefault(row.id, [])
        elif isinstance(row, BELONGING):
            known = session.info.get(ROWS, {}).get(row.referral_id)
            if known is not None and not any(one is row for one in known):
                known.append(row)


def is_begun(session: Session, referral_id: uuid.UUID) -> bool:
    """Whether this transaction has begun a referral."""
    return begun(session, REFERRAL, referral_id) is not None


def rows(session: Session, referral_id: uuid.UUID, kind: type[Row]) -> list[Row] | None:
    """Return what belongs to a referral that was begun here; None where others may have written."""
    found = session.info.get(ROWS, {}).get(referral_id)
    return None if found is None else [row for row in found if isinstance(row, kind)]
