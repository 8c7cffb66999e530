"""What is doubtful or missing in a registry; ``doctor`` shows it, nothing is hidden by it."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from facilities.centre import FacilityStatus
from facilities.phones import coordinator_of
from facilities.registry import Registry
from facilities.whereabouts import FALLBACKS


class QualityCode(StrEnum):
    """What can be doubtful about facilities."""

    NO_PHONE = "no_phone"
    POINT_IS_FALLBACK = "point_is_fallback"
    LISTED_FROM_MEMORY = "listed_from_memory"
    PLACEHOLDER = "placeholder"
    DUPLICATE_NAME = "duplicate_name"
    PLACE_WITHOUT_CAPABILITY = "place_without_capability"
    CATCHMENT_WITHOUT_LEVEL = "catchment_without_level"


@dataclass(frozen=True, slots=True)
class QualityIssue:
    """One kind of doubt and the facilities it is about, in the order of their ids."""

    code: QualityCode
    facility_ids: tuple[str, ...]


def centres_without_phone(registry: Registry) -> tuple[str, ...]:
    """Return the rescue centres nobody could ring for one of the patients they take."""
    return tuple(
        facility.facility_id
        for facility in registry.facilities
        if facility.is_rescue_centre
        and (
            (facility.takes_mothers and not registry.phone_of(facility.facility_id, "maternal"))
            or (facility.takes_newborns and not registry.phone_of(facility.facility_id, "newborn"))
        )
    )


def has_province_duty_number(registry: Registry) -> bool:
    """Whether the last resort of every answer, the province's coordinator, can be rung."""
    return coordinator_of(registry.phones_of(registry.divisions.province.adcode)) is not None


def counties_without_coordinator(registry: Registry) -> tuple[str, ...]:
    """Return the counties for which no duty number of any level is recorded."""
    return tuple(
        county.adcode
        for county in registry.divisions.counties
        if registry.coordinator_phone(county.adcode) is None
    )


def quality(registry: Registry) -> tuple[QualityIssue, ...]:
    """Return every kind of doubt that occurs, in the order of :class:`QualityCode`."""
    found: dict[QualityCode, list[str]] = {code: [] for code in QualityCode}
    found[QualityCode.NO_PHONE] += centres_without_phone(registry)
    names: defaultdict[str, list[str]] = defaultdict(list)
    for facility in registry.facilities:
        names[facility.name_zh].append(facility.facility_id)
        if facility.coord_quality in FALLBACKS:
            found[QualityCode.POINT_IS_FALLBACK].append(facility.facility_id)
        if facility.status is FacilityStatus.LISTED_FROM_MEMORY:
            found[QualityCode.LISTED_FROM_MEMORY].append(facility.facility_id)
        if facility.is_placeholder:
            found[QualityCode.PLACEHOLDER].append(facility.facility_id)
        if any(
            pool.kind.capability not in facility.capabilities
            for pool in registry.pools_of(facility.facility_id)
        ):
            found[QualityCode.PLACE_WITHOUT_CAPABILITY].append(facility.facility_id)
    for ids in names.values():
        found[QualityCode.DUPLICATE_NAME] += ids if len(ids) > 1 else []
    found[QualityCode.CATCHMENT_WITHOUT_LEVEL] += _without_level(registry)
    return tuple(QualityIssue(code, tuple(sorted(set(ids)))) for code, ids in found.items() if ids)


def _without_level(registry: Registry) -> list[str]:
    """Return the centres to which a county is assigned although they have no such level."""
    return [
        row.facility_id
        for row in registry.catchments.imported
        if row.facility_id not in registry
        or not (
            registry.get(row.facility_id).takes_mothers
            if row.kind == "M"
            else registry.get(row.facility_id).takes_newborns
        )
    ]
