"""Tables of the installation as header and rows, ready to be written."""

from typing import TypeAlias

from app.documents import DocumentError
from app.engine import Engine
from facilities.io import (
    capacity_rows,
    catchment_rows,
    facility_rows,
    phone_rows,
    template_rows,
)
from facilities.policy import PolicySide, policy_check
from geodata.check import Fault
from geodata.io import Cell

__all__ = ["Sheet", "sheet_of", "template_of"]

Sheet: TypeAlias = tuple[tuple[str, ...], list[list[Cell]]]

PLACE_COLUMNS = (
    "place_id",
    "name_zh",
    "county_adcode",
    "lon",
    "lat",
    "crs",
    "births",
    "minutes_to_seat",
)
TIME_COLUMNS = ("origin_id", "facility_id", "minutes", "low", "high", "km", "method", "reason")
POLICY_COLUMNS = (
    "adcode",
    "name_zh",
    "name_en",
    "level",
    "maternal",
    "maternal_facilities",
    "newborn",
    "newborn_facilities",
)
LISTED = ";"


def sheet_of(engine: Engine, name: str) -> Sheet:
    """Return one table of the installation; what is assumed stays an empty cell."""
    match name:
        case "facilities":
            return facility_rows(engine.registry)
        case "capacity":
            return capacity_rows(engine.registry)
        case "phones":
            return phone_rows(engine.registry)
        case "catchment":
            return catchment_rows(engine.registry)
        case "places":
            return PLACE_COLUMNS, _places(engine)
        case "times":
            return TIME_COLUMNS, _times(engine)
        case "policy":
            return POLICY_COLUMNS, _policy(engine)
    raise ValueError(f"no table {name!r}")


def template_of(name: str) -> Sheet:
    """Return the columns of a table that can be imported, with an example row."""
    if name == "places":
        row: list[Cell] = ["EXAMPLE-1", "某镇", "530829", 99.59, 22.64, "wgs84", 120, 35]
        return PLACE_COLUMNS, [row]
    try:
        return template_rows(name)
    except KeyError:
        fault = Fault("export", None, "template", name, "unknown_code", "a table of `import`")
        raise DocumentError(fault) from None


def _places(engine: Engine) -> list[list[Cell]]:
    return [
        [
            place.place_id,
            place.name_zh,
            place.county,
            place.lon,
            place.lat,
            None if place.lon is None else "wgs84",
            place.births,
            place.minutes_to_seat,
        ]
        for place in engine.places.values()
    ]


def _times(engine: Engine) -> list[list[Cell]]:
    """Return the times by day in January from every county to every rescue centre."""
    from geodata.conditions import Conditions

    rows: list[list[Cell]] = []
    centres = [f.facility_id for f in engine.registry.facilities if f.is_rescue_centre]
    for county in engine.registry.divisions.counties:
        site = engine.estimate.county_site(county.adcode)
        times = engine.network.times_from(site, Conditions(month=1))
        for centre in centres:
            found = times.between(county.adcode, centre)
            minutes = [
                None if s is None else round(s / 60, 2)
                for s in (found.expected_s, found.low_s, found.high_s)
            ]
            km = None if found.distance_m is None else found.distance_m / 1000
            # A pair without time has neither minutes nor method, only the reason.
            method = found.method if found.reason is None else None
            rows.append([county.adcode, centre, *minutes, km, method, found.reason])
    return rows


def _policy(engine: Engine) -> list[list[Cell]]:
    def side(found: PolicySide) -> list[Cell]:
        return [found.status, LISTED.join(found.facility_ids)]

    return [
        [row.adcode, row.name_zh, row.name_en, row.level, *side(row.maternal), *side(row.newborn)]
        for row in policy_check(engine.registry)
    ]
