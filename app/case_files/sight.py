"""Who sees a case file and why: one statement, built from who asks.

It narrows what is read and never filters what was read: what is out of scope is not there. Those
see a file who registered her, are responsible, assess, are consulted, have the booking or delivered
her; the lead of their medical community; the managers of the county where she lives and of her home
(P-14), and of one that she is offered to. Duty officers see it through an open emergency of her in
their area and look no further. Whoever broke the glass looks for a while.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, column, exists, false, or_, table
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from app.accounts.states import AREA_OF, ON_DUTY, Actor, Role, within
from app.case_files import store
from app.case_files.belonging import held
from app.case_files.belonging.tables import CaseGlass, CaseReferral
from app.case_files.errors import NotYourFileError, StaleFileError
from app.case_files.states import Capacity
from app.case_files.tables import CaseFile, CaseParty
from app.db_types import Moment
from app.errors import NotFoundError
from app.work import Work

__all__ = ["AREAS", "OWN", "Seen", "in_scope", "locked_for", "look", "visible_to"]

OWN = frozenset({Role.TOWNSHIP, Role.COUNTY_CLINICIAN, Role.COORDINATOR})
"""Roles that see what their own organisation has to do with."""
AREAS = (Capacity.RESIDENCE_COUNTY, Capacity.HOME_COUNTY, Capacity.OFFERED_COUNTY)
EMERGENCIES = 2
_REFERRAL = table("referral", column("id"), column("status"), column("priority"), column("county"))
"""Referrals know files and not the other way round; this much of one is read here."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file, and as what it is seen."""

    file: CaseFile
    capacities: frozenset[str]


def visible_to(actor: Actor, now: Moment) -> ColumnElement[bool]:
    """Return what makes a file one that an actor may see."""
    return or_(in_scope(actor, now), _by_broken_glass(actor, now))


def in_scope(actor: Actor, now: Moment) -> ColumnElement[bool]:
    """Return what makes a file one that an actor sees by her role alone."""
    return and_(col(CaseFile.province) == actor.province, _by_role(actor, now))


def look(work: Work, file_id: uuid.UUID) -> Seen:
    """Return a file that the actor may see.

    Raises
    ------
    NotFoundError
        There is none, or it is out of scope: the two look the same.
    """
    found = held.begun(work.session, file_id)
    if found is None:
        found = store.looked_at(work.session, file_id, visible_to(work.actor, work.now))
    if found is None:
        raise NotFoundError("case file", str(file_id))
    return Seen(found, _capacities(work, file_id))


def locked_for(
    work: Work, file_id: uuid.UUID, *capacities: Capacity, read: int | None = None
) -> CaseFile:
    """Return a file that the actor may write in, locked until the transaction ends.

    A look through a broken glass or an emergency writes nothing. Without ``capacities`` every
    party may.

    Raises
    ------
    NotFoundError
        Out of scope.
    NotYourFileError
        It is for another party to do.
    StaleFileError
        Something became of it since it was read.
    """
    seen = look(work, file_id)
    if not seen.capacities & ({*capacities} or {*Capacity}):
        raise NotYourFileError(capacities or tuple(Capacity))
    file = store.locked(work.session, file_id)
    if file is None:
        raise NotFoundError("case file", str(file_id))
    if read is not None and read != file.version:
        raise StaleFileError(file_id, read=read, now=file.version)
    return file


def _by_role(actor: Actor, now: Moment) -> ColumnElement[bool]:
    if actor.role in OWN:
        own = col(CaseParty.org_id) == actor.org_id
        return _party(now, or_(own, store.led_by(actor.org_id, now)))
    if actor.role not in (Role.MCH_MANAGER, *ON_DUTY):
        return false()
    area = within(AREA_OF[actor.role], actor.division)
    if actor.role == Role.MCH_MANAGER:
        inside = col(CaseParty.division).startswith(area)
        return _party(now, inside, col(CaseParty.capacity).in_(AREAS))
    return _by_emergency(area)


def _by_emergency(area: str) -> ColumnElement[bool]:
    return exists(
        select_columns(_REFERRAL.c.id).where(
            col(CaseReferral.file_id) == CaseFile.id,
            col(CaseReferral.newborn_id).is_(None),
            _REFERRAL.c.id == col(CaseReferral.referral_id),
            _REFERRAL.c.status.not_in(("closed", "cancelled")),
            _REFERRAL.c.priority <= EMERGENCIES,
            _REFERRAL.c.county.startswith(area),
        )
    )


def _party(now: Moment, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(CaseParty.id).where(col(CaseParty.file_id) == CaseFile.id, store.running(now), *more)
    )


def _by_broken_glass(actor: Actor, now: Moment) -> ColumnElement[bool]:
    return exists(
        select(CaseGlass.id).where(
            col(CaseGlass.file_id) == CaseFile.id,
            col(CaseGlass.user_id) == actor.user_id,
            col(CaseGlass.until) > now,
        )
    )


def _capacities(work: Work, file_id: uuid.UUID) -> frozenset[str]:
    """Say as what it is seen; the lead of a community stands where its member does."""
    actor = work.actor
    area = within(AREA_OF[actor.role], actor.division) if actor.role == Role.MCH_MANAGER else None
    mine = set()
    for one in store.parties(work.session, file_id, at=work.now):
        own = actor.role in OWN and one.org_id == actor.org_id
        inside = area is not None and (one.division or "").startswith(area)
        if own or inside:
            mine.add(one.capacity)
    return frozenset(mine)
