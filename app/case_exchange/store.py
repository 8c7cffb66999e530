"""Every statement about what another system said."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, SQLModel, col, func, select

from app.case_exchange.states import LineStatus
from app.case_exchange.tables import ExchangeItem, ExchangeLine
from app.case_files.tables import CaseFile
from app.writing import write

__all__ = [
    "Waiting",
    "add",
    "all_locked",
    "alone",
    "any_waiting",
    "counties_of",
    "counts",
    "file_with",
    "files_after",
    "files_in",
    "item_locked",
    "items",
    "items_of",
    "labels_of",
    "last_file_of",
    "last_taken",
    "line_of",
    "line_with",
    "lines",
    "lines_saying",
    "locked",
    "of_file",
    "open_locked",
    "parents_of",
    "visits_of_file",
    "waiting",
]


def last_taken(session: Session) -> datetime | None:
    """Return when something new came from another system last; None where none ever did."""
    return session.exec(select(func.max(col(ExchangeLine.taken_at)))).one()


def add(session: Session, rows: Sequence[SQLModel]) -> None:
    """Write rows now."""
    write(session, *rows)


def alone(session: Session) -> None:
    """Let nobody else take a file in until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        asked = select(func.hashtextextended("exchange", 0))
        session.exec(select(func.pg_advisory_xact_lock(asked.scalar_subquery())))


def lines(session: Session, province: str, format_name: str) -> Sequence[ExchangeLine]:
    """Return the lines of a format, in the order in which they were first taken in."""
    return session.exec(
        select(ExchangeLine)
        .where(ExchangeLine.province == province, ExchangeLine.format == format_name)
        .order_by(col(ExchangeLine.id))
    ).all()


def line_of(
    session: Session, province: str, format_name: str, record_id: str
) -> ExchangeLine | None:
    """Return the line with a number of the platform."""
    return session.exec(
        select(ExchangeLine).where(
            ExchangeLine.province == province,
            ExchangeLine.format == format_name,
            ExchangeLine.record_id == record_id,
        )
    ).first()


def line_with(session: Session, line_id: uuid.UUID) -> ExchangeLine | None:
    """Return a line by key."""
    return session.get(ExchangeLine, line_id)


def of_file(session: Session, file_id: uuid.UUID) -> ExchangeLine | None:
    """Return the line of pregnancies that a file belongs to."""
    return session.exec(
        select(ExchangeLine).where(
            ExchangeLine.file_id == file_id, ExchangeLine.format == "pregnancies"
        )
    ).first()


def file_with(session: Session, province: str, number: str) -> CaseFile | None:
    """Return a file by what people call it."""
    return session.exec(
        select(CaseFile).where(CaseFile.province == province, CaseFile.number == number)
    ).first()


def visits_of_file(session: Session, file_id: uuid.UUID) -> Sequence[ExchangeLine]:
    """Return the lines of visits of a file."""
    return session.exec(
        select(ExchangeLine)
        .where(ExchangeLine.file_id == file_id, ExchangeLine.format == "visits")
        .order_by(col(ExchangeLine.id))
    ).all()


def files_after(
    session: Session, which: ColumnElement[bool], after: uuid.UUID | None, most: int
) -> Sequence[CaseFile]:
    """Return files in the order of their keys, from the one after ``after``."""
    asked = select(CaseFile).where(which)
    if after is not None:
        asked = asked.where(col(CaseFile.id) > after)
    return session.exec(asked.order_by(col(CaseFile.id)).limit(most)).all()


def files_in(session: Session, which: ColumnElement[bool]) -> int:
    """Return how many files there are of a kind."""
    return session.exec(select(func.count(col(CaseFile.id))).where(which)).one()


def counties_of(session: Session, file_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Return where the women of files live."""
    found = session.exec(select(CaseFile.id, CaseFile.residence_county)).all()
    return {key: county for key, county in found if key in file_ids}


def labels_of(
    session: Session, file_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[str, bool]]:
    """Return colour and purple of files."""
    found = session.exec(select(CaseFile.id, CaseFile.colour, CaseFile.purple)).all()
    return {key: (colour, purple) for key, colour, purple in found if key in file_ids}


class Waiting(NamedTuple):
    """A line that is not in its file yet; ``about`` tells files from one another."""

    id: uuid.UUID
    format: str
    about: str


def any_waiting(session: Session, province: str) -> bool:
    """Tell whether a line is not in its file yet."""
    asked = select(ExchangeLine.id).where(
        ExchangeLine.province == province, ExchangeLine.status == LineStatus.WAITING.value
    )
    return session.exec(asked.limit(1)).first() is not None


def waiting(session: Session, province: str) -> Sequence[Waiting]:
    """Return the lines that are not in their files yet, women before their visits."""
    about = func.coalesce(col(ExchangeLine.of_record), col(ExchangeLine.record_id))
    found = session.exec(
        select(ExchangeLine.id, ExchangeLine.format, about)
        .where(ExchangeLine.province == province, ExchangeLine.status == LineStatus.WAITING.value)
        .order_by(col(ExchangeLine.format), col(ExchangeLine.id))
    ).all()
    return [Waiting(*one) for one in found]


def all_locked(session: Session, line_ids: Sequence[uuid.UUID]) -> Sequence[ExchangeLine]:
    """Return lines that nobody else files until this transaction ends, in the order given."""
    found = session.exec(
        select(ExchangeLine)
        .where(col(ExchangeLine.id).in_(line_ids))
        .order_by(col(ExchangeLine.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    by_id = {one.id: one for one in found}
    return [by_id[one] for one in line_ids if one in by_id]


def parents_of(session: Session, lines: Sequence[ExchangeLine]) -> Mapping[str, ExchangeLine]:
    """Return the lines of the files that visits belong to, by the platform's number."""
    records = {one.of_record for one in lines if one.of_record is not None}
    if not records:
        return {}
    found = session.exec(
        select(ExchangeLine).where(
            ExchangeLine.province == lines[0].province,
            ExchangeLine.format == "pregnancies",
            col(ExchangeLine.record_id).in_(records),
        )
    ).all()
    return {one.record_id: one for one in found}


def locked(session: Session, line_id: uuid.UUID) -> ExchangeLine | None:
    """Return a line that nobody else files until this transaction ends."""
    return session.exec(
        select(ExchangeLine)
        .where(ExchangeLine.id == line_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def items_of(
    session: Session, line_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[ExchangeItem]]:
    """Return what waits of lines."""
    found: dict[uuid.UUID, list[ExchangeItem]] = {}
    for item in session.exec(
        select(ExchangeItem)
        .where(col(ExchangeItem.line_id).in_(line_ids), col(ExchangeItem.decided_at).is_(None))
        .order_by(col(ExchangeItem.id))
    ):
        found.setdefault(item.line_id, []).append(item)
    return found


def open_locked(session: Session, line_id: uuid.UUID) -> Sequence[ExchangeItem]:
    """Return what waits of a line; nobody else decides it until this transaction ends."""
    return session.exec(
        select(ExchangeItem)
        .where(ExchangeItem.line_id == line_id, col(ExchangeItem.decided_at).is_(None))
        .order_by(col(ExchangeItem.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def lines_saying(session: Session, province: str, what: str) -> Sequence[uuid.UUID]:
    """Return the lines of which something of one sort waits, in the order in which it came."""
    return session.exec(
        select(ExchangeItem.line_id)
        .where(
            ExchangeItem.province == province,
            ExchangeItem.what == what,
            col(ExchangeItem.decided_at).is_(None),
        )
        .order_by(col(ExchangeItem.id))
    ).all()


def items(
    session: Session,
    province: str,
    area: str,
    *,
    after: uuid.UUID | None,
    most: int,
    decided: bool,
) -> Sequence[ExchangeItem]:
    """Return what waits, or was decided, in an area, in the order in which it came."""
    is_open = col(ExchangeItem.decided_at).is_(None)
    asked = select(ExchangeItem).where(_in_area(province, area), ~is_open if decided else is_open)
    if after is not None:
        asked = asked.where(col(ExchangeItem.id) > after)
    return session.exec(asked.order_by(col(ExchangeItem.id)).limit(most)).all()


def item_locked(
    session: Session, item_id: uuid.UUID, province: str, area: str
) -> ExchangeItem | None:
    """Return something in an area that nobody else decides until this transaction ends."""
    return session.exec(
        select(ExchangeItem)
        .where(ExchangeItem.id == item_id, _in_area(province, area))
        .with_for_update(of=ExchangeItem)
        .execution_options(populate_existing=True)
    ).first()


def _in_area(province: str, area: str) -> ColumnElement[bool]:
    """Return what makes an item one of an area: where she lives by her file, else by the row."""
    home = (
        select(CaseFile.residence_county)
        .where(CaseFile.id == col(ExchangeItem.file_id))
        .correlate(ExchangeItem)
        .scalar_subquery()
    )
    county = func.coalesce(home, col(ExchangeItem.county))
    return and_(col(ExchangeItem.province) == province, county.startswith(area))


def last_file_of(session: Session, user_id: uuid.UUID) -> tuple[datetime | None, Mapping[str, int]]:
    """Return when somebody took something new in last, and how many of its lines stand where."""
    mine = col(ExchangeLine.by_user) == user_id
    last = session.exec(select(func.max(col(ExchangeLine.taken_at))).where(mine)).one()
    found = session.exec(
        select(ExchangeLine.status, func.count())
        .where(mine, ExchangeLine.taken_at == last)
        .group_by(ExchangeLine.status)
    ).all()
    return last, dict(found)


def counts(session: Session, province: str) -> Mapping[str, int]:
    """Return how many lines stand where."""
    found = session.exec(
        select(ExchangeLine.status, func.count())
        .where(ExchangeLine.province == province)
        .group_by(ExchangeLine.status)
    ).all()
    return dict(found)
