"""What each county lacks: a centre within the time of the rule, and rescue beds against the norm.

From the seat of a county to the nearest centre of each level and above that works, wherever it
lies, by day on dry roads (R-IND-01); the limit is that of comprehensive care (R-TIME-02). That a
county has a centre of the first level is mostly assumed; the way to the second is what is known.
Beds are those of the maternal centres in the county against the larger of two (R-CAP-01): the norm
of their level (R-CENTRE-13), and what the births of the county need at the stated use of a bed, or
for all to be busy no more often than stated, which asks for more where births are few. A county
without a centre owes the beds of one of level M1 (R-CENTRE-01).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scipy import special

from facilities.capacity import PlaceKind
from facilities.centre import Facility, FacilityStatus
from facilities.norms import load_norms
from facilities.registry import Registry
from geodata.conditions import Conditions
from geodata.estimate import RoadEstimate
from geodata.travel_time import TravelTimes
from routing.network import FacilityNetwork
from routing.triage.rows import RuleSet

__all__ = ["WITHIN_MIN", "BedGap", "CountyGap", "ReachGap", "beds_for", "county_gaps"]

WITHIN_MIN: Final = 120
"""R-TIME-02: sources disagree; the figure of the product."""
LEVELS: Final = (1, 2, 3)
SECONDS: Final = 60
MONTH: Final = 1
"""A dry month by day: what no weather lengthens is lacking in every other as well."""
BEDS: Final = "obstetric_rescue_beds"
PER: Final = 1000
YEAR_DAYS: Final = 365

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
    """Rescue beds in a county; ``found`` None where nobody has told.

    ``needed`` is the larger of ``by_norm`` and ``by_births``.
    """

    status: Beds
    found: int | None
    needed: int
    by_norm: int
    by_births: int
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
    registry: Registry, network: FacilityNetwork, estimate: RoadEstimate, rules: RuleSet
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
                _beds(registry, rules, county.adcode, county.births),
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


def _beds(registry: Registry, rules: RuleSet, adcode: str, births: int) -> BedGap:
    norm = next(one for one in load_norms() if one.item == BEDS)
    centres = [
        one for one in registry.in_county(adcode) if _works(one) and (one.maternal_level or 0) >= 1
    ]
    by_norm = sum(norm.minimum[(one.maternal_level or 1) - 1] for one in centres)
    by_norm = by_norm or norm.minimum[0]
    by_births = beds_for(rules, births)
    needed = max(by_norm, by_births)
    pools = [registry.pools.get((one.facility_id, PlaceKind.OB_RESCUE_BED)) for one in centres]
    known = [one for one in pools if one is not None]
    if len(known) < len(pools):
        return BedGap("unknown", None, needed, by_norm, by_births, None, True)
    found = sum(one.in_service for one in known)
    share = round(found * PER / births, 2) if births else None
    status: Beds = "met" if found >= needed else "below"
    assumed = any(one.assumed for one in known)
    return BedGap(status, found, needed, by_norm, by_births, share, assumed)


def beds_for(rules: RuleSet, births: int) -> int:
    """Return how many rescue beds so many births a year need (R-CAP-01)."""
    number = rules.numbers
    days = births * number["need_rescue_bed_share"] * number["stay_ob_rescue_bed_days"]
    busy = days / YEAR_DAYS
    used = math.ceil(round(busy / number["need_rescue_bed_occupancy"], 9))
    spread = min(births, 1)
    while special.pdtrc(spread - 1, busy) > number["need_all_busy_share"]:
        spread += 1
    return max(used, spread)
