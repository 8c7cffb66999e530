"""What is said of a ranking before anything is sent: how its hospitals are reached by now."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.referrals.ringing import Row, ring_ahead
from facilities.phones import PatientKind
from routing.answer import STOPS, Recommendation

__all__ = ["Ahead", "said_ahead"]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Whom to ring of the centres of the ranking, and of the stops on the way."""

    ring: list[Row]
    stops: list[Row]


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
    return Ahead([calls[key] for key in centres], [calls[key] for key in stops])
