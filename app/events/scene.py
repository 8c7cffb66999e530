"""An act: of a person, or of the system when a time has come."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.events.service import Hand
from app.work import Work

__all__ = ["Scene"]


@dataclass(frozen=True, slots=True)
class Scene:
    """A transaction, its time by the clock of the database, and whose hand it is."""

    session: Session
    now: datetime
    hand: Hand

    @classmethod
    def of(cls, work: Work, *, said_by: str | None = None) -> "Scene":
        """Return the scene of a person's act."""
        return cls(work.session, work.now, Hand.of(work, said_by=said_by))

    @classmethod
    def of_system(cls, session: Session, now: datetime, org: uuid.UUID) -> "Scene":
        """Return the scene of what happens by itself, for who owns the matter."""
        return cls(session, now, Hand(org))
