"""What is written is read again as it was, and a template explains itself."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_exchange.fields import FACT, Kind
from app.case_exchange.pregnancies import parse_pregnancies
from app.case_exchange.rows import content_of, pregnancy_of, said_by, said_in
from app.case_exchange.sheets import sheet_of_rows, template_bytes, template_sheet
from app.case_exchange.visits import parse_visits
from app.text import catalogue
from facilities.io import sheet_bytes, sheet_text
from geodata.errors import RefusedInputError
from geodata.io import read_table_bytes
from routing.triage.facts import FactType
from tests.app.case_exchange.made import (
    COLUMNS,
    HOSPITAL,
    KNOWN,
    RULES,
    day,
    pregnancy,
    read,
    read_visits,
    visit,
)

PREGNANCIES = COLUMNS["pregnancies"]


def value_of(column):
    """Cells that are right for a column."""
    if column.codes is not None:
        return st.sampled_from(column.codes.offered)
    fact = RULES.facts.get(column.field.name.removeprefix(FACT))
    if column.field.kind is Kind.FACT and fact.type in (FactType.INT, FactType.FLOAT):
        whole = fact.type is FactType.INT
        low, high = max(fact.minimum, 25), fact.maximum
        numbers = st.integers(int(fact.minimum), int(high)) if whole else st.floats(low, high)
        return numbers.map(lambda n: str(round(n, 3)))
    if column.field.kind is Kind.FACILITY:
        return st.just(HOSPITAL)
    return st.text("某测试·A1-=+@', \"", min_size=1, max_size=8)


FREE = [
    column
    for column in PREGNANCIES
    if column.comes_in
    and column.field.kind in (Kind.YES_NO, Kind.FACT, Kind.CODE, Kind.FACILITY)
    and column.field.name not in ("identity_kind", "screening", "ended_as", "facts.age_years")
]
ROWS = st.fixed_dictionaries({}, optional={column.field.name: value_of(column) for column in FREE})


@given(ROWS, st.sampled_from(["csv", "xlsx"]))
def test_what_is_written_is_read_again_as_it_was(said, form):
    row = pregnancy(**{n: v for n, v in said.items() if n != "colour" or v}, address="测试村1号")
    (lined,) = read(row)
    sheet = sheet_of_rows(PREGNANCIES, [said_by(lined.item)], RULES.facts)
    data = sheet_bytes(sheet, name="x") if form == "xlsx" else sheet_text(sheet).encode()
    table = read_table_bytes(data, name="t", formulas=True)
    (again,) = parse_pregnancies(table, columns=PREGNANCIES, known=KNOWN)

    assert again == lined
    content = content_of(lined.item)
    assert content_of(again.item) == content
    assert pregnancy_of(said_in("pregnancies", content, lined.item.updated_at)) == lined.item


def test_a_visit_is_read_again_as_it_was():
    rows = read_visits(visit(findings="水肿", next_visit_on=day(4), visited_at=HOSPITAL))
    columns = COLUMNS["visits"]
    sheet = sheet_of_rows(columns, [said_by(one.item) for one in rows], RULES.facts)
    table = read_table_bytes(sheet_text(sheet).encode(), name="t", formulas=True)

    registered = {"R1": rows[0].item.visited_on}
    again = parse_visits(table, columns=columns, known=KNOWN, registered=registered)

    assert again == rows


def test_a_name_that_begins_like_a_formula_is_written_so_that_no_spreadsheet_calculates():
    (lined,) = read(pregnancy(address="测试"))
    said = dict(said_by(lined.item)) | {"address": "=1+1"}
    text = sheet_text(sheet_of_rows(PREGNANCIES, [said], RULES.facts))

    assert "'=1+1" in text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["pregnancies", "visits"])
def test_a_template_offers_words_and_explains_every_column(name, language):
    words = catalogue(language)
    data = template_bytes(name, COLUMNS[name], RULES.facts, words)
    book = openpyxl.load_workbook(io.BytesIO(data))
    explained = list(book[words.text("exchange.explained")].values)
    offered = [c for c in COLUMNS[name] if c.comes_in and c.codes is not None]

    assert len(book[name].data_validations.dataValidation) == len(offered)
    assert [row[0] for row in explained[1:]] == list(template_sheet(COLUMNS[name])[0])
    assert all(row[2] and row[3] for row in explained)
    assert not [cell for row in explained for cell in row if "exchange." in str(cell)]


def test_the_example_of_a_template_is_never_taken_for_data():
    table = read_table_bytes(
        template_bytes("pregnancies", PREGNANCIES, RULES.facts, catalogue("zh")), name="t.xlsx"
    )
    with pytest.raises(RefusedInputError) as caught:
        parse_pregnancies(table, columns=PREGNANCIES, known=KNOWN)

    assert {fault.code for fault in caught.value.faults} == {"example_row"}


def test_identity_numbers_and_telephones_are_text_in_a_template():
    data = template_bytes("pregnancies", PREGNANCIES, RULES.facts, catalogue("zh"))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["pregnancies"]
    texts = {
        cell.value
        for cell in sheet[1]
        for one in sheet.column_dimensions.values()
        if one.min <= cell.column <= one.max and one.number_format == "@"
    }

    assert {"证件号码", "联系电话", "现住县代码", "预产期"} <= texts
    assert "血红蛋白" not in texts
