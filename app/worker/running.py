"""The worker: loops over the database, each in a thread, until it is told to stop.

Deadlines, those of which thousands fall due at once, chores and every channel of notices have a
loop of their own: neither an import nor a slow message gateway keeps an escalation waiting. A loop
that meets an error waits a little and goes on; what it had in hand is in the database and comes up
again.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from app.db import Database
from app.deadlines.states import as_code
from app.notices.sending import Sending
from app.worker import service
from app.worker.chores import Chore, chore_handlers, ensure_chores
from app.worker.deadline_pass import Counts, DeadlinePass
from app.worker.handling import Handlers

__all__ = ["Worker", "start_inside"]

LOGGER = logging.getLogger("greenchannel.worker")
POLL_S = 1.0
AFTER_ERROR_S = 2.0
STOP_S = 20.0
LISTEN_S = 0.5
MOST_ROUNDS = 10_000


class Worker:
    """Does what falls due and sends what is to be sent.

    Parameters
    ----------
    handlers
        What to do, by the kind of deadline.
    sendings
        What sends notices, one for each channel. Where there is none its notices wait.
    chores
        What to do again and again.
    place
        ``web`` inside the web process, ``worker`` by itself.
    """

    def __init__(
        self,
        database: Database,
        handlers: Handlers,
        *,
        province: str,
        sendings: Sequence[Sending] = (),
        chores: Sequence[Chore] = (),
        poll_s: float = POLL_S,
        place: str = "worker",
    ) -> None:
        self._database = database
        self._province = province
        self._place = place
        self._poll_s = poll_s
        self._chores = tuple(chores)
        self._deadlines, self._of_bulk = (
            DeadlinePass(
                database, {name: one for name, one in handlers.items() if one.bulk is bulk}
            )
            for bulk in (False, True)
        )
        self._of_chores, self._of_slow = (
            DeadlinePass(
                database,
                chore_handlers(one for one in chores if one.slow is slow),
                gives_up=False,
            )
            for slow in (False, True)
        )
        self._sendings = tuple(sendings)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def step(self, now: datetime | None = None) -> Counts:
        """Do all that is due at a moment, here and now, and return what that was.

        For tests that let days pass: ``now`` stands for the clock of the database.
        """
        ensure_chores(self._database, self._chores, province=self._province, now=now)
        counts = Counts()
        for one in (self._deadlines, self._of_bulk, self._of_chores, self._of_slow):
            for _ in range(MOST_ROUNDS):
                found = one.run(now)
                counts += found
                if not found.any:
                    break
        for sending in self._sendings:
            sending.run_all(now)
        return counts

    def start(self) -> None:
        """Begin to work, in threads."""
        loops: dict[str, Callable[[], bool]] = {
            "deadlines": lambda: self._deadlines.run().any,
            "bulk": lambda: self._of_bulk.run().any,
            "chores": self._chore_round,
            "slow chores": lambda: self._of_slow.run().any,
        }
        for sending in self._sendings:
            loops[f"notices {sending.name.value}"] = sending.run
        for name, once in loops.items():
            self._go(name, lambda once=once, name=name: self._loop(name, once))  # type: ignore[misc]
        self._go("beat", self._beat)

    def stop(self, within_s: float = STOP_S) -> bool:
        """End after what is in hand; whether all loops have ended in time."""
        self._stopping.set()
        until = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def wait(self) -> bool:
        """Work until it is asked to stop; whether all has ended in time."""
        while not self._stopping.wait(LISTEN_S):
            pass
        return self.stop()

    def ask_to_stop(self) -> None:
        """Let the loops end; may be called by a signal."""
        self._stopping.set()

    def _go(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=f"worker {name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _loop(self, name: str, once: Callable[[], bool]) -> None:
        while not self._stopping.is_set():
            try:
                pause = 0.0 if once() else self._poll_s
            except Exception as error:
                LOGGER.error("worker: %s: %s; going on", name, as_code(error))
                pause = AFTER_ERROR_S
            self._stopping.wait(pause)

    def _chore_round(self) -> bool:
        ensure_chores(self._database, self._chores, province=self._province)
        return self._of_chores.run().any

    def _beat(self) -> None:
        key = None
        while not self._stopping.is_set():
            try:
                with self._database.writing() as session:
                    at = self._database.now(session)
                    if key is None:
                        key = service.begin(
                            session, province=self._province, place=self._place, at=at
                        )
                    service.beat(session, key, at=at)
            except Exception as error:
                LOGGER.error("worker: beat: %s; going on", as_code(error))
            self._stopping.wait(service.BEAT_S)
        if key is None:
            return
        try:
            with self._database.writing() as session:
                service.end(session, key, at=self._database.now(session))
        except Exception as error:
            # It is missed after a while all the same.
            LOGGER.error("worker: beat: %s; ended", as_code(error))


def start_inside(worker: Worker) -> Callable[[], bool]:
    """Start a worker inside the web process; return what stops it."""
    worker.start()
    return worker.stop
