"""Workbooks that are read, and workbooks that bite and are refused."""

import datetime as dt
import io
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import RefusedInputError
from geodata.io import read_table_bytes, xlsx_bytes
from geodata.workbook import Limits

GOOD = xlsx_bytes(["place_id", "births"], [["V1", 3], ["V2", None]], sheet="s")
with zipfile.ZipFile(io.BytesIO(GOOD)) as whole:
    PARTS = {name: whole.read(name) for name in whole.namelist()}
SHEET = "xl/worksheets/sheet1.xml"
BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + ']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetData><row r="1"><c r="A1" t="str"><v>&a9;</v></c></row></sheetData></worksheet>'
)


def read(data, **limits):
    return read_table_bytes(data, name="t.xlsx", limits=Limits(**limits))


def codes(data, **limits):
    with pytest.raises(RefusedInputError) as caught:
        read(data, **limits)
    return [(fault.line, fault.column, fault.code) for fault in caught.value.faults]


def made(*rows, sheet=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if sheet:
        book.create_sheet("second").append([sheet])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(name, content, data=GOOD):
    """The workbook with one part of the zip replaced or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return stream.getvalue()


def sheet_of(rows):
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'


def test_the_first_sheet_is_read_as_text_with_its_line_numbers():
    rows = (
        ["id", "day", "at", "hour", "yes", "n", "f"],
        [],
        [
            "V1",
            dt.date(2026, 1, 5),
            dt.datetime(2026, 1, 5, 7, 30, tzinfo=dt.UTC).replace(tzinfo=None),
            dt.time(8, 5),
            True,
            530102.0,
            0.25,
        ],
    )
    table = read(made(*rows, sheet="not this one"))

    assert [row.line for row in table.rows] == [3]
    assert tuple(table.rows[0].cells.values()) == (
        "V1",
        "2026-01-05",
        "2026-01-05T07:30:00",
        "08:05:00",
        "1",
        "530102",
        "0.25",
    )


def test_a_formula_is_a_fault_and_every_one_is_listed():
    """What it showed when it was saved may be stale, and nothing is evaluated here."""
    found = codes(made(["id", "births"], ["V1", "=1+1"], ["=A1", 3]))

    assert found == [(2, "births", "formula"), (3, "id", "formula")]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"max_bytes": 100}, "too_large"),
        ({"max_members": 3}, "too_large"),
        ({"max_unpacked_bytes": 1000}, "too_large"),
        ({"max_zip_ratio": 1.0}, "too_large"),
        ({"max_rows": 1}, "too_many_rows"),
        ({"max_columns": 1}, "too_many_columns"),
        ({"max_cell": 2}, "too_long"),
    ],
)
def test_each_limit_is_held(limits, code):
    assert {found[2] for found in codes(GOOD, **limits)} == {code}


def test_a_bomb_of_two_hundred_megabytes_is_refused_before_it_is_unpacked():
    bomb = with_part("xl/media/image1.png", b"\0" * 210 * 1024 * 1024)

    assert len(bomb) < 300_000
    assert codes(bomb) == [(None, "", "too_large"), (None, "", "too_large")]


def test_a_bomb_that_lies_about_its_size_is_refused():
    """The directory of the zip says 100 bytes where 30 million come out."""
    bomb = bytearray(with_part(SHEET, sheet_of(" " * 30_000_000)))
    at = bomb.rfind(b"PK\x01\x02", 0, bomb.rfind(SHEET.encode()))
    bomb[at + 24 : at + 28] = struct.pack("<I", 100)

    assert codes(bytes(bomb)) == [(None, "", "unreadable")]


def test_entities_that_multiply_are_refused():
    assert codes(with_part(SHEET, BILLION_LAUGHS)) == [(None, "", "unreadable")]


def test_a_file_from_outside_is_never_read_into_a_cell():
    outside = '<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY a0'
    text = BILLION_LAUGHS.replace("<!ENTITY a0", outside).replace("&a9;", "&f;")

    assert codes(with_part(SHEET, text)) == [(None, "", "unreadable")]


def test_a_sheet_with_a_row_at_the_very_end_is_refused_and_not_filled_up():
    rows = [f'<row r="{line}"><c r="A{line}"><v>1</v></c></row>' for line in (1, 1_048_576)]
    far = with_part(SHEET, sheet_of("".join(rows)))

    assert codes(far, max_rows=1000) == [(None, "", "too_many_rows")]


@pytest.mark.parametrize("size", ["A1:XFD1048576", "A1:A1"])
def test_a_size_that_a_sheet_claims_is_not_believed(size):
    """Too large would fill up the memory, too small would cut off rows without a word."""
    cells = '<row r="1"><c r="A1"><v>7</v></c></row><row r="2"><c r="A2"><v>8</v></c></row>'
    claim = sheet_of(cells).replace("<sheetData>", f'<dimension ref="{size}"/><sheetData>')
    table = read(with_part(SHEET, claim))

    assert table.header == ("7",)
    assert [row["7"] for row in table.rows] == ["8"]


def test_a_column_more_than_allowed_is_refused_and_not_cut_off():
    rows = [[f"c{i}" for i in range(201)], list(range(201))]

    assert codes(made(*rows)) == [(1, "", "too_many_columns")]
    assert len(read(made(rows[0][:200], rows[1][:200])).header) == 200


@pytest.mark.parametrize(
    "content",
    ["", "<worksheet", "<a/>", sheet_of('<row r="x"/>'), sheet_of('<row r="1"><c r="1"/>')],
)
def test_a_broken_sheet_is_refused_as_a_file(content):
    found = codes(with_part(SHEET, content))

    assert [code for _, _, code in found] in (["unreadable"], ["empty_file"])


def test_another_zip_is_no_workbook():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("notes.txt", "hello")

    assert codes(stream.getvalue()) == [(None, "", "unreadable")]
    assert codes(b"PK\x03\x04 and nothing else") == [(None, "", "unreadable")]


def test_a_workbook_of_the_old_format_is_refused_by_what_it_is_not():
    assert codes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512) == [
        (None, "", "unknown_encoding")
    ]


def read_or_refused(data):
    """Whether the bytes give a table or a refusal with faults; anything else breaks the test."""
    try:
        return bool(read(data).header)
    except RefusedInputError as refused:
        return bool(refused.faults)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255), st.integers(0, len(GOOD)))
def test_a_damaged_workbook_is_read_or_refused_but_never_breaks_the_program(at, flip, cut):
    damaged = bytearray(GOOD)
    damaged[at] ^= flip

    assert read_or_refused(bytes(damaged))
    assert read_or_refused(GOOD[:cut])


@given(st.sampled_from(sorted(PARTS)), st.data())
def test_a_workbook_with_nonsense_in_any_part_is_read_or_refused(name, data):
    at = data.draw(st.integers(0, len(PARTS[name]) - 1))
    nonsense = data.draw(st.sampled_from([b"", b"<", b"&x;", b'"', b"99999999999", b"\xff", b"-1"]))
    content = PARTS[name][:at] + nonsense + PARTS[name][at + data.draw(st.integers(0, 9)) :]

    assert read_or_refused(with_part(name, content))
