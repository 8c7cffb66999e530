"""Making a booking run outside of any command: one read, one solve, nothing locked."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.bookings.run_request import Gathered, Wish, gather
from app.bookings.ways import minutes_between
from app.centres.current import Current
from app.db import Database
from app.documents import dumps, read_object
from app.engine import Engine
from geodata.errors import RefusedInputError

__all__ = ["Made", "RunMaker", "Solve"]

Solve = Callable[[Engine, Mapping[str, object]], object]
"""Books (contract 2.4); RequestError with every fault."""
OF_WOMAN = re.compile(r"pregnancies\[(\d+)\]")
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
        """Solve; one record that cannot be read keeps nobody else from a place."""
        while True:
            try:
                answer = self._solve(engine, gathered.asked)
                return gathered, read_object(dumps(answer))
            except RefusedInputError as error:
                wrong = {
                    int(found[1])
                    for fault in error.faults
                    if (found := OF_WOMAN.search(f"{fault.where} {fault.column}"))
                }
                if not wrong:
                    raise
                gathered = _without(gathered, wrong)


def _without(gathered: Gathered, wrong: set[int]) -> Gathered:
    women = _list(gathered.asked["pregnancies"])
    gone = {uuid.UUID(str(women[number]["id"])): NOT_READABLE for number in wrong}
    left = [one for number, one in enumerate(women) if number not in wrong]
    return Gathered(
        gathered.now,
        {**gathered.asked, "pregnancies": left},
        {key: mark for key, mark in gathered.marks.items() if key not in gone},
        gathered.counties,
        {**gathered.left_out, **gone},
    )


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
