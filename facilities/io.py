"""The only reader and writer of files in this package beside its own tables.

Every reader takes a CSV or XLSX file as a whole or refuses it as a whole, with every fault
listed; ``Table.encoding`` says what a file was read as.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from facilities.capacity import Pool
from facilities.capacity_file import parse_capacity
from facilities.catchment import CatchmentRow
from facilities.catchment_file import parse_catchment
from facilities.export import (
    Sheet,
    capacity_rows,
    catchment_rows,
    facility_rows,
    phone_rows,
    staff_rows,
    template_rows,
)
from facilities.facility_file import parse_facilities
from facilities.phone_file import parse_phones
from facilities.phones import Phone
from facilities.registry import FacilityRow, Registry
from facilities.staff import StaffRow
from facilities.staff_file import parse_staff
from geodata.crs import CRS
from geodata.io import csv_text, read_table, xlsx_bytes

if TYPE_CHECKING:
    from geodata.boundaries import Outlines

__all__ = [
    "Sheet",
    "capacity_rows",
    "catchment_rows",
    "facility_rows",
    "parse_capacity",
    "parse_catchment",
    "parse_facilities",
    "parse_phones",
    "parse_staff",
    "phone_rows",
    "read_capacity",
    "read_catchment",
    "read_facilities",
    "read_phones",
    "read_staff",
    "sheet_bytes",
    "sheet_text",
    "staff_rows",
    "template_rows",
]


def read_facilities(
    path: Path,
    *,
    base: Registry,
    outlines: "Outlines",
    crs: CRS | None = None,
    replaces: bool = False,
) -> tuple[FacilityRow, ...]:
    """Read ``facilities.csv``; see :func:`facilities.facility_file.parse_facilities`."""
    return parse_facilities(
        read_table(path), base=base, outlines=outlines, crs=crs, replaces=replaces
    )


def read_capacity(path: Path, *, registry: Registry) -> tuple[Pool, ...]:
    """Read ``capacity.csv``; see :func:`facilities.capacity_file.parse_capacity`."""
    return parse_capacity(read_table(path), registry=registry)


def read_catchment(path: Path, *, registry: Registry) -> tuple[CatchmentRow, ...]:
    """Read ``catchment.csv``; see :func:`facilities.catchment_file.parse_catchment`."""
    return parse_catchment(read_table(path), registry=registry)


def read_phones(path: Path, *, registry: Registry) -> tuple[Phone, ...]:
    """Read ``phones.csv``; see :func:`facilities.phone_file.parse_phones`."""
    return parse_phones(read_table(path), registry=registry)


def read_staff(path: Path, *, registry: Registry) -> tuple[StaffRow, ...]:
    """Read ``staff.csv``; see :func:`facilities.staff_file.parse_staff`."""
    return parse_staff(read_table(path), registry=registry)


def sheet_text(sheet: Sheet) -> str:
    """Return header and rows as CSV text."""
    header, rows = sheet
    return csv_text(header, rows)


def sheet_bytes(sheet: Sheet, *, name: str) -> bytes:
    """Return header and rows as an XLSX workbook of one sheet."""
    header, rows = sheet
    return xlsx_bytes(header, rows, sheet=name)
