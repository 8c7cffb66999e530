"""The monthly exercises over HTTP: counts and times only."""

import re
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.accounts.states import Actor, area_of
from app.clock import LOCAL
from app.deps import EngineDep
from app.documents import ParameterError
from app.performing import Done, LookDep
from app.referrals.drills import schemas as drill_schemas
from app.referrals.drills.report import drills_between
from app.work import Work
from geodata.check import Fault

__all__ = ["month_of", "router"]

router = APIRouter(tags=["reports"])

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@router.get("/reports/drills", response_model=drill_schemas.DrillsOut)
def report_drills(
    engine: EngineDep,
    see: LookDep,
    month: Annotated[
        str | None, Query(description="YYYY-MM; this month where none is said")
    ] = None,
) -> Response:
    """Report the exercises of a month in your area, and the counties that had none."""

    def act(work: Work) -> Done:
        since, until = month_of(month, work.now)
        lines = drills_between(work.session, area_of(work.actor), since, until)
        with_one = {line.county for line in lines}
        counties = _counties(work.actor, engine.county_codes)
        return Done(
            drill_schemas.DrillsOut(
                month=since.astimezone(LOCAL).strftime("%Y-%m"),
                drill=True,
                items=[drill_schemas.DrillOut(**asdict(line)) for line in lines],
                counties_without=[code for code in counties if code not in with_one],
            )
        )

    return see(act)


def _counties(actor: Actor, codes: frozenset[str]) -> list[str]:
    return sorted(code for code in codes if code.startswith(area_of(actor)))


def month_of(said: str | None, now: datetime) -> tuple[datetime, datetime]:
    """Return when a month begins and ends in Yunnan."""
    here = now.astimezone(LOCAL)
    year, month = here.year, here.month
    if said is not None:
        found = MONTH.fullmatch(said)
        if found is None or not 2000 <= int(found[1]) <= 2200:
            raise ParameterError(
                Fault("request", None, "month", said[:20], "wrong_type", "YYYY-MM")
            )
        year, month = int(found[1]), int(found[2])
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=LOCAL), datetime(*following, 1, tzinfo=LOCAL)
