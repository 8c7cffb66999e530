"""P-13c: whether every prefecture and county has a centre for mothers and one for newborns.

云发〔2016〕28号 article 13 asks for at least one of each; R-CENTRE-01 says the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from facilities.capability import Trust
from facilities.centre import Aspect, Facility, FacilityStatus
from facilities.registry import Registry
from geodata.divisions import Division, DivisionLevel

PolicyStatus = Literal["confirmed", "candidate", "none"]

_LEAST = {DivisionLevel.PREFECTURE: 2, DivisionLevel.COUNTY: 1}
"""Level a centre must have to stand for a prefecture or for a county."""


@dataclass(frozen=True, slots=True)
class PolicySide:
    """Whether a division has a centre for one kind of patient, and which.

    With a confirmed centre only the confirmed ones are named, else the candidates.
    """

    status: PolicyStatus
    facility_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One prefecture or county."""

    adcode: str
    name_zh: str
    name_en: str
    level: str
    maternal: PolicySide
    newborn: PolicySide


def policy_check(registry: Registry) -> tuple[PolicyRow, ...]:
    """Return every prefecture followed by its counties, in the order of their codes.

    Notes
    -----
    A centre counts where it stands, whatever its tier: the prefecture's hospital is a centre
    of the county it lies in too. Levels are M2 or N2 for a prefecture, M1 or N1 for a county.
    Placeholders, suspended centres and hospitals outside the province never count.
    """
    rows: list[PolicyRow] = []
    for prefecture in registry.divisions.prefectures:
        counties = registry.divisions.counties_of(prefecture.adcode)
        inside = [f for county in counties for f in registry.in_county(county.adcode)]
        rows.append(_row(prefecture, inside))
        rows += [_row(county, registry.in_county(county.adcode)) for county in counties]
    return tuple(rows)


def _row(division: Division, facilities: Iterable[Facility]) -> PolicyRow:
    least = _LEAST[division.level]
    there = [
        facility
        for facility in sorted(facilities, key=lambda facility: facility.facility_id)
        if facility.is_rescue_centre and facility.status is not FacilityStatus.SUSPENDED
    ]
    mothers = [f for f in there if (f.maternal_level or 0) >= least]
    newborns = [f for f in there if (f.neonatal_level or 0) >= least]
    return PolicyRow(
        adcode=division.adcode,
        name_zh=division.name_zh,
        name_en=division.name_en,
        level=division.level.value,
        maternal=_side(mothers, Aspect.MATERNAL),
        newborn=_side(newborns, Aspect.NEWBORN),
    )


def _side(centres: list[Facility], aspect: Aspect) -> PolicySide:
    confirmed = [
        f.facility_id for f in centres if f.level_trust is Trust.CONFIRMED or aspect in f.stated
    ]
    if confirmed:
        return PolicySide("confirmed", tuple(confirmed))
    if centres:
        return PolicySide("candidate", tuple(f.facility_id for f in centres))
    return PolicySide("none", ())
