"""The registry: all facilities with their places, catchments and telephone numbers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from facilities.capacity import PlaceKind, Pool
from facilities.catchment import CatchmentRow, Catchments, catchments_of
from facilities.centre import Facility, Tier
from facilities.errors import UnknownFacilityError
from facilities.phones import PatientKind, Phone, any_of, coordinator_of, line_of
from facilities.profile import NO_PROFILES, Profiles
from facilities.staff import StaffRow
from geodata.divisions import Divisions
from geodata.road_tables import NeighbourHub

_ORDER = {kind: number for number, kind in enumerate(PlaceKind)}


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """A facility as read from a file, with the places it is taken to have."""

    facility: Facility
    assumed_pools: tuple[Pool, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """Immutable; a change gives a new registry. Make one with :func:`registry_of`.

    ``hubs`` are the cities outside at which hospitals may be entered. ``diverting`` are the
    facilities that ask to be passed over for a while: planned patients are, emergencies never.
    """

    divisions: Divisions
    facilities: tuple[Facility, ...]
    pools: Mapping[tuple[str, PlaceKind], Pool]
    catchments: Catchments
    phones: tuple[Phone, ...]
    profiles: Profiles = NO_PROFILES
    staff: tuple[StaffRow, ...] = ()
    hubs: tuple[NeighbourHub, ...] = ()
    diverting: frozenset[str] = frozenset()
    _by_id: Mapping[str, Facility] = field(init=False, repr=False)
    _by_county: Mapping[str, tuple[Facility, ...]] = field(init=False, repr=False)
    _pools_by_id: Mapping[str, tuple[Pool, ...]] = field(init=False, repr=False)
    _phones_by_id: Mapping[str, tuple[Phone, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_county: defaultdict[str, list[Facility]] = defaultdict(list)
        for facility in self.facilities:
            by_county[facility.county].append(facility)
        pools: defaultdict[str, list[Pool]] = defaultdict(list)
        for pool in self.pools.values():
            pools[pool.facility_id].append(pool)
        phones: defaultdict[str, list[Phone]] = defaultdict(list)
        for phone in self.phones:
            phones[phone.facility_id_or_adcode].append(phone)
        # a frozen dataclass sets its own lookups this way
        object.__setattr__(self, "_by_id", {f.facility_id: f for f in self.facilities})
        object.__setattr__(self, "_by_county", {c: tuple(fs) for c, fs in by_county.items()})
        object.__setattr__(
            self,
            "_pools_by_id",
            {i: tuple(sorted(ps, key=lambda p: _ORDER[p.kind])) for i, ps in pools.items()},
        )
        object.__setattr__(self, "_phones_by_id", {i: tuple(ps) for i, ps in phones.items()})

    def get(self, facility_id: str) -> Facility:
        """Return a facility; :class:`UnknownFacilityError` if there is none."""
        try:
            return self._by_id[facility_id]
        except KeyError:
            raise UnknownFacilityError(facility_id, known=len(self._by_id)) from None

    def __contains__(self, facility_id: object) -> bool:
        return facility_id in self._by_id

    def in_county(self, adcode: str) -> tuple[Facility, ...]:
        """Return the facilities of a county, or of a hub outside, in the order of their ids."""
        return self._by_county.get(adcode, ())

    def hub_at(self, county: str) -> NeighbourHub | None:
        """Return the hub outside that a facility's ``county`` names; None for a county."""
        return next((hub for hub in self.hubs if hub.hub_id == county), None)

    def pools_of(self, facility_id: str) -> tuple[Pool, ...]:
        """Return the places of a facility in the order of :class:`PlaceKind`."""
        return self._pools_by_id.get(facility_id, ())

    def phones_of(self, facility_id_or_adcode: str) -> tuple[Phone, ...]:
        """Return the numbers of a facility or division in the order of the file."""
        return self._phones_by_id.get(facility_id_or_adcode, ())

    def placeholder_of(self, county: str) -> Facility | None:
        """Return the placeholder of a county in which no county institution is recorded.

        The row stays in the registry when somebody enters the real centre; it is no longer
        returned here, so nobody is told any more that the centre is not known (R-DEST-09).
        """
        here = self.in_county(county)
        if any(f.is_rescue_centre and f.takes_mothers and f.tier is Tier.COUNTY for f in here):
            return None
        return next((facility for facility in here if facility.is_placeholder), None)

    def phone_of(self, facility_id: str, patient: PatientKind) -> str | None:
        """Return the number to ring for a patient of this kind; None rather than a guess."""
        phones = self.phones_of(facility_id)
        return line_of(phones, patient) or self.get(facility_id).phone or any_of(phones)

    def coordinator_phone(self, county: str) -> str | None:
        """Return the duty coordinator of the county, else prefecture, else province.

        A hub outside has none of its own: the province's officer rings across the border.
        """
        above = [self.divisions.province.adcode]
        if self.hub_at(county) is None:
            above = [county, self.divisions.prefecture_of(county), *above]
        for adcode in above:
            number = coordinator_of(self.phones_of(adcode))
            if number is not None:
                return number
        return None

    def with_facilities(self, rows: Iterable[FacilityRow]) -> "Registry":
        """Return a registry in which these facilities are added or take the place of theirs.

        Reported places stay; assumed ones are those of the new rows.
        """
        new = {row.facility.facility_id: row for row in rows}
        facilities = {f.facility_id: f for f in self.facilities} | {
            facility_id: row.facility for facility_id, row in new.items()
        }
        kept = {k: p for k, p in self.pools.items() if p.facility_id not in new or not p.assumed}
        assumed = {(p.facility_id, p.kind): p for row in new.values() for p in row.assumed_pools}
        return registry_of(
            self.divisions,
            facilities.values(),
            pools=(assumed | kept).values(),
            catchment_rows=self.catchments.imported,
            phones=self.phones,
            profiles=self.profiles,
            staff=self.staff,
            hubs=self.hubs,
        )

    def replaced_by(self, rows: Iterable[FacilityRow]) -> "Registry":
        """Return a registry of these facilities alone.

        Numbers of divisions stay, everything else that was said about other facilities goes.
        """
        empty = registry_of(
            self.divisions,
            (),
            phones=(p for p in self.phones if p.facility_id_or_adcode in self.divisions),
            profiles=self.profiles,
            hubs=self.hubs,
        )
        return empty.with_facilities(rows)

    def with_capacity(self, rows: Iterable[Pool]) -> "Registry":
        """Return a registry in which these figures replace those of their facility and kind."""
        pools = dict(self.pools) | {(pool.facility_id, pool.kind): pool for pool in rows}
        return replace(self, pools=_pool_map(pools.values()))

    def with_catchments(self, rows: Iterable[CatchmentRow]) -> "Registry":
        """Return a registry in which the rows replace all those of their county and kind."""
        new = tuple(rows)
        said = {(row.county, row.kind) for row in new}
        kept = [row for row in self.catchments.imported if (row.county, row.kind) not in said]
        return replace(
            self, catchments=catchments_of(self.divisions, self.facilities, (*kept, *new))
        )

    def with_phones(self, rows: Iterable[Phone]) -> "Registry":
        """Return a registry in which the rows replace all those of their facility or division."""
        new = tuple(rows)
        said = {row.facility_id_or_adcode for row in new}
        kept = [row for row in self.phones if row.facility_id_or_adcode not in said]
        return replace(self, phones=_ordered_phones((*kept, *new)))

    def with_staff(self, rows: Iterable[StaffRow]) -> "Registry":
        """Return a registry in which the rows replace all those of their facility."""
        new = tuple(rows)
        said = {row.facility_id for row in new}
        kept = [row for row in self.staff if row.facility_id not in said]
        return replace(self, staff=tuple(sorted((*kept, *new), key=lambda r: r.facility_id)))


def registry_of(
    divisions: Divisions,
    facilities: Iterable[Facility],
    *,
    pools: Iterable[Pool] = (),
    catchment_rows: Iterable[CatchmentRow] = (),
    phones: Iterable[Phone] = (),
    profiles: Profiles = NO_PROFILES,
    staff: Iterable[StaffRow] = (),
    hubs: Iterable[NeighbourHub] = (),
) -> Registry:
    """Return a registry with facilities in the order of their ids and default catchments."""
    ordered = tuple(sorted(facilities, key=lambda facility: facility.facility_id))
    return Registry(
        divisions=divisions,
        facilities=ordered,
        pools=_pool_map(pools),
        catchments=catchments_of(divisions, ordered, catchment_rows),
        phones=_ordered_phones(phones),
        profiles=profiles,
        staff=tuple(staff),
        hubs=tuple(hubs),
    )


def _pool_map(pools: Iterable[Pool]) -> Mapping[tuple[str, PlaceKind], Pool]:
    ordered = sorted(pools, key=lambda pool: (pool.facility_id, _ORDER[pool.kind]))
    return MappingProxyType({(pool.facility_id, pool.kind): pool for pool in ordered})


def _ordered_phones(phones: Iterable[Phone]) -> tuple[Phone, ...]:
    """Group numbers by whose they are; inside a group the order of the file stays."""
    return tuple(sorted(phones, key=lambda phone: phone.facility_id_or_adcode))
