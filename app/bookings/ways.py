"""What a booking asks of the network: how long the way takes, and whether the centre takes her."""

from collections.abc import Iterable, Sequence
from datetime import date

from app.case_files.tables import CaseFile
from app.engine import Engine
from app.roads.service import conditions_of
from app.roads.tables import RoadClosure
from facilities.centre import FacilityStatus, MaternalLevel
from routing.triage.planned import planned_delivery
from routing.triage.rows import PURPLE

__all__ = ["minutes_between", "minutes_for", "minutes_to_all", "takes_her"]

SECONDS = 60


def minutes_between(
    engine: Engine,
    county: str,
    facility_id: str,
    edd: date,
    roads: Sequence[RoadClosure] = (),
) -> int | None:
    """Return the expected minutes from a county to a centre by day in the month of the birth.

    Always of that month: a booking is not looked at again because the seasons turn. ``roads`` are
    closed or slowed, all of them at once.
    """
    network = engine.network
    row = network.row_of.get(facility_id)
    if row is None or county not in engine.county_codes:
        return None
    site = engine.estimate.county_site(county)
    times = network.times_from(site, conditions_of(roads, edd.month))
    if times.reason[0, row] != 0:
        return None
    return round(int(times.expected_s[0, row]) / SECONDS)


def minutes_for(engine: Engine, file: CaseFile, facility_id: str) -> int | None:
    """Return what :func:`minutes_between` does for a file; None too while nobody knows its date."""
    if file.edd is None:
        return None
    edd = date.fromisoformat(file.edd)
    return minutes_between(engine, file.residence_county, facility_id, edd)


def minutes_to_all(
    engine: Engine, county: str, edd: date, roads: Sequence[RoadClosure] = ()
) -> dict[str, int]:
    """Return what :func:`minutes_between` does for every centre for mothers that can be reached."""
    if county not in engine.county_codes:
        return {}
    network = engine.network
    site = engine.estimate.county_site(county)
    times = network.times_from(site, conditions_of(roads, edd.month))
    return {
        facility_id: round(int(times.expected_s[0, row]) / SECONDS)
        for facility_id, row in network.row_of.items()
        if times.reason[0, row] == 0 and _is_maternal(engine, facility_id)
    }


def _is_maternal(engine: Engine, facility_id: str) -> bool:
    facility = engine.registry.get(facility_id)
    return not facility.is_placeholder and facility.takes_mothers


def takes_her(engine: Engine, facility_id: str, *, colour: str, purple: bool) -> bool:
    """Tell whether a centre works and meets the floors of her colour (R-MGMT).

    Levels and grades are those by which births are booked: a grade that nobody recorded is the one
    that the level of the centre implies (R-CENTRE-02).
    """
    facility = engine.registry.get(facility_id) if facility_id in engine.registry else None
    if facility is None or facility.is_placeholder or not facility.takes_mothers:
        return False
    if facility.status is FacilityStatus.SUSPENDED:
        return False
    labels = _labels(colour, purple=purple)
    if not labels:
        return True
    floor = planned_delivery(engine.rules, labels)
    centres, row = engine.network.centres, engine.network.row_of[facility_id]
    return bool(
        centres.grade[row] >= floor.min_institution_grade
        and centres.maternal[row] >= MaternalLevel[floor.min_maternal_level]
    )


def _labels(colour: str, *, purple: bool) -> set[str]:
    found: Iterable[str] = (colour, PURPLE if purple else "")
    return {label for label in found if label}
