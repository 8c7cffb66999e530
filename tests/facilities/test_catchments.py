from dataclasses import replace
from datetime import date

import pytest

from facilities.catchment import CatchmentRow, catchments_of
from facilities.centre import FacilityStatus

DAY = date(2026, 6, 1)


def ranks(registry, county, kind, on=DAY):
    found = registry.catchments.ranked(county, kind, on)
    return [(row.rank, row.facility_id) for row in found]


def row(rank=1, facility_id="YN533300-001", *, since=None, until=None, kind="M"):
    return CatchmentRow("533324", kind, rank, facility_id, since, until, "notice", False)


def test_gongshan_belongs_to_its_own_hospital_then_to_lushui_then_to_the_province(registry):
    """R-CATCH-03; the provincial centres share the third rank."""
    found = ranks(registry, "533324", "M")

    assert found[:3] == [
        (1, "YN533300-004"),
        (2, "YN533300-001"),
        (3, "YN530100-005"),
    ]
    assert {rank for rank, _ in found} == {1, 2, 3}
    assert len(found) == 2 + 6


def test_a_county_without_a_centre_of_its_own_belongs_to_the_prefecture_first(registry):
    """红塔 has a placeholder only; a placeholder serves nobody."""
    assert ranks(registry, "530402", "M")[0] == (1, "YN530400-002")
    assert ("YN530400-006") not in [f for _, f in ranks(registry, "530402", "M")]


def test_newborns_may_belong_to_a_childrens_hospital_and_mothers_never(registry):
    assert (1, "YN530400-003") in ranks(registry, "530402", "N")
    assert "YN530100-014" in [f for _, f in ranks(registry, "533324", "N")]
    assert "YN530100-014" not in [f for _, f in ranks(registry, "533324", "M")]


def test_every_county_has_a_catchment_of_both_kinds_and_all_are_assumed(registry):
    for county in registry.divisions.counties:
        for kind in "MN":
            found = registry.catchments.ranked(county.adcode, kind, DAY)
            assert found[0].rank == 1
            assert all(row.assumed and row.source == "R-CATCH-03" for row in found)
            assert all(registry.get(row.facility_id).is_rescue_centre for row in found)


def test_an_imported_row_goes_before_the_default(registry):
    changed = registry.with_catchments([row(2, "YN530100-006"), row(1)])

    assert ranks(changed, "533324", "M") == [(1, "YN533300-001"), (2, "YN530100-006")]
    assert not changed.catchments.ranked("533324", "M", DAY)[0].assumed
    assert ranks(changed, "533324", "N") == ranks(registry, "533324", "N")


@pytest.mark.parametrize(
    ("day", "imported"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_both_days_of_a_row_are_inclusive_and_outside_of_them_the_default_holds(
    registry, day, imported
):
    changed = registry.with_catchments([row(since=date(2026, 1, 1), until=date(2026, 12, 31))])

    assert (ranks(changed, "533324", "M", day) == [(1, "YN533300-001")]) is imported


def test_an_empty_end_is_open(registry):
    changed = registry.with_catchments([row(since=date(2026, 1, 1))])

    assert ranks(changed, "533324", "M", date(2099, 1, 1)) == [(1, "YN533300-001")]


def test_a_second_import_replaces_the_rows_of_the_same_county_and_kind_only(registry):
    other = replace(row(), county="533323")
    changed = registry.with_catchments([row(), other]).with_catchments([row(1, "YN533300-004")])

    assert ranks(changed, "533324", "M") == [(1, "YN533300-004")]
    assert ranks(changed, "533323", "M") == [(1, "YN533300-001")]


def test_a_suspended_centre_is_nobodys_assumed_catchment(registry):
    suspended = [
        replace(f, status=FacilityStatus.SUSPENDED) if f.facility_id == "YN533300-004" else f
        for f in registry.facilities
    ]
    found = catchments_of(registry.divisions, suspended).ranked("533324", "M", DAY)

    assert found[0].facility_id == "YN533300-001"
