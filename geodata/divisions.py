"""Province, prefectures and counties: codes, parents, where they are, how many women live there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from geodata.errors import UnknownDivisionError


class DivisionLevel(StrEnum):
    """The three levels of division we know."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Division:
    """One division; points in WGS-84, figures as described by ``column_sources()``.

    ``parent`` is None for the province only. ``seat`` is the government's seat; ``hub`` is
    where the big hospitals are (the seat itself where no better point is known).
    ``births`` is an estimate for ``births_year``, ``births_census`` the count of
    ``births_census_year``. ``relief_m`` is the one of the county table, None above the
    county.
    """

    adcode: str
    name_zh: str
    name_en: str
    level: DivisionLevel
    parent: str | None
    seat_lon: float
    seat_lat: float
    hub_lon: float
    hub_lat: float
    population: int
    women_15_49: int
    women_35_49: int
    births: int
    births_year: int
    births_census: int
    births_census_year: int
    area_km2: float
    relief_m: int | None
    is_prefecture_seat: bool


class Locator(Protocol):
    """Whoever can tell the county of a point."""

    def county_at(self, lon: float, lat: float) -> str | None:
        """Return the county's code, None outside all counties."""
        ...


class Divisions:
    """All divisions of a data set, in the order of their codes.

    Parameters
    ----------
    divisions : Iterable[Division]
        One province, its prefectures and counties.
    locator : Callable[[], Locator]
        Gives the outlines when a point is asked for the first time.
    """

    __slots__ = ("_by_code", "_locator", "all", "counties", "prefectures", "province")

    def __init__(self, divisions: Iterable[Division], *, locator: Callable[[], Locator]) -> None:
        self.all = tuple(sorted(divisions, key=lambda division: division.adcode))
        self._by_code = {division.adcode: division for division in self.all}
        self._locator = locator
        self.counties = self._of(DivisionLevel.COUNTY)
        self.prefectures = self._of(DivisionLevel.PREFECTURE)
        (self.province,) = self._of(DivisionLevel.PROVINCE)

    def _of(self, level: DivisionLevel) -> tuple[Division, ...]:
        return tuple(division for division in self.all if division.level is level)

    def get(self, adcode: str) -> Division:
        """Return the division with this code; :class:`UnknownDivisionError` if there is none."""
        try:
            return self._by_code[adcode]
        except KeyError:
            raise UnknownDivisionError(adcode, known=len(self._by_code)) from None

    def __contains__(self, adcode: object) -> bool:
        return adcode in self._by_code

    def is_county(self, adcode: str) -> bool:
        """Whether the code is one of the counties."""
        division = self._by_code.get(adcode)
        return division is not None and division.level is DivisionLevel.COUNTY

    def prefecture_of(self, adcode: str) -> str:
        """Return the code of the prefecture a county lies in; a prefecture's own code.

        The province lies in no prefecture: :class:`UnknownDivisionError`.
        """
        division = self.get(adcode)
        if division.level is DivisionLevel.PREFECTURE:
            return adcode
        if division.level is DivisionLevel.COUNTY and division.parent is not None:
            return division.parent
        raise UnknownDivisionError(adcode, known=len(self.prefectures))

    def province_of(self, adcode: str) -> str:
        """Return the code of the province a division lies in."""
        self.get(adcode)
        return self.province.adcode

    def counties_of(self, prefecture: str) -> tuple[Division, ...]:
        """Return the counties of a prefecture in the order of their codes."""
        self.get(prefecture)
        return tuple(county for county in self.counties if county.parent == prefecture)

    def county_at(self, lon: float, lat: float) -> str | None:
        """Return the county a WGS-84 point lies in, None outside all of them."""
        return self._locator().county_at(lon, lat)
