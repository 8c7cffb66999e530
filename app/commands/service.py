"""A command is done once, however often it arrives (R-STATE-14).

The key and the answer are written in the transaction of what was done, so that there is never one
without the other. Who repeats a command is given the same answer; who arrives while the first is
still at work waits for the database and is given it then.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.commands.errors import KeyReusedError
from app.commands.tables import Command
from app.db import Database
from app.db_types import new_key
from app.failpoints import passing
from app.keys.keyring import Bound
from app.keys.words import keys_of, sealed

__all__ = ["Answer", "Asked", "answered", "once"]

TRIES = 5
FIRST_PAUSE_S = 0.02
AGAIN = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATE of a transaction that only lost against another one, or waited too long for it."""
# Built once: building a statement costs more than running it.
_OF_KEY = select(Command).where(
    col(Command.scope) == bindparam("scope"), col(Command.idempotency_key) == bindparam("key")
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of what is answered.

    ``version`` is that of the record it shows, 0 of what has none; None where it was read again
    and only the body says.
    """

    status: int
    body: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with its key; ``scope`` is whose key it is."""

    scope: str
    key: str
    route: str
    body: bytes
    province: str

    @property
    def body_hash(self) -> str:
        """What tells a repetition from another command."""
        return hashlib.sha256(self.route.encode() + b"\0" + self.body).hexdigest()


def once(database: Database, asked: Asked, act: Callable[[Session], Answer]) -> Answer:
    """Do a command, or give the answer of the first time.

    Parameters
    ----------
    act
        What is to be done in the transaction that it is given; it may be called again after a
        transaction that was undone.

    Raises
    ------
    KeyReusedError
        The key belongs to another command.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            with database.writing() as session:
                known = answered(session, asked)
                if known is not None:
                    return known
                passing("before_act")
                answer = act(session)
                passing("before_key")
                key = new_key()
                session.add(
                    Command(
                        id=key,
                        province=asked.province,
                        scope=asked.scope,
                        idempotency_key=asked.key,
                        route=asked.route,
                        body_hash=asked.body_hash,
                        status=answer.status,
                        answer=sealed(session, Command, "answer", key, answer.body),
                        done_at=database.now(session),
                    )
                )
                session.flush()
                passing("before_commit")
            passing("after_commit")
            return answer
        except DBAPIError as error:
            if not left or not _may_succeed(error):
                raise
        time.sleep(FIRST_PAUSE_S * 2 ** (TRIES - 1 - left))
    raise AssertionError("the last try returns or raises")


def answered(session: Session, asked: Asked) -> Answer | None:
    """Return the answer given before under this key."""
    found = session.exec(_OF_KEY, params={"scope": asked.scope, "key": asked.key}).first()
    if found is None:
        return None
    if found.body_hash != asked.body_hash:
        raise KeyReusedError(asked.key)
    body = keys_of(session).open(found.answer, Bound("command", "answer", found.id))
    return Answer(found.status, body)


def _may_succeed(error: DBAPIError) -> bool:
    """Tell whether the same again may work: lost a race, the connection, or the key just used."""
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) in AGAIN:
        return True
    said = str(error.orig)
    return "uq_command_key" in said or "command.idempotency_key" in said
