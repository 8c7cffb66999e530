"""Closed wards: a centre books nobody into places of one kind from a day through a day.

Nobody's place is ended by it. Whoever is booked into those days is looked at by the worker at once,
and her clinician is told.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.bookings import store
from app.bookings.errors import BookingRefusedError
from app.bookings.looking import look_soon
from app.bookings.run_tables import WardClosure
from app.bookings.states import ClosureReason
from app.centres.registry_now import local_day
from app.centres.speaking import speaking_for
from app.errors import NotFoundError
from app.events.scene import Scene
from app.work import Work
from facilities.capacity import PlaceKind

__all__ = ["Closure", "close_ward", "closures_of", "open_ward"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Which ward of which centre is closed, when, and why."""

    facility_id: str
    kind: PlaceKind
    from_day: date
    to_day: date
    reason: ClosureReason


def close_ward(work: Work, said: Closure) -> WardClosure:
    """Close a ward for some days.

    Raises
    ------
    NotYoursError
        The actor may not speak for that facility.
    BookingRefusedError
        It ends before it begins, or is over already.
    """
    spoken = speaking_for(work, said.facility_id)
    checks = (
        (said.to_day < said.from_day, "ends_before_it_begins"),
        (said.to_day < local_day(work.now), "over_already"),
    )
    faults = [code for wrong, code in checks if wrong]
    if faults:
        raise BookingRefusedError(faults)
    row = WardClosure(
        province=spoken.province,
        facility_id=said.facility_id,
        kind=said.kind.value,
        from_day=said.from_day.isoformat(),
        to_day=said.to_day.isoformat(),
        reason=said.reason.value,
        declared_at=work.now,
        by_user=work.actor.user_id,
        by_org=work.actor.org_id,
    )
    store.add(work.session, row)
    look_soon(work.session, store.standing_at(work.session, said.facility_id), Scene.of(work))
    return row


def open_ward(work: Work, closure_id: uuid.UUID) -> WardClosure:
    """Open a ward before its time; opening what is open changes nothing.

    What was opened again for it stays so: her clinician confirms that it holds.

    Raises
    ------
    NotFoundError
        There is no such closure in this province.
    """
    row = store.closure_locked(work.session, closure_id)
    if row is None or row.province != work.actor.province:
        raise NotFoundError("ward closure", str(closure_id))
    speaking_for(work, row.facility_id)
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by = max(work.now, row.declared_at), work.actor.user_id
        store.add(work.session, row)
    return row


def closures_of(work: Work, facility_id: str) -> Sequence[WardClosure]:
    """Return the closed wards of a centre that are not over, lifted ones too."""
    return store.closures_at(
        work.session, work.actor.province, facility_id, since=local_day(work.now)
    )
