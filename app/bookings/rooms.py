"""Whether a week of a centre holds another birth: what is expected there beside its limits.

Reckoned as a run reckons it, by the same functions, from the files as they are now. Nothing is
held: weeks ahead there is only an expected load.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlmodel import Session

from app.bookings import store
from app.bookings.readable import of_those_readable
from app.bookings.run_request import due_is_known, room_of, woman_of
from app.bookings.states import OF_ROOM, STANDING, BookingStatus, ReopenReason
from app.bookings.tables import Booking
from app.bookings.ways import takes_her
from app.case_files.known.record import facts_of
from app.case_files.tables import CaseFile
from app.centres.current import Current
from app.clock import stamp
from app.db import Database
from app.engine import Engine
from routing.booking.book import Standing, standing_of
from routing.booking.values import Calendar

__all__ = ["WEEKS", "Room", "Rooms", "below_floor", "is_known", "without_room"]

WEEKS = 24
NO_ROOM, NO_LODGING = OF_ROOM
Placed = tuple[Booking, CaseFile]
"""A booking that takes room, with its file."""


class Room:
    """The weeks of centres, as of one moment, and what births take of them."""

    def __init__(
        self,
        session: Session,
        engine: Engine,
        province: str,
        there: Sequence[Placed],
        *,
        at: datetime,
        weeks: int = WEEKS,
    ) -> None:
        self.engine, self.calendar = engine, Calendar(at, weeks)
        self._frame = {
            **room_of(session, engine, province, self.calendar),
            "weeks": weeks,
            "now": stamp(at),
        }
        self.standing = self._taken_by(session, there)

    def lacks(self, session: Session, booking: Booking, file: CaseFile) -> tuple[ReopenReason, ...]:
        """Return what there is not for a booking beside those who take room already, as codes."""
        taken, before = self._taken_by(session, [(booking, file)]), self.standing
        table = before.table
        room = (taken.room > 0) & (before.room + taken.room > table.limit)
        lodging = (taken.lodging > 0) & (before.lodging + taken.lodging > table.lodging)
        checks = ((room, NO_ROOM), (lodging, NO_LODGING))
        return tuple(reason for over, reason in checks if over.any())

    def take(self, session: Session, booking: Booking, file: CaseFile) -> None:
        """Let a booking take room too."""
        taken, before = self._taken_by(session, [(booking, file)]), self.standing
        self.standing = Standing(
            before.table, before.room + taken.room, before.lodging + taken.lodging
        )

    def full(self) -> Iterator[tuple[str, str, ReopenReason]]:
        """Yield the centres and weeks in which more is expected than they hold, and of what."""
        table, ids = self.standing.table, self.engine.network.ids
        over = {
            NO_ROOM: (self.standing.room > table.limit).any(axis=1),
            NO_LODGING: self.standing.lodging > table.lodging,
        }
        for reason, where in over.items():
            for centre, week in np.argwhere(where).tolist():
                yield ids[centre], self.calendar.name(week), reason

    def _taken_by(self, session: Session, there: Sequence[Placed]) -> Standing:
        """Return what bookings take by themselves; nothing by one that is not reckoned with."""
        asked = {"pregnancies": [*self._women(session, there)], **self._frame}
        engine = self.engine
        found, _ = of_those_readable(
            asked,
            lambda one: standing_of(engine.network, engine.rules, engine.reader.booking(one)),
        )
        return found

    def _women(self, session: Session, there: Sequence[Placed]) -> Iterator[Mapping[str, object]]:
        """Yield births as contract 2.4 has them; one booked here and asked for there is two."""
        engine, today = self.engine, self.calendar.today
        counting = [
            (booking, file)
            for booking, file in there
            if booking.facility_id in engine.registry and due_is_known(file, today)
        ]
        facts = facts_of(session, [file for _, file in counting])
        for booking, file in counting:
            woman = woman_of(engine, file, facts[file.id], [], None, rethink=False, today=today)
            yield woman | {
                "id": str(booking.id),
                "booked_facility_id": booking.facility_id,
                "booked_lodging": booking.lodging,
                "frozen": True,
            }


class Rooms:
    """Reads the room of centres before a command begins: nobody who writes waits for it."""

    def __init__(self, database: Database, current: Current) -> None:
        self._database, self._current = database, current

    def of(self, booking_ids: Collection[uuid.UUID]) -> Room:
        """Return the room of the centres of some bookings, without the women of these."""
        with self._database.reading() as session:
            found = store.of_ids(session, booking_ids)
            centres = {one.facility_id for one in found}
            return self._read(session, centres, {one.file_id for one in found})

    def at(self, facility_id: str, file_id: uuid.UUID) -> Room:
        """Return the room of a centre without one woman."""
        with self._database.reading() as session:
            return self._read(session, {facility_id}, {file_id})

    def _read(
        self, session: Session, centres: Collection[str], without: Collection[uuid.UUID]
    ) -> Room:
        now = self._database.now(session)
        engine = self._current.engine(session, now)
        province = engine.registry.divisions.province.adcode[:2]
        expected = store.expected_at(session, province, centres)
        there = [one for one in expected if one[1].id not in without]
        return Room(session, engine, province, there, at=now)


def is_known(booking: Booking) -> bool:
    """Tell whether somebody knows that there may be no room: it is marked, or looked at again."""
    return booking.over_limit or booking.status == BookingStatus.REOPENED


def below_floor(session: Session, engine: Engine, province: str) -> Sequence[uuid.UUID]:
    """Return what is booked at a centre that is closed, or below the floor of her colour."""
    return [
        booking.id
        for booking, file in store.expected_at(session, province)
        if booking.status == BookingStatus.BOOKED
        and not takes_her(engine, booking.facility_id, colour=file.colour, purple=file.purple)
    ]


def without_room(
    session: Session, engine: Engine, province: str, *, at: datetime
) -> Mapping[uuid.UUID, tuple[ReopenReason, ...]]:
    """Return the places that are somebody's and for which there is no room, with what is lacking.

    Who was booked first has the room. One of which somebody knows takes room and is not named.
    """
    there = [one for one in store.expected_at(session, province) if one[0].status in STANDING]
    full = {centre for centre, _, _ in Room(session, engine, province, there, at=at).full()}
    if not full:
        return {}
    room = Room(session, engine, province, [], at=at)
    found = {}
    for booking, file in sorted(
        (one for one in there if one[0].facility_id in full),
        key=lambda one: (one[0].booked_at or at, one[0].id),
    ):
        lacking = room.lacks(session, booking, file)
        room.take(session, booking, file)
        if lacking and not is_known(booking):
            found[booking.id] = lacking
    return found
