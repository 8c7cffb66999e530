"""Every statement on bookings, and on what they are made from."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.tables import Organisation
from app.bookings.run_tables import BookingRun, LodgingAnswer, LodgingPlace, WardClosure
from app.bookings.states import BOOKING, STANDING, WAITING, BookingStatus
from app.bookings.tables import Booking
from app.case_files.belonging.tables import CaseReferral
from app.case_files.states import PREGNANT
from app.case_files.tables import CaseFile
from app.events.tables import StatusEvent
from app.writing import write

__all__ = [
    "add",
    "booking_of",
    "closed_from",
    "closure_locked",
    "closures_at",
    "closures_of",
    "declined_of",
    "declined_within",
    "expected_at",
    "facility_exists",
    "handed_over_since",
    "last_replies",
    "last_reply",
    "live_of",
    "live_within",
    "lodging_at",
    "lodging_of",
    "looked_at",
    "made_at",
    "managed_count",
    "managed_within",
    "nightly_since",
    "of_ids",
    "over_at",
    "page",
    "run_of",
    "run_within",
    "standing_at",
    "with_booking",
]

LIVE = (*STANDING, BookingStatus.PROPOSED, BookingStatus.ASKED)


def add(session: Session, *rows: SQLModel) -> None:
    """Write rows now, so that what the database refuses is refused here."""
    write(session, *rows)


def booking_of(session: Session, booking_id: uuid.UUID) -> Booking | None:
    """Return a booking, whoever asks."""
    return session.exec(
        select(Booking).where(Booking.id == booking_id).execution_options(populate_existing=True)
    ).first()


def of_ids(session: Session, booking_ids: Collection[uuid.UUID]) -> Sequence[Booking]:
    """Return bookings by key, whoever asks."""
    return session.exec(select(Booking).where(col(Booking.id).in_(booking_ids))).all()


def looked_at(
    session: Session, booking_id: uuid.UUID, scope: ColumnElement[bool]
) -> tuple[Booking, CaseFile] | None:
    """Return a booking within a scope, and its file."""
    return session.exec(
        select(Booking, CaseFile)
        .join(CaseFile, col(CaseFile.id) == col(Booking.file_id))
        .where(Booking.id == booking_id, scope)
    ).first()


def page(
    session: Session,
    scope: ColumnElement[bool],
    *more: ColumnElement[bool],
    after: uuid.UUID | None,
    most: int,
) -> Sequence[tuple[Booking, CaseFile]]:
    """Return bookings of a scope with their files, in the order in which they were made."""
    asked = (
        select(Booking, CaseFile)
        .join(CaseFile, col(CaseFile.id) == col(Booking.file_id))
        .where(scope, *more)
    )
    if after is not None:
        asked = asked.where(col(Booking.id) > after)
    return session.exec(asked.order_by(col(Booking.id)).limit(most)).all()


def live_of(session: Session, file_id: uuid.UUID) -> Sequence[Booking]:
    """Return what is not over of a file; whoever holds its lock is alone with them."""
    return session.exec(
        select(Booking)
        .where(Booking.file_id == file_id, col(Booking.status).in_(LIVE))
        .order_by(col(Booking.id))
        .execution_options(populate_existing=True)
    ).all()


def live_within(session: Session, province: str) -> Sequence[Booking]:
    """Return what is not over in a province."""
    return session.exec(
        select(Booking)
        .where(Booking.province == province, col(Booking.status).in_(LIVE))
        .order_by(col(Booking.id))
    ).all()


def declined_within(session: Session, province: str) -> Sequence[tuple[Booking, datetime]]:
    """Return the bookings of a province to which a centre said no, and when, the first no first."""
    said_no = and_(
        col(StatusEvent.machine) == BOOKING,
        col(StatusEvent.subject_id) == col(Booking.id),
        col(StatusEvent.seq) == col(Booking.last_seq),
    )
    return session.exec(
        select(Booking, StatusEvent.at)
        .join(StatusEvent, said_no)
        .where(Booking.province == province, Booking.status == BookingStatus.DECLINED)
        .order_by(col(StatusEvent.at), col(Booking.id))
    ).all()


def declined_of(session: Session, file_id: uuid.UUID) -> frozenset[str]:
    """Return the centres that have declined her."""
    asked = select(Booking.facility_id).where(
        Booking.file_id == file_id, Booking.status == BookingStatus.DECLINED
    )
    return frozenset(session.exec(asked))


def over_at(session: Session, file_id: uuid.UUID, facility_id: str) -> frozenset[str]:
    """Return how what was said of her and a centre came to an end, as statuses."""
    asked = select(Booking.status).where(
        Booking.file_id == file_id,
        Booking.facility_id == facility_id,
        col(Booking.status).not_in(LIVE),
    )
    return frozenset(session.exec(asked))


def expected_at(
    session: Session, province: str, facility_ids: Collection[str] | None = None
) -> Sequence[tuple[Booking, CaseFile]]:
    """Return who is booked or asked for, at some centres or at all, with their files."""
    asked = (
        select(Booking, CaseFile)
        .join(CaseFile, col(CaseFile.id) == col(Booking.file_id))
        .where(
            Booking.province == province,
            col(Booking.status).in_((*STANDING, BookingStatus.ASKED)),
            col(CaseFile.edd).is_not(None),
        )
    )
    if facility_ids is not None:
        asked = asked.where(col(Booking.facility_id).in_(facility_ids))
    return session.exec(asked.order_by(col(Booking.id))).all()


def standing_at(session: Session, facility_id: str) -> Sequence[Booking]:
    """Return the places that are somebody's at a centre."""
    return session.exec(
        select(Booking)
        .where(Booking.facility_id == facility_id, col(Booking.status).in_(STANDING))
        .order_by(col(Booking.id))
    ).all()


def with_booking(session: Session, province: str) -> Sequence[uuid.UUID]:
    """Return the files of a province of which something is not over."""
    return session.exec(
        select(Booking.file_id)
        .where(Booking.province == province, col(Booking.status).in_((*STANDING, *WAITING)))
        .distinct()
        .order_by(col(Booking.file_id))
    ).all()


def managed_within(session: Session, province: str, area: str) -> Sequence[CaseFile]:
    """Return the pregnancies of an area that have a 专案, by key."""
    return session.exec(
        select(CaseFile)
        .where(
            CaseFile.province == province,
            col(CaseFile.residence_county).startswith(area, autoescape=True),
            col(CaseFile.opened_at).is_not(None),
            col(CaseFile.status).in_(PREGNANT),
        )
        .order_by(col(CaseFile.id))
    ).all()


def last_replies(session: Session, province: str) -> dict[uuid.UUID, str]:
    """Return what each woman of a province last said of living near the hospital."""
    return {one.file_id: one.answer for one in session.exec(_replies(province))}


def last_reply(session: Session, province: str, file_id: uuid.UUID) -> str | None:
    """Return what a woman last said of living near the hospital; None where she was not asked."""
    asked = _replies(province).where(LodgingAnswer.file_id == file_id)
    found = session.exec(asked).all()
    return found[-1].answer if found else None


def _replies(province: str) -> SelectOfScalar[LodgingAnswer]:
    """Return all replies; of two said at one moment the one that was entered last counts."""
    return (
        select(LodgingAnswer)
        .where(LodgingAnswer.province == province)
        .order_by(
            col(LodgingAnswer.happened_at), col(LodgingAnswer.entered_at), col(LodgingAnswer.id)
        )
    )


def closures_of(
    session: Session, province: str, *, until: date, since: date
) -> Sequence[WardClosure]:
    """Return closed wards that touch some days and were not lifted."""
    return session.exec(
        select(WardClosure)
        .where(
            WardClosure.province == province,
            col(WardClosure.lifted_at).is_(None),
            col(WardClosure.from_day) <= until.isoformat(),
            col(WardClosure.to_day) >= since.isoformat(),
        )
        .order_by(col(WardClosure.id))
    ).all()


def closed_from(session: Session, facility_id: str, *, after: datetime) -> Sequence[WardClosure]:
    """Return closed wards of a centre that were declared after a moment and not lifted."""
    return session.exec(
        select(WardClosure)
        .where(
            WardClosure.facility_id == facility_id,
            col(WardClosure.lifted_at).is_(None),
            col(WardClosure.declared_at) > after,
        )
        .order_by(col(WardClosure.id))
    ).all()


def closure_locked(session: Session, closure_id: uuid.UUID) -> WardClosure | None:
    """Return a closed ward that nobody else opens until this transaction ends."""
    return session.exec(
        select(WardClosure)
        .where(WardClosure.id == closure_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def lodging_of(session: Session, province: str, *, until: date) -> Sequence[LodgingPlace]:
    """Return all that was said of places to live near centres, the last said last."""
    return session.exec(
        select(LodgingPlace)
        .where(
            LodgingPlace.province == province,
            col(LodgingPlace.from_day) <= until.isoformat(),
        )
        .order_by(col(LodgingPlace.declared_at), col(LodgingPlace.id))
    ).all()


def lodging_at(session: Session, province: str, facility_id: str) -> Sequence[LodgingPlace]:
    """Return all that was said of the places near a centre, the last word last."""
    return session.exec(
        select(LodgingPlace)
        .where(LodgingPlace.province == province, LodgingPlace.facility_id == facility_id)
        .order_by(col(LodgingPlace.declared_at), col(LodgingPlace.id))
    ).all()


def closures_at(
    session: Session, province: str, facility_id: str, *, since: date
) -> Sequence[WardClosure]:
    """Return the closed wards of a centre that end after a day, lifted ones too."""
    return session.exec(
        select(WardClosure)
        .where(
            WardClosure.province == province,
            WardClosure.facility_id == facility_id,
            col(WardClosure.to_day) >= since.isoformat(),
        )
        .order_by(col(WardClosure.id))
    ).all()


def handed_over_since(session: Session, file_id: uuid.UUID, *, after: datetime) -> bool:
    """Tell whether she was handed over to a hospital by a referral since a moment."""
    asked = (
        select(StatusEvent.seq)
        .join(CaseReferral, col(CaseReferral.referral_id) == col(StatusEvent.subject_id))
        .where(
            CaseReferral.file_id == file_id,
            StatusEvent.machine == "referral",
            StatusEvent.to_status == "handed_over",
            col(StatusEvent.at) > after,
        )
    )
    return session.exec(asked.limit(1)).first() is not None


def facility_exists(session: Session, facility_id: str) -> uuid.UUID | None:
    """Return the organisation of a facility."""
    return session.exec(
        select(Organisation.id).where(Organisation.facility_id == facility_id)
    ).first()


def managed_count(session: Session, province: str, area: str) -> int:
    """Return how many pregnancies of an area have a 专案."""
    return session.exec(
        select(func.count(col(CaseFile.id))).where(
            CaseFile.province == province,
            col(CaseFile.residence_county).startswith(area, autoescape=True),
            col(CaseFile.opened_at).is_not(None),
            col(CaseFile.status).in_(PREGNANT),
        )
    ).one()


def run_of(session: Session, run_id: uuid.UUID) -> BookingRun | None:
    """Return a run, whoever asks."""
    return session.get(BookingRun, run_id)


def made_at(session: Session, run_id: uuid.UUID) -> datetime | None:
    """Return as of which moment a run was made."""
    return session.exec(select(BookingRun.made_at).where(BookingRun.id == run_id)).first()


def nightly_since(session: Session, province: str, moment: datetime) -> bool:
    """Tell whether a run that nobody asked for was made since a moment."""
    asked = select(BookingRun.id).where(
        BookingRun.province == province,
        col(BookingRun.made_by).is_(None),
        col(BookingRun.made_at) > moment,
    )
    return session.exec(asked.limit(1)).first() is not None


def run_within(session: Session, run_id: uuid.UUID, province: str, area: str) -> BookingRun | None:
    """Return a run for an area, or for one that it lies in."""
    inside = or_(
        col(BookingRun.division).startswith(area, autoescape=True),
        # The run of the night is for the whole province, and everybody of it reads it.
        col(BookingRun.division) == f"{province}0000",
    )
    return session.exec(
        select(BookingRun).where(BookingRun.id == run_id, BookingRun.province == province, inside)
    ).first()
