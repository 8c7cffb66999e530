"""Asking for a destination: the ranking is made outside, everything else in one transaction."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.case_files.service import link_referral
from app.events.scene import Scene
from app.keys.keyring import KeyRing
from app.notices.states import Template
from app.patients.service import enter_emergency, for_referral, keep_from_now, require_sight
from app.patients.states import PatientKind, PatientSight
from app.referrals import store
from app.referrals.answers import tell_withdrawn
from app.referrals.asking import ask_centre, ask_centres, colour_of, nobody_left, tell, tell_changed
from app.referrals.drills import drill
from app.referrals.endings import take_back
from app.referrals.errors import OpenReferralError, RequestRefusedError, not_allowed
from app.referrals.matching import keep, match
from app.referrals.noting import noted
from app.referrals.of_patient import seen_by_referral
from app.referrals.paper import forms as paper
from app.referrals.parties import join_area, join_org
from app.referrals.service import Watch, advance, draft_referral
from app.referrals.sight import locked_for
from app.referrals.speaking import speak
from app.referrals.states import ASKS, EMERGENCIES, LOOKING, WAITING, Capacity, ReferralStatus
from app.referrals.steps import Owner, Stage, of_stage
from app.referrals.tables import Referral
from app.referrals.watching import (
    begin_stage,
    is_due,
    office_of,
    search_began,
    set_step,
    watch_hold,
    watch_now,
)
from app.work import Work
from app.writing import together

__all__ = ["Ranked", "Wanted", "match_again", "request_referral"]

PARALLEL = "parallel_offers"
HOLDS_BACK = ("stabilise_first", "deliver_in_place", "stay_expert_team")
"""Decisions by which she stays where she is for the time being."""
AHEAD = timedelta(minutes=5)
"""So far a clock of a hospital may be ahead."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranking with what it was made from: documents of ``recommend``.

    ``text`` is the answer as it is kept, where it is written already.
    """

    asked: Mapping[str, object]
    answer: Mapping[str, object]
    text: str | None = None

    @property
    def assessment(self) -> Mapping[str, object]:
        """Return what she needs."""
        found = self.answer["assessment"]
        if not isinstance(found, Mapping):
            raise TypeError("an answer of recommend holds an assessment")
        return found

    @property
    def priority(self) -> int:
        """Return how urgent it is by the rules."""
        return int(str(self.assessment["priority"]))

    @property
    def holds_back(self) -> bool:
        """Whether she is not to leave yet; the request goes on all the same (R-HOLD-10)."""
        return self.assessment["decision"] in HOLDS_BACK

    @property
    def at_once(self) -> int:
        """Return how many centres are asked in parallel (R-ROUTE-07)."""
        return int(str(self.answer[PARALLEL]))

    @property
    def has_somebody(self) -> bool:
        """Whether any centre is in it."""
        return bool(self.answer["ranking"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request beside what the ranking is made from.

    Parameters
    ----------
    patient_id
        None for somebody who is entered now, without identity.
    facility_id, county
        Where she is; None and a county where that is no facility of the registry.
    said_by
        Who of the sender spoke it by telephone, where another enters it (R-PROXY-01).
    raised_to, raised_because
        A priority that the sender raises with a reason (R-PRIO-02).
    takes_over, taken_over_because
        The number of an open referral of the same patient that was raised by mistake elsewhere.
    chosen, chosen_because
        A centre of the ranking or not that is asked before all others, and why.
    form_number, happened_at
        Of the printed form that this is entered from, and when it was filled in.
    """

    kind: str
    county: str
    facility_id: str | None = None
    patient_id: uuid.UUID | None = None
    home_county: str | None = None
    decided_at: datetime | None = None
    said_by: str | None = None
    raised_to: int | None = None
    raised_because: str | None = None
    takes_over: str | None = None
    taken_over_because: str | None = None
    chosen: str | None = None
    chosen_because: str | None = None
    form_number: str | None = None
    happened_at: datetime | None = None
    drill: bool = False


def request_referral(work: Work, keys: KeyRing, wanted: Wanted, ranked: Ranked) -> Referral:
    """Ask for a destination: the referral, its ranking, the first offers, who may see it.

    Where no centre can take her it stays requested, and those who coordinate are asked at once.

    Raises
    ------
    RequestRefusedError
        It cannot be asked so; every reason is listed and nothing was kept.
    OpenReferralError
        She is referred already, by whom is said.
    """
    scene = Scene.of(work, said_by=wanted.said_by)
    origin = _origin(work, wanted)
    faults = _faults(work, wanted, ranked, origin)
    if faults or origin is None:
        raise RequestRefusedError(faults)
    patient_id = _patient(work, keys, wanted)
    known = wanted.patient_id is not None
    if known:  # of nobody else can there be a referral or a file
        _make_way(work, wanted, patient_id)
        keep_from_now(work, patient_id)
    with together(work.session):
        referral = _begun(scene, wanted, ranked, origin, patient_id)
        if wanted.form_number is not None:
            paper.use_form(work, wanted.form_number, referral)
        _parties(scene, referral, wanted, origin)
        noted(work, referral.id, "request")
        if known and not referral.drill:
            link_referral(work, patient_id, referral.id)
        if wanted.said_by is not None and origin != work.actor.org_id:
            speak(scene, work, referral, what="request", said_by=wanted.said_by, of_org=origin)
        if wanted.chosen is not None:
            noted(work, referral.id, "choose", why=wanted.chosen_because)
        _ask(scene, referral, ranked, wanted=wanted)
    return referral


def match_again(
    work: Work, referral_id: uuid.UUID, ranked: Ranked, *, read: int, diverting: bool = False
) -> Referral:
    """Rank again on what is known now, and ask the first of the new ranking.

    Raises
    ------
    TransitionError
        She is accepted, and nobody said that she is diverted.
    StaleVersionError
        Somebody moved it meanwhile: the ranking may be for what is no more.
    """
    referral = locked_for(work, referral_id, *ASKS, read=read)
    scene = Scene.of(work)
    if referral.status not in (*LOOKING, ReferralStatus.STAYED) and not (
        referral.status == ReferralStatus.ACCEPTED and diverting
    ):
        raise not_allowed(referral.machine, referral.status, ReferralStatus.MATCHED)
    if referral.status == ReferralStatus.STAYED:
        watch = begin_stage(work.session, referral, Stage.REQUESTED, at=work.now)
        advance(
            work.session,
            referral.id,
            ReferralStatus.REQUESTED,
            by=scene.hand,
            at=work.now,
            watch=watch,
        )
    referral.priority = min(referral.priority, ranked.priority)
    noted(work, referral.id, "match")
    _ask(scene, referral, ranked, diverting=diverting)
    if is_due(work.session, referral, "rank_again"):
        # Whether that ranking knew of the road is looked up, and not taken for granted.
        set_step(work.session, referral, "rank_again", at=work.now)
    return referral


def _origin(work: Work, wanted: Wanted) -> uuid.UUID | None:
    if wanted.facility_id is None or wanted.facility_id == work.actor.facility_id:
        return work.actor.org_id
    return store.organisation_at(work.session, wanted.facility_id)


def _patient(work: Work, keys: KeyRing, wanted: Wanted) -> uuid.UUID:
    """Return the patient; one who is entered now needs no identity, that comes later."""
    if wanted.patient_id is not None:
        require_sight(work, seen_by_referral, wanted.patient_id, PatientSight.MINIMUM)
        return for_referral(work, wanted.patient_id)
    return enter_emergency(work, keys, PatientKind(wanted.kind)).patient_id


def _faults(
    work: Work, wanted: Wanted, ranked: Ranked, origin: uuid.UUID | None
) -> tuple[str, ...]:
    found = []
    if origin is None:
        found.append("unknown_origin")
    if wanted.chosen is not None and store.organisation_at(work.session, wanted.chosen) is None:
        found.append("unknown_centre")
    if origin != work.actor.org_id and not (wanted.said_by or "").strip():
        found.append("said_by_missing")
    if wanted.raised_to is not None and wanted.raised_to > ranked.priority:
        found.append("priority_lowered")
    if wanted.raised_to is not None and not (wanted.raised_because or "").strip():
        found.append("raise_without_reason")
    if wanted.happened_at is not None and wanted.happened_at > work.now:
        found.append("in_the_future")
    if wanted.decided_at is not None and wanted.decided_at > work.now + AHEAD:
        found.append("in_the_future")
    if wanted.form_number is not None:
        found += paper.faults_of_form(
            work, wanted.form_number, origin=origin, happened_at=wanted.happened_at
        )
    if wanted.drill and wanted.patient_id and drill.was_real(work, wanted.patient_id):
        found.append("drill_with_a_real_patient")
    return tuple(dict.fromkeys(found))


def _make_way(work: Work, wanted: Wanted, patient_id: uuid.UUID) -> None:
    """Take back what was raised elsewhere by mistake, or say what stands in the way.

    An exercise never stands in the way of a real request.
    """
    there = store.open_of_patient(work.session, patient_id)
    if there is None:
        return
    if there.drill and not wanted.drill:
        drill.give_way(work, there)
        return
    if wanted.takes_over != there.number or there.under_way:
        raise OpenReferralError(
            there.number, store.facility_of(work.session, there.origin_org), there.status
        )
    take_back(Scene.of(work), there, reason="duplicate")
    noted(work, there.id, "taken_over", why=wanted.taken_over_because)


def _begun(
    scene: Scene, wanted: Wanted, ranked: Ranked, origin: uuid.UUID, patient_id: uuid.UUID
) -> Referral:
    """Write the referral with its first two events and its deadlines."""
    priority = min(ranked.priority, wanted.raised_to or ranked.priority)
    first = of_stage(Stage.REQUESTED, priority)[0]
    referral = draft_referral(
        scene.session,
        patient_id=patient_id,
        origin_org=origin,
        province=wanted.county[:2],
        priority=priority,
        watch=Watch(origin, first.due(scene.now), first.step),
        at=scene.now,
        by=scene.hand,
        county=wanted.county,
        decided_at=wanted.decided_at or scene.now,
        raised_because=wanted.raised_because,
        drill=wanted.drill,
        form_number=None if wanted.form_number is None else paper.normal(wanted.form_number),
        happened_at=wanted.happened_at,
    )
    watch = begin_stage(scene.session, referral, Stage.REQUESTED, at=scene.now)
    advance(
        scene.session,
        referral.id,
        ReferralStatus.REQUESTED,
        by=scene.hand,
        at=scene.now,
        watch=watch,
    )
    return referral


def _parties(scene: Scene, referral: Referral, wanted: Wanted, origin: uuid.UUID) -> None:
    join_org(scene, referral, Capacity.SENDER, origin)
    if scene.hand.org != origin:
        join_org(scene, referral, Capacity.ENTERED_FOR_SENDER, scene.hand.org)
    join_area(scene, referral, Capacity.RESPONSIBLE_COUNTY, referral.county)
    if wanted.home_county is not None and wanted.home_county != referral.county:
        join_area(scene, referral, Capacity.HOME_COUNTY, wanted.home_county)


def _ask(
    scene: Scene,
    referral: Referral,
    ranked: Ranked,
    *,
    diverting: bool = False,
    wanted: Wanted | None = None,
) -> None:
    """Keep the ranking and ask its first centres; where there is none, those who coordinate.

    The steps of one that is ``wanted`` just now were set a moment ago. A centre that was chosen is
    asked before the first of the ranking, and in its stead.
    """
    session, fresh = scene.session, wanted is not None
    asked = set() if fresh else _asked(scene, referral)
    if not ranked.has_somebody:
        # One who is accepted stays so: there is nobody who could take her instead.
        if referral.status in LOOKING and not fresh:
            _begin_again(scene, referral, diverting=diverting)
        keep(
            session,
            referral,
            asked=ranked.asked,
            answer=ranked.answer,
            text=ranked.text,
            at=scene.now,
        )
        nobody_left(scene, referral)
        _ask_chosen(scene, referral, wanted)
    else:
        if fresh:
            watch = watch_now(session, referral)
        else:
            watch = _begin_again(scene, referral, diverting=diverting)
        match(
            session,
            referral.id,
            asked=ranked.asked,
            answer=ranked.answer,
            text=ranked.text,
            by=scene.hand,
            at=scene.now,
            watch=watch,
            diverting=diverting,
            at_once=0 if fresh or diverting else ranked.at_once,
        )
        most = ranked.at_once - _ask_chosen(scene, referral, wanted)
        ask_centres(scene, referral, most=most, again=not fresh and not diverting)
        if not _asked(scene, referral):
            nobody_left(scene, referral)  # all of the ranking have said no to her
        for facility_id in asked - _asked(scene, referral):
            tell_withdrawn(scene, referral, facility_id)
    watch_hold(session, referral, at=scene.now, holds=ranked.holds_back)
    if referral.priority <= EMERGENCIES:
        tell(
            scene,
            referral,
            office_of(session, referral, Owner.COUNTY),
            Template.DUTY_INFORMED,
            colour=colour_of(scene, referral),
            ring=store.facility_of(session, referral.origin_org),
        )
    tell_changed(scene, referral)


def _ask_chosen(scene: Scene, referral: Referral, wanted: Wanted | None) -> int:
    """Ask the centre that was chosen, and return how many were."""
    if wanted is None or wanted.chosen is None:
        return 0
    ask_centre(scene, referral, wanted.chosen, because=wanted.chosen_because)
    return 1


def _asked(scene: Scene, referral: Referral) -> set[str]:
    """Return the centres that have been asked and have not answered."""
    offers = store.offers_of(scene.session, referral.id)
    return {one.facility_id for one in offers if one.status in WAITING}


def _begin_again(scene: Scene, referral: Referral, *, diverting: bool) -> Watch:
    """Begin the steps of a request anew; who is not diverted has waited since it was made."""
    since = scene.now if diverting else search_began(scene.session, referral)
    return begin_stage(scene.session, referral, Stage.REQUESTED, at=scene.now, since=since)
