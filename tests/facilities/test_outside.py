"""Hospitals across the border of the province: stated in full, and never one of ours."""

from datetime import UTC, date, datetime

import pytest

from facilities import io
from facilities.capability import Trust
from facilities.capacity import PlaceKind
from facilities.catchment import CatchmentRow
from facilities.centre import Aspect, FacilityStatus, Tier, WardLevel
from facilities.errors import UnknownFacilityError
from facilities.facility_file import parse_facilities
from facilities.norms import check_norms, delivery_sites
from facilities.phones import Phone, PhoneRole
from facilities.policy import policy_check
from facilities.quality import QualityCode, counties_without_coordinator, quality
from facilities.registry import registry_of
from geodata.conditions import Conditions
from geodata.errors import RefusedInputError, UnknownDivisionError
from geodata.io import read_table_bytes
from geodata.site import SiteKind
from geodata.yunnan import load_neighbour_hubs, load_road_estimate

YIBIN = {
    "facility_id": "YB-1",
    "name_zh": "宜宾市某医院",
    "county_adcode": "OUT-YB",
    "maternal_level": "M3",
    "neonatal_level": "N3",
    "ward_level": "L3B",
    "capabilities": "OB_DELIVERY;CS_24H;ANAES_24H;BLOOD_RBC;AICU;NEO_VENT",
    "phone": "0831-0000000",
}
HUBS = {hub.hub_id: hub for hub in load_neighbour_hubs()}
CITY = HUBS["OUT-YB"]
JULY = Conditions(month=7)


@pytest.fixture
def parse(registry, outlines, table):
    def ask(*rows, base=registry, **options):
        return parse_facilities(table(list(rows)), base=base, outlines=outlines, **options)

    return ask


@pytest.fixture
def outside(parse):
    """The facility of a file with one row at 宜宾, with changes."""
    return lambda **cells: parse(YIBIN | cells)[0].facility


@pytest.fixture
def refused(parse, faults_of):
    """Column and code of every fault of a file with one row at 宜宾, with changes."""
    return lambda **cells: [(c, code) for _, c, code in faults_of(parse, YIBIN | cells)]


@pytest.fixture(scope="module")
def entered(registry, outlines, table):
    """The default registry with a hospital of the highest levels in 宜宾."""
    return registry.with_facilities(
        parse_facilities(table([YIBIN]), base=registry, outlines=outlines)
    )


def test_a_hospital_at_a_hub_is_a_rescue_centre_of_no_county_and_no_prefecture(outside):
    facility = outside()

    assert facility.out_of_province
    assert (facility.county, facility.prefecture) == ("OUT-YB", "")
    assert facility.is_rescue_centre
    assert (facility.phone, facility.status) == ("0831-0000000", FacilityStatus.CONFIRMED)


def test_no_hospital_of_the_default_data_is_outside_and_every_county_code_still_is(registry, parse):
    (row,) = parse({"facility_id": "H1", "name_zh": "某医院", "county_adcode": "530681"})

    assert not any(facility.out_of_province for facility in registry.facilities)
    assert not row.facility.out_of_province


def test_everything_about_it_is_as_stated_and_nothing_assumed(outside):
    facility = outside()
    wards = [ward.capability for ward in WardLevel if ward <= WardLevel.L3B]

    assert facility.level_trust is Trust.CONFIRMED
    assert set(facility.capabilities) == {*YIBIN["capabilities"].split(";"), *wards}
    assert set(facility.capabilities.values()) == {Trust.CONFIRMED}
    assert (facility.stated, facility.profile) == (frozenset(Aspect), "")
    assert (facility.tier, facility.grade) == (Tier.PROVINCE, None)


def test_places_nobody_counted_are_one_each_and_marked_assumed(parse):
    """One place per stated capability that has places, and one cot of the ward."""
    (row,) = parse(YIBIN)

    assert {pool.kind for pool in row.assumed_pools} == {
        PlaceKind.LABOUR,
        PlaceKind.AICU,
        PlaceKind.NEO_L3B,
        PlaceKind.NEO_VENT,
    }
    assert all((p.in_service, p.free, p.assumed) == (1, 1, True) for p in row.assumed_pools)


@pytest.mark.parametrize(
    "column", ["maternal_level", "neonatal_level", "ward_level", "capabilities", "phone"]
)
def test_what_is_not_stated_is_missing_and_the_column_is_named(refused, column):
    assert refused(**{column: ""}) == [(column, "missing")]


def test_every_missing_column_is_named_at_once(parse, faults_of):
    bare = {column: YIBIN[column] for column in ("facility_id", "name_zh", "county_adcode")}

    assert faults_of(parse, bare) == [
        (2, "maternal_level", "missing"),
        (2, "neonatal_level", "missing"),
        (2, "capabilities", "missing"),
        (2, "phone", "missing"),
    ]


def test_none_states_a_level_but_is_no_telephone_number(outside, refused):
    mothers_only = outside(neonatal_level="none", ward_level="")

    assert mothers_only.takes_mothers
    assert not mothers_only.takes_newborns
    assert mothers_only.ward_level is None
    assert refused(phone="none") == [("phone", "missing")]


def test_a_ward_may_be_stated_among_the_capabilities(outside):
    facility = outside(ward_level="", capabilities="NEO_L3A;NEO_VENT")

    assert facility.ward_level is WardLevel.L3A
    assert set(facility.capabilities.values()) == {Trust.CONFIRMED}


def test_a_wrong_cell_is_one_fault_and_not_missing_too(refused):
    assert refused(maternal_level="M7") == [("maternal_level", "unknown_code")]
    assert refused(phone="see website") == [("phone", "not_a_phone_number")]
    assert refused(capabilities="TELEPORT") == [("capabilities", "unknown_capability")]


def test_a_profile_or_a_placeholder_is_refused_outside(refused):
    assert refused(profile="prefecture:general") == [("profile", "unknown_code")]
    assert refused(kind="placeholder") == [("name_zh", "placeholder")]
    assert refused(coord_quality="county_seat_fallback") == [("coord_quality", "unknown_code")]


def test_a_hub_nobody_knows_is_refused_with_those_there_are(parse):
    for wrong in ("OUT-XX", "out-yb"):
        with pytest.raises(RefusedInputError) as caught:
            parse(YIBIN | {"county_adcode": wrong})

        (fault,) = caught.value.faults
        assert (fault.column, fault.code) == ("county_adcode", "unknown_county")
        assert fault.expected == f"one of {';'.join(sorted(HUBS))}"


def test_a_registry_without_hubs_takes_no_hospital_outside(registry, parse, faults_of):
    inland = registry_of(registry.divisions, (), profiles=registry.profiles)

    assert faults_of(parse, YIBIN, base=inland) == [(2, "county_adcode", "not_a_county_code")]


def test_without_a_point_it_stands_where_the_hub_is(outside):
    facility = outside()

    assert (facility.lon, facility.lat) == (CITY.lon, CITY.lat)
    assert facility.coord_quality == "neighbour_hub_fallback"


def test_a_point_of_its_own_is_stated_and_converted(outside):
    near = {"lon": CITY.lon, "lat": CITY.lat + 0.1}
    plain, shifted = outside(**near, crs="wgs84"), outside(**near, crs="gcj02")

    assert (plain.lon, plain.lat) == (near["lon"], near["lat"])
    assert plain.coord_quality == shifted.coord_quality == "stated"
    assert 0.0005 < abs(shifted.lon - plain.lon) < 0.01


def test_forty_nine_kilometres_from_the_hub_are_its_city_and_fifty_one_are_not(outside, refused):
    """Straight north, 111,195 m a degree."""
    point = {"lon": CITY.lon, "crs": "wgs84"}

    assert outside(**point, lat=CITY.lat + 49_000 / 111_195).out_of_province
    assert refused(**point, lat=CITY.lat + 51_000 / 111_195) == [("lon", "out_of_range")]


def test_a_hospital_of_shuifu_is_not_taken_for_one_of_yibin(refused, registry):
    """水富 is 30 km from 宜宾 and one of our counties."""
    seat = registry.divisions.get("530681")

    assert refused(lon=seat.seat_lon, lat=seat.seat_lat, crs="wgs84") == [
        ("county_adcode", "out_of_range")
    ]


def test_a_point_without_its_system_or_far_away_is_refused(refused):
    assert refused(lon=CITY.lon, lat=CITY.lat) == [("crs", "missing")]
    assert refused(lon=CITY.lat, lat=80, crs="wgs84") == [("lon", "out_of_range")]


def test_a_fallback_that_somebody_moved_is_a_point_of_its_own(outside):
    at_hub = {"lon": CITY.lon, "crs": "wgs84", "coord_quality": "neighbour_hub_fallback"}

    assert outside(**at_hub, lat=CITY.lat).coord_quality == "neighbour_hub_fallback"
    assert outside(**at_hub, lat=CITY.lat + 0.01).coord_quality == "stated"


def test_an_id_never_crosses_the_border_of_the_province(entered, parse, faults_of):
    ours = YIBIN | {"facility_id": "YN530600-001"}
    theirs = YIBIN | {"county_adcode": "530681"}

    assert faults_of(parse, ours) == [(2, "facility_id", "duplicate")]
    assert faults_of(parse, theirs, base=entered) == [(2, "facility_id", "duplicate")]
    assert faults_of(parse, YIBIN | {"facility_id": "OUT-YB"}) == [(2, "facility_id", "duplicate")]


def test_a_second_import_keeps_number_point_and_names_but_no_level(entered, parse, faults_of):
    again = {**YIBIN, "phone": "", "name_en": "Yibin Hospital"}
    (row,) = parse(again, base=entered)

    assert row.facility.phone == "0831-0000000"
    assert row.facility.name_en == "Yibin Hospital"
    assert faults_of(parse, again | {"maternal_level": ""}, base=entered) == [
        (2, "maternal_level", "missing")
    ]


def test_a_hospital_that_moves_to_another_hub_is_found_there(entered, parse):
    (row,) = parse(YIBIN | {"county_adcode": "OUT-LZ"}, base=entered)

    assert (row.facility.lon, row.facility.lat) == (HUBS["OUT-LZ"].lon, HUBS["OUT-LZ"].lat)


def test_one_bad_row_outside_keeps_the_file_out(registry, parse, faults_of):
    faults_of(parse, YIBIN, YIBIN | {"facility_id": "YB-2", "phone": ""})

    assert "YB-1" not in registry


def test_the_registry_knows_the_hubs_and_which_hospital_stands_at_which(registry, entered):
    hub = entered.hub_at("OUT-YB")

    assert registry.hubs == load_neighbour_hubs()
    assert hub is not None
    assert hub.name_zh == "宜宾市"
    assert entered.hub_at("530681") is None
    assert [f.facility_id for f in entered.in_county("OUT-YB")] == ["YB-1"]
    assert entered.in_county("OUT-BS") == ()


def test_the_hubs_stay_whatever_is_laid_over_the_registry(entered):
    pool = entered.pools_of("YB-1")[0]
    changed = [
        entered.with_facilities([]),
        entered.with_capacity([pool]),
        entered.with_phones([]),
        entered.with_catchments([]),
        entered.with_staff([]),
        entered.replaced_by([]),
    ]

    assert all(registry.hubs == load_neighbour_hubs() for registry in changed)
    with pytest.raises(UnknownFacilityError):
        changed[-1].get("YB-1")


def test_it_never_counts_for_a_county_or_prefecture_of_ours(registry, entered):
    named = {i for row in policy_check(entered) for i in (*row.maternal.facility_ids,)}

    assert policy_check(entered) == policy_check(registry)
    assert "YB-1" not in named
    assert delivery_sites(entered) == delivery_sites(registry)
    assert check_norms(entered) == check_norms(registry)
    assert counties_without_coordinator(entered) == counties_without_coordinator(registry)


def test_no_county_belongs_to_it_unless_somebody_says_so(registry, entered):
    """An M3 would stand in the last rank of R-CATCH-03 of all 129 counties."""
    assert entered.catchments.assumed == registry.catchments.assumed


def test_its_fallback_point_is_a_doubt_and_its_number_none(entered):
    doubts = {issue.code: issue.facility_ids for issue in quality(entered)}

    assert "YB-1" in doubts[QualityCode.POINT_IS_FALLBACK]
    assert "YB-1" not in doubts[QualityCode.NO_PHONE]


def test_capacity_phones_staff_and_a_catchment_may_name_it(entered, table):
    as_of = "2026-03-01T08:00:00+08:00"
    capacity = {"facility_id": "YB-1", "kind": "AICU", "in_service": "4", "free": "2"}
    catchment = {"county_adcode": "530626", "kind": "M", "rank": "1", "facility_id": "YB-1"}
    phone = {"facility_id": "YB-1", "role": "neonatal", "phone": "0831-1111111"}
    staff = {"facility_id": "YB-1", "role": "midwife", "count": "9"}
    full = (
        entered.with_capacity(
            io.parse_capacity(table([capacity | {"as_of": as_of}]), registry=entered)
        )
        .with_catchments(io.parse_catchment(table([catchment]), registry=entered))
        .with_phones(io.parse_phones(table([phone]), registry=entered))
        .with_staff(io.parse_staff(table([staff]), registry=entered))
    )

    assert full.pools["YB-1", PlaceKind.AICU].free_at(datetime(2026, 3, 1, tzinfo=UTC)) == 2
    (row,) = full.catchments.ranked("530626", "M", date(2026, 3, 1))
    assert (row.facility_id, row.assumed) == ("YB-1", False)
    assert full.phone_of("YB-1", "newborn") == "0831-1111111"
    assert full.phone_of("YB-1", "maternal") == "0831-0000000"
    assert full.staff[0].count == 9


def test_no_catchment_is_given_to_a_hub(entered, table, faults_of):
    row = {"county_adcode": "OUT-YB", "kind": "M", "rank": "1", "facility_id": "YB-1"}

    assert faults_of(io.parse_catchment, table([row]), registry=entered) == [
        (2, "county_adcode", "not_a_county_code")
    ]


def test_who_rings_for_a_hospital_outside_is_the_officer_of_the_province(entered):
    manned = entered.with_phones(
        [
            Phone("530000", PhoneRole.COORDINATOR, "0871-12345"),
            Phone("530626", PhoneRole.COORDINATOR, "0870-12345"),
        ]
    )

    assert manned.coordinator_phone("OUT-YB") == "0871-12345"
    assert manned.coordinator_phone("530626") == "0870-12345"
    assert entered.coordinator_phone("OUT-YB") is None
    with pytest.raises(UnknownDivisionError):
        manned.coordinator_phone("OUT-XX")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_is_read_again_unchanged(entered, outlines, form):
    reported = entered.with_catchments(
        [CatchmentRow("530626", "M", 1, "YB-1", None, None, "", False)]
    )
    sheet = io.facility_rows(reported)
    content = io.sheet_text(sheet).encode() if form == "csv" else io.sheet_bytes(sheet, name="f")
    written = read_table_bytes(content, name="f")
    bare = registry_of(
        reported.divisions, (), profiles=reported.profiles, hubs=load_neighbour_hubs()
    )
    for base in (bare, entered):
        rows = parse_facilities(written, base=base, outlines=outlines)
        again = bare.with_facilities(rows)

        assert again.facilities == reported.facilities
        assert again.pools == reported.pools


def test_the_example_outside_with_an_id_of_ones_own_is_read(registry, outlines):
    header, rows = io.template_rows("facilities")
    (example,) = [row for row in rows if row[header.index("county_adcode")] in HUBS]
    sheet = (header, [["YB-9", *example[1:]]])
    written = read_table_bytes(io.sheet_text(sheet).encode(), name="f")
    (row,) = parse_facilities(written, base=registry, outlines=outlines)

    assert row.facility.out_of_province
    assert row.facility.is_rescue_centre


def test_its_site_is_reached_over_the_roads_of_the_hub(entered):
    """绥江 by the road of 105 minutes to 宜宾 or a quicker way over 水富; there as back."""
    estimate = load_road_estimate()
    site = entered.get("YB-1").site()
    home = entered.in_county("530626")[0].site()
    times = estimate.travel_times([home, site], [home, site], JULY)

    assert (site.kind, site.county, site.site_id) == (SiteKind.FACILITY, "OUT-YB", "YB-1")
    assert 0 < times.between(home.site_id, "YB-1").expected_s <= 105 * 60
    assert times.between("YB-1", home.site_id).expected_s == (
        times.between(home.site_id, "YB-1").expected_s
    )
