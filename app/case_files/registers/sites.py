"""Where a trial of labour may be held, as seen from where a woman lives (R-SCAR-05)."""

from collections.abc import Sequence
from datetime import date

from app.case_files.registers.documents import TrialSiteOut
from app.case_files.tables import CaseFile
from app.engine import Engine
from facilities.capability import Trust
from facilities.centre import Aspect, Facility, FacilityStatus
from geodata.conditions import Conditions
from routing.care.trial_of_labour import State, site_of
from routing.triage.expression import Truth

__all__ = ["TrialSites", "has_theatre", "is_site"]

THEATRE = "CS_24H"
MOST = 5
"""So many are named, the nearest first; assumed."""


def is_site(engine: Engine, facility: Facility) -> Truth:
    """Tell whether a hospital has on site what a trial needs; None where it is only assumed.

    That it lacks something is known, too, only where somebody stated what it has.
    """
    state = site_of(engine.care, facility.capabilities).state
    lacks = False if Aspect.CAPABILITIES in facility.stated else None
    return {State.MET: True, State.UNKNOWN: None, State.NOT_MET: lacks}[state]


def has_theatre(facility: Facility) -> Truth:
    """Tell whether a caesarean can be done there at any hour; None where it is only assumed."""
    trust = facility.capabilities.get(THEATRE)
    if trust is None:
        return False if Aspect.CAPABILITIES in facility.stated else None
    return None if trust is Trust.ASSUMED else True


class TrialSites:
    """The hospitals of a network that are known to be sites; made once for a page."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sites = [
            one
            for one in engine.registry.facilities
            if not one.is_placeholder
            and one.status is not FacilityStatus.SUSPENDED
            and is_site(engine, one)
        ]

    def near(self, file: CaseFile) -> Sequence[TrialSiteOut]:
        """Return the nearest by day in the month of the birth; of unknown way the last."""
        ways = [(self._minutes(file, one.facility_id), one) for one in self._sites]
        ways.sort(key=lambda way: (way[0] is None, way[0] or 0, way[1].facility_id))
        return [
            TrialSiteOut(
                facility_id=one.facility_id, name_zh=one.name_zh, name_en=one.name_en, minutes=way
            )
            for way, one in ways[:MOST]
        ]

    def _minutes(self, file: CaseFile, facility_id: str) -> int | None:
        county, engine = file.residence_county, self._engine
        if file.edd is None or county not in engine.county_codes:
            return None
        month = date.fromisoformat(file.edd).month
        site = engine.estimate.county_site(county)
        times = engine.network.times_from(site, Conditions(month=month))
        row = engine.network.row_of[facility_id]
        return None if times.reason[0, row] else round(int(times.expected_s[0, row]) / 60)
