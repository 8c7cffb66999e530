"""Making a joint plan outside of any command: one read, one solve, nothing locked."""

from app.calculators.service import Planner
from app.centres.current import Current
from app.clock import stamp
from app.db import Database
from app.documents import dumps, read_object
from app.referrals.plans.planning import Made
from app.referrals.plans.request import Fleet, Heading, PlanWish, gather
from app.roads.service import roads_now

__all__ = ["PlanMaker", "digits_of"]

COUNTY, PREFECTURE = 6, 4


class PlanMaker:
    """Plans for all who wait in an area, on what the database knows at this moment."""

    def __init__(
        self,
        database: Database,
        current: Current,
        planner: Planner,
        *,
        heading: Heading,
        fleet: Fleet,
    ) -> None:
        self._database, self._current, self._planner = database, current, planner
        self._heading, self._fleet = heading, fleet

    def __call__(self, wish: PlanWish) -> Made:
        """Plan; the clock is that of the database.

        Raises
        ------
        RequestError
            A road or a reserve that there is not.
        BusyError
            As many plans as allowed are being solved.
        """
        with self._database.reading() as session:
            now = self._database.now(session)
            engine = self._current.engine(session, now)
            gathered = gather(
                session,
                engine,
                digits_of(wish.division),
                now=now,
                drill=wish.drill,
                heading=self._heading,
                edit=wish.edit,
            )
            vehicles = self._fleet(session, now) if wish.with_vehicles else ()
            roads = roads_now(session, now, engine.known_roads)
        asked: dict[str, object] = {
            "requests": list(gathered.requests),
            "closed_roads": [list(pair) for pair in wish.closed_roads],
            "reserve": list(wish.reserve),
            "now": stamp(now),
        }
        if vehicles:
            asked["vehicles"] = list(vehicles)
        asked = dict(roads.added_to(asked))
        answer = read_object(dumps(self._planner.plan(engine, asked)))
        answer["roads"] = list(roads.said)
        return Made(wish, gathered, asked, answer)


def digits_of(division: str) -> str:
    """Return what the codes of all counties of a division begin with."""
    bare = division.rstrip("0")
    for digits in (2, PREFECTURE, COUNTY):
        if len(bare) <= digits:
            return division[:digits]
    return division
