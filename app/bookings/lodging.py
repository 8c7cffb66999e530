"""Living near the hospital before labour (提前待产): what she says, and which places there are."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.bookings import store
from app.bookings.errors import BookingRefusedError
from app.bookings.run_tables import LodgingAnswer, LodgingPlace
from app.bookings.states import LodgingReply, LodgingSource
from app.case_files.noting import noted
from app.case_files.sight import locked_for
from app.centres.speaking import speaking_for
from app.work import Work

__all__ = ["Places", "add_places", "places_of", "reply"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """So many places near a centre from a day to a day; ``to_day`` None has no end."""

    facility_id: str
    places: int
    from_day: date
    to_day: date | None
    source: LodgingSource
    assumed: bool


def reply(
    work: Work, file_id: uuid.UUID, answer: LodgingReply, *, happened_at: datetime | None
) -> LodgingAnswer:
    """Record whether she will live near the hospital; a refusal is respected and planned around.

    A proposal with a place to live is overtaken by a refusal; a place to give birth is not.

    Raises
    ------
    BookingRefusedError
        It lies in the future.
    """
    file = locked_for(work, file_id)
    at = work.now if happened_at is None else happened_at
    if at > work.now:
        raise BookingRefusedError(["in_the_future"])
    row = LodgingAnswer(
        province=file.province,
        file_id=file.id,
        answer=answer.value,
        happened_at=at,
        entered_at=work.now,
        by_user=work.actor.user_id,
        by_org=work.actor.org_id,
    )
    store.add(work.session, row)
    noted(work, file.id, "lodging_answered", what="lodging_answer", object_id=row.id)
    return row


def add_places(work: Work, said: Places) -> LodgingPlace:
    """Say how many places there are near a centre; the last word on a day counts.

    Raises
    ------
    NotYoursError
        The actor may not speak for that facility.
    BookingRefusedError
        It ends before it begins.
    """
    spoken = speaking_for(work, said.facility_id)
    if said.to_day is not None and said.to_day < said.from_day:
        raise BookingRefusedError(["ends_before_it_begins"])
    row = LodgingPlace(
        province=spoken.province,
        facility_id=said.facility_id,
        places=said.places,
        from_day=said.from_day.isoformat(),
        to_day=None if said.to_day is None else said.to_day.isoformat(),
        source=said.source.value,
        assumed=said.assumed,
        declared_at=work.now,
        by_user=work.actor.user_id,
        by_org=work.actor.org_id,
    )
    store.add(work.session, row)
    return row


def places_of(work: Work, facility_id: str) -> Sequence[LodgingPlace]:
    """Return all that was said of the places near a centre, the last word last."""
    return store.lodging_at(work.session, work.actor.province, facility_id)
