"""Commands and looks over HTTP: one transaction, committed before the answer leaves.

A command carries ``Idempotency-Key`` and is done once, however often it arrives. A change of a
record carries ``If-Match`` with the version that was read; what must not wait may carry it. What
the record is by now stands in the refusal of a version that is old. A command that reads no version
takes none, so that nobody relies on one that was never looked at. A look at a named record is
written down, so it is a transaction that writes as well.
"""

import contextlib
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from app.accounts.states import Actor
from app.answers import stored
from app.audit.service import record_command
from app.commands.service import Answer, Asked, answered, once
from app.db import Database, broken_rule
from app.deps import ActorDep, DatabaseDep, at_once
from app.errors import (
    ConflictError,
    DatabaseBusyError,
    KeyMalformedError,
    KeyMissingError,
    NotFoundError,
    StaleError,
    VersionMalformedError,
    VersionMissingError,
    VersionNotReadError,
)
from app.keys.keyring import KeyRing, Purpose
from app.moments import moment_of
from app.work import Work

__all__ = [
    "KEY",
    "VERSION",
    "Done",
    "LookDep",
    "PerformDep",
    "Show",
    "VersionDep",
    "VersionIfSentDep",
    "perform_of",
    "read_version",
    "read_version_if_sent",
]

SHORTEST_KEY, LONGEST_KEY = 16, 64
KEY = re.compile(rf"[!-~]{{{SHORTEST_KEY},{LONGEST_KEY}}}")
Read = TypeVar("Read")
Show = Callable[[Work, uuid.UUID], BaseModel]
"""Shows a record to the caller and writes down that it was seen."""
VERSION = re.compile(r'"(\d{1,9})"')


@dataclass(frozen=True, slots=True)
class Done:
    """What an act answers: a document, and a status where it is not 200."""

    document: BaseModel
    status: int = 200

    def answer(self) -> Answer:
        """Return it as it is kept for a repetition."""
        version = int(getattr(self.document, "version", None) or 0)
        return Answer(self.status, self.document.model_dump_json(), version)


class Perform:
    """Do one command for the caller, once."""

    def __init__(
        self, request: Request, database: Database, actor: Actor, *, key: str | None = None
    ) -> None:
        self._request, self._database, self._actor = request, database, actor
        self._key = key

    def with_key(self, key: str) -> "Perform":
        """Return the same for a command whose key came in a form, which sends no headers."""
        return Perform(self._request, self._database, self._actor, key=key)

    def __call__(self, act: Callable[[Work], Done]) -> Response:
        """Do it, or give the answer of the first time.

        Raises
        ------
        KeyMissingError, KeyMalformedError
            It came without a key, or with one that cannot be one.
        VersionNotReadError
            It came with a version, and this command looks at none.
        KeyReusedError
            The key belongs to another command.
        ConflictError, DatabaseBusyError
            The database refuses it, or is too busy.
        """
        asked = self._asked()
        device_at = moment_of(self._request.headers.get("x-device-time"), "X-Device-Time")

        def done(session: Session) -> Answer:
            work = Work(session, self._actor, self._database.now(session), device_at)
            answer = act(work).answer()
            record_command(work, self._request.scope["route"].name)
            return answer

        try:
            with _refusals():
                found = once(self._database, asked, done)
        except StaleError as error:
            self._show_current(error)
            raise
        return stored(found)

    def _show_current(self, error: StaleError) -> None:
        """Put what the record is by now beside the version that came, as the caller may see it.

        It is a look like any other, and written down. Who may not see it any more is told the
        two numbers and no more.
        """
        show: Show | None = self._request.app.state.shows.get(error.what)
        if show is None:
            return
        with contextlib.suppress(NotFoundError), _refusals(), self._database.writing() as session:
            work = Work(session, self._actor, self._database.now(session))
            error.showing(show(work, error.key).model_dump(mode="json"))

    def known(self) -> Response | None:
        """Return the answer of the first time where this is a repetition.

        For commands that have much to do before they begin. It is more than that: what was done
        must not be refused the second time, because the world has changed meanwhile.
        """
        asked = self._asked()
        with _refusals(), self._database.reading() as session:
            found = answered(session, asked)
        return None if found is None else stored(found)

    def _asked(self) -> Asked:
        sent = self._request.headers.get("idempotency-key", "")
        key = sent if self._key is None else self._key
        if not KEY.fullmatch(key):
            raise _refused_key(key)
        if "if-match" in self._request.headers and not _reads_version(self._request):
            raise VersionNotReadError
        raw: bytes = getattr(self._request.state, "raw", b"")
        route = f"{self._request.method} {self._request.url.path}"
        version = self._request.headers.get("if-match", "").encode()
        # The hash of a body that holds little but an identity number gives the number away.
        keys: KeyRing = self._request.app.state.keys
        body = keys.digest(Purpose.COMMAND, raw + version)
        return Asked(f"user:{self._actor.user_id}", key, route, body, self._actor.province)


class Look:
    """Look at records for the caller."""

    def __init__(self, request: Request, database: Database, actor: Actor) -> None:
        self._request, self._database, self._actor = request, database, actor

    def __call__(self, act: Callable[[Work], Done], *, noted: bool = False) -> Response:
        """Answer what is there; ``noted`` where the look itself is written down."""
        opened = self._database.writing if noted else self._database.reading
        with _refusals(), opened() as session:
            done = act(Work(session, self._actor, self._database.now(session)))
        return stored(done.answer())

    def read(self, act: Callable[[Work], Read], *, noted: bool = False) -> Read:
        """Return what is there, for an answer that is no document of ours: a sheet to print.

        ``noted`` where the look itself is written down.
        """
        opened = self._database.writing if noted else self._database.reading
        with _refusals(), opened() as session:
            return act(Work(session, self._actor, self._database.now(session)))


def version_of(request: Request) -> int:
    """Return the version that a change was made for.

    Raises
    ------
    VersionMissingError, VersionMalformedError
        There is no ``If-Match``, or it is no tag of ours.
    """
    sent = request.headers.get("if-match")
    if not sent:
        raise VersionMissingError
    found = VERSION.fullmatch(sent)
    if found is None:
        raise VersionMalformedError
    request.state.version_read = True
    return int(found[1])


def version_if_sent(request: Request) -> int | None:
    """Return the version that a command was given for; None where it came without.

    For what must not wait: an arrival is never refused for a version that nobody had.

    Raises
    ------
    VersionMalformedError
        What came is no tag of ours.
    """
    if "if-match" in request.headers:
        return version_of(request)
    request.state.version_read = True
    return None


def _refused_key(key: str) -> KeyMissingError | KeyMalformedError:
    """Return what is wrong with a key; the key itself is never repeated."""
    if not key:
        return KeyMissingError()
    faults = ["key_too_short"] if len(key) < SHORTEST_KEY else []
    faults += ["key_too_long"] if len(key) > LONGEST_KEY else []
    faults += [] if re.fullmatch("[!-~]*", key) else ["key_with_other_signs"]
    return KeyMalformedError(faults, length=len(key))


def _reads_version(request: Request) -> bool:
    """Tell whether the route has asked for the version; all it needs is there when it acts."""
    return getattr(request.state, "version_read", False)


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the database refuses into errors that say what to do."""
    try:
        yield
    except IntegrityError as error:
        raise ConflictError(broken_rule(error)) from None
    except OperationalError:
        raise DatabaseBusyError from None


async def perform_of(request: Request, database: DatabaseDep, actor: ActorDep) -> Perform:
    """Return what does a command for the caller."""
    return Perform(request, database, actor)


async def look_of(request: Request, database: DatabaseDep, actor: ActorDep) -> Look:
    """Return what looks at records for the caller."""
    return Look(request, database, actor)


PerformDep = Annotated[Perform, Depends(perform_of)]
LookDep = Annotated[Look, Depends(look_of)]
read_version = at_once(version_of)
VersionDep = Annotated[int, Depends(read_version)]
read_version_if_sent = at_once(version_if_sent)
VersionIfSentDep = Annotated[int | None, Depends(read_version_if_sent)]
