"""What is done when something falls due, and what whoever does it is given."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.db import Database
from app.deadlines.states import Due

__all__ = ["Handler", "Handlers", "Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """A deadline that is being done: a transaction, and the time by the clock of the database."""

    session: Session
    now: datetime
    due: Due

    @property
    def subject_id(self) -> uuid.UUID:
        """Return what the deadline is about."""
        return self.due.subject_id

    @property
    def province(self) -> str:
        """Return the province of the deadline."""
        return self.due.province


@dataclass(frozen=True, slots=True)
class Handler:
    """What is done for one kind of deadline.

    Parameters
    ----------
    act
        Does it, in the transaction that marks the deadline as done: both or neither. It looks at
        the subject first and does nothing where that has moved on. It calls nobody outside.
    lock
        Locks the subject as commands on it do. Those lock the subject and then its deadlines;
        without this a worker would do it the other way round, and one of them be thrown out.
    before
        Is done before that transaction, in its own ones: what takes long, or takes a database. It
        may be done again by another worker where this one dies.
    bulk
        Thousands may fall due in one moment, after an import or the run of a night. They are done
        in a loop of their own: no step of an emergency stands in line behind them.
    """

    act: Callable[[Task], None]
    lock: Callable[[Session, uuid.UUID], object] | None = None
    before: Callable[[Database], object] | None = None
    bulk: bool = False


Handlers = Mapping[str, Handler]
