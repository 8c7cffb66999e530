"""The journey from vehicle to hand-over. Departure never waits for an answer (R-TIME-06b)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from app.accounts.states import OrganisationKind
from app.centres.service import hold_for_good
from app.errors import NotFoundError
from app.events.scene import Scene
from app.events.service import begin, follow
from app.keys.words import put
from app.notices.states import Template
from app.referrals import store as referrals
from app.referrals.asking import ask_centre, tell, tell_changed
from app.referrals.endings import end
from app.referrals.errors import StaleVersionError
from app.referrals.noting import noted
from app.referrals.parties import join_org, leave
from app.referrals.service import advance
from app.referrals.sight import locked_for
from app.referrals.speaking import acknowledge
from app.referrals.states import EMERGENCIES, Capacity, ReferralStatus
from app.referrals.steps import Stage
from app.referrals.tables import Referral
from app.referrals.watching import begin_stage, drop_steps, keep_watch, move_step, set_step
from app.transfers import store
from app.transfers.calling import call_120, let_120_go, tell_120_where
from app.transfers.errors import JourneyRefusedError
from app.transfers.expecting import expect, tell_destination, where_to
from app.transfers.known import lacking
from app.transfers.receiving import (
    accept_at_the_door,
    only_where_she_goes,
    scene_at_the_door,
    told_for,
)
from app.transfers.riding import destination_org, escorts, send_home, take_along
from app.transfers.states import (
    MOVING,
    NEXT,
    DivertReason,
    Drives,
    Identifier,
    TransferStatus,
)
from app.transfers.tables import Transfer
from app.vehicles.service import give_back_all
from app.work import Work

__all__ = ["Ride", "arrive", "call_off", "depart", "die", "dispatch", "divert", "hand_over"]

S = ReferralStatus
MAY_LEAVE = (S.REQUESTED, S.MATCHED, S.OFFERED, S.ACCEPTED)
UNTIL_SHE_LEAVES = ("departure", "hold_ends", "depart_without_answer", "review_hold")
BRINGS = (
    Capacity.SENDER,
    Capacity.ENTERED_FOR_SENDER,
    Capacity.ACCEPTED,
    Capacity.TRANSPORT,
    Capacity.COORDINATES,
)
RECEIVES = (*BRINGS, Capacity.OFFERED)
IDENTIFIERS = 2
"""So many identifiers are read aloud and matched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """Who drives, with what and whom, and where to.

    No destination is the one that has accepted, else the first that was asked. ``minutes`` is for
    a destination that no ranking has. ``vehicle_ids`` are taken by her until she is there.
    """

    drives: Drives
    vehicle: str | None = None
    escort: str | None = None
    facility_id: str | None = None
    outside: str | None = None
    minutes: int | None = None
    vehicle_ids: tuple[uuid.UUID, ...] = ()


def dispatch(work: Work, referral_id: uuid.UUID, ride: Ride) -> Transfer:
    """Get a vehicle and an escort ready; the other side knows from here on.

    Raises
    ------
    JourneyRefusedError
        She cannot be brought from where the referral stands, or nobody knows where to.
    VehicleGoneError
        Somebody else has one of the vehicles: take another, or go without naming one.
    """
    referral = locked_for(work, referral_id, *BRINGS)
    facility_id, outside = where_to(work, referral, ride.facility_id, ride.outside)
    faults = []
    if referral.status not in MAY_LEAVE:
        faults.append("not_to_be_moved")
    if facility_id is None and outside is None:
        faults.append("no_destination")
    if store.under_hand(work.session, referral.id) is not None:
        faults.append("transfer_under_way")
    if faults:
        raise JourneyRefusedError(faults)
    scene = Scene.of(work)
    transfer = Transfer(
        province=referral.province,
        referral_id=referral.id,
        status=TransferStatus.DISPATCHED,
        last_seq=1,
        drives=ride.drives,
        destination_id=facility_id,
    )
    outside = None if facility_id else outside
    put(
        work.session,
        transfer,
        vehicle=ride.vehicle,
        escort=ride.escort,
        destination_outside=outside,
    )
    expect(scene, referral, transfer, ride.minutes)
    begin(work.session, transfer, by=scene.hand, at=work.now)
    store.add(work.session, transfer)
    # An exercise keeps no ambulance from who needs one (R-DRILL-01).
    take_along(work, transfer, () if referral.drill else ride.vehicle_ids)
    _let_know(scene, referral, facility_id)
    for org in escorts(work, referral, ride.drives):
        join_org(scene, referral, Capacity.TRANSPORT, org)
    call_120(scene, work, referral, transfer)
    noted(work, referral.id, "dispatch", what="transfer", object_id=transfer.id)
    tell_changed(scene, referral)
    return transfer


def depart(
    work: Work, transfer_id: uuid.UUID, *, minutes: int | None = None, read: int | None = None
) -> Transfer:
    """She leaves. What is held for her stays held; what is missing of her papers follows her.

    An emergency never waits for an answer; whoever is none does not leave without one (R-HOLD-07).
    """
    transfer, referral = _both(work, transfer_id, *BRINGS, read=read)
    if referral.status not in MAY_LEAVE:
        # She stayed, or it was taken back: the vehicle is called off, or she is asked for again.
        raise JourneyRefusedError(["not_to_be_moved"])
    if referral.priority > EMERGENCIES and referral.status != S.ACCEPTED:
        raise JourneyRefusedError(["not_accepted"])
    scene = Scene.of(work)
    _follow(scene, transfer, TransferStatus.DEPARTED)
    expect(scene, referral, transfer, minutes)
    referral.under_way = True
    hold_for_good(work.session, referral.id)
    drop_steps(work.session, referral, *UNTIL_SHE_LEAVES, at=work.now)
    set_step(work.session, referral, "arrival", at=work.now, since=transfer.eta_high_at)
    set_step(work.session, referral, "vital_signs", at=work.now)
    if lacking(work, referral.id):
        set_step(work.session, referral, "complete_handover", at=work.now)
    keep_watch(work.session, referral)
    tell_destination(scene, referral, transfer, Template.DEPARTED)
    noted(work, referral.id, "depart", what="transfer", object_id=transfer.id)
    tell_changed(scene, referral)
    return transfer


def call_off(work: Work, transfer_id: uuid.UUID, *, read: int | None = None) -> Transfer:
    """Send the vehicle home: she has not left and does not go after all."""
    transfer, referral = _both(work, transfer_id, *BRINGS, read=read)
    scene = Scene.of(work)
    _follow(scene, transfer, TransferStatus.CALLED_OFF)
    if work.actor.org_kind != OrganisationKind.EMS120:
        leave(scene, referral, Capacity.TRANSPORT, work.actor.org_id)
    if (fetches := destination_org(work, referral)) is not None:
        leave(scene, referral, Capacity.TRANSPORT, fetches)
    give_back_all(work.session, referral.id, at=work.now)
    noted(work, referral.id, "call_off", what="transfer", object_id=transfer.id)
    tell_changed(scene, referral)
    let_120_go(scene, referral, called_off=True)
    return transfer


def divert(
    work: Work, transfer_id: uuid.UUID, ride: Ride, *, reason: DivertReason, read: int | None = None
) -> Transfer:
    """Turn to another destination on the way; the first is let go, the new one is asked."""
    transfer, referral = _both(work, transfer_id, *BRINGS, read=read)
    if not (ride.facility_id or ride.outside):
        raise JourneyRefusedError(["no_destination"])
    # Letting go of where she is going, by a slip, would give her bed away.
    if ride.facility_id is not None and ride.facility_id == transfer.destination_id:
        raise JourneyRefusedError(["same_destination"])
    scene = Scene.of(work)
    before = transfer.destination_id
    _follow(scene, transfer, TransferStatus.DIVERTED, reason=reason)
    transfer.destination_id = ride.facility_id
    outside = None if ride.facility_id else ride.outside
    put(work.session, transfer, destination_outside=outside)
    _leave_first(scene, referral, before)
    _let_know(scene, referral, ride.facility_id)
    put(work.session, referral, destination_outside=outside)
    expect(scene, referral, transfer, ride.minutes)
    # She was awaited, and is nowhere yet: that stays known whatever is said of the new way.
    move_step(work.session, referral, "arrival", at=work.now, since=transfer.eta_high_at)
    keep_watch(work.session, referral)
    tell_120_where(scene, referral, ride.facility_id)
    noted(work, referral.id, "divert", what="transfer", object_id=transfer.id)
    tell_changed(scene, referral)
    return transfer


def arrive(
    work: Work, transfer_id: uuid.UUID, *, said_by: str | None = None, read: int | None = None
) -> Transfer:
    """She is there. A destination that has not answered has accepted by opening the door.

    Raises
    ------
    JourneyRefusedError
        A centre of the network says so itself, or ``said_by`` names who there said it.
    """
    transfer, referral = _at_the_door(work, transfer_id, read=read)
    scene = scene_at_the_door(work, transfer, said_by)
    _follow(scene, transfer, TransferStatus.ARRIVED)
    send_home(work, transfer)
    if referral.status != S.ACCEPTED:
        accept_at_the_door(scene, referral, transfer)
    told_for(work, referral, transfer, scene, "arrival")
    referral.under_way = False
    drop_steps(work.session, referral, "arrival", "vital_signs", at=work.now)
    begin_stage(work.session, referral, Stage.ARRIVED, at=work.now)
    keep_watch(work.session, referral)
    if work.actor.org_id != referral.origin_org:
        tell(
            scene,
            referral,
            referral.origin_org,
            Template.ARRIVED,
            facility=transfer.destination_id,
        )
    noted(work, referral.id, "arrive", what="transfer", object_id=transfer.id)
    tell_changed(scene, referral)
    return transfer


def hand_over(
    work: Work,
    transfer_id: uuid.UUID,
    *,
    giver: str,
    receiver: str,
    identifiers: Iterable[Identifier],
    said_by: str | None = None,
    read: int | None = None,
) -> Transfer:
    """Responsibility passes: two names, and two identifiers read aloud and matched.

    Raises
    ------
    JourneyRefusedError
        A name is missing, or who she is was not checked by two identifiers, or it is told for a
        centre of the network without who there said it.
    """
    transfer, referral = _at_the_door(work, transfer_id, read=read)
    compared = sorted(set(identifiers))
    faults = [
        code
        for code, missing in (
            ("giver_missing", not giver.strip()),
            ("receiver_missing", not receiver.strip()),
            ("same_name_twice", bool(giver.strip()) and giver.strip() == receiver.strip()),
            ("identity_not_checked", len(compared) < IDENTIFIERS),
        )
        if missing
    ]
    if faults:
        raise JourneyRefusedError(faults)
    scene = scene_at_the_door(work, transfer, said_by)
    put(work.session, transfer, giver=giver.strip(), receiver=receiver.strip())
    transfer.identifiers = " ".join(compared)
    _follow(scene, transfer, TransferStatus.HANDED_OVER)
    # A centre that receives her itself owns what was told in its name before.
    acknowledge(work, referral)
    told_for(work, referral, transfer, scene, "hand_over")
    watch = begin_stage(work.session, referral, Stage.HANDED_OVER, at=work.now)
    advance(work.session, referral.id, S.HANDED_OVER, by=scene.hand, at=work.now, watch=watch)
    noted(work, referral.id, "hand_over", what="transfer", object_id=transfer.id)
    tell_changed(scene, referral)
    let_120_go(scene, referral)
    return transfer


def die(work: Work, transfer_id: uuid.UUID, *, read: int | None = None) -> Transfer:
    """She died on the way or at the door; the referral is closed, its places are free."""
    transfer, referral = _at_the_door(work, transfer_id, read=read)
    scene = Scene.of(work)
    in_transit = transfer.status in MOVING
    _follow(scene, transfer, TransferStatus.DIED)
    referral.under_way = False
    noted(work, referral.id, "died", what="transfer", object_id=transfer.id)
    reason = "died_in_transit" if in_transit else "died_after_arrival"
    end(scene, referral, S.CLOSED, reason=reason)
    let_120_go(scene, referral)
    return transfer


def _both(
    work: Work, transfer_id: uuid.UUID, *capacities: Capacity, read: int | None
) -> tuple[Transfer, Referral]:
    """Return a transfer and its referral, both locked, the referral first.

    Raises
    ------
    StaleVersionError
        The journey has gone on since version ``read``; None takes whatever there is.
    """
    transfer = store.transfer_of(work.session, transfer_id)
    if transfer is None:
        raise NotFoundError("transfer", str(transfer_id))
    try:
        referral = locked_for(work, transfer.referral_id, *capacities)
    except NotFoundError:
        raise NotFoundError("transfer", str(transfer_id)) from None
    found = store.locked(work.session, transfer_id)
    if found is None:
        raise AssertionError("a transfer is never deleted")
    if read is not None and read != found.last_seq:
        raise StaleVersionError(transfer_id, read=read, now=found.last_seq, what="transfer")
    return found, referral


def _at_the_door(
    work: Work, transfer_id: uuid.UUID, *, read: int | None
) -> tuple[Transfer, Referral]:
    """Return a transfer and its referral for who brings her or whose door it is."""
    transfer, referral = _both(work, transfer_id, *RECEIVES, read=read)
    only_where_she_goes(work, referral, transfer)
    return transfer, referral


def _follow(
    scene: Scene, transfer: Transfer, wanted: TransferStatus, *, reason: str | None = None
) -> None:
    follow(
        scene.session,
        transfer,
        wanted,
        by=scene.hand,
        at=scene.now,
        reason=reason,
        moves=NEXT,
    )
    store.add(scene.session, transfer)


def _let_know(scene: Scene, referral: Referral, facility_id: str | None) -> None:
    """Ask a destination that nobody has asked: nobody is moved without the other side knowing."""
    if facility_id is not None and facility_id != referral.destination_id:
        if referrals.organisation_at(scene.session, facility_id) is None:
            raise NotFoundError("facility", facility_id)
        ask_centre(scene, referral, facility_id)


def _leave_first(scene: Scene, referral: Referral, facility_id: str | None) -> None:
    """Let go of a destination that has accepted; the referral looks for an answer again."""
    if referral.status != S.ACCEPTED:
        return
    referral.destination_id = None
    watch = begin_stage(scene.session, referral, Stage.REQUESTED, at=scene.now)
    advance(
        scene.session,
        referral.id,
        S.MATCHED,
        by=scene.hand,
        at=scene.now,
        watch=watch,
        reason="diverted",
    )
    org = referrals.organisation_at(scene.session, facility_id)
    if org is not None:
        leave(scene, referral, Capacity.ACCEPTED, org)
        tell(
            scene,
            referral,
            org,
            Template.DIVERTED,
            facility=None,
            ring=referrals.facility_of(scene.session, referral.origin_org),
        )
