"""The coordinator's joint plan: made outside of any transaction, applied in one step or not at all.

A plan promises no place: it says whom to ask. It is kept with what every referral stood at; one
that has moved since makes the whole plan one for another night, and nothing of it is applied.
"""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.states import AREA_OF, Actor, within
from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.errors import NotFoundError
from app.events.scene import Scene
from app.keys.words import document, put
from app.referrals import offering, store
from app.referrals.answers import tell_withdrawn
from app.referrals.asking import ask_centre, tell_changed
from app.referrals.errors import (
    PlanDecidedError,
    PlanMovedError,
    PlanOvertakenError,
    RequestRefusedError,
)
from app.referrals.noting import noted
from app.referrals.parties import join_org
from app.referrals.plans import store as plan_store
from app.referrals.plans.request import Edit, Gathered, PlanWish, mark_of
from app.referrals.plans.tables import JointPlan
from app.referrals.states import EMERGENCIES, WAITING, Capacity, PlanStatus
from app.referrals.tables import Referral
from app.referrals.watching import keep_watch
from app.work import Work

__all__ = ["Made", "apply", "area_within", "changed", "keep", "of_area", "plan_of", "reject"]

PLANNED = "planned_elsewhere"


@dataclass(frozen=True, slots=True)
class Made:
    """A plan as it is kept: what was wished, from what, and what came of it."""

    wish: PlanWish
    gathered: Gathered
    asked: Mapping[str, object]
    answer: Mapping[str, object]


def area_within(actor: Actor, division: str | None) -> str:
    """Return the division that a plan is made for: that of the actor, or one within it.

    Raises
    ------
    NotFoundError
        It lies elsewhere.
    """
    area = within(AREA_OF[actor.role], actor.division)
    wanted = division or actor.division
    if not wanted.startswith(area):
        raise NotFoundError("division", wanted)
    return wanted


def keep(work: Work, made: Made) -> JointPlan:
    """Keep a plan; nobody is asked by it yet."""
    gathered, edit = made.gathered, made.wish.edit
    asked = {
        "drill": made.wish.drill,
        "with_vehicles": made.wish.with_vehicles,
        "edit": edit and edit.document(),
        "choices": {str(key): found for key, found in gathered.choices.items()},
        "kept": {str(one.referral_id): one.facility_id for one in gathered.kept},
        "left_out": {str(key): code for key, code in gathered.left_out.items()},
        "applied": [str(key) for key in gathered.applied],
        **made.asked,
    }
    row = JointPlan(
        province=work.actor.province,
        division=made.wish.division,
        versions=json.dumps({str(key): mark.document() for key, mark in gathered.marks.items()}),
        made_at=gathered.now,
        made_by=work.actor.user_id,
    )
    put(
        work.session,
        row,
        asked=json.dumps(asked, ensure_ascii=False),
        answer=json.dumps(made.answer, ensure_ascii=False),
    )
    store.add(work.session, row)
    if edit is None:
        _recorded(work, row, "plan_made")
    else:
        _recorded(work, row, "plan_edited", why=edit.because)
    return row


def changed(work: Work, edit: Edit) -> PlanWish:
    """Return what a plan was made for, with what somebody changes in it; it stays as it is.

    Raises
    ------
    NotFoundError
        There is none, or it is of another area.
    PlanDecidedError
        It was applied or rejected before.
    RequestRefusedError
        Somebody of whom the plan does not speak, or a centre that is none of her ranking.
    """
    row = plan_of(work, edit.of)
    if row.status != PlanStatus.PROPOSED:
        raise PlanDecidedError(row.status)
    asked = document(work.session, row, "asked")
    choices = asked.get("choices", {})
    faults = []
    if any(str(key) not in choices for key in (*edit.left_out, *edit.sent)):
        faults.append("not_planned_here")
    if any(where not in choices.get(str(key), ()) for key, where in edit.sent.items()):
        faults.append("not_in_her_ranking")
    if not edit.left_out.isdisjoint(edit.sent):
        faults.append("left_out_and_sent")
    if faults:
        raise RequestRefusedError(faults)
    return PlanWish(
        division=row.division,
        drill=asked["drill"],
        with_vehicles=asked["with_vehicles"],
        closed_roads=[(one, other) for one, other in asked["closed_roads"]],
        reserve=asked["reserve"],
        edit=edit,
    )


def plan_of(work: Work, plan_id: uuid.UUID) -> JointPlan:
    """Return a plan of the actor's area.

    Raises
    ------
    NotFoundError
        There is none, or it is of another area.
    """
    found = plan_store.plan_within(work.session, plan_id, _area(work))
    if found is None:
        raise NotFoundError("plan", str(plan_id))
    return found


def of_area(work: Work, *, before: uuid.UUID | None, most: int) -> Sequence[JointPlan]:
    """Return plans of the actor's area that were made before one, the last one first."""
    return plan_store.plans_within(work.session, _area(work), before=before, most=most)


def apply(work: Work, plan_id: uuid.UUID) -> JointPlan:
    """Ask the planned centre for everybody who waits, all in this transaction.

    Where the plan says another centre than those that are asked, these are asked no more. Who is
    left waiting by the plan, or goes where it is frozen, is not touched.

    Raises
    ------
    PlanDecidedError
        It was applied or rejected before.
    PlanOvertakenError
        Another plan for one of them was applied since; nothing was applied.
    PlanMovedError
        A referral has moved since; nothing was applied.
    """
    row = _to_decide(work, plan_id)
    referrals = _as_they_stood(work, row)
    scene = Scene.of(work)
    for key, facility_id in _planned(work.session, row).items():
        _send(scene, referrals[key], facility_id)
        noted(work, key, "planned", what="plan", object_id=row.id)
    _decided(work, row, PlanStatus.APPLIED)
    _recorded(work, row, "plan_applied")
    return row


def reject(work: Work, plan_id: uuid.UUID, reason: str) -> JointPlan:
    """Say that a plan is not followed, and why.

    Raises
    ------
    PlanDecidedError
        It was applied or rejected before.
    """
    row = _to_decide(work, plan_id)
    put(work.session, row, reason=reason)
    _decided(work, row, PlanStatus.REJECTED)
    _recorded(work, row, "plan_rejected")
    return row


def _to_decide(work: Work, plan_id: uuid.UUID) -> JointPlan:
    row = plan_store.plan_locked(work.session, plan_id, _area(work))
    if row is None:
        raise NotFoundError("plan", str(plan_id))
    if row.status != PlanStatus.PROPOSED:
        raise PlanDecidedError(row.status)
    return row


def _decided(work: Work, row: JointPlan, status: PlanStatus) -> None:
    row.status = status
    row.decided_at, row.decided_by = work.now, work.actor.user_id
    store.add(work.session, row)


def _as_they_stood(work: Work, row: JointPlan) -> dict[uuid.UUID, Referral]:
    """Return all referrals of a plan, locked in the order of their keys and unmoved."""
    session = work.session
    before = {uuid.UUID(key): said for key, said in json.loads(row.versions).items()}
    found: dict[uuid.UUID, Referral] = {}
    for key in sorted(before):
        referral = store.locked(session, key)
        if referral is None:
            raise AssertionError("a referral is never deleted")
        found[key] = referral
    # Behind the locks: whoever applied another plan for one of them has ended by now.
    _require_not_overtaken(session, row, before)
    rankings = plan_store.last_recommendations(session, before)
    declined = plan_store.declined(session, before)
    moved = []
    for key, said in before.items():
        now = mark_of(found[key], rankings.get(key), declined.get(key, ())).document()
        if now != said:
            moved.append({"number": said["number"], "read": said, "now": now})
    if moved:
        raise PlanMovedError(moved)
    return found


def _require_not_overtaken(session: Session, row: JointPlan, of: Collection[uuid.UUID]) -> None:
    """Refuse a plan that does not know of another one for the same people.

    That other centres are asked is no move of a referral, so her version does not tell.
    """
    known = {uuid.UUID(key) for key in document(session, row, "asked")["applied"]}
    lately = plan_store.applied_lately(session, before=row.made_at)
    for key, referrals in lately.items():
        if key not in known and not referrals.isdisjoint(of):
            raise PlanOvertakenError(key)


def _planned(session: Session, row: JointPlan) -> dict[uuid.UUID, str]:
    """Return where each goes who waits, by the plan; the most urgent first."""
    rows = document(session, row, "answer")["assignments"]
    frozen = {one["id"] for one in document(session, row, "asked")["requests"] if one["frozen_to"]}
    placed = [
        one for one in rows if one["facility_id"] is not None and one["request_id"] not in frozen
    ]
    placed.sort(key=lambda one: (one["priority"], one["request_id"]))
    return {uuid.UUID(one["request_id"]): str(one["facility_id"]) for one in placed}


def _send(scene: Scene, referral: Referral, facility_id: str) -> None:
    """Ask the planned centre; where it is not asked already, the others are asked no more."""
    waiting = [
        offer for offer in store.offers_of(scene.session, referral.id) if offer.status in WAITING
    ]
    # A duty officer sees who she is in emergencies only (R-ROLE-03).
    if referral.priority <= EMERGENCIES:
        join_org(scene, referral, Capacity.COORDINATES, scene.hand.org)
    if all(offer.facility_id != facility_id for offer in waiting):
        ask_centre(scene, referral, facility_id)
        for offer in waiting:
            offering.withdraw_one(scene.session, offer, by=scene.hand, at=scene.now, reason=PLANNED)
            tell_withdrawn(scene, referral, offer.facility_id)
    keep_watch(scene.session, referral)
    tell_changed(scene, referral)


def _area(work: Work) -> str:
    return within(AREA_OF[work.actor.role], work.actor.division)


def _recorded(work: Work, row: JointPlan, act: str, *, why: str | None = None) -> None:
    record(
        work,
        chain=chain_of(Chain.INSTALLATION),
        act=act,
        object_kind="plan",
        object_id=row.id,
        scope="area",
        why=why,
    )
