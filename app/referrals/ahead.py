"""What is said of a ranking before anything is sent: numbers of now, and whom a request would ask.

It is what is said and done once it is sent, so that no screen has to reckon it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.referrals.ringing import NOBODY_SIGNED_UP, Row, ring_ahead
from app.referrals.whom_to_ask import asks
from facilities.phones import PatientKind
from routing.answer import STOPS, Recommendation

__all__ = ["Ahead", "said_ahead"]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Whom to ring of the centres of the ranking and of the stops, and whom a request asks."""

    ring: list[Row]
    stops: list[Row]
    asks: Mapping[str, object]


def said_ahead(session: Session, found: Recommendation, kind: PatientKind, now: datetime) -> Ahead:
    """Return what is said beside a ranking to who may send the request."""
    centres = {row.facility_id: row.phone for row in found.ranking}
    stops = {
        way.facility_id: way.phone
        for way in found.alternatives
        if way.kind in STOPS and way.facility_id is not None
    }
    said = ring_ahead(session, stops | centres, kind, now)
    calls = {str(one["facility_id"]): one for one in said}
    silent = {key for key, one in calls.items() if one["note_code"] == NOBODY_SIGNED_UP}
    rows = [
        {"facility_id": row.facility_id, "time_to_care_min": row.time_to_care_min}
        for row in found.ranking
    ]
    return Ahead(
        [calls[key] for key in centres],
        [calls[key] for key in stops],
        asks(rows, found.parallel_offers, silent),
    )
