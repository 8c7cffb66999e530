"""The whole of a referral for its parties: story, journeys, papers, and who she is."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from app.keys.keyring import Bound, KeyRing
from app.keys.words import document, told
from app.patients.service import identity_of
from app.referrals import kept, views
from app.referrals import store as referrals
from app.referrals.schemas import ReferralOut
from app.referrals.sight import Seen
from app.referrals.speaking import not_confirmed
from app.referrals.states import Sight
from app.referrals.store_journey import first_recommendation
from app.transfers import store
from app.transfers.calling import notes_of
from app.transfers.known import KnownParts, known_of, lacking, still_lacking
from app.transfers.schemas import (
    ConsentOut,
    DossierOut,
    HandoverOut,
    IdentityOut,
    ObservationOut,
    OutcomeOut,
    TransferLineOut,
    TransferOut,
    TripsOut,
)
from app.transfers.scoring import course
from app.transfers.states import HANDOVER_FIELDS, TRANSFER, TransferStatus
from app.transfers.tables import Consent, HandoverSet, Observation, Outcome, Transfer
from app.transfers.warning import warnings_that_stand
from app.vehicles.schemas import CoverOut
from app.vehicles.service import cover_left, taken_by
from app.work import Work

__all__ = [
    "consent_out",
    "dossier",
    "handover_out",
    "is_drill",
    "line",
    "observation_out",
    "outcome_out",
    "progress",
    "transfer_out",
    "transfers_seen",
]

NOT_ASKED: Mapping[str, object] = {"asked": None, "asked_at": None}


def dossier(work: Work, keys: KeyRing, seen: Seen) -> DossierOut:
    """Return what the actor sees; only who sees all of her sees identity and papers."""
    session, referral = work.session, seen.referral
    full = seen.sight is Sight.FULL
    journeys = transfers_seen(work, seen)
    heading = journeys[-1].destination if journeys else None
    shown = views.shown(work, seen, heading=heading)
    handover = store.handover_of(session, referral.id) if full else None
    consents = store.consents_of(session, referral.id) if full else ()
    outcomes = store.outcomes_of(session, referral.id) if full else ()
    known = known_of(work, referral.id) if full else {}
    more = {
        "progress": progress(shown, journeys),
        **(_asked(work, referral.id) if full else NOT_ASKED),
        "identity": _identity(work, keys, seen) if full else None,
        "transfers": journeys,
        "handover": None
        if handover is None
        else handover_out(keys, handover, known, drill=referral.drill),
        "handover_known": known,
        "handover_missing": lacking(work, referral.id) if full else [],
        "consents": [consent_out(work, one, drill=referral.drill) for one in consents],
        "outcomes": [outcome_out(keys, one, drill=referral.drill) for one in outcomes],
    }
    return DossierOut.model_validate(shown.model_dump() | more)


def progress(referral: ReferralOut, journeys: Sequence[TransferOut]) -> str:
    """Return the one word that people are shown (rules 12.2): the journey, else the referral."""
    last = journeys[-1] if journeys else None
    closed = referral.events[-1].reason if referral.status == "closed" and referral.events else None
    if closed is not None and closed.startswith("died"):
        return closed
    if last is not None and last.status in ("dispatched", "departed", "diverted", "arrived"):
        return last.status
    return referral.status


def transfers_seen(work: Work, seen: Seen) -> list[TransferOut]:
    """Return the journeys; who is only asked sees those to its own door, without vital signs.

    Who drives sees all of them, without vital signs.
    """
    full = seen.sight is Sight.FULL
    mine = (seen.referral.id, work.actor.facility_id)
    return [
        transfer_out(work, one, full=full)
        for one in store.transfers_of(work.session, seen.referral.id)
        if full or seen.sight is Sight.JOURNEY or (one.referral_id, one.destination_id) == mine
    ]


def transfer_out(work: Work, transfer: Transfer, *, full: bool = True) -> TransferOut:
    """Return a journey with the time of each step; her vital signs where all of her is seen."""
    events = referrals.events_of(work.session, TRANSFER, transfer.id)
    seen = store.observations_of(work.session, transfer.id) if full else ()
    times = {event.to_status: event.at for event in events}
    referral = referrals.referral_of(work.session, transfer.referral_id)
    words = referrals.words_of(work.session, referral.id)
    drill, waits = referral.drill, not_confirmed(referral, words)
    over = transfer.status == TransferStatus.HANDED_OVER
    return TransferOut(
        **line(work, transfer).model_dump(),
        vehicle=told(work.session, transfer, "vehicle"),
        escort=told(work.session, transfer, "escort"),
        vehicle_ids=list(taken_by(work.session, transfer.referral_id)),
        note_codes=notes_of(work, referral, transfer),
        cover=[CoverOut.model_validate(one) for one in cover_left(work.session, work.actor.org_id)],
        giver=told(work.session, transfer, "giver") if full else None,
        receiver=told(work.session, transfer, "receiver") if full else None,
        identifiers=(transfer.identifiers or "").split() if full else [],
        not_confirmed=waits,
        responsible="destination" if over and "hand_over_not_confirmed" not in waits else "sender",
        times=times,
        observations=[observation_out(one, drill=drill) for one in seen],
        trips=_trips(work, transfer, seen, times),
        warnings=list(warnings_that_stand(seen)),
    )


def line(work: Work, transfer: Transfer) -> TransferLineOut:
    """Return a journey as it stands in a list."""
    return TransferLineOut(
        drill=is_drill(work, transfer.referral_id),
        id=transfer.id,
        version=transfer.last_seq,
        referral_id=transfer.referral_id,
        status=transfer.status,
        drives=transfer.drives,
        destination=transfer.destination_id or told(work.session, transfer, "destination_outside"),
        expected_from=transfer.eta_low_at,
        expected_until=transfer.eta_high_at,
    )


def _trips(
    work: Work,
    transfer: Transfer,
    seen: Sequence[Observation],
    times: Mapping[str, datetime],
) -> TripsOut | None:
    """Return how a newborn fared by its score, where any was made on the way."""
    scored = [(one.happened_at, one.trips) for one in seen if one.trips is not None]
    if not scored:
        return None
    first = first_recommendation(work.session, transfer.referral_id)
    found = course(called=kept.trips_of(work.session, first), scored=scored, times=times)
    return TripsOut.model_validate(found, from_attributes=True)


def is_drill(work: Work, referral_id: uuid.UUID) -> bool:
    """Tell whether all that belongs to a referral is an exercise; every answer says so."""
    return referrals.referral_of(work.session, referral_id).drill


def observation_out(row: Observation, *, drill: bool) -> ObservationOut:
    """Return what was observed."""
    return ObservationOut(
        drill=drill,
        id=row.id,
        code=row.code,
        facts=json.loads(row.facts),
        trips=row.trips,
        happened_at=row.happened_at,
        entered_at=row.entered_at,
    )


def handover_out(keys: KeyRing, row: HandoverSet, known: KnownParts, *, drill: bool) -> HandoverOut:
    """Return a hand-over set, opened."""
    said = json.loads(keys.open(row.content, Bound("handover_set", "content", row.id)))
    return HandoverOut(
        drill=drill,
        number=row.number,
        content={part: said[part] for part in HANDOVER_FIELDS},
        unknown=said["unknown"],
        not_applicable=said["not_applicable"],
        missing=list(still_lacking(row, known)),
        entered_at=row.entered_at,
    )


def outcome_out(keys: KeyRing, row: Outcome, *, drill: bool) -> OutcomeOut:
    """Return an outcome, opened."""
    follow_up = row.follow_up
    return OutcomeOut(
        drill=drill,
        result=row.result,
        diagnosis=keys.open(row.diagnosis, Bound("outcome", "diagnosis", row.id)),
        treatment=keys.open(row.treatment, Bound("outcome", "treatment", row.id)),
        follow_up=None
        if follow_up is None
        else keys.open(follow_up, Bound("outcome", "follow_up", row.id)),
        near_miss=None
        if row.near_miss is None
        else [one for one in row.near_miss.split(",") if one],
        happened_at=row.happened_at,
    )


def consent_out(work: Work, row: Consent, *, drill: bool) -> ConsentOut:
    """Return who agreed."""
    return ConsentOut(
        drill=drill,
        given_by=row.given_by,
        agreed=row.agreed,
        in_charge=told(work.session, row, "in_charge"),
        language=told(work.session, row, "language"),
        interpreter=told(work.session, row, "interpreter"),
        given_at=row.given_at,
    )


def _asked(work: Work, referral_id: uuid.UUID) -> Mapping[str, object]:
    """Return what was last asked and when, the moment beside the rest."""
    found = referrals.last_recommendation(work.session, referral_id)
    if found is None:
        return NOT_ASKED
    asked: dict[str, object] = document(work.session, found, "asked")
    rest = {name: said for name, said in asked.items() if name != "now"}
    return {"asked": rest, "asked_at": asked.get("now")}


def _identity(work: Work, keys: KeyRing, seen: Seen) -> IdentityOut:
    who = identity_of(work, keys, seen.referral.patient_id)
    return IdentityOut(
        kind=who.kind,
        identity_kind=who.identity_kind,
        name=who.name,
        id_number=who.id_number,
        birth_date=None if who.birth_date is None else who.birth_date.isoformat(),
        phone=who.phone,
        contact_name=who.contact_name,
        contact_phone=who.contact_phone,
        language=who.language,
        interpreter_needed=who.interpreter_needed,
        unknown=who.unknown,
    )
