"""The registry as it is at a moment: what is built in, with what the database knows over it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType

from sqlmodel import Session

from app.centres import store_registry, store_said
from app.centres.duty import phones_of_turns
from app.centres.states import WHOLE, CentreKind
from app.tables import Data, with_table
from facilities.capability import Trust
from facilities.catchment import CatchmentRow, catchments_of
from facilities.centre import Aspect, Facility, MaternalLevel, NeonatalLevel
from facilities.phones import Phone, PhoneRole
from facilities.registry import Registry
from facilities.staff import StaffRow
from geodata.place_file import Place
from geodata.table import table_of

__all__ = ["Diverted", "diverted_now", "local_day", "registry_now", "with_imported"]

LOCAL_TIME = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Diverted:
    """Which facilities ask to be passed over, wholly and for single kinds of place."""

    whole: frozenset[str]
    kinds: frozenset[tuple[str, str]]

    def passes_over(self, facility_id: str, kind: str) -> bool:
        """Whether a facility asks that nobody be sent for this kind."""
        return facility_id in self.whole or (facility_id, kind) in self.kinds


def local_day(moment: datetime) -> date:
    """Return the day in Yunnan."""
    return moment.astimezone(LOCAL_TIME).date()


def diverted_now(session: Session, now: datetime) -> Diverted:
    """Return the diversions in force."""
    found = store_said.diversions_in_force(session, now)
    return Diverted(
        whole=frozenset(one.facility_id for one in found if one.kind == WHOLE),
        kinds=frozenset((one.facility_id, one.kind) for one in found if one.kind != WHOLE),
    )


def with_imported(session: Session, data: Data) -> Data:
    """Return the data with every table over them that was imported into the database."""
    for name in ("facilities", "places"):
        lines = store_registry.registry_lines(session, name)
        if lines:
            table = table_of(f"{name}.csv", [_cells(line.cells) for line in lines])
            data = with_table(data, name, table)
    registry = data.registry
    registry = registry.with_phones(
        Phone(line.facility_id_or_adcode, PhoneRole(line.role), line.phone, line.hours)
        for line in store_registry.phone_lines(session)
    )
    registry = registry.with_catchments(
        CatchmentRow(
            line.county,
            "M" if line.kind == "M" else "N",
            line.rank,
            line.facility_id,
            _day(line.valid_from),
            _day(line.valid_to),
            line.source,
            assumed=False,
        )
        for line in store_registry.catchment_lines(session)
    )
    registry = registry.with_staff(
        StaffRow(line.facility_id, line.role, line.number, _day(line.as_of), line.source)
        for line in store_registry.staff_lines(session)
    )
    return replace(data, registry=registry)


def registry_now(session: Session, registry: Registry, now: datetime) -> Registry:
    """Return a registry with what holds at a moment.

    Designations of the day, what is there or not tonight, who is on duty and by which number, and
    who asks to be passed over. Free places are not in it: they change with every acceptance.
    """
    changed = _with_capabilities(
        _with_designations(
            {facility.facility_id: facility for facility in registry.facilities},
            _levels_on(session, local_day(now)),
        ),
        _said_of_capabilities(session, now),
    )
    facilities = tuple(changed[facility.facility_id] for facility in registry.facilities)
    if facilities != registry.facilities:
        # Who is a centre decides which catchments are assumed where nobody assigned any.
        again = catchments_of(registry.divisions, facilities, registry.catchments.imported)
        registry = replace(registry, facilities=facilities, catchments=again)
    registry = _with_duty(session, registry, now)
    return replace(registry, diverting=diverted_now(session, now).whole)


def _levels_on(session: Session, day: date) -> dict[tuple[str, CentreKind], str | None]:
    """Return what each facility is designated as on a day; None where it no longer is."""
    found: dict[tuple[str, CentreKind], str | None] = {}
    for one in store_registry.all_designations(session):
        if one.valid_from <= day.isoformat():
            over = one.valid_to is not None and one.valid_to < day.isoformat()
            found[one.facility_id, CentreKind(one.kind)] = None if over else one.level
    return found


def _with_designations(
    facilities: Mapping[str, Facility], levels: Mapping[tuple[str, CentreKind], str | None]
) -> dict[str, Facility]:
    """Let the commission's word stand over what the registry has; the other side stays."""
    changed = dict(facilities)
    for (facility_id, kind), level in levels.items():
        facility = changed.get(facility_id)
        if facility is None:
            continue
        if kind is CentreKind.MATERNAL:
            maternal = None if level is None else MaternalLevel[level]
            facility = replace(facility, maternal_level=maternal)
            stated = facility.stated | {Aspect.MATERNAL}
        else:
            newborn = None if level is None else NeonatalLevel[level]
            facility = replace(facility, neonatal_level=newborn)
            stated = facility.stated | {Aspect.NEWBORN}
        changed[facility_id] = replace(
            facility, stated=stated, level_trust=_trust(facility, stated)
        )
    return changed


def _trust(facility: Facility, stated: frozenset[Aspect]) -> Trust:
    """Return how far the levels can be believed once some of them are stated."""
    needed = {Aspect.MATERNAL} if facility.takes_mothers else set()
    needed |= {Aspect.NEWBORN} if facility.takes_newborns else set()
    return Trust.CONFIRMED if needed <= stated else facility.level_trust


def _said_of_capabilities(session: Session, now: datetime) -> dict[tuple[str, str], bool]:
    """Return what was said last of each capability for this moment."""
    return {
        (note.facility_id, note.capability): note.available
        for note in store_said.notes_in_force(session, now)
    }


def _with_capabilities(
    facilities: dict[str, Facility], said: Mapping[tuple[str, str], bool]
) -> dict[str, Facility]:
    for (facility_id, code), available in said.items():
        facility = facilities.get(facility_id)
        if facility is None:
            continue
        have = dict(facility.capabilities)
        if not available:
            have.pop(code, None)
        elif have.get(code) is not Trust.CONFIRMED:
            have[code] = Trust.STATED
        facilities[facility_id] = replace(facility, capabilities=MappingProxyType(have))
    return facilities


def _with_duty(session: Session, registry: Registry, now: datetime) -> Registry:
    """Put who is on duty before the numbers of the file: a person who answers now."""
    on_duty: dict[str, list[Phone]] = {}
    for phone in phones_of_turns(session, store_said.turns_on_duty(session, now)):
        on_duty.setdefault(phone.facility_id_or_adcode, []).append(phone)
    return registry.with_phones(
        phone
        for whose, phones in on_duty.items()
        for phone in (*phones, *registry.phones_of(whose))
    )


def _cells(text: str) -> dict[str, str]:
    return {str(name): str(value) for name, value in json.loads(text).items()}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def places_by_id(places: Iterable[Place]) -> Mapping[str, Place]:
    """Return townships and villages by their id."""
    return MappingProxyType({place.place_id: place for place in places})
