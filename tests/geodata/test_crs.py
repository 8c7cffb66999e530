import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geodata.crs import CRS, from_wgs84, to_wgs84
from geodata.distance import crow_m, disc_radius_m

IN_YUNNAN = {"lon": st.floats(97.4, 106.3), "lat": st.floats(21.0, 29.4)}


@pytest.mark.parametrize("crs", list(CRS))
@given(**IN_YUNNAN)
def test_a_point_of_yunnan_comes_back_within_a_metre_from_every_system(crs, lon, lat):
    there = from_wgs84(lon, lat, crs)
    back = to_wgs84(*there, crs)

    assert crow_m(lon, lat, *back) < 1.0


@pytest.mark.parametrize("crs", list(CRS))
@given(**IN_YUNNAN)
def test_a_foreign_point_comes_back_within_a_metre_from_wgs84(crs, lon, lat):
    there = to_wgs84(lon, lat, crs)
    back = from_wgs84(*there, crs)

    assert crow_m(lon, lat, *back) < 1.0


def well_inside_or_outside(lon, lat):
    """The shift of GCJ-02 begins at once on the edge of a box around China, where no one can tell
    which side a point came from; 0.03 degrees on both sides of that edge are left out."""
    west, south, east, north = 72.004, 0.8293, 137.8347, 55.8271
    beside = abs(lon - west) < 0.03 or abs(lon - east) < 0.03
    return not beside and abs(lat - south) >= 0.03 and abs(lat - north) >= 0.03


@pytest.mark.parametrize("crs", list(CRS))
@given(lon=st.floats(-180, 180), lat=st.floats(-85, 85))
def test_a_point_anywhere_on_the_globe_comes_back_within_a_metre(crs, lon, lat):
    assume(well_inside_or_outside(lon, lat))
    there = from_wgs84(lon, lat, crs)
    back = to_wgs84(*there, crs)

    assert crow_m(lon, lat, *back) < 1.0


@given(**IN_YUNNAN)
def test_the_three_systems_tell_three_different_places(lon, lat):
    """Baidu's shift is some 0.9 km, and taking one system for another is never harmless."""
    gcj02, bd09 = from_wgs84(lon, lat, CRS.GCJ02), from_wgs84(lon, lat, CRS.BD09)

    assert 400 < crow_m(*gcj02, *bd09) < 1500
    assert crow_m(lon, lat, *bd09) > 300


@given(**IN_YUNNAN)
def test_the_chinese_shift_in_yunnan_is_some_hundred_metres(lon, lat):
    assert 50 < crow_m(lon, lat, *from_wgs84(lon, lat, CRS.GCJ02)) < 700


def test_the_shift_agrees_with_a_published_pair_of_points():
    """Tiananmen 116.404, 39.915 in BD-09 is 116.39762729, 39.90865674 in GCJ-02."""
    wgs84 = to_wgs84(116.404, 39.915, CRS.BD09)
    gcj02 = from_wgs84(*wgs84, CRS.GCJ02)

    assert gcj02 == pytest.approx((116.39762729, 39.90865674), abs=2e-6)


def test_a_known_point_is_shifted_as_the_published_code_does_it():
    """The widely copied reference prints 116.41024449916938, 39.91640428150164."""
    assert from_wgs84(116.404, 39.915, CRS.GCJ02) == pytest.approx(
        (116.41024449916938, 39.91640428150164), abs=1e-9
    )


@pytest.mark.parametrize("point", [(0.0, 51.5), (-74.0, 40.7), (151.2, -33.9)])
def test_outside_china_gcj02_is_wgs84(point):
    assert from_wgs84(*point, CRS.GCJ02) == point
    assert to_wgs84(*point, CRS.GCJ02) == point


def test_one_degree_of_the_meridian_is_111_kilometres():
    assert crow_m(100, 25, 100, 26) == pytest.approx(111_195, abs=1)
    assert crow_m(100, 25, 100, 25) == 0


def test_a_disc_of_314_square_kilometres_has_a_radius_of_ten():
    assert disc_radius_m(314.159265) == pytest.approx(10_000, abs=1)
