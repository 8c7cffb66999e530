"""Attempts at a named record that were refused are in the record, and cannot flood it.

Who asks for what is not hers is told that there is nothing; that she asked is written into the
chain of her own account, never into that of the record. Of one person so many are written in an
hour, then one that says that there are more, then none until the hour is over.
"""

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping

from fastapi import Request
from sqlalchemy.exc import DBAPIError

from app.accounts.states import Actor
from app.audit.states import Chain, Said, chain_of
from app.audit.tracing import say
from app.db import Database
from app.problems import Problem

__all__ = ["MOST", "Refusals"]

MOST = 30
HOUR_S = 3600.0
PEOPLE = 10_000
STATUSES = frozenset({403, 404})
NAMED: Mapping[str, str] = {
    "referral_id": "referral",
    "patient_id": "patient",
    "offer_id": "offer",
    "transfer_id": "transfer",
    "glass_id": "broken_glass",
    "review_id": "case_review",
    "return_id": "return_referral",
    "file_id": "case_file",
    "booking_id": "booking",
    "handover_id": "case_handover",
}
"""Parts of an address that name a record of somebody, and what it is."""


class Refusals:
    """Writes down refused attempts of one process, so many of a person in an hour."""

    def __init__(self, *, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._counted: OrderedDict[uuid.UUID, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, request: Request, database: Database | None, problem: Problem) -> None:
        """Write down that somebody who is signed in was refused a named record.

        Where the database takes no write now, the refusal stands all the same.
        """
        actor: Actor | None = getattr(request.state, "actor", None)
        named = _named(request)
        if database is None or actor is None or named is None or problem.status not in STATUSES:
            return
        number = self._number(actor.user_id)
        if number > self._most + 1:
            return
        act = request.scope["route"].name if number <= self._most else "refused_many"
        said = _said(actor, act, named, problem.slug)
        try:
            with database.writing() as session:
                say(session, chain_of(Chain.ACCOUNT, actor.user_id), said)
        except DBAPIError:
            return

    def _number(self, user: uuid.UUID) -> int:
        """Return which refusal of this person within the hour it is."""
        with self._lock:
            now = self._clock()
            began, count = self._counted.pop(user, (now, 0))
            if now - began >= HOUR_S:
                began, count = now, 0
            self._counted[user] = (began, count + 1)
            if len(self._counted) > PEOPLE:
                self._counted.popitem(last=False)
            return count + 1


def _named(request: Request) -> tuple[str, str] | None:
    """Return the record that an address names; what is no key of ours is not repeated."""
    for name, kind in NAMED.items():
        value = str(request.path_params.get(name, ""))
        try:
            return kind, str(uuid.UUID(value))
        except ValueError:
            continue
    return None


def _said(actor: Actor, act: str, named: tuple[str, str], slug: str) -> Said:
    return Said(
        province=actor.province,
        act=act,
        by_user=actor.user_id,
        by_org=actor.org_id,
        role=actor.role.value,
        object_kind=named[0],
        object_id=named[1],
        scope="refused",
        why=slug,
        is_read=True,
    )
