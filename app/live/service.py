"""Telling screens that something has changed, in the transaction of the change."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from app.db import NEWS
from app.live import store
from app.live.tables import Change

__all__ = ["announce", "forget_changes"]


def announce(
    session: Session,
    *,
    kind: str,
    subject_id: uuid.UUID,
    version: int,
    province: str,
    orgs: Collection[uuid.UUID],
    divisions: Collection[str] = (),
    at: datetime,
) -> None:
    """Let those who may see something know that it has changed.

    Parameters
    ----------
    kind
        What has changed: ``referral``, ``offer``, ``transfer``, ``place``, ...
    version
        The number of its last event; a screen that has it already asks for nothing.
    orgs
        The organisations that may see it: who sends, who is asked, who has accepted, ...
    divisions
        Codes of the counties where those see it who look after an area.
    """
    row = Change(
        province=province,
        kind=kind,
        subject_id=subject_id,
        version=version,
        orgs=" ".join(sorted(map(str, orgs))),
        divisions=" ".join(sorted(divisions)),
        at=at,
    )
    store.add(session, row)
    session.info[NEWS] = True


def forget_changes(session: Session, before: datetime, *, most: int) -> int:
    """Delete some changes from before a time, the first ones first; how many."""
    return store.prune(session, before, most=most)
