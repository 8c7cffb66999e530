"""What each county lacks: near enough to a centre of a level, and rescue beds against the norm."""

from dataclasses import replace

import pytest

from app.engine import load_engine
from app.settings import Settings
from facilities.centre import FacilityStatus
from facilities.registry import FacilityRow
from routing.county_gaps import LEVELS, WITHIN_MIN, beds_for, county_gaps


@pytest.fixture(scope="module")
def engine():
    return load_engine(Settings())


@pytest.fixture(scope="module")
def gaps(engine):
    return county_gaps(engine.registry, engine.network, engine.estimate, engine.rules)


def test_every_county_is_told_of_at_every_level(engine, gaps):
    assert [one.adcode for one in gaps] == [
        one.adcode for one in engine.registry.divisions.counties
    ]
    for one in gaps:
        for side in (one.maternal, one.newborn):
            assert tuple(reach.level for reach in side) == LEVELS
            minutes = [reach.minutes for reach in side]
            assert minutes == sorted(minutes)  # a higher level is never nearer
            assert all((r.minutes <= WITHIN_MIN) == (r.status == "within") for r in side)


def test_the_nearest_is_the_nearest_that_has_the_level(engine, gaps):
    for one in gaps[::20]:
        for reach in one.maternal:
            assert (engine.registry.get(reach.facility_id).maternal_level or 0) >= reach.level


def test_counties_far_from_a_higher_centre_are_found(gaps):
    beyond = [one.adcode for one in gaps if one.maternal[2].status == "beyond"]
    assert "533401" in beyond  # Shangri-La has no provincial centre within two hours


@pytest.mark.parametrize(
    ("births", "beds"),
    [
        (0, 0),
        (500, 1),  # 0.049 beds busy: all of one in 4.8 % of the time
        (1_000, 2),  # 0.099 busy: one would be busy 9.4 % of the time
        (14_568, 5),  # 1.437 busy: three by use, four all busy in 5.8 %, five in 1.6 %
        (300_000, 50),  # 29.6 busy, used on 60 % of days
    ],
)
def test_beds_that_births_need_by_hand(engine, births, beds):
    assert beds_for(engine.rules, births) == beds


def test_no_norm_hides_what_births_need(gaps):
    (zhenxiong,) = (one for one in gaps if one.adcode == "530627")

    assert zhenxiong.beds.needed == max(zhenxiong.beds.by_norm, zhenxiong.beds.by_births)
    assert zhenxiong.beds.by_births > zhenxiong.beds.by_norm
    assert zhenxiong.beds.status == "below"


def test_a_county_without_a_working_centre_owes_beds_and_the_way_is_longer(engine, gaps):
    (before,) = (one for one in gaps if one.adcode == "533401")
    own = [one for one in engine.registry.in_county("533401") if one.is_rescue_centre]
    closed = [
        FacilityRow(
            replace(one, status=FacilityStatus.SUSPENDED), engine.registry.pools_of(one.facility_id)
        )
        for one in own
    ]
    registry = engine.registry.with_facilities(closed)
    (after,) = (
        one
        for one in county_gaps(registry, engine.network, engine.estimate, engine.rules)
        if one.adcode == "533401"
    )

    assert (after.beds.status, after.beds.found, after.beds.needed) == ("below", 0, 2)
    assert after.maternal[0].minutes > before.maternal[0].minutes
