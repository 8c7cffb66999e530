"""The stream of changes to the screens of one process, as server-sent events.

One look at the database for all who listen, as soon as this process has committed a change and
every ``POLL_S`` for those of others; none where nobody listens, and between two looks no connection
is held. A screen that comes back says what it saw last and is given the rest, from this process or
another one. It may be told twice; it misses nothing.
"""

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from starlette.concurrency import run_in_threadpool

from app.db import Database
from app.live import store
from app.live.errors import TooManyListenersError
from app.live.states import Cursor, LiveScope, read_cursor
from app.live.tables import Change

__all__ = ["Feed"]

PAGE = 500
POLL_S = 0.1
REST_S = 0.02
"""Two looks are so far apart at least: whatever a busy night commits meanwhile is one look."""
RECENT = 1_000
BEAT_S = 15.0
LONGEST_S = 600.0
RETRY_S = 5
MOST = 100
RESET = "reset"

Allowed = Callable[[], LiveScope | None]


@dataclass(frozen=True, slots=True)
class _Told:
    cursor: Cursor
    orgs: str
    divisions: str
    said: Mapping[str, object]


class Feed:
    """Changes for those who listen in this process.

    Parameters
    ----------
    most
        So many screens at once; more are refused and look by hand.
    beat_s
        So often a line is sent where nothing happens, and looked whether somebody still may listen.
    longest_s
        A stream ends after so long; the screen comes back, and is who it is then.
    """

    def __init__(
        self,
        database: Database,
        *,
        most: int = MOST,
        poll_s: float = POLL_S,
        beat_s: float = BEAT_S,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._database = database
        self._most = most
        self._poll_s, self._beat_s, self._longest_s = poll_s, beat_s, longest_s
        self._listening = 0
        self._closed = False
        self._looking: asyncio.Task[None] | None = None
        # Set with the next news, and then another one: nobody holds a lock who may be cut off.
        self._news = asyncio.Event()
        self._rung = asyncio.Event()
        # What was shown behind ``_since``, up to ``_seen``: read once for all who listen.
        self._recent: deque[_Told] = deque()
        self._since: Cursor | None = None
        self._seen: Cursor | None = None

    def require_room(self) -> None:
        """Refuse before the stream begins, so that a refusal has a status.

        Raises
        ------
        TooManyListenersError
            As many as allowed listen.
        """
        if not self._has_room:
            raise TooManyListenersError(RETRY_S)

    @property
    def _has_room(self) -> bool:
        return self._listening < self._most and not self._closed

    async def close(self) -> None:
        """End all streams, and the look that may be under way."""
        self._closed = True
        self._rung.set()
        self._tell()
        if self._looking is not None:
            # Not cancelled: a thread that is left alone would keep its connection.
            await self._looking

    def status(self) -> dict[str, object]:
        """Return how many listen."""
        return {"listeners": self._listening, "most": self._most}

    async def events(self, allowed: Allowed, last_event_id: str | None) -> AsyncIterator[bytes]:
        """Yield events for one screen, until it goes.

        Parameters
        ----------
        allowed
            What it is told of; asked again with every beat, and None ends the stream.
        last_event_id
            What it saw last; without it the stream begins now. Where that cannot be known any more
            it is told to read everything again.
        """
        yield f"retry: {RETRY_S * 1000}\n\n".encode()
        if not self._has_room:
            return
        self._listening += 1
        try:
            scope = await run_in_threadpool(allowed)
            cursor, known = await run_in_threadpool(self._begin, read_cursor(last_event_id))
            if last_event_id is not None and not known:
                yield _event(RESET, cursor, {})
            started = beat = time.monotonic()
            while scope is not None and not self._closed:
                while rows := await self._behind(cursor):
                    for row in rows:
                        if scope.sees(row.orgs, row.divisions):
                            yield _event("change", row.cursor, row.said)
                    cursor = rows[-1].cursor
                await self._wait_for_news(cursor, until=beat + self._beat_s)
                now = time.monotonic()
                if now - started >= self._longest_s:
                    return
                if now - beat >= self._beat_s:
                    scope, beat = await run_in_threadpool(allowed), now
                    # With the place in the stream: a quiet screen need not go back far.
                    yield f"id: {cursor}\n: beat\n\n".encode()
        finally:
            self._listening -= 1

    async def _wait_for_news(self, cursor: Cursor, *, until: float) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        left = until - time.monotonic()
        if self._closed or (self._seen is not None and self._seen > cursor):
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), timeout=max(left, 0.0))

    def _tell(self) -> None:
        told, self._news = self._news, asyncio.Event()
        told.set()

    async def _behind(self, cursor: Cursor) -> Sequence[_Told]:
        """Return what comes next; only one that is far behind reads it by itself."""
        if self._since is None or cursor < self._since:
            return await run_in_threadpool(self._read, cursor)
        return [row for row in self._recent if row.cursor > cursor]

    async def _look(self) -> None:
        """Look for all, when a bell rings and again and again, as long as somebody listens."""
        ring = partial(_ring, asyncio.get_running_loop(), self._rung)
        self._since = self._seen = None
        self._recent.clear()
        with self._database.telling(ring):
            while self._listening and not self._closed:
                self._rung.clear()
                with contextlib.suppress(Exception):  # the database is away: look again
                    await self._look_once()
                await asyncio.sleep(REST_S)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._rung.wait(), self._poll_s)

    async def _look_once(self) -> None:
        if self._seen is None:
            self._seen = self._since = await run_in_threadpool(self._newest)
        elif rows := await run_in_threadpool(self._read, self._seen):
            self._recent.extend(rows)
            self._seen = rows[-1].cursor
            while len(self._recent) > RECENT:
                self._since = self._recent.popleft().cursor
        else:
            return
        self._tell()

    def _begin(self, cursor: Cursor | None) -> tuple[Cursor, bool]:
        """Return where a stream begins, and whether that is where the screen was.

        A place that lies ahead of the database is of another one, before a restore. One that lies
        before the first change that is kept may have missed some that are not.
        """
        with self._database.reading() as session:
            edge, first = store.edge(session), store.oldest(session)
        if cursor is None or cursor > edge or _was_pruned(cursor, first):
            return edge, False
        return cursor, True

    def _read(self, cursor: Cursor) -> list[_Told]:
        with self._database.reading() as session:
            return [_told(row) for row in store.after(session, cursor, most=PAGE)]

    def _newest(self) -> Cursor:
        with self._database.reading() as session:
            return store.newest(session) or Cursor(0, 0)


def _ring(loop: asyncio.AbstractEventLoop, bell: asyncio.Event) -> None:
    """Ring from another thread; what was committed must not fail where nobody hears it any more."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(bell.set)


def _was_pruned(cursor: Cursor, first: Cursor | None) -> bool:
    """Whether there may have been changes behind a place that are kept no longer.

    Nothing was pruned before the very first change, and one is always kept.
    """
    if first is None or first.number == 1:
        return False
    return cursor < first


def _told(row: Change) -> _Told:
    said = {"kind": row.kind, "subject_id": str(row.subject_id), "version": row.version}
    return _Told(Cursor(row.written_in, row.number or 0), row.orgs, row.divisions, said)


def _event(name: str, cursor: Cursor, said: Mapping[str, object]) -> bytes:
    return f"id: {cursor}\nevent: {name}\ndata: {json.dumps(dict(said))}\n\n".encode()
