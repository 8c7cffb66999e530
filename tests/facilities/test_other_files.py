"""``capacity.csv``, ``catchment.csv``, ``phones.csv``, ``staff.csv``."""

from datetime import UTC, date, datetime

import pytest

from facilities.capacity import PlaceKind, PlaceTrust
from facilities.capacity_file import parse_capacity
from facilities.catchment_file import parse_catchment
from facilities.phone_file import parse_phones
from facilities.staff_file import parse_staff

HOSPITAL = "YN533300-004"
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def capacity(registry, table):
    base = {"facility_id": HOSPITAL, "kind": "AICU", "in_service": "2", "free": "1"}

    def ask(*rows):
        return parse_capacity(table([base | row for row in rows]), registry=registry)

    return ask


@pytest.fixture
def catchment(registry, table):
    base = {"county_adcode": "533324", "kind": "M", "rank": "1", "facility_id": HOSPITAL}

    def ask(*rows):
        return parse_catchment(table([base | row for row in rows]), registry=registry)

    return ask


@pytest.fixture
def phones(registry, table):
    base = {"facility_id": HOSPITAL, "role": "duty", "phone": "0886-3510120"}

    def ask(*rows):
        return parse_phones(table([base | row for row in rows]), registry=registry)

    return ask


def test_a_report_replaces_the_assumed_figure_of_its_kind_only(capacity, registry):
    (pool,) = capacity({"as_of": "2026-03-01T11:00:00+08:00", "source": "desk"})
    changed = registry.with_capacity([pool])

    assert (pool.in_service, pool.free, pool.assumed) == (2, 1, False)
    assert pool.trust(NOON) is PlaceTrust.FRESH
    assert changed.pools[HOSPITAL, PlaceKind.AICU] == pool
    assert changed.pools[HOSPITAL, PlaceKind.LABOUR].assumed


def test_free_not_told_is_assumed_from_what_is_in_service(capacity):
    """0.3 x 15 = 4.5: 5."""
    (pool,) = capacity({"in_service": "15", "free": "", "as_of": "2026-03-01T11:00:00+08:00"})

    assert (pool.free, pool.assumed) == (5, True)
    assert pool.trust(NOON) is PlaceTrust.ASSUMED


def test_a_figure_without_a_time_is_not_believed(capacity):
    assert capacity({})[0].trust(NOON) is PlaceTrust.ASSUMED


def test_capacity_full_of_faults_is_refused_with_all_of_them(capacity, faults_of):
    assert faults_of(
        capacity,
        {"free": "3"},
        {"facility_id": "H9"},
        {"kind": "BED"},
        {"free": "0"},
        {"kind": "LABOUR", "in_service": "", "free": "-1"},
        {"kind": "NEO_L2B", "as_of": "2026-03-01T11:00:00", "free_from": "noon"},
        {"kind": "NEO_VENT", "in_service": "1.5"},
        {"facility_id": "EXAMPLE-1"},
        {"facility_id": "YN530400-006"},
    ) == [
        (2, "free", "free_above_in_service"),
        (3, "facility_id", "unknown_facility"),
        (4, "kind", "unknown_code"),
        (5, "kind", "duplicate"),
        (6, "in_service", "missing"),
        (6, "free", "out_of_range"),
        (7, "free_from", "not_a_time"),
        (7, "as_of", "no_offset"),
        (8, "in_service", "not_an_integer"),
        (9, "facility_id", "example_row"),
        (10, "facility_id", "placeholder"),
    ]


def test_a_catchment_is_read_with_its_days(catchment):
    (row,) = catchment({"from": "2026-01-01", "to": "", "source": "notice 3"})

    assert (row.county, row.kind, row.rank, row.facility_id) == ("533324", "M", 1, HOSPITAL)
    assert (row.valid_from, row.valid_to, row.assumed) == (date(2026, 1, 1), None, False)


def test_a_day_from_a_workbook_is_midnight_of_that_day(catchment):
    assert catchment({"from": "2026-01-01T00:00:00"})[0].valid_from == date(2026, 1, 1)


def test_the_same_centre_may_follow_itself_in_time_but_not_overlap(catchment, faults_of):
    first = {"from": "2025-01-01", "to": "2025-12-31"}

    assert len(catchment(first, {"from": "2026-01-01"})) == 2
    assert faults_of(catchment, first, {"from": "2025-12-31"}) == [(3, "facility_id", "duplicate")]


def test_catchments_full_of_faults_are_refused_with_all_of_them(catchment, faults_of):
    assert faults_of(
        catchment,
        {"county_adcode": "533300"},
        {"kind": "X", "rank": "0"},
        {"facility_id": "EXAMPLE-M1"},
        {"facility_id": "H9", "rank": "first"},
        {"from": "2026-02-30", "to": "2026-01-01T08:00"},
        {"from": "2026-02-01", "to": "2026-01-31"},
    ) == [
        (2, "county_adcode", "unknown_county"),
        (3, "kind", "unknown_code"),
        (3, "rank", "out_of_range"),
        (4, "facility_id", "example_row"),
        (5, "rank", "not_a_number"),
        (5, "facility_id", "unknown_facility"),
        (6, "from", "not_a_date"),
        (6, "to", "not_a_date"),
        (7, "to", "ends_before_it_begins"),
    ]


def test_twenty_thousand_assignments_are_read_without_comparing_each_with_all(registry, table):
    """129 counties x 161 centres; overlap is looked for within one county and centre only."""
    counties = [county.adcode for county in registry.divisions.counties]
    centres = [f.facility_id for f in registry.facilities if f.is_rescue_centre]
    rows = [
        {"county_adcode": county, "kind": "M", "rank": "1", "facility_id": centre}
        for county in counties
        for centre in centres
    ]

    assert len(parse_catchment(table(rows), registry=registry)) == 129 * 161


@pytest.mark.parametrize(
    "number",
    ["120", "0871-65156650", "+86 871 6515 6650", "(0871)65156650", "13800000000", "6515转801"],
)
def test_numbers_are_taken_as_people_write_them(phones, number):
    assert phones({"phone": number})[0].phone == number


def test_duty_officers_stand_under_the_code_of_their_division(phones, registry):
    rows = phones(
        {"facility_id": "530000", "role": "coordinator", "phone": "111", "hours": "24h"},
        {"facility_id": "533300", "role": "coordinator", "phone": "222"},
        {"facility_id": "533324", "role": "coordinator", "phone": "333"},
    )

    assert registry.with_phones(rows).coordinator_phone("533324") == "333"
    assert registry.with_phones(rows).coordinator_phone("533323") == "222"
    assert registry.with_phones(rows).coordinator_phone("530102") == "111"


def test_phones_full_of_faults_are_refused_with_all_of_them(phones, faults_of):
    assert faults_of(
        phones,
        {},
        {},
        {"facility_id": "999999"},
        {"facility_id": "533324", "role": "obstetric"},
        {"role": "boss", "phone": ""},
        {"phone": "call the ward"},
        {"phone": "12"},
        {"facility_id": "example-1"},
    ) == [
        (3, "phone", "duplicate"),
        (4, "facility_id", "unknown_facility"),
        (5, "role", "not_of_a_division"),
        (6, "role", "unknown_code"),
        (6, "phone", "missing"),
        (7, "phone", "not_a_phone_number"),
        (8, "phone", "not_a_phone_number"),
        (9, "facility_id", "example_row"),
    ]


def test_staff_is_read_and_its_faults_are_listed(registry, table, faults_of):
    good = {"facility_id": HOSPITAL, "role": "midwife", "count": "4", "as_of": "2026-01-01"}
    (row,) = parse_staff(table([good]), registry=registry)
    bad = [good, good, good | {"role": "", "count": "4.5"}, good | {"facility_id": "H9"}]

    assert (row.role, row.count, row.as_of) == ("midwife", 4, date(2026, 1, 1))
    assert registry.with_staff([row]).staff == (row,)
    assert faults_of(parse_staff, table(bad), registry=registry) == [
        (3, "role", "duplicate"),
        (4, "role", "missing"),
        (4, "count", "not_an_integer"),
        (5, "facility_id", "unknown_facility"),
    ]
