"""Rules of deadlines: how long one worker has, when to try again, when to give up."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

__all__ = [
    "DEATHS",
    "LEASE",
    "TRIES",
    "WORKER_DIED",
    "Due",
    "Payload",
    "as_code",
    "pause",
    "read_payload",
    "written_payload",
]

LEASE = timedelta(seconds=30)
"""A worker that says nothing for so long is taken for dead, and another one goes on."""
TRIES = 8
"""So often an act may fail; then it is a dead letter, which a person sees."""
DEATHS = 16
"""So often a worker may die over an act; more than ``TRIES``, for it may have died of another."""
WORKER_DIED = "worker_died"

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 300.0
LARGEST = 1_000_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

Payload = Mapping[str, "bool | int | str"]


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that one worker has in its hands.

    ``tries`` counts this one. ``leased_by`` is written with every claim and is known to nobody
    else: a row that carries another one has been given to somebody else, or was moved.
    """

    id: uuid.UUID
    province: str
    kind: str
    subject_id: uuid.UUID
    due_at: datetime
    payload: Payload
    tries: int
    leased_by: uuid.UUID


def pause(tries: int, chance: float) -> timedelta:
    """Return how long to wait after so many failures.

    Parameters
    ----------
    tries
        Failures so far, at least one; each doubles the pause, up to five minutes.
    chance
        Between 0 and 1; half of the pause is left to it, so that what failed together does not
        come back together.
    """
    longest = min(FIRST_PAUSE_S * 2.0 ** min(tries - 1, 30), LONGEST_PAUSE_S)
    return timedelta(seconds=longest * (0.5 + 0.5 * chance))


def as_code(error: BaseException) -> str:
    """Return the kind of an error; its message may hold a value and is not kept."""
    return type(error).__name__[:60]


def written_payload(payload: Mapping[str, object] | None) -> str:
    """Return what goes with a deadline as it is stored: codes, flags, small numbers and keys.

    A text is taken only as a member of an enumeration of ours: a name or a number of a person is
    none, and cannot get in.

    Raises
    ------
    TypeError
        A value is something else. It is not said which: it may be what must not be said.
    """
    found: dict[str, bool | int | str] = {}
    for name, value in (payload or {}).items():
        if not _NAME.fullmatch(name):
            raise TypeError("a name in a payload is a word of ours in small letters")
        if isinstance(value, StrEnum | uuid.UUID):
            found[name] = str(value)
        elif isinstance(value, bool) or (isinstance(value, int) and abs(value) <= LARGEST):
            found[name] = value
        else:
            raise TypeError(f"{name}: a payload holds codes, flags, small numbers and keys only")
    return json.dumps(found, sort_keys=True)


def read_payload(text: str) -> Payload:
    """Return what was stored with a deadline."""
    return MappingProxyType(json.loads(text))
