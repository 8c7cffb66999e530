"""The course of a case file over HTTP: place of birth, birth, counties, and how it ends."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.answers import takes
from app.body import sent
from app.case_files import documents, schemas, views
from app.case_files.acts import delivering, ending, handing, managing
from app.deps import EngineDep
from app.performing import Done, PerformDep, VersionDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["case-files"])

CREATED = 201
LINE = documents.CaseFileLineOut


@router.post("/case-files/{file_id}/admission", response_model=LINE)
def admit_case_early(file_id: uuid.UUID, read: VersionDep, perform: PerformDep) -> Response:
    """Say that she has come to wait for her birth near the hospital."""

    def act(work: Work) -> Done:
        return Done(views.line(work, managing.admit_early(work, file_id, read=read)))

    return perform(act)


@router.post(
    "/case-files/{file_id}/admission-end",
    response_model=LINE,
    openapi_extra=takes(schemas.CaseHomeIn, required=False),
)
def end_case_admission(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseHomeIn, Depends(sent(schemas.CaseHomeIn, may_be_empty=True))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Say that she has gone home before her birth, and by which day she comes again."""

    def act(work: Work) -> Done:
        file = managing.go_home(work, file_id, come_by=said.come_by, read=read)
        return Done(views.line(work, file))

    return perform(act)


@router.post(
    "/case-files/{file_id}/deliveries",
    status_code=CREATED,
    response_model=LINE,
    openapi_extra=takes(schemas.CaseDeliveryIn),
)
def deliver_case(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseDeliveryIn, Depends(sent(schemas.CaseDeliveryIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Enter a birth with its newborns; each is a patient of its own, linked to her."""
    birth = delivering.Delivered(
        mode=said.mode,
        stillborn=said.stillborn,
        newborns=[one.born_at for one in said.newborns],
        newborn_ids=said.newborn_ids,
        facility_id=said.facility_id,
        elsewhere=said.elsewhere,
        trial_of_labour=said.trial_of_labour,
        ruptured=said.ruptured,
    )

    def act(work: Work) -> Done:
        file = delivering.deliver(work, file_id, birth, said.entered(), read=read)
        return Done(views.line(work, file), CREATED)

    return perform(act)


@router.post(
    "/case-files/{file_id}/discharge",
    response_model=LINE,
    openapi_extra=takes(schemas.CaseDischargeIn, required=False),
)
def discharge_case(
    file_id: uuid.UUID,
    said: Annotated[
        schemas.CaseDischargeIn, Depends(sent(schemas.CaseDischargeIn, may_be_empty=True))
    ],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Say when she went home after the birth."""

    def act(work: Work) -> Done:
        file = delivering.discharge(work, file_id, said.happened_at, read=read)
        return Done(views.line(work, file))

    return perform(act)


@router.post(
    "/case-files/{file_id}/handovers",
    status_code=CREATED,
    response_model=LINE,
    openapi_extra=takes(schemas.CaseHandoverIn),
)
def offer_case_file(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseHandoverIn, Depends(sent(schemas.CaseHandoverIn))],
    read: VersionDep,
    engine: EngineDep,
    perform: PerformDep,
) -> Response:
    """Offer the file to the county where she lives now; until it accepts nothing changes."""

    def act(work: Work) -> Done:
        counties = engine.county_codes
        file = handing.offer_file(
            work, file_id, said.to_county, said.note, counties=counties, read=read
        )
        return Done(views.line(work, file), CREATED)

    return perform(act)


@router.post(
    "/case-files/{file_id}/handovers/{handover_id}/answer",
    response_model=LINE,
    openapi_extra=takes(schemas.CaseHandoverAnswerIn),
)
def answer_case_handover(
    file_id: uuid.UUID,
    handover_id: uuid.UUID,
    said: Annotated[schemas.CaseHandoverAnswerIn, Depends(sent(schemas.CaseHandoverAnswerIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Accept a file that was offered, or say why not; who offered it may take it back."""

    def act(work: Work) -> Done:
        file = handing.answer_handover(
            work, file_id, handover_id, said.answer, said.reason, read=read
        )
        return Done(views.line(work, file))

    return perform(act)


@router.post("/case-files/{file_id}/verification", response_model=LINE)
def verify_case_file(file_id: uuid.UUID, read: VersionDep, perform: PerformDep) -> Response:
    """Say, as the other county, that she is known there (P-14)."""

    def act(work: Work) -> Done:
        return Done(views.line(work, handing.verify_file(work, file_id, read=read)))

    return perform(act)


@router.post(
    "/case-files/{file_id}/end", response_model=LINE, openapi_extra=takes(schemas.EndFileIn)
)
def end_case_file(
    file_id: uuid.UUID,
    said: Annotated[schemas.EndFileIn, Depends(sent(schemas.EndFileIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """End a file before its time, with the reason."""

    def act(work: Work) -> Done:
        file = ending.end_file(work, file_id, said.how, said.because, read=read)
        return Done(views.line(work, file))

    return perform(act)


@router.post("/case-files/{file_id}/return", response_model=LINE)
def take_up_case_file(file_id: uuid.UUID, read: VersionDep, perform: PerformDep) -> Response:
    """Take up the file of a woman who was lost and is found, where it was."""

    def act(work: Work) -> Done:
        return Done(views.line(work, ending.take_up(work, file_id, read=read)))

    return perform(act)


@router.post("/case-files/{file_id}/close", response_model=LINE)
def close_case_file(file_id: uuid.UUID, read: VersionDep, perform: PerformDep) -> Response:
    """Close a file on the check of the 42nd day; what keeps it open is named."""

    def act(work: Work) -> Done:
        return Done(views.line(work, ending.close_file(work, file_id, read=read)))

    return perform(act)
