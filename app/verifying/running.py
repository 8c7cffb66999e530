"""The check that is always on: everything is looked at every hour, and what is found is an alarm.

It stops nothing. The run is a row, what was found is counted by code, and the commission of the
province is told once of each new set of findings. Which rows they are, nobody is sent.
"""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.audit import marks
from app.audit.sealing import kept
from app.db import Database
from app.notices.service import notify
from app.notices.states import Template
from app.settings import Settings
from app.verifying import store
from app.verifying.findings import Report
from app.verifying.of_rooms import ReckonRooms
from app.verifying.service import verify
from app.verifying.tables import VerifyRun

__all__ = ["LastRun", "last_run", "run_verify"]

MOST_TOLD = 999


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the last check of the worker came to."""

    rows: int
    entries: int
    by_code: Mapping[str, int]


def run_verify(
    database: Database, settings: Settings, *, rooms: ReckonRooms | None = None
) -> Report | None:
    """Check everything as of one moment; None where another worker is just doing it."""
    # One that has not ended when the next is due has died with its worker.
    every = timedelta(minutes=settings.verify_every_minutes)
    key = _begin(database, settings.province, dies_after=every)
    if key is None:
        return None
    outside = kept(settings.seals_outside)
    report = verify(database, key_file=settings.seal_key_file, outside=outside, rooms=rooms)
    with database.writing() as session:
        _end(database, session, key, report, province=settings.province)
    return report


def last_run(session: Session) -> LastRun | None:
    """Return what the last check of the worker found; None where there was none."""
    row = store.last_ended(session)
    return None if row is None else LastRun(row.rows, row.entries, json.loads(row.by_code or "{}"))


def _begin(database: Database, province: str, *, dies_after: timedelta) -> uuid.UUID | None:
    with database.writing() as session:
        now = database.now(session)
        if store.begun_since(session, now - dies_after):
            return None
        run = VerifyRun(province=province, began_at=now)
        store.put(session, run)
        return run.id


def _end(
    database: Database, session: Session, key: uuid.UUID, report: Report, *, province: str
) -> None:
    now = database.now(session)
    counts = Counter(finding.code for finding in report.findings)
    run = store.run_of(session, key)
    run.ended_at, run.rows, run.entries = max(now, run.began_at), report.rows, report.entries
    run.found, run.by_code = len(report.findings), json.dumps(dict(sorted(counts.items())))
    store.put(session, run)
    marks.note(session, marks.WRONG if report.findings else marks.INTACT, province=province)
    office = store.commission_of(session, province)
    if report.findings and office is not None:
        notify(
            _Told(session, now),
            org_id=office,
            template=Template.VERIFY_FOUND,
            referral_id=office,
            subject_kind="installation",
            params={"found": min(len(report.findings), MOST_TOLD)},
            occasion=_which(report),
        )


@dataclass(frozen=True, slots=True)
class _Told:
    session: Session
    now: datetime


def _which(report: Report) -> str:
    """Return what tells one set of findings from another: the same is not told every hour."""
    lines = sorted(f"{one.table} {one.id} {one.code}" for one in report.findings)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
