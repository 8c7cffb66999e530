"""From what the platform says into the files of the women, some lines in one transaction.

Everything goes through the acts of case files, in the name of who took the file in, as the MCH
institution of the county where she lives. What no act says without a person stays as it is and is
named in ``kept``: that a pregnancy is over, a due date or a county that changed, a screening
without a finding.
"""

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts.service import mch_of, organisation_named, person_named
from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import Organisation
from app.batching import SharedRowError, batch
from app.case_exchange import store
from app.case_exchange.deciding import changed_fields
from app.case_exchange.entering import Done, Entry, enter_pregnancy, enter_visit
from app.case_exchange.rows import pregnancy_of, said_in, visit_of
from app.case_exchange.states import LineStatus
from app.case_exchange.tables import ExchangeLine
from app.case_exchange.store import Waiting
from app.case_files.errors import FileRefusedError
from app.case_files.store import hold_all
from app.db import Database, broken_rule
from app.engine import Engine
from app.errors import AppError, NotFoundError
from app.keys.words import keys_of, put, told
from app.work import Work
from geodata.errors import RefusedInputError

__all__ = ["Filed", "acting_for", "file_lines"]

LOGGER = logging.getLogger("greenchannel.exchange")
PREGNANCIES = "pregnancies"
AT_ONCE = 40
"""Lines in one transaction: for so long, a quarter of a second, commands of others wait."""
ACTING = "exchange_actors"
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
        return Filed(
            self.filed + other.filed, self.refused + other.refused, self.kept + other.kept
        )


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
    line that is wrong stops no other. ``stopped`` is asked before each transaction.
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
    """File lines together; from the one that is refused on, one by one."""
    if len(lines) == 1:
        return _file_one(database, engine, lines[0])
    try:
        return _file_together(database, engine, lines)
    except _RefusedAt as refused:
        place = refused.place
        parts = (lines[:place], lines[place : place + 1], lines[place + 1 :])
    except IntegrityError:
        # Which line it was nobody knows; each by itself says so, and the others get in.
        parts = tuple([one] for one in lines)
    return sum((_file(database, engine, some) for some in parts if some), Filed())


class _RefusedAt(Exception):
    """A line that its file would not have so; ``place`` is where it stands among those together."""

    def __init__(self, place: int) -> None:
        self.place = place


def _file_together(database: Database, engine: Engine, lines: Sequence[uuid.UUID]) -> Filed:
    entered: list[_Entered] = []
    with database.writing() as session, batch(session) as together:
        found = store.all_locked(session, lines)
        parents = store.parents_of(session, found)
        named = (*found, *parents.values())
        hold_all(session, {one.file_id for one in named if one.file_id is not None})
        for place, line in enumerate(found):
            if line.status != LineStatus.WAITING:
                continue
            try:
                with together.part():
                    parent = parents.get(line.of_record or "")
                    now = database.now(session)
                    entered.append(_enter(session, engine, line, now, parent=parent))
                    store.add(session, [line])
            except (AppError, RefusedInputError, SharedRowError):
                raise _RefusedAt(place) from None
        # Only now: a line that says that it is in a file leads to one that is written.
        kept = sum(one.written(session) for one in entered)
    return Filed(filed=len(entered), kept=kept)


def _file_one(database: Database, engine: Engine, line_id: uuid.UUID) -> Filed:
    try:
        with database.writing() as session:
            now = database.now(session)
            line = store.locked(session, line_id)
            if line is None or line.status != LineStatus.WAITING:
                return Filed()
            parent = store.parents_of(session, [line]).get(line.of_record or "")
            kept = _enter(session, engine, line, now, parent=parent).written(session)
            store.add(session, [line])
            return Filed(filed=1, kept=int(kept))
    except (AppError, RefusedInputError) as error:
        because = _code(error)
    except IntegrityError as error:
        LOGGER.warning("a line was refused by the database: %s", broken_rule(error))
        because = BY_DATABASE
    with database.writing() as session:
        line = store.locked(session, line_id)
        if line is None or line.status != LineStatus.WAITING:
            return Filed()
        line.status, line.because = LineStatus.REFUSED.value, because
        store.add(session, [line])
    return Filed(refused=1)


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


def _enter(
    session: Session,
    engine: Engine,
    line: ExchangeLine,
    now: datetime,
    *,
    parent: ExchangeLine | None,
) -> _Entered:
    content = told(session, line, "content") or "{}"
    said = said_in(line.format, content, line.updated_at)
    changed = changed_fields(content, told(session, line, "filed"))
    if line.format == PREGNANCIES:
        row = pregnancy_of(said)
        work = _work(session, line, row.given.residence_county or "", now)
        done = enter_pregnancy(Entry(work, engine, keys_of(session), line, changed), row)
    else:
        visit = visit_of(said)
        if parent is None or parent.file_id is None:
            raise NotFoundError("case file", visit.record_id)
        work = _work(session, line, _county_of(session, parent), now)
        entry = Entry(work, engine, keys_of(session), line, changed)
        done = enter_visit(entry, visit, parent.file_id)
    return _Entered(line, content, done, now)


def _county_of(session: Session, parent: ExchangeLine) -> str:
    content = told(session, parent, "content") or "{}"
    return str(said_in(PREGNANCIES, content, parent.updated_at).get("residence_county", ""))


def _work(session: Session, line: ExchangeLine, county: str, now: datetime) -> Work:
    """Act as the MCH institution of her county, in the name of who took the file in."""
    known: dict[tuple[str, uuid.UUID], Actor] = session.info.setdefault(ACTING, {})
    actor = known.get((county, line.by_user))
    if actor is None:
        office = mch_of(session, county)
        org = None if office is None else organisation_named(session, office)
        if org is None:
            raise FileRefusedError([NO_OFFICE])
        actor = acting_for(org, line.by_user, person_named(session, line.by_user) or "")
        known[county, line.by_user] = actor
    return Work(session, actor, now)


def acting_for(org: Organisation, user_id: uuid.UUID, name: str) -> Actor:
    """Return a manager of an organisation, whoever it is."""
    return Actor(
        user_id=user_id,
        name=name,
        role=Role.MCH_MANAGER,
        org_id=org.id,
        org_kind=OrganisationKind(org.kind),
        facility_id=org.facility_id,
        division=org.division,
        province=org.province,
    )


def _code(error: AppError | RefusedInputError) -> str:
    """Return why a file would not have it, without anything that was said."""
    if isinstance(error, RefusedInputError):
        return " ".join(sorted({fault.code for fault in error.faults}))
    if isinstance(error, NotFoundError):
        return NOT_THERE
    codes = error.told.get("codes")
    found = codes if isinstance(codes, list) and codes else [type(error).__name__]
    return " ".join(str(code) for code in found)
