"""A small workbook with millions of cells is refused before anything is built of it."""

import io
import time
import tracemalloc
import zipfile

import pytest

from geodata.errors import RefusedInputError
from geodata.io import formula_faults, read_table_bytes, xlsx_bytes
from geodata.table import table_of
from geodata.workbook import Limits

HONEST = xlsx_bytes(["a", "b"], [["1", "2"]], sheet="s")
SHEET = "xl/worksheets/sheet1.xml"
MEGABYTE = 1 << 20


def with_sheet(xml):
    """The honest workbook with another sheet."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(HONEST)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for member in old.infolist():
            new.writestr(member.filename, xml if member.filename == SHEET else old.read(member))
    return made.getvalue()


def sheet_of(cells, *, rows=1, prefix=""):
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    spoken = f' xmlns:{prefix[:-1]}="{name}"' if prefix else f' xmlns="{name}"'
    body = f"<{prefix}row>{cells}</{prefix}row>" * rows
    for name in ("sheetData", "worksheet"):
        body = f"<{prefix}{name}{spoken}>{body}</{prefix}{name}>"
    return body


@pytest.fixture(scope="module")
def bomb():
    """Three million cells in less than 90 kilobytes."""
    return with_sheet(sheet_of("<c><v/></c>" * 100, rows=30_000))


def refused(data, **limits):
    with pytest.raises(RefusedInputError) as caught:
        read_table_bytes(data, name="bomb.xlsx", limits=Limits(**limits))
    return [(fault.code, fault.expected) for fault in caught.value.faults]


def test_three_million_cells_are_refused_in_less_than_a_second(bomb):
    """By the ratio; and were the ratio allowed, by the number of cells. 33 s and 1.8 GB without."""
    assert len(bomb) < 120_000
    for limits, code in (({}, "<= 200 x unpacked"), ({"max_zip_ratio": 1e9}, "<= 500000 cells")):
        began = time.process_time()
        found = refused(bomb, **limits)
        spent = time.process_time() - began
        tracemalloc.start()
        refused(bomb, **limits)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert found == [("too_large", code)]
        assert spent < 1
        assert most < 20 * MEGABYTE


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_cells_are_counted_by_any_name_and_across_the_pieces_that_are_read(prefix):
    cell = f'<{prefix}c r="A1"><{prefix}v>1</{prefix}v></{prefix}c>'
    many = with_sheet(sheet_of(cell * 100, rows=600, prefix=prefix))

    assert refused(many, max_zip_ratio=1e9, max_cells=59_999) == [("too_large", "<= 59999 cells")]
    passed = read_table_bytes(
        many, name="t.xlsx", limits=Limits(max_zip_ratio=1e9, max_cells=60_000)
    )
    assert len(passed.rows) == 599


def test_an_honest_table_of_a_province_passes():
    rows = [[str(n), "某村", "530829", 99.5, 22.5, "wgs84", 12, 40] for n in range(15_000)]
    header = ["place_id", "name_zh", "county_adcode", "lon", "lat", "crs", "births", "minutes"]
    table = read_table_bytes(xlsx_bytes(header, rows, sheet="s"), name="places.xlsx")

    assert len(table.rows) == 15_000


def test_what_a_spreadsheet_would_calculate_is_named_and_numbers_are_not():
    cells = ["=1+1", "+A1", "-A1", "@SUM(A1)", "＝1", "-1.5", "+86 871-1234", "甲=乙", ""]
    found = formula_faults(table_of("t.csv", [{"a": cell} for cell in cells]))

    assert [fault.value for fault in found] == cells[:5]
    assert {(fault.code, fault.column) for fault in found} == {("formula", "a")}
