"""The invented women in the database of a demonstration, filled in while it runs.

They go the way of any file of the platform, some hundred at a time: taken in, then into their files
one by one, then their centres are asked and most consent, then they are looked after by their
counties, with a pause after each so that whoever tries the demonstration does not wait. The county
of the accounts comes first.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from random import Random

from sqlmodel import Session

from app.accounts.demo import COUNTY
from app.accounts.passwords import fresh_password
from app.bookings.answering import consent_by_word
from app.bookings.rooms import Rooms
from app.bookings.states import BookingStatus
from app.bookings.store import live_of
from app.bookings.tables import Booking
from app.case_exchange.asking import ask_centres
from app.case_exchange.filing import file_lines
from app.case_exchange.rows import Lined
from app.case_exchange.service import importer
from app.case_exchange.store import line_of
from app.case_exchange.taking import take_pregnancies, take_visits
from app.centres.current import Current
from app.db import Database
from app.demo_women import shares
from app.demo_women.caring import SAID, Caring
from app.demo_women.hands import Hands
from app.demo_women.inventing import AtHome
from app.demo_women.telling import Told
from app.demo_women.writing import told_of_all
from app.engine import Engine
from app.errors import AppError, DatabaseBusyError
from app.work import Work
from geodata.errors import RefusedInputError

__all__ = ["Filling"]

LOGGER = logging.getLogger("greenchannel.demo")
LOGIN = "mch"
"""The account of the demonstration in whose name they are entered."""
AT_HOME = AtHome(COUNTY, 12)
"""So that the lists of those accounts have somebody in them, however few women there are."""
PAUSE_S = 0.02
BUSY_S = 1.0
"""So long others are let write where the turn did not come."""
AT_ONCE = 250
IN_MEMORY = "utf-8"
PREGNANCIES = "pregnancies"


class Filling:
    """Fills in ``count`` women in a thread of its own; same seed, same women.

    ``pause_s`` is waited after each, for those who use the database meanwhile.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        *,
        count: int,
        seed: int,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._database, self._engine = database, engine
        self._count, self._seed, self._pause_s = count, seed, pause_s
        self._current = Current(engine)
        self._fresh = fresh_password()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self.fill, name="women", daemon=True)

    def start(self) -> None:
        """Begin to fill in."""
        self._thread.start()

    def stop(self) -> None:
        """End after the line that is being entered."""
        self._over.set()
        self._thread.join()

    def fill(self) -> None:
        """Fill in everything, or until it is stopped."""
        if not self._count:
            return
        with self._database.reading() as session:
            now = self._database.now(session)
        told = told_of_all(
            self._engine.rules,
            self._engine.registry,
            now=now,
            count=self._count,
            seed=self._seed,
            at_home=AT_HOME,
        )
        here = [one for one in told if one.woman.county == COUNTY]
        others = [one for one in told if one.woman.county != COUNTY]
        for part in (here, *batched(others)):
            if self._over.is_set():
                return
            self._until_done(lambda part=part: self._take(part))  # type: ignore[misc]
            self._until_done(self._file)
            self._until_done(self._ask)
            self._book(part)
            self._look_after(part)

    def _until_done(self, act: Callable[[], None]) -> None:
        """Do it, however long others write meanwhile: without it nobody is filled in any more."""
        while not self._over.is_set():
            try:
                act()
            except DatabaseBusyError:
                self._over.wait(BUSY_S)
            else:
                return

    @property
    def _province(self) -> str:
        return self._engine.registry.divisions.province.adcode[:2]

    def _file(self) -> None:
        file_lines(
            self._database,
            self._engine,
            self._province,
            told_of=lambda *_: self._over.wait(self._pause_s),
            stopped=self._over.is_set,
        )

    def _ask(self) -> None:
        """Have the centres asked that the platform names."""
        ask_centres(self._database, self._engine, self._province, stopped=self._over.is_set)

    def _book(self, told: Sequence[Told]) -> None:
        """Have most of the centres consent by telephone."""
        rooms, hands = Rooms(self._database, self._current), self._hands()
        for one in told:
            if self._over.wait(self._pause_s):
                return
            rng = Random(f"booked {self._seed} {one.woman.number}")  # noqa: S311  no secret
            if rng.random() >= shares.CONSENTED:
                continue
            with self._database.reading() as session:
                asked = _asked_of(session, self._province, one)
            if asked is None:
                continue
            room = rooms.of([asked.id])
            with _passing_by(), self._database.writing() as session:
                office = hands.office(session, one.woman.county)
                if office is not None:
                    work = Work(session, office, self._database.now(session))
                    consent_by_word(work, room, asked.id, said_by=SAID, read=asked.version)

    def _look_after(self, told: Sequence[Told]) -> None:
        caring = Caring(self._engine, self._hands(), self._seed)
        for one in told:
            if self._over.wait(self._pause_s):
                return
            with _passing_by(), self._database.writing() as session:
                line = line_of(session, self._province, PREGNANCIES, one.row.record_id)
                if line is not None and line.file_id is not None:
                    now = self._database.now(session)
                    caring.look_after(session, one, line.file_id, now)

    def _hands(self) -> Hands:
        with self._database.reading() as session:
            who = importer(session, LOGIN, now=self._database.now(session))
        return Hands(self._fresh, who.user_id)

    def _take(self, told: Sequence[Told]) -> None:
        women = [Lined(line, one.row) for line, one in enumerate(told, start=2)]
        visits = [Lined(line, v) for line, v in enumerate((v for t in told for v in t.visits), 2)]
        with self._database.writing() as session:
            now = self._database.now(session)
            work = Work(session, importer(session, LOGIN, now=now), now)
            take_pregnancies(work, women, encoding=IN_MEMORY)
            take_visits(work, visits, encoding=IN_MEMORY)


@contextlib.contextmanager
def _passing_by() -> Iterator[None]:
    """Leave out what a file would not have: a person may have been there before."""
    try:
        yield
    except (AppError, RefusedInputError) as error:
        LOGGER.info("an invented woman was passed by: %s", type(error).__name__)


def _asked_of(session: Session, province: str, told: Told) -> Booking | None:
    """Return the booking of a woman for which a centre is asked."""
    line = line_of(session, province, PREGNANCIES, told.row.record_id)
    if told.row.booked_facility is None or line is None or line.file_id is None:
        return None
    live = live_of(session, line.file_id)
    asked = next((one for one in live if one.status == BookingStatus.ASKED), None)
    if asked is not None:
        session.expunge(asked)
    return asked


def batched(told: Sequence[Told]) -> Iterator[Sequence[Told]]:
    """Yield parts that are taken in at once: nobody waits long behind one of them."""
    for first in range(0, len(told), AT_ONCE):
        yield told[first : first + AT_ONCE]
