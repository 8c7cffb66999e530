"""Ranking outside of any command: one read of what is free, one solve, nothing locked."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlmodel import Session

from app.case_files.service import booked_of
from app.centres.blood_supply import Supply, needs_blood, supply_for
from app.centres.current import Current
from app.clock import stamp
from app.db import Database
from app.documents import written
from app.engine import Engine
from app.referrals.requests import Ranked
from app.referrals.store_silent import silent_lines
from app.roads.service import roads_now
from routing.answer import Recommendation
from routing.request_values import Request

__all__ = ["Ranker", "Ranking"]

SILENT_HOLDS = timedelta(seconds=5)
"""So long it is not asked again whose line is silent: it looks through an hour of offers."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A ranking as it is kept, and what of the request is kept beside it."""

    kept: Ranked
    kind: str
    county: str
    facility_id: str | None
    decided_at: datetime | None


class Ranker:
    """Ranks a request on what the database knows at this moment."""

    def __init__(self, database: Database, current: Current) -> None:
        self._database, self._current = database, current
        self._silent: tuple[datetime, frozenset[str]] | None = None

    def __call__(
        self, document: Mapping[str, object], *, patient_id: uuid.UUID | None = None
    ) -> Ranking:
        """Rank; the clock is that of the database, whatever the document says.

        Of a patient with a file the centre where she is booked is in the request, said or not.

        Raises
        ------
        RequestError
            Every fault of the request.
        """
        with self._database.reading() as session:
            now = self._database.now(session)
            engine = self._current.engine(session, now)
            silent = self._silent_lines(session, now)
            asked = {**_booked(session, engine, patient_id), **document, "now": stamp(now)}
            request = engine.reader.request(asked)
            roads = roads_now(session, now, engine.known_roads)
            # What is closed tonight is no part of what is kept to be asked again.
            found = engine.recommend(roads.added_to(asked), silent_lines=silent)
            blood = _blood(session, engine, request, found, now)
        parts = {part.name: getattr(found, part.name) for part in fields(found)}
        # Written once, kept as it is.
        beside = {"blood": blood, "silent_lines": sorted(silent), "roads": roads.said}
        text, answer = written({**parts, **beside})
        return Ranking(
            kept=Ranked(asked, answer, text),
            kind=str(request.case.patient),
            county=request.origin_county,
            facility_id=request.origin_facility,
            decided_at=request.case.decided_at,
        )

    def _silent_lines(self, session: Session, now: datetime) -> frozenset[str]:
        known = self._silent
        if known is None or not known[0] <= now < known[0] + SILENT_HOLDS:
            self._silent = known = now, silent_lines(session, now)
        return known[1]


def _booked(session: Session, engine: Engine, patient_id: uuid.UUID | None) -> Mapping[str, object]:
    """Return where she is booked as a request says it; nothing where nobody knows."""
    booked = None if patient_id is None else booked_of(session, patient_id)
    return {"booked_facility_id": booked} if booked in engine.registry else {}


def _blood(
    session: Session, engine: Engine, request: Request, found: Recommendation, now: datetime
) -> Supply | None:
    """Return the blood stores to ring; None where she needs no blood (R-BLOOD-01)."""
    needs = needs_blood(
        found,
        county=request.origin_county,
        facility_id=request.origin_facility,
        county_of=engine.book.county_of,
    )
    return None if needs is None else supply_for(session, needs, now)
