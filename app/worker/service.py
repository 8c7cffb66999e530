"""Whether a worker lives."""

import uuid
from datetime import datetime, timedelta

from sqlmodel import Session

from app.worker import store

__all__ = ["BEAT_S", "beat", "begin", "end", "status"]

BEAT_S = 10
SILENT_S = 3 * BEAT_S
"""After so long without a beat nobody is working, and that is an alarm."""


def begin(session: Session, *, province: str, place: str, at: datetime) -> uuid.UUID:
    """Note that a worker begins; the key of this life."""
    return store.begin(session, province=province, place=place, at=at)


def beat(session: Session, key: uuid.UUID, *, at: datetime) -> None:
    """Note that it lives."""
    store.beat(session, key, at=at)


def end(session: Session, key: uuid.UUID, *, at: datetime) -> None:
    """Note that it ends as it should."""
    store.end(session, key, at=at)


def status(session: Session, *, at: datetime) -> dict[str, object]:
    """Return how many workers live, and whether there is reason for alarm."""
    alive, last = store.latest(session, since=at - timedelta(seconds=SILENT_S))
    age = None if last is None else max(int((at - last).total_seconds()), 0)
    return {"workers": alive, "last_beat_s": age, "alarm": alive == 0}
