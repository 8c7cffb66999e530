"""Which blood store a plan names, with its units, their age and its courier (R-BLOOD-01)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.centres import store_registry
from app.centres.tables_registry import BloodStock
from app.keys.words import told_if_it_opens
from facilities.capacity import FRESH_MIN, STALE_MIN, PlaceTrust
from routing.answer import Recommendation

__all__ = ["Courier", "NeedsBlood", "StockLine", "Store", "Supply", "needs_blood", "supply_for"]

BLOOD = frozenset({"BLOOD_RBC", "BLOOD_MTP"})
CALLED_IN = "R-HOLD-04"
"""She is delivered where she is: blood and team are called in."""
LIFE_SAVING = "nearest_life_saving"
ORIGIN, FIRST_STOP = "origin", "first_stop"


@dataclass(frozen=True, slots=True)
class NeedsBlood:
    """Why blood is needed, and where: counties in the order in which they are rung.

    ``places`` holds, for each, what happens there and the facility; None where she is in none.
    """

    because: tuple[str, ...]
    places: tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class StockLine:
    """Units of one component and group; how old the word is and how far it can be believed."""

    component: str
    blood_group: str
    units: int
    as_of: datetime
    age_min: int
    trust: str
    source: str


@dataclass(frozen=True, slots=True)
class Courier:
    """Who brings it; None where the store did not say."""

    phone: str | None
    minutes: int | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Store:
    """One county's store; ``said`` tells a store that is silent from one that is empty."""

    county: str
    use: str
    facility_id: str | None
    said: str
    lines: tuple[StockLine, ...]
    courier: Courier | None


@dataclass(frozen=True, slots=True)
class Supply:
    """Blood as a recommendation names it; ``nothing_known`` where no store has said anything."""

    because: tuple[str, ...]
    stores: tuple[Store, ...]
    nothing_known: bool


def needs_blood(
    found: Recommendation,
    *,
    county: str,
    facility_id: str | None,
    county_of: Mapping[str, str],
) -> NeedsBlood | None:
    """Return why and where blood is needed; None where neither a row nor a rule asks for it.

    It is needed where she is, since the courier may reach her before she can leave; at the first
    stop (R-ROUTE-10); and at the nearest place that can save her (R-ROUTE-06).
    """
    need = found.assessment.need
    asked = {code for group in need.capabilities for code in group.split("|")}
    because = [*sorted(BLOOD & asked), *(CALLED_IN,) * (CALLED_IN in found.assessment.holds)]
    stops = [(str(row.role), row.facility_id) for row in found.ranking if row.role == FIRST_STOP]
    stops += [
        (LIFE_SAVING, str(one.facility_id))
        for one in found.alternatives
        if one.kind == LIFE_SAVING and one.facility_id is not None
    ]
    if not because:
        return None
    return NeedsBlood(
        tuple(because),
        (
            (county, ORIGIN, facility_id),
            *((county_of[key], use, key) for use, key in stops if key in county_of),
        ),
    )


def supply_for(session: Session, needs: NeedsBlood, now: datetime) -> Supply:
    """Return what the stores of these counties said last; a silent one is named as silent."""
    said = {county: _said(session, county, now) for county, *_ in needs.places}
    stores = []
    for county, use, facility_id in needs.places:
        lines, courier = said[county]
        stores.append(Store(county, use, facility_id, _word(lines), lines, courier))
    return Supply(needs.because, tuple(stores), all(one.said == "nothing" for one in stores))


def _said(
    session: Session, county: str, now: datetime
) -> tuple[tuple[StockLine, ...], Courier | None]:
    rows = store_registry.latest_blood(session, county)
    return tuple(_line(session, row, now) for row in rows), _courier(session, rows)


def _line(session: Session, row: BloodStock, now: datetime) -> StockLine:
    """Return a line with its age rounded up, believed like a report of places (R-TRUST-01)."""
    age_min = max(0, math.ceil((now - row.as_of).total_seconds() / 60))
    if age_min > STALE_MIN:
        trust = PlaceTrust.ASSUMED
    else:
        trust = PlaceTrust.FRESH if age_min <= FRESH_MIN else PlaceTrust.STALE
    return StockLine(
        row.component,
        row.blood_group,
        row.units,
        row.as_of,
        age_min,
        trust.value,
        told_if_it_opens(session, row, "source") or "",
    )


def _courier(session: Session, rows: Sequence[BloodStock]) -> Courier | None:
    """Return the courier of the latest word that names one."""
    named = [row for row in rows if row.courier_phone or row.courier_min is not None]
    if not named:
        return None
    last = max(named, key=lambda row: (row.as_of, row.id))
    phone = told_if_it_opens(session, last, "courier_phone")
    return Courier(phone, last.courier_min, last.as_of)


def _word(lines: Iterable[StockLine]) -> str:
    """Return what is known of a store: nothing, that it is empty, or units, and since when."""
    known = tuple(lines)
    if not known:
        return "nothing"
    if all(line.units == 0 for line in known):
        return "empty"
    old = all(line.trust == PlaceTrust.ASSUMED for line in known if line.units)
    return "units_old" if old else "units"
