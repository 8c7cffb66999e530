"""Counts for commissions and analysts: right place, files kept, scars, what waits; nobody is named.

R-IND-06, 09, 10 and 11 over rows of the database, and the share of files that the other county has
said it knows (P-14). What nobody knows is counted as unknown and is in neither side of a share.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from app.accounts.states import area_of
from app.case_files.counts import store as store
from app.case_files.counts.store import BirthRow, KeptRow
from app.case_files.lists import DueList, Register, condition_of, in_register, inside
from app.case_files.registers.sites import has_theatre, is_site
from app.case_files.states import FOLLOWED
from app.case_files.tables import CaseFile
from app.engine import Engine
from app.work import Work
from facilities.capability import Trust
from facilities.centre import Facility, MaternalLevel
from routing.care.days import day_of, day_zero_of
from routing.care.indicators import (
    Birth,
    Count,
    FileKept,
    Place,
    ScarBirth,
    file_completeness,
    right_place,
    scar_uterus,
)
from routing.triage.rows import Colour

__all__ = ["Counted", "Registered", "count_files"]

Row = TypeVar("Row", BirthRow, KeptRow, tuple[str, bool])


@dataclass(frozen=True, slots=True)
class Registered:
    """How many are in a register, and of how many nobody knows."""

    yes: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of one area.

    ``births`` are births of the time, twins one; of ``week_unknown`` and ``colour_unknown`` nobody
    knows the week or the colour, and the levels of the hospital of ``levels_assumed`` come from the
    profile of its tier. ``scar_unknown`` are births of women of whom nobody knows whether they had
    a caesarean. ``files`` were orange, red or purple.
    """

    area: str
    births: int
    week_unknown: int
    colour_unknown: int
    levels_assumed: int
    right_place: Mapping[str, Count]
    scar_births: int
    scar_unknown: int
    scar_uterus: Mapping[str, Count]
    files: int
    kept: Mapping[str, Count]
    verified: Count
    worklists: Mapping[str, int]
    registers: Mapping[str, Registered]


def count_files(
    work: Work, engine: Engine, since: datetime, until: datetime, *, by_prefecture: bool = False
) -> tuple[Counted, Sequence[Counted]]:
    """Return the counts of the area of the actor, and of each county or prefecture in it.

    Births of the time, files opened and women registered in it; lists and registers as of now.
    """
    area = area_of(work.actor)
    whole = area.ljust(6, "0")
    scope = and_(col(CaseFile.province) == work.actor.province, inside(whole))
    found = _Found.of(work, scope, since, until)
    divisions = engine.registry.divisions
    counties = [code for code in sorted(engine.county_codes) if code.startswith(area)]
    parts: dict[str, list[str]] = {}
    for one in counties:
        parts.setdefault(divisions.prefecture_of(one) if by_prefecture else one, []).append(one)
    return (
        found.counted(engine, whole, counties),
        [found.counted(engine, code, those) for code, those in parts.items()],
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that is counted, by county."""

    births: Mapping[str, Sequence[BirthRow]]
    kept: Mapping[str, Sequence[KeptRow]]
    verified: Mapping[str, Sequence[tuple[str, bool]]]
    worklists: Mapping[str, Mapping[str, int]]
    registers: Mapping[str, Sequence[Mapping[str, int]]]

    @classmethod
    def of(
        cls, work: Work, scope: ColumnElement[bool], since: datetime, until: datetime
    ) -> "_Found":
        session = work.session
        followed = and_(scope, col(CaseFile.status).in_(FOLLOWED))
        return cls(
            births=_apart(store.births(session, scope, since, until)),
            kept=_apart(store.kept_files(session, scope, since, until)),
            verified=_apart(store.two_counties(session, scope, since, until)),
            worklists={
                due.value: store.by_county(session, scope, condition_of(due, work.now))
                for due in DueList
            },
            registers={
                one.value: tuple(
                    store.by_county(session, followed, condition)
                    for condition in in_register(one, day_of(work.now))
                )
                for one in Register
            },
        )

    def counted(self, engine: Engine, area: str, counties: Collection[str]) -> Counted:
        births = _together(self.births, counties)
        scars = [row for row in births if row.previous_caesarean]
        kept = [FileKept(*row[1:]) for row in _together(self.kept, counties)]
        places = [_facility(engine, row.facility_id) for row in births]
        judged = [_birth(row, place) for row, place in zip(births, places, strict=True)]
        verified = Counter(there for _, there in _together(self.verified, counties))
        return Counted(
            area=area,
            births=len(births),
            week_unknown=sum(one.ga_days is None for one in judged),
            colour_unknown=sum(one.colour is None for one in judged),
            levels_assumed=sum(
                one is not None and one.level_trust is Trust.ASSUMED for one in places
            ),
            right_place=right_place(judged),
            scar_births=len(scars),
            scar_unknown=sum(row.previous_caesarean is None for row in births),
            scar_uterus=scar_uterus(_scar_birth(engine, row) for row in scars),
            files=len(kept),
            kept=file_completeness(kept),
            verified=Count(verified[True], verified.total()),
            worklists={name: _sum(found, counties) for name, found in self.worklists.items()},
            registers={
                name: Registered(_sum(yes, counties), _sum(unknown, counties))
                for name, (yes, unknown) in self.registers.items()
            },
        )


def _apart(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    """Return rows by the county that each begins with."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def _together(rows: Mapping[str, Sequence[Row]], counties: Collection[str]) -> Sequence[Row]:
    return [row for county in counties for row in rows.get(county, ())]


def _sum(found: Mapping[str, int], counties: Collection[str]) -> int:
    return sum(found.get(county, 0) for county in counties)


def _facility(engine: Engine, facility_id: str | None) -> Facility | None:
    known = facility_id is not None and facility_id in engine.registry
    return engine.registry.get(facility_id) if known and facility_id is not None else None


def _birth(row: BirthRow, facility: Facility | None) -> Birth:
    due = None if row.due_date is None else date.fromisoformat(row.due_date)
    return Birth(
        ga_days=None if due is None else (day_of(row.at) - day_zero_of(due)).days,
        colour=Colour(row.colour) if row.colour else _uncoloured(row),
        place=None
        if facility is None
        else Place(
            facility.grade,
            MaternalLevel.M0 if facility.maternal_level is None else facility.maternal_level,
            facility.neonatal_level,
        ),
    )


def _uncoloured(row: BirthRow) -> Colour | None:
    return Colour.GREEN if row.screening == "negative" else None


def _scar_birth(engine: Engine, row: BirthRow) -> ScarBirth:
    facility = _facility(engine, row.facility_id)
    return ScarBirth(
        ruptured=row.ruptured,
        at_theatre=None if facility is None else has_theatre(facility),
        trial=row.trial_of_labour,
        eligible_site=None if facility is None else is_site(engine, facility),
    )
