"""Closing, slowing and opening roads, and what a request is told of them.

Whoever answers for one end of a road speaks of it: a commission, or the duty officer there. What
holds goes into every request and plan that the database is asked for, beside what it says itself.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.service import organisation_named
from app.accounts.states import COMMISSIONS, area_of
from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.deadlines.service import cancel, set_deadlines
from app.errors import NotFoundError
from app.keys.words import put
from app.roads import store
from app.roads.errors import NotYourRoadError, RoadRefusedError
from app.roads.states import BEGINS, ENDS, MOST_DAYS, RoadReason, RoadState
from app.roads.tables import RoadClosure
from app.work import Work
from geodata.conditions import Conditions

__all__ = [
    "Known",
    "Roads",
    "Wish",
    "close",
    "closures",
    "conditions_of",
    "end",
    "roads_ahead",
    "roads_now",
    "said_of",
    "said_since",
]

MINUTE_S = 60
Known = Collection[frozenset[str]]
"""Pairs of neighbours between which the network has a road."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is said of a road."""

    one: str
    other: str
    state: RoadState
    longer_min: int | None
    reason: RoadReason
    source: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Roads:
    """What holds at a moment: as parts of a request, and as an answer says it."""

    asked: Mapping[str, object] = field(default_factory=dict)
    said: Sequence[Mapping[str, object]] = ()

    def added_to(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Return a request with what holds beside what it says itself."""
        found = dict(document)
        for name, mine in self.asked.items():
            stated = document.get(name)
            if isinstance(mine, list) and mine and (stated is None or isinstance(stated, list)):
                found[name] = [*(stated or []), *mine]
        return found


def roads_now(session: Session, now: datetime, known: Known) -> Roads:
    """Return what holds now; of a road that the network does not have, nothing."""
    rows = [one for one in store.in_force(session, now) if frozenset((one.one, one.other)) in known]
    shut = [one for one in rows if one.state == RoadState.CLOSED]
    slow = [one for one in rows if one.state == RoadState.SLOWED]
    asked = {
        "closed_roads": [[one.one, one.other] for one in shut],
        "slowed_roads": [[one.one, one.other, one.longer_min] for one in slow],
    }
    return Roads(asked, said_of(session, rows))


def said_of(session: Session, rows: Sequence[RoadClosure]) -> Sequence[Mapping[str, object]]:
    """Return what an answer says of roads: by which office each was entered, and nobody's name."""
    return [_said(session, one) for one in rows]


def said_since(session: Session, province: str, now: datetime, moment: datetime) -> bool:
    """Tell whether something that holds or is still to begin was said after a moment."""
    return any(one.declared_at > moment for one in store.ahead(session, province, now))


def roads_ahead(
    session: Session, province: str, now: datetime, known: Known
) -> Sequence[RoadClosure]:
    """Return what holds now or is still to begin, of roads that the network has."""
    rows = store.ahead(session, province, now)
    return [one for one in rows if frozenset((one.one, one.other)) in known]


def conditions_of(rows: Sequence[RoadClosure], month: int) -> Conditions:
    """Return the conditions of a trip in a month while all of them hold."""
    shut = {frozenset((one.one, one.other)) for one in rows if one.longer_min is None}
    slow = {
        (frozenset((one.one, one.other)), one.longer_min * MINUTE_S)
        for one in rows
        if one.longer_min is not None
    }
    return Conditions(month=month, closed=frozenset(shut), slowed=frozenset(slow))


def close(work: Work, said: Wish, known: Known) -> RoadClosure:
    """Say that a road is closed or slowed.

    Raises
    ------
    NotYourRoadError
        Neither end lies in the area of the actor.
    RoadRefusedError
        There is no such road, or the times or minutes cannot be so.
    """
    _speaks(work, said.one, said.other)
    checks = (
        (frozenset((said.one, said.other)) not in known, "no_such_road"),
        ((said.state is RoadState.SLOWED) != (said.longer_min is not None), "longer_for_slowed"),
        (said.until_at <= said.from_at, "ends_before_it_begins"),
        (said.until_at <= work.now, "over_already"),
        (said.until_at - said.from_at > timedelta(days=MOST_DAYS), "road_too_long"),
    )
    if faults := [code for wrong, code in checks if wrong]:
        raise RoadRefusedError(faults)
    one, other = sorted((said.one, said.other))
    row = RoadClosure(
        province=work.actor.province,
        one=one,
        other=other,
        state=said.state.value,
        longer_min=said.longer_min,
        reason=said.reason.value,
        from_at=said.from_at,
        until_at=said.until_at,
        declared_at=work.now,
        by_user=work.actor.user_id,
        by_org=work.actor.org_id,
    )
    put(work.session, row, source=said.source, by_name=work.actor.name)
    store.add(work.session, row)
    # Who was ranked by the roads before is looked at then (app/referrals/road_news).
    begins = {BEGINS: max(said.from_at, work.now), ENDS: said.until_at}
    set_deadlines(work.session, row.id, begins, province=row.province, at=work.now)
    _noted(work, f"road_{said.state}", row)
    return row


def end(work: Work, closure_id: uuid.UUID) -> RoadClosure:
    """Say that a road is as usual again; of one that was ended already nothing changes.

    Raises
    ------
    NotFoundError
        There is no such line in this province.
    NotYourRoadError
        Neither end lies in the area of the actor.
    """
    row = store.locked(work.session, closure_id, work.actor.province)
    if row is None:
        raise NotFoundError("road closure", str(closure_id))
    _speaks(work, row.one, row.other)
    if row.ended_at is None:
        row.ended_at, row.ended_by = max(work.now, row.declared_at), work.actor.user_id
        store.add(work.session, row)
        cancel(work.session, row.id, [BEGINS], at=work.now)
        set_deadlines(work.session, row.id, {ENDS: work.now}, province=row.province, at=work.now)
        _noted(work, "road_opened", row)
    return row


def closures(
    work: Work, *, over: bool, before: uuid.UUID | None, most: int
) -> Sequence[RoadClosure]:
    """Return what holds or is still to begin in the province, or what is over."""
    return store.listed(
        work.session, work.actor.province, work.now, over=over, before=before, most=most
    )


def _speaks(work: Work, *ends: str) -> None:
    actor = work.actor
    if actor.org_kind not in COMMISSIONS or not any(e.startswith(area_of(actor)) for e in ends):
        raise NotYourRoadError


def _said(session: Session, row: RoadClosure) -> Mapping[str, object]:
    """Return what an answer says of a road: by which office, and nobody's name."""
    org = organisation_named(session, row.by_org)
    return {
        "one": row.one,
        "other": row.other,
        "state": row.state,
        "longer_min": row.longer_min,
        "reason": row.reason,
        "until": row.until_at.isoformat(),
        "by_org": None if org is None else org.name_zh,
    }


def _noted(work: Work, act: str, row: RoadClosure) -> None:
    chain = chain_of(Chain.INSTALLATION)
    record(work, chain=chain, act=act, object_kind="road_closure", object_id=row.id)
