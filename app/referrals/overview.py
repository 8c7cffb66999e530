"""How many referrals are open and how long they wait: figures, no names."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.referrals import store_counts

__all__ = ["Overview", "overview"]


@dataclass(frozen=True, slots=True)
class Overview:
    """Open referrals by status, those past their deadline, and the oldest unanswered offer."""

    by_status: dict[str, int]
    overdue: int
    oldest_due_at: datetime | None
    oldest_offer_at: datetime | None


def overview(session: Session, *, at: datetime) -> Overview:
    """Count; exercises are in no figure."""
    overdue, oldest = store_counts.overdue(session, at=at)
    return Overview(
        store_counts.open_by_status(session),
        overdue,
        oldest,
        store_counts.oldest_open_offer(session),
    )
