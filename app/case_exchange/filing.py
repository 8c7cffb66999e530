"""From what the platform says into the files of the women, some lines in one transaction.

Everything goes through the acts of case files, in the name of who took the file in, as the MCH
institution of the county where she lives. What no act says without a person stays as it is and is
named in ``kept``: that a pregnancy is over, a due date or a county that changed, a screening
without a finding.
"""

import gc
import logging
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts.presence import actor_at
from app.accounts.service import know_mch_of, mch_of, organisation_named, person_named
from app.accounts.states import Actor, Role
from app.batching import SharedRowError, batch
from app.case_exchange import store
from app.case_exchange.cells import Said
from app.case_exchange.deciding import changed_fields
from app.case_exchange.entering import Done, Entry, enter_pregnancy, enter_visit
from app.case_exchange.rows import given_in, pregnancy_of, said_in, visit_of
from app.case_exchange.states import TO_BE_ASKED, ItemKind, LineStatus
from app.case_exchange.store import Waiting
from app.case_exchange.tables import ExchangeItem, ExchangeLine
from app.case_exchange.waiting import open_items, settle
from app.case_files.errors import FileRefusedError
from app.case_files.store import file_of, hold_all
from app.case_files.watching import followed_once
from app.db import Database, broken_rule
from app.engine import Engine
from app.errors import AppError, DatabaseBusyError, NotFoundError
from app.failpoints import passing
from app.keys.words import keys_of, put, told
from app.notices.service import know_addresses
from app.patients.service import look_up
from app.work import Work
from geodata.errors import RefusedInputError

__all__ = ["FILING", "Filed", "code_of", "file_lines", "in_the_name_of", "lines_wait"]

LOGGER = logging.getLogger("greenchannel.exchange")
FILING = "exchange"
"""The chore of the worker that files what waits."""
PREGNANCIES, VISITS = "pregnancies", "visits"
AT_ONCE = 100
AT_MOST_S = 0.25
"""Lines in one transaction, and after so long no more are begun: commands of others wait for it."""
NAMES, ACTORS = "names_of_importers", "importers_by_county"
NO_OFFICE = "no_mch_institution"
NOT_THERE = "out_of_sight"
BY_DATABASE = "refused_by_the_database"


@dataclass(frozen=True, slots=True)
class Filed:
    """How many lines went into their files, and how many the files would not have so."""

    filed: int = 0
    refused: int = 0
    kept: int = 0

    def __add__(self, other: "Filed") -> "Filed":
        """Count both."""
        return Filed(self.filed + other.filed, self.refused + other.refused, self.kept + other.kept)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, what it says, where a new woman lives, and the file that is known of it already."""

    row: ExchangeLine
    content: str
    said: Mapping[str, Said]
    county: str
    file_id: uuid.UUID | None
    waits: Sequence[ExchangeItem]


@dataclass(frozen=True, slots=True)
class _Entered:
    """A line that was entered, and what is to be said of it."""

    line: ExchangeLine
    content: str
    done: Done
    at: datetime

    def written(self, session: Session) -> bool:
        """Say in the line that it is in its file; whether something of it waits for a person."""
        line, done = self.line, self.done
        line.kept = " ".join(sorted({*line.kept.split(), *done.kept}))
        line.file_id, line.entry_id = done.file_id, done.entry_id
        line.status, line.filed_at = LineStatus.FILED.value, self.at
        put(session, line, filed=self.content)
        return bool(line.kept)


def lines_wait(database: Database, province: str) -> bool:
    """Tell whether a line is not in its file yet."""
    with database.reading() as session:
        return store.any_waiting(session, province)


def file_lines(
    database: Database,
    engine: Engine,
    province: str,
    *,
    told_of: Callable[[int, int], object],
    stopped: Callable[[], bool] = lambda: False,
    at_once: int = AT_ONCE,
) -> Filed:
    """File every line that waits; whoever stops it goes on another time.

    Some lines are one short transaction, so that commands of others come in between. Where one of
    them is refused, those before it are filed, it is by itself, and the others go on behind it: a
    line that is wrong stops no other. ``stopped`` is asked before each round of lines.
    """
    with database.reading() as session:
        waiting = store.waiting(session, province)
    done, count = Filed(), 0
    for some in _rounds(waiting, at_once):
        if stopped():
            break
        done += _file(database, engine, some)
        count += len(some)
        told_of(count, len(waiting))
    return done


def _rounds(waiting: Sequence[Waiting], at_once: int) -> Iterator[list[uuid.UUID]]:
    """Yield lines that go together: each speaks of another file, and a file's keep their order."""
    by_format: dict[str, dict[str, list[uuid.UUID]]] = {}
    for one in waiting:
        by_format.setdefault(one.format, {}).setdefault(one.about, []).append(one.id)
    for files in by_format.values():
        for several in zip_longest(*files.values()):
            line = [key for key in several if key is not None]
            for start in range(0, len(line), at_once):
                yield line[start : start + at_once]


def _file(database: Database, engine: Engine, lines: Sequence[uuid.UUID]) -> Filed:
    """File lines together; one that is refused by itself, and those behind it together."""
    done, rest, most = Filed(), lines, len(lines)
    while len(rest) > 1:
        try:
            with _nothing_collected():
                some = _file_together(database, engine, rest[:most])
        except DatabaseBusyError:
            raise
        except (AppError, IntegrityError):
            # Which line it was nobody knows; each by itself says so, and the others get in.
            break
        done, place = done + some.done, some.place
        if some.is_fault:
            done, place = done + _file_one(database, engine, rest[place]), place + 1
        # Not many more are looked up than there was time for.
        rest, most = rest[place:], 2 * max(place, 1)
    return sum((_file_one(database, engine, one) for one in rest), done)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Let the collector of garbage rest: what a batch makes lives until its end."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _RefusedAt(Exception):
    """A line that would not go with the others, and has changed what was there before."""


@dataclass(frozen=True, slots=True)
class _Some:
    """Lines that went together, up to a place; whether the line there has to go by itself."""

    done: Filed
    place: int
    is_fault: bool


def _file_together(database: Database, engine: Engine, lines: Sequence[uuid.UUID]) -> _Some:
    """File lines up to one that will not go with them, or as many as the time is enough for."""
    wanted = lines
    while wanted:
        try:
            some = _up_to_a_fault(database, engine, wanted)
        except _RefusedAt as refused:
            wanted = lines[: refused.args[0]]
        else:
            at_fault = some.place == len(wanted) < len(lines)
            return replace(some, is_fault=some.is_fault or at_fault)
    return _Some(Filed(), 0, is_fault=True)


def _up_to_a_fault(database: Database, engine: Engine, lines: Sequence[uuid.UUID]) -> _Some:
    entered: list[_Entered] = []
    place, is_fault = len(lines), False
    with database.writing() as session:
        begun = time.monotonic()
        with batch(session) as together:
            now = database.now(session)
            opened = _opened(session, store.all_locked(session, lines), now)
            for number, line in enumerate(opened):
                if line.row.status != LineStatus.WAITING:
                    continue
                if entered and time.monotonic() - begun > AT_MOST_S:
                    place = number
                    break
                try:
                    with together.part():
                        done = _enter(session, engine, line, now)
                        store.add(session, [line.row])
                    entered.append(done)
                except (AppError, RefusedInputError, SharedRowError):
                    if not together.is_clean:
                        raise _RefusedAt(number) from None
                    place, is_fault = number, True
                    break
            # Only now: a line that says that it is in a file leads to one that is written.
            kept = sum(one.written(session) for one in entered)
            passing("lines_entered")
        passing("lines_written")
    passing("lines_filed")
    return _Some(Filed(filed=len(entered), kept=kept), place, is_fault)


def _opened(session: Session, rows: Sequence[ExchangeLine], now: datetime) -> list[_Line]:
    """Return what lines say, and look up for all of them by one statement what each will ask."""
    parents = store.parents_of(session, rows)
    waits = store.items_of(session, [one.id for one in rows])
    lines = [
        _line(session, one, parents.get(one.of_record or ""), waits.get(one.id, ())) for one in rows
    ]
    women = [given_in(one.said) for one in lines if one.row.format == PREGNANCIES]
    look_up(session, keys_of(session), rows[0].province if rows else "", women)
    files = hold_all(session, {one.file_id for one in lines if one.file_id is not None})
    counties = {one.county for one in lines} | {one.residence_county for one in files}
    know_mch_of(session, counties)
    offices = (mch_of(session, county) for county in counties if county)
    know_addresses(session, {one for one in offices if one is not None}, at=now)
    return lines


def _file_one(database: Database, engine: Engine, line_id: uuid.UUID) -> Filed:
    try:
        with database.writing() as session:
            now = database.now(session)
            line = store.locked(session, line_id)
            if line is None or line.status != LineStatus.WAITING:
                return Filed()
            parent = store.parents_of(session, [line]).get(line.of_record or "")
            waits = store.items_of(session, [line.id]).get(line.id, ())
            entered = _enter(session, engine, _line(session, line, parent, waits), now)
            kept = entered.written(session)
            store.add(session, [line])
            return Filed(filed=1, kept=int(kept))
    except DatabaseBusyError:
        raise  # whoever imports again goes on here
    except (AppError, RefusedInputError) as error:
        because = code_of(error)
    except IntegrityError as error:
        LOGGER.warning("a line was refused by the database: %s", broken_rule(error))
        because = BY_DATABASE
    with database.writing() as session:
        line = store.locked(session, line_id)
        if line is None or line.status != LineStatus.WAITING:
            return Filed()
        line.status, line.because = LineStatus.REFUSED.value, because
        store.add(session, [line])
        _refused(session, line, because, database.now(session))
    return Filed(refused=1)


def _refused(session: Session, line: ExchangeLine, because: str, now: datetime) -> None:
    """Let the office of where she lives look at a line that its file would not have."""
    parent = store.parents_of(session, [line]).get(line.of_record or "", line)
    file = None if parent.file_id is None else file_of(session, parent.file_id)
    said = said_in(PREGNANCIES, told(session, parent, "content") or "{}", parent.updated_at)
    county = str(said.get("residence_county", "")) if file is None else file.residence_county
    open_items(
        session,
        line,
        {(ItemKind.REFUSED, because)},
        county=county,
        there=store.items_of(session, [line.id]).get(line.id, ()),
        file_id=parent.file_id,
        at=now,
    )


def _line(
    session: Session,
    row: ExchangeLine,
    parent: ExchangeLine | None,
    waits: Sequence[ExchangeItem],
) -> _Line:
    content = told(session, row, "content") or "{}"
    said = said_in(row.format, content, row.updated_at)
    if row.format == PREGNANCIES:
        return _Line(row, content, said, str(said["residence_county"]), row.file_id, waits)
    return _Line(row, content, said, "", None if parent is None else parent.file_id, waits)


def _enter(session: Session, engine: Engine, line: _Line, now: datetime) -> _Entered:
    row = line.row
    changed = changed_fields(line.content, told(session, row, "filed"))
    file = None if line.file_id is None else file_of(session, line.file_id)
    if row.format == VISITS and file is None:
        raise NotFoundError("case file", row.of_record or "")
    # Where our file says that she lives: a county that the platform has changed waits for a person,
    # and what else it says must not wait with it.
    work = in_the_name_of(session, row, line.county if file is None else file.residence_county, now)
    entry = Entry(work, engine, keys_of(session), row, changed)
    with followed_once(session):
        if row.format == PREGNANCIES:
            done = enter_pregnancy(entry, pregnancy_of(line.said))
        else:
            assert line.file_id is not None  # noqa: S101  or it was refused above
            done = enter_visit(entry, visit_of(line.said), line.file_id)
    wanted = {(ItemKind.KEPT, field) for field in done.kept}
    wanted |= {(ItemKind.LIKENESS, likeness) for likeness in done.like}
    if done.asks:
        wanted.add((ItemKind.KEPT, TO_BE_ASKED))
    county = work.actor.division
    open_items(
        session, row, wanted, county=county, there=line.waits, file_id=done.file_id, at=work.now
    )
    settle(work, line.waits)
    return _Entered(row, line.content, done, now)


def in_the_name_of(session: Session, line: ExchangeLine, county: str, now: datetime) -> Work:
    """Act as the MCH institution of her county, in the name of who took the file in."""
    actors: dict[tuple[str, uuid.UUID], Actor] = session.info.setdefault(ACTORS, {})
    who = county, line.by_user
    if who not in actors:
        office = mch_of(session, county)
        org = None if office is None else organisation_named(session, office)
        if org is None:
            raise FileRefusedError([NO_OFFICE])
        names: dict[uuid.UUID, str] = session.info.setdefault(NAMES, {})
        if line.by_user not in names:
            names[line.by_user] = person_named(session, line.by_user) or ""
        actors[who] = actor_at(org, line.by_user, names[line.by_user], Role.MCH_MANAGER)
    return Work(session, actors[who], now)


def code_of(error: AppError | RefusedInputError) -> str:
    """Return why a file would not have it, without anything that was said."""
    if isinstance(error, RefusedInputError):
        return " ".join(sorted({fault.code for fault in error.faults}))
    if isinstance(error, NotFoundError):
        return NOT_THERE
    codes = error.told.get("codes")
    found = codes if isinstance(codes, list) and codes else [type(error).__name__]
    return " ".join(str(code) for code in found)
