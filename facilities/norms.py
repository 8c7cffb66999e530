"""What a maternal rescue centre of a level should have, and what a county should have.

Norms are shown beside what is there; none of them ever takes a centre out of the routing
(R-CENTRE-15). Bed minima of newborn centres were not found and are not invented (R-CENTRE-16).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from facilities.capability import Trust
from facilities.capacity import PlaceKind
from facilities.centre import Facility
from facilities.registry import Registry
from geodata.io import read_table

NormStatus = Literal["met", "below", "below_reference", "unknown"]

LARGE_COUNTY = 300_000
"""R-CENTRE-18: from this population a county keeps two institutions that deliver babies."""


@dataclass(frozen=True, slots=True)
class Norm:
    """One row of ``norms.csv``; ``minimum`` is that of M1, M2 and M3."""

    rule: str
    item: str
    minimum: tuple[int, int, int]
    reference_only: bool
    source: str
    source_status: str


@dataclass(frozen=True, slots=True)
class NormRow:
    """One norm at one centre; ``found`` None where nobody told us."""

    facility_id: str
    rule: str
    item: str
    minimum: int
    found: int | None
    assumed: bool
    status: NormStatus


@dataclass(frozen=True, slots=True)
class DeliverySites:
    """R-CENTRE-18 in one county: institutions that deliver babies, needed and there."""

    adcode: str
    population: int
    births: int
    needed: int
    facility_ids: tuple[str, ...]
    assumed: bool
    status: NormStatus


@cache
def load_norms() -> tuple[Norm, ...]:
    """Return R-CENTRE-10 to 14."""
    return tuple(
        Norm(
            rule=row["rule"],
            item=row["item"],
            minimum=(int(row["m1"]), int(row["m2"]), int(row["m3"])),
            reference_only=row["reference_only"] == "true",
            source=row["source"],
            source_status=row["source_status"],
        )
        for row in read_table(Path(__file__).parent / "norms.csv").rows
    )


def check_norms(registry: Registry) -> tuple[NormRow, ...]:
    """Return every norm at every maternal rescue centre of the province, level M1 to M3."""
    return tuple(
        _norm_row(registry, facility, norm)
        for facility in registry.facilities
        if facility.is_rescue_centre and not facility.out_of_province
        if (facility.maternal_level or 0) >= 1
        for norm in load_norms()
    )


def delivery_sites(registry: Registry) -> tuple[DeliverySites, ...]:
    """Return for every county how many institutions deliver babies, and how many should."""
    return tuple(
        _sites(registry, county.adcode, county.population, county.births)
        for county in registry.divisions.counties
    )


def _norm_row(registry: Registry, facility: Facility, norm: Norm) -> NormRow:
    minimum = norm.minimum[(facility.maternal_level or 1) - 1]
    found, assumed = _found(registry, facility, norm.item)
    status: NormStatus = "unknown"
    if found is not None:
        below: NormStatus = "below_reference" if norm.reference_only else "below"
        status = "met" if found >= minimum else below
    return NormRow(facility.facility_id, norm.rule, norm.item, minimum, found, assumed, status)


def _found(registry: Registry, facility: Facility, item: str) -> tuple[int | None, bool]:
    """Return what is there and whether that is assumed; beds, births and shares nobody told."""
    if item == "obstetric_rescue_beds":
        pool = registry.pools.get((facility.facility_id, PlaceKind.OB_RESCUE_BED))
        return (pool.in_service, pool.assumed) if pool else (None, True)
    if item == "intensive_care":
        trust = facility.capabilities.get("AICU")
        return (
            (0, facility.level_trust is Trust.ASSUMED)
            if trust is None
            else (
                1,
                trust is Trust.ASSUMED,
            )
        )
    return None, True


def _sites(registry: Registry, adcode: str, population: int, births: int) -> DeliverySites:
    there = [
        facility
        for facility in registry.in_county(adcode)
        if "OB_DELIVERY" in facility.capabilities and not facility.is_placeholder
    ]
    needed = 2 if population >= LARGE_COUNTY else 1
    return DeliverySites(
        adcode=adcode,
        population=population,
        births=births,
        needed=needed,
        facility_ids=tuple(facility.facility_id for facility in there),
        assumed=any(f.capabilities["OB_DELIVERY"] is Trust.ASSUMED for f in there),
        status="met" if len(there) >= needed else "below",
    )
