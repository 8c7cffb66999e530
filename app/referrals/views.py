"""What is shown of a referral: lines without identity, offers, and the whole of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from app.accounts.service import facilities_in_community
from app.accounts.signed_up import nobody_at
from app.centres.service import places_held
from app.keys.words import told
from app.patients.service import Minimum, minimum_of
from app.referrals import kept, lines, road_news, store
from app.referrals.answers import Said
from app.referrals.driving import for_who_drives
from app.referrals.elsewhere import Elsewhere
from app.referrals.elsewhere_schemas import ElsewhereOut, RoomOut
from app.referrals.offer_views import offers_of_one
from app.referrals.party_tables import BrokenGlass
from app.referrals.question import FEW
from app.referrals.returns.tables import ReturnReferral
from app.referrals.reviews.tables import CaseReview
from app.referrals.ringing import named_first, ring, ring_ends, ring_stops, stops_of
from app.referrals.said_no import said_no
from app.referrals.schemas import (
    AcceptanceOut,
    BrokenGlassOut,
    CaseReviewOut,
    EventOut,
    ReferralOut,
    ReturnOut,
)
from app.referrals.sight import Seen
from app.referrals.states import LOOKING, REFERRAL, WAITING, Sight
from app.referrals.tables import Referral
from app.work import Work
from facilities.phones import PatientKind

__all__ = [
    "acceptance",
    "elsewhere_out",
    "glass_out",
    "review_out",
    "shown",
    "whole",
]

SHOWN = 10
"""Rows of a ranking that are shown; all of them are stored."""


def elsewhere_out(other: Elsewhere) -> ElsewhereOut:
    """Return another centre of a ranking."""
    minutes = other.row.get("minutes")
    return ElsewhereOut(
        facility_id=str(other.row["facility_id"]),
        rank=int(str(other.row["rank"])),
        minutes=float(minutes["expected"]) if isinstance(minutes, Mapping) else None,
        rooms=[RoomOut(kind=one.kind, free=one.free, as_of=one.as_of) for one in other.rooms],
        full=other.full,
        asked=other.asked,
    )


def whole(work: Work, seen: Seen) -> ReferralOut:
    """Return all of a referral but who she is; that is asked for by itself, and written down."""
    referral = seen.referral
    found = store.last_recommendation(work.session, referral.id)
    said = None if found is None else kept.read(work.session, found)
    patient = minimum_of(work, referral.patient_id)
    events = store.events_of(work.session, REFERRAL, referral.id)
    offers = store.offers_of(work.session, referral.id)
    words = store.words_of(work.session, referral.id)
    spoken = {
        word.seq: told(work.session, word, "said_by")
        for word in store.event_words(work.session, REFERRAL, referral.id)
    }
    ranking = said.ranking if said else []
    ways = said.alternatives if said else ()
    asked = (offer.facility_id for offer in offers)
    named = {*named_first(ranking, offers), *asked, *stops_of(ways)}
    silent = nobody_at(work.session, named, at=work.now)
    more = {
        "as_what": sorted(seen.capacities),
        "raised_because": told(work.session, referral, "raised_because"),
        "decided_at": referral.decided_at,
        "form_number": referral.form_number,
        "happened_at": referral.happened_at,
        "patient_id": referral.patient_id,
        "language": patient.language,
        "interpreter_needed": patient.interpreter_needed,
        "assessment": said.assessment if said else None,
        "booked": said.booked if said else None,
        "ranking": _with_noes(work, referral, ranking[:SHOWN]),
        "passed_over": said.passed_over if said else 0,
        "alternatives": ways,
        "blood": said.blood if said else None,
        "silent_lines": said.silent_lines if said else [],
        "roads": said.roads if said else [],
        "ring": ring(work, referral, ranking, offers, _whose(patient), silent),
        "stops": ring_stops(work, ways, _whose(patient), silent),
        "community": _community(work, referral),
        "offers": offers_of_one(work, seen, offers, patient, silent),
        "words": [lines.word_out(work, word) for word in words],
        "events": [
            EventOut(
                to=event.to_status,
                at=event.at,
                device_at=event.device_at,
                by_org=event.by_org,
                by_role=event.by_role,
                said_by=spoken.get(event.seq),
                reason=event.reason,
            )
            for event in events
        ],
    }
    waited = [offer.facility_id for offer in offers if offer.status in WAITING]
    head = lines.Head(
        lines.moves(events),
        kept.colour_of(work.session, found),
        words,
        [centre for centre in waited if centre in silent],
        road_news.told_of(work.session, [referral]).get(referral.id, ()),
        lines.late_since(work, [referral]).get(referral.id, {}),
    )
    return ReferralOut.model_validate(lines.document(work, referral, head) | more)


def shown(work: Work, seen: Seen, *, heading: str | None = None) -> ReferralOut:
    """Return a referral as far as it is seen: who is only asked sees it without its story.

    ``heading`` is the centre that she is brought to, where nobody has accepted.
    """
    found = whole(work, seen)
    if seen.sight is Sight.FULL:
        return found
    if seen.sight is Sight.JOURNEY:
        kind: PatientKind = "newborn" if found.patient_kind == "newborn" else "maternal"
        return for_who_drives(
            found, ring_ends(work, seen.referral, heading or seen.referral.destination_id, kind)
        )
    mine_id = work.actor.facility_id
    mine = [offer for offer in found.offers if offer.facility_id == mine_id]
    few = {name: (found.assessment or {}).get(name) for name in FEW}
    return found.model_copy(
        update={
            "assessment": few,
            "ranking": [],
            "alternatives": [],
            "blood": None,
            "silent_lines": [],
            "ring": [],
            "stops": [],
            "community": None,
            "words": [],
            "spoken_yes": None,
            "only_by_telephone": [],
            "events": [],
            "offers": mine,
            "raised_because": None,
            # What is asked of one centre names no other.
            "destination": found.destination if found.destination == mine_id else None,
        }
    )


def review_out(work: Work, row: CaseReview) -> CaseReviewOut:
    """Return a review; nothing says who she was or what was learned."""
    return CaseReviewOut(
        id=row.id,
        referral_id=row.referral_id,
        number=store.referral_of(work.session, row.referral_id).number,
        what=row.what,
        opened_at=row.opened_at,
        due_at=row.due_at,
        overdue=row.closed_at is None and row.due_at < work.now,
        closed_at=row.closed_at,
    )


def return_out(work: Work, row: ReturnReferral) -> ReturnOut:
    """Return who is sent back; nothing says who she is."""
    referral = store.referral_of(work.session, row.referral_id)
    return ReturnOut(
        id=row.id,
        referral_id=row.referral_id,
        number=referral.number,
        from_org=row.from_org,
        yours=row.owner_org == work.actor.org_id,
        drill=referral.drill,
        opened_at=row.opened_at,
        due_at=row.due_at,
        overdue=row.taken_at is None and row.due_at < work.now,
        taken_at=row.taken_at,
    )


def glass_out(row: BrokenGlass, reason: str | None, by_login: str | None = None) -> BrokenGlassOut:
    """Return a broken glass; the referral is named to who may see it and to who reviews it."""
    return BrokenGlassOut(
        id=row.id,
        referral_id=row.referral_id,
        by_login=by_login,
        reason=reason,
        from_at=row.from_at,
        until=row.until,
        reviewed_at=row.reviewed_at,
        justified=row.justified,
    )


def acceptance(work: Work, said: Said) -> AcceptanceOut:
    """Return what became of a yes."""
    lost = said.answered.lost
    more = {
        "accepted": said.answered.accepted,
        "places_held": places_held(work.session, said.referral.id),
        "lost": None if lost is None else lost.told,
        "asked_instead": list(said.answered.asked_instead),
    }
    head = lines.head(work, said.referral)
    return AcceptanceOut.model_validate(lines.document(work, said.referral, head) | more)


def _community(work: Work, referral: Referral) -> Sequence[str] | None:
    """Return who may take her without being asked, while a destination is looked for."""
    if referral.status not in LOOKING:
        return None
    return facilities_in_community(work.session, referral.origin_org, at=work.now)


def _with_noes(
    work: Work, referral: Referral, ranking: Sequence[Mapping[str, object]]
) -> list[Mapping[str, object]]:
    """Return rows of a ranking, each with the no of its centre: a free place says less."""
    noes = said_no(work.session, referral.id)
    found = [(row, noes.get(str(row["facility_id"]))) for row in ranking]
    return [{**row, "declined": None if no is None else asdict(no)} for row, no in found]


def _whose(patient: Minimum) -> PatientKind:
    """Return whose line is rung at a centre."""
    return "newborn" if patient.kind == "newborn" else "maternal"
