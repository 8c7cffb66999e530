"""A whole import: checked before the transaction, taken in by it, filed after it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from app.accounts import store as accounts
from app.accounts.presence import actor_at, is_disabled
from app.accounts.service import organisation_named, person_named
from app.accounts.states import Actor, Role
from app.case_exchange import store
from app.case_exchange.cells import Known, Said
from app.case_exchange.mapping import Columns
from app.case_exchange.pregnancies import parse_pregnancies
from app.case_exchange.reading import Progress, quiet
from app.case_exchange.taking import (
    TakenLines,
    registered_days,
    take_pregnancies,
    take_visits,
)
from app.case_exchange.telling import pregnancies_told, visits_told
from app.case_exchange.visits import parse_visits
from app.centres.registry_now import with_imported
from app.db import Database
from app.engine import Engine
from app.errors import NotFoundError
from app.tables import Data
from app.work import Work
from geodata.table import Table

__all__ = ["export", "importer", "known_of", "take_in"]

PREGNANCIES = "pregnancies"
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
        registered = registered_days(session, province)
    try:
        if name == PREGNANCIES:
            women = parse_pregnancies(table, columns=columns[name], known=known, told=step)
            with database.writing() as session:
                work = _work(database, session, login)
                done = take_pregnancies(work, women, encoding=table.encoding)
                _undo(done, dry_run=dry_run)
        else:
            visits = parse_visits(
                table, columns=columns[name], known=known, registered=registered, told=step
            )
            with database.writing() as session:
                done = take_visits(_work(database, session, login), visits, encoding=table.encoding)
                _undo(done, dry_run=dry_run)
    except _Undone as undone:
        return replace(undone.done, dry_run=True)
    return done


def export(
    database: Database, name: str, *, login: str, step: Progress = quiet
) -> Iterator[Mapping[str, Said]]:
    """Yield what is told of every file, by field, so many in a transaction.

    Raises
    ------
    NotFoundError
        Nobody is called ``login``.
    """
    tell = pregnancies_told if name == PREGNANCIES else visits_told
    after, count = None, 0
    while True:
        with database.writing() as session:
            work = _work(database, session, login)
            files = store.files_after(session, work.actor.province, after, AT_ONCE)
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


def _undo(done: TakenLines, *, dry_run: bool) -> None:
    if dry_run:
        raise _Undone(done)


def _work(database: Database, session: Session, login: str) -> Work:
    now = database.now(session)
    return Work(session, importer(session, login, now=now), now)
