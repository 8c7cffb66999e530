"""What a booking rests on, taken from a file and the network, and compared with what is so now."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from app.bookings import store
from app.bookings.reopening import Basis, Closed, Now, why_reopen
from app.bookings.roads import is_road_closed
from app.bookings.states import OF_ROOM, LodgingReply, ReopenReason
from app.bookings.tables import Booking
from app.bookings.ways import minutes_for, takes_her
from app.case_files.known.store import entries_counted
from app.case_files.states import MANAGED
from app.case_files.tables import CaseFile
from app.engine import Engine
from app.events.scene import Scene
from app.roads.service import roads_ahead

__all__ = ["basis_of", "changed_since", "refuses_lodging", "rest_on", "why_now"]


def basis_of(booking: Booking) -> Basis:
    """Return what a booking rests on."""
    return Basis(
        colour=booking.colour,
        purple=booking.purple,
        residence_county=booking.residence_county,
        edd=date.fromisoformat(booking.edd),
        minutes=booking.minutes,
    )


def why_now(
    scene: Scene,
    engine: Engine,
    file: CaseFile,
    booking: Booking,
    *,
    lacking: Sequence[ReopenReason] = (),
) -> tuple[ReopenReason, ...]:
    """Return what has changed since a booking was proposed, booked, or confirmed by a clinician.

    ``lacking`` is said by who has looked at all of its centre; what was said so before stays.
    """
    said = {*lacking, *booking.reopened_for.split()}
    edd = None if file.edd is None else date.fromisoformat(file.edd)
    minutes = minutes_for(engine, file, booking.facility_id)
    centre_takes_her = takes_her(
        engine, booking.facility_id, colour=file.colour, purple=file.purple
    )
    since = _since(scene, booking)
    now = Now(
        colour=file.colour,
        purple=file.purple,
        residence_county=file.residence_county,
        edd=edd,
        minutes=minutes,
        takes_her=centre_takes_her,
        closed=_closed(scene, booking, after=since),
        road_closed=_is_road_closed(scene, engine, file, booking, since),
        taken_in=store.handed_over_since(scene.session, file.id, after=since),
        lacking=[one for one in OF_ROOM if one in said],
    )
    return why_reopen(basis_of(booking), now)


def changed_since(
    scene: Scene, engine: Engine, file: CaseFile, booking: Booking
) -> tuple[str, ...]:
    """Return what has changed since a proposal was made, as codes: her, the centre, the way."""
    found = [reason.value for reason in why_now(scene, engine, file, booking)]
    if entries_counted(scene.session, [file.id])[file.id] != booking.entries:
        found.append("facts_changed")
    if file.status not in MANAGED:
        found.append("not_managed")
    if booking.lodging and refuses_lodging(scene, file.id, file.province):
        found.append("lodging_refused")
    return tuple(found)


def _since(scene: Scene, booking: Booking) -> datetime:
    """Return from when on a change is one that whoever booked did not know."""
    known = booking.confirmed_at or booking.booked_at
    if known is None and booking.run_id is not None:
        known = store.made_at(scene.session, booking.run_id)
    return known or scene.now


def _is_road_closed(
    scene: Scene, engine: Engine, file: CaseFile, booking: Booking, since: datetime
) -> bool:
    """Tell whether a road is in her way, where no clinician has confirmed a place knowing it.

    A run counts the roads of its moment and marks what it proposes; a consent has looked at none. A
    proposal is overtaken by what was said after it was made, or no proposal could be accepted.
    """
    known = booking.confirmed_at if booking.booked_at is not None else since
    roads = roads_ahead(scene.session, booking.province, scene.now, engine.known_roads)
    return is_road_closed(engine, file, booking, roads, since=known, now=scene.now)


def refuses_lodging(scene: Scene, file_id: uuid.UUID, province: str) -> bool:
    """Tell whether she last said that she will not live near the hospital."""
    return store.last_reply(scene.session, province, file_id) == LodgingReply.REFUSED


def rest_on(booking: Booking, file: CaseFile, minutes: int) -> None:
    """Let a booking rest on what is so now."""
    booking.colour, booking.purple = file.colour, file.purple
    booking.residence_county = file.residence_county
    booking.edd = file.edd or booking.edd
    booking.minutes = minutes


def _closed(scene: Scene, booking: Booking, *, after: datetime) -> tuple[Closed, ...]:
    """Return the wards she may need that were closed since; which ones, unknown is all of them.

    Of those that were closed before the centre knew when it consented.
    """
    kinds = booking.kinds.split()
    return tuple(
        Closed(date.fromisoformat(one.from_day), date.fromisoformat(one.to_day))
        for one in store.closed_from(scene.session, booking.facility_id, after=after)
        if not kinds or one.kind in kinds
    )
