"""Registers over HTTP; every line is a look at her file, and written down."""

import uuid
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from app.case_files.api import NarrowedDep
from app.case_files.lists import Register
from app.case_files.registers import documents as documents
from app.case_files.registers import lists as registers
from app.case_files.registers.sites import TrialSites
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
Line = TypeVar("Line", bound=documents.RegisterLineOut)


class Asked:
    """Which lines of a register, and from where."""

    def __init__(
        self,
        narrowed: NarrowedDep,
        see: LookDep,
        known: Annotated[
            bool | None, Query(description="true: she belongs here; false: nobody knows")
        ] = None,
        only_open: Annotated[bool, Query()] = True,
        cursor: Annotated[str | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LARGEST)] = LIMIT,
    ) -> None:
        self.wanted = registers.Wanted(narrowed=narrowed, known=known, only_open=only_open)
        self._see, self._cursor, self._limit = see, cursor, limit

    def answer(
        self,
        register: Register,
        shown: Callable[[Work, CaseFile], Line],
        page: Callable[[Work, Sequence[Line], str | None], BaseModel],
    ) -> Response:
        """Answer a page; what is in it is read first, so that writing it down keeps nobody waiting.

        ``shown`` makes a line of a file, ``page`` the document of lines and the next cursor.
        """

        def read(work: Work) -> tuple[Sequence[Line], str | None]:
            after = None if self._cursor is None else decode(self._cursor, uuid.UUID)
            most = self._limit + 1
            found = registers.registered(work, register, self.wanted, after=after, most=most)
            files, following = cut(found, lambda one: str(one.id), self._limit)
            return [shown(work, one) for one in files], following

        lines, following = self._see.read(read)

        def act(work: Work) -> Done:
            registers.note_looks(work, register, [one.id for one in lines])
            return Done(page(work, lines, following))

        return self._see(act, noted=True)


AskedDep = Annotated[Asked, Depends()]


@router.get("/registers/from-35", response_model=documents.From35sOut)
def list_from_35(asked: AskedDep) -> Response:
    """List women who are 35 or more on the due date, and who of unknown age may be."""
    return asked.answer(
        Register.FROM_35,
        registers.shown_from_35,
        lambda _, items, following: documents.From35sOut(items=items, next=following),
    )


@router.get("/registers/after-caesarean", response_model=documents.AfterCaesareansOut)
def list_after_caesarean(asked: AskedDep, engine_now: EngineNowDep) -> Response:
    """List women after a caesarean: scar pregnancy, trial of labour, where it may be held."""
    sites = TrialSites(engine_now())
    return asked.answer(
        Register.AFTER_CAESAREAN,
        lambda work, file: registers.shown_after_caesarean(work, file, sites),
        lambda _, items, following: documents.AfterCaesareansOut(items=items, next=following),
    )


@router.get("/worklists/medical-aid", response_model=documents.MedicalAidsOut)
def list_medical_aid(asked: AskedDep) -> Response:
    """List women whose medical aid is to be settled, in the order of registration (R-PAY-02)."""
    return asked.answer(
        Register.MEDICAL_AID,
        registers.shown_medical_aid,
        lambda work, items, following: documents.MedicalAidsOut(
            groups=registers.valid_groups(day_of(work.now)), items=items, next=following
        ),
    )
