"""Hospitals outside the province, entered at a hub: nothing about one is ever assumed.

A hub is a city, never a destination (R-ROUTE-11). A hospital there becomes one when a row of
``facilities.csv`` names the hub in ``county_adcode`` and states levels, capabilities and a
telephone number (R-ROUTE-08).
"""

from facilities.assume import Stated
from facilities.centre import Aspect, Facility
from facilities.level_cells import NONE
from facilities.registry import Registry
from geodata.table import CellReader

_HUB_LIKE = "OUT"
_LEVELS = ("maternal_level", "neonatal_level")


def read_area(cells: CellReader, base: Registry) -> str | None:
    """Read ``county_adcode``: a county of ours, or a hub outside."""
    code = cells.text("county_adcode", required=True)
    if code is None or base.hub_at(code) is not None:
        return code
    if base.hubs and code.upper().startswith(_HUB_LIKE):
        known = ";".join(hub.hub_id for hub in base.hubs)
        cells.fault("county_adcode", "unknown_county", f"one of {known}")
        return None
    return cells.county("county_adcode", base.divisions.is_county)


def read_known(cells: CellReader, base: Registry, area: str | None) -> Facility | None:
    """Return the facility of this id so far; an id never crosses the border of the province.

    One of ours that moved would take a centre away from its county, and one from outside
    would bring along a number across the border.
    """
    facility_id = cells.row["facility_id"]
    if base.hub_at(facility_id) is not None:
        cells.fault("facility_id", "duplicate", "an id of its own, not that of a hub")
    if facility_id not in base:
        return None
    known = base.get(facility_id)
    if area is not None and known.out_of_province is (base.hub_at(area) is None):
        cells.fault("facility_id", "duplicate", f"an id of its own; this one is of {known.county}")
        return None
    return known


def check_all_stated(cells: CellReader, stated: Stated, phone: str | None) -> None:
    """Note every column that a row outside must fill, since nothing fills it instead."""
    needed = [*_LEVELS, "capabilities"]
    if stated.neonatal is not None and Aspect.WARD not in stated.aspects:
        needed.append("ward_level")
    for column in needed:
        if not cells.row[column]:
            cells.fault(column, "missing", f"stated, or {NONE}: outside nothing is assumed")
    if phone is None and cells.row["phone"] in ("", NONE):
        cells.fault("phone", "missing", "a number that is answered there")
