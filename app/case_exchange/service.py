"""A whole import: checked before the transaction, taken in by it, filed after it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from app.accounts import store as accounts
from app.accounts.presence import actor_at, is_disabled
from app.accounts.service import organisation_named, person_named
from app.accounts.states import AREA_OF, Actor, Role, within
from app.case_exchange import store
from app.case_exchange.cells import Known, Said
from app.case_exchange.mapping import Columns
from app.case_exchange.pregnancies import parse_pregnancies
from app.case_exchange.reading import Progress, quiet
from app.case_exchange.rows import Lined, PregnancyRow, VisitRow
from app.case_exchange.taking import Recorded, TakenLines, records, take_pregnancies, take_visits
from app.case_exchange.telling import pregnancies_told, visits_told
from app.case_exchange.visits import parse_visits
from app.case_files.sight import in_scope
from app.case_files.tables import CaseFile
from app.centres.registry_now import with_imported
from app.db import Database
from app.documents import TooManyError
from app.engine import Engine
from app.errors import NotFoundError
from app.tables import Data
from app.work import Work
from geodata.check import Fault
from geodata.table import Table

__all__ = [
    "Checked",
    "checked_for",
    "export",
    "export_for",
    "importer",
    "known_of",
    "take_in",
    "taken_of",
]

PREGNANCIES, VISITS = "pregnancies", "visits"
Checked: TypeAlias = tuple[Lined[PregnancyRow], ...] | tuple[Lined[VisitRow], ...]
"""The rows of a file without a fault."""
MOST_TOLD = 5_000
"""Files that one answer over HTTP tells of."""
AT_ONCE = 100
"""Files told of in one transaction: each look is written down in it."""


def known_of(engine: Engine, database: Database) -> Known:
    """Return what a file may name now: institutions and townships as they were imported."""
    with database.reading() as session:
        now = database.now(session)
        data = with_imported(session, Data(engine.registry, tuple(engine.places.values())))
    places = {place.place_id: place.county for place in data.places}
    return Known(data.registry, places, engine.rules.facts, now)


def importer(session: Session, login: str, *, now: datetime) -> Actor:
    """Return who a file is taken in for.

    Raises
    ------
    NotFoundError
        There is no such account, or it is shut at this moment.
    """
    user = accounts.user_named(session, login)
    org = None if user is None else organisation_named(session, user.home_org)
    if user is None or org is None or is_disabled(user, now):
        raise NotFoundError("account", login)
    name = person_named(session, user.id) or login
    return actor_at(org, user.id, name, Role.MCH_MANAGER)


def take_in(
    database: Database,
    engine: Engine,
    columns: Columns,
    name: str,
    table: Table,
    *,
    login: str,
    dry_run: bool = False,
    step: Progress = quiet,
) -> TakenLines:
    """Check a file, and take it in; a dry run does the same and undoes it.

    Raises
    ------
    RefusedInputError
        With every fault; nothing was taken in.
    NotFoundError
        Nobody is called ``login``.
    """
    known = known_of(engine, database)
    with database.reading() as session:
        province = importer(session, login, now=known.now).province
        there = records(session, province)
    rows = _read(columns, name, table, known, there, step)
    try:
        with database.writing() as session:
            work = _work(database, session, login)
            done = taken_of(work, name, rows, encoding=table.encoding)
            if dry_run:
                raise _Undone(done)
    except _Undone as undone:
        return replace(undone.done, dry_run=True)
    return done


def checked_for(
    actor: Actor, database: Database, engine: Engine, columns: Columns, name: str, table: Table
) -> Checked:
    """Check a file of somebody who looks after an area: every row must be of a woman there.

    Raises
    ------
    RefusedInputError
        With every fault.
    """
    area = within(AREA_OF[actor.role], actor.division)
    with database.reading() as session:
        there = records(session, actor.province)
        visits = store.lines(session, actor.province, VISITS) if name == VISITS else ()
        record_of = {one.record_id: one.of_record or "" for one in visits}
    known = replace(
        known_of(engine, database),
        area=area,
        county_of={record: one.county for record, one in there.items()},
        record_of=record_of,
    )
    mine = {record: one for record, one in there.items() if one.county.startswith(area)}
    return _read(columns, name, table, known, mine, quiet)


def taken_of(work: Work, name: str, rows: Checked, *, encoding: str) -> TakenLines:
    """Take in the rows of a file that has no fault, in the transaction that there is."""
    women = [one for one in rows if isinstance(one.item, PregnancyRow)]
    visits = [one for one in rows if isinstance(one.item, VisitRow)]
    if name == VISITS:
        return take_visits(work, visits, encoding=encoding)
    return take_pregnancies(work, women, encoding=encoding)


def _read(
    columns: Columns,
    name: str,
    table: Table,
    known: Known,
    there: Mapping[str, Recorded],
    step: Progress,
) -> Checked:
    if name == PREGNANCIES:
        return parse_pregnancies(table, columns=columns[name], known=known, told=step)
    registered = {record: one.registered_on for record, one in there.items()}
    return parse_visits(table, columns=columns[name], known=known, registered=registered, told=step)


def export(
    database: Database, name: str, *, login: str, step: Progress = quiet
) -> Iterator[Mapping[str, Said]]:
    """Yield what is told of every file, by field, so many in a transaction.

    Raises
    ------
    NotFoundError
        Nobody is called ``login``.
    """

    def begun(session: Session) -> tuple[Work, ColumnElement[bool]]:
        work = _work(database, session, login)
        return work, col(CaseFile.province) == work.actor.province

    yield from _told(database, name, begun, step)


def export_for(
    actor: Actor, database: Database, name: str, *, since: datetime, until: datetime
) -> Iterator[Mapping[str, Said]]:
    """Yield what is told of every file that somebody sees by her role, registered in a time.

    Raises
    ------
    TooManyError
        There are more than :data:`MOST_TOLD` of them; nothing was told.
    """

    def begun(session: Session) -> tuple[Work, ColumnElement[bool]]:
        now = database.now(session)
        registered = col(CaseFile.registered_at)
        mine = in_scope(actor, now) & (registered >= since) & (registered < until)
        return Work(session, actor, now), mine

    with database.reading() as session:
        count = store.files_in(session, begun(session)[1])
    if count > MOST_TOLD:
        expected = f"<= {MOST_TOLD}"
        raise TooManyError(Fault("export", None, "from", str(count), "too_many_rows", expected))
    yield from _told(database, name, begun, quiet)


def _told(
    database: Database,
    name: str,
    begun: Callable[[Session], tuple[Work, ColumnElement[bool]]],
    step: Progress,
) -> Iterator[Mapping[str, Said]]:
    tell = pregnancies_told if name == PREGNANCIES else visits_told
    after, count = None, 0
    while True:
        with database.writing() as session:
            work, which = begun(session)
            files = store.files_after(session, which, after, AT_ONCE)
            rows = list(tell(work, files))
        if not files:
            return
        yield from rows
        after, count = files[-1].id, count + len(files)
        step(count)


class _Undone(Exception):
    """Ends a transaction that was only tried; ``done`` is what it would have done."""

    def __init__(self, done: TakenLines) -> None:
        self.done = done


def _work(database: Database, session: Session, login: str) -> Work:
    now = database.now(session)
    return Work(session, importer(session, login, now=now), now)
