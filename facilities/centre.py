"""One facility: where it is, what level it has, what it can do, and how far that is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from facilities.capability import Trust
from geodata.site import Site, SiteKind


class MaternalLevel(IntEnum):
    """Level of a maternal rescue centre; M0 delivers babies but is none. R-LEVEL-02."""

    M0 = 0
    M1 = 1
    M2 = 2
    M3 = 3


class NeonatalLevel(IntEnum):
    """Level of a newborn rescue centre. R-LEVEL-02."""

    N1 = 1
    N2 = 2
    N3 = 3


class Grade(IntEnum):
    """Grade of the institution: 一级, 二级, 三级."""

    G1 = 1
    G2 = 2
    G3 = 3


class WardLevel(IntEnum):
    """Level of the newborn ward; a higher one satisfies a lower one."""

    L1 = 1
    L2A = 2
    L2B = 3
    L3A = 4
    L3B = 5
    L3C = 6

    @property
    def capability(self) -> str:
        """The capability code of this ward."""
        return f"NEO_{self.name}"

    @property
    def capabilities(self) -> tuple[str, ...]:
        """The codes of this ward and of every lower one."""
        return tuple(ward.capability for ward in WardLevel if ward <= self)


WARD_OF_CAPABILITY = {ward.capability: ward for ward in WardLevel}

DEFAULT_WARD = {
    NeonatalLevel.N1: WardLevel.L2B,
    NeonatalLevel.N2: WardLevel.L3A,
    NeonatalLevel.N3: WardLevel.L3B,
}
"""R-LEVEL-03: ward of a centre whose own ward nobody gave; always shown as assumed."""


class FacilityStatus(StrEnum):
    """What is known about the institution, and whether it takes patients now."""

    LISTED = "listed"
    LISTED_FROM_MEMORY = "listed_from_memory"
    CONFIRMED = "confirmed"
    SUSPENDED = "suspended"
    DIVERTED = "diverted"
    PLACEHOLDER = "placeholder"


class Tier(StrEnum):
    """Whose institution it is."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class Kind(StrEnum):
    """What kind of institution it is; ``OTHER`` is a township or community institution."""

    GENERAL = "general"
    MCH = "mch"
    CHILDREN = "children"
    TCM = "tcm"
    INFECTIOUS = "infectious"
    PLACEHOLDER = "placeholder"
    OTHER = "other"


class Aspect(StrEnum):
    """What can be stated about a facility, each by itself."""

    MATERNAL = "maternal"
    NEWBORN = "newborn"
    WARD = "ward"
    CAPABILITIES = "capabilities"


@dataclass(frozen=True, slots=True)
class Facility:
    """One institution of the registry; the point is WGS-84.

    Parameters
    ----------
    county : str
        Code of the county; outside the province the id of the hub it stands at.
    prefecture : str
        Code of the prefecture; empty outside the province.
    coord_quality : str
        ``stated``, or which point stands in: ``county_seat_fallback``,
        ``prefecture_hub_fallback``, ``neighbour_hub_fallback``.
    grade : Grade | None
        None where the institution's grade is not known.
    maternal_level, neonatal_level, ward_level
        None where it has none (R-LEVEL: M0 delivers babies without being a rescue centre).
    level_trust : Trust
        ``CONFIRMED`` only if no level it has was taken from an assumed profile.
    capabilities : Mapping[str, Trust]
        Every code it has, newborn wards up to ``ward_level`` among them.
    phone : str | None
        None where no number is recorded; never guessed.
    profile : str
        Key of the assumed profile that fills what nobody stated; empty for none.
    stated : frozenset[Aspect]
        What somebody stated, "none" included; the rest comes from the profile.
    """

    facility_id: str
    name_zh: str
    name_en: str
    county: str
    prefecture: str
    lon: float
    lat: float
    coord_quality: str
    tier: Tier
    kind: Kind
    grade: Grade | None
    maternal_level: MaternalLevel | None
    neonatal_level: NeonatalLevel | None
    ward_level: WardLevel | None
    level_trust: Trust
    capabilities: Mapping[str, Trust]
    phone: str | None
    status: FacilityStatus
    designation: str
    source: str
    profile: str = ""
    stated: frozenset[Aspect] = frozenset()

    @property
    def out_of_province(self) -> bool:
        """Whether it stands at a hub outside: it never counts for a county or prefecture."""
        return not self.prefecture

    @property
    def is_placeholder(self) -> bool:
        """Whether the row stands for a centre whose institution nobody recorded."""
        return self.kind is Kind.PLACEHOLDER or self.status is FacilityStatus.PLACEHOLDER

    @property
    def is_rescue_centre(self) -> bool:
        """Whether it has a maternal or newborn level and is no placeholder."""
        return (self.takes_mothers or self.takes_newborns) and not self.is_placeholder

    @property
    def takes_mothers(self) -> bool:
        """Whether it has a maternal level."""
        return self.maternal_level is not None

    @property
    def takes_newborns(self) -> bool:
        """Whether it has a newborn level."""
        return self.neonatal_level is not None

    def site(self) -> Site:
        """Return the facility as an origin or destination of trips."""
        return Site(self.facility_id, SiteKind.FACILITY, self.county, self.lon, self.lat)
