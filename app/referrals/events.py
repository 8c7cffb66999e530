"""One more event at the end of the chain of a referral or an offer."""

from datetime import datetime

from sqlmodel import Session

from app.events import service
from app.events.service import Hand, Standing, begin
from app.referrals.states import MACHINES

__all__ = ["Hand", "Standing", "begin", "follow"]


def follow(
    session: Session,
    row: Standing,
    wanted: str,
    *,
    by: Hand,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Write the next event of a row that this transaction has locked, and move the row."""
    moves = MACHINES[row.machine]
    service.follow(session, row, wanted, by=by, at=at, reason=reason, moves=moves)
