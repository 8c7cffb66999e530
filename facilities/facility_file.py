"""``facilities.csv``: institutions with what somebody states about them.

What a cell states is confirmed; an empty level or capability takes the assumed profile; the
word ``none`` states that there is none. Of a hospital outside the province everything is stated.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from facilities.assume import ability_of, assumed_pools
from facilities.centre import Facility
from facilities.institution import counties_with_first, read_institution, read_status
from facilities.level_cells import NONE, read_stated
from facilities.outside import check_all_stated, read_area, read_known
from facilities.phone_file import read_number
from facilities.registry import FacilityRow, Registry
from facilities.row_ids import check_new_id
from facilities.whereabouts import read_whereabouts
from geodata.crs import CRS
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Table

if TYPE_CHECKING:
    from geodata.boundaries import Outlines

COLUMNS = (
    "facility_id",
    "name_zh",
    "name_en",
    "county_adcode",
    "lon",
    "lat",
    "crs",
    "grade",
    "maternal_level",
    "neonatal_level",
    "ward_level",
    "capabilities",
    "phone",
    "designation",
    "status",
    "source",
)
REQUIRED = ("facility_id", "name_zh", "county_adcode")
EXTRA = ("tier", "kind", "profile", "coord_quality")
"""May be left out; an export writes them, so that it can be read again unchanged."""
IMPORTED = "import"


def parse_facilities(
    table: Table,
    *,
    base: Registry,
    outlines: "Outlines",
    crs: CRS | None = None,
    replaces: bool = False,
) -> tuple[FacilityRow, ...]:
    """Read the facilities of a table.

    Parameters
    ----------
    table : Table
        Columns of :data:`COLUMNS`, of which :data:`REQUIRED` must be there, and of
        :data:`EXTRA`. ``county_adcode`` is a county, or a hub outside the province.
    base : Registry
        Gives divisions and profiles, and tier, kind, number, point and names of a facility
        it knows where the row says nothing.
    outlines : Outlines
        Where the counties lie.
    crs : CRS | None
        Of coordinates whose row has none; None refuses such rows.
    replaces : bool
        Whether the rows will stand alone: then a hospital that ``base`` takes for the county
        centre counts as one only if the file names it.

    Returns
    -------
    tuple[FacilityRow, ...]
        In the order of the file, for ``base.with_facilities`` or ``base.replaced_by``.

    Raises
    ------
    RefusedInputError
        Lists every fault of every row: unknown county, level, capability or status, point
        without CRS or more than 5 km outside its county, repeated or example ids; outside the
        province also every level, capability or number not stated, and a point more than
        50 km from the hub.
    """
    faults = table.column_faults(
        required=REQUIRED, optional=[c for c in (*COLUMNS, *EXTRA) if c not in REQUIRED]
    )
    rows: list[FacilityRow] = []
    seen: dict[str, int] = {}
    stay = {row["facility_id"] for row in table.rows} if replaces else None
    has_first = counties_with_first(
        facility for facility in base.facilities if stay is None or facility.facility_id in stay
    )
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        check_new_id(cells, "facility_id", seen)
        facility_row = _read_row(cells, base, outlines, crs, has_first)
        if facility_row is not None:
            rows.append(facility_row)
            has_first |= counties_with_first((facility_row.facility,))
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(rows)


def _read_row(
    cells: CellReader,
    base: Registry,
    outlines: "Outlines",
    crs: CRS | None,
    has_first: Mapping[str, str],
) -> FacilityRow | None:
    """Read one row; None where something is wrong, which is then in ``cells.faults``."""
    before = len(cells.faults)
    row = cells.row
    name = cells.text("name_zh", required=True, limit=100)
    county = read_area(cells, base)
    hub = base.hub_at(county) if county else None
    known = read_known(cells, base, county)
    stated = read_stated(cells)
    first = has_first.get(row["county_adcode"], row["facility_id"]) == row["facility_id"]
    institution = read_institution(
        cells,
        known=known,
        stated=stated,
        profiles=base.profiles,
        first=first,
        outside=hub is not None,
    )
    status = read_status(cells, known=known, stated=stated, kind=institution.kind)
    phone = _phone(row["phone"], read_number(cells, "phone"), known)
    if hub is not None:
        check_all_stated(cells, stated, phone)
    name_en = cells.text("name_en", limit=200) or (known.name_en if known else name)
    designation = cells.text("designation", limit=200) or (known.designation if known else "")
    source = cells.text("source", limit=300)
    if county is None:
        return None
    where = read_whereabouts(
        cells,
        hub or county,
        known=known,
        tier=institution.tier,
        divisions=base.divisions,
        outlines=outlines,
        crs=crs,
    )
    if len(cells.faults) > before or name is None or name_en is None or where is None:
        return None
    profile = base.profiles.get(institution.profile)
    ability = ability_of(stated, profile)
    facility = Facility(
        facility_id=row["facility_id"],
        name_zh=name,
        name_en=name_en,
        county=county,
        prefecture="" if hub else base.divisions.prefecture_of(county),
        lon=where.lon,
        lat=where.lat,
        coord_quality=where.quality,
        tier=institution.tier,
        kind=institution.kind,
        grade=institution.grade,
        maternal_level=ability.maternal,
        neonatal_level=ability.neonatal,
        ward_level=ability.ward,
        level_trust=ability.trust,
        capabilities=ability.capabilities,
        phone=phone,
        status=status,
        designation=designation,
        source=source or (known.source if known and not stated.aspects else IMPORTED),
        profile=institution.profile,
        stated=stated.aspects,
    )
    return FacilityRow(facility, assumed_pools(facility.facility_id, ability, stated, profile))


def _phone(cell: str, number: str | None, known: Facility | None) -> str | None:
    """Return the number; an empty cell keeps the known one, ``none`` takes it away."""
    if cell == NONE:
        return None
    return number or (known.phone if known else None)
