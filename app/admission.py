"""Who is let in when more is asked than can be done: refuse at once, and say when to come back.

Two classes, so that nobody who reads keeps anybody from asking for a bed: commands, which store,
and everything else, what solves a plan or hashes a password among it. Of each only so many are at
work; more wait in front, in the order in which they came. Whoever comes then is refused in
milliseconds, with ``Retry-After``: a hundred clients that wait for ever are answered later than a
hundred of whom some come again. A request whose sender has given up is dropped before any work is
done for it.

Many at one moment, a line that is back or ten requests of a coordinator, are let wait: they are
through in a moment. A queue that does not end is another thing: all who stand in it wait longer and
nobody is served who would not be without it. While it lasts nobody more may wait.
"""

import asyncio
import contextlib
import math
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answers import refusal
from app.errors import TooBusyError
from app.problems import problem_of
from app.settings import Settings

__all__ = ["ALWAYS", "Admission", "Room"]

STORING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SLOW = (
    "/api/v1/plans",
    "/api/v1/session",
    "/api/v1/password",
    "/api/v1/users",
    "/api/v1/case-exchange",
)
"""Commands that may take seconds; those who ask for a bed do not queue behind them."""
ALWAYS = ("/livez", "/readyz", "/statusz", "/metrics", "/static/")
"""Never refused: who asks this wants to know whether the process lives, and why it is slow."""
LISTENING = ("/api/v1/events",)
"""An answer that goes on for hours; it has a limit of its own."""
STANDS_S = 0.3
"""A queue that was not empty for so long stands."""
CALM_S = 2.0
"""It stands until nobody had to be refused for so long."""
PATIENCE = b"x-deadline-ms"
"""So long the sender waits, in milliseconds from when the request arrives."""


@dataclass(slots=True)
class Room:
    """So many at work, so many waiting in front.

    ``since`` is when somebody began to wait where nobody waited before, ``refused`` when the last
    one was sent away, on the clock of the loop.
    """

    at_work: int
    waiting: int
    inside: int = 0
    queue: "deque[asyncio.Future[None]]" = field(default_factory=deque)
    since: float | None = None
    refused: float = -math.inf
    stands: bool = False

    def is_full(self, now: float) -> bool:
        """Tell whether nobody more may even wait."""
        if self.since is not None and now - self.since >= STANDS_S:
            self.stands = True
        elif self.stands and self.since is None and now - self.refused >= CALM_S:
            self.stands = False
        most = 0 if self.stands else self.waiting
        return self.inside >= self.at_work and len(self.queue) >= most

    async def enter(self, patience_s: float) -> None:
        """Wait for one's turn.

        Raises
        ------
        TooBusyError
            There is no room to wait in, or the turn did not come in time.
        """
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self.is_full(now):
            self.refused = now
            raise TooBusyError
        if self.inside < self.at_work:
            self.inside += 1
            return
        if self.since is None:
            self.since = now
        turn = loop.create_future()
        self.queue.append(turn)
        try:
            await asyncio.wait_for(turn, patience_s)
        except BaseException as error:
            self._give_up(turn)
            if isinstance(error, TimeoutError):
                raise TooBusyError from None
            raise

    def leave(self) -> None:
        """Let the next one in."""
        while self.queue:
            turn = self.queue.popleft()
            if not turn.done():
                turn.set_result(None)
                break
        else:
            self.inside -= 1
        if not self.queue:
            self.since = None

    def _give_up(self, turn: "asyncio.Future[None]") -> None:
        """Leave the queue; a turn that came in the same moment goes to the next one."""
        with contextlib.suppress(ValueError):
            self.queue.remove(turn)
        if not self.queue:
            self.since = None
        if turn.done() and not turn.cancelled():
            self.leave()


class Admission:
    """ASGI layer inside of :class:`app.guard.Guard`."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self.commands = Room(settings.max_commands, settings.max_waiting)
        self.others = Room(settings.max_others, settings.max_waiting)
        self._patience_s = settings.wait_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, now or in its turn, or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith((*ALWAYS, *LISTENING)):
            await self.app(scope, receive, send)
            return
        room = self.commands if _stores(scope) else self.others
        try:
            async with self._turn(room, scope):
                await self.app(scope, receive, send)
        except TooBusyError as error:
            response = refusal(problem_of(error), Request(scope))
            await response(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _turn(self, room: Room, scope: Scope) -> AsyncIterator[None]:
        await room.enter(_patience_s(scope, self._patience_s))
        try:
            yield
        finally:
            room.leave()


def _stores(scope: Scope) -> bool:
    """Whether it is a command that is done at once: one that carries a key to be repeated with."""
    keyed = any(name == b"idempotency-key" for name, _ in scope["headers"])
    return scope["method"] in STORING and keyed and not scope["path"].startswith(SLOW)


def _patience_s(scope: Scope, most: float) -> float:
    """Return how long the sender waits, at most as long as anybody is let wait."""
    said = next((value for name, value in scope["headers"] if name == PATIENCE), b"")
    return min(most, int(said) / 1000) if said.isdigit() and len(said) < 10 else most
