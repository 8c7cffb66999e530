"""Patients over HTTP. A number is never part of an address, and no command answers an identity."""

import uuid
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.answers import takes
from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.body import sent
from app.deps import KeysDep
from app.errors import NotFoundError
from app.patients import schemas, service
from app.patients.states import PatientKind, PatientSight
from app.performing import Done, LookDep, PerformDep, VersionDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["patients"])

CREATED = 201
FULL, MINIMUM = PatientSight.FULL, PatientSight.MINIMUM


def around_of(request: Request) -> service.Around:
    """Return what the features around know of a patient."""
    around: service.Around = request.app.state.around_patients
    return around


AroundDep = Annotated[service.Around, Depends(around_of)]


@router.post(
    "/patients",
    status_code=CREATED,
    response_model=schemas.EnteredOut,
    openapi_extra=takes(schemas.PatientIn),
)
def enter_patient(
    said: Annotated[schemas.PatientIn, Depends(sent(schemas.PatientIn))],
    keys: KeysDep,
    around: AroundDep,
    perform: PerformDep,
) -> Response:
    """Enter somebody; nothing but the kind has to be known."""

    def act(work: Work) -> Done:
        if said.kind is PatientKind.NEWBORN:
            done = service.newborn_without_mother(
                work, keys, said.given(), born_at=said.born_at, in_transit=said.born_in_transit
            )
        else:
            done = service.enter_emergency(work, keys, said.kind, said.given())
        _note(work, done.patient_id, "patient_found" if done.found else "patient_entered")
        out = schemas.EnteredOut(
            patient_id=done.patient_id,
            found=done.found,
            not_taken=list(done.not_taken),
            has_open_referral=done.found and around.has_open_referral(work)(done.patient_id),
        )
        return Done(out, CREATED)

    return perform(act)


@router.post(
    "/patients/search", response_model=schemas.FoundOut, openapi_extra=takes(schemas.SearchIn)
)
def search_patients(
    said: Annotated[schemas.SearchIn, Depends(sent(schemas.SearchIn))],
    keys: KeysDep,
    around: AroundDep,
    see: LookDep,
) -> Response:
    """Find somebody whom the caller sees by the number of a document."""

    def act(work: Work) -> Done:
        found = service.find_by_id_number(work, keys, said.identity_kind, said.id_number)
        if found is not None and not _sees(work, around, found):
            found = None
        if found is not None:
            _note(work, found, "patient_searched", read=True)
        return Done(schemas.FoundOut(patient_id=found))

    return see(act, noted=True)


@router.get("/patients/{patient_id}", response_model=schemas.PatientOut)
def show_patient(patient_id: uuid.UUID, around: AroundDep, see: LookDep) -> Response:
    """Show the least of a patient: what a centre sees before it says yes."""

    def act(work: Work) -> Done:
        service.require_sight(work, around.sees, patient_id, MINIMUM)
        return Done(schemas.PatientOut(**asdict(service.minimum_of(work, patient_id))))

    return see(act)


@router.get("/patients/{patient_id}/identity", response_model=schemas.IdentityOut)
def show_identity(
    patient_id: uuid.UUID, keys: KeysDep, around: AroundDep, see: LookDep
) -> Response:
    """Show who a patient is; the look is written down."""

    def act(work: Work) -> Done:
        service.require_sight(work, around.sees, patient_id, FULL)
        known = service.identity_of(work, keys, patient_id)
        _note(work, known.patient_id, "identity_shown", read=True)
        return Done(schemas.IdentityOut(**asdict(known)))

    return see(act, noted=True)


@router.patch(
    "/patients/{patient_id}/identity",
    response_model=schemas.CompletedOut,
    openapi_extra=takes(schemas.IdentityIn),
)
def complete_identity(
    patient_id: uuid.UUID,
    said: Annotated[schemas.IdentityIn, Depends(sent(schemas.IdentityIn))],
    read: VersionDep,
    keys: KeysDep,
    around: AroundDep,
    perform: PerformDep,
) -> Response:
    """Add to what is known of a patient; a number of somebody else is not taken over."""

    def act(work: Work) -> Done:
        service.require_sight(work, around.sees, patient_id, FULL)
        done = service.complete_identity(work, keys, patient_id, said.given(), read=read)
        around.look_at(work, done.patient_id)
        _note(work, patient_id, "identity_changed", changed=sorted(said.model_fields_set))
        same = done.same_number
        seen = same is not None and _sees(work, around, same.patient_id)
        out = schemas.CompletedOut(
            patient_id=done.patient_id,
            version=done.version,
            same_number=_candidate(same) if same is not None and seen else None,
            elsewhere=same is not None and not seen,
        )
        return Done(out)

    return perform(act)


@router.get("/patients/{patient_id}/duplicates", response_model=schemas.DuplicatesOut)
def list_duplicates(patient_id: uuid.UUID, around: AroundDep, see: LookDep) -> Response:
    """List records that may be the same patient; a person decides."""

    def act(work: Work) -> Done:
        service.require_sight(work, around.sees, patient_id, FULL)
        found = service.possible_duplicates(work, patient_id)
        seen = [one for one in found if _sees(work, around, one.patient_id)]
        items = [_candidate(one) for one in seen]
        return Done(schemas.DuplicatesOut(items=items, elsewhere=len(found) - len(seen)))

    return see(act)


@router.post(
    "/patients/{patient_id}/merge",
    response_model=schemas.MergedOut,
    openapi_extra=takes(schemas.MergeIn),
)
def merge_patient(
    patient_id: uuid.UUID,
    said: Annotated[schemas.MergeIn, Depends(sent(schemas.MergeIn))],
    read: VersionDep,
    around: AroundDep,
    perform: PerformDep,
) -> Response:
    """Say that another record is this patient; it can be taken back."""

    def act(work: Work) -> Done:
        for one in (patient_id, said.drop):
            service.require_sight(work, around.sees, one, FULL)
        asked = around.has_open_referral(work)
        service.merge(work, patient_id, said.drop, said.reason, has_open_referral=asked, read=read)
        _note(work, patient_id, "patient_merged")
        _note(work, said.drop, "patient_merged")
        around.look_at(work, patient_id)
        return Done(schemas.MergedOut(kept=patient_id, dropped=said.drop, merged=True))

    return perform(act)


@router.post(
    "/patients/{patient_id}/undo-merge",
    response_model=schemas.MergedOut,
    openapi_extra=takes(schemas.UndoMergeIn),
)
def undo_merge(
    patient_id: uuid.UUID,
    said: Annotated[schemas.UndoMergeIn, Depends(sent(schemas.UndoMergeIn))],
    around: AroundDep,
    perform: PerformDep,
) -> Response:
    """Take back the merge of this record, which was not kept."""

    def act(work: Work) -> Done:
        service.require_sight(work, around.sees, patient_id, FULL)
        kept = service.minimum_of(work, patient_id).patient_id
        service.undo_merge(work, patient_id, said.reason)
        around.look_at(work, kept)
        _note(work, kept, "merge_undone")
        _note(work, patient_id, "merge_undone")
        return Done(schemas.MergedOut(kept=kept, dropped=patient_id, merged=False))

    return perform(act)


@router.post(
    "/patients/{patient_id}/newborns",
    status_code=CREATED,
    response_model=schemas.NewbornsOut,
    openapi_extra=takes(schemas.NewbornsIn),
)
def enter_newborns(
    patient_id: uuid.UUID,
    said: Annotated[schemas.NewbornsIn, Depends(sent(schemas.NewbornsIn))],
    around: AroundDep,
    perform: PerformDep,
) -> Response:
    """Enter the newborns of one birth of this mother; 409 where she has delivered already."""

    def act(work: Work) -> Done:
        service.require_sight(work, around.sees, patient_id, MINIMUM)
        born = [one.born_at for one in said.newborns]
        made = service.newborn_of(
            work, patient_id, born, in_transit=said.in_transit, again=said.although_delivered
        )
        for one in made:
            _note(work, one, "patient_entered")
        around.look_at(work, patient_id)
        return Done(schemas.NewbornsOut(patient_ids=list(made)), CREATED)

    return perform(act)


@router.post(
    "/patients/{patient_id}/mother",
    response_model=schemas.PatientOut,
    openapi_extra=takes(schemas.MotherIn),
)
def link_to_mother(
    patient_id: uuid.UUID,
    said: Annotated[schemas.MotherIn, Depends(sent(schemas.MotherIn))],
    around: AroundDep,
    perform: PerformDep,
) -> Response:
    """Say whose newborn this is, once; whoever says it sees both."""

    def act(work: Work) -> Done:
        for one in (patient_id, said.mother):
            service.require_sight(work, around.sees, one, FULL)
        service.link_to_mother(work, patient_id, said.mother)
        _note(work, patient_id, "linked_to_mother", changed=["mother_id"])
        _note(work, said.mother, "linked_to_mother")
        around.look_at(work, said.mother)
        return Done(schemas.PatientOut(**asdict(service.minimum_of(work, patient_id))))

    return perform(act)


def _sees(work: Work, around: service.Around, patient_id: uuid.UUID) -> bool:
    try:
        service.require_sight(work, around.sees, patient_id, MINIMUM)
    except NotFoundError:
        return False
    return True


def _candidate(found: service.Candidate) -> schemas.CandidateOut:
    return schemas.CandidateOut(patient_id=found.patient_id, likeness=list(found.likeness))


def _note(
    work: Work,
    patient_id: uuid.UUID,
    act: str,
    *,
    read: bool = False,
    changed: list[str] | None = None,
) -> None:
    record(
        work,
        chain=chain_of(Chain.PATIENT, patient_id),
        act=act,
        object_kind="patient",
        object_id=patient_id,
        read=read,
        changed=changed or (),
    )
