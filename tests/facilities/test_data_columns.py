"""Every column of the tables of institutions has a source, here and on the page about data."""

import re
from collections import Counter

import pytest

from facilities.yunnan import FOLDER, column_sources, load_profiles, load_table
from scripts.make_columns import PAGE, listing, with_listings

TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_every_shipped_table_has_a_source_and_a_year(table):
    described = [row.column for row in column_sources() if row.table == table]

    assert described == list(load_table(table).header)
    assert all(row.source and row.year for row in column_sources())


def test_no_source_is_given_for_a_table_that_is_not_there():
    assert {row.table for row in column_sources()} == set(TABLES)


def test_the_data_page_lists_the_columns_of_the_institutions(page):
    assert "facilities/yunnan/columns.csv" in page
    assert page == with_listings(page)
    assert listing(column_sources()) in page


def test_a_column_of_the_institutions_missing_on_the_page_is_noticed(page):
    changed = page.replace("| `county_profile` |", "| `profile` |")

    assert changed != page
    assert with_listings(changed) == page


def test_the_figures_the_page_gives_are_those_of_the_list(page):
    rows = load_table("facilities").rows
    said = page.partition("## Institutions")[2].partition("## Hospitals outside")[0]
    tier, kind = Counter(row["tier"] for row in rows), Counter(row["kind"] for row in rows)
    point = Counter(row["coord_quality"] for row in rows)
    basis = Counter(row["county_basis"].partition(",")[0] for row in rows)
    figures = [
        f"the {len(rows)} institutions: {tier['province']} of the province, "
        f"{tier['prefecture']} of a prefecture, {tier['county']} of a county",
        f"{kind['general']} general, {kind['tcm']} TCM, {kind['mch']} maternity, "
        f"{kind['children']} children's, {kind['infectious']} infectious, "
        f"{kind['placeholder']} placeholders",
        f"{len(load_profiles().by_key)} profiles",
        f"{point['county_seat_fallback']} rows stand at the seat of their county, "
        f"{point['prefecture_hub_fallback']} at the hub",
        f"In {basis['name']} rows the county is in the name. "
        f"In {basis['assumed hub district']} it is",
        f"{sum(not row['level'] for row in rows)} rows have no grade",
        f"(1 in {sum(row['candidate_rescue_centre'] == '1' for row in rows)} rows)",
    ]

    assert [figure for figure in figures if figure not in re.sub(r"\s+", " ", said)] == []


def test_the_page_says_what_a_hospital_outside_must_state(page):
    said = page.partition("## Hospitals outside the province")[2].partition("## Every column")[0]
    columns = ("maternal_level", "neonatal_level", "ward_level", "capabilities", "phone")

    assert all(f"`{column}`" in said for column in columns)
    assert "neighbour_hub_fallback" in said
