"""Referrals as they stand in lists: what is said beside them is read for all of a list at once."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.accounts.signed_up import nobody_at
from app.accounts.states import Role
from app.deadlines.service import first_due
from app.events.tables import StatusEvent
from app.keys.words import told
from app.patients.service import kind_of, know_kinds
from app.referrals import kept, road_news, store, store_lines
from app.referrals.begun import is_begun
from app.referrals.falling import Begun, Move, fell_due, times_of
from app.referrals.line_schemas import (
    FellDueOut,
    ReferralLineOut,
    WordOut,
    WorklistLineOut,
)
from app.referrals.lists import YOURS, Why
from app.referrals.party_tables import SpokenWord
from app.referrals.sight import DUTY
from app.referrals.speaking import not_confirmed, said_yes
from app.referrals.states import EMERGENCIES, REFERRAL, WAITING
from app.referrals.steps import set_anew
from app.referrals.tables import Referral
from app.work import Work

__all__ = ["Head", "document", "head", "late_since", "line", "lines", "listed", "moves", "word_out"]


@dataclass(frozen=True, slots=True)
class Head:
    """What a line says that does not stand in the row.

    ``unreached`` are centres whose answer is waited for where nobody could see the question;
    ``roads`` are those of her ranking that are not as they were, ``late_since`` when steps beside
    the search fell due first.
    """

    moves: Sequence[Move]
    colour: str | None
    words: Sequence[SpokenWord]
    unreached: Sequence[str]
    roads: Sequence[Mapping[str, str]] = ()
    late_since: Mapping[str, datetime] = field(default_factory=dict)


def line(work: Work, referral: Referral) -> ReferralLineOut:
    """Return one referral as it stands in a list."""
    return ReferralLineOut.model_validate(document(work, referral, head(work, referral)))


def lines(work: Work, referrals: Collection[Referral]) -> list[ReferralLineOut]:
    """Return referrals as they stand in a list."""
    heads = _heads(work, referrals)
    return [ReferralLineOut.model_validate(document(work, of, heads[of.id])) for of in referrals]


def listed(work: Work, found: Collection[tuple[Referral, Why]]) -> list[WorklistLineOut]:
    """Return referrals as they stand in a worklist."""
    heads = _heads(work, [referral for referral, _ in found])
    return [
        WorklistLineOut.model_validate(
            document(work, of, heads[of.id]) | {"why": why, "yours": why in YOURS}
        )
        for of, why in found
    ]


def head(work: Work, referral: Referral) -> Head:
    """Return what is said beside one referral, also where this transaction wrote it itself."""
    found = store.last_recommendation(work.session, referral.id)
    offers = store.offers_of(work.session, referral.id)
    waited = [offer.facility_id for offer in offers if offer.status in WAITING]
    silent = nobody_at(work.session, waited, at=work.now)
    return Head(
        moves(store.events_of(work.session, REFERRAL, referral.id)),
        kept.colour_of(work.session, found),
        store.words_of(work.session, referral.id),
        [centre for centre in waited if centre in silent],
        road_news.told_of(work.session, [referral]).get(referral.id, ()),
        late_since(work, [referral]).get(referral.id, {}),
    )


def late_since(
    work: Work, referrals: Collection[Referral]
) -> Mapping[uuid.UUID, Mapping[str, datetime]]:
    """Return when the steps of referrals fell due that are not done; of one just begun none has."""
    keys = [one.id for one in referrals if not is_begun(work.session, one.id)]
    return first_due(work.session, keys, set_anew(), at=work.now)


def moves(events: Sequence[StatusEvent]) -> list[Move]:
    """Return the moves that events are of."""
    return [(one.from_status, one.to_status, one.at) for one in events]


def word_out(work: Work, word: SpokenWord) -> WordOut:
    """Return a word that was spoken by telephone, opened."""
    return WordOut(
        what=word.what,
        said_by=told(work.session, word, "said_by") or "",
        entered_name=told(work.session, word, "entered_name") or "",
        entered_at=word.entered_at,
        confirm_by=word.confirm_by,
        confirmed_at=word.confirmed_at,
    )


def document(work: Work, referral: Referral, head: Head) -> dict[str, object]:
    """Return a line."""
    session = work.session
    late = referral.deadline_at is not None and referral.deadline_at < work.now
    yes = said_yes(referral, head.words)
    begun = times_of(head.moves)
    return {
        "id": referral.id,
        "number": referral.number,
        "version": referral.last_seq,
        "status": referral.status,
        "priority": referral.priority,
        "green_channel": referral.priority <= EMERGENCIES,
        "drill": referral.drill,
        "patient_kind": kind_of(session, referral.patient_id),
        "county": referral.county,
        "origin": store.facility_of(session, referral.origin_org),
        "destination": referral.destination_id or told(session, referral, "destination_outside"),
        "requested_at": head.moves[0][2],
        "accepted_at": begun.accepted,
        "next_step": referral.next_step,
        "deadline_at": referral.deadline_at,
        "overdue": late,
        "fell_due": _fell_due(work, referral, begun, head.late_since),
        "owner_org": referral.owner_org,
        "yours": referral.owner_org == work.actor.org_id,
        "under_way": referral.under_way,
        "not_confirmed": not_confirmed(referral, head.words),
        "spoken_yes": yes and word_out(work, yes),
        "only_by_telephone": head.unreached if _is_told_whom(work, referral) else [],
        "colour": head.colour,
        "roads_changed": head.roads,
    }


def _heads(work: Work, referrals: Collection[Referral]) -> Mapping[uuid.UUID, Head]:
    session, keys = work.session, [referral.id for referral in referrals]
    begun = store_lines.moves_of_all(session, keys)
    ranked = store_lines.last_ranked(session, keys)
    colours = kept.colours_by_key(session, {*ranked.values()})
    words = store_lines.words_of_all(session, keys)
    waited = store_lines.waited_for(session, keys)
    silent = nobody_at(session, {one for some in waited.values() for one in some}, at=work.now)
    unreached = {of: [one for one in some if one in silent] for of, some in waited.items()}
    roads = road_news.told_of(session, referrals)
    know_kinds(session, {referral.patient_id for referral in referrals})
    store.know_organisations(session, {referral.origin_org for referral in referrals})
    late = late_since(work, referrals)
    return {
        key: Head(
            begun[key],
            colours.get(ranked[key]) if key in ranked else None,
            words.get(key, ()),
            unreached.get(key, ()),
            roads.get(key, ()),
            late.get(key, {}),
        )
        for key in keys
    }


def _fell_due(
    work: Work, referral: Referral, begun: Begun, late: Mapping[str, datetime]
) -> list[FellDueOut]:
    found = fell_due(referral, begun, late, work.now)
    return [FellDueOut(step=step.step, at=at) for step, at in found]


def _is_told_whom(work: Work, referral: Referral) -> bool:
    """Whether the actor is told which centres are asked: what is asked of one names no other."""
    actor = work.actor
    mine = actor.org_id in (referral.origin_org, referral.owner_org)
    return actor.role in DUTY or (mine and actor.role is not Role.EMS120)
