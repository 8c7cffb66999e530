"""Journeys and papers over HTTP, and the whole of a referral."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.accounts.states import Role
from app.answers import takes
from app.body import sent
from app.deps import FactsDep, KeysDep, TripsDep, WarningsDep
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.performing import Done, LookDep, PerformDep, VersionDep, VersionIfSentDep
from app.referrals.noting import noted
from app.referrals.sight import look, visible_to
from app.transfers import dossier, journeys, papers, schemas, store
from app.transfers.journeys import Ride
from app.transfers.states import HANDOVER_FIELDS, Drives
from app.transfers.tables import Transfer
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["transfers"])

CREATED = 201


@router.get("/referrals/{referral_id}", response_model=schemas.DossierOut)
def show_referral(referral_id: uuid.UUID, keys: KeysDep, see: LookDep) -> Response:
    """Show a referral with its journeys and papers; the look is written down."""

    def act(work: Work) -> Done:
        seen = look(work, referral_id)
        noted(work, referral_id, "shown", scope=" ".join(sorted(seen.capacities)), read=True)
        return Done(dossier.dossier(work, keys, seen))

    return see(act, noted=True)


@router.get("/transfers", response_model=schemas.TransfersOut)
def list_transfers(
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
    only_open: Annotated[bool, Query()] = False,
) -> Response:
    """List the journeys of the referrals in scope, page by page; no line says who she is."""

    def act(work: Work) -> Done:
        after = None if cursor is None else decode(cursor, uuid.UUID)
        scope = visible_to(work.actor, work.now)
        found = store.page(work.session, scope, after=after, most=limit + 1, only_open=only_open)
        shown, following = cut(found, lambda one: str(one.id), limit)
        items = [dossier.line(work, one) for one in shown]
        return Done(schemas.TransfersOut(items=items, next=following))

    return see(act)


@router.post(
    "/transfers",
    status_code=CREATED,
    response_model=schemas.TransferOut,
    openapi_extra=takes(schemas.DispatchIn),
)
def dispatch_transfer(
    ride: Annotated[schemas.DispatchIn, Depends(sent(schemas.DispatchIn))],
    perform: PerformDep,
) -> Response:
    """Get a vehicle and an escort ready; the destination knows from here on."""
    wanted = Ride(
        drives=ride.drives,
        vehicle=ride.vehicle,
        escort=ride.escort,
        vehicle_ids=ride.vehicle_ids,
        facility_id=ride.facility_id,
        outside=ride.outside,
        minutes=ride.minutes,
    )

    def act(work: Work) -> Done:
        transfer = journeys.dispatch(work, ride.referral_id, wanted)
        return _shown(work, transfer, CREATED)

    return perform(act)


@router.post(
    "/transfers/{transfer_id}/depart",
    response_model=schemas.TransferOut,
    openapi_extra=takes(schemas.DepartIn),
)
def depart_transfer(
    transfer_id: uuid.UUID,
    said: Annotated[schemas.DepartIn, Depends(sent(schemas.DepartIn))],
    read: VersionIfSentDep,
    perform: PerformDep,
) -> Response:
    """She leaves; departure never waits for an answer."""
    return perform(
        lambda work: _shown(
            work, journeys.depart(work, transfer_id, minutes=said.minutes, read=read)
        )
    )


@router.post("/transfers/{transfer_id}/call-off", response_model=schemas.TransferOut)
def call_off_transfer(
    transfer_id: uuid.UUID, read: VersionIfSentDep, perform: PerformDep
) -> Response:
    """Send the vehicle home: she has not left."""
    return perform(lambda work: _shown(work, journeys.call_off(work, transfer_id, read=read)))


@router.post(
    "/transfers/{transfer_id}/divert",
    response_model=schemas.TransferOut,
    openapi_extra=takes(schemas.DivertIn),
)
def divert_transfer(
    transfer_id: uuid.UUID,
    to: Annotated[schemas.DivertIn, Depends(sent(schemas.DivertIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Turn to another destination on the way; the first is let go, the new one is asked."""
    ride = Ride(
        drives=Drives.OTHER, facility_id=to.facility_id, outside=to.outside, minutes=to.minutes
    )
    return perform(
        lambda work: _shown(
            work, journeys.divert(work, transfer_id, ride, reason=to.reason, read=read)
        )
    )


@router.post(
    "/transfers/{transfer_id}/arrive",
    response_model=schemas.TransferOut,
    openapi_extra=takes(schemas.ArriveIn, required=False),
)
def arrive_transfer(
    transfer_id: uuid.UUID,
    said: Annotated[schemas.ArriveIn, Depends(sent(schemas.ArriveIn, may_be_empty=True))],
    read: VersionIfSentDep,
    perform: PerformDep,
) -> Response:
    """She is there: said by the receiver, or entered for it with who said so."""
    return perform(
        lambda work: _shown(
            work, journeys.arrive(work, transfer_id, said_by=said.said_by, read=read)
        )
    )


@router.post(
    "/transfers/{transfer_id}/hand-over",
    response_model=schemas.TransferOut,
    openapi_extra=takes(schemas.HandOverIn),
)
def hand_over_transfer(
    transfer_id: uuid.UUID,
    said: Annotated[schemas.HandOverIn, Depends(sent(schemas.HandOverIn))],
    read: VersionIfSentDep,
    perform: PerformDep,
) -> Response:
    """Responsibility passes: two names, and who she is was checked."""
    return perform(
        lambda work: _shown(
            work,
            journeys.hand_over(
                work,
                transfer_id,
                giver=said.giver,
                receiver=said.receiver,
                identifiers=said.identifiers,
                said_by=said.said_by,
                read=read,
            ),
        )
    )


@router.post("/transfers/{transfer_id}/died", response_model=schemas.TransferOut)
def note_death(transfer_id: uuid.UUID, read: VersionIfSentDep, perform: PerformDep) -> Response:
    """Note that she died on the way or at the door; the referral is closed."""
    return perform(lambda work: _shown(work, journeys.die(work, transfer_id, read=read)))


@router.post(
    "/transfers/{transfer_id}/observations",
    status_code=CREATED,
    response_model=schemas.ObservationOut,
    openapi_extra=takes(schemas.ObservationIn),
)
def add_observation(
    transfer_id: uuid.UUID,
    said: Annotated[schemas.ObservationIn, Depends(sent(schemas.ObservationIn))],
    check: FactsDep,
    score: TripsDep,
    read: WarningsDep,
    perform: PerformDep,
) -> Response:
    """Keep vital signs on the way; a newborn is scored by them, of a mother a warning is told."""
    check(said.facts)
    trips = score(said.facts)

    def act(work: Work) -> Done:
        row = papers.observe(
            work, transfer_id, said.facts, happened_at=said.happened_at, trips=trips, read=read
        )
        return Done(dossier.observation_out(row, drill=_on_a_drill(work, transfer_id)), CREATED)

    return perform(act)


@router.post(
    "/transfers/{transfer_id}/births",
    status_code=CREATED,
    response_model=schemas.BirthOut,
    openapi_extra=takes(schemas.BirthIn),
)
def report_birth(
    transfer_id: uuid.UUID,
    said: Annotated[schemas.BirthIn, Depends(sent(schemas.BirthIn))],
    perform: PerformDep,
) -> Response:
    """Note a birth on the way; each child is a patient of its own. 409 where she has delivered."""

    def act(work: Work) -> Done:
        row, newborns = papers.report_birth(
            work,
            transfer_id,
            births=said.births,
            happened_at=said.happened_at,
            again=said.although_delivered,
        )
        drill = _on_a_drill(work, transfer_id)
        seen = dossier.observation_out(row, drill=drill)
        return Done(
            schemas.BirthOut(drill=drill, observation=seen, newborns=list(newborns)), CREATED
        )

    return perform(act)


@router.post(
    "/referrals/{referral_id}/handover-set",
    status_code=CREATED,
    response_model=schemas.HandoverSavedOut,
    openapi_extra=takes(schemas.HandoverIn),
)
def write_handover_set(
    referral_id: uuid.UUID,
    content: Annotated[schemas.HandoverIn, Depends(sent(schemas.HandoverIn))],
    keys: KeysDep,
    perform: PerformDep,
) -> Response:
    """Keep a version of the hand-over set; what it lacks is listed and never holds her back."""

    def act(work: Work) -> Done:
        parts = content.model_dump(include=set(HANDOVER_FIELDS))
        handed = papers.Handed(
            content=parts, unknown=content.unknown, not_applicable=content.not_applicable
        )
        row = papers.write_handover(work, keys, referral_id, handed)
        saved = schemas.HandoverSavedOut(
            drill=dossier.is_drill(work, referral_id),
            number=row.number,
            missing=row.missing.split(),
            entered_at=row.entered_at,
        )
        return Done(saved, CREATED)

    return perform(act)


@router.post(
    "/referrals/{referral_id}/consents",
    status_code=CREATED,
    response_model=schemas.ConsentOut,
    openapi_extra=takes(schemas.ConsentIn),
)
def record_consent(
    referral_id: uuid.UUID,
    said: Annotated[schemas.ConsentIn, Depends(sent(schemas.ConsentIn))],
    perform: PerformDep,
) -> Response:
    """Keep who agreed to the journey, or who took it upon himself."""

    def act(work: Work) -> Done:
        row = papers.agree(work, referral_id, papers.Agreed(**said.model_dump()))
        drill = dossier.is_drill(work, referral_id)
        return Done(dossier.consent_out(work, row, drill=drill), CREATED)

    return perform(act)


@router.post(
    "/referrals/{referral_id}/outcomes",
    status_code=CREATED,
    response_model=schemas.OutcomeSavedOut,
    openapi_extra=takes(schemas.OutcomeIn),
)
def report_outcome(
    referral_id: uuid.UUID,
    said: Annotated[schemas.OutcomeIn, Depends(sent(schemas.OutcomeIn))],
    keys: KeysDep,
    perform: PerformDep,
) -> Response:
    """Tell the sender what came of her."""

    def act(work: Work) -> Done:
        row = papers.report_outcome(work, keys, referral_id, papers.Came(**said.model_dump()))
        saved = schemas.OutcomeSavedOut(
            drill=dossier.is_drill(work, referral_id),
            result=row.result,
            happened_at=row.happened_at,
        )
        return Done(saved, CREATED)

    return perform(act)


def _shown(work: Work, transfer: Transfer, status: int = 200) -> Done:
    """Answer with the journey; who only drives is told no more than it may see."""
    full = work.actor.role is not Role.EMS120
    return Done(dossier.transfer_out(work, transfer, full=full), status)


def _on_a_drill(work: Work, transfer_id: uuid.UUID) -> bool:
    transfer = store.transfer_of(work.session, transfer_id)
    return transfer is not None and dossier.is_drill(work, transfer.referral_id)
