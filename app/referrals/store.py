"""Every statement on referrals and their events."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, not_, or_
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.tables import Organisation
from app.db_types import Moment
from app.events.store import add_event, event_words, events_of, last_event
from app.events.tables import StatusEvent
from app.patients.tables import Patient
from app.referrals import begun
from app.referrals.kept import read
from app.referrals.party_tables import Party, SpokenWord
from app.referrals.states import OFFER, OPEN, WAITING
from app.referrals.tables import Offer, Recommendation, Referral
from app.writing import write

__all__ = [
    "add",
    "add_event",
    "add_new",
    "any_real",
    "event_words",
    "events_of",
    "facility_of",
    "keep_recommendation",
    "know_organisations",
    "last_event",
    "last_recommendation",
    "locked",
    "numbers_of",
    "offer_of",
    "offers_of",
    "open_of_patient",
    "organisation_at",
    "parties",
    "party",
    "patient_of",
    "ranked_row",
    "recommendations_of",
    "running",
    "spoken_word",
    "visible_of_patients",
]

KEPT, LOCKED = "recommendations_kept", "referrals_locked"
"""What a transaction has written or locked itself, and need not read again."""
# Built once: building a statement costs more than running it.
_LOCKED = (
    select(Referral)
    .where(col(Referral.id) == bindparam("referral_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_OFFERS = (
    select(Offer)
    .where(col(Offer.referral_id) == bindparam("referral_id"))
    .order_by(col(Offer.rank), col(Offer.id))
    .execution_options(populate_existing=True)
)
_PARTIES = (
    select(Party)
    .where(
        col(Party.referral_id) == bindparam("referral_id"),
        or_(col(Party.to_at).is_(None), col(Party.to_at) > bindparam("at")),
    )
    .order_by(col(Party.id))
)
_OPEN_OF_PATIENT = select(Referral).where(
    col(Referral.patient_id) == bindparam("patient_id"), col(Referral.status).in_(OPEN)
)
_FACILITY_OF = select(Organisation.facility_id).where(col(Organisation.id) == bindparam("org_id"))
_AT_FACILITY = select(Organisation).where(col(Organisation.facility_id) == bindparam("facility_id"))


def add(session: Session, *rows: SQLModel) -> None:
    """Write rows, and keep in mind what belongs to a referral that is begun here."""
    write(session, *rows)
    begun.wrote(session, rows)


def locked(session: Session, referral_id: uuid.UUID) -> Referral | None:
    """Return a referral that nobody else moves until this transaction ends.

    One that it has locked already is as it was left: nobody else could change it.
    """
    mine: dict[uuid.UUID, Referral] = session.info.setdefault(LOCKED, {})
    if referral_id not in mine:
        found = session.exec(_LOCKED, params={"referral_id": referral_id}).first()
        if found is None:
            return None
        mine[referral_id] = found
    return mine[referral_id]


def add_new(session: Session, referral: Referral) -> None:
    """Write a referral that this transaction begins; nobody else sees it, so it is locked."""
    add(session, referral)
    session.info.setdefault(LOCKED, {})[referral.id] = referral


def keep_recommendation(session: Session, row: Recommendation) -> None:
    """Write a ranking; from here on it is the last of its referral."""
    add(session, row)
    session.info.setdefault(KEPT, {})[row.referral_id] = row


def last_recommendation(session: Session, referral_id: uuid.UUID) -> Recommendation | None:
    """Return what a referral was matched with last.

    One that this transaction keeps is the last: the referral is locked, nobody adds another.
    """
    mine: dict[uuid.UUID, Recommendation] = session.info.get(KEPT, {})
    if referral_id in mine:
        return mine[referral_id]
    if begun.is_begun(session, referral_id):
        return None
    return session.exec(
        select(Recommendation)
        .where(Recommendation.referral_id == referral_id)
        .order_by(col(Recommendation.number).desc())
        .limit(1)
    ).first()


def offer_of(session: Session, offer_id: uuid.UUID) -> Offer | None:
    """Return an offer; who moves it locks its referral first."""
    return session.get(Offer, offer_id)


def offers_of(session: Session, referral_id: uuid.UUID) -> Sequence[Offer]:
    """Return all offers of a referral as they are now, by the order of the ranking."""
    mine = begun.rows(session, referral_id, Offer)
    if mine is not None:
        return sorted(mine, key=lambda offer: (offer.rank, offer.id))
    return session.exec(_OFFERS, params={"referral_id": referral_id}).all()


def ranked_row(session: Session, offer: Offer) -> Mapping[str, object] | None:
    """Return the row of the ranking that an offer was made from; None of one asked by name."""
    return read(session, recommendation_of(session, offer.recommendation_id)).row(offer.facility_id)


def open_of_patient(session: Session, patient_id: uuid.UUID) -> Referral | None:
    """Return the referral of a patient that somebody looks at."""
    return session.exec(_OPEN_OF_PATIENT, params={"patient_id": patient_id}).first()


def running(at: Moment) -> ColumnElement[bool]:
    """Return what makes a line about a party one that counts at a time."""
    return or_(col(Party.to_at).is_(None), col(Party.to_at) > at)


def any_real(session: Session, patient_id: uuid.UUID) -> bool:
    """Tell whether a patient, or her mother, has a referral that is no exercise."""
    mother = select(Patient.mother_id).where(Patient.id == patient_id).scalar_subquery()
    found = session.exec(
        select(Referral.id)
        .where(
            or_(col(Referral.patient_id) == patient_id, col(Referral.patient_id) == mother),
            not_(col(Referral.drill)),
        )
        .limit(1)
    )
    return found.first() is not None


def party(
    session: Session,
    referral_id: uuid.UUID,
    capacity: str,
    *,
    org_id: uuid.UUID | None = None,
    division: str | None = None,
) -> Party | None:
    """Return the open line of an organisation or an area in a capacity."""
    mine = begun.rows(session, referral_id, Party)
    if mine is not None:
        wanted = (capacity, org_id, None if org_id else division)
        found = [one for one in mine if (one.capacity, one.org_id, one.division) == wanted]
        return next((one for one in found if one.to_at is None), None)
    return session.exec(
        select(Party).where(
            Party.referral_id == referral_id,
            Party.capacity == capacity,
            col(Party.org_id) == org_id if org_id else col(Party.division) == division,
            col(Party.to_at).is_(None),
        )
    ).first()


def parties(session: Session, referral_id: uuid.UUID, *, at: datetime) -> Sequence[Party]:
    """Return who has to do with a referral now."""
    mine = begun.rows(session, referral_id, Party)
    if mine is not None:
        counts = [one for one in mine if one.to_at is None or one.to_at > at]
        return sorted(counts, key=lambda one: one.id)
    return session.exec(_PARTIES, params={"referral_id": referral_id, "at": at}).all()


def spoken_word(session: Session, referral_id: uuid.UUID, what: str) -> SpokenWord | None:
    """Return the last word of a kind that nobody has confirmed yet."""
    return session.exec(
        select(SpokenWord)
        .where(
            SpokenWord.referral_id == referral_id,
            SpokenWord.what == what,
            col(SpokenWord.confirmed_at).is_(None),
        )
        .order_by(col(SpokenWord.id).desc())
        .limit(1)
    ).first()


def organisation_at(session: Session, facility_id: str | None) -> uuid.UUID | None:
    """Return the organisation that a facility is."""
    known: dict[str | None, Organisation] = session.info.setdefault("organisation_at", {})
    if facility_id not in known:
        found = session.exec(_AT_FACILITY, params={"facility_id": facility_id}).first()
        if found is None:
            return None
        # The whole row is held: who is told something next needs no look of its own for it.
        known[facility_id] = found
    return known[facility_id].id


def facility_of(session: Session, org_id: uuid.UUID) -> str | None:
    """Return the facility that an organisation is; None where it is none of the registry.

    It never changes; asked for again and again in one transaction, it is read once.
    """
    known: dict[uuid.UUID, str | None] = session.info.setdefault("facility_of", {})
    if org_id not in known:
        known[org_id] = session.exec(_FACILITY_OF, params={"org_id": org_id}).first()
    return known[org_id]


def know_organisations(session: Session, org_ids: Collection[uuid.UUID]) -> None:
    """Read organisations by one statement, that none of them is asked for by itself later."""
    known: dict[uuid.UUID, str | None] = session.info.setdefault("facility_of", {})
    unknown = {*org_ids} - known.keys()
    if not unknown:
        return
    found = session.exec(select(Organisation).where(col(Organisation.id).in_(unknown))).all()
    known.update({one.id: one.facility_id for one in found})
    # The rows are held: a session lets go of what nobody holds.
    session.info.setdefault("organisations_known", []).extend(found)


def looking(scope: ColumnElement[bool]) -> SelectOfScalar[Referral]:
    """Return what looks for a referral within a scope, to be run by :func:`looked_at`."""
    return select(Referral).where(col(Referral.id) == bindparam("referral_id"), scope)


def looked_at(
    session: Session, looks: SelectOfScalar[Referral], referral_id: uuid.UUID, at: datetime
) -> Referral | None:
    """Return a referral if it is within the scope that this was built with."""
    return session.exec(looks, params={"referral_id": referral_id, "now": at}).first()


def visible(
    session: Session, referral_id: uuid.UUID, scope: ColumnElement[bool]
) -> Referral | None:
    """Return a referral if it is within a scope."""
    return session.exec(select(Referral).where(Referral.id == referral_id, scope)).first()


def last_row(
    session: Session, referral_id: uuid.UUID, facility_id: str | None
) -> Mapping[str, object] | None:
    """Return the row of a facility in the last ranking; None where it is not in it."""
    found = last_recommendation(session, referral_id)
    return read(session, found).row(facility_id) if found else None


def referral_of(session: Session, referral_id: uuid.UUID) -> Referral:
    """Return a referral that a row leads to."""
    return session.exec(select(Referral).where(Referral.id == referral_id)).one()


def recommendation_of(session: Session, key: uuid.UUID) -> Recommendation:
    """Return the ranking that an offer was made from; the database lets none in without."""
    mine: dict[uuid.UUID, Recommendation] = session.info.get(KEPT, {})
    kept = next((one for one in mine.values() if one.id == key), None)
    return kept or session.get_one(Recommendation, key)


def recommendations_of(session: Session, keys: Collection[uuid.UUID]) -> Sequence[Recommendation]:
    """Return rankings that offers were made from, those of this transaction too."""
    mine: dict[uuid.UUID, Recommendation] = session.info.get(KEPT, {})
    kept = [one for one in mine.values() if one.id in keys]
    others = {*keys} - {one.id for one in kept}
    if not others:
        return kept
    asked = select(Recommendation).where(col(Recommendation.id).in_(others))
    return [*kept, *session.exec(asked)]


def words_of(session: Session, referral_id: uuid.UUID) -> Sequence[SpokenWord]:
    """Return what was spoken by telephone, the first word first."""
    mine = begun.rows(session, referral_id, SpokenWord)
    if mine is not None:
        return sorted(mine, key=lambda word: word.id)
    return session.exec(
        select(SpokenWord).where(SpokenWord.referral_id == referral_id).order_by(col(SpokenWord.id))
    ).all()


def page(
    session: Session,
    scope: ColumnElement[bool],
    *,
    after: uuid.UUID | None,
    most: int,
    only_open: bool,
) -> Sequence[Referral]:
    """Return referrals of a scope by key, which rises with time."""
    asked = select(Referral).where(scope)
    if after is not None:
        asked = asked.where(col(Referral.id) > after)
    if only_open:
        asked = asked.where(col(Referral.status).in_(OPEN))
    return session.exec(asked.order_by(col(Referral.id)).limit(most)).all()


def worklist(
    session: Session, scope: ColumnElement[bool], *, only: Collection[uuid.UUID] | None
) -> Sequence[Referral]:
    """Return every open referral of a scope, or those of ``only``, the next deadline first."""
    asked = select(Referral).where(scope, col(Referral.status).in_(OPEN))
    if only is not None:
        asked = asked.where(col(Referral.id).in_(only))
    return session.exec(
        asked.order_by(col(Referral.deadline_at), col(Referral.priority), col(Referral.id))
    ).all()


def offers_to(
    session: Session,
    facility_id: str,
    *,
    since: datetime,
    only: Collection[uuid.UUID] | None = None,
) -> Sequence[Offer]:
    """Return offers to a centre that wait or were made lately, or those of them for ``only``."""
    lately = (
        select(StatusEvent.subject_id)
        .where(StatusEvent.machine == OFFER, StatusEvent.seq == 1, col(StatusEvent.at) >= since)
        .scalar_subquery()
    )
    asked = select(Offer).where(
        Offer.facility_id == facility_id,
        or_(col(Offer.status).in_(WAITING), col(Offer.id).in_(lately)),
    )
    if only is not None:
        asked = asked.where(col(Offer.referral_id).in_(only))
    return session.exec(asked.order_by(col(Offer.deadline_at), col(Offer.id))).all()


def by_number(session: Session, number: str) -> Referral | None:
    """Return the referral of a number that was said on the telephone."""
    return session.exec(select(Referral).where(Referral.number == number)).first()


def numbers_of(
    session: Session, keys: Collection[uuid.UUID], province: str
) -> Mapping[uuid.UUID, str]:
    """Return what people call several referrals of a province."""
    asked = select(Referral.id, Referral.number)
    asked = asked.where(col(Referral.id).in_(keys), Referral.province == province)
    return dict(session.exec(asked).all())


def visible_of_patients(
    session: Session, patient_ids: Collection[uuid.UUID], scope: ColumnElement[bool]
) -> Sequence[uuid.UUID]:
    """Return the referrals of a patient, who may have several records, within a scope."""
    return session.exec(
        select(Referral.id).where(col(Referral.patient_id).in_(patient_ids), scope)
    ).all()


def open_keys(session: Session) -> list[uuid.UUID]:
    """Return the keys of all open referrals."""
    return list(session.exec(select(Referral.id).where(col(Referral.status).in_(OPEN))))


def patient_of(session: Session, referral_id: uuid.UUID) -> uuid.UUID | None:
    """Return whose referral it is; None where there is no such referral."""
    return session.exec(select(Referral.patient_id).where(Referral.id == referral_id)).first()
