"""A workbook to be filled in: words to choose from, and numbers that stay as they are typed."""

import io

import openpyxl
import pytest

from geodata.io import read_table_bytes
from geodata.workbook_writing import LISTS, Page, workbook_bytes

YES_NO = ("是", "否")
COLOURS = ("绿", "黄", "橙", "红")


def book(*pages):
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(pages)))


def page(**more):
    header = ("编号", "甲", "乙", "丙")
    return Page("档案", header, [["00017", "是", None, 3]], **more)


def test_the_first_sheet_reads_back_as_it_was_written():
    data = workbook_bytes([page(choices={"甲": YES_NO}), Page("说明", ("a",), [["b"]])])
    table = read_table_bytes(data, name="t.xlsx")

    assert table.header == ("编号", "甲", "乙", "丙")
    assert [dict(row.cells) for row in table.rows] == [
        {"编号": "00017", "甲": "是", "乙": "", "丙": "3"}
    ]


def test_a_column_offers_its_words_from_a_hidden_sheet():
    found = book(page(choices={"甲": YES_NO, "乙": COLOURS}))
    rules = {str(r.sqref): r.formula1 for r in found["档案"].data_validations.dataValidation}

    assert rules == {"B2:B50001": f"{LISTS}!$A$1:$A$2", "C2:C50001": f"{LISTS}!$B$1:$B$4"}
    assert found[LISTS].sheet_state == "hidden"
    assert [row[0].value for row in found[LISTS]["A1:A2"]] == list(YES_NO)


def test_a_list_that_two_columns_share_is_written_once():
    found = book(page(choices={"甲": YES_NO, "乙": YES_NO}))

    assert found[LISTS].max_column == 1


def test_a_workbook_without_lists_has_no_sheet_of_lists():
    assert book(page()).sheetnames == ["档案"]


def test_what_is_typed_into_a_column_of_texts_stays_text():
    """Of 18 digits a spreadsheet keeps 15 unless the cell is of the format @."""
    found = book(page(texts=frozenset({"编号"})))
    formats = found["档案"].column_dimensions

    assert formats["A"].number_format == "@"
    assert "B" not in formats


@pytest.mark.parametrize(("count", "last"), [(26, "$Z$"), (27, "$AA$"), (53, "$BA$")])
def test_columns_beyond_the_alphabet_are_called_as_a_spreadsheet_calls_them(count, last):
    header = tuple(f"c{n}" for n in range(count))
    choices = {name: (f"w{name}",) for name in header}
    found = book(Page("s", header, [], choices=choices))
    rule = found["s"].data_validations.dataValidation[-1].formula1

    assert last in rule
