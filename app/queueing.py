"""Writers of one SQLite file, one after the other, and nobody waits for ever.

Threads queue at a lock, processes at a lock file. The kernel lets waiting processes in as they
came but knows no time limit, so that a thread of its own waits there; whoever gives up leaves it
waiting for the next one, and where nobody wants the turn any more when it comes, it is passed on.
"""

import contextlib
import fcntl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from app.errors import DatabaseBusyError

__all__ = ["WRITER_WAIT_S", "NestedWriteError", "WriterQueue"]

WRITER_WAIT_S = 5.0
_HELD: dict[Path, int] = {}
"""Which thread of this process writes to which file, whoever opened it."""


class NestedWriteError(RuntimeError):
    """A fault of the program: it would wait for itself."""

    def __init__(self) -> None:
        super().__init__("this thread writes to this file already; use the session that it has")


class WriterQueue:
    """The queue in front of one file; a process that dies lets the next one in."""

    def __init__(self, database: Path) -> None:
        file = database.resolve()
        self._path = file.with_name(file.name + ".queue")
        self._threads = threading.Lock()
        self._file: IO[str] | None = None
        self._change = threading.Condition()
        self._wanted = self._waits = False
        self._came: IO[str] | None = None

    @contextlib.contextmanager
    def turn(self, wait_s: float) -> Iterator[None]:
        """Wait for one's turn and have it."""
        self._enter(wait_s)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, wait_s: float) -> None:
        """Wait for one's turn.

        Raises
        ------
        NestedWriteError
            This thread has a turn at this file, through this object or another one.
        DatabaseBusyError
            The turn did not come in time.
        """
        if _HELD.get(self._path) == threading.get_ident():
            raise NestedWriteError
        until = time.monotonic() + wait_s
        if not self._threads.acquire(timeout=wait_s):
            raise DatabaseBusyError
        try:
            self._file = self._now() or self._in_turn(until)
        except BaseException:
            self._threads.release()
            raise
        _HELD[self._path] = threading.get_ident()

    def _leave(self) -> None:
        """Let the next one in."""
        _HELD.pop(self._path, None)
        file, self._file = self._file, None
        try:
            if file is not None:
                _let_go(file)
        finally:
            self._threads.release()

    def _now(self) -> IO[str] | None:
        """Return the file where it is free; None where it is not, or a thread waits already."""
        if self._waits:
            return None
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        except BaseException:
            file.close()
            raise
        return file

    def _in_turn(self, until: float) -> IO[str]:
        with self._change:
            self._wanted = True
            if not self._waits:
                file = self._path.open("w")
                self._waits = True
                threading.Thread(target=self._wait, args=(file,), daemon=True).start()
            try:
                while self._came is None:
                    if not self._change.wait(until - time.monotonic()) and self._came is None:
                        raise DatabaseBusyError
                came, self._came = self._came, None
            finally:
                self._wanted = False
                if self._came is not None:
                    _let_go(self._came)
                    self._came = None
            return came

    def _wait(self, file: IO[str]) -> None:
        """Wait in the kernel's queue, and hand the file to whoever wants it by then."""
        fcntl.flock(file, fcntl.LOCK_EX)
        with self._change:
            self._waits = False
            if self._wanted:
                self._came = file
                self._change.notify_all()
            else:
                _let_go(file)


def _let_go(file: IO[str]) -> None:
    # A child process may have inherited the file: closing ours would not let go.
    fcntl.flock(file, fcntl.LOCK_UN)
    file.close()
