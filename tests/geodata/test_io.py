"""Tables from files, and files that no spreadsheet takes for formulas."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import RefusedInputError
from geodata.io import csv_text, read_table, read_table_bytes, write_csv, xlsx_bytes
from geodata.workbook import Limits

TEXT = "place_id,name_zh\nV1,独龙江乡\n\nV2,某村\n"


def read(data, **limits):
    return read_table_bytes(data, name="t.csv", limits=Limits(**limits))


def codes(data, **limits):
    with pytest.raises(RefusedInputError) as caught:
        read(data, **limits)
    return [(fault.line, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-bom"), ("gbk", "gbk"), ("gb18030", "gbk")],
)
def test_utf8_with_and_without_bom_and_gbk_are_read_and_named(codec, encoding):
    table = read(TEXT.encode(codec))

    assert table.encoding == encoding
    assert table.header == ("place_id", "name_zh")
    assert [(row.line, row["name_zh"]) for row in table.rows] == [(2, "独龙江乡"), (4, "某村")]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused_and_not_guessed(codec):
    assert codes(TEXT.encode(codec)) == [(None, "unknown_encoding")]


def test_utf8_that_breaks_after_its_bom_is_not_taken_for_gbk():
    assert codes(b"\xef\xbb\xbfname\n\xb6\xc0") == [(None, "unknown_encoding")]


@pytest.mark.parametrize("data", [b"", b"\n\n", b" , \n"])
def test_a_file_without_a_header_is_refused(data):
    assert codes(data) == [(1, "empty_file")]


def test_lines_are_those_of_the_file_even_where_a_cell_spans_two():
    table = read(b'a,b\r\n"one\r\ntwo",x\r\n\r\n3,y\r\n')

    assert [row.line for row in table.rows] == [2, 5]
    assert table.rows[0]["a"] == "one\r\ntwo"


def test_missing_cells_are_empty_and_surplus_ones_are_a_fault():
    assert read(b"a,b\n1\n").rows[0]["b"] == ""
    assert codes(b"a,b\n1,2,3\n4,5,,\n6,7,8\n") == [(2, "too_many_cells"), (4, "too_many_cells")]


def test_an_open_quote_is_refused_with_its_line():
    assert codes(b'a,b\n1,2\n"3,4\n') == [(3, "unreadable")]


@pytest.mark.parametrize(
    ("limits", "data", "code"),
    [
        ({"max_bytes": 7}, b"a,b\n1,2\n", "too_large"),
        ({"max_rows": 1}, b"a\n1\n2\n", "too_many_rows"),
        ({"max_columns": 1}, b"a,b\n1,2\n", "too_many_columns"),
        ({"max_cell": 2}, b"a\n123\n", "too_long"),
    ],
)
def test_each_limit_is_held_and_the_value_at_the_limit_passes(limits, data, code):
    ((name, limit),) = limits.items()

    assert [found for _, found in codes(data, **limits)] == [code]
    assert read(data, **{name: limit + 1}).header[0] == "a"


def test_a_file_too_large_is_refused_before_it_is_read_and_a_missing_one_says_so(tmp_path):
    large = tmp_path / "large.csv"
    large.write_bytes(b"a\n" + b"1\n" * 10)
    found = []
    for path, limit in ((large, 10), (tmp_path / "absent.csv", 10), (tmp_path, 10**6)):
        with pytest.raises(RefusedInputError) as caught:
            read_table(path, limits=Limits(max_bytes=limit))
        found.append([fault.code for fault in caught.value.faults])

    assert found == [["too_large"], ["unreadable"], ["unreadable"]]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 871", "-x", "@SUM(A1)", "\t=1", "\n=1", "'=1", "＝1+1", "＋1", "－x", "＠x"],
)
def test_a_text_that_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text):
    ((_,), (cell,)) = csv.reader(io.StringIO(csv_text(["a"], [[text]]), newline=""))

    assert cell == f"'{text}"


def test_numbers_stay_numbers_and_a_header_is_guarded_too():
    assert csv_text(["=a", "b"], [[-3, -2.5], ["-3", None]]) == "'=a,b\n-3,-2.5\n-3,\n"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
def test_what_is_written_is_what_is_read_back(texts):
    data = csv_text(["n", "text"], [[i, text] for i, text in enumerate(texts)]).encode()
    table = read(data)

    plain = [text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in texts]
    assert [row["text"] for row in table.rows] == plain


def test_a_file_of_somebody_else_keeps_its_plus_and_its_apostrophe():
    """Only an apostrophe before what looks like a formula is ours to take off."""
    table = read(b"phone\n+86 871 1\n-5\n'+86 871 2\n'tis\n''\n")

    assert [row["phone"] for row in table.rows] == [
        "+86 871 1",
        "-5",
        "+86 871 2",
        "'tis",
        "''",
    ]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_no_end_of_a_line_in_a_cell_begins_a_row_of_its_own(end):
    table = read(csv_text(["a", "b"], [[f"name{end}=1+1", "x"]]).encode())

    assert [tuple(row.cells.values()) for row in table.rows] == [("name\n=1+1", "x")]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), min_size=1))
def test_no_cell_of_a_written_file_begins_like_a_formula(texts):
    rows = csv.reader(io.StringIO(csv_text(["t"], [[text] for text in texts]), newline=""))

    assert not [
        cell
        for row in rows
        for cell in row
        if cell.startswith(("=", "+", "@", "＝", "＋", "－", "＠"))
        or (cell.startswith("-") and not cell[1:2].isdigit())
    ]


@pytest.mark.parametrize(("bom", "encoding"), [(False, "utf-8"), (True, "utf-8-bom")])
def test_a_written_file_is_read_back_from_disk(tmp_path, bom, encoding):
    path = tmp_path / "out.csv"
    write_csv(path, ["name", "n"], [["绥江", 1], ["=x", None]], bom=bom)
    table = read_table(path)

    assert table.encoding == encoding
    assert [dict(row.cells) for row in table.rows] == [
        {"name": "绥江", "n": "1"},
        {"name": "=x", "n": ""},
    ]


def test_a_written_workbook_is_read_back_with_texts_as_texts():
    rows = [["绥江", 1, 2.5], ["=1+1", -3, None], ["'x", 0, 1e6], ["0871", 5, 5]]
    table = read_table_bytes(xlsx_bytes(["name", "n", "m"], rows, sheet="s"), name="t.xlsx")

    assert table.encoding == "xlsx"
    assert [tuple(row.cells.values()) for row in table.rows] == [
        ("绥江", "1", "2.5"),
        ("=1+1", "-3", ""),
        ("'x", "0", "1000000"),
        ("0871", "5", "5"),
    ]


def test_the_same_rows_make_the_same_workbook_byte_for_byte():
    assert xlsx_bytes(["a"], [[1]], sheet="s") == xlsx_bytes(["a"], [[1]], sheet="s")
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(["a"], [[1]], sheet="s"))) as book:
        assert b">2000-01-01T00:00:00Z</dcterms:created>" in book.read("docProps/core.xml")
