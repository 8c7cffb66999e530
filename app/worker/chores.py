"""What is done again and again: a deadline that sets itself.

So every chore is done once however many workers there are, by the clock of the database, and one
that fails is tried again; it never becomes a dead letter, for nobody would set it again.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.db import Database
from app.deadlines.service import open_deadlines, set_deadline
from app.worker.handling import Handler, Task

__all__ = ["Chore", "bring_forward", "chore_handlers", "ensure_chores"]

SUBJECT = uuid.UUID("019ab3c4-0000-7000-8000-000000000001")
PREFIX = "chore_"


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that is done every so many seconds.

    Parameters
    ----------
    act
        Is done in the transaction that sets it again.
    before
        Is done before that, with the database and not in a transaction of ours.
    slow
        May take minutes; the others do not wait for it.
    """

    code: str
    every_s: int
    act: Callable[[Task], None] | None = None
    before: Callable[[Database], object] | None = None
    slow: bool = False

    @property
    def kind(self) -> str:
        """Return the kind of its deadlines."""
        return PREFIX + self.code


def chore_handlers(chores: Iterable[Chore]) -> dict[str, Handler]:
    """Return what does them and sets them again."""
    return {one.kind: Handler(_again_and_again(one), before=one.before) for one in chores}


def ensure_chores(
    database: Database, chores: Iterable[Chore], *, province: str, now: datetime | None = None
) -> None:
    """Set those that have no open deadline: the first time, and whatever was called off."""
    with database.reading() as session:
        known = {row.kind for row in open_deadlines(session, SUBJECT)}
    missing = [chore for chore in chores if chore.kind not in known]
    if not missing:
        return
    with database.writing() as session:
        at = now or database.now(session)
        for chore in missing:
            _set(session, chore, at, province=province, at=at)


def bring_forward(session: Session, code: str, *, province: str, at: datetime) -> None:
    """Let a chore be done at once, when the transaction has ended; it goes on as before then."""
    set_deadline(session, PREFIX + code, SUBJECT, at, province=province, at=at)


def _again_and_again(chore: Chore) -> Callable[[Task], None]:
    def act(task: Task) -> None:
        following = task.now + timedelta(seconds=chore.every_s)
        _set(task.session, chore, following, province=task.province, at=task.now)
        if chore.act is not None:
            chore.act(task)

    return act


def _set(session: Session, chore: Chore, due_at: datetime, *, province: str, at: datetime) -> None:
    set_deadline(session, chore.kind, SUBJECT, due_at, province=province, at=at)
