"""The stream of changes to the screens of one process, as server-sent events.

One look at the database each second for all who listen, and none where nobody does; between two
looks no connection is held. A screen that comes back says what it saw last and is given the rest,
from this process or another one. It may be told twice; it misses nothing.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from app.db import Database
from app.live import store
from app.live.errors import TooManyListenersError
from app.live.states import Cursor, LiveScope, read_cursor
from app.live.tables import Change

__all__ = ["Feed"]

PAGE = 500
POLL_S = 1.0
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
        self._news = asyncio.Condition()
        self._ending = asyncio.Event()
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
        self._ending.set()
        async with self._news:
            self._news.notify_all()
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
                # One that is behind reads by itself; the others are told by the common look.
                while rows := await run_in_threadpool(self._read, cursor):
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
        try:
            async with self._news:
                await asyncio.wait_for(
                    self._news.wait_for(lambda: self._has_news(cursor)),
                    timeout=max(left, 0.0),
                )
        except TimeoutError:
            return

    def _has_news(self, cursor: Cursor) -> bool:
        return self._closed or (self._seen is not None and self._seen > cursor)

    async def _look(self) -> None:
        """Look for all, each second, as long as somebody listens."""
        while self._listening and not self._closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), self._poll_s)
            try:
                seen = await run_in_threadpool(self._newest)
            except Exception:  # noqa: S112  the database is away: look again
                continue
            async with self._news:
                if seen is not None and (self._seen is None or seen > self._seen):
                    self._seen = seen
                self._news.notify_all()

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

    def _newest(self) -> Cursor | None:
        with self._database.reading() as session:
            return store.newest(session)


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
