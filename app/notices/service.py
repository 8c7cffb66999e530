"""Messages out, written in the transaction of the change that they speak of.

So there is no change without its message and no message without its change. They are sent after
it, at least once, and what one receiver is told of a referral arrives in the order it was written.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from app.db_types import new_key
from app.errors import NotFoundError
from app.keys.words import put
from app.notices import store
from app.notices.errors import NoDeadNoticeError
from app.notices.states import (
    INSTITUTIONS,
    UNDELIVERED_ALARM_S,
    ChannelName,
    Template,
    dedup_key,
    written_params,
)
from app.notices.tables import Notice, NoticeAddress

__all__ = [
    "Acting",
    "add_address",
    "address_of",
    "addresses_of",
    "begins",
    "dead_notices",
    "end_address",
    "know_addresses",
    "notices_of",
    "notify",
    "revive_notice",
    "status",
]

REFERRAL = "referral"


class Acting(Protocol):
    """An act of a person or of the worker: a transaction and its time."""

    @property
    def session(self) -> Session:
        """Return the transaction."""

    @property
    def now(self) -> datetime:
        """Return the time by the clock of the database."""


def begins(session: Session, referral_id: uuid.UUID) -> None:
    """Note that this transaction begins a referral: nobody has been told anything of it."""
    store.begins(session, referral_id)


def notify(
    work: Acting,
    *,
    org_id: uuid.UUID,
    template: Template,
    referral_id: uuid.UUID,
    params: Mapping[str, object] | None = None,
    occasion: str | None = None,
    drill: bool = False,
    subject_kind: str = REFERRAL,
) -> int:
    """Let an organisation be told something about a referral; how many messages that makes.

    One for each of its addresses; where it has none, a line in the log.

    Parameters
    ----------
    params
        A value for each place of the template (``states.PLACES``), and nothing else.
    occasion
        What makes two of the same message one: said again with the same occasion it is not sent
        again. None is a new one each time.
    drill
        An exercise: nothing goes out.
    subject_kind
        What it is about where that is no referral; ``referral_id`` is the key of it then.

    Raises
    ------
    ValueError
        A value that a notice may not hold.
    NotFoundError
        There is no such organisation.
    """
    if drill:
        return 0
    session = work.session
    org = store.organisation(session, org_id)
    if org is None:
        raise NotFoundError("organisation", str(org_id))
    known = store.institutions(session, _codes(params or {}))
    written = written_params(template, params or {}, institutions=frozenset(known))
    number = store.last_number_alone(session, referral_id)
    before = number
    for channel, address_id in _ways(session, org_id, at=work.now):
        key = new_key()
        to = address_id or channel
        dedup = dedup_key(template, referral_id, org_id, to, key if occasion is None else occasion)
        if occasion is not None and store.has(session, dedup):
            continue
        number += 1
        row = Notice(
            id=key,
            province=org.province,
            channel=channel,
            template=template,
            subject_kind=subject_kind,
            subject_id=referral_id,
            number=number,
            org_id=org_id,
            address_id=address_id,
            params=written,
            dedup_key=dedup,
            created_at=work.now,
        )
        store.add(session, row)
    return number - before


def add_address(
    session: Session, org_id: uuid.UUID, channel: ChannelName, address: str, *, at: datetime
) -> uuid.UUID:
    """Note where an organisation is reached from now on.

    Raises
    ------
    NotFoundError
        There is no such organisation.
    """
    org = store.organisation(session, org_id)
    if org is None:
        raise NotFoundError("organisation", str(org_id))
    row = NoticeAddress(province=org.province, org_id=org_id, channel=channel, since=at)
    put(session, row, address=address)
    store.add(session, row)
    return row.id


def addresses_of(session: Session, org_id: uuid.UUID, *, at: datetime) -> Sequence[NoticeAddress]:
    """Return where an organisation is reached at a moment."""
    return store.addresses(session, org_id, at=at)


def know_addresses(session: Session, org_ids: Collection[uuid.UUID], *, at: datetime) -> None:
    """Find where organisations are reached by one statement, before each of them is told."""
    store.know_addresses(session, org_ids, at=at)


def address_of(session: Session, key: uuid.UUID) -> NoticeAddress:
    """Return an address, locked.

    Raises
    ------
    NotFoundError
        There is none.
    """
    row = store.address_locked(session, key)
    if row is None:
        raise NotFoundError("address", str(key))
    return row


def end_address(session: Session, row: NoticeAddress, *, at: datetime) -> None:
    """Reach an organisation there no more; an address that has ended stays as it is."""
    if row.until is None or row.until > at:
        row.until = max(at, row.since)
        store.add(session, row)


def notices_of(session: Session, referral_id: uuid.UUID) -> Sequence[Notice]:
    """Return what was and will be said about a referral, to whom and when."""
    return store.notices_of(session, referral_id)


def dead_notices(session: Session, province: str) -> Sequence[Notice]:
    """Return what could not be sent in a province and waits for a person."""
    return store.dead(session, province)


def revive_notice(session: Session, key: uuid.UUID, *, province: str, at: datetime) -> None:
    """Let a dead notice be sent after all; others may have gone out after it.

    Raises
    ------
    NoDeadNoticeError
        There is none.
    """
    if not store.again(session, key, province, at=at):
        raise NoDeadNoticeError(str(key))


def status(session: Session, *, at: datetime) -> dict[str, object]:
    """Return how many notices wait, for how long, and whether that is an alarm."""
    waiting, oldest, dead = store.counted(session)
    age = 0 if oldest is None else max(int((at - oldest).total_seconds()), 0)
    return {
        "waiting": waiting,
        "oldest_undelivered_s": age,
        "dead": dead,
        "alarm": age > UNDELIVERED_ALARM_S,
    }


def _codes(params: Mapping[str, object]) -> list[str]:
    return [str(value) for name, value in params.items() if name in INSTITUTIONS and value]


def _ways(
    session: Session, org_id: uuid.UUID, *, at: datetime
) -> list[tuple[ChannelName, uuid.UUID | None]]:
    found = store.addresses(session, org_id, at=at)
    ways: list[tuple[ChannelName, uuid.UUID | None]] = [
        (ChannelName(one.channel), one.id) for one in found
    ]
    return ways or [(ChannelName.LOG, None)]
