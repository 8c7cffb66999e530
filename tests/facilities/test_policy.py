"""P-13c and what doctor asks about the registry."""

from collections import Counter
from dataclasses import replace

import pytest

from facilities.capability import Trust
from facilities.capacity import PlaceKind, Pool
from facilities.catchment import CatchmentRow
from facilities.centre import Aspect, FacilityStatus
from facilities.norms import check_norms, delivery_sites, load_norms
from facilities.policy import PolicySide, policy_check
from facilities.quality import QualityCode, quality
from facilities.registry import FacilityRow

LUSHUI = "YN533300-001"


def changed(registry, facility_id, **values):
    facility = replace(registry.get(facility_id), **values)
    return registry.with_facilities([FacilityRow(facility, registry.pools_of(facility_id))])


def sides(registry, adcode):
    (row,) = [row for row in policy_check(registry) if row.adcode == adcode]
    return row.maternal, row.newborn


def doubts(registry):
    return {issue.code: issue.facility_ids for issue in quality(registry)}


def test_every_prefecture_is_followed_by_its_counties(registry):
    rows = policy_check(registry)

    assert len(rows) == 16 + 129
    assert [row.adcode for row in rows] == sorted(row.adcode for row in rows)
    assert Counter(row.level for row in rows) == {"prefecture": 16, "county": 129}
    assert rows[0].name_zh == "昆明市"


def test_in_the_default_data_there_are_candidates_everywhere_and_nothing_is_confirmed(registry):
    statuses = {(r.maternal.status, r.newborn.status) for r in policy_check(registry)}

    assert statuses == {("candidate", "candidate")}


def test_candidates_are_named_and_placeholders_never_are(registry):
    named = {
        facility_id
        for row in policy_check(registry)
        for facility_id in (*row.maternal.facility_ids, *row.newborn.facility_ids)
    }

    assert sides(registry, "533324")[0] == PolicySide("candidate", ("YN533300-004",))
    assert sides(registry, "530402")[0] == PolicySide("candidate", ("YN530400-002",))
    assert not [f for f in named if registry.get(f).is_placeholder]


def test_a_prefecture_needs_a_centre_of_the_second_level(registry):
    low = changed(registry, LUSHUI, maternal_level=registry.get("YN533300-004").maternal_level)

    assert sides(low, "533300")[0] == PolicySide("none", ())
    assert sides(low, "533300")[1].status == "candidate"
    assert sides(low, "533301")[0].status == "candidate"


def test_a_confirmed_centre_is_named_alone(registry):
    both = changed(registry, "YN530900-001", level_trust=Trust.CONFIRMED)

    assert sides(both, "530902")[0] == PolicySide("confirmed", ("YN530900-001",))


def test_one_side_can_be_confirmed_by_itself(registry):
    half = changed(registry, "YN533300-004", stated=frozenset({Aspect.MATERNAL}))

    assert [side.status for side in sides(half, "533324")] == ["confirmed", "candidate"]


def test_a_suspended_centre_does_not_count_and_a_diverted_one_does(registry):
    def status(value):
        return sides(changed(registry, "YN533300-004", status=value), "533324")[0].status

    assert status(FacilityStatus.SUSPENDED) == "none"
    assert status(FacilityStatus.DIVERTED) == "candidate"


def test_the_default_data_has_no_numbers_no_exact_points_eight_remembered_rows(registry):
    found = {code: len(ids) for code, ids in doubts(registry).items()}

    assert found == {
        QualityCode.NO_PHONE: 161,
        QualityCode.POINT_IS_FALLBACK: 207,
        QualityCode.LISTED_FROM_MEMORY: 8,
        QualityCode.PLACEHOLDER: 4,
    }


def test_a_name_given_to_two_facilities_is_noticed(registry):
    twice = changed(registry, "YN533300-003", name_zh="贡山县人民医院")

    assert doubts(twice)[QualityCode.DUPLICATE_NAME] == ("YN533300-003", "YN533300-004")


def test_a_report_of_places_nobody_can_staff_is_noticed(registry):
    pool = Pool("YN533300-004", PlaceKind.NEO_COOLING, 1, 1, None, None, "", False)

    found = doubts(registry.with_capacity([pool]))
    assert found[QualityCode.PLACE_WITHOUT_CAPABILITY] == ("YN533300-004",)


def test_a_catchment_of_a_hospital_without_that_level_is_noticed(registry):
    row = CatchmentRow("530102", "M", 1, "YN530100-014", None, None, "", False)

    found = doubts(registry.with_catchments([row]))
    assert found[QualityCode.CATCHMENT_WITHOUT_LEVEL] == ("YN530100-014",)


def test_the_norms_are_those_of_r_centre_10_to_14():
    assert [(norm.rule, norm.minimum) for norm in load_norms()] == [
        ("R-CENTRE-10", (30, 40, 40)),
        ("R-CENTRE-11", (2000, 4000, 4000)),
        ("R-CENTRE-12", (40, 70, 70)),
        ("R-CENTRE-13", (2, 6, 8)),
        ("R-CENTRE-14", (1, 1, 1)),
    ]
    assert [norm.rule for norm in load_norms() if norm.reference_only] == ["R-CENTRE-11"]


def test_what_nobody_told_is_unknown_and_not_below(registry):
    rows = [row for row in check_norms(registry) if row.facility_id == LUSHUI]

    assert [(row.item, row.minimum, row.found, row.status) for row in rows] == [
        ("obstetric_beds", 40, None, "unknown"),
        ("deliveries_per_year", 4000, None, "unknown"),
        ("high_risk_share_pct", 70, None, "unknown"),
        ("obstetric_rescue_beds", 6, 6, "met"),
        ("intensive_care", 1, 1, "met"),
    ]
    assert all(row.assumed for row in rows)


def test_a_reported_lack_of_beds_is_below_the_norm(registry):
    few = Pool(LUSHUI, PlaceKind.OB_RESCUE_BED, 5, 1, None, None, "", False)
    rows = check_norms(registry.with_capacity([few]))
    (row,) = [r for r in rows if (r.facility_id, r.rule) == (LUSHUI, "R-CENTRE-13")]

    assert (row.found, row.status, row.assumed) == (5, "below", False)


@pytest.mark.parametrize(("adcode", "needed"), [("533324", 1), ("530627", 2)])
def test_a_county_of_300000_keeps_two_places_that_deliver_babies(registry, adcode, needed):
    """贡山 has some 38,000 people, 镇雄 1.35 million. R-CENTRE-18."""
    (row,) = [row for row in delivery_sites(registry) if row.adcode == adcode]

    assert row.needed == needed
    assert row.status == ("met" if len(row.facility_ids) >= needed else "below")
    assert row.births == registry.divisions.get(adcode).births
    assert row.assumed
