"""The shipped tables of counties and prefectures as divisions."""

from collections.abc import Iterable

from geodata.check import Fault
from geodata.divisions import Division, DivisionLevel
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Row, Table

PROVINCE = "530000"
CENSUS_YEAR = 2020


def parse_divisions(counties: Table, prefectures: Table) -> tuple[Division, ...]:
    """Return province, prefectures and counties; what is above the county is summed up.

    Raises
    ------
    RefusedInputError
        A figure is missing or absurd in either table.
    """
    faults: list[Fault] = []
    hubs = {row["hub_county_adcode"]: row for row in prefectures.rows}
    found = [
        _county(CellReader(counties.name, row, faults), hubs.get(row["adcode"]))
        for row in counties.rows
    ]
    groups = [
        _prefecture(
            CellReader(prefectures.name, row, faults),
            [county for county in found if county.parent == row["prefecture_adcode"]],
        )
        for row in prefectures.rows
    ]
    if faults:
        raise RefusedInputError("divisions", faults)
    capital = next(group for group in groups if group.adcode == "530100")
    province = _sum(
        found,
        adcode=PROVINCE,
        names=("云南省", "Yunnan"),
        level=DivisionLevel.PROVINCE,
        parent=None,
        seat=(capital.seat_lon, capital.seat_lat),
        hub=(capital.hub_lon, capital.hub_lat),
    )
    return (province, *groups, *found)


def _count(cells: CellReader, column: str) -> int:
    return cells.integer(column, low=0, high=20_000_000, required=True) or 0


def _degrees(cells: CellReader, lon: str, lat: str) -> tuple[float, float]:
    return (
        cells.number(lon, low=97, high=107, required=True) or 0.0,
        cells.number(lat, low=21, high=30, required=True) or 0.0,
    )


def _county(cells: CellReader, hub_row: Row | None) -> Division:
    """Read one county; its hub is that of its prefecture where that lies in it."""
    row = cells.row
    seat = _degrees(cells, "seat_lon", "seat_lat")
    hub = seat
    if hub_row is not None:
        hub = float(hub_row["hub_lon"]), float(hub_row["hub_lat"])
    return Division(
        adcode=row["adcode"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        level=DivisionLevel.COUNTY,
        parent=row["prefecture_adcode"],
        seat_lon=seat[0],
        seat_lat=seat[1],
        hub_lon=hub[0],
        hub_lat=hub[1],
        population=_count(cells, "population_2020"),
        women_15_49=_count(cells, "female_15_49_2020"),
        women_35_49=_count(cells, "female_35_49_2020"),
        births=_count(cells, "births_est"),
        births_year=_count(cells, "births_est_year"),
        births_census=_count(cells, "births_census_2020"),
        births_census_year=CENSUS_YEAR,
        area_km2=cells.number("area_km2", low=1, high=50_000, required=True) or 0.0,
        relief_m=_count(cells, "relief_p5_p95_m"),
        is_prefecture_seat=row["is_prefecture_seat"] == "1",
    )


def _prefecture(cells: CellReader, counties: list[Division]) -> Division:
    row = cells.row
    return _sum(
        counties,
        adcode=row["prefecture_adcode"],
        names=(row["name_zh"], row["name_en"]),
        level=DivisionLevel.PREFECTURE,
        parent=PROVINCE,
        seat=_degrees(cells, "seat_lon", "seat_lat"),
        hub=_degrees(cells, "hub_lon", "hub_lat"),
    )


def _sum(
    counties: Iterable[Division],
    *,
    adcode: str,
    names: tuple[str, str],
    level: DivisionLevel,
    parent: str | None,
    seat: tuple[float, float],
    hub: tuple[float, float],
) -> Division:
    """Return a division above the county with the sums of its counties."""
    parts = tuple(counties)
    return Division(
        adcode=adcode,
        name_zh=names[0],
        name_en=names[1],
        level=level,
        parent=parent,
        seat_lon=seat[0],
        seat_lat=seat[1],
        hub_lon=hub[0],
        hub_lat=hub[1],
        population=sum(part.population for part in parts),
        women_15_49=sum(part.women_15_49 for part in parts),
        women_35_49=sum(part.women_35_49 for part in parts),
        births=sum(part.births for part in parts),
        births_year=max((part.births_year for part in parts), default=CENSUS_YEAR),
        births_census=sum(part.births_census for part in parts),
        births_census_year=CENSUS_YEAR,
        area_km2=round(sum(part.area_km2 for part in parts), 1),
        relief_m=None,
        is_prefecture_seat=False,
    )
