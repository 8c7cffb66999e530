"""What a joint plan is made from: one read of who waits, who is under way, and what is free.

Nothing is locked. Each referral is noted with what it stood at; a plan for what has moved since is
not applied (:mod:`app.referrals.plans.planning`).
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlmodel import Session

from app.centres.service import with_places_held
from app.clock import stamp
from app.engine import Engine
from app.keys.words import document
from app.referrals.kept import read
from app.referrals.plans import store as plan_store
from app.referrals.states import ReferralStatus
from app.referrals.tables import Recommendation, Referral
from geodata.errors import RefusedInputError
from routing.triage.assess import assess_case

__all__ = [
    "Edit",
    "Fleet",
    "Gathered",
    "Heading",
    "Kept",
    "Mark",
    "PlanWish",
    "gather",
    "mark_of",
]

OUTSIDE = "outside"

Heading: TypeAlias = Callable[[Session, Sequence[uuid.UUID]], Mapping[uuid.UUID, str]]
"""Tells which facility each of some referrals is on the road to."""
Fleet: TypeAlias = Callable[[Session, datetime], Sequence[Mapping[str, str]]]
"""Tells which vehicles there are, as a plan reads them."""

NO_DESTINATION_HERE = "outside_the_network"
NO_RANKING = "no_ranking"
NOT_READABLE = "not_readable"
BY_HAND = "by_hand"
CHOICES = 10
"""So many of a ranking may be chosen by hand, as many as are shown of it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a referral stood at when a plan was made."""

    number: str
    version: int
    under_way: bool
    destination: str | None
    ranking: int
    declined: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """Return it as it is kept."""
        return {
            "number": self.number,
            "version": self.version,
            "under_way": self.under_way,
            "destination": self.destination,
            "ranking": self.ranking,
            "declined": list(self.declined),
        }


@dataclass(frozen=True, slots=True)
class Kept:
    """A referral that keeps where it goes, with its places held: nothing is left to plan."""

    referral_id: uuid.UUID
    priority: int
    facility_id: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody changes in a plan: the rest is planned around it.

    ``of`` is the plan that was changed; ``left_out`` are not planned for, and those of ``sent`` may
    go to the centre that is named and to no other.
    """

    of: uuid.UUID
    because: str
    left_out: frozenset[uuid.UUID]
    sent: Mapping[uuid.UUID, str]

    def document(self) -> dict[str, object]:
        """Return it as it is kept."""
        return {
            "of": str(self.of),
            "because": self.because,
            "left_out": sorted(map(str, self.left_out)),
            "sent": {str(key): facility_id for key, facility_id in self.sent.items()},
        }


@dataclass(frozen=True, slots=True)
class PlanWish:
    """What a plan is to be made for.

    ``closed_roads`` and ``reserve`` are those of contract 2.3. Without ``with_vehicles`` as many
    vehicles are taken to be there as are needed.
    """

    division: str
    drill: bool = False
    with_vehicles: bool = True
    closed_roads: Sequence[tuple[str, str]] = ()
    reserve: Sequence[Mapping[str, object]] = ()
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """One moment of an area.

    ``requests`` are documents of contract 2.3. ``kept`` have their places already: those are no
    longer free, so giving them to the solver again would take them twice. ``left_out`` says of
    whom the plan cannot speak, and why. ``choices`` are where somebody may be sent by hand.
    """

    now: datetime
    requests: tuple[Mapping[str, object], ...]
    kept: tuple[Kept, ...]
    left_out: Mapping[uuid.UUID, str]
    marks: Mapping[uuid.UUID, Mark]
    applied: tuple[uuid.UUID, ...]
    choices: Mapping[uuid.UUID, Sequence[str]]


def gather(
    session: Session,
    engine: Engine,
    area: str,
    *,
    now: datetime,
    drill: bool,
    heading: Heading,
    edit: Edit | None = None,
) -> Gathered:
    """Read who waits in an area and who is under way; drills and real ones are never mixed."""
    # First: a plan that is applied while the rest is read is one that is not known here.
    applied = tuple(plan_store.applied_lately(session, before=now))
    referrals = plan_store.on_the_way(session, area, drill=drill)
    ids = [one.id for one in referrals]
    rankings = plan_store.last_recommendations(session, ids)
    said_no = plan_store.declined(session, ids)
    held = with_places_held(session, ids)
    towards = heading(session, [one.id for one in referrals if one.under_way])
    requests: list[Mapping[str, object]] = []
    kept: list[Kept] = []
    left_out: dict[uuid.UUID, str] = {}
    marks: dict[uuid.UUID, Mark] = {}
    choices: dict[uuid.UUID, Sequence[str]] = {}
    for one in referrals:
        ranking, no = rankings.get(one.id), said_no.get(one.id, set())
        marks[one.id] = mark_of(one, ranking, no)
        destination = one.destination_id or towards.get(one.id)
        if one.destination_outside is not None or (one.under_way and destination is None):
            left_out[one.id] = NO_DESTINATION_HERE
        elif one.status == ReferralStatus.ACCEPTED and destination and one.id in held:
            kept.append(Kept(one.id, one.priority, destination))
        elif ranking is None:
            left_out[one.id] = NO_RANKING
        else:
            wanted = _request(session, engine, one, ranking, no, destination, now=now)
            if wanted is None:
                left_out[one.id] = NOT_READABLE
                continue
            if wanted["frozen_to"] is None:
                choices[one.id] = _choices(session, ranking, no)
            if edit is not None and one.id in choices:
                wanted = _by_hand(engine, wanted, edit, one.id)
            if wanted is None:
                left_out[one.id] = BY_HAND
            else:
                requests.append(wanted)
    return Gathered(now, tuple(requests), tuple(kept), left_out, marks, applied, choices)


def _choices(session: Session, ranking: Recommendation, declined: Collection[str]) -> Sequence[str]:
    """Return the centres of a ranking that have not said no."""
    rows = read(session, ranking).ranking[:CHOICES]
    return [str(row["facility_id"]) for row in rows if row["facility_id"] not in declined]


def _by_hand(
    engine: Engine, wanted: Mapping[str, object], edit: Edit, key: uuid.UUID
) -> Mapping[str, object] | None:
    """Return a request as it was changed: to one centre only, or None where she is left out."""
    if key in edit.left_out:
        return None
    if key not in edit.sent:
        return wanted
    others = {one.facility_id for one in engine.registry.facilities} - {edit.sent[key]}
    return {**wanted, "exclude": sorted(others)}


def mark_of(referral: Referral, ranking: Recommendation | None, declined: Iterable[str]) -> Mark:
    """Return what a referral stands at. That a centre has looked, or one more is asked, is no move.

    A departure and a refusal move no status and are moves all the same. A hospital outside the
    network is not named: a mark lies in clear.
    """
    outside = referral.destination_outside is not None
    return Mark(
        number=referral.number,
        version=referral.last_seq,
        under_way=referral.under_way,
        destination=referral.destination_id or (OUTSIDE if outside else None),
        ranking=0 if ranking is None else ranking.number,
        declined=tuple(sorted(declined)),
    )


def _request(
    session: Session,
    engine: Engine,
    referral: Referral,
    ranking: Recommendation,
    declined: Iterable[str],
    destination: str | None,
    *,
    now: datetime,
) -> Mapping[str, object] | None:
    """Return the entry of a referral; None where what was asked cannot be read any more.

    One that cannot be read must not keep a plan from the others: a facility may have left the
    registry since.
    """
    asked: dict[str, object] = document(session, ranking, "asked")
    frozen = destination if referral.under_way or referral.destination_id else None
    before = asked.get("exclude")
    exclude = sorted({*(before if isinstance(before, list) else ()), *declined} - {frozen})
    decided_at = min(referral.decided_at or now, now)
    entry = {**asked, "exclude": exclude, "decided_at": stamp(decided_at), "now": stamp(now)}
    try:
        found = engine.reader.request(entry)
    except RefusedInputError:
        return None
    if frozen is not None and frozen not in engine.registry:
        return None
    # Rows may have become more urgent since: a priority is raised, never lowered (R-PRIO-02).
    priority = min(referral.priority, assess_case(engine.rules, found.case).priority)
    return {
        **entry,
        "id": str(referral.id),
        "priority": priority,
        "frozen_to": frozen,
    }
