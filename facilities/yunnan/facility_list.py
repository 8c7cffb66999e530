"""The shipped list of institutions as facilities with assumed profiles."""

from facilities.assume import UNSTATED, ability_of, assumed_pools
from facilities.centre import Facility, FacilityStatus, Grade, Kind, Tier
from facilities.profile import NO_PROFILE, Profiles
from facilities.registry import FacilityRow
from geodata.check import Fault
from geodata.divisions import Divisions
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Row, Table

GRADES = {"一级": Grade.G1, "二级": Grade.G2, "三级": Grade.G3}
_REAL_CANDIDATES = (Kind.GENERAL, Kind.MCH, Kind.CHILDREN)


def parse_list(
    table: Table, *, divisions: Divisions, profiles: Profiles
) -> tuple[FacilityRow, ...]:
    """Read the list of institutions.

    Parameters
    ----------
    table : Table
        ``facilities/yunnan/facilities.csv``; ``level`` is the grade as the list writes it,
        ``county_profile`` says which general hospital of a county takes the county profile.
    divisions : Divisions
        What county codes exist.
    profiles : Profiles
        What is assumed of each tier and kind. ``candidate_rescue_centre`` 0 takes away the
        level, and with it the profile of a hospital that would have one.

    Raises
    ------
    RefusedInputError
        Lists every unknown code and every id given twice.
    """
    faults: list[Fault] = []
    rows: list[FacilityRow] = []
    seen: set[str] = set()
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        before = len(faults)
        if row["facility_id"] in seen:
            cells.fault("facility_id", "duplicate", "once")
        seen.add(row["facility_id"])
        _check(cells, divisions)
        if len(faults) == before:
            rows.append(_facility(row, divisions, profiles))
    if faults:
        raise RefusedInputError(table.name, faults)
    return tuple(rows)


def _check(cells: CellReader, divisions: Divisions) -> None:
    cells.text("facility_id", required=True)
    cells.text("name_zh", required=True)
    cells.text("name_en", required=True)
    cells.county("county_adcode", divisions.is_county, required=True)
    cells.choice("tier", tuple(Tier), required=True)
    cells.choice("kind", tuple(Kind), required=True)
    cells.choice("status", tuple(FacilityStatus), required=True)
    cells.choice("candidate_rescue_centre", ("0", "1"), required=True)
    cells.choice("county_profile", ("first", "other"))
    cells.number("lon", low=97, high=107, required=True)
    cells.number("lat", low=21, high=30, required=True)


def _facility(row: Row, divisions: Divisions, profiles: Profiles) -> FacilityRow:
    facility_id, tier, kind = row["facility_id"], Tier(row["tier"]), Kind(row["kind"])
    key = profiles.key_of(facility_id, tier=tier, kind=kind, first=row["county_profile"] != "other")
    if row["candidate_rescue_centre"] == "0" and kind in _REAL_CANDIDATES:
        key = NO_PROFILE
    profile = profiles.get(key)
    ability = ability_of(UNSTATED, profile)
    facility = Facility(
        facility_id=facility_id,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        county=row["county_adcode"],
        prefecture=divisions.prefecture_of(row["county_adcode"]),
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        coord_quality=row["coord_quality"],
        tier=tier,
        kind=kind,
        grade=GRADES.get(row["level"][:2]),
        maternal_level=ability.maternal,
        neonatal_level=ability.neonatal,
        ward_level=ability.ward,
        level_trust=ability.trust,
        capabilities=ability.capabilities,
        phone=None,
        status=FacilityStatus(row["status"]),
        designation=row["rescue_designation"],
        source=row["source"],
        profile=key,
    )
    return FacilityRow(facility, assumed_pools(facility_id, ability, UNSTATED, profile))
