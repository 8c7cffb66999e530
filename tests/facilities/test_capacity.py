from datetime import UTC, datetime, timedelta, timezone

import pytest

from facilities.capacity import PlaceKind, PlaceTrust, Pool, assumed_free

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def pool(*, age=None, free=2, in_service=4, free_from=None, assumed=False):
    as_of = None if age is None else NOW - age
    return Pool("H", PlaceKind.AICU, in_service, free, free_from, as_of, "desk", assumed)


@pytest.mark.parametrize(
    ("age", "trust"),
    [
        (timedelta(0), PlaceTrust.FRESH),
        (timedelta(minutes=120), PlaceTrust.FRESH),
        (timedelta(minutes=120, seconds=1), PlaceTrust.STALE),
        (timedelta(minutes=1440), PlaceTrust.STALE),
        (timedelta(minutes=1440, seconds=1), PlaceTrust.ASSUMED),
        (timedelta(days=400), PlaceTrust.ASSUMED),
    ],
)
def test_a_report_is_fresh_for_two_hours_stale_for_a_day_and_then_no_better_than_assumed(
    age, trust
):
    assert pool(age=age).trust(NOW) is trust


def test_a_report_from_the_future_is_assumed_for_one_of_two_clocks_is_wrong():
    ahead = pool(age=timedelta(seconds=-1))

    assert ahead.trust(NOW) is PlaceTrust.ASSUMED
    assert ahead.age_min(NOW) is None


def test_a_figure_that_nobody_dated_or_that_is_assumed_is_assumed():
    assert pool().trust(NOW) is PlaceTrust.ASSUMED
    assert pool(age=timedelta(0), assumed=True).trust(NOW) is PlaceTrust.ASSUMED


def test_the_age_is_rounded_up_and_counts_across_time_zones():
    beijing = timezone(timedelta(hours=8))
    report = Pool(
        "H", PlaceKind.AICU, 1, 1, None, datetime(2026, 3, 1, 19, 29, 30, tzinfo=beijing), "", False
    )

    assert report.age_min(NOW) == 31


def test_a_place_that_empties_counts_from_then():
    later = pool(free=1, free_from=NOW + timedelta(hours=1))

    assert later.free_at(NOW) == 0
    assert later.free_at(NOW + timedelta(minutes=59)) == 0
    assert later.free_at(NOW + timedelta(hours=1)) == 1


def test_none_free_with_a_time_means_one_from_that_time_if_there_is_any_at_all():
    later = NOW + timedelta(hours=1)

    assert pool(free=0, free_from=later).free_at(later) == 1
    assert pool(free=0, in_service=0, free_from=later).free_at(later) == 0
    assert pool(free=3).free_at(NOW) == 3


@pytest.mark.parametrize(
    ("in_service", "free"),
    [(0, 0), (1, 1), (2, 1), (4, 1), (5, 2), (6, 2), (8, 2), (10, 3), (12, 4), (15, 5), (20, 6)],
)
def test_assumed_free_is_the_share_half_rounded_up_and_at_least_one(in_service, free):
    """0.3 x 5 = 1.5 and 0.3 x 15 = 4.5 are halves: up."""
    assert assumed_free(in_service, 0.3) == free


def test_never_more_is_assumed_free_than_is_in_service():
    assert assumed_free(1, 1.0) == 1
    assert assumed_free(3, 0.0) == 1
