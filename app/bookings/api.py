"""Bookings over HTTP: proposals, the centre's answer, and what a clinician does about both."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.answers import takes
from app.body import sent
from app.bookings import answering, choosing, schemas
from app.bookings.asking import Wanted
from app.bookings.elsewhere import elsewhere
from app.bookings.lists import bookings_in_scope
from app.bookings.showing import accepted_out, booking_out, current_booking, shown
from app.bookings.states import BookingStatus
from app.deps import CurrentDep, RoomsDep
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep, VersionDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["bookings"])

CREATED = 201


@router.get("/bookings", response_model=schemas.BookingsOut)
def list_bookings(
    see: LookDep,
    facility_id: Annotated[str | None, Query(max_length=64)] = None,
    status: Annotated[BookingStatus | None, Query()] = None,
    file_id: Annotated[uuid.UUID | None, Query()] = None,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List bookings of files that you see, and those at your centre, page by page."""

    def act(work: Work) -> Done:
        after = None if cursor is None else decode(cursor, uuid.UUID)
        found = bookings_in_scope(
            work,
            facility_id=facility_id,
            status=status,
            file_id=file_id,
            after=after,
            most=limit + 1,
        )
        cut_off, following = cut(found, lambda one: str(one[0].id), limit)
        items = [booking_out(work, *one) for one in cut_off]
        return Done(schemas.BookingsOut(items=items, next=following))

    return see(act)


@router.get("/bookings/{booking_id:uuid}", response_model=schemas.BookingOut)
def show_booking(booking_id: uuid.UUID, see: LookDep) -> Response:
    """Show a booking and what it rests on."""
    return see(lambda work: Done(shown(work, booking_id)), noted=True)


@router.get("/bookings/{booking_id:uuid}/elsewhere", response_model=schemas.BookingElsewheresOut)
def list_booking_elsewhere(booking_id: uuid.UUID, see: LookDep, current: CurrentDep) -> Response:
    """List the nearest other centres with why she is not booked there."""

    def act(work: Work) -> Done:
        engine = current.engine(work.session, work.now)
        found = elsewhere(work, engine, booking_id)
        return Done(schemas.BookingElsewheresOut.model_validate(found))

    return see(act)


@router.post(
    "/bookings/accept",
    response_model=schemas.AcceptedBookingsOut,
    openapi_extra=takes(schemas.AcceptBookingsIn),
)
def accept_bookings(
    asked: Annotated[schemas.AcceptBookingsIn, Depends(sent(schemas.AcceptBookingsIn))],
    rooms: RoomsDep,
    perform: PerformDep,
) -> Response:
    """Have the proposed centres of many women asked; each has an answer of its own."""
    wanted = {one.id: one.version for one in asked.bookings}
    room = rooms.of([*wanted])

    def act(work: Work) -> Done:
        items = [accepted_out(work, one) for one in choosing.accept_many(work, room, wanted)]
        return Done(schemas.AcceptedBookingsOut(items=items))

    return perform(act)


@router.post("/bookings/{booking_id}/accept", response_model=schemas.BookingOut)
def accept_booking(
    booking_id: uuid.UUID, read: VersionDep, rooms: RoomsDep, perform: PerformDep
) -> Response:
    """Have the proposed centre asked; not where something has changed since it was proposed."""
    room = rooms.of([booking_id])
    return perform(
        lambda work: Done(current_booking(work, choosing.accept(work, room, booking_id, read=read)))
    )


@router.post("/bookings/{booking_id}/consent", response_model=schemas.BookingOut)
def consent_to_booking(
    booking_id: uuid.UUID, read: VersionDep, rooms: RoomsDep, perform: PerformDep
) -> Response:
    """Take her, for your centre. A place that she has elsewhere is replaced by this one."""
    room = rooms.of([booking_id])
    return perform(
        lambda work: Done(
            current_booking(work, answering.consent(work, room, booking_id, read=read))
        )
    )


@router.post(
    "/bookings/{booking_id}/spoken-consent",
    response_model=schemas.BookingOut,
    openapi_extra=takes(schemas.BookingSpokenIn),
)
def enter_spoken_consent(
    booking_id: uuid.UUID,
    said: Annotated[schemas.BookingSpokenIn, Depends(sent(schemas.BookingSpokenIn))],
    read: VersionDep,
    rooms: RoomsDep,
    perform: PerformDep,
) -> Response:
    """Enter a consent that was spoken by telephone, under your own name; it counts."""
    room = rooms.of([booking_id])

    def act(work: Work) -> Done:
        booking = answering.consent_by_word(work, room, booking_id, said_by=said.said_by, read=read)
        return Done(current_booking(work, booking))

    return perform(act)


@router.post(
    "/bookings/{booking_id}/decline",
    response_model=schemas.BookingOut,
    openapi_extra=takes(schemas.BookingDeclineIn),
)
def decline_booking(
    booking_id: uuid.UUID,
    why: Annotated[schemas.BookingDeclineIn, Depends(sent(schemas.BookingDeclineIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Say no for your centre, and why. A place that she has stays hers."""
    return perform(
        lambda work: Done(
            current_booking(work, answering.decline(work, booking_id, why.reason, read=read))
        )
    )


@router.post(
    "/bookings/{booking_id}/withdraw",
    response_model=schemas.BookingOut,
    openapi_extra=takes(schemas.BookingWithdrawIn),
)
def withdraw_booking(
    booking_id: uuid.UUID,
    why: Annotated[schemas.BookingWithdrawIn, Depends(sent(schemas.BookingWithdrawIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Take a proposal, a question or a place back, and say why."""
    return perform(
        lambda work: Done(
            current_booking(work, choosing.withdraw(work, booking_id, why.reason, read=read))
        )
    )


@router.post("/bookings/{booking_id}/confirm", response_model=schemas.BookingOut)
def confirm_booking(
    booking_id: uuid.UUID, read: VersionDep, rooms: RoomsDep, perform: PerformDep
) -> Response:
    """Say that a place that was opened again still holds; it rests on what is so now."""
    room = rooms.of([booking_id])
    return perform(
        lambda work: Done(
            current_booking(work, choosing.confirm(work, room, booking_id, read=read))
        )
    )


@router.post(
    "/case-files/{file_id}/bookings",
    status_code=CREATED,
    response_model=schemas.BookingOut,
    openapi_extra=takes(schemas.BookingByHandIn),
)
def choose_booking(
    file_id: uuid.UUID,
    asked: Annotated[schemas.BookingByHandIn, Depends(sent(schemas.BookingByHandIn))],
    rooms: RoomsDep,
    perform: PerformDep,
) -> Response:
    """Have a centre asked that you chose yourself, and say why."""
    wanted = Wanted(
        facility_id=asked.facility_id,
        come_by=asked.come_by,
        lodging=asked.lodging,
        because=asked.because,
    )
    room = rooms.at(asked.facility_id, file_id)
    return perform(
        lambda work: Done(
            current_booking(work, choosing.choose(work, room, file_id, wanted)), CREATED
        )
    )
