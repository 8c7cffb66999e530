"""What is shown of offers: what stands beside their rows is read for all of them at once."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from app.accounts.service import organisation_named
from app.accounts.signed_up import nobody_at
from app.accounts.states import Role
from app.keys.words import told
from app.patients.service import Least, Minimum, least_of
from app.referrals import kept, store, store_lines
from app.referrals.driving import only_escort
from app.referrals.question import Question, questions_to
from app.referrals.schemas import OfferOut
from app.referrals.sight import OWN, Seen
from app.referrals.states import ASKS, WAITING, ChoiceReason
from app.referrals.tables import Offer, Referral
from app.work import Work

__all__ = ["offer_out", "offers_of_one", "offers_out"]

OF_OTHERS = ("newborn_to", "place_asked", "onward")
"""Reasons of a ranking that name another centre."""


def offer_out(work: Work, offer: Offer) -> OfferOut:
    """Return one offer, to the centre that is asked or to who asks it."""
    return offers_out(work, [offer])[0]


def offers_out(work: Work, offers: Collection[Offer]) -> list[OfferOut]:
    """Return offers, to the centre that is asked."""
    if not offers:
        return []
    referrals = store_lines.referrals_of_all(work.session, {one.referral_id for one in offers})
    patients = least_of(work, {referral.patient_id for referral in referrals.values()})
    silent = nobody_at(work.session, {one.facility_id for one in offers}, at=work.now)
    return _shown(work, offers, referrals, patients, silent)


def offers_of_one(
    work: Work, seen: Seen, offers: Sequence[Offer], patient: Minimum, silent: Collection[str]
) -> list[OfferOut]:
    """Return all offers of a referral to who sees it; ``silent`` are centres without accounts.

    Why a centre is asked out of its turn is told to no other centre.
    """
    referral = seen.referral
    shown = _shown(work, offers, {referral.id: referral}, {referral.patient_id: patient}, silent)
    if work.actor.role not in OWN or seen.capacities & {*ASKS}:
        return shown
    mine = work.actor.facility_id
    return [
        one if one.facility_id == mine else one.model_copy(update={"chosen_because": None})
        for one in shown
    ]


def _shown(
    work: Work,
    offers: Collection[Offer],
    referrals: Mapping[uuid.UUID, Referral],
    patients: Mapping[uuid.UUID, Least] | Mapping[uuid.UUID, Minimum],
    silent: Collection[str],
) -> list[OfferOut]:
    questions = questions_to(work.session, offers)
    asked_at = store_lines.asked_at(work.session, [offer.id for offer in offers])
    store.know_organisations(work.session, {one.origin_org for one in referrals.values()})
    found = []
    for offer in offers:
        of, question = referrals[offer.referral_id], questions[offer.id]
        patient, row = patients[of.patient_id], question.row
        pregnancy = _pregnancy(work, question)
        waits = offer.status in WAITING
        minutes = row.get("minutes")
        places = row.get("places", question.places)
        origin = store.facility_of(work.session, of.origin_org)
        because = offer.chosen_because
        found.append(
            OfferOut(
                id=offer.id,
                version=offer.last_seq,
                referral_id=of.id,
                number=of.number,
                drill=of.drill,
                priority=of.priority,
                facility_id=offer.facility_id,
                nobody_signed_up=offer.facility_id in silent,
                rank=offer.rank,
                chosen_because=None if because is None else ChoiceReason(because),
                why=_why(row),
                within=str(row["within"]) if row.get("within") else None,
                status=offer.status,
                asked_at=asked_at[offer.id],
                answer_by=offer.deadline_at,
                overdue=waits and offer.deadline_at is not None and offer.deadline_at < work.now,
                yours=waits and offer.facility_id == work.actor.facility_id,
                origin=origin,
                origin_name=None if origin else _name_of(work, of.origin_org),
                minutes=minutes if isinstance(minutes, Mapping) else None,
                places=places if isinstance(places, list) else [],
                over_capacity=bool(row.get("over_capacity", False)),
                patient_kind=patient.kind,
                language=patient.language,
                interpreter_needed=patient.interpreter_needed,
                weeks=pregnancy.weeks,
                delivered=pregnancy.delivered,
                assessment=only_escort(question.assessment)
                if work.actor.role is Role.EMS120
                else question.assessment,
                decline_code=offer.decline_code,
                decline_detail=told(work.session, offer, "decline_detail"),
            )
        )
    return found


def _why(row: Mapping[str, object]) -> list[str]:
    """Return why she comes there: what is asked of one centre names no other."""
    said = row.get("why", [])
    codes = [str(one) for one in said] if isinstance(said, list) else []
    return [one for one in codes if one.partition(":")[0] not in OF_OTHERS]


def _pregnancy(work: Work, question: Question) -> kept.Pregnancy:
    """Return how far on she is, as it was stated; not to who drives (R-ROLE-01)."""
    return kept.Pregnancy() if work.actor.role is Role.EMS120 else question.pregnancy


def _name_of(work: Work, org_id: uuid.UUID) -> str | None:
    org = organisation_named(work.session, org_id)
    return None if org is None else org.name_zh
