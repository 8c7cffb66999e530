"""A file of pregnancies is taken whole or refused whole, and a refusal names nobody."""

from datetime import UTC, date, datetime

import pytest

from app.case_exchange.pregnancies import parse_pregnancies
from geodata.errors import RefusedInputError
from geodata.io import read_table_bytes, xlsx_bytes
from routing.triage.rows import Colour
from tests.app.case_exchange.made import (
    COLUMNS,
    HOSPITAL,
    KNOWN,
    NAMES,
    PLACEHOLDER,
    WRONG,
    day,
    faults,
    number,
    pregnancy,
    read,
    table,
)


def test_a_row_is_read_as_values():
    (lined,) = read(pregnancy(purple="否", refuses_lodging="是", township="V1"))
    row = lined.item

    assert lined.line == 2
    assert row.updated_at == datetime(2026, 5, 31, 12, tzinfo=UTC)
    assert row.given.birth_date == date(1992, 1, 1)
    assert (row.colour, row.purple, row.refuses_lodging) == (Colour.ORANGE, False, True)
    assert dict(row.facts) == {"hb_g_l": 55.0}
    assert row.assessed_by == HOSPITAL


def test_what_is_not_said_is_unknown_and_never_a_no():
    (lined,) = read(pregnancy())

    assert lined.item.purple is None
    assert lined.item.refuses_lodging is None
    assert "prior_cs_count" not in lined.item.facts


def test_a_due_date_is_counted_from_the_period_where_it_is_not_stated():
    """1 March 2026 and 280 days are 6 December 2026."""
    (lined,) = read(pregnancy(lmp="2026-03-01", due_date=None, registered_on="2026-05-01"))

    assert lined.item.due_date == date(2026, 12, 6)


def test_our_own_names_of_columns_will_do_too():
    text = "record_id,更新时间,residence_county,registered_on,due_date\n"
    text += f"R1,2026-05-31,530829,{day(-80)},{day(140)}\n"
    made = read_table_bytes(text.encode(), name="t.csv")
    (lined,) = parse_pregnancies(made, columns=COLUMNS["pregnancies"], known=KNOWN)

    assert lined.item.record_id == "R1"


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"record_id": None}, "record_id", "missing_column"),
        ({"record_id": ""}, "record_id", "missing"),
        ({"record_id": "EXAMPLE-1"}, "record_id", "example_row"),
        ({"updated_at": "yesterday"}, "updated_at", "not_a_time"),
        ({"updated_at": "2026-06-02 00:00:00"}, "updated_at", "in_the_future"),
        ({"id_number": WRONG}, "id_number", "id_check_digit"),
        ({"id_number": "5308291992"}, "id_number", "id_length"),
        ({"id_number": number("53082919921332000")}, "id_number", "id_birth_date"),
        ({"id_number": "5.30829199201001E+17"}, "id_number", "id_length"),
        ({"identity_kind": None}, "identity_kind", "number_without_kind"),
        ({"phone": "call me"}, "phone", "not_a_phone"),
        ({"residence_county": "530999"}, "residence_county", "unknown_county"),
        ({"residence_county": "53"}, "residence_county", "not_a_county_code"),
        ({"home_county": "530000"}, "home_county", "unknown_county"),
        ({"township": "V9"}, "township", "unknown_township"),
        ({"township": "V2"}, "township", "not_in_county"),
        ({"colour": "蓝色"}, "colour", "unknown_code"),
        ({"assessed_by": None}, None, None),
        ({"assessed_on": None}, "assessed_on", "missing"),
        ({"assessed_by": "NOBODY"}, "assessed_by", "unknown_facility"),
        ({"assessed_by": PLACEHOLDER}, "assessed_by", "unknown_facility"),
        ({"lmp": None, "due_date": None}, "due_date", "missing"),
        ({"due_date": day(120)}, None, None),
        ({"due_date": day(118)}, "due_date", "not_as_by_period"),
        ({"lmp": None, "due_date": "soon"}, "due_date", "not_a_date"),
        ({"lmp": None, "due_date": "9999-12-31"}, "due_date", "not_a_date"),
        ({"lmp": "0001-01-01", "due_date": None}, "lmp", "not_a_date"),
        ({"lmp": None, "due_date": "2026-02-30"}, "due_date", "not_a_date"),
        ({"lmp": None, "due_date": "2026-W40-1"}, "due_date", "not_a_date"),
        ({"updated_at": "0001-01-01"}, "updated_at", "not_a_time"),
        ({"registered_on": day(1)}, "registered_on", "in_the_future"),
        ({"registered_on": day(-141)}, "registered_on", "before_pregnancy"),
        ({"screening": "阳性"}, "screened_on", "missing"),
        ({"ended_as": "迁出"}, "ended_on", "missing"),
        ({"ended_on": day(-1)}, "ended_as", "missing"),
        ({"delivered_on": day(-29)}, "delivered_on", "too_early_for_birth"),
        ({"facts.hb_g_l": "9.5"}, "facts.hb_g_l", "unit_g_dl"),
        ({"facts.hb_g_l": "many"}, "facts.hb_g_l", "not_a_number"),
        ({"facts.age_years": "29"}, "facts.age_years", "contradicts_birth_date"),
        ({"facts.placenta_position": "上"}, "facts.placenta_position", "unknown_code"),
        ({"name": "=1+1"}, "name", "formula"),
        ({"language": "普通"}, "language", "unknown_code"),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_and_column(said, field, code):
    found = faults(pregnancy(**said))
    line = 1 if code == "missing_column" else 2

    assert found == ([] if field is None else [(line, field, code)])


@pytest.mark.parametrize("spelling", ["2026-10-19", "2026/10/19", "20261019"])
def test_a_date_is_read_in_the_usual_spellings(spelling):
    (lined,) = read(pregnancy(lmp=None, due_date=spelling))

    assert lined.item.due_date == date(2026, 10, 19)


@pytest.mark.parametrize(
    ("dates", "field", "code"),
    [
        ({"lmp": day(1), "due_date": None}, "lmp", "in_the_future"),
        ({"lmp": None, "due_date": day(281)}, "due_date", "too_far_ahead"),
    ],
)
def test_a_pregnancy_that_has_not_begun_cannot_be_filed(dates, field, code):
    found = faults(pregnancy(**dates))

    assert (2, field, code) in found
    assert (2, "registered_on", "before_pregnancy") in found


def test_a_woman_past_44_weeks_is_refused_unless_she_has_given_birth_or_the_file_has_ended():
    """308 days after 280 days before the due date: due 28 days ago is 44+0, 29 days ago 44+1."""
    dates = {"lmp": None, "registered_on": day(-200), "assessed_on": day(-190)}

    assert faults(pregnancy(due_date=day(-28), **dates)) == []
    assert faults(pregnancy(due_date=day(-29), **dates)) == [(2, "due_date", "pregnancy_over")]
    assert faults(pregnancy(due_date=day(-29), delivered_on=day(-30), **dates)) == []
    ended = {"ended_as": "失访", "ended_on": day(-5)}
    assert faults(pregnancy(due_date=day(-29), **dates, **ended)) == []


def test_the_same_number_twice_in_a_file_is_refused_in_whatever_spelling():
    """The old form of 15 digits is the same number, and so are full-width digits."""
    old = "530829920101001"
    new = number("53082919920101001")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in new)
    rows = [pregnancy(record_id=f"R{n}", id_number=one) for n, one in enumerate((old, new, wide))]

    assert faults(*rows) == [(3, "id_number", "duplicate"), (4, "id_number", "duplicate")]


def test_a_record_twice_in_a_file_is_refused():
    other = number("53082919930101000")

    assert faults(pregnancy(), pregnancy(id_number=other)) == [(3, "record_id", "duplicate")]


def test_every_fault_of_every_row_is_listed_at_once():
    bad = {"colour": "蓝色", "residence_county": "1", "due_date": day(100)}
    found = faults(pregnancy(**bad), pregnancy(record_id="R2", registered_on=day(3)))

    assert {(line, field) for line, field, _ in found} == {
        (2, "colour"),
        (2, "residence_county"),
        (2, "due_date"),
        (3, "id_number"),
        (3, "registered_on"),
    }


PERSON = "某某的名字"


@pytest.mark.parametrize(
    "said",
    [
        {"name": f"={PERSON}"},
        {"name": PERSON * 200},
        {"id_number": PERSON},
        {"birth_date": PERSON},
        {"phone": PERSON},
        {"contact_phone": PERSON},
        {"address": PERSON * 200},
        {"clinician": f"@{PERSON}"},
        {PERSON: "x"},
        {"other": PERSON * 2500},
        {"id_number": number("53082919920101000"), "identity_kind": "无"},
    ],
)
def test_a_refusal_never_repeats_what_says_who_somebody_is(said):
    with pytest.raises(RefusedInputError) as caught:
        read(pregnancy(colour="蓝色", **said))
    told = repr([caught.value.faults, str(caught.value)])

    assert PERSON not in told
    assert "530829199201" not in told
    assert "蓝色" in told or len(caught.value.faults) == 1


def test_a_file_without_its_header_is_refused_without_the_persons_in_its_first_row():
    rows = [[PERSON, WRONG], ["x", "y"]]
    made = read_table_bytes("\n".join(",".join(r) for r in rows).encode(), name="t.csv")
    with pytest.raises(RefusedInputError) as caught:
        parse_pregnancies(made, columns=COLUMNS["pregnancies"], known=KNOWN)
    unknown = [f.column for f in caught.value.faults if f.code == "unknown_column"]

    assert unknown == ["#1", "#2"]
    assert PERSON not in repr(caught.value.faults)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_file_of_any_usual_encoding_says_the_same(encoding):
    made = table([pregnancy()], encoding=encoding)
    (lined,) = parse_pregnancies(made, columns=COLUMNS["pregnancies"], known=KNOWN)

    assert lined == read(pregnancy())[0]


def test_a_workbook_says_the_same_as_a_text_file():
    row = pregnancy()
    header = [NAMES["pregnancies"][name] for name in row]
    book = xlsx_bytes(header, [list(row.values())], sheet="x")
    made = read_table_bytes(book, name="t.xlsx", formulas=True)

    assert parse_pregnancies(made, columns=COLUMNS["pregnancies"], known=KNOWN) == read(row)


def test_progress_is_told_up_to_the_last_row():
    told = []
    read(
        *(pregnancy(record_id=f"R{n}", id_number=None) for n in range(250)),
        told=told.append,
    )

    assert told == [100, 200, 250]
