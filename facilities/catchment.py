"""Catchments (分片包干): which centre a county's patients belong to, and since when."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from facilities.centre import Facility, FacilityStatus
from geodata.divisions import Divisions

CatchmentKind = Literal["M", "N"]
DEFAULT_SOURCE = "R-CATCH-03"


@dataclass(frozen=True, slots=True)
class CatchmentRow:
    """One assignment; dates are inclusive, None is open. Several rows may share a rank."""

    county: str
    kind: CatchmentKind
    rank: int
    facility_id: str
    valid_from: date | None
    valid_to: date | None
    source: str
    assumed: bool

    def valid_on(self, day: date) -> bool:
        """Whether the assignment holds on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Catchments:
    """Imported assignments, and those assumed where none is valid."""

    imported: tuple[CatchmentRow, ...]
    assumed: Mapping[tuple[str, CatchmentKind], tuple[CatchmentRow, ...]]
    _by_county: Mapping[tuple[str, CatchmentKind], tuple[CatchmentRow, ...]] = field(
        init=False, repr=False
    )

    def __post_init__(self) -> None:
        found: defaultdict[tuple[str, CatchmentKind], list[CatchmentRow]] = defaultdict(list)
        for row in sorted(self.imported, key=lambda row: (row.rank, row.facility_id)):
            found[row.county, row.kind].append(row)
        # a frozen dataclass sets its own lookup this way
        object.__setattr__(self, "_by_county", {key: tuple(rows) for key, rows in found.items()})

    def ranked(self, county: str, kind: CatchmentKind, on: date) -> tuple[CatchmentRow, ...]:
        """Return the assignments of a county on a day, lowest rank first.

        Where no imported row is valid that day, R-CATCH-03: the county's own centres, then
        the prefecture's, then the province's, each marked ``assumed``; a level of which
        there is no centre is passed over.
        """
        said = self._by_county.get((county, kind), ())
        rows = tuple(row for row in said if row.valid_on(on))
        return rows or self.assumed.get((county, kind), ())


def catchments_of(
    divisions: Divisions, facilities: Iterable[Facility], imported: Iterable[CatchmentRow] = ()
) -> Catchments:
    """Return imported assignments together with the default of every county.

    A hospital outside the province is assigned by the commission or not at all.
    """
    centres = tuple(
        facility
        for facility in facilities
        if facility.is_rescue_centre
        and facility.status is not FacilityStatus.SUSPENDED
        and not facility.out_of_province
    )
    assumed: dict[tuple[str, CatchmentKind], tuple[CatchmentRow, ...]] = {}
    for county in divisions.counties:
        prefecture = divisions.prefecture_of(county.adcode)
        for kind in ("M", "N"):
            rows = _default(county.adcode, prefecture, kind, centres)
            assumed[county.adcode, kind] = rows
    ordered = sorted(
        imported,
        key=lambda row: (row.county, row.kind, row.rank, row.valid_from or date.min),
    )
    return Catchments(tuple(ordered), MappingProxyType(assumed))


def _default(
    county: str, prefecture: str, kind: CatchmentKind, centres: tuple[Facility, ...]
) -> tuple[CatchmentRow, ...]:
    """Return the rows of R-CATCH-03; ranks are counted over the levels there are."""
    level_of = _LEVEL_OF[kind]
    steps = (
        [f for f in centres if level_of(f) == 1 and f.county == county],
        [f for f in centres if level_of(f) == 2 and f.prefecture == prefecture],
        [f for f in centres if level_of(f) == 3],
    )
    return tuple(
        CatchmentRow(county, kind, rank, facility.facility_id, None, None, DEFAULT_SOURCE, True)
        for rank, step in enumerate((step for step in steps if step), start=1)
        for facility in sorted(step, key=lambda f: (-(f.ward_level or 0), f.facility_id))
        if kind == "N" or facility.takes_mothers
    )


def _maternal(facility: Facility) -> int | None:
    return facility.maternal_level


def _newborn(facility: Facility) -> int | None:
    return facility.neonatal_level


_LEVEL_OF: dict[CatchmentKind, Callable[[Facility], int | None]] = {"M": _maternal, "N": _newborn}
