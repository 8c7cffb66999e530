"""One pass over what has fallen due.

Two transactions for each. The first takes it in hand for the length of a lease, so that a worker
that dies leaves it to the next one. The second does what is to be done and marks it as done: an
effect without its mark, or a mark without its effect, is not possible, and a second worker with the
same deadline finds it marked.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.db import Database
from app.deadlines import service as deadlines
from app.deadlines.states import LEASE, Due, as_code
from app.failpoints import passing
from app.worker.handling import Handler, Handlers, Task

__all__ = ["Counts", "DeadlinePass"]

LOGGER = logging.getLogger("greenchannel.worker")
AT_ONCE = 4
"""So few in hand that all are done well within a lease."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a pass."""

    done: int = 0
    failed: int = 0
    dead: int = 0
    gone: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.done + other.done,
            self.failed + other.failed,
            self.dead + other.dead,
            self.gone + other.gone,
        )

    @property
    def any(self) -> bool:
        """Whether there was something to do."""
        return self != Counts()


class DeadlinePass:
    """Does what has fallen due of the kinds that it has handlers for.

    What it has none for stays for a worker of the version that has; it is overdue and seen. One
    that never ``gives_up`` tries for ever.
    """

    def __init__(self, database: Database, handlers: Handlers, *, gives_up: bool = True) -> None:
        self._database = database
        self._handlers = handlers
        self._gives_up = gives_up

    def run(self, now: datetime | None = None) -> Counts:
        """Do a few of what is due; nothing was there where the counts are empty.

        Parameters
        ----------
        now
            The moment that it is taken to be; None asks the clock of the database.
        """
        counts = Counts()
        claimed = self._claim(now)
        for number, due in enumerate(claimed):
            counts += self._do(due, now, claimed[number:])
        return counts

    def _claim(self, now: datetime | None) -> tuple[Due, ...]:
        kinds = tuple(self._handlers)
        if not kinds:
            return ()
        # A look first: it keeps no writer waiting, and mostly nothing is due.
        with self._database.reading() as session:
            if not deadlines.any_due(session, kinds, at=now or self._database.now(session)):
                return ()
        with self._database.writing() as session:
            at = now or self._database.now(session)
            found = deadlines.claim_due(
                session, kinds, at=at, most=AT_ONCE, gives_up=self._gives_up
            )
        passing("deadline_claimed")
        return found

    def _do(self, due: Due, now: datetime | None, held: Sequence[Due] = ()) -> Counts:
        handler = self._handlers[due.kind]
        try:
            if handler.before is not None:
                with self._holding(held or (due,)):
                    handler.before(self._database)
            with self._database.writing() as session:
                done = self._act(session, handler, due, now)
            passing("deadline_finished")
            return Counts(done=1) if done else Counts(gone=1)
        except Exception as error:
            LOGGER.warning("deadline %s %s failed: %s", due.kind, due.id, as_code(error))
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                # The database is away: nobody could write it down, and the lease ends by itself.
                raise
            return self._give_back(due, error, now)

    @contextmanager
    def _holding(self, held: Sequence[Due]) -> Iterator[None]:
        """Renew the lease while something takes long: nobody else begins it as well.

        By the clock of the database whatever moment is told: it is a sign of life.
        """
        over = threading.Event()

        def renew() -> None:
            while not over.wait(LEASE.total_seconds() / 3):
                try:
                    with self._database.writing() as session:
                        deadlines.keep_hold(session, held, at=self._database.now(session))
                except Exception as error:
                    LOGGER.warning("lease not renewed: %s", as_code(error))

        thread = threading.Thread(target=renew, name="worker lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _act(self, session: Session, handler: Handler, due: Due, now: datetime | None) -> bool:
        if handler.lock is not None:
            handler.lock(session, due.subject_id)
        at = now or self._database.now(session)
        if not deadlines.finish(session, due, at=at):
            return False
        passing("deadline_marked")
        handler.act(Task(session, at, due))
        session.flush()
        passing("deadline_handled")
        return True

    def _give_back(self, due: Due, error: Exception, now: datetime | None) -> Counts:
        with self._database.writing() as session:
            at = now or self._database.now(session)
            dies = deadlines.fail(session, due, error, at=at, gives_up=self._gives_up)
        return Counts(failed=1, dead=int(dies))
