import pytest

from geodata.divisions import DivisionLevel
from geodata.errors import GeodataError, RefusedInputError, UnknownDivisionError
from geodata.table import table_of
from geodata.yunnan import load_divisions, load_table
from geodata.yunnan.county_file import parse_divisions

PER_PREFECTURE = [14, 9, 9, 5, 11, 5, 10, 8, 10, 13, 8, 3, 12, 5, 4, 3]


def test_yunnan_has_sixteen_prefectures_and_129_counties_with_distinct_codes():
    divisions = load_divisions()

    assert len(divisions.prefectures) == 16
    assert len(divisions.counties) == 129
    assert len({division.adcode for division in divisions.all}) == 1 + 16 + 129
    assert [len(divisions.counties_of(p.adcode)) for p in divisions.prefectures] == PER_PREFECTURE


def test_divisions_stand_in_the_order_of_their_codes():
    codes = [division.adcode for division in load_divisions().all]

    assert codes == sorted(codes)
    assert codes[0] == "530000"


def test_population_women_and_births_of_the_counties_add_up_to_the_province():
    counties = load_divisions().counties

    assert sum(county.population for county in counties) == 47_209_277
    assert sum(county.women_15_49 for county in counties) == 11_275_101
    assert sum(county.births_census for county in counties) == 515_178
    assert sum(county.births for county in counties) == 401_258
    assert load_divisions().province.population == 47_209_277
    assert {(c.births_year, c.births_census_year) for c in counties} == {(2024, 2020)}


def test_estimated_births_miss_the_reported_ones_by_rounding_only():
    reported = {row["year"]: int(row["births"]) for row in load_table("births_by_year").rows}

    assert reported["2024"] == 401_261
    assert abs(load_divisions().province.births - reported["2024"]) <= 129 / 2
    assert abs(515_178 / reported["2020"] - 1) < 0.003


@pytest.mark.parametrize(
    ("column", "attribute"),
    [
        ("population_2020", "population"),
        ("female_15_49_2020", "women_15_49"),
        ("births_census_2020", "births_census"),
        ("births_est", "births"),
        ("area_km2", "area_km2"),
    ],
)
def test_each_row_of_the_prefecture_table_is_the_sum_of_its_counties(column, attribute):
    """Areas are rounded to 0.1 in each county, so their sum may miss by 0.05 per county."""
    divisions = load_divisions()

    for row in load_table("prefectures").rows:
        summed = getattr(divisions.get(row["prefecture_adcode"]), attribute)
        rounding = 0.05 * int(row["n_counties"]) + 0.06 if column == "area_km2" else 0
        assert summed == pytest.approx(float(row[column]), abs=rounding), row["name_zh"]


def test_the_prefecture_table_counts_its_counties_and_names_their_seats():
    divisions = load_divisions()

    for row in load_table("prefectures").rows:
        counties = divisions.counties_of(row["prefecture_adcode"])
        seats = [county.adcode for county in counties if county.is_prefecture_seat]
        assert len(counties) == int(row["n_counties"])
        assert seats == [row["seat_county_adcode"]]
        assert row["hub_county_adcode"] in [county.adcode for county in counties]


def test_the_births_of_kunming_are_the_reported_ones():
    """14 counties rounded one by one: 68,539 for 68,540."""
    (row,) = (r for r in load_table("prefectures").rows if r["births_reported_2024"])

    assert row["name_zh"] == "昆明市"
    assert abs(load_divisions().get("530100").births - int(row["births_reported_2024"])) <= 7


def test_census_births_and_crude_rate_of_every_county_agree():
    for row in load_table("counties").rows:
        rate = 1000 * int(row["births_census_2020"]) / int(row["population_2020"])
        assert rate == pytest.approx(float(row["crude_birth_rate_2020"]), abs=0.006)


@pytest.mark.parametrize(
    ("column", "attribute"),
    [
        ("population_2020", "population"),
        ("female_15_49_2020", "women_15_49"),
        ("female_35_49_2020", "women_35_49"),
        ("births_est", "births"),
        ("births_census_2020", "births_census"),
        ("relief_p5_p95_m", "relief_m"),
    ],
)
def test_each_county_has_the_figures_of_its_row(column, attribute):
    for row in load_table("counties").rows:
        assert getattr(load_divisions().get(row["adcode"]), attribute) == int(row[column])


def test_every_county_has_names_in_both_languages_and_a_parent():
    divisions = load_divisions()

    for county in divisions.counties:
        assert county.name_zh, county.adcode
        assert county.name_en, county.adcode
        assert divisions.prefecture_of(county.adcode) == county.parent


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("population_2020", "", "missing"),
        ("births_est", "many", "not_a_number"),
        ("seat_lat", "102.7", "out_of_range"),
        ("area_km2", "0", "out_of_range"),
    ],
)
def test_a_county_without_a_sane_figure_is_refused(column, value, code):
    counties = [dict(row.cells) for row in load_table("counties").rows]
    counties[7][column] = value
    with pytest.raises(RefusedInputError) as caught:
        parse_divisions(table_of("counties", counties), load_table("prefectures"))

    assert [(f.line, f.column, f.code) for f in caught.value.faults] == [(9, column, code)]


def test_women_of_35_to_49_are_some_of_those_of_15_to_49_in_every_county():
    counties = load_divisions().counties

    assert all(
        0 < county.women_35_49 < county.women_15_49 < county.population for county in counties
    )


def test_every_prefecture_has_one_seat_county_of_its_own():
    divisions = load_divisions()
    seats = [county for county in divisions.counties if county.is_prefecture_seat]

    assert [seat.parent for seat in seats] == [p.adcode for p in divisions.prefectures]


def test_two_counties_are_called_yiliang_and_their_codes_tell_them_apart():
    divisions = load_divisions()
    named = [c.adcode for c in divisions.counties if c.name_en.startswith("Yiliang")]

    assert named == ["530125", "530628"]
    assert divisions.get("532302").name_zh == "禄丰市"


def test_the_hub_of_kunming_is_in_the_old_town_and_that_of_dali_in_xiaguan():
    divisions = load_divisions()
    kunming, dali = divisions.get("530100"), divisions.get("532900")

    assert divisions.county_at(kunming.hub_lon, kunming.hub_lat) == "530102"
    assert (divisions.get("532901").hub_lon, divisions.get("532901").hub_lat) == (
        dali.hub_lon,
        dali.hub_lat,
    )


def test_parents_are_found_upwards():
    divisions = load_divisions()

    assert divisions.prefecture_of("533324") == "533300"
    assert divisions.prefecture_of("533300") == "533300"
    assert divisions.province_of("533324") == "530000"
    assert divisions.get("533300").level is DivisionLevel.PREFECTURE
    assert divisions.is_county("533324")
    assert not divisions.is_county("533300")


@pytest.mark.parametrize("code", ["532331", "", "53332", "云南"])
def test_a_code_that_is_not_in_the_data_is_refused_by_name(code):
    with pytest.raises(UnknownDivisionError, match="not among the 146") as caught:
        load_divisions().get(code)

    assert caught.value.code == code
    assert isinstance(caught.value, GeodataError)
    assert isinstance(caught.value, LookupError)


def test_the_province_lies_in_no_prefecture():
    with pytest.raises(UnknownDivisionError):
        load_divisions().prefecture_of("530000")
