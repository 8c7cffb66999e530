"""What goes with her from hand to hand: hand-over set, consent, events on the way, outcome."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.case_files.service import born_on_the_way
from app.db_types import new_key
from app.errors import NotFoundError
from app.events.scene import Scene
from app.keys.keyring import Bound, KeyRing
from app.keys.words import put
from app.patients.errors import DeliveredAlreadyError
from app.patients.service import minimum_of, newborn_of
from app.patients.states import BornAgain
from app.referrals.asked_for import stated_in
from app.referrals.asking import tell_changed
from app.referrals.endings import end
from app.referrals.errors import NotYoursError, not_allowed
from app.referrals.noting import noted
from app.referrals.returns.returning import open_return
from app.referrals.reviews.reviewing import NEAR_MISS, open_review
from app.referrals.service import advance
from app.referrals.sight import locked_for
from app.referrals.states import OPEN, Capacity, ReferralStatus
from app.referrals.steps import Stage
from app.referrals.tables import Referral
from app.referrals.watching import begin_stage, drop_steps, keep_watch, set_step
from app.transfers import store
from app.transfers.errors import JourneyRefusedError
from app.transfers.known import known_of, lacking
from app.transfers.states import MOVING, NearMiss, faults_of_said, missing_fields, typed_only
from app.transfers.tables import Consent, HandoverSet, Observation, Outcome
from app.transfers.warning import ReadWarnings, reading_of, tell_if_it_stands
from app.work import Work

__all__ = [
    "Agreed",
    "Came",
    "Handed",
    "agree",
    "observe",
    "report_birth",
    "report_outcome",
    "write_handover",
]

AHEAD = timedelta(minutes=5)
LONGEST_JOURNEY = timedelta(days=3)
"""What is said to have happened on the way before that is a slip of the year or the day."""
REPORTS = (ReferralStatus.HANDED_OVER, ReferralStatus.STAYED)
"""Referrals of which an outcome can be told: she was handed over, or stayed where she was."""
WRITES = (
    Capacity.SENDER,
    Capacity.ENTERED_FOR_SENDER,
    Capacity.ACCEPTED,
    Capacity.TRANSPORT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Who agreed, or who took it upon himself because nobody could (R-CONSENT-02)."""

    given_by: str
    agreed: bool
    given_at: datetime
    in_charge: str | None = None
    language: str | None = None
    interpreter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A hand-over set as it was written; ``part.field`` names what nobody knows or is not so."""

    content: Mapping[str, Mapping[str, object]]
    unknown: Collection[str] = ()
    not_applicable: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of her."""

    result: str
    diagnosis: str
    treatment: str
    happened_at: datetime
    follow_up: str | None = None
    near_miss: Sequence[NearMiss] | None = None
    see_by: datetime | None = None


def write_handover(
    work: Work, keys: KeyRing, referral_id: uuid.UUID, handed: Handed
) -> HandoverSet:
    """Keep a new version of the hand-over set, with what it lacks; lacking never holds her back.

    Raises
    ------
    JourneyRefusedError
        A field is said to be unknown that there is not, or that is filled in.
    """
    referral = locked_for(work, referral_id, *WRITES)
    if faults := faults_of_said(handed.content, handed.unknown, handed.not_applicable):
        raise JourneyRefusedError(faults)
    before = store.handover_of(work.session, referral_id)
    missing = missing_fields(
        typed_only(handed.content),
        known_of(work, referral_id),
        said_of={*handed.unknown, *handed.not_applicable},
    )
    key = new_key()
    text = json.dumps(
        {
            **handed.content,
            "unknown": list(handed.unknown),
            "not_applicable": list(handed.not_applicable),
        },
        ensure_ascii=False,
    )
    row = HandoverSet(
        id=key,
        province=referral.province,
        referral_id=referral_id,
        number=1 if before is None else before.number + 1,
        content=keys.seal(text, Bound("handover_set", "content", key)),
        missing=" ".join(missing),
        entered_at=work.now,
        by_user=work.actor.user_id,
    )
    store.add(work.session, row)
    _complete_if_whole(work, referral)
    noted(work, referral_id, "handover_set", what="handover_set", object_id=row.id)
    return row


def agree(work: Work, referral_id: uuid.UUID, said: Agreed) -> Consent:
    """Keep who agreed. Consent is never a reason to delay resuscitation (R-CONSENT-03)."""
    referral = locked_for(work, referral_id, *WRITES)
    faults = []
    if said.given_by == "person_in_charge" and not (said.in_charge or "").strip():
        faults.append("in_charge_missing")
    if said.given_at > work.now + AHEAD:
        faults.append("in_the_future")
    if faults:
        raise JourneyRefusedError(faults)
    row = Consent(
        province=referral.province,
        referral_id=referral_id,
        given_by=said.given_by,
        agreed=said.agreed,
        given_at=said.given_at,
        entered_at=work.now,
        by_user=work.actor.user_id,
    )
    put(
        work.session,
        row,
        in_charge=said.in_charge,
        language=said.language,
        interpreter=said.interpreter,
    )
    store.add(work.session, row)
    _complete_if_whole(work, referral)
    noted(work, referral_id, "consent", what="consent", object_id=row.id)
    return row


def observe(
    work: Work,
    transfer_id: uuid.UUID,
    facts: Mapping[str, object],
    *,
    happened_at: datetime,
    trips: int | None = None,
    read: ReadWarnings,
) -> Observation:
    """Keep vital signs on the way, as facts of the data dictionary; the next are due in turn.

    ``read`` says of a mother which thresholds of early warning they cross; one that stands is told.
    """
    row = _observed(work, transfer_id, "vital_signs", facts, happened_at, trips=trips, read=read)
    transfer = store.transfer_of(work.session, transfer_id)
    if transfer is not None and transfer.status in MOVING:
        referral = locked_for(work, transfer.referral_id, *WRITES)
        tell_if_it_stands(work, referral, transfer, row)
        since = min(happened_at, work.now)
        set_step(work.session, referral, "vital_signs", at=work.now, since=since)
    return row


def report_birth(
    work: Work,
    transfer_id: uuid.UUID,
    *,
    births: int,
    happened_at: datetime,
    again: BornAgain | None = None,
) -> tuple[Observation, tuple[uuid.UUID, ...]]:
    """Note a birth on the way: the referral goes on, each child is a patient of its own.

    Raises
    ------
    DeliveredAlreadyError
        She was asked for as one who has delivered, or a birth is entered, and nobody said why
        there is another.
    """
    row = _observed(
        work, transfer_id, "born_in_transit", {"births": births}, happened_at, why=again
    )
    transfer = store.transfer_of(work.session, transfer_id)
    if transfer is None:
        raise AssertionError("it was there a moment ago")
    referral = locked_for(work, transfer.referral_id, *WRITES)
    moments = [happened_at] * births
    made = newborn_of(work, referral.patient_id, moments, in_transit=True, again=again)
    if again is None and stated_in(work.session, referral.id, "delivered") is True:
        raise DeliveredAlreadyError
    if not referral.drill:
        born_on_the_way(work.session, referral.id, made, at=work.now)
    return row, made


def report_outcome(work: Work, keys: KeyRing, referral_id: uuid.UUID, came: Came) -> Outcome:
    """Tell the sender what came of her (R-DUTY-04); one who is still there is told of again.

    Of one who went outside the network nobody there can tell: the sender asks, and writes it.
    """
    referral = locked_for(work, referral_id, Capacity.ACCEPTED, Capacity.SENDER)
    if referral.destination_outside is None and work.actor.org_id == referral.origin_org:
        raise NotYoursError([Capacity.ACCEPTED])
    if referral.status not in REPORTS:
        raise not_allowed(referral.machine, referral.status, ReferralStatus.OUTCOME_REPORTED)
    if came.happened_at > work.now + AHEAD:
        raise JourneyRefusedError(["in_the_future"])
    if came.near_miss and came.result == "died":
        raise JourneyRefusedError(["near_miss_died"])
    if came.near_miss is not None and minimum_of(work, referral.patient_id).kind == "newborn":
        raise JourneyRefusedError(["near_miss_of_newborn"])
    if came.see_by is not None and came.result != "referred_back":
        raise JourneyRefusedError(["see_by_without_return"])
    if came.see_by is not None and came.see_by <= work.now:
        raise JourneyRefusedError(["see_by_is_over"])
    key = new_key()
    sealed = {
        column: keys.seal(text, Bound("outcome", column, key))
        for column in ("diagnosis", "treatment", "follow_up")
        if (text := getattr(came, column)) is not None
    }
    row = Outcome(
        id=key,
        province=referral.province,
        referral_id=referral_id,
        result=came.result,
        near_miss=None if came.near_miss is None else ",".join(sorted(set(came.near_miss))),
        **sealed,
        happened_at=came.happened_at,
        entered_at=work.now,
        by_user=work.actor.user_id,
    )
    store.add(work.session, row)
    noted(work, referral_id, "outcome", what="outcome", object_id=row.id)
    scene = Scene.of(work)
    if came.near_miss:
        open_review(scene, referral, what=NEAR_MISS)
    if came.result == "still_admitted":
        stayed = referral.status == ReferralStatus.STAYED
        stage = Stage.STAYED if stayed else Stage.HANDED_OVER
        begin_stage(work.session, referral, stage, at=work.now)
        keep_watch(work.session, referral)
    else:
        watch = begin_stage(work.session, referral, Stage.OUTCOME_REPORTED, at=work.now)
        advance(
            work.session,
            referral_id,
            ReferralStatus.OUTCOME_REPORTED,
            by=scene.hand,
            at=work.now,
            watch=watch,
            reason=came.result,
        )
        if came.result == "referred_back" and work.actor.org_id != referral.origin_org:
            open_return(scene, referral, row.id, see_by=came.see_by)
        if came.result == "died":
            end(scene, referral, ReferralStatus.CLOSED, reason="died_after_arrival")
    tell_changed(scene, referral)
    return row


def _complete_if_whole(work: Work, referral: Referral) -> None:
    """Call off what reminds of the hand-over set, where nothing of it is open any more.

    What has been written counts, and what is recorded elsewhere: consent is never a word.
    """
    if store.handover_of(work.session, referral.id) is None or lacking(work, referral.id):
        return
    drop_steps(work.session, referral, "complete_handover", at=work.now)
    if referral.status in OPEN:
        keep_watch(work.session, referral)


def _observed(
    work: Work,
    transfer_id: uuid.UUID,
    code: str,
    facts: Mapping[str, object],
    happened_at: datetime,
    *,
    why: str | None = None,
    trips: int | None = None,
    read: ReadWarnings | None = None,
) -> Observation:
    transfer = store.transfer_of(work.session, transfer_id)
    if transfer is None:
        raise NotFoundError("transfer", str(transfer_id))
    referral = locked_for(work, transfer.referral_id, *WRITES)
    if happened_at > work.now + AHEAD:
        raise JourneyRefusedError(["in_the_future"])
    if happened_at < work.now - LONGEST_JOURNEY:
        raise JourneyRefusedError(["too_long_ago"])
    row = Observation(
        province=referral.province,
        transfer_id=transfer_id,
        code=code,
        facts=json.dumps(facts, ensure_ascii=False),
        trips=trips,
        warnings=None if read is None else reading_of(work, referral, facts, read),
        happened_at=happened_at,
        entered_at=work.now,
        by_user=work.actor.user_id,
    )
    store.add(work.session, row)
    noted(work, referral.id, code, what="observation", object_id=row.id, why=why)
    return row
