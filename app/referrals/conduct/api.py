"""How institutions ask and answer, over HTTP: counts by month, without exercises."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.clock import LOCAL
from app.performing import Done, LookDep
from app.referrals.conduct.counting import declines_in, raises_in
from app.referrals.conduct.schemas import DeclinedOut, DeclinesOut, RaisedOut, RaisesOut
from app.referrals.drills.api import month_of
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["reports"])
Month = Annotated[str | None, Query(description="YYYY-MM; this month where none is said")]


@router.get("/reports/raised-priorities", response_model=RaisesOut)
def report_raises(see: LookDep, month: Month = None) -> Response:
    """Count the requests whose priority was raised: yours, or by institution in your area."""

    def act(work: Work) -> Done:
        since, until = month_of(month, work.now)
        items = [RaisedOut(**asdict(one)) for one in raises_in(work, since, until)]
        return Done(RaisesOut(month=_named(since), items=items))

    return see(act)


@router.get("/reports/declines", response_model=DeclinesOut)
def report_declines(see: LookDep, month: Month = None) -> Response:
    """Count the noes by centre and reason: yours, or in your area."""

    def act(work: Work) -> Done:
        since, until = month_of(month, work.now)
        items = [DeclinedOut(**asdict(one)) for one in declines_in(work, since, until)]
        return Done(DeclinesOut(month=_named(since), items=items))

    return see(act)


def _named(since: datetime) -> str:
    return since.astimezone(LOCAL).strftime("%Y-%m")
