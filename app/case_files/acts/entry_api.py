"""What is written into case files over HTTP: each act takes the version that was read."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.answers import takes
from app.body import sent
from app.case_files import documents, schemas, views
from app.case_files.acts import assessing, managing, planning, screening, telling, visiting
from app.deps import EngineDep, FactsDep
from app.performing import Done, PerformDep, VersionDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["case-files"])

CREATED = 201
LINE = documents.CaseFileLineOut


@router.post(
    "/case-files/{file_id}/screenings",
    status_code=CREATED,
    response_model=LINE,
    openapi_extra=takes(schemas.CaseScreeningIn),
)
def screen_case_file(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseScreeningIn, Depends(sent(schemas.CaseScreeningIn))],
    read: VersionDep,
    check: FactsDep,
    perform: PerformDep,
) -> Response:
    """Enter the screening form: positive by any item, negative where none is left open."""
    check(said.facts)

    def act(work: Work) -> Done:
        entered = said.entered()
        file = screening.screen(work, file_id, said.facts, said.answers, entered, read=read)
        return Done(views.line(work, file), CREATED)

    return perform(act)


@router.post(
    "/case-files/{file_id}/assessment-referrals",
    response_model=LINE,
    openapi_extra=takes(schemas.CaseReferToIn),
)
def send_to_assessment(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseReferToIn, Depends(sent(schemas.CaseReferToIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Send a positive woman to where she is assessed; it sees the file from now on."""

    def act(work: Work) -> Done:
        file = screening.refer_for_assessment(work, file_id, said.facility_id, read=read)
        return Done(views.line(work, file))

    return perform(act)


@router.post(
    "/case-files/{file_id}/assessments",
    status_code=CREATED,
    response_model=documents.AssessedOut,
    openapi_extra=takes(schemas.CaseAssessmentIn),
)
def assess_case_file(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseAssessmentIn, Depends(sent(schemas.CaseAssessmentIn))],
    read: VersionDep,
    engine: EngineDep,
    check: FactsDep,
    perform: PerformDep,
) -> Response:
    """Assess her risk: the colour rises at once, and falls only by word and reason."""
    check(said.facts)

    def act(work: Work) -> Done:
        done = assessing.assess_risk(
            work,
            engine,
            file_id,
            said.facts,
            said.entered(),
            ruled_out=said.ruled_out,
            reason=said.because,
            read=read,
        )
        return Done(views.assessed(work, done), CREATED)

    return perform(act)


@router.post(
    "/case-files/{file_id}/downgrades",
    status_code=CREATED,
    response_model=LINE,
    openapi_extra=takes(schemas.CaseDowngradeIn),
)
def lower_case_colour(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseDowngradeIn, Depends(sent(schemas.CaseDowngradeIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Lower the colour to what was found last, in your name and with a reason (R-COLOUR-005)."""

    def act(work: Work) -> Done:
        file = assessing.lower_colour(work, file_id, said.because, read=read)
        return Done(views.line(work, file), CREATED)

    return perform(act)


@router.post(
    "/case-files/{file_id}/clinician",
    response_model=LINE,
    openapi_extra=takes(schemas.CaseClinicianIn),
)
def name_case_clinician(
    file_id: uuid.UUID,
    said: Annotated[
        schemas.CaseClinicianIn, Depends(sent(schemas.CaseClinicianIn, may_be_empty=True))
    ],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Name who is responsible: yourself, or a colleague by login name (R-CASE-04)."""

    def act(work: Work) -> Done:
        if said.nobody:
            return Done(views.line(work, managing.leave_file(work, file_id, read=read)))
        file = managing.name_clinician(work, file_id, said.login, read=read)
        return Done(views.line(work, file))

    return perform(act)


@router.post(
    "/case-files/{file_id}/plans",
    status_code=CREATED,
    response_model=LINE,
    openapi_extra=takes(schemas.CasePlanIn),
)
def add_case_plan(
    file_id: uuid.UUID,
    said: Annotated[schemas.CasePlanIn, Depends(sent(schemas.CasePlanIn))],
    read: VersionDep,
    engine: EngineDep,
    perform: PerformDep,
) -> Response:
    """Enter a plan with the higher centre, or whether the pregnancy may continue (R-MGMT-RED)."""

    def act(work: Work) -> Done:
        file = planning.add_plan(
            work,
            engine,
            file_id,
            said.kind,
            said.text,
            said.entered(),
            made_with=said.made_with,
            agreed_by=said.agreed_by,
            judgement=said.judgement(),
            read=read,
        )
        return Done(views.line(work, file), CREATED)

    return perform(act)


@router.post(
    "/case-files/{file_id}/visits",
    status_code=CREATED,
    response_model=LINE,
    openapi_extra=takes(schemas.CaseVisitIn),
)
def add_case_visit(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseVisitIn, Depends(sent(schemas.CaseVisitIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Enter a word about a visit: planned, held, missed, looked for, called off."""
    visit = visiting.Visited(
        kind=said.kind,
        status=said.status,
        plan_id=said.plan_id,
        planned_for=said.planned_for,
        findings=said.findings,
        contact=said.contact,
        unstable=said.unstable,
        changed=said.changed,
        trial=said.trial,
    )

    def act(work: Work) -> Done:
        file = visiting.add_visit(work, file_id, visit, said.entered(), read=read)
        return Done(views.line(work, file), CREATED)

    return perform(act)


@router.post(
    "/case-files/{file_id}/reports",
    status_code=CREATED,
    response_model=LINE,
    openapi_extra=takes(schemas.CaseReportIn),
)
def send_case_report(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseReportIn, Depends(sent(schemas.CaseReportIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Send a report to the institution in charge of where she lives (R-REPORT)."""

    def act(work: Work) -> Done:
        file = telling.send_report(
            work, file_id, said.kind, said.content, said.entered(), read=read
        )
        return Done(views.line(work, file), CREATED)

    return perform(act)


@router.post(
    "/case-files/{file_id}/counselling",
    status_code=CREATED,
    response_model=LINE,
    openapi_extra=takes(schemas.CaseCounsellingIn),
)
def add_case_counselling(
    file_id: uuid.UUID,
    said: Annotated[schemas.CaseCounsellingIn, Depends(sent(schemas.CaseCounsellingIn))],
    read: VersionDep,
    perform: PerformDep,
) -> Response:
    """Enter what was offered to a woman of 35 or more, and her answer (R-CASE-08)."""

    def act(work: Work) -> Done:
        entered = said.entered()
        file = telling.add_counselling(
            work, file_id, said.subject, said.answer, said.said, entered, read=read
        )
        return Done(views.line(work, file), CREATED)

    return perform(act)
