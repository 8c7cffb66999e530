"""Which other centre could take her: what a centre without a bed has to name (R-REF-02).

The others of the same ranking, with the minutes that it has and the places that are free by now. A
centre that is known to have none is no answer to "no bed": naming it would send her twice.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.centres.diverting import passed_over
from app.centres.places import KindNow, places_of
from app.referrals import kept, store
from app.referrals.said_no import said_no
from app.referrals.sight import offer_to_me
from app.referrals.states import OFFER_NEXT, WAITING, OfferStatus
from app.referrals.tables import Offer
from app.work import Work
from facilities.capability import satisfied_by
from facilities.capacity import STALE_MIN

__all__ = ["Elsewhere", "Room", "elsewhere", "known_full"]

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Room:
    """Places of a kind at a centre; ``free`` is None where nobody knows of such a place."""

    kind: str
    free: int | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another centre of the ranking; ``full`` is known, not supposed."""

    row: Mapping[str, object]
    rooms: Sequence[Room]
    full: bool
    asked: bool = False


def elsewhere(work: Work, offer_id: uuid.UUID) -> Sequence[Elsewhere]:
    """Return the other centres of the ranking that an offer was made from, none that said no."""
    offer = offer_to_me(work, offer_id)
    if OfferStatus.DECLINED not in OFFER_NEXT[offer.status]:
        return ()
    said = kept.read(work.session, store.recommendation_of(work.session, offer.recommendation_id))
    passed = {offer.facility_id, *said_no(work.session, offer.referral_id)}
    rows = [row for row in said.ranking if row["facility_id"] not in passed][:SHOWN]
    offers = store.offers_of(work.session, offer.referral_id)
    asked = {one.facility_id for one in offers if one.status in WAITING}
    found = [_other(work, row, _kinds(row["places"])) for row in rows]
    return [replace(one, asked=one.row["facility_id"] in asked) for one in found]


def known_full(work: Work, offer: Offer, facility_id: str) -> bool:
    """Return whether a centre is known to have no place for her."""
    said = kept.read(work.session, store.recommendation_of(work.session, offer.recommendation_id))
    row = said.row(facility_id) or {}
    return _other(work, {"facility_id": facility_id}, _kinds(row.get("places", said.places))).full


def _other(work: Work, row: Mapping[str, object], kinds: Sequence[str]) -> Elsewhere:
    facility_id = str(row["facility_id"])
    now = {one.kind: one for one in places_of(work, facility_id)}
    rooms = [_room(kind, now) for kind in kinds]
    away = passed_over(work.session, facility_id, kinds, work.now)
    return Elsewhere(row, rooms, away or any(_none_left(work, kind, now) for kind in kinds))


def _room(kind: str, now: Mapping[str, KindNow]) -> Room:
    found = now.get(kind)
    if found is None:
        return Room(kind, None, None)
    return Room(kind, found.free, None if found.assumed else found.as_of)


def _none_left(work: Work, kind: str, now: Mapping[str, KindNow]) -> bool:
    """Return whether a report that still counts says so; a higher ward takes her as well."""
    found = [now[one] for one in satisfied_by(kind) if one in now]
    return bool(found) and all(_counts(work, one) and one.free == 0 for one in found)


def _counts(work: Work, found: KindNow) -> bool:
    """Return whether a figure is better than a supposed one (R-TRUST-01)."""
    if found.as_of is None:
        return False
    return (work.now - found.as_of).total_seconds() <= STALE_MIN * 60


def _kinds(places: object) -> list[str]:
    listed = places if isinstance(places, Sequence) else ()
    return list(dict.fromkeys(str(place["kind"]) for place in listed))
