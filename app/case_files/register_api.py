"""Registers over HTTP; every line is a look at her file, and written down."""

import uuid
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Response

from app.case_files import register_documents as documents
from app.case_files import register_lists as registers
from app.case_files.api import NarrowedDep
from app.case_files.lists import Register
from app.case_files.sites import TrialSites
from app.case_files.tables import CaseFile
from app.deps import EngineNowDep
from app.paging import cut, decode
from app.performing import Done, LookDep
from app.work import Work
from routing.care.days import day_of

__all__ = ["router"]

router = APIRouter(tags=["case-files"])

LIMIT, LARGEST = 50, 100
"""Each line is worked out from a whole record and written down: fewer than in other lists."""
Line = TypeVar("Line")


class Asked:
    """Which lines of a register, and from where."""

    def __init__(
        self,
        narrowed: NarrowedDep,
        known: Annotated[
            bool | None, Query(description="true: she belongs here; false: nobody knows")
        ] = None,
        only_open: Annotated[bool, Query()] = True,
        cursor: Annotated[str | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LARGEST)] = LIMIT,
    ) -> None:
        self.wanted = registers.Wanted(narrowed=narrowed, known=known, only_open=only_open)
        self._cursor, self._limit = cursor, limit

    def page(
        self, work: Work, register: Register, shown: Callable[[CaseFile], Line]
    ) -> tuple[Sequence[Line], str | None]:
        """Return the lines of a page, and the cursor of the next one."""
        after = None if self._cursor is None else decode(self._cursor, uuid.UUID)
        most = self._limit + 1
        found = registers.registered(work, register, self.wanted, after=after, most=most)
        files, following = cut(found, lambda one: str(one.id), self._limit)
        return [shown(one) for one in files], following


AskedDep = Annotated[Asked, Depends()]


@router.get("/registers/from-35", response_model=documents.From35sOut)
def list_from_35(asked: AskedDep, see: LookDep) -> Response:
    """List women who are 35 or more on the due date, and who of unknown age may be."""

    def act(work: Work) -> Done:
        items, following = asked.page(
            work, Register.FROM_35, lambda file: registers.shown_from_35(work, file)
        )
        return Done(documents.From35sOut(items=items, next=following))

    return see(act, noted=True)


@router.get("/registers/after-caesarean", response_model=documents.AfterCaesareansOut)
def list_after_caesarean(asked: AskedDep, see: LookDep, engine_now: EngineNowDep) -> Response:
    """List women after a caesarean: scar pregnancy, trial of labour, where it may be held."""
    sites = TrialSites(engine_now())

    def act(work: Work) -> Done:
        items, following = asked.page(
            work,
            Register.AFTER_CAESAREAN,
            lambda file: registers.shown_after_caesarean(work, file, sites),
        )
        return Done(documents.AfterCaesareansOut(items=items, next=following))

    return see(act, noted=True)


@router.get("/worklists/medical-aid", response_model=documents.MedicalAidsOut)
def list_medical_aid(asked: AskedDep, see: LookDep) -> Response:
    """List women whose medical aid is to be settled, in the order of registration (R-PAY-02)."""

    def act(work: Work) -> Done:
        items, following = asked.page(
            work, Register.MEDICAL_AID, lambda file: registers.shown_medical_aid(work, file)
        )
        groups = registers.valid_groups(day_of(work.now))
        return Done(documents.MedicalAidsOut(groups=groups, items=items, next=following))

    return see(act, noted=True)
