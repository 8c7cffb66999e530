"""What happens by itself when a step is due (R-TIME-06): rung by rung, until somebody has acted.

Each looks first whether it still matters. Nothing is done that a person has done meanwhile, and a
step that is not settled is due again.
"""

from collections.abc import Callable, Mapping

from app.centres.service import let_go
from app.deadlines.service import without_deadline
from app.events.scene import Scene
from app.notices.states import Template
from app.referrals import offering, store
from app.referrals.asking import (
    ask_centres,
    colour_of,
    nobody_left,
    tell,
    tell_changed,
)
from app.referrals.parties import join_org
from app.referrals.returns import returning
from app.referrals.reviews import reviewing
from app.referrals.states import LOOKING, OPEN, WAITING, Capacity, ReferralStatus
from app.referrals.steps import Owner, Step, all_steps, step_named
from app.referrals.tables import Referral
from app.referrals.watching import again, drop_steps, keep_watch, office_of, set_step
from app.worker.handling import Handler, Task

__all__ = ["handlers", "keep_watched"]

S = ReferralStatus
UPWARD = {
    "coordinator": Owner.COUNTY,
    "coordinator_decides": Owner.PREFECTURE,
    "prefecture": Owner.PREFECTURE,
    "province": Owner.PROVINCE,
}


def handlers() -> Mapping[str, Handler]:
    """Return what is done for every step that there is."""
    return {
        name: Handler(act=_act(name), lock=store.locked)
        for name in dict.fromkeys(step.step for step in all_steps())
    } | {**reviewing.handlers(), **returning.handlers()}


def _act(name: str) -> Callable[[Task], None]:
    act = ACTS.get(name, _overdue)

    def done(task: Task) -> None:
        referral = store.locked(task.session, task.subject_id)
        if referral is None or referral.status not in OPEN:
            return
        step = step_named(name, referral.priority)
        scene = Scene.of_system(task.session, task.now, referral.owner_org or referral.origin_org)
        # First: an open referral has something before it while the act asks what that is.
        again(task.session, referral, step, at=task.now)
        if not act(scene, referral, step):
            drop_steps(task.session, referral, name, at=task.now)
        keep_watch(task.session, referral)
        tell_changed(scene, referral)

    return done


def _waits(referral: Referral) -> bool:
    return referral.status in LOOKING


def _remind(scene: Scene, referral: Referral, _step: Step) -> bool:
    """Remind every centre that has been asked and has not answered."""
    if _waits(referral):
        for facility_id in _waiting(scene, referral):
            _tell_waiting(scene, referral, facility_id, Template.REMINDER)
    return False


def _second_centre(scene: Scene, referral: Referral, _step: Step) -> bool:
    """Ask one more centre in parallel, and let the sender ring it."""
    if _waits(referral):
        if referral.status != S.REQUESTED:
            ask_centres(scene, referral, most=1)
        for facility_id in _waiting(scene, referral):
            _tell_waiting(scene, referral, facility_id, Template.CALL_NOW)
        if not _waiting(scene, referral):
            nobody_left(scene, referral)
    return False


def _depart(scene: Scene, referral: Referral, _step: Step) -> bool:
    """Tell the sender to leave: departure never waits for an answer (R-TIME-06b)."""
    if _waits(referral) and not referral.under_way:
        first = next(iter(store.offers_of(scene.session, referral.id)), None)
        facility_id = None if first is None else first.facility_id
        tell(
            scene,
            referral,
            referral.origin_org,
            Template.DEPART_NOW,
            colour=colour_of(scene, referral),
            facility=facility_id,
            ring=facility_id,
        )
    return False


def _upward(scene: Scene, referral: Referral, step: Step) -> bool:
    """Let the next office above look after it; again until somebody has said yes."""
    if not _waits(referral):
        return False
    office = office_of(scene.session, referral, UPWARD[step.step])
    join_org(scene, referral, Capacity.COORDINATES, office)
    tell(
        scene,
        referral,
        office,
        Template.ESCALATED,
        colour=colour_of(scene, referral),
        waited_min=_waited(scene, referral),
        asked=len(store.offers_of(scene.session, referral.id)),
        ring=store.facility_of(scene.session, referral.origin_org),
    )
    return True


def _next_candidate(scene: Scene, referral: Referral, _step: Step) -> bool:
    """Let silent offers lapse and ask the next centre (priority 3)."""
    if not _waits(referral):
        return False
    if referral.status == S.OFFERED:
        offering.lapse(scene.session, referral.id, by=scene.hand, at=scene.now)
        if not ask_centres(scene, referral, most=1):
            nobody_left(scene, referral)
    return True


def _overdue(scene: Scene, referral: Referral, step: Step) -> bool:
    """Remind who owns the step, and the duty officer, that it is overdue."""
    if not _matters(referral, step):
        return False
    template = Template.OUTCOME_DUE if step.step == "outcome" else Template.OVERDUE
    owner = office_of(scene.session, referral, step.owner)
    duty = office_of(scene.session, referral, Owner.COUNTY)
    waited = _waited(scene, referral)
    for org in dict.fromkeys((owner,) if template is Template.OUTCOME_DUE else (owner, duty)):
        if template is Template.OUTCOME_DUE:
            tell(scene, referral, org, template, waited_min=waited)
        else:
            tell(
                scene,
                referral,
                org,
                template,
                colour=colour_of(scene, referral),
                waited_min=waited,
                ring=store.facility_of(scene.session, referral.origin_org),
            )
    return True


def _vital_signs(scene: Scene, referral: Referral, step: Step) -> bool:
    """Remind who goes with her that nothing was written down of her for a while; no one else."""
    if not referral.under_way:
        return False
    escort = office_of(scene.session, referral, step.owner)
    tell(scene, referral, escort, Template.VITAL_SIGNS_DUE)
    return True


def _hold_ends(scene: Scene, referral: Referral, step: Step) -> bool:
    """Free a place that was held long enough for somebody who has not left (R-STATE-13).

    The acceptance stands: where she has left and nobody wrote it down, she is taken in at the door.
    """
    if referral.status != S.ACCEPTED or referral.under_way:
        return False
    let_go(scene.session, referral.id, at=scene.now)
    return _overdue(scene, referral, step)


def keep_watched(task: Task) -> None:
    """Find open referrals that nothing is due for, and let those who coordinate look: the net."""
    names = {step.step for step in all_steps()}
    keys = store.open_keys(task.session)
    for key in without_deadline(task.session, keys, names):
        referral = store.locked(task.session, key)
        if referral is not None and referral.status in OPEN:
            set_step(task.session, referral, "coordinator_decides", at=task.now)
            keep_watch(task.session, referral)


STATUS_OF = {
    "departure": (S.ACCEPTED,),
    "outcome": (S.HANDED_OVER,),
    "close": (S.OUTCOME_REPORTED,),
    "review_stay": (S.STAYED,),
    "review_hold": (*LOOKING, S.ACCEPTED),
}


def _matters(referral: Referral, step: Step) -> bool:
    if step.step in ("departure", "review_hold") and referral.under_way:
        return False
    return referral.status in STATUS_OF.get(step.step, OPEN)


def _waiting(scene: Scene, referral: Referral) -> list[str]:
    return [
        offer.facility_id
        for offer in store.offers_of(scene.session, referral.id)
        if offer.status in WAITING
    ]


def _tell_waiting(scene: Scene, referral: Referral, facility_id: str, template: Template) -> None:
    """Tell a centre that is asked; what is to be rung by the sender is told to the sender."""
    to_sender = template is Template.CALL_NOW
    org = referral.origin_org if to_sender else store.organisation_at(scene.session, facility_id)
    if org is None:
        raise AssertionError("a facility without its organisation; `init` makes one for each")
    ring = facility_id if to_sender else store.facility_of(scene.session, referral.origin_org)
    tell(
        scene,
        referral,
        org,
        template,
        colour=colour_of(scene, referral),
        waited_min=_waited(scene, referral),
        ring=ring,
    )


def _waited(scene: Scene, referral: Referral) -> int:
    """Return for how many minutes it has been asked for."""
    first = store.events_of(scene.session, referral.machine, referral.id)[0]
    return max(0, int((scene.now - first.at).total_seconds() // 60))


ACTS: Mapping[str, Callable[[Scene, Referral, Step], bool]] = {
    "remind": _remind,
    "second_centre": _second_centre,
    "depart_without_answer": _depart,
    "coordinator": _upward,
    "coordinator_decides": _upward,
    "prefecture": _upward,
    "province": _upward,
    "next_candidate": _next_candidate,
    "hold_ends": _hold_ends,
    "vital_signs": _vital_signs,
}
