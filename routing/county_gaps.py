"""What each county lacks: a centre within the time of the rule, and rescue beds against the norm.

From the seat of a county to the nearest centre of each level and above that works, wherever it
lies, by day on dry roads (R-IND-01); the limit is that of comprehensive care (R-TIME-02). That a
county has a centre of the first level is mostly assumed; the way to the second is what is known.
Beds are those of the maternal centres in the county against the norm of their level (R-CENTRE-13).
A county without a centre owes the beds of one of level M1 (R-CENTRE-01).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from facilities.capacity import PlaceKind
from facilities.centre import Facility, FacilityStatus
from facilities.norms import load_norms
from facilities.registry import Registry
from geodata.conditions import Conditions
from geodata.estimate import RoadEstimate
from geodata.travel_time import TravelTimes
from routing.network import FacilityNetwork

__all__ = ["WITHIN_MIN", "BedGap", "CountyGap", "ReachGap", "county_gaps"]

WITHIN_MIN: Final = 120
"""R-TIME-02: sources disagree; the figure of the product."""
LEVELS: Final = (1, 2, 3)
SECONDS: Final = 60
MONTH: Final = 1
"""A dry month by day: what no weather lengthens is lacking in every other as well."""
BEDS: Final = "obstetric_rescue_beds"
PER: Final = 1000

Reach = Literal["within", "beyond", "none"]
Beds = Literal["met", "below", "unknown"]


@dataclass(frozen=True, slots=True)
class ReachGap:
    """The nearest centre of a level and the minutes to it; None where none can be reached."""

    level: int
    status: Reach
    facility_id: str | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class BedGap:
    """Rescue beds in a county against the norm; ``found`` None where nobody has told."""

    status: Beds
    found: int | None
    needed: int
    per_1000_births: float | None
    assumed: bool


@dataclass(frozen=True, slots=True)
class CountyGap:
    """One county."""

    adcode: str
    births: int
    maternal: tuple[ReachGap, ...]
    newborn: tuple[ReachGap, ...]
    beds: BedGap


def county_gaps(
    registry: Registry, network: FacilityNetwork, estimate: RoadEstimate
) -> tuple[CountyGap, ...]:
    """Return every county in the order of its code."""
    working = [one for one in registry.facilities if _works(one)]
    mothers = [(network.row_of[one.facility_id], one.maternal_level or 0) for one in working]
    babies = [(network.row_of[one.facility_id], one.neonatal_level or 0) for one in working]
    found = []
    for county in registry.divisions.counties:
        times = network.times_from(estimate.county_site(county.adcode), Conditions(month=MONTH))
        found.append(
            CountyGap(
                county.adcode,
                county.births,
                _reach(network, times, mothers),
                _reach(network, times, babies),
                _beds(registry, county.adcode, county.births),
            )
        )
    return tuple(found)


def _works(facility: Facility) -> bool:
    is_closed = facility.status is FacilityStatus.SUSPENDED or facility.is_placeholder
    return facility.is_rescue_centre and not is_closed


def _reach(
    network: FacilityNetwork, times: TravelTimes, centres: Sequence[tuple[int, int]]
) -> tuple[ReachGap, ...]:
    return tuple(
        _nearest(network, times, level, [row for row, has in centres if has >= level])
        for level in LEVELS
    )


def _nearest(
    network: FacilityNetwork, times: TravelTimes, level: int, rows: Sequence[int]
) -> ReachGap:
    there = [row for row in rows if times.reason[0, row] == 0]
    if not there:
        return ReachGap(level, "none", None, None)
    best = min(there, key=lambda row: (int(times.expected_s[0, row]), network.ids[row]))
    minutes = round(int(times.expected_s[0, best]) / SECONDS)
    status: Reach = "within" if minutes <= WITHIN_MIN else "beyond"
    return ReachGap(level, status, network.ids[best], minutes)


def _beds(registry: Registry, adcode: str, births: int) -> BedGap:
    norm = next(one for one in load_norms() if one.item == BEDS)
    centres = [
        one for one in registry.in_county(adcode) if _works(one) and (one.maternal_level or 0) >= 1
    ]
    needed = sum(norm.minimum[(one.maternal_level or 1) - 1] for one in centres)
    needed = needed or norm.minimum[0]
    pools = [registry.pools.get((one.facility_id, PlaceKind.OB_RESCUE_BED)) for one in centres]
    known = [one for one in pools if one is not None]
    if len(known) < len(pools):
        return BedGap("unknown", None, needed, None, True)
    found = sum(one.in_service for one in known)
    share = round(found * PER / births, 2) if births else None
    status: Beds = "met" if found >= needed else "below"
    return BedGap(status, found, needed, share, any(one.assumed for one in known))
