"""The counts of the default list, and what each tier and kind is assumed to have."""

from collections import Counter

import pytest

from facilities.capability import Trust, load_capabilities
from facilities.centre import FacilityStatus, Grade, Kind, Tier
from facilities.yunnan import FOLDER, column_sources, load_known_holes, load_table
from facilities.yunnan.facility_list import parse_list
from geodata.table import table_of


def levels(facility):
    parts = (facility.maternal_level, facility.neonatal_level, facility.ward_level)
    return tuple(part.name if part is not None else None for part in parts)


def places(registry, facility_id):
    return {pool.kind.value: pool.in_service for pool in registry.pools_of(facility_id)}


def test_there_are_207_rows_with_distinct_ids_and_names_in_order(registry):
    ids = [facility.facility_id for facility in registry.facilities]

    assert len(ids) == 207
    assert ids == sorted(set(ids))
    assert len({f.name_zh for f in registry.facilities}) == 207
    assert len({f.name_en for f in registry.facilities}) == 207
    assert Counter(f.status.value for f in registry.facilities) == {
        "listed": 195,
        "listed_from_memory": 8,
        "placeholder": 4,
    }


def test_kinds_tiers_grades_and_points_are_counted_as_in_the_source(registry):
    assert Counter(f.kind.value for f in registry.facilities) == {
        "general": 164,
        "tcm": 29,
        "mch": 5,
        "placeholder": 4,
        "children": 3,
        "infectious": 2,
    }
    assert Counter(f.tier.value for f in registry.facilities) == {
        "county": 148,
        "prefecture": 49,
        "province": 10,
    }
    assert Counter(f.grade for f in registry.facilities) == {
        Grade.G2: 128,
        Grade.G3: 62,
        None: 17,
    }
    assert Counter(f.coord_quality for f in registry.facilities) == {
        "county_seat_fallback": 149,
        "prefecture_hub_fallback": 58,
    }


def test_every_county_has_a_candidate_row_and_121_of_them_a_listed_one(registry):
    candidates = {
        row["county_adcode"]
        for row in load_table("facilities").rows
        if row["candidate_rescue_centre"] == "1"
    }
    listed = {
        f.county
        for f in registry.facilities
        if f.is_rescue_centre and f.status is FacilityStatus.LISTED
    }
    general = {
        f.county
        for f in registry.facilities
        if f.status is FacilityStatus.LISTED
        and (f.tier, f.kind, f.is_rescue_centre) == (Tier.COUNTY, Kind.GENERAL, True)
    }

    assert candidates == {county.adcode for county in registry.divisions.counties}
    assert (len(listed), len(general)) == (121, 117)


def test_every_prefecture_has_a_listed_prefecture_hospital_that_could_be_a_centre(registry):
    with_one = {
        f.prefecture
        for f in registry.facilities
        if f.tier is Tier.PREFECTURE and f.is_rescue_centre and f.status is FacilityStatus.LISTED
    }

    assert with_one == {prefecture.adcode for prefecture in registry.divisions.prefectures}


def test_every_point_lies_in_the_county_the_row_names(registry):
    for facility in registry.facilities:
        assert registry.divisions.county_at(facility.lon, facility.lat) == facility.county


@pytest.mark.parametrize(
    ("facility_id", "expected"),
    [
        ("YN533300-004", ("M1", "N1", "L2B")),  # county, general: 贡山
        ("YN530100-036", ("M0", "N1", "L2A")),  # county, general_other: 云南昆钢医院
        ("YN532800-003", ("M0", "N1", "L2A")),  # county, mch: 景洪
        ("YN533300-001", ("M2", "N2", "L3A")),  # prefecture, general: 怒江州
        ("YN530100-011", ("M2", "N2", "L3A")),  # prefecture, mch: 昆明
        ("YN530100-007", ("M3", "N3", "L3B")),  # province, general
        ("YN530100-005", ("M3", "N3", "L3C")),  # province, mch
        ("YN530100-001", (None, None, None)),  # province, tcm
        ("YN530100-004", (None, None, None)),  # province, infectious
        ("YN532500-003", (None, None, None)),  # county, infectious
        ("YN530400-006", (None, None, None)),  # placeholder
        ("YN530100-019", (None, None, None)),  # general, but no candidate
    ],
)
def test_levels_follow_tier_and_kind(registry, facility_id, expected):
    assert levels(registry.get(facility_id)) == expected


@pytest.mark.parametrize(
    ("facility_id", "expected"),
    [
        ("YN530900-001", ("M1", "N1", "L2B")),  # 临沧卫生学校附属医院: a level-2 hospital
        ("YN530100-014", (None, "N3", "L3C")),  # 昆明市儿童医院, provincial role
        ("YN530100-015", (None, "N3", "L3C")),
        ("YN530400-003", (None, "N1", "L2B")),  # 玉溪市儿童医院: a level-2 hospital
    ],
)
def test_a_row_for_one_facility_goes_before_its_tier_and_kind(registry, facility_id, expected):
    assert levels(registry.get(facility_id)) == expected
    assert registry.get(facility_id).profile == facility_id


def test_a_childrens_hospital_takes_newborns_and_never_mothers(registry):
    hospital = registry.get("YN530100-014")

    assert hospital.takes_newborns
    assert not hospital.takes_mothers
    assert "NEO_COOLING" in hospital.capabilities
    assert "CS_24H" not in hospital.capabilities


def test_the_infectious_hospital_of_the_province_keeps_named_capabilities_without_a_level(registry):
    hospital = registry.get("YN530100-004")

    assert not hospital.is_rescue_centre
    assert list(hospital.capabilities) == ["OB_DELIVERY", "PMTCT", "ID_UNIT"]


def test_a_placeholder_is_visible_has_nothing_and_is_no_centre(registry):
    placeholders = [f for f in registry.facilities if f.is_placeholder]

    assert [f.county for f in placeholders] == ["530402", "530502", "530602", "533401"]
    assert not any(f.is_rescue_centre or f.capabilities for f in placeholders)
    assert all(registry.pools_of(f.facility_id) == () for f in placeholders)
    assert [registry.placeholder_of(f.county) for f in placeholders] == placeholders
    assert registry.placeholder_of("533324") is None


def test_every_level_capability_and_place_of_the_default_data_is_assumed(registry):
    known = set(load_capabilities())

    for facility in registry.facilities:
        assert facility.level_trust is Trust.ASSUMED
        assert set(facility.capabilities.values()) <= {Trust.ASSUMED}
        assert set(facility.capabilities) <= known
        assert facility.phone is None
    assert all(pool.assumed and pool.as_of is None for pool in registry.pools.values())


def test_the_ward_brings_every_lower_ward_as_a_capability(registry):
    wards = [c for c in registry.get("YN533300-001").capabilities if c.startswith("NEO_L")]

    assert wards == ["NEO_L1", "NEO_L2A", "NEO_L2B", "NEO_L3A"]


def test_places_follow_the_profile_and_three_tenths_of_them_are_free(registry):
    """Ten labour beds: 3 free; six cots: 1.8, so 2; two rescue beds: 0.6, so 1; one: 1."""
    free = {pool.kind.value: pool.free for pool in registry.pools_of("YN533300-004")}

    assert places(registry, "YN533300-004") == {
        "OB_RESCUE_BED": 2,
        "AICU": 1,
        "LABOUR": 10,
        "NEO_L2B": 6,
    }
    assert free == {"OB_RESCUE_BED": 1, "AICU": 1, "LABOUR": 3, "NEO_L2B": 2}
    assert places(registry, "YN530100-014") == {"NEO_L3C": 20, "NEO_VENT": 10, "NEO_COOLING": 2}


def test_no_place_is_assumed_without_its_capability(registry):
    for (facility_id, kind), pool in registry.pools.items():
        assert kind.capability in registry.get(facility_id).capabilities
        assert 1 <= pool.free <= pool.in_service


def test_eight_county_hospitals_are_named_from_memory_and_are_destinations(registry):
    named = [f for f in registry.facilities if f.status is FacilityStatus.LISTED_FROM_MEMORY]

    assert [f.county for f in named] == [
        "530924",
        "532622",
        "532623",
        "532624",
        "532625",
        "532626",
        "532627",
        "532628",
    ]
    assert all(f.is_rescue_centre for f in named)


def test_a_row_with_unknown_codes_or_given_twice_is_refused(registry, faults_of):
    good = dict(load_table("facilities").rows[9].cells)
    bad = good | {"county_adcode": "999999", "kind": "vet", "facility_id": "X"}
    broken = table_of("facilities", [good, good, bad])

    faults = faults_of(parse_list, broken, divisions=registry.divisions, profiles=registry.profiles)

    assert faults == [
        (3, "facility_id", "duplicate"),
        (4, "county_adcode", "unknown_county"),
        (4, "kind", "unknown_code"),
    ]


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.csv")))
def test_every_column_of_every_shipped_table_has_a_source_and_a_year(name):
    described = [row.column for row in column_sources() if row.table == name]

    assert described == list(load_table(name).header)
    assert all(row.source and row.year for row in column_sources())


def test_no_known_hole_is_listed_twice():
    rows = [hole.row for hole in load_known_holes()]

    assert len(rows) == len(set(rows))
