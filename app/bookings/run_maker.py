"""Making a booking run outside of any command: one read, one solve, nothing locked."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.bookings import store
from app.bookings.readable import of_those_readable
from app.bookings.run_request import Gathered, Wish, gather
from app.bookings.ways import minutes_between
from app.centres.current import Current
from app.db import Database
from app.documents import dumps, read_object
from app.engine import Engine

__all__ = ["Made", "RunMaker", "Solve"]

Solve = Callable[[Engine, Mapping[str, object]], object]
"""Books (contract 2.4); RequestError with every fault."""
NOT_READABLE = "not_readable"


@dataclass(frozen=True, slots=True)
class Made:
    """A run before it is kept: from what, what came of it, and the minutes to each centre."""

    wish: Wish
    gathered: Gathered
    answer: Mapping[str, object]
    minutes: Mapping[uuid.UUID, int]


class RunMaker:
    """Books every pregnancy of an area on what the database knows at this moment."""

    def __init__(self, database: Database, current: Current, solve: Solve) -> None:
        self._database, self._current, self._solve = database, current, solve

    def is_large(self, wish: Wish, most: int) -> bool:
        """Tell whether an area has more women than one request books."""
        with self._database.reading() as session:
            return store.managed_count(session, wish.province, wish.area) > most

    def __call__(self, wish: Wish) -> Made:
        """Book; the clock is that of the database.

        Raises
        ------
        BusyError
            As many plans as allowed are being solved.
        """
        with self._database.reading() as session:
            now = self._database.now(session)
            engine = self._current.engine(session, now)
            gathered = gather(session, engine, wish, now=now)
        gathered, answer = self._solved(engine, gathered)
        return Made(wish, gathered, answer, _minutes(engine, gathered, answer))

    def _solved(self, engine: Engine, gathered: Gathered) -> tuple[Gathered, Mapping[str, object]]:
        """Solve for all who can be read."""
        answer, wrong = of_those_readable(gathered.asked, lambda asked: self._solve(engine, asked))
        gone = {uuid.UUID(key): NOT_READABLE for key in wrong}
        marks = {key: mark for key, mark in gathered.marks.items() if key not in gone}
        left = replace(gathered, marks=marks, left_out={**gathered.left_out, **gone})
        return left, read_object(dumps(answer))


def _minutes(
    engine: Engine, gathered: Gathered, answer: Mapping[str, object]
) -> dict[uuid.UUID, int]:
    """Return the way of every woman to the centre that she is booked for."""
    homes = {str(one["id"]): one for one in _list(gathered.asked["pregnancies"])}
    found = {}
    for one in _list(answer["bookings"]):
        home = homes[str(one["id"])]
        origin = home["origin"]
        assert isinstance(origin, dict)  # noqa: S101  as gathered
        due = date.fromisoformat(str(home["due_date"]))
        way = minutes_between(engine, str(origin["adcode"]), str(one["facility_id"]), due)
        if way is not None:
            found[uuid.UUID(str(one["id"]))] = way
    return found


def _list(value: object) -> Sequence[Mapping[str, object]]:
    assert isinstance(value, list)  # noqa: S101  a list of the interface
    return value
