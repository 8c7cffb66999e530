"""Another province changes rows of a table, and a table that is wrong is refused whole."""

from datetime import date

import pytest

from app.case_exchange.fields import FORMATS
from app.case_exchange.mapping import columns_of, load_columns, shipped
from app.case_exchange.rows import said_by
from app.case_exchange.sheets import sheet_of_rows
from app.datafolder import DataFolder
from geodata.errors import RefusedInputError
from geodata.io import csv_text
from geodata.table import table_of
from tests.app.case_exchange.made import COLUMNS, RULES, pregnancy, read

ROWS = [dict(row.cells) for row in shipped("columns").rows]
WORDS = [dict(row.cells) for row in shipped("codes").rows]


def made(columns=ROWS, codes=WORDS):
    return columns_of(table_of("columns.csv", columns), table_of("codes.csv", codes), RULES.facts)


def changed(name, /, **more):
    return [
        row | more if (row["field"], row["format"]) == (name, "pregnancies") else row
        for row in ROWS
    ]


def codes(columns=ROWS, words=WORDS):
    with pytest.raises(RefusedInputError) as caught:
        made(columns, words)
    return [(fault.column, fault.code) for fault in caught.value.faults]


def test_the_table_of_yunnan_names_every_field_once():
    for name, fields in FORMATS.items():
        named = [column.field.name for column in COLUMNS[name]]

        assert set(fields) <= set(named)
        assert len(named) == len(set(named))


def test_every_column_of_yunnan_says_what_it_means_in_both_languages():
    assert [c.name for those in COLUMNS.values() for c in those if not c.meaning_zh] == []
    assert [c.name for those in COLUMNS.values() for c in those if not c.meaning_en] == []


def test_another_province_calls_and_spells_its_columns_otherwise():
    """Due date as EDD and 20261020, yes and no as 1 and 0."""
    rows = changed("due_date", column="EDD", spelling="compact")
    words = [w | {"word": {"是": "1", "否": "0"}.get(w["word"], w["word"])} for w in WORDS]
    columns = made(rows, words)
    text = {"EDD": "20261020", "purple": "1", "due_date": None}
    (lined,) = read(pregnancy(**text), columns=columns)

    assert lined.item.due_date == date(2026, 10, 20)
    assert lined.item.purple is True
    header, (cells,) = sheet_of_rows(columns["pregnancies"], [said_by(lined.item)], RULES.facts)
    told = dict(zip(header, cells, strict=True))
    assert (told["EDD"], told["传染病(紫色)"]) == ("20261020", "1")


def test_a_column_that_only_comes_in_is_not_written_and_one_that_only_goes_out_not_read():
    columns = made(changed("phone", direction="in"))
    rows = read(pregnancy(phone="13900000000"), columns=columns)
    header, _ = sheet_of_rows(columns["pregnancies"], [said_by(rows[0].item)], RULES.facts)
    out = made(changed("phone", direction="out"))
    (lined,) = read(pregnancy(phone="not read"), columns=out)

    assert rows[0].item.given.phone == "13900000000"
    assert "联系电话" not in header
    assert lined.item.given.phone is None


@pytest.mark.parametrize(
    ("rows", "column", "code"),
    [
        (changed("phone", field="telephone"), "field", "unknown_field"),
        (changed("phone", field="facts.birth_weight_g"), "field", "unknown_field"),
        (changed("phone", field="name"), "field", "duplicate"),
        (changed("phone", column="姓名"), "column", "duplicate"),
        (changed("phone", column="name"), "column", "duplicate"),
        (changed("phone", spelling="compact"), "spelling", "unknown_value"),
        (changed("purple", codes="colour"), "codes", "unknown_code"),
        (changed("purple", codes="nothing"), "codes", "unknown_code"),
        (changed("state", direction="both"), "direction", "unknown_value"),
        (changed("record_id", direction="out"), "field", "missing"),
        (changed("phone", direction="sideways"), "direction", "unknown_code"),
    ],
)
def test_a_table_that_is_wrong_is_refused(rows, column, code):
    assert (column, code) in codes(rows)


def test_a_word_that_stands_for_two_codes_is_refused():
    words = [*WORDS, {"codes": "yes_no", "code": "no", "word": "是"}]

    assert codes(words=words) == [("word", "duplicate")]


def test_no_table_makes_a_name_harmless():
    """The mapping has no say in what is private."""
    columns = made(changed("name", column="备注"))

    assert [c.field.private for c in columns["pregnancies"] if c.name == "备注"] == [True]


def test_a_table_in_the_data_folder_takes_the_place_of_that_of_yunnan(tmp_path):
    rows = changed("due_date", column="EDD")
    text = csv_text(list(rows[0]), [list(row.values()) for row in rows])
    (tmp_path / "exchange_columns.csv").write_text(text, encoding="utf-8")
    columns = load_columns(DataFolder(tmp_path), RULES.facts)

    assert "EDD" in {c.name for c in columns["pregnancies"]}
