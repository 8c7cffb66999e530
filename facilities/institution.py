"""What kind of institution a row of ``facilities.csv`` speaks of, said or derived."""

from collections.abc import Iterable
from dataclasses import dataclass

from facilities.assume import Stated
from facilities.centre import Facility, FacilityStatus, Grade, Kind, Tier
from facilities.level_cells import NONE, read_grade
from facilities.profile import NO_PROFILE, Profiles, tier_of_grade, tier_of_levels
from geodata.table import CellReader

_KIND_OF_NAME = (
    ("妇幼", Kind.MCH),
    ("妇女儿童", Kind.MCH),
    ("妇产", Kind.MCH),
    ("儿童", Kind.CHILDREN),
    ("中医", Kind.TCM),
    ("傣医", Kind.TCM),
    ("传染", Kind.INFECTIOUS),
    ("卫生院", Kind.OTHER),
    ("卫生室", Kind.OTHER),
    ("卫生所", Kind.OTHER),
    ("社区卫生", Kind.OTHER),
)
_UNCONFIRMED = (FacilityStatus.LISTED, FacilityStatus.LISTED_FROM_MEMORY)


@dataclass(frozen=True, slots=True)
class Institution:
    """Whose it is, what it is, and which profile fills what the row leaves empty."""

    tier: Tier
    kind: Kind
    grade: Grade | None
    profile: str


def kind_of_name(name_zh: str) -> Kind:
    """Return the kind a Chinese name tells: 妇幼, 儿童, 中医, 传染; else general."""
    return next((kind for word, kind in _KIND_OF_NAME if word in name_zh), Kind.GENERAL)


def read_institution(
    cells: CellReader,
    *,
    known: Facility | None,
    stated: Stated,
    profiles: Profiles,
    first: bool,
    outside: bool = False,
) -> Institution:
    """Read tier, kind, grade and profile of a row, or derive what is not there.

    Parameters
    ----------
    known : Facility | None
        The facility of this id in the registry so far.
    stated : Stated
        Levels and capabilities of the row.
    first : bool
        Whether a general county hospital would be the first one of its county.
    outside : bool
        Whether it stands outside the province: then no profile ever applies.

    Notes
    -----
    Tier of an unknown id: its column, else the stated level, else the grade (G3 prefecture,
    G2 county). With none of them it counts as the county's and no profile applies: nothing
    is assumed of an institution about which nothing is known.
    """
    said_tier = cells.choice("tier", tuple(Tier))
    said_kind = cells.choice("kind", tuple(Kind))
    grade = read_grade(cells, known)
    kind = Kind(said_kind) if said_kind else _derived_kind(cells.row["name_zh"], known)
    tier = Tier(said_tier) if said_tier else None
    if tier is None:
        tier = known.tier if known else tier_of_levels(stated.maternal, stated.neonatal)
    tier = tier or tier_of_grade(grade)
    said_profile = cells.choice("profile", (NONE, *(() if outside else profiles.by_key)))
    if said_profile is not None:
        profile = NO_PROFILE if said_profile == NONE else said_profile
    elif outside or tier is None or kind is Kind.OTHER or grade is Grade.G1:
        profile = NO_PROFILE
    else:
        profile = profiles.key_of(cells.row["facility_id"], tier=tier, kind=kind, first=first)
        if known is not None and (known.tier, known.kind) == (tier, kind):
            profile = known.profile
        profile = _fitting(profile, kind, stated, profiles)
    return Institution(tier or Tier.COUNTY, kind, grade, profile)


def read_status(
    cells: CellReader, *, known: Facility | None, stated: Stated, kind: Kind
) -> FacilityStatus:
    """Read the status; who states levels or capabilities confirms that the institution is."""
    given = cells.choice("status", tuple(FacilityStatus))
    if given is not None:
        status = FacilityStatus(given)
    elif kind is Kind.PLACEHOLDER:
        status = FacilityStatus.PLACEHOLDER
    else:
        status = known.status if known else FacilityStatus.LISTED
        if status is FacilityStatus.PLACEHOLDER:
            status = FacilityStatus.LISTED
        if stated.aspects and status in _UNCONFIRMED:
            status = FacilityStatus.CONFIRMED
    stands_in = (kind is Kind.PLACEHOLDER, status is FacilityStatus.PLACEHOLDER)
    if any(stands_in) and (stated.aspects or not all(stands_in)):
        cells.fault("name_zh", "placeholder", "the institution's own name, or nothing stated")
    return status


def counties_with_first(facilities: Iterable[Facility]) -> dict[str, str]:
    """Return by county the general hospital that is taken for the county centre."""
    return {
        facility.county: facility.facility_id
        for facility in facilities
        if facility.profile == f"{Tier.COUNTY}:{Kind.GENERAL}"
    }


def _fitting(key: str, kind: Kind, stated: Stated, profiles: Profiles) -> str:
    """Return the key, or that of the tier of a stated level which the profile does not have.

    A hospital designated M0 is not filled up with the intensive care of an M1.
    """
    profile = profiles.get(key)
    differs = (stated.maternal is not None and stated.maternal is not profile.maternal) or (
        stated.neonatal is not None and stated.neonatal is not profile.neonatal
    )
    return profiles.key_of_level(kind, stated.maternal, stated.neonatal) if differs else key


def _derived_kind(name_zh: str, known: Facility | None) -> Kind:
    """Return the kind of a facility that is what it was, else what its name tells."""
    if known is None:
        return kind_of_name(name_zh)
    same = known.name_zh == name_zh or known.kind not in (Kind.PLACEHOLDER, Kind.GENERAL)
    return known.kind if same else kind_of_name(name_zh)
