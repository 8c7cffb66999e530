"""Every statement on transfers and on what goes with a patient."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, select

from app.referrals.party_tables import BrokenGlass, SpokenWord
from app.referrals.states import OPEN
from app.referrals.tables import Referral
from app.transfers.states import MOVING
from app.transfers.tables import Consent, HandoverSet, Observation, Outcome, Transfer
from app.writing import write

__all__ = [
    "add",
    "consents_of",
    "handover_of",
    "headings",
    "is_needed",
    "locked",
    "observations_of",
    "outcomes_of",
    "page",
    "transfer_of",
    "transfers_of",
    "under_hand",
]

OVER = ("called_off", "handed_over", "died")


def add(session: Session, *rows: SQLModel) -> None:
    """Write rows now, so that what the database refuses is refused here."""
    write(session, *rows)


def transfer_of(session: Session, transfer_id: uuid.UUID) -> Transfer | None:
    """Return a transfer; who moves it locks its referral first."""
    return session.get(Transfer, transfer_id)


def locked(session: Session, transfer_id: uuid.UUID) -> Transfer | None:
    """Return a transfer that nobody else moves until this transaction ends."""
    return session.exec(
        select(Transfer)
        .where(Transfer.id == transfer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def transfers_of(session: Session, referral_id: uuid.UUID) -> Sequence[Transfer]:
    """Return the journeys of a referral, the first one first."""
    return session.exec(
        select(Transfer).where(Transfer.referral_id == referral_id).order_by(col(Transfer.id))
    ).all()


def page(
    session: Session,
    scope: ColumnElement[bool],
    *,
    after: uuid.UUID | None,
    most: int,
    only_open: bool,
) -> Sequence[Transfer]:
    """Return the journeys of referrals of a scope by key, which rises with time."""
    asked = select(Transfer).join(Referral, col(Referral.id) == col(Transfer.referral_id))
    asked = asked.where(scope)
    if after is not None:
        asked = asked.where(col(Transfer.id) > after)
    if only_open:
        asked = asked.where(col(Transfer.status).not_in(OVER))
    return session.exec(asked.order_by(col(Transfer.id)).limit(most)).all()


def under_hand(session: Session, referral_id: uuid.UUID) -> Transfer | None:
    """Return the journey that is not over."""
    return session.exec(
        select(Transfer).where(
            Transfer.referral_id == referral_id, col(Transfer.status).not_in(OVER)
        )
    ).first()


def headings(session: Session, referral_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Return which facility each of some referrals is on the road to."""
    rows = session.exec(
        select(Transfer.referral_id, Transfer.destination_id).where(
            col(Transfer.referral_id).in_(referral_ids), col(Transfer.status).in_(MOVING)
        )
    )
    return {referral: facility for referral, facility in rows if facility is not None}


def handover_of(session: Session, referral_id: uuid.UUID) -> HandoverSet | None:
    """Return the last version of what is handed over."""
    return session.exec(
        select(HandoverSet)
        .where(HandoverSet.referral_id == referral_id)
        .order_by(col(HandoverSet.number).desc())
        .limit(1)
    ).first()


def consents_of(session: Session, referral_id: uuid.UUID) -> Sequence[Consent]:
    """Return who agreed, the first one first."""
    return session.exec(
        select(Consent).where(Consent.referral_id == referral_id).order_by(col(Consent.id))
    ).all()


def observations_of(session: Session, transfer_id: uuid.UUID) -> Sequence[Observation]:
    """Return what was observed on a journey, in the order in which it happened."""
    return session.exec(
        select(Observation)
        .where(Observation.transfer_id == transfer_id)
        .order_by(col(Observation.happened_at), col(Observation.id))
    ).all()


def outcomes_of(session: Session, referral_id: uuid.UUID) -> Sequence[Outcome]:
    """Return what was reported of her, the first report first."""
    return session.exec(
        select(Outcome).where(Outcome.referral_id == referral_id).order_by(col(Outcome.id))
    ).all()


def is_needed(session: Session, patient_id: uuid.UUID) -> bool:
    """Whether anything of a patient's referrals is open, or waits for somebody's signature."""
    of_hers = select(Referral.id).where(Referral.patient_id == patient_id)
    asked = (
        of_hers.where(col(Referral.status).in_(OPEN)),
        select(Transfer.id).where(
            col(Transfer.referral_id).in_(of_hers), col(Transfer.status).not_in(OVER)
        ),
        select(SpokenWord.id).where(
            col(SpokenWord.referral_id).in_(of_hers), col(SpokenWord.confirmed_at).is_(None)
        ),
        select(BrokenGlass.id).where(
            col(BrokenGlass.referral_id).in_(of_hers), col(BrokenGlass.reviewed_at).is_(None)
        ),
    )
    return any(session.exec(one.limit(1)).first() is not None for one in asked)
