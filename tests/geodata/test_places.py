"""``places.csv``: villages with a point or with stated minutes, or every fault of the file."""

import pytest

from geodata.conditions import Conditions
from geodata.crs import CRS, from_wgs84
from geodata.errors import RefusedInputError
from geodata.io import read_places, xlsx_bytes
from geodata.place_file import parse_places
from geodata.table import table_of
from geodata.yunnan import load_divisions, load_outlines, load_road_estimate

SEAT = (load_divisions().get("533324").seat_lon, load_divisions().get("533324").seat_lat)
VILLAGE = {
    "place_id": "V1",
    "name_zh": "某村",
    "county_adcode": "533324",
    "lon": f"{SEAT[0]:.6f}",
    "lat": f"{SEAT[1]:.6f}",
    "crs": "wgs84",
    "births": "12",
    "minutes_to_seat": "",
}


def parse(*rows):
    table = table_of("places.csv", [VILLAGE | row for row in rows])
    return parse_places(table, divisions=load_divisions(), outlines=load_outlines())


def faults(*rows):
    with pytest.raises(RefusedInputError) as caught:
        parse(*rows)
    return [(fault.line, fault.column, fault.code) for fault in caught.value.faults]


def test_a_village_is_read_with_its_point_and_its_births():
    (place,) = parse({})

    assert (place.place_id, place.name_zh, place.county, place.births) == (
        "V1",
        "某村",
        "533324",
        12,
    )
    assert (place.lon, place.lat) == pytest.approx(SEAT, abs=1e-6)
    assert place.minutes_to_seat is None


@pytest.mark.parametrize("crs", list(CRS))
def test_a_point_is_kept_in_wgs84_whatever_system_it_came_in(crs):
    lon, lat = from_wgs84(*SEAT, crs)
    (place,) = parse({"lon": f"{lon:.7f}", "lat": f"{lat:.7f}", "crs": crs.value})

    assert (place.lon, place.lat) == pytest.approx(SEAT, abs=1e-6)


def test_a_village_with_minutes_only_needs_no_point_and_no_system():
    (place,) = parse({"lon": "", "lat": "", "crs": "", "minutes_to_seat": "95", "births": ""})

    assert (place.lon, place.lat, place.minutes_to_seat, place.births) == (None, None, 95, None)


def outside(km):
    """A point east of the county's outline by about so many kilometres, at its seat's height."""
    outlines, lon = load_outlines(), SEAT[0]
    while outlines.distance_m("533324", lon, SEAT[1]) < km * 1000:
        lon += 0.0005
    return {"lon": f"{lon:.6f}"}


def test_a_point_may_lie_five_kilometres_outside_its_county_and_no_further():
    assert parse(outside(4.9))[0].place_id == "V1"
    assert faults(outside(5.1)) == [(2, "lon,lat", "point_outside_county")]


def test_a_point_in_the_wrong_county_says_where_it_lies():
    """Kunming for Gongshan: the wrong county is the error that sends somebody the wrong way."""
    with pytest.raises(RefusedInputError) as caught:
        parse({"lon": "102.7058", "lat": "25.0466"})

    assert "lies in 530102" in caught.value.faults[0].expected


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"crs": ""}, [("crs", "missing")]),
        ({"crs": "WGS-84"}, [("crs", "unknown_code")]),
        ({"lon": ""}, [("lon", "missing")]),
        ({"lat": ""}, [("lat", "missing")]),
        ({"lon": SEAT[1], "lat": SEAT[0]}, [("lat", "out_of_range")]),
        ({"lon": "98;7"}, [("lon", "not_a_number")]),
        ({"lon": "", "lat": ""}, [("lon", "missing")]),
        ({"county_adcode": "533325x"}, [("county_adcode", "not_a_county_code")]),
        ({"county_adcode": "533300"}, [("county_adcode", "unknown_county")]),
        ({"county_adcode": ""}, [("county_adcode", "missing")]),
        ({"name_zh": ""}, [("name_zh", "missing")]),
        ({"place_id": ""}, [("place_id", "missing")]),
        ({"place_id": "example-7"}, [("place_id", "example_row")]),
        ({"births": "-1"}, [("births", "out_of_range")]),
        ({"births": "1.5"}, [("births", "not_an_integer")]),
        ({"minutes_to_seat": "2881"}, [("minutes_to_seat", "out_of_range")]),
    ],
)
def test_each_fault_of_a_row_is_named(change, found):
    row = {column: str(value) for column, value in change.items()}

    assert faults(row) == [(2, column, code) for column, code in found]


def test_every_fault_of_every_row_is_listed_and_nothing_is_taken_over():
    assert faults(
        {"crs": "", "births": "x"},
        {"place_id": "V2"},
        {"place_id": "V2", "county_adcode": "999999"},
        {"place_id": "EXAMPLE-1", "lon": "", "lat": ""},
    ) == [
        (2, "births", "not_a_number"),
        (2, "crs", "missing"),
        (4, "place_id", "duplicate"),
        (4, "county_adcode", "unknown_county"),
        (5, "place_id", "example_row"),
        (5, "lon", "missing"),
    ]


def test_the_template_with_its_example_rows_is_refused():
    """Its columns are those of the template, altitude, source and status included."""
    template = table_of(
        "places.csv",
        [
            {
                "place_id": f"EXAMPLE-{number}",
                "name_zh": "某村卫生室",
                "county_adcode": "533324",
                "lon": "",
                "lat": "",
                "crs": "wgs84",
                "births": "",
                "altitude_m": "",
                "source": "example row",
                "status": "example",
            }
            for number in (1, 2)
        ],
    )
    with pytest.raises(RefusedInputError) as caught:
        parse_places(template, divisions=load_divisions(), outlines=load_outlines())

    assert [(f.line, f.code) for f in caught.value.faults if f.column == "place_id"] == [
        (2, "example_row"),
        (3, "example_row"),
    ]


@pytest.mark.parametrize("kind", ["utf-8", "utf-8-sig", "gbk", "xlsx"])
def test_the_same_places_come_from_csv_with_and_without_bom_from_gbk_and_from_xlsx(tmp_path, kind):
    path = tmp_path / "places"
    if kind == "xlsx":
        path.write_bytes(xlsx_bytes(list(VILLAGE), [list(VILLAGE.values())], sheet="places"))
    else:
        text = ",".join(VILLAGE) + "\n" + ",".join(VILLAGE.values()) + "\n"
        path.write_bytes(text.encode(kind))
    read = read_places(path, divisions=load_divisions(), outlines=load_outlines())

    assert read == parse({})


def test_a_missing_column_is_a_fault_of_the_header(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("place_id,name_zh\n", encoding="utf-8")
    with pytest.raises(RefusedInputError) as caught:
        read_places(path, divisions=load_divisions(), outlines=load_outlines())

    assert [(f.line, f.column) for f in caught.value.faults] == [
        (1, column) for column in ("county_adcode", "lon", "lat", "crs", "births")
    ]


def test_a_village_far_up_a_valley_is_as_far_as_somebody_said_and_not_as_its_point():
    """Point 0, stated 4 h: expected 240 min to the seat of its county, where the hospital is."""
    near, far = parse({"place_id": "V1"}, {"place_id": "V2", "minutes_to_seat": "240"})
    estimate = load_road_estimate()
    kunming = estimate.county_site("530102")
    times = estimate.travel_times([near.site(), far.site()], [kunming], Conditions(month=7))
    more = times.between("V2", "530102").expected_s - times.between("V1", "530102").expected_s

    assert more == 240 * 60
