"""Asking the centres at which the platform says that births are booked, after the lines are filed.

What a file says is nobody's consent. A centre that a line names waits as something to be asked; it
is asked as one that somebody chose by hand, woman by woman in a short transaction each, in the name
of who took the file in. Where that cannot be, the reasons wait for a person instead.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.bookings.errors import BookingRefusedError
from app.bookings.rooms import Room
from app.bookings.store import expected_at
from app.bookings.told import ask_as_told
from app.case_exchange import store
from app.case_exchange.filing import code_of, in_the_name_of
from app.case_exchange.rows import pregnancy_of, said_in
from app.case_exchange.states import BOOKED, TO_BE_ASKED, ItemKind
from app.case_exchange.tables import ExchangeLine
from app.case_exchange.waiting import open_items, overtake
from app.case_files.states import NO_COLOUR
from app.case_files.store import file_of
from app.db import Database
from app.engine import Engine
from app.errors import AppError, DatabaseBusyError, NotFoundError
from app.keys.words import told

__all__ = ["Asked", "ask_centres", "centres_wait"]

LOGGER = logging.getLogger("greenchannel.exchange")
PREGNANCIES = "pregnancies"
NOT_MANAGED = "not_managed"


@dataclass(frozen=True, slots=True)
class Asked:
    """How many centres were asked, and how many women wait for a person instead."""

    asked: int = 0
    kept: int = 0

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(self.asked + other.asked, self.kept + other.kept)


def centres_wait(database: Database, province: str) -> bool:
    """Tell whether a centre that the platform names is still to be asked."""
    with database.reading() as session:
        return bool(store.lines_saying(session, province, TO_BE_ASKED))


def ask_centres(
    database: Database,
    engine: Engine,
    province: str,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> Asked:
    """Ask every centre that is to be asked; whoever stops it goes on another time.

    The room of a centre is read once and reckoned on. What others book meanwhile is not in it: the
    consent of the centre is reckoned anew.
    """
    with database.reading() as session:
        waiting = store.lines_saying(session, province, TO_BE_ASKED)
    rooms: dict[str, Room] = {}
    done = Asked()
    for line_id in waiting:
        if stopped():
            break
        room = _room(database, engine, line_id, rooms)
        try:
            done += _ask(database, line_id, room)
        except DatabaseBusyError:
            raise
        except (AppError, IntegrityError) as error:
            # It waits for the next time, and stands among what waits until then.
            LOGGER.warning("a centre could not be asked: %s", type(error).__name__)
    return done


def _room(
    database: Database, engine: Engine, line_id: uuid.UUID, rooms: dict[str, Room]
) -> Room | None:
    """Return the room of the centre that a line names, read before anybody waits for it."""
    with database.reading() as session:
        line = store.line_with(session, line_id)
        centre = None if line is None else _centre(session, line)
        if line is not None and centre is not None and centre not in rooms:
            there = expected_at(session, line.province, {centre})
            now = database.now(session)
            rooms[centre] = Room(session, engine, line.province, there, at=now)
    return None if centre is None else rooms[centre]


def _centre(session: Session, line: ExchangeLine) -> str | None:
    """Return where she is to give birth by what of a line is in her file."""
    filed = told(session, line, "filed") or "{}"
    return pregnancy_of(said_in(PREGNANCIES, filed, line.updated_at)).booked_facility


def _ask(database: Database, line_id: uuid.UUID, room: Room | None) -> Asked:
    """Ask the centre of one line, or keep the reasons why not for a person.

    Of a woman whose colour asks for no booking (P-09) no person is asked: the platform names a
    hospital for everybody, and thousands of such lines would hide those that matter.
    """
    with database.writing() as session:
        line, now = store.locked(session, line_id), database.now(session)
        waits = [
            one
            for one in store.open_locked(session, line_id)
            if one.kind == ItemKind.KEPT and BOOKED in one.what.split()
        ]
        file = None if line is None or line.file_id is None else file_of(session, line.file_id)
        if line is None or file is None or all(one.what != TO_BE_ASKED for one in waits):
            return Asked()  # somebody has decided meanwhile
        work = in_the_name_of(session, line, file.residence_county, now)
        because: tuple[str, ...] = ()
        if (centre := _centre(session, line)) is not None and room is not None:
            try:
                ask_as_told(work, room, file.id, centre, told_as=line.record_id)
            except (BookingRefusedError, NotFoundError) as error:
                because = tuple(code_of(error).split())
        overtake(work, waits)
        if not because:
            return Asked(asked=1)
        line.kept = " ".join(sorted({*line.kept.split(), BOOKED}))
        store.add(session, [line])
        if NOT_MANAGED in because and file.colour != NO_COLOUR:
            return Asked()
        what = (ItemKind.KEPT, " ".join((BOOKED, *because)))
        open_items(session, line, {what}, county=file.residence_county, there=(), at=now)
    return Asked(kept=1)
