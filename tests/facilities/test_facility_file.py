"""``facilities.csv``: what a row states, what it leaves to the profile, what is refused."""

import pytest
import shapely

from facilities.capability import Trust
from facilities.capacity import PlaceKind
from facilities.centre import (
    Aspect,
    FacilityStatus,
    Grade,
    Kind,
    MaternalLevel,
    NeonatalLevel,
    Tier,
    WardLevel,
)
from facilities.facility_file import parse_facilities
from facilities.institution import kind_of_name
from geodata.crs import CRS, from_wgs84
from geodata.distance import crow_m

GONGSHAN = (98.6660, 27.7410)


@pytest.fixture
def parse(registry, outlines, table):
    def ask(*rows, **options):
        return parse_facilities(table(list(rows)), base=registry, outlines=outlines, **options)

    return ask


@pytest.fixture
def one(parse, new_row):
    """The facility of a file with one row."""
    return lambda **cells: parse(new_row(**cells))[0].facility


def test_a_row_that_states_everything_is_confirmed_value_by_value(one):
    facility = one(
        grade="G2",
        maternal_level="M1",
        neonatal_level="N1",
        ward_level="L2B",
        capabilities="CS_24H;ANAES_24H",
        phone="0886-3510120",
        designation="贡卫〔2026〕1号",
        source="commission",
    )

    assert facility.grade is Grade.G2
    assert facility.level_trust is Trust.CONFIRMED
    assert dict(facility.capabilities) == dict.fromkeys(
        ("CS_24H", "ANAES_24H", "NEO_L1", "NEO_L2A", "NEO_L2B"), Trust.CONFIRMED
    )
    assert facility.stated == frozenset(Aspect)
    assert facility.status is FacilityStatus.CONFIRMED
    assert (facility.phone, facility.designation) == ("0886-3510120", "贡卫〔2026〕1号")


def test_empty_levels_of_a_known_hospital_take_its_assumed_profile(one, registry):
    before = registry.get("YN533300-004")
    facility = one(facility_id="YN533300-004", name_zh="贡山县人民医院", phone="110120119")

    assert facility.capabilities == before.capabilities
    assert facility.level_trust is Trust.ASSUMED
    assert (facility.lon, facility.lat) == (before.lon, before.lat)
    assert (facility.status, facility.source) == (before.status, before.source)
    assert facility.phone == "110120119"


def test_a_hospital_named_from_memory_is_confirmed_by_who_states_its_level(one):
    named = {"facility_id": "YN532600-010", "name_zh": "富宁县人民医院", "county_adcode": "532628"}

    assert one(**named).status is FacilityStatus.LISTED_FROM_MEMORY
    assert one(**named, maternal_level="M1").status is FacilityStatus.CONFIRMED
    assert one(**named, status="suspended").status is FacilityStatus.SUSPENDED


@pytest.mark.parametrize(
    ("cells", "tier", "profile"),
    [
        ({"maternal_level": "M1", "neonatal_level": "N1"}, Tier.COUNTY, "county:general"),
        ({"maternal_level": "M2"}, Tier.PREFECTURE, "prefecture:general"),
        ({"neonatal_level": "N3"}, Tier.PROVINCE, "province:general"),
        ({"maternal_level": "M1", "neonatal_level": "N2"}, Tier.PREFECTURE, "prefecture:general"),
        ({"grade": "G3"}, Tier.PREFECTURE, "prefecture:general"),
        ({"grade": "G2"}, Tier.COUNTY, "county:general_other"),
        ({"grade": "G1"}, Tier.COUNTY, ""),
        ({}, Tier.COUNTY, ""),
        ({"tier": "prefecture"}, Tier.PREFECTURE, "prefecture:general"),
        ({"tier": "county", "kind": "mch"}, Tier.COUNTY, "county:mch"),
        ({"grade": "G2", "name_zh": "贡山县妇幼保健院"}, Tier.COUNTY, "county:mch"),
        ({"grade": "G2", "name_zh": "贡山县中医院"}, Tier.COUNTY, "county:tcm"),
        ({"grade": "G2", "name_zh": "茨开镇中心卫生院"}, Tier.COUNTY, ""),
        ({"maternal_level": "M0"}, Tier.COUNTY, "county:general_other"),
        ({"maternal_level": "M0", "name_zh": "茨开镇中心卫生院"}, Tier.COUNTY, ""),
        ({"profile": "none", "grade": "G3"}, Tier.PREFECTURE, ""),
    ],
)
def test_the_profile_of_an_unknown_hospital_follows_level_then_grade(one, cells, tier, profile):
    """贡山 has its first general hospital already, so a further one takes general_other."""
    facility = one(**cells)

    assert (facility.tier, facility.profile) == (tier, profile)


def test_of_an_institution_about_which_nothing_is_known_nothing_is_assumed(parse, new_row):
    (row,) = parse(new_row())

    assert not row.facility.is_rescue_centre
    assert row.facility.capabilities == {}
    assert row.assumed_pools == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("福贡县妇幼保健院", Kind.MCH),
        ("玉溪市儿童医院", Kind.CHILDREN),
        ("云南省妇女儿童医院", Kind.MCH),
        ("弥勒市中医医院", Kind.TCM),
        ("个旧市传染病医院", Kind.INFECTIOUS),
        ("独龙江乡卫生院", Kind.OTHER),
        ("剑川县医院", Kind.GENERAL),
    ],
)
def test_the_kind_is_read_from_the_name(name, kind):
    assert kind_of_name(name) is kind


def test_the_kind_of_every_listed_institution_is_that_of_its_name(registry):
    for facility in registry.facilities:
        if not facility.is_placeholder:
            assert kind_of_name(facility.name_zh) is facility.kind, facility.name_zh


def test_a_known_hospital_designated_m0_is_not_filled_up_with_intensive_care(one):
    facility = one(
        facility_id="YN533300-004",
        name_zh="贡山县人民医院",
        maternal_level="M0",
        neonatal_level="N1",
    )

    assert facility.profile == "county:general_other"
    assert "AICU" not in facility.capabilities
    assert facility.level_trust is Trust.CONFIRMED


def test_a_hospital_that_was_no_candidate_stays_none_until_a_level_is_stated(one):
    known = {"facility_id": "YN530100-019", "name_zh": "昆明市第三人民医院"}
    known |= {"county_adcode": "530102"}

    assert not one(**known).is_rescue_centre
    assert one(**known, maternal_level="M2").maternal_level is MaternalLevel.M2


def test_none_is_a_statement_and_an_empty_cell_is_not(one):
    known = {"facility_id": "YN533300-004", "name_zh": "贡山县人民医院"}
    stated = one(**known, maternal_level="none", neonatal_level="N1")

    assert stated.maternal_level is None
    assert stated.level_trust is Trust.CONFIRMED
    assert one(**known, maternal_level="").maternal_level is MaternalLevel.M1
    assert one(**known, capabilities="none").capabilities.get("CS_24H") is None


def test_the_ward_may_stand_among_the_capabilities(one):
    facility = one(maternal_level="M2", neonatal_level="N2", capabilities="CS_24H;NEO_L3A")

    assert facility.ward_level is WardLevel.L3A
    assert facility.capabilities["NEO_L2A"] is Trust.CONFIRMED


def test_a_confirmed_cooling_unit_without_a_number_has_one_assumed_place(parse, new_row):
    (row,) = parse(
        new_row(neonatal_level="N1", ward_level="L3B", capabilities="NEO_COOLING;NEO_VENT")
    )
    (pool,) = [p for p in row.assumed_pools if p.kind is PlaceKind.NEO_COOLING]

    assert (pool.in_service, pool.free, pool.assumed) == (1, 1, True)


def test_a_point_is_converted_to_wgs84(one):
    """GCJ-02 lies some 100 to 500 m off here; after conversion less than a metre is left."""
    for crs in (CRS.GCJ02, CRS.BD09):
        lon, lat = from_wgs84(*GONGSHAN, crs)
        facility = one(lon=lon, lat=lat, crs=crs.value)

        assert crow_m(lon, lat, *GONGSHAN) > 100
        assert crow_m(facility.lon, facility.lat, *GONGSHAN) < 1
        assert facility.coord_quality == "stated"


def test_the_system_named_on_import_holds_for_rows_that_name_none(one, parse, new_row):
    lon, lat = from_wgs84(*GONGSHAN, CRS.GCJ02)
    (row,) = parse(new_row(lon=lon, lat=lat, crs=""), crs=CRS.GCJ02)
    (own,) = parse(new_row(lon=GONGSHAN[0], lat=GONGSHAN[1], crs="wgs84"), crs=CRS.GCJ02)

    assert crow_m(row.facility.lon, row.facility.lat, *GONGSHAN) < 1
    assert (own.facility.lon, own.facility.lat) == GONGSHAN


def test_a_row_without_a_point_stands_at_the_seat_or_at_the_hub(one, registry):
    seat, hub = registry.divisions.get("533324"), registry.divisions.get("530100")
    county = one()
    capital = one(county_adcode="530102", grade="G3")

    assert (county.lon, county.lat) == (seat.seat_lon, seat.seat_lat)
    assert county.coord_quality == "county_seat_fallback"
    assert (capital.lon, capital.lat) == (hub.hub_lon, hub.hub_lat)
    assert capital.coord_quality == "prefecture_hub_fallback"


def test_a_corrected_point_is_no_fallback_any_more(one, registry):
    seat = registry.divisions.get("533324")
    moved = one(
        lon=seat.seat_lon + 0.002,
        lat=seat.seat_lat,
        crs="wgs84",
        coord_quality="county_seat_fallback",
    )
    same = one(
        lon=seat.seat_lon, lat=seat.seat_lat, crs="wgs84", coord_quality="county_seat_fallback"
    )

    assert moved.coord_quality == "stated"
    assert same.coord_quality == "county_seat_fallback"


def test_an_institution_takes_the_place_of_a_placeholder(one):
    facility = one(
        facility_id="YN530400-006",
        name_zh="红塔区人民医院",
        county_adcode="530402",
        maternal_level="M1",
        neonatal_level="N1",
    )

    assert facility.kind is Kind.GENERAL
    assert facility.status is FacilityStatus.CONFIRMED
    assert facility.is_rescue_centre
    assert facility.profile == "county:general"


def test_a_placeholder_that_keeps_its_name_cannot_be_given_a_level(parse, registry, faults_of):
    before = registry.get("YN530400-006")
    row = {"facility_id": before.facility_id, "name_zh": before.name_zh}
    row |= {"county_adcode": "530402", "maternal_level": "M1"}

    assert faults_of(parse, row) == [(2, "name_zh", "placeholder")]


def test_a_number_stays_when_the_cell_is_empty_and_goes_with_none(registry, outlines, table):
    row = {"facility_id": "YN533300-004", "name_zh": "贡山县人民医院", "county_adcode": "533324"}
    base = registry.with_facilities(
        parse_facilities(table([row | {"phone": "12345"}]), base=registry, outlines=outlines)
    )

    def phone(cell):
        rows = parse_facilities(table([row | {"phone": cell}]), base=base, outlines=outlines)
        return rows[0].facility.phone

    assert (phone(""), phone("none"), phone("54321")) == ("12345", None, "54321")


def test_the_second_general_hospital_of_a_file_is_a_further_one(parse, new_row):
    first, second = parse(
        new_row(facility_id="A", county_adcode="530402", grade="G2"),
        new_row(facility_id="B", county_adcode="530402", grade="G2"),
    )

    assert first.facility.maternal_level is MaternalLevel.M1
    assert second.facility.maternal_level is MaternalLevel.M0


def test_where_the_file_stands_alone_its_own_first_hospital_is_the_county_centre(parse, new_row):
    (beside,) = parse(new_row(grade="G2"))
    (alone,) = parse(new_row(grade="G2"), replaces=True)

    assert beside.facility.profile == "county:general_other"
    assert alone.facility.profile == "county:general"
    assert alone.facility.neonatal_level is NeonatalLevel.N1


def test_a_file_full_of_faults_is_refused_with_all_of_them(parse, new_row, faults_of):
    faults = faults_of(
        parse,
        new_row(county_adcode="533399"),
        new_row(facility_id="H2", maternal_level="M7", neonatal_level="N0", ward_level="L4"),
        new_row(facility_id="H3", capabilities="CS_24H;TELEPORT;CS_24H"),
        new_row(facility_id="H4", lon=GONGSHAN[0], lat=GONGSHAN[1]),
        new_row(facility_id="H5", lon=102.7, lat=25.04, crs="wgs84"),
        new_row(facility_id="H5"),
        new_row(facility_id="EXAMPLE-1"),
        new_row(facility_id="530102"),
        new_row(facility_id="a b", name_zh=""),
        new_row(facility_id="H6", phone="see website"),
        new_row(facility_id="H7", ward_level="L2A", capabilities="NEO_L3A"),
        new_row(facility_id="H8", status="open", grade="A1", crs="utm", lon="x", lat="91"),
    )

    assert faults == [
        (2, "county_adcode", "unknown_county"),
        (3, "maternal_level", "unknown_code"),
        (3, "neonatal_level", "unknown_code"),
        (3, "ward_level", "unknown_code"),
        (4, "capabilities", "unknown_capability"),
        (4, "capabilities", "duplicate"),
        (5, "crs", "missing"),
        (6, "lon,lat", "point_outside_county"),
        (7, "facility_id", "duplicate"),
        (8, "facility_id", "example_row"),
        (9, "facility_id", "malformed_id"),
        (10, "facility_id", "malformed_id"),
        (10, "name_zh", "missing"),
        (11, "phone", "not_a_phone_number"),
        (12, "capabilities", "ward_above_level"),
        (13, "grade", "unknown_code"),
        (13, "status", "unknown_code"),
        (13, "crs", "unknown_code"),
        (13, "lon", "not_a_number"),
        (13, "lat", "out_of_range"),
    ]


def test_a_point_five_kilometres_outside_is_tolerated_and_six_are_not(
    parse, new_row, outlines, faults_of
):
    """From the northernmost corner of 贡山 straight north, 111,195 m a degree."""
    corners = shapely.get_coordinates(outlines.polygons["533324"])
    lon, lat = max(corners.tolist(), key=lambda point: point[1])
    near, far = lat + 4_900 / 111_195, lat + 6_000 / 111_195

    assert parse(new_row(lon=lon, lat=near, crs="wgs84"))
    assert faults_of(parse, new_row(lon=lon, lat=far, crs="wgs84")) == [
        (2, "lon,lat", "point_outside_county")
    ]


def test_missing_unknown_and_repeated_columns_are_named(parse, faults_of):
    assert faults_of(parse, {"facility_id": "H1", "beds": "3"}) == [
        (1, "name_zh", "missing_column"),
        (1, "county_adcode", "missing_column"),
        (1, "beds", "unknown_column"),
        (2, "name_zh", "missing"),
        (2, "county_adcode", "missing"),
    ]


def test_one_bad_row_keeps_the_good_ones_out_too(parse, new_row, registry, faults_of):
    faults_of(parse, new_row(), new_row(facility_id="H2", county_adcode="999999"))

    assert "H1" not in registry
    assert len(registry.facilities) == 207
