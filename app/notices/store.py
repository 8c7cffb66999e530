"""Every statement on messages out, by the clock of the database."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from app.accounts.tables import Organisation
from app.deadlines.states import LEASE
from app.notices.tables import Notice, NoticeAddress
from app.writing import write

__all__ = [
    "add",
    "addresses",
    "again",
    "alone_with",
    "begins",
    "claim",
    "counted",
    "dead",
    "give_back",
    "has",
    "institutions",
    "is_any_due",
    "know_addresses",
    "last_number",
    "last_number_alone",
    "mark_all_sent",
    "mark_sent",
    "notices_of",
    "organisation",
    "whose_turn_it_is",
]

NUMBERS = "last_notices"
"""Numbers of the last notices of subjects that this transaction writes of alone."""
INSTITUTIONS, ADDRESSES = "institutions_named", "addresses_asked_for"
# Built once: building a statement costs more than running it.
_ADDRESSES_AT = (
    select(NoticeAddress)
    .where(
        col(NoticeAddress.since) <= bindparam("at"),
        or_(col(NoticeAddress.until).is_(None), col(NoticeAddress.until) > bindparam("at")),
    )
    .order_by(col(NoticeAddress.channel), col(NoticeAddress.id))
)
_ADDRESSES = _ADDRESSES_AT.where(col(NoticeAddress.org_id) == bindparam("org_id"))
_ADDRESSES_OF_ALL = _ADDRESSES_AT.where(
    col(NoticeAddress.org_id).in_(bindparam("org_ids", expanding=True))
)
_INSTITUTIONS = select(Organisation.facility_id, Organisation.name_zh).where(
    col(Organisation.facility_id).in_(bindparam("codes", expanding=True))
)


def add(session: Session, *rows: Notice | NoticeAddress) -> None:
    """Write rows, and keep in mind the number of the last notice."""
    write(session, *rows)
    mine: dict[uuid.UUID, int] = session.info.get(NUMBERS, {})
    for row in rows:
        if isinstance(row, NoticeAddress):
            session.info.pop(ADDRESSES, None)
        elif row.subject_id in mine:
            mine[row.subject_id] = max(mine[row.subject_id], row.number)


def alone_with(session: Session, subject_id: uuid.UUID) -> None:
    """Let nobody else write of a subject until this transaction ends; SQLite has one writer."""
    if session.get_bind().dialect.name == "postgresql":
        asked = select(func.hashtextextended(f"notices:{subject_id}", 0))
        session.exec(select(func.pg_advisory_xact_lock(asked.scalar_subquery())))


def last_number(session: Session, subject_id: uuid.UUID) -> int:
    """Return the number of the last notice of a subject; 0 before the first."""
    found = session.exec(select(func.max(Notice.number)).where(Notice.subject_id == subject_id))
    return found.one() or 0


def begins(session: Session, subject_id: uuid.UUID) -> None:
    """Note that this transaction begins a subject: nobody else knows of it, nothing was written."""
    session.info.setdefault(NUMBERS, {})[subject_id] = 0


def last_number_alone(session: Session, subject_id: uuid.UUID) -> int:
    """Return the number of the last notice; nobody else writes one until this transaction ends."""
    mine: dict[uuid.UUID, int] = session.info.setdefault(NUMBERS, {})
    if subject_id not in mine:
        alone_with(session, subject_id)
        mine[subject_id] = last_number(session, subject_id)
    return mine[subject_id]


def has(session: Session, dedup_key: str) -> bool:
    """Tell whether this very notice has been written."""
    found = session.exec(select(Notice.id).where(Notice.dedup_key == dedup_key))
    return found.first() is not None


def organisation(session: Session, org_id: uuid.UUID) -> Organisation | None:
    """Return an organisation."""
    return session.get(Organisation, org_id)


def institutions(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return the names of those codes that are of an institution here.

    One that the transaction has asked for is not asked for again: names and codes stay.
    """
    known: dict[str, str] = session.info.setdefault(INSTITUTIONS, {})
    unknown = [code for code in codes if code not in known]
    if unknown:
        found = session.exec(_INSTITUTIONS, params={"codes": unknown})
        known.update((str(code), name) for code, name in found)
    return {code: known[code] for code in codes if code in known}


def know_addresses(session: Session, org_ids: Collection[uuid.UUID], *, at: datetime) -> None:
    """Ask for the addresses of several by one statement, for :func:`addresses`."""
    found = session.exec(_ADDRESSES_OF_ALL, params={"org_ids": list(org_ids), "at": at})
    of_each: dict[uuid.UUID, list[NoticeAddress]] = {org_id: [] for org_id in org_ids}
    for one in found:
        of_each[one.org_id].append(one)
    known = session.info.setdefault(ADDRESSES, {})
    known.update(((org_id, at), mine) for org_id, mine in of_each.items())


def addresses(session: Session, org_id: uuid.UUID, *, at: datetime) -> Sequence[NoticeAddress]:
    """Return where an organisation is reached at a moment, asked for once in a transaction."""
    known: dict[tuple[uuid.UUID, datetime], Sequence[NoticeAddress]]
    known = session.info.setdefault(ADDRESSES, {})
    if (org_id, at) not in known:
        found = session.exec(_ADDRESSES, params={"org_id": org_id, "at": at})
        known[org_id, at] = found.all()
    return known[org_id, at]


def is_any_due(session: Session, channel: str, *, at: datetime) -> bool:
    """Tell whether there is something to send; a look that keeps nobody waiting."""
    return session.exec(select(Notice.id).where(_due(channel, at)).limit(1)).first() is not None


def claim(
    session: Session, channel: str, *, by: uuid.UUID, at: datetime
) -> tuple[Notice, NoticeAddress | None] | None:
    """Take the oldest notice of a channel whose turn it is."""
    one = (
        select(Notice.id)
        .where(_due(channel, at))
        .order_by(col(Notice.created_at), col(Notice.number), col(Notice.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    key = session.scalars(
        update(Notice)
        .where(col(Notice.id).in_(one))
        .values(lease_until=at + LEASE, leased_by=by, tries=col(Notice.tries) + 1)
        .returning(col(Notice.id))
        .execution_options(synchronize_session=False)
    ).first()
    if key is None:
        return None
    taken = session.get_one(Notice, key, populate_existing=True)
    where = None if taken.address_id is None else session.get(NoticeAddress, taken.address_id)
    return taken, where


def whose_turn_it_is(
    session: Session, channel: str, *, at: datetime, most: int
) -> Sequence[Notice]:
    """Return some notices of a channel whose turn it is, oldest first."""
    return session.exec(
        select(Notice)
        .where(_due(channel, at))
        .order_by(col(Notice.created_at), col(Notice.number), col(Notice.id))
        .limit(most)
    ).all()


def mark_all_sent(
    session: Session, keys: Collection[uuid.UUID], *, at: datetime
) -> frozenset[uuid.UUID]:
    """Note that these are out; those that nobody else has sent meanwhile."""
    return frozenset(
        session.scalars(
            update(Notice)
            .where(col(Notice.id).in_(keys), col(Notice.sent_at).is_(None))
            .values(sent_at=at, dead_at=None, lease_until=None, leased_by=None, last_error=None)
            .returning(col(Notice.id))
            .execution_options(synchronize_session=False)
        )
    )


def mark_sent(session: Session, key: uuid.UUID, *, at: datetime) -> None:
    """Note that it is out, whoever else has taken it meanwhile: it is."""
    session.exec(
        update(Notice)
        .where(col(Notice.id) == key, col(Notice.sent_at).is_(None))
        .values(sent_at=at, dead_at=None, lease_until=None, leased_by=None, last_error=None)
        .execution_options(synchronize_session=False)
    )


def give_back(
    session: Session,
    key: uuid.UUID,
    *,
    by: uuid.UUID,
    error: str,
    next_try_at: datetime | None,
    dead_at: datetime | None,
) -> None:
    """Note that it did not get out, if it is still in our hands."""
    session.exec(
        update(Notice)
        .where(col(Notice.id) == key, col(Notice.leased_by) == by)
        .values(
            last_error=error,
            next_try_at=next_try_at,
            dead_at=dead_at,
            lease_until=None,
            leased_by=None,
        )
        .execution_options(synchronize_session=False)
    )


def again(session: Session, key: uuid.UUID, province: str, *, at: datetime) -> bool:
    """Bring a dead notice of a province back to life; whether there was one."""
    revived = session.exec(
        update(Notice)
        .where(
            col(Notice.id) == key,
            col(Notice.province) == province,
            col(Notice.dead_at).is_not(None),
        )
        .values(dead_at=None, tries=0, next_try_at=at)
        .execution_options(synchronize_session=False)
    )
    return bool(revived.rowcount)


def dead(session: Session, province: str) -> Sequence[Notice]:
    """Return the dead notices of a province, newest first."""
    return session.exec(
        select(Notice)
        .where(Notice.province == province, col(Notice.dead_at).is_not(None))
        .order_by(col(Notice.dead_at).desc(), col(Notice.id))
    ).all()


def notices_of(session: Session, subject_id: uuid.UUID) -> Sequence[Notice]:
    """Return all notices of a subject, in their order."""
    return session.exec(
        select(Notice).where(Notice.subject_id == subject_id).order_by(col(Notice.number))
    ).all()


def counted(session: Session) -> tuple[int, datetime | None, int]:
    """Return how many wait, since when the oldest does, and how many are dead."""
    waiting = session.exec(
        select(func.count(), func.min(Notice.created_at)).where(_waits(Notice))
    ).one()
    letters = session.exec(select(func.count()).where(col(Notice.dead_at).is_not(None))).one()
    return waiting[0], waiting[1], letters


def _waits(notice: type[Notice]) -> ColumnElement[bool]:
    return and_(col(notice.sent_at).is_(None), col(notice.dead_at).is_(None))


def _due(channel: str, at: datetime) -> ColumnElement[bool]:
    """Return what makes it the turn of a notice.

    None of the same subject to the same receiver may still wait before it.
    """
    earlier = aliased(Notice)
    before = exists().where(
        col(earlier.subject_id) == col(Notice.subject_id),
        col(earlier.channel) == col(Notice.channel),
        col(earlier.org_id) == col(Notice.org_id),
        or_(
            col(earlier.address_id) == col(Notice.address_id),
            and_(col(earlier.address_id).is_(None), col(Notice.address_id).is_(None)),
        ),
        col(earlier.number) < col(Notice.number),
        _waits(earlier),
    )
    return and_(
        col(Notice.channel) == channel,
        _waits(Notice),
        or_(col(Notice.next_try_at).is_(None), col(Notice.next_try_at) <= at),
        or_(col(Notice.lease_until).is_(None), col(Notice.lease_until) <= at),
        ~before,
    )


def address_locked(session: Session, key: uuid.UUID) -> NoticeAddress | None:
    """Return an address that nobody else ends meanwhile."""
    return session.exec(
        select(NoticeAddress)
        .where(NoticeAddress.id == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
