"""The need of one request: the union of all rows that count (R-DEST-01, 01b, 07)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from facilities.centre import MaternalLevel
from routing.triage.answer import Need, PlannedDelivery
from routing.triage.case import PatientKind
from routing.triage.cooling import cools, without_cooling
from routing.triage.emergency import Fired
from routing.triage.expression import Known
from routing.triage.fetus import NO_FETUS, Fetus, fetus_of, number_of, ward_row
from routing.triage.first_stop import first_stop_of
from routing.triage.groups import beyond, joined, ward_in, written
from routing.triage.need import LevelFloor, RoutingNeed, Seat
from routing.triage.priority import clocks_of, counting_rows
from routing.triage.rows import EmergencyRow, Groups, RuleSet
from routing.triage.seats import mother_seats, newborn_seat

__all__ = ["behind_presumptions", "need_of", "needed_groups", "public_need"]

ARREST = "E-M27"
_DELIVERY: Groups = (("OB_DELIVERY",), ("CS_24H",))
_RESUSCITATION: Groups = (("NEO_RESUS",),)
_UNKNOWN_WEEKS: Groups = (("NEO_L3A",),)
_COOLING: Groups = (("NEO_COOLING",),)
_THEATRE = frozenset({"CS_24H", "ANAES_24H"})
_BLOOD = "BLOOD_RBC"
_ESCORTS = ("ESC-OB", "ESC-NEO", "ESC-OB-CRIT", "ESC-NEO-CRIT")


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that fire, split into those that count and the bookings that only prefer."""

    counted: tuple[EmergencyRow, ...]
    bookings_beside: tuple[EmergencyRow, ...]
    behind: tuple[EmergencyRow, ...]


def need_of(
    rules: RuleSet,
    fired: tuple[Fired, ...],
    known: Known,
    *,
    patient: PatientKind,
    planned: PlannedDelivery | None,
    sender_has: Collection[str],
) -> RoutingNeed:
    """Return what the destination must have.

    Parameters
    ----------
    rules
        The rule set in force.
    fired
        Rows stated and presumed; a row whose cooling window is missed is already gone.
    known
        Facts, computed ones included.
    patient
        ``maternal`` or ``newborn``.
    planned
        Where her colours are delivered; None for a newborn.
    sender_has
        Capabilities of the sender by any account, answers of R-DEST-05 taken in.

    Returns
    -------
    RoutingNeed
        During cardiac arrest empty and suppressed (R-HOLD-09). With a row of the cooling group
        the need without it stands beside.
    """
    rows = _split(rules, fired)
    identifiers = tuple(dict.fromkeys(one.row.id for one in fired))
    if ARREST in identifiers:
        return _suppressed(patient, identifiers)
    fetus = fetus_of(rules, known) if patient == "maternal" else NO_FETUS
    required, preferred = _capabilities(rules, rows, fetus, known, patient)
    never_bypass = any(row.never_bypass for row in rows.counted)
    target, hard = clocks_of(counting_rows(rules, fired), known)
    emergency = any(not row.booking for row in rows.counted)
    need = RoutingNeed(
        patient=patient,
        required=required,
        floor=_theatre_floor(rows.counted) if never_bypass else required,
        preferred=beyond(preferred, required),
        levels=_levels(rows.counted, fetus, patient, None if emergency else planned),
        level_is_floor=patient == "maternal" and not emergency,
        min_grade=None if emergency or planned is None else planned.min_institution_grade,
        ward=None if never_bypass else ward_in(required),
        seats=_seats(rules, rows.counted, known, fetus, patient),
        target_s=_seconds(target),
        hard_s=_seconds(hard),
        escort=_escort(rows.counted),
        never_bypass=never_bypass,
        suppressed=False,
        cooling=any(cools(rules, one) for one in fired),
        without_cooling=None,
        first_stop=first_stop_of(
            rules, rows.counted, known, patient=patient, sender_has=sender_has
        ),
        rows=tuple(row.id for row in rows.counted),
    )
    if not need.cooling:
        return need
    warm = need_of(
        rules,
        without_cooling(rules, fired),
        known,
        patient=patient,
        planned=planned,
        sender_has=sender_has,
    )
    wished = beyond(joined((warm.preferred, _COOLING)), warm.required)
    return replace(need, without_cooling=replace(warm, preferred=wished))


def behind_presumptions(rules: RuleSet, fired: Iterable[Fired]) -> tuple[EmergencyRow, ...]:
    """Return the rows whose trigger is still unknown behind a presumption (R-DATA-01b)."""
    found = {one.because_of: rules.emergencies.get(one.because_of) for one in fired}
    return tuple(row for row in found.values() if row is not None)


def needed_groups(rows: Iterable[EmergencyRow], fetus: Fetus) -> Groups:
    """Return what rows require together, with the ward of the child they ask for."""
    return joined(_required(row, fetus) for row in rows)


def _split(rules: RuleSet, fired: tuple[Fired, ...]) -> _Rows:
    """Split the rows; bookings count only where no other row fires (R-DEST-01)."""
    rows = tuple({one.row.id: one.row for one in fired}.values())
    urgent = tuple(row for row in rows if not row.booking)
    bookings = tuple(row for row in rows if row.booking)
    behind = tuple(row for row in behind_presumptions(rules, fired) if not row.booking)
    return _Rows(urgent, bookings, behind) if urgent else _Rows(bookings, (), ())


def _suppressed(patient: PatientKind, rows: tuple[str, ...]) -> RoutingNeed:
    return RoutingNeed(
        patient=patient,
        required=(),
        floor=(),
        preferred=(),
        levels=(),
        level_is_floor=False,
        min_grade=None,
        ward=None,
        seats=(),
        target_s=None,
        hard_s=None,
        escort=None,
        never_bypass=False,
        suppressed=True,
        cooling=False,
        without_cooling=None,
        first_stop=None,
        rows=rows,
    )


def _capabilities(
    rules: RuleSet, rows: _Rows, fetus: Fetus, known: Known, patient: PatientKind
) -> tuple[Groups, Groups]:
    """Return what is required and what is only preferred."""
    if not rows.counted:
        return (_DELIVERY, ()) if patient == "maternal" else (_newborn_ward(rules, known), ())
    required = needed_groups(rows.counted, fetus)
    preferred = joined(
        (
            *(row.preferred for row in rows.counted),
            *(_wished(row, fetus) for row in rows.counted),
            *(_required(row, fetus) for row in rows.behind),
            *(_required(row, fetus) for row in rows.bookings_beside),
            *(row.preferred for row in rows.bookings_beside),
        )
    )
    return required, preferred


def _newborn_ward(rules: RuleSet, known: Known) -> Groups:
    """Return the ward of a newborn without a row, by age and weight (R-NEO-06)."""
    days, grams = number_of(known, "neo_ga_weeks"), number_of(known, "birth_weight_g")
    ward = ward_row(rules, days=days, grams=grams)
    return _RESUSCITATION if ward is None else ((ward.ward,),)


def _required(row: EmergencyRow, fetus: Fetus) -> Groups:
    return joined((row.required, _by_age(row, fetus))) if row.neonatal == "by_GA" else row.required


def _wished(row: EmergencyRow, fetus: Fetus) -> Groups:
    """Return the ward that a row only prefers; of unknown weeks a level-three ward (R-NEO-07)."""
    by_age = row.neonatal in ("by_GA", "by_GA_pref")
    if by_age and fetus.weeks_unknown and not row.booking:
        return _UNKNOWN_WEEKS
    return _by_age(row, fetus) if row.neonatal == "by_GA_pref" else ()


def _by_age(row: EmergencyRow, fetus: Fetus) -> Groups:
    """Return R-NEO for the child in utero; a booking row speaks of a birth at term."""
    if row.booking:
        return _RESUSCITATION if fetus.alive else ()
    if not fetus.counted:
        return ()
    return _RESUSCITATION if fetus.ward is None else ((fetus.ward.ward,),)


def _theatre_floor(rows: Iterable[EmergencyRow]) -> Groups:
    """Return the theatre, the anaesthetist and, where such a row lists them, red cells."""
    groups = joined(row.required for row in rows if row.never_bypass)
    return tuple(group for group in groups if _THEATRE.issuperset(group) or group == (_BLOOD,))


def _levels(
    rows: Iterable[EmergencyRow],
    fetus: Fetus,
    patient: PatientKind,
    planned: PlannedDelivery | None,
) -> tuple[LevelFloor, ...]:
    floors = [
        LevelFloor(
            row.min_maternal if patient == "maternal" else None,
            _neonatal_level(row, fetus),
            row.level_or,
        )
        for row in rows
    ]
    if planned is not None:
        lowest = int(MaternalLevel[planned.min_maternal_level])
        floors.append(LevelFloor(lowest, None, ()))
    return tuple(floors)


def _neonatal_level(row: EmergencyRow, fetus: Fetus) -> int | None:
    if row.neonatal == "by_GA":
        return None if row.booking or fetus.ward is None else fetus.ward.neonatal_level
    return int(row.neonatal[1:]) if row.neonatal[1:].isdigit() else None


def _seats(
    rules: RuleSet,
    rows: tuple[EmergencyRow, ...],
    known: Known,
    fetus: Fetus,
    patient: PatientKind,
) -> tuple[Seat, ...]:
    if patient == "maternal":
        return mother_seats(rows, known, fetus)
    if rows:
        return newborn_seat(name for row in rows for name in row.places)
    return newborn_seat(group[0] for group in _newborn_ward(rules, known))


def _escort(rows: Iterable[EmergencyRow]) -> str | None:
    known = [_ESCORTS.index(row.escort) for row in rows if row.escort in _ESCORTS]
    return _ESCORTS[max(known)] if known else None


def _seconds(minutes: float | None) -> int | None:
    return None if minutes is None else int(minutes * 60)


def public_need(need: RoutingNeed) -> Need:
    """Return the need as the answer writes it."""
    maternal = [floor.maternal for floor in need.levels if floor.maternal is not None]
    neonatal = [floor.neonatal for floor in need.levels if floor.neonatal is not None]
    return Need(
        capabilities=written(need.required),
        preferred=written(need.preferred),
        min_maternal_level=f"M{max(maternal)}" if maternal else None,
        min_neonatal_level=f"N{max(neonatal)}" if neonatal else None,
        places=need.seats,
        target_max_min=_minutes(need.target_s),
        hard_max_min=_minutes(need.hard_s),
        escort=need.escort,
        never_bypass=need.never_bypass,
    )


def _minutes(seconds: int | None) -> float | None:
    if seconds is None:
        return None
    whole, rest = divmod(seconds, 60)
    return whole if rest == 0 else round(seconds / 60, 1)
