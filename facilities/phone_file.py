"""``phones.csv``: numbers of facilities and of the duty officers of a division."""

import re

from facilities.level_cells import NONE
from facilities.phones import Phone, PhoneRole
from facilities.registry import Registry
from facilities.row_ids import read_known_id
from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Table

COLUMNS = ("facility_id", "role", "phone", "hours")
REQUIRED = ("facility_id", "role", "phone")
DIVISION_ROLES = (PhoneRole.COORDINATOR, PhoneRole.DUTY, PhoneRole.EMS120)

_NUMBER = re.compile(r"\+?[0-9(（][0-9 ()（）/、;,转\-—.#*]{1,38}[0-9)）]?")


def parse_phones(table: Table, *, registry: Registry) -> tuple[Phone, ...]:
    """Read the numbers of a table.

    Parameters
    ----------
    table : Table
        Columns of :data:`COLUMNS`; ``facility_id`` holds a facility or the code of the
        province, a prefecture or a county, whose ``coordinator`` is the officer on duty.
    registry : Registry
        What facilities and divisions there are.

    Raises
    ------
    RefusedInputError
        Lists every fault: unknown id or role, something that is no number, a line twice.
    """
    faults: list[Fault] = table.column_faults(
        required=REQUIRED, optional=[c for c in COLUMNS if c not in REQUIRED]
    )
    phones: list[Phone] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        before = len(faults)
        owner = _owner(cells, registry)
        role = cells.choice("role", tuple(PhoneRole), required=True)
        number = read_number(cells, "phone", required=True)
        hours = cells.text("hours", limit=50) or ""
        if owner in registry.divisions and role is not None and role not in DIVISION_ROLES:
            cells.fault("role", "not_of_a_division", ";".join(DIVISION_ROLES))
        key = (row["facility_id"], row["role"], row["phone"])
        if key in seen:
            cells.fault("phone", "duplicate", f"once; first on line {seen[key]}")
        seen.setdefault(key, row.line)
        if len(faults) == before and owner is not None and role is not None and number:
            phones.append(Phone(owner, PhoneRole(role), number, hours))
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(phones)


def read_number(cells: CellReader, column: str, *, required: bool = False) -> str | None:
    """Read a telephone number; ``none`` is let through where a number is not required."""
    number = cells.text(column, required=required, limit=40)
    if number is None or (number == NONE and not required):
        return None
    digits = sum(char.isdigit() for char in number)
    if not _NUMBER.fullmatch(number) or digits < 3:
        cells.fault(column, "not_a_phone_number", "3 to 40 digits, spaces, + - ( )")
        return None
    return number


def _owner(cells: CellReader, registry: Registry) -> str | None:
    """Read whose number it is: a division of the data set or a facility."""
    if cells.row["facility_id"] in registry.divisions:
        return cells.row["facility_id"]
    return read_known_id(cells, registry)
