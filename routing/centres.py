"""The facilities of a registry as arrays: what a ranking compares for all of them at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from facilities.capability import Groups, Trust
from facilities.capacity import PlaceKind
from facilities.centre import Facility, FacilityStatus
from facilities.registry import Registry
from routing.pools import PoolColumn
from routing.triage.need import LevelFloor

__all__ = [
    "KINDS",
    "KIND_INDEX",
    "NO_LEVEL",
    "TRUSTS",
    "Centres",
    "Flags",
    "Floats",
    "Ints",
]

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

KINDS = tuple(PlaceKind)
KIND_INDEX = {kind: k for k, kind in enumerate(KINDS)}
NO_LEVEL = -1
"""Stands for a facility without a level of this side: below M0 and N1."""

_REMEMBERED = 1024
TRUSTS = ("", Trust.ASSUMED, Trust.STATED, Trust.CONFIRMED)
"""From not there to known for certain."""


@dataclass(frozen=True, slots=True, eq=False)
class Centres:
    """F facilities in the order of the registry.

    Parameters
    ----------
    codes : dict[str, int]
        Column of each capability that some facility has.
    trust : shape (F, C)
        How far a capability can be believed, index into :data:`TRUSTS`; 0 = it is not there.
    diverting : shape (F,)
        Asks to be passed over for a while; turns away planned patients, never an emergency.
    outside : shape (F,)
        In another province, where nobody of ours can command: a free place or none.
    maternal, neonatal, grade : shape (F,)
        Levels, :data:`NO_LEVEL` for none; a grade nobody recorded is the one its level implies.
    in_service : shape (F, K)
        Places by kind, in the order of :data:`KINDS`; 0 where there is no pool.
    free : shape (F, K)
        Places reported or assumed free.
    free_later, free_from_s : shape (F, K)
        Places free from that moment on, which is -inf where ``free`` counts now.
    as_of_s : shape (F, K)
        When that was reported (seconds of the epoch), -inf where assumed or never.
    """

    ids: tuple[str, ...]
    counties: tuple[str, ...]
    prefectures: Ints
    prefecture_codes: dict[str, int]
    codes: dict[str, int]
    have: Flags
    trust: Ints
    maternal: Ints
    neonatal: Ints
    grade: Ints
    placeholder: Flags
    suspended: Flags
    diverted: Flags
    diverting: Flags
    outside: Flags
    in_service: Ints
    free: Ints
    free_later: Ints
    free_from_s: Floats
    as_of_s: Floats
    _met: Callable[[Groups], tuple[Flags, Flags, Ints]] = field(init=False, repr=False)
    _pools: tuple[PoolColumn, ...] = field(init=False, repr=False)
    _level: Callable[[LevelFloor], Flags] = field(init=False, repr=False)
    _borders: Callable[[str], tuple[Flags, Flags]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Needs are few and come again: what meets one is looked up once per registry.
        object.__setattr__(self, "_met", lru_cache(maxsize=_REMEMBERED)(self._look_up))
        object.__setattr__(self, "_level", lru_cache(maxsize=_REMEMBERED)(self._look_up_level))
        object.__setattr__(self, "_borders", lru_cache(maxsize=_REMEMBERED)(self._look_up_borders))
        pools = tuple(
            PoolColumn(
                in_service=self.in_service[:, k].copy(),
                free_later=self.free_later[:, k].copy(),
                free_from_s=self.free_from_s[:, k].copy(),
                as_of_s=self.as_of_s[:, k].copy(),
            )
            for k in range(len(KINDS))
        )
        object.__setattr__(self, "_pools", pools)

    @classmethod
    def of(cls, registry: Registry) -> "Centres":
        """Read a registry."""
        all_of = registry.facilities
        names = dict.fromkeys(code for f in all_of for code in sorted(f.capabilities))
        codes = {code: i for i, code in enumerate(sorted(names))}
        prefectures = {p: i for i, p in enumerate(sorted({f.prefecture for f in all_of}))}
        trust = np.zeros((len(all_of), len(codes)), np.int64)
        for i, facility in enumerate(all_of):
            for code, believed in facility.capabilities.items():
                trust[i, codes[code]] = TRUSTS.index(believed)
        places, moments = _places(registry)
        return cls(
            ids=tuple(f.facility_id for f in all_of),
            counties=tuple(f.county for f in all_of),
            prefectures=np.array([prefectures[f.prefecture] for f in all_of], np.int64),
            prefecture_codes=prefectures,
            codes=codes,
            have=trust > 0,
            trust=trust,
            maternal=_levels([f.maternal_level for f in all_of]),
            neonatal=_levels([f.neonatal_level for f in all_of]),
            grade=np.array([_grade(f) for f in all_of], np.int64),
            placeholder=np.array([f.is_placeholder for f in all_of], np.bool_),
            suspended=_status(registry, FacilityStatus.SUSPENDED),
            diverted=_status(registry, FacilityStatus.DIVERTED),
            diverting=np.array([f.facility_id in registry.diverting for f in all_of], np.bool_),
            outside=np.array([f.out_of_province for f in all_of], np.bool_),
            in_service=places[0],
            free=places[1],
            free_later=places[2],
            free_from_s=moments[0],
            as_of_s=moments[1],
        )

    def with_places(self, registry: Registry) -> "Centres":
        """Return the same facilities with the places of another registry."""
        places, moments = _places(registry)
        made = replace(
            self,
            in_service=places[0],
            free=places[1],
            free_later=places[2],
            free_from_s=moments[0],
            as_of_s=moments[1],
        )
        # What meets a need does not depend on places.
        for known in ("_met", "_level", "_borders"):
            object.__setattr__(made, known, getattr(self, known))
        return made

    @property
    def size(self) -> int:
        """F, the number of facilities."""
        return len(self.ids)

    def pool(self, kind: int) -> PoolColumn:
        """Return the places of one kind, by its index in :data:`KINDS`."""
        return self._pools[kind]

    def has(self, code: str) -> Flags:
        """Return which facilities have a capability, shape (F,)."""
        column = self.codes.get(code)
        return np.zeros(self.size, np.bool_) if column is None else self.have[:, column]

    def meets(self, groups: Groups) -> Flags:
        """Return which facilities meet each group of a need, shape (G, F), not to be changed."""
        return self._met(groups)[0]

    def meets_all(self, groups: Groups) -> Flags:
        """Return which facilities meet every group, shape (F,), not to be changed."""
        return self._met(groups)[1]

    def missing(self, groups: Groups) -> Ints:
        """Return how many groups each facility does not meet, shape (F,), not to be changed."""
        return self._met(groups)[2]

    def meets_levels(self, levels: Sequence[LevelFloor]) -> Flags:
        """Return which have the administrative level of every row (R-LEVEL-01b), shape (F,)."""
        met = np.ones(self.size, np.bool_)
        for floor in levels:
            met &= self._level(floor)
        return met

    def meets_level(self, floor: LevelFloor) -> Flags:
        """Return which have the level of one row or satisfy it outright, not to be changed."""
        return self._level(floor)

    def borders(self, home: str) -> tuple[Flags, Flags]:
        """Return which lie in another prefecture than ``home``, and which in another province.

        ``home`` is the code of a prefecture, empty for somebody outside the province. Both have
        shape (F,) and are not to be changed; who is across the second border is across the first.
        """
        return self._borders(home)

    def _look_up_borders(self, home: str) -> tuple[Flags, Flags]:
        beyond: Flags = self.outside != (not home)
        other: Flags = (self.prefectures != self.prefecture_codes.get(home, -1)) | beyond
        for array in (other, beyond):
            array.flags.writeable = False
        return other, beyond

    def _look_up(self, groups: Groups) -> tuple[Flags, Flags, Ints]:
        met: Flags = self.trusts(groups) > 0
        every: Flags = np.logical_and.reduce(met)
        missing: Ints = len(groups) - met.sum(axis=0)
        for array in (met, every, missing):
            array.flags.writeable = False
        return met, every, missing

    def _look_up_level(self, floor: LevelFloor) -> Flags:
        met = np.ones(self.size, np.bool_)
        if floor.maternal is not None:
            met &= self.maternal >= floor.maternal
        if floor.neonatal is not None:
            met &= self.neonatal >= floor.neonatal
        for other in floor.alternatives:
            needed: Groups = tuple((code,) for code in other.capabilities)
            instead = self.meets_all(needed) & (
                (self.maternal >= other.maternal) | (other.maternal == 0)
            )
            met |= instead & ((self.neonatal >= other.neonatal) | (other.neonatal == 0))
        met.flags.writeable = False
        return met

    def trusts(self, groups: Groups) -> Ints:
        """Return how far each group of a need can be believed, shape (G, F): its best code."""
        best = np.zeros((len(groups), self.size), np.int64)
        for row, group in zip(best, groups, strict=True):
            for code in group:
                column = self.codes.get(code)
                if column is not None:
                    np.maximum(row, self.trust[:, column], out=row)
        return best


def _levels(levels: list[int | None]) -> Ints:
    return np.array([NO_LEVEL if level is None else int(level) for level in levels], np.int64)


def _grade(facility: Facility) -> int:
    """Return the grade; unknown, the one R-CENTRE-02 implies for its level, 0 without a level.

    Centres of province and prefecture sit in level-3 hospitals, those of a county in level 2.
    Outside the province nothing is implied.
    """
    if facility.grade is not None:
        return int(facility.grade)
    if facility.out_of_province:
        return 0
    maternal, neonatal = facility.maternal_level, facility.neonatal_level
    if maternal is None and neonatal is None:
        return 0
    return min(3, max(int(maternal or 0), int(neonatal or 0)) + 1)


def _status(registry: Registry, status: FacilityStatus) -> Flags:
    return np.array([f.status is status for f in registry.facilities], np.bool_)


def _places(registry: Registry) -> tuple[Ints, Floats]:
    """Return (in service, free, free later) and (free from, as of), each of shape (·, F, K)."""
    size = len(registry.facilities) * len(KINDS)
    first_of = {f.facility_id: i * len(KINDS) for i, f in enumerate(registry.facilities)}
    # Filled as lists: thousands of single cells of an array cost more than all the rest.
    places, moments = [[0] * size for _ in range(3)], [[-np.inf] * size for _ in range(2)]
    for (facility_id, kind), pool in registry.pools.items():
        if facility_id not in first_of:
            continue
        at = first_of[facility_id] + KIND_INDEX[kind]
        places[0][at], places[1][at] = pool.in_service, pool.free
        places[2][at] = pool.free if pool.free_from is None else pool.free_at(pool.free_from)
        if pool.free_from is not None:
            moments[0][at] = pool.free_from.timestamp()
        if pool.as_of is not None and not pool.assumed:
            moments[1][at] = pool.as_of.timestamp()
    shape = (len(registry.facilities), len(KINDS))
    return np.array(places, np.int64).reshape(3, *shape), np.array(moments).reshape(2, *shape)
