"""One act: a transaction, who acts, and the time by the clock of the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.states import Actor

__all__ = ["Work"]


@dataclass(frozen=True, slots=True)
class Work:
    """What every act of a feature is given.

    ``now`` is asked of the database once in the transaction; ``device_at`` is what the device of
    the user took it to be, kept and never trusted (R-STATE-10). ``purpose`` is why a record is
    looked at where that is not plain from the role.
    """

    session: Session
    actor: Actor
    now: datetime
    device_at: datetime | None = None
    purpose: str | None = None
