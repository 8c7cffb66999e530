"""Ids in imported files: new ones, and those that must be in the registry already."""

import re

from facilities.registry import Registry
from geodata.place_file import EXAMPLE
from geodata.table import CellReader

_ID = re.compile(r"[^\s;,|:+\"'<>&?#/\\]+")
_DIVISION = re.compile(r"\d{6}")


def check_new_id(cells: CellReader, column: str, seen: dict[str, int]) -> None:
    """Refuse ids that are missing, repeated, malformed or those of the template."""
    facility_id = cells.text(column, required=True, limit=100)
    if facility_id is None or refuse_example(cells, column):
        return
    if not _ID.fullmatch(facility_id) or _DIVISION.fullmatch(facility_id):
        cells.fault(column, "malformed_id", "no spaces or ; , | : + / and not a division code")
    if facility_id in seen:
        cells.fault(column, "duplicate", f"once; first on line {seen[facility_id]}")
    seen.setdefault(facility_id, cells.row.line)


def read_known_id(
    cells: CellReader, registry: Registry, *, column: str = "facility_id"
) -> str | None:
    """Return the id of a real institution of the registry; None with a fault noted."""
    facility_id = cells.text(column, required=True, limit=100)
    if facility_id is None or refuse_example(cells, column):
        return None
    if facility_id not in registry:
        cells.fault(column, "unknown_facility", "an id of the registry")
        return None
    if registry.get(facility_id).is_placeholder:
        cells.fault(column, "placeholder", "an institution; import it in facilities.csv first")
        return None
    return facility_id


def refuse_example(cells: CellReader, column: str) -> bool:
    """Note a fault where a row of the template was left in the file."""
    if not cells.row[column].upper().startswith(EXAMPLE):
        return False
    cells.fault(column, "example_row", "an id of your own")
    return True
