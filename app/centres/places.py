"""What the places of a hospital are like now, and what it has said of them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from app.centres import store, store_said
from app.centres.states import PlaceState
from app.centres.tables import CapacityReport, Place, Reservation
from app.errors import NotFoundError
from app.work import Work

__all__ = ["KindNow", "PlaceNow", "places_of", "reports_of"]

LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """One place; ``referral_id`` is for whom it is kept."""

    label: str
    state: PlaceState
    referral_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class KindNow:
    """Places of one kind, counted.

    ``assumed`` where the hospital never reported any: the number is a guess (R-TRUST-01).
    ``contradictions`` are codes of what has to be settled. ``places`` one by one is for the
    hospital itself, None for others.
    """

    kind: str
    in_service: int
    held: int
    blocked: int
    free: int
    assumed: bool
    as_of: datetime | None
    received_at: datetime | None
    contradictions: Sequence[str]
    places: Sequence[PlaceNow] | None


def places_of(work: Work, facility_id: str) -> Sequence[KindNow]:
    """Return the places of a hospital by kind, each kind that it has or ever had.

    Raises
    ------
    NotFoundError
        No organisation has this facility.
    """
    _there(work, facility_id)
    own = work.actor.facility_id == facility_id
    found = store.places_and_holders(work.session, facility_id)
    return [
        _kind(work, facility_id, kind, list(rows), own=own)
        for kind, rows in groupby(found, lambda row: row[0].kind)
    ]


def reports_of(
    work: Work, facility_id: str, *, before: uuid.UUID | None, most: int
) -> Sequence[CapacityReport]:
    """Return what a hospital reported in the last 30 days, the last that came first.

    Raises
    ------
    NotFoundError
        No organisation has this facility.
    """
    _there(work, facility_id)
    since = work.now - LOOK_BACK
    return store.reports_since(work.session, facility_id, since, before=before, most=most)


def _there(work: Work, facility_id: str) -> None:
    if store_said.organisation_of(work.session, facility_id) is None:
        raise NotFoundError("facility", facility_id)


def _kind(
    work: Work,
    facility_id: str,
    kind: str,
    rows: Sequence[tuple[Place, Reservation | None]],
    *,
    own: bool,
) -> KindNow:
    states = [_state(place, holder) for place, holder in rows]
    count = states.count
    held = count(PlaceState.HELD) + count(PlaceState.OCCUPIED)
    latest = store.latest_report(work.session, facility_id, kind)
    return KindNow(
        kind=kind,
        in_service=len(rows) - count(PlaceState.OUT_OF_SERVICE),
        held=held,
        blocked=count(PlaceState.BLOCKED),
        free=count(PlaceState.FREE),
        assumed=latest is None,
        as_of=None if latest is None else latest.as_of,
        received_at=None if latest is None else latest.received_at,
        contradictions=sorted(store.open_items(work.session, facility_id, kind)),
        places=_one_by_one(rows, states) if own else None,
    )


def _one_by_one(
    rows: Sequence[tuple[Place, Reservation | None]], states: Sequence[PlaceState]
) -> Sequence[PlaceNow]:
    return [
        PlaceNow(place.label, state, holder.referral_id if holder else None)
        for (place, holder), state in zip(rows, states, strict=True)
    ]


def _state(place: Place, holder: Reservation | None) -> PlaceState:
    if holder is not None:
        return PlaceState.OCCUPIED if holder.status == "occupied" else PlaceState.HELD
    if not place.in_service:
        return PlaceState.OUT_OF_SERVICE
    return PlaceState.BLOCKED if place.blocked else PlaceState.FREE
