"""The places one request takes (R-DEST-02b): the strongest, one for each patient."""

from collections.abc import Iterable

from facilities.capacity import PlaceKind
from routing.triage.expression import Known
from routing.triage.fetus import Fetus, number_of
from routing.triage.need import Seat
from routing.triage.rows import EmergencyRow

__all__ = ["mother_seats", "newborn_seat"]

_MOTHER = (PlaceKind.AICU, PlaceKind.OB_RESCUE_BED, PlaceKind.LABOUR)
_WARDS = (
    PlaceKind.NEO_L3C,
    PlaceKind.NEO_L3B,
    PlaceKind.NEO_L3A,
    PlaceKind.NEO_L2B,
    PlaceKind.NEO_L2A,
)
_NEWBORN = (PlaceKind.NEO_COOLING, PlaceKind.NEO_VENT, *_WARDS)


def mother_seats(rows: Iterable[EmergencyRow], known: Known, fetus: Fetus) -> tuple[Seat, ...]:
    """Return her place and one cot for each live fetus that needs a ward.

    Without any row she takes a bed in labour. A never-bypass row takes no place at all; the
    newborn becomes a second referral after birth (R-DEST-01b).
    """
    counted = tuple(rows)
    if any(row.never_bypass for row in counted):
        return ()
    names = {name for row in counted for name in row.places}
    mother = _strongest(_MOTHER, names if counted else {PlaceKind.LABOUR})
    wards = {name for name in names if name in _WARDS} if fetus.alive else set()
    if fetus.ward and any("by_GA" in row.places and not row.booking for row in counted):
        wards.add(fetus.ward.ward)
    cot = _strongest(_WARDS, wards)
    seats = [] if mother is None else [Seat("mother", mother)]
    if cot is not None:
        seats += [Seat(f"newborn_{n}", cot) for n in range(1, _cots(known) + 1)]
    return tuple(seats)


def newborn_seat(names: Iterable[str]) -> tuple[Seat, ...]:
    """Return the one place of a newborn: cooling before ventilator before the highest ward."""
    kind = _strongest(_NEWBORN, set(names))
    return () if kind is None else (Seat("newborn_1", kind),)


def _strongest(order: tuple[PlaceKind, ...], names: set[str]) -> PlaceKind | None:
    return next((kind for kind in order if kind.value in names), None)


def _cots(known: Known) -> int:
    """Return the number of live fetuses; unknown is one (R-DATA-09)."""
    alive = number_of(known, "fetus_alive_count")
    counted = number_of(known, "fetus_count") if alive is None else alive
    return 1 if counted is None else int(counted)
