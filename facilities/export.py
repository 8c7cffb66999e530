"""Header and rows of every file of ours, so that what is written can be read again unchanged.

Only what somebody stated is written; what was assumed stays an empty cell and is assumed
again by whoever reads the file.
"""

from collections.abc import Mapping, Sequence

from facilities import capacity_file, catchment_file, facility_file, phone_file, staff_file
from facilities.centre import WARD_OF_CAPABILITY, Aspect, Facility
from facilities.level_cells import NONE
from facilities.registry import Registry
from geodata.io import Cell

Sheet = tuple[tuple[str, ...], list[list[Cell]]]


def facility_rows(registry: Registry) -> Sheet:
    """Return ``facilities.csv`` with the extra columns that keep tier, kind and profile."""
    header = (*facility_file.COLUMNS, *facility_file.EXTRA)
    return header, [_facility(facility) for facility in registry.facilities]


def capacity_rows(registry: Registry) -> Sheet:
    """Return ``capacity.csv``; the free places of an assumed figure stay empty."""
    rows: list[list[Cell]] = [
        [
            pool.facility_id,
            pool.kind.value,
            pool.in_service,
            None if pool.assumed else pool.free,
            pool.free_from.isoformat() if pool.free_from else None,
            pool.as_of.isoformat() if pool.as_of else None,
            pool.source,
        ]
        for pool in registry.pools.values()
    ]
    return capacity_file.COLUMNS, rows


def catchment_rows(registry: Registry) -> Sheet:
    """Return ``catchment.csv``: what was imported, not what is assumed."""
    rows: list[list[Cell]] = [
        [
            row.county,
            row.kind,
            row.rank,
            row.facility_id,
            row.valid_from.isoformat() if row.valid_from else None,
            row.valid_to.isoformat() if row.valid_to else None,
            row.source,
        ]
        for row in registry.catchments.imported
    ]
    return catchment_file.COLUMNS, rows


def phone_rows(registry: Registry) -> Sheet:
    """Return ``phones.csv``."""
    rows: list[list[Cell]] = [
        [phone.facility_id_or_adcode, phone.role.value, phone.phone, phone.hours]
        for phone in registry.phones
    ]
    return phone_file.COLUMNS, rows


def staff_rows(registry: Registry) -> Sheet:
    """Return ``staff.csv``."""
    rows: list[list[Cell]] = [
        [r.facility_id, r.role, r.count, r.as_of.isoformat() if r.as_of else None, r.source]
        for r in registry.staff
    ]
    return staff_file.COLUMNS, rows


def _facility(facility: Facility) -> list[Cell]:
    maternal = facility.maternal_level.name if facility.maternal_level is not None else NONE
    newborn = facility.neonatal_level.name if facility.neonatal_level is not None else NONE
    ward = facility.ward_level.name if facility.ward_level is not None else NONE
    return [
        facility.facility_id,
        facility.name_zh,
        facility.name_en,
        facility.county,
        facility.lon,
        facility.lat,
        "wgs84",
        facility.grade.name if facility.grade is not None else NONE,
        maternal if Aspect.MATERNAL in facility.stated else None,
        newborn if Aspect.NEWBORN in facility.stated else None,
        ward if Aspect.WARD in facility.stated else None,
        _capabilities(facility),
        facility.phone,
        facility.designation,
        facility.status.value,
        facility.source,
        facility.tier.value,
        facility.kind.value,
        facility.profile or NONE,
        facility.coord_quality,
    ]


def _capabilities(facility: Facility) -> str | None:
    """Return the list if somebody stated it; the wards stand in their own column."""
    if Aspect.CAPABILITIES not in facility.stated:
        return None
    codes = [code for code in facility.capabilities if code not in WARD_OF_CAPABILITY]
    return ";".join(codes) or NONE


def template_rows(name: str) -> Sheet:
    """Return header and example rows of one file; an import refuses the examples."""
    return TEMPLATES[name]


def _template(columns: Sequence[str], *rows: Mapping[str, Cell]) -> Sheet:
    return tuple(columns), [[row.get(column) for column in columns] for row in rows]


TEMPLATES: dict[str, Sheet] = {
    "facilities": _template(
        facility_file.COLUMNS,
        {
            "facility_id": "EXAMPLE-1",
            "name_zh": "某县人民医院",
            "name_en": "Some County People's Hospital",
            "county_adcode": "530829",
            "lon": 99.59,
            "lat": 22.64,
            "crs": "wgs84",
            "grade": "G2",
            "maternal_level": "M1",
            "neonatal_level": "N1",
            "ward_level": "L2B",
            "capabilities": "OB_DELIVERY;CS_24H;ANAES_24H;BLOOD_RBC;NEO_RESUS",
            "phone": "0879-0000000",
            "designation": "county rescue centre, document number",
            "status": "confirmed",
            "source": "who confirmed it, and when",
        },
        {
            "facility_id": "EXAMPLE-2",
            "name_zh": "外省某市医院",
            "name_en": "Some Hospital across the Border",
            "county_adcode": "OUT-YB",
            "grade": "G3",
            "maternal_level": "M2",
            "neonatal_level": "none",
            "capabilities": "OB_DELIVERY;CS_24H;ANAES_24H;BLOOD_RBC",
            "phone": "0831-0000000",
            "status": "confirmed",
            "source": "who confirmed it, and when",
        },
    ),
    "capacity": _template(
        capacity_file.COLUMNS,
        {
            "facility_id": "EXAMPLE-1",
            "kind": "OB_RESCUE_BED",
            "in_service": 2,
            "free": 1,
            "free_from": None,
            "as_of": "2026-01-31T08:00:00+08:00",
            "source": "duty desk",
        },
    ),
    "catchment": (
        catchment_file.COLUMNS,
        [["530829", "M", 1, "EXAMPLE-1", "2026-01-01", None, "document of the commission"]],
    ),
    "phones": _template(
        phone_file.COLUMNS,
        {
            "facility_id": "EXAMPLE-1",
            "role": "obstetric",
            "phone": "0879-0000000",
            "hours": "24h",
        },
    ),
    "staff": _template(
        staff_file.COLUMNS,
        {
            "facility_id": "EXAMPLE-1",
            "role": "obstetrician",
            "count": 4,
            "as_of": "2026-01-31",
            "source": "personnel office",
        },
    ),
}
