"""What somebody stated about a facility, filled up from its assumed profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facilities.capability import Trust, load_capabilities
from facilities.capacity import WARD_PLACES, PlaceKind, Pool, assumed_free
from facilities.centre import (
    DEFAULT_WARD,
    Aspect,
    MaternalLevel,
    NeonatalLevel,
    WardLevel,
)
from facilities.profile import Profile

UNNUMBERED_PLACES = 1
"""Places assumed of a kind whose capability was stated while nobody gave a number."""

_OBSTETRIC = frozenset(("OB_DELIVERY", "CS_24H"))


@dataclass(frozen=True, slots=True)
class Stated:
    """Levels and capabilities as stated; ``aspects`` tells a stated "none" from silence."""

    maternal: MaternalLevel | None = None
    neonatal: NeonatalLevel | None = None
    ward: WardLevel | None = None
    capabilities: frozenset[str] = frozenset()
    aspects: frozenset[Aspect] = frozenset()


UNSTATED = Stated()


@dataclass(frozen=True, slots=True)
class Ability:
    """Levels and capabilities, each with its trust."""

    maternal: MaternalLevel | None
    neonatal: NeonatalLevel | None
    ward: WardLevel | None
    trust: Trust
    capabilities: Mapping[str, Trust]


def ability_of(stated: Stated, profile: Profile) -> Ability:
    """Return what a facility has: stated values confirmed, the rest assumed.

    The level counts as confirmed only if every side that has one was stated.
    """
    maternal = _maternal(stated, profile)
    neonatal = stated.neonatal if Aspect.NEWBORN in stated.aspects else profile.neonatal
    ward, ward_trust = _ward(stated, profile, neonatal)
    assumed = (maternal is not None and Aspect.MATERNAL not in stated.aspects) or (
        neonatal is not None and Aspect.NEWBORN not in stated.aspects
    )
    levels_stated = stated.aspects & {Aspect.MATERNAL, Aspect.NEWBORN}
    if Aspect.CAPABILITIES in stated.aspects:
        capabilities = dict.fromkeys(stated.capabilities, Trust.CONFIRMED)
    else:
        capabilities = dict.fromkeys(_kept(profile, stated), Trust.ASSUMED)
    for code in ward.capabilities if ward else ():
        if capabilities.get(code) is not Trust.CONFIRMED:
            capabilities[code] = ward_trust
    return Ability(
        maternal=maternal,
        neonatal=neonatal,
        ward=ward,
        trust=Trust.CONFIRMED if levels_stated and not assumed else Trust.ASSUMED,
        capabilities=MappingProxyType(
            {code: capabilities[code] for code in load_capabilities() if code in capabilities}
        ),
    )


def assumed_pools(
    facility_id: str, ability: Ability, stated: Stated, profile: Profile
) -> tuple[Pool, ...]:
    """Return the places a facility is taken to have, never one without its capability."""
    places: dict[PlaceKind, int] = {}
    for kind, count in profile.places:
        own = _own_ward(ability) if kind in WARD_PLACES else kind
        if own is not None and own.capability in ability.capabilities:
            places[own] = count
    if stated.aspects:
        for kind in PlaceKind:
            code = ability.capabilities.get(kind.capability)
            if code is Trust.CONFIRMED and kind not in WARD_PLACES:
                places.setdefault(kind, UNNUMBERED_PLACES)
        ward = _own_ward(ability)
        if ward is not None:
            places.setdefault(ward, UNNUMBERED_PLACES)
    source = f"assumed:{profile.key}" if profile.key else "assumed"
    return tuple(
        Pool(
            facility_id=facility_id,
            kind=kind,
            in_service=places[kind],
            free=assumed_free(places[kind], profile.free_share),
            free_from=None,
            as_of=None,
            source=source,
            assumed=True,
        )
        for kind in PlaceKind
        if kind in places
    )


def _maternal(stated: Stated, profile: Profile) -> MaternalLevel | None:
    """Return the maternal level; none is assumed of who lists capabilities without obstetrics."""
    if Aspect.MATERNAL in stated.aspects:
        return stated.maternal
    if Aspect.CAPABILITIES in stated.aspects and not stated.capabilities & _OBSTETRIC:
        return None
    return profile.maternal


def _ward(
    stated: Stated, profile: Profile, neonatal: NeonatalLevel | None
) -> tuple[WardLevel | None, Trust]:
    """Return the ward and how far it is known; R-LEVEL-03 where only the level is."""
    if Aspect.WARD in stated.aspects:
        return stated.ward, Trust.CONFIRMED
    if neonatal is None:
        return None, Trust.ASSUMED
    if neonatal is profile.neonatal and profile.ward is not None:
        return profile.ward, Trust.ASSUMED
    return DEFAULT_WARD[neonatal], Trust.ASSUMED


def _own_ward(ability: Ability) -> PlaceKind | None:
    """Return the kind of the cots of the ward, None below IIa."""
    if ability.ward is None or ability.ward is WardLevel.L1:
        return None
    return PlaceKind[ability.ward.capability]


def _kept(profile: Profile, stated: Stated) -> tuple[str, ...]:
    """Return the profile's capabilities less those of a side somebody said it has not."""
    gone = set()
    if Aspect.MATERNAL in stated.aspects and stated.maternal is None:
        gone.add("maternal")
    if Aspect.NEWBORN in stated.aspects and stated.neonatal is None:
        gone.add("neonatal")
    known = load_capabilities()
    return tuple(code for code in profile.capabilities if known[code].kind not in gone)
