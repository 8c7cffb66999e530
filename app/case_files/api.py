"""Case files over HTTP: registration, lists, look-up, and the whole of a file."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.answers import takes
from app.body import sent
from app.case_files import documents, finding, lists, naming, schemas, views
from app.case_files.acts import registering
from app.case_files.known import drafting
from app.case_files.noting import noted
from app.case_files.sight import look
from app.deps import EngineDep, FactsDep, KeysDep, ShownDep
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, cut, decode
from app.patients.api import AroundDep
from app.performing import Done, LookDep, PerformDep
from app.work import Work

__all__ = ["NarrowedDep", "narrowed_by", "router"]

router = APIRouter(tags=["case-files"])

CREATED, SEVERAL = 201, 300


async def narrowed_by(
    mine: Annotated[bool, Query()] = False,
    registered_by: Annotated[uuid.UUID | None, Query()] = None,
    looked_after_by: Annotated[uuid.UUID | None, Query()] = None,
    area: Annotated[str | None, Query(pattern=r"^\d{6}$")] = None,
) -> lists.Narrowed:
    """Return which of the files in scope are asked for."""
    return lists.Narrowed(
        mine=mine, registered_by=registered_by, looked_after_by=looked_after_by, area=area
    )


NarrowedDep = Annotated[lists.Narrowed, Depends(narrowed_by)]


@router.post(
    "/case-files",
    status_code=CREATED,
    response_model=documents.CaseFileLineOut,
    openapi_extra=takes(schemas.CaseFileIn),
)
def register_case_file(
    said: Annotated[schemas.CaseFileIn, Depends(sent(schemas.CaseFileIn))],
    around: AroundDep,
    engine: EngineDep,
    shown: ShownDep,
    check: FactsDep,
    perform: PerformDep,
) -> Response:
    """Register a pregnancy: one woman, one file; it goes with her from county to county."""
    check(said.facts)
    wanted = registering.Registration(**said.model_dump())
    known = shown().places.values() if said.township is not None else ()
    townships = {one.place_id: one.county for one in known}

    def act(work: Work) -> Done:
        file = registering.register(
            work, wanted, sees=around.sees, counties=engine.county_codes, townships=townships
        )
        return Done(views.line(work, file), CREATED)

    return perform(act)


@router.get("/case-files", response_model=documents.CaseFilesOut)
def list_case_files(
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
    only_open: Annotated[bool, Query()] = False,
) -> Response:
    """List the files in scope, page by page; no line says who she is."""
    narrowed = lists.Narrowed(only_open=only_open)

    def act(work: Work) -> Done:
        after = None if cursor is None else decode(cursor, uuid.UUID)
        found = lists.files_in_scope(work, narrowed, after=after, most=limit + 1)
        shown, following = cut(found, lambda one: str(one.id), limit)
        items = [views.line(work, one) for one in shown]
        return Done(documents.CaseFilesOut(items=items, next=following))

    return see(act)


@router.get("/worklists/case-files", response_model=documents.DueFilesOut)
def list_due_case_files(
    see: LookDep,
    due: lists.DueList,
    narrowed: NarrowedDep,
    keys: KeysDep,
    named: Annotated[bool, Query()] = False,
    counted: Annotated[bool, Query()] = False,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List files by what is due: of one's own, of an institution or township, of an area.

    With ``named`` each line says who she is and what leads her colour, and is written down. With
    ``counted`` the answer says how many stand in each of the worklists, narrowed alike.
    """

    def read(work: Work) -> documents.DueFilesOut:
        after = None if cursor is None else decode(cursor, uuid.UUID)
        wanted = lists.condition_of(due, work.now)
        found = lists.files_in_scope(work, narrowed, wanted, after=after, most=limit + 1)
        shown, following = cut(found, lambda one: str(one.id), limit)
        items = views.due_lines(work, shown, lists.lines_of(due, work.now))
        return documents.DueFilesOut(
            items=naming.named_lines(work, keys, shown, items) if named else items,
            next=following,
            counts=lists.counts_of(work, narrowed) if counted else None,
        )

    if not named:
        return see(lambda work: Done(read(work)))
    # Read before it is written down, so that opening many names keeps no writer waiting.
    page = see.read(read)

    def act(work: Work) -> Done:
        naming.note_named(work, [one.id for one in page.items])
        return Done(page)

    return see(act, noted=True)


@router.post(
    "/case-files/lookup",
    response_model=documents.CaseFileOut,
    responses={SEVERAL: {"model": documents.SeveralFilesOut}},
    openapi_extra=takes(schemas.CaseLookupIn),
)
def look_up_case_file(
    said: Annotated[schemas.CaseLookupIn, Depends(sent(schemas.CaseLookupIn))],
    keys: KeysDep,
    see: LookDep,
) -> Response:
    """Find a file by the number of a document, a telephone or its own; the look is written down.

    Who has her before them and is not entitled breaks the glass, with a reason. A telephone may be
    of several women: then they are counted (300), and the file is asked for by its number.
    """
    asked = finding.Asked(
        number=said.number,
        identity_kind=said.identity_kind,
        id_number=said.id_number,
        phone=said.phone,
    )
    broken = said.break_glass
    glass = None if broken is None else finding.Glass(broken.reason, broken.minutes)

    def act(work: Work) -> Done:
        several = finding.several(work, keys, asked, glass)
        if several is not None:
            return Done(views.several(work, several), SEVERAL)
        seen = finding.look_up(work, keys, asked, glass)
        scope = " ".join(sorted(seen.capacities)) or "break_glass"
        noted(work, seen.file.id, "looked_up", scope=scope, read=True)
        return Done(views.whole(work, seen))

    return see(act, noted=True)


@router.get("/case-files/{file_id}", response_model=documents.CaseFileOut)
def show_case_file(file_id: uuid.UUID, see: LookDep) -> Response:
    """Show a file with its entries and what is owed; the look is written down."""

    def act(work: Work) -> Done:
        seen = look(work, file_id)
        noted(work, file_id, "shown", scope=" ".join(sorted(seen.capacities)), read=True)
        return Done(views.whole(work, seen))

    return see(act, noted=True)


@router.get("/case-files/{file_id}/referral-draft", response_model=documents.ReferralDraftOut)
def draft_referral(file_id: uuid.UUID, see: LookDep) -> Response:
    """Show what an emergency request of this woman begins with; the look is written down."""

    def act(work: Work) -> Done:
        seen = look(work, file_id)
        noted(work, file_id, "drafted", scope=" ".join(sorted(seen.capacities)), read=True)
        return Done(drafting.draft(work, seen))

    return see(act, noted=True)
