"""From what the platform says into the files of the women, one line and one transaction at a time.

Everything goes through the acts of case files, in the name of who took the file in, as the MCH
institution of the county where she lives. What no act says without a person stays as it is and is
named in ``kept``: that a pregnancy is over, a due date or a county that changed, a screening
without a finding.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.service import mch_of, organisation_named, person_named
from app.accounts.states import Actor, OrganisationKind, Role
from app.case_exchange import store
from app.case_exchange.deciding import changed_fields
from app.case_exchange.entering import Entry, enter_pregnancy, enter_visit
from app.case_exchange.rows import pregnancy_of, said_in, visit_of
from app.case_exchange.states import LineStatus
from app.case_exchange.tables import ExchangeLine
from app.case_files.errors import FileRefusedError
from app.db import Database
from app.engine import Engine
from app.errors import AppError, NotFoundError
from app.keys.words import keys_of, put, told
from app.work import Work
from geodata.errors import RefusedInputError

__all__ = ["Filed", "file_lines"]

PREGNANCIES = "pregnancies"
NO_OFFICE = "no_mch_institution"
NOT_THERE = "out_of_sight"


@dataclass(frozen=True, slots=True)
class Filed:
    """How many lines went into their files, and how many the files would not have so."""

    filed: int
    refused: int
    kept: int


def file_lines(
    database: Database,
    engine: Engine,
    province: str,
    *,
    told_of: Callable[[int, int], object],
    stopped: Callable[[], bool] = lambda: False,
) -> Filed:
    """File every line that waits; whoever stops it goes on another time.

    Each is a short transaction, so that commands of others come in between. ``stopped`` is asked
    before each.
    """
    with database.reading() as session:
        waiting = store.waiting(session, province)
    filed = refused = kept = 0
    for count, line_id in enumerate(waiting, start=1):
        if stopped():
            break
        done = _file(database, engine, line_id)
        filed += done.status == LineStatus.FILED
        refused += done.status == LineStatus.REFUSED
        kept += bool(done.kept)
        told_of(count, len(waiting))
    return Filed(filed, refused, kept)


@dataclass(frozen=True, slots=True)
class _Done:
    status: str
    kept: str


def _file(database: Database, engine: Engine, line_id: uuid.UUID) -> _Done:
    try:
        with database.writing() as session:
            now = database.now(session)
            line = store.locked(session, line_id)
            if line is not None and line.status == LineStatus.WAITING:
                _enter(session, engine, line, now)
            return _Done("", "") if line is None else _Done(line.status, line.kept)
    except (AppError, RefusedInputError) as error:
        because = _code(error)
    with database.writing() as session:
        line = store.locked(session, line_id)
        if line is not None and line.status == LineStatus.WAITING:
            line.status, line.because = LineStatus.REFUSED.value, because
            store.add(session, [line])
        return _Done(LineStatus.REFUSED.value, "")


def _enter(session: Session, engine: Engine, line: ExchangeLine, now: datetime) -> None:
    content = told(session, line, "content") or "{}"
    said = said_in(line.format, content, line.updated_at)
    changed = changed_fields(content, told(session, line, "filed"))
    if line.format == PREGNANCIES:
        row = pregnancy_of(said)
        work = _work(session, line, row.given.residence_county or "", now)
        entry = Entry(work, engine, keys_of(session), line, changed)
        kept = enter_pregnancy(entry, row)
    else:
        visit = visit_of(said)
        parent = store.line_of(session, line.province, PREGNANCIES, visit.record_id)
        if parent is None or parent.file_id is None:
            raise NotFoundError("case file", visit.record_id)
        county = pregnancy_of(
            said_in(PREGNANCIES, told(session, parent, "content") or "{}", parent.updated_at)
        ).given.residence_county
        work = _work(session, line, county or "", now)
        line.file_id = parent.file_id
        kept = enter_visit(Entry(work, engine, keys_of(session), line, changed), visit)
    line.kept = " ".join(sorted({*line.kept.split(), *kept}))
    line.status, line.filed_at = LineStatus.FILED.value, now
    put(session, line, filed=content)
    store.add(session, [line])


def _work(session: Session, line: ExchangeLine, county: str, now: datetime) -> Work:
    """Act as the MCH institution of her county, in the name of who took the file in."""
    office = mch_of(session, county)
    org = None if office is None else organisation_named(session, office)
    if org is None:
        raise FileRefusedError([NO_OFFICE])
    actor = Actor(
        user_id=line.by_user,
        name=person_named(session, line.by_user) or "",
        role=Role.MCH_MANAGER,
        org_id=org.id,
        org_kind=OrganisationKind(org.kind),
        facility_id=org.facility_id,
        division=org.division,
        province=org.province,
    )
    return Work(session, actor, now)


def _code(error: AppError | RefusedInputError) -> str:
    """Return why a file would not have it, without anything that was said."""
    if isinstance(error, RefusedInputError):
        return " ".join(sorted({fault.code for fault in error.faults}))
    if isinstance(error, NotFoundError):
        return NOT_THERE
    codes = error.told.get("codes")
    found = codes if isinstance(codes, list) and codes else [type(error).__name__]
    return " ".join(str(code) for code in found)
