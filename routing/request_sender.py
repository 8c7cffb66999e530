"""The sending facility: what the request says of it overrides the registry (contract.md 2.1)."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import TypeVar

from facilities.capability import Trust, load_capabilities
from facilities.centre import Facility, Grade, MaternalLevel, NeonatalLevel
from facilities.registry import Registry
from routing.request_parts import Part
from routing.triage.case import NO_SENDER, Sender

__all__ = ["sender_of"]

FIELDS = ("facility_id", "level", "grade", "neo", "capabilities", "confirmed")
Level = TypeVar("Level", bound=IntEnum)


def sender_of(part: Part | None, registry: Registry) -> Sender:
    """Return the sender; one that is not given is able to do nothing."""
    if part is None:
        return NO_SENDER
    part.only(FIELDS)
    facility = _facility(part, registry)
    stated = part.codes(
        "capabilities",
        load_capabilities(),
        code="unknown_capability",
        expected="codes of the capability table",
    )
    confirmed = part.flag("confirmed")
    capabilities: Mapping[str, Trust] = (
        _known(facility, confirmed) if stated is None else _stated(stated, confirmed)
    )
    # Null says "none" for neo only; a level or grade that is not given is the registry's.
    return Sender(
        facility_id=facility.facility_id if facility else None,
        given=True,
        maternal_level=_level(
            part, "level", MaternalLevel, facility.maternal_level if facility else None
        ),
        grade=_level(part, "grade", Grade, facility.grade if facility else None),
        neonatal_level=_level(
            part,
            "neo",
            NeonatalLevel,
            facility.neonatal_level if facility and "neo" not in part.fields else None,
        ),
        capabilities=MappingProxyType(dict(capabilities)),
        stated_capabilities=stated is not None,
    )


def _facility(part: Part, registry: Registry) -> Facility | None:
    code = part.text("facility_id")
    if code is None:
        return None
    if code not in registry:
        part.fault("facility_id", "unknown_facility", "a facility of the registry")
        return None
    return registry.get(code)


def _level(part: Part, name: str, levels: type[Level], registered: Level | None) -> Level | None:
    if not part.has(name):
        return registered
    code = part.choice(name, [level.name for level in levels], code="unknown_value")
    return None if code is None else levels[code]


def _stated(codes: Iterable[str], confirmed: bool | None) -> Mapping[str, Trust]:
    """Return the listed capabilities; a ward that is listed includes the lower ones."""
    trust = Trust.STATED
    if confirmed is not None:
        trust = Trust.CONFIRMED if confirmed else Trust.ASSUMED
    table = load_capabilities()
    found = dict.fromkeys(codes, trust)
    for code in tuple(found):
        group, height = table[code].ordinal_group, table[code].ordinal
        if not group or height is None:
            continue
        for other in table.values():
            if other.ordinal_group == group and (other.ordinal or 0) < height:
                found.setdefault(other.code, trust)
    return found


def _known(facility: Facility | None, confirmed: bool | None) -> Mapping[str, Trust]:
    """Return what the registry knows; a sender may doubt it, but confirms by listing only."""
    if facility is None:
        return {}
    if confirmed is False:
        return dict.fromkeys(facility.capabilities, Trust.ASSUMED)
    return facility.capabilities
