"""Counts of case files over HTTP, by county or prefecture; nothing says who anybody is."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.case_files.counts.counting import Counted, count_files
from app.deps import EngineNowDep
from app.documents import ParameterError
from app.performing import Done, LookDep
from app.work import Work
from geodata.check import Fault
from routing.care.days import day_begins, day_of
from routing.care.indicators import Count

__all__ = ["router"]

router = APIRouter(tags=["reports"])

YEAR = timedelta(days=365)
"""What is counted where no time is said, up to today; assumed."""
LONGEST = timedelta(days=5 * 366)


class CountOut(BaseModel):
    """``events`` among ``of``; ``unknown`` are in neither.

    ``rate`` is None with fewer than 30 in ``of`` or fewer than 5 events (R-IND-10).
    """

    events: int
    of: int
    unknown: int
    rate: float | None


class RegisteredOut(BaseModel):
    """How many are in a register, and of how many nobody knows."""

    yes: int
    unknown: int


class CaseFileCountsOut(BaseModel):
    """Counts of one area: ``right_place`` R-IND-06, ``kept`` R-IND-09, ``scar_uterus`` R-IND-11.

    Of ``births`` (twins are one) nobody knows the week of ``week_unknown`` and the colour of
    ``colour_unknown``; the levels of the hospital of ``levels_assumed`` come from the profile of
    its tier. ``verified`` are files that the other county says it knows. Worklists and registers
    are those of now.
    """

    area: str
    births: int
    week_unknown: int
    colour_unknown: int
    levels_assumed: int
    right_place: Mapping[str, CountOut]
    scar_births: int
    scar_unknown: int
    scar_uterus: Mapping[str, CountOut]
    files: int
    kept: Mapping[str, CountOut]
    verified: CountOut
    worklists: Mapping[str, int]
    registers: Mapping[str, RegisteredOut]


class CaseFileReportOut(BaseModel):
    """The counts of your area, and of every county or prefecture in it; ``until`` is not in it."""

    since: date
    until: date
    total: CaseFileCountsOut
    items: Sequence[CaseFileCountsOut]


@router.get("/reports/case-files", response_model=CaseFileReportOut)
def report_case_files(
    see: LookDep,
    engine_now: EngineNowDep,
    by: Annotated[Literal["county", "prefecture"], Query()] = "county",
    since: Annotated[date | None, Query(description="a year before until")] = None,
    until: Annotated[date | None, Query(description="tomorrow; the day itself is left out")] = None,
) -> Response:
    """Count births at the right place, files kept, scars, and what waits, in your area."""
    engine = engine_now()

    def act(work: Work) -> Done:
        last = until or day_of(work.now) + timedelta(days=1)
        first = since or last - YEAR
        if not timedelta() < last - first <= LONGEST:
            raise ParameterError(
                Fault("request", None, "since", "", "out_of_range", "before until, within 5 years")
            )
        total, parts = count_files(
            work, engine, day_begins(first), day_begins(last), by_prefecture=by == "prefecture"
        )
        items = [_out(one) for one in parts]
        return Done(CaseFileReportOut(since=first, until=last, total=_out(total), items=items))

    return see(act)


def _out(found: Counted) -> CaseFileCountsOut:
    shares = {
        name: {key: _count(one) for key, one in getattr(found, name).items()}
        for name in ("right_place", "scar_uterus", "kept")
    }
    return CaseFileCountsOut.model_validate(
        asdict(found) | shares | {"verified": _count(found.verified)}
    )


def _count(one: Count) -> CountOut:
    return CountOut(events=one.events, of=one.births, unknown=one.unknown, rate=one.rate)
