"""Who sees a referral, how much of it, and why: one statement, built from who asks.

It narrows what is read and never filters what was read: what is out of scope is not there.
Only those see who she is who send, receive, coordinate or are in charge of her (R-CONSENT-04).
"""

import uuid
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.states import AREA_OF, Actor, Role, within
from app.db_types import Moment
from app.errors import NotFoundError
from app.referrals import store
from app.referrals.errors import NotYoursError, StaleVersionError
from app.referrals.party_tables import BrokenGlass, Party
from app.referrals.states import EMERGENCIES, OPEN, Capacity, Sight
from app.referrals.tables import Offer, Referral
from app.work import Work

__all__ = ["DUTY", "OWN", "Seen", "locked_for", "look", "offer_to_me", "visible_to"]

OWN = frozenset({Role.TOWNSHIP, Role.COUNTY_CLINICIAN, Role.COORDINATOR, Role.EMS120})
"""Roles that see what their own organisation has to do with."""
DUTY = frozenset(
    {Role.COUNTY_DUTY_OFFICER, Role.PREFECTURE_DUTY_OFFICER, Role.PROVINCE_DUTY_OFFICER}
)
"""Roles that see open emergencies of their area (R-ROLE-03)."""
AREAS = (Capacity.RESPONSIBLE_COUNTY, Capacity.HOME_COUNTY)
BROKEN_GLASS = "broken_glass"


@dataclass(frozen=True, slots=True)
class Seen:
    """A referral with how much of it is seen and as what."""

    referral: Referral
    sight: Sight
    capacities: frozenset[str]


@lru_cache(maxsize=1_000)
def _looking(actor: Actor) -> SelectOfScalar[Referral]:
    """Return what looks for one referral as an actor sees it: building it costs more than that."""
    return store.looking(visible_to(actor, bindparam("now")))


def visible_to(actor: Actor, now: Moment) -> ColumnElement[bool]:
    """Return what makes a referral one that an actor may see."""
    return or_(_by_role(actor, now), _by_ownership(actor), _by_broken_glass(actor, now))


def look(work: Work, referral_id: uuid.UUID) -> Seen:
    """Return a referral that the actor may see.

    Raises
    ------
    NotFoundError
        There is none, or it is out of scope: the two look the same.
    """
    found = store.looked_at(work.session, _looking(work.actor), referral_id, work.now)
    if found is None:
        raise NotFoundError("referral", str(referral_id))
    return _seen(work, found)


def locked_for(
    work: Work, referral_id: uuid.UUID, *capacities: Capacity, read: int | None = None
) -> Referral:
    """Return a referral that the actor may act on, locked until the transaction ends.

    Duty officers act on what they see by their duty (R-ROLE-03), and so do those who coordinate. A
    broken glass lets somebody look and no more.

    Raises
    ------
    NotFoundError
        Out of scope.
    NotYoursError
        It is for another party to do.
    StaleVersionError
        It has moved since it was read.
    """
    seen = look(work, referral_id)
    if not seen.capacities & {*capacities} and not _by_duty(work, referral_id):
        raise NotYoursError(capacities)
    referral = store.locked(work.session, referral_id)
    if referral is None:
        raise NotFoundError("referral", str(referral_id))
    if read is not None and read != referral.last_seq:
        raise StaleVersionError(referral_id, read=read, now=referral.last_seq)
    return referral


def offer_to_me(work: Work, offer_id: uuid.UUID) -> Offer:
    """Return an offer to the actor's own centre.

    Raises
    ------
    NotFoundError
        There is none, or its referral is out of scope.
    NotYoursError
        Another centre has to answer it.
    """
    offer = store.offer_of(work.session, offer_id)
    if offer is None:
        raise NotFoundError("offer", str(offer_id))
    if offer.facility_id != work.actor.facility_id:
        _refuse_stranger(work, offer)
    return offer


def _refuse_stranger(work: Work, offer: Offer) -> None:
    try:
        look(work, offer.referral_id)
    except NotFoundError:
        raise NotFoundError("offer", str(offer.id)) from None
    raise NotYoursError([Capacity.OFFERED])


def _by_role(actor: Actor, now: Moment) -> ColumnElement[bool]:
    if actor.role in OWN:
        return _party(now, col(Party.org_id) == actor.org_id)
    area = col(Party.division).startswith(within(AREA_OF[actor.role], actor.division))
    if actor.role == Role.MCH_MANAGER:
        return _party(now, area, col(Party.capacity).in_(AREAS))
    if actor.role in DUTY:
        open_emergency = and_(col(Referral.status).in_(OPEN), col(Referral.priority) <= EMERGENCIES)
        asked = _party(now, col(Party.org_id) == actor.org_id)
        return or_(and_(open_emergency, _party(now, area)), and_(_is_open(), asked))
    return false()


def _by_ownership(actor: Actor) -> ColumnElement[bool]:
    """Let who has to look after an open referral open it, whatever its priority."""
    if actor.role not in OWN | DUTY:
        return false()
    return and_(_is_open(), col(Referral.owner_org) == actor.org_id)


def _by_duty(work: Work, referral_id: uuid.UUID) -> bool:
    if work.actor.role not in DUTY:
        return False
    scope = _by_role(work.actor, work.now)
    return store.visible(work.session, referral_id, scope) is not None


def _is_open() -> ColumnElement[bool]:
    return col(Referral.status).in_(OPEN)


def _party(now: Moment, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(Party.id).where(col(Party.referral_id) == Referral.id, store.running(now), *more)
    )


def _by_broken_glass(actor: Actor, now: Moment) -> ColumnElement[bool]:
    return exists(
        select(BrokenGlass.id).where(
            col(BrokenGlass.referral_id) == Referral.id,
            col(BrokenGlass.user_id) == actor.user_id,
            col(BrokenGlass.until) > now,
        )
    )


def _seen(work: Work, referral: Referral) -> Seen:
    """Say as what it is seen, and so how much of it."""
    actor = work.actor
    mine: set[str] = set()
    for party in store.parties(work.session, referral.id, at=work.now):
        if party.org_id == actor.org_id:
            mine.add(party.capacity)
        elif party.division is not None and actor.role not in OWN:
            area = within(AREA_OF[actor.role], actor.division)
            if party.division.startswith(area) and AREA_OF[actor.role] != "none":
                mine.add(party.capacity)
    return Seen(referral, _how_much(work, referral, mine), frozenset(mine))


def _how_much(work: Work, referral: Referral, mine: set[str]) -> Sight:
    """Return how much is seen as what; a 120 that broke the glass sees it all for a while."""
    if work.actor.role == Role.EMS120:
        glass = _by_broken_glass(work.actor, work.now)
        looks = store.visible(work.session, referral.id, glass) is not None
        return Sight.FULL if looks else Sight.JOURNEY
    return Sight.MINIMUM if mine == {Capacity.OFFERED} else Sight.FULL
