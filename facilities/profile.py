"""Assumed profiles: what a facility is taken to have until somebody says what it has.

Each profile belongs to a tier and a kind, or to one facility. Everything taken from one is
``assumed``, value by value, and stays so until it is stated (decision 0005).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facilities.capacity import DEFAULT_FREE_SHARE, PlaceKind
from facilities.centre import Grade, Kind, MaternalLevel, NeonatalLevel, Tier, WardLevel
from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Table

REQUIRED = (
    "tier",
    "kind",
    "facility_id",
    "maternal_level",
    "neonatal_level",
    "ward_level",
    "capabilities",
    "places",
    "free_share",
    "reason",
)
GENERAL_OTHER = "general_other"
NO_PROFILE = ""

_LOWER = {
    Tier.PROVINCE: (Tier.PROVINCE, Tier.PREFECTURE, Tier.COUNTY),
    Tier.PREFECTURE: (Tier.PREFECTURE, Tier.COUNTY),
    Tier.COUNTY: (Tier.COUNTY,),
}
_TIER_OF_LEVEL = {0: Tier.COUNTY, 1: Tier.COUNTY, 2: Tier.PREFECTURE, 3: Tier.PROVINCE}
_TIER_OF_GRADE = {Grade.G2: Tier.COUNTY, Grade.G3: Tier.PREFECTURE}
_BORROWS_GENERAL = (Kind.TCM, Kind.INFECTIOUS)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is assumed of a tier and kind; ``key`` is ``tier:kind`` or a facility id."""

    key: str
    maternal: MaternalLevel | None
    neonatal: NeonatalLevel | None
    ward: WardLevel | None
    capabilities: tuple[str, ...]
    places: tuple[tuple[PlaceKind, int], ...]
    free_share: float


NOTHING = Profile(NO_PROFILE, None, None, None, (), (), DEFAULT_FREE_SHARE)


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles of a data set by key."""

    by_key: Mapping[str, Profile]

    def get(self, key: str) -> Profile:
        """Return a profile, :data:`NOTHING` for the empty key."""
        return NOTHING if key == NO_PROFILE else self.by_key[key]

    def key_of(self, facility_id: str, *, tier: Tier, kind: Kind, first: bool = True) -> str:
        """Return the key that applies to a facility that says nothing about its level.

        Parameters
        ----------
        facility_id : str
            A row for this very facility goes before its tier and kind.
        first : bool
            Whether it is the one general hospital of its county that is taken for the county
            centre; a further one takes ``general_other``.
        """
        if facility_id in self.by_key:
            return facility_id
        name = kind.value
        if tier is Tier.COUNTY and kind is Kind.GENERAL and not first:
            name = GENERAL_OTHER
        key = f"{tier}:{name}"
        return key if key in self.by_key else NO_PROFILE

    def key_of_level(
        self, kind: Kind, maternal: MaternalLevel | None, neonatal: NeonatalLevel | None
    ) -> str:
        """Return the key whose tier fits levels that somebody stated.

        A designated hospital of another kind borrows the profile of a general one; a township
        institution never does: M0 there says nothing about a theatre.
        """
        tier = tier_of_levels(maternal, neonatal)
        if tier is None or kind in (Kind.OTHER, Kind.PLACEHOLDER):
            return NO_PROFILE
        name = Kind.GENERAL.value if kind in _BORROWS_GENERAL else kind.value
        if name == Kind.GENERAL.value and maternal is MaternalLevel.M0 and tier is Tier.COUNTY:
            name = GENERAL_OTHER
        keys = (f"{lower}:{name}" for lower in _LOWER[tier])
        return next((key for key in keys if key in self.by_key), NO_PROFILE)


NO_PROFILES = Profiles(MappingProxyType({}))


def tier_of_levels(maternal: MaternalLevel | None, neonatal: NeonatalLevel | None) -> Tier | None:
    """Return the tier the higher of two levels belongs to, None without any level."""
    levels = [int(level) for level in (maternal, neonatal) if level is not None]
    return _TIER_OF_LEVEL[max(levels)] if levels else None


def tier_of_grade(grade: Grade | None) -> Tier | None:
    """Return the tier a hospital of this grade is taken for; None says: assume nothing."""
    return None if grade is None else _TIER_OF_GRADE.get(grade)


def parse_profiles(table: Table, *, capabilities: Mapping[str, object]) -> Profiles:
    """Read ``assumed_profiles.csv``.

    Raises
    ------
    RefusedInputError
        Lists every unknown level, capability or place and every key given twice.
    """
    faults: list[Fault] = table.column_faults(required=REQUIRED, optional=())
    found: dict[str, Profile] = {}
    for row in table.rows:
        cells = CellReader(table.name, row, faults)
        profile = _profile(cells, capabilities)
        if profile.key in found:
            cells.fault("kind", "duplicate", "once per tier and kind or facility")
        found[profile.key] = profile
    if faults:
        raise RefusedInputError(table.name, faults)
    return Profiles(MappingProxyType(found))


def _profile(cells: CellReader, capabilities: Mapping[str, object]) -> Profile:
    maternal = cells.choice("maternal_level", MaternalLevel.__members__)
    neonatal = cells.choice("neonatal_level", NeonatalLevel.__members__)
    ward = cells.choice("ward_level", WardLevel.__members__)
    cells.choice("tier", tuple(Tier), required=True)
    cells.choice("kind", (*Kind, GENERAL_OTHER), required=True)
    codes = tuple(code for code in cells.row["capabilities"].split(";") if code)
    for code in codes:
        if code not in capabilities:
            cells.fault("capabilities", "unknown_capability", "a code of capabilities.csv")
    share = cells.number("free_share", low=0, high=1)
    return Profile(
        key=cells.row["facility_id"] or f"{cells.row['tier']}:{cells.row['kind']}",
        maternal=MaternalLevel[maternal] if maternal else None,
        neonatal=NeonatalLevel[neonatal] if neonatal else None,
        ward=WardLevel[ward] if ward else None,
        capabilities=codes,
        places=_places(cells),
        free_share=DEFAULT_FREE_SHARE if share is None else share,
    )


def _places(cells: CellReader) -> tuple[tuple[PlaceKind, int], ...]:
    """Read ``KIND:number`` separated by semicolons."""
    found: list[tuple[PlaceKind, int]] = []
    for part in cells.row["places"].split(";"):
        if not part:
            continue
        name, _, number = part.partition(":")
        if name not in PlaceKind.__members__ or not (number.isascii() and number.isdigit()):
            cells.fault("places", "unknown_code", "KIND:number;...")
            continue
        found.append((PlaceKind[name], int(number)))
    return tuple(found)
