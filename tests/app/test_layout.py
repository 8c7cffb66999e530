"""What a terminal shows: names stay readable, and what matters least goes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from app.cli.layout import Column, table_lines, wrapped

COLUMNS = (
    Column("to", least=10),
    Column("time", right=True),
    Column("by", extra=1),
    Column("km", right=True, extra=2),
)
ROWS = [("First Hospital of Dali", "1:05", "sender", "121"), ("州医院", "12:40", "team", "9")]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            60,
            [
                "to                       time  by       km",
                "First Hospital of Dali   1:05  sender  121",
                "州医院                  12:40  team      9",
            ],
        ),
        (
            28,
            [
                "to              time  by",
                "First           1:05  sender",
                "Hospital of",
                "Dali",
                "州医院         12:40  team",
            ],
        ),
        (
            20,
            [
                "to              time",
                "First           1:05",
                "Hospital of",
                "Dali",
                "州医院         12:40",
            ],
        ),
    ],
)
def test_lesser_columns_go_before_a_name_is_folded_below_its_least_width(width, lines):
    """28: 10 + 5 + 6 + 3 and three gaps are 30, so km goes, and the name gets the 3 cells left."""
    assert list(table_lines(COLUMNS, ROWS, width)) == lines


def test_a_lesser_column_with_nothing_in_it_is_not_shown():
    rows = [("A", "0:01", "-", ""), ("B", "0:02", "", "7")]

    assert next(table_lines(COLUMNS, rows, 80)).split() == ["to", "time", "km"]


def test_a_column_that_must_stay_stays_however_narrow_the_terminal():
    lines = list(table_lines(COLUMNS, ROWS, 5))

    assert lines[0].split() == ["to", "time"]
    assert lines[1].endswith("1:05")


def test_a_sentence_is_folded_at_words_and_hangs_below_its_beginning():
    text = "  Meet the team in Fugong"

    assert list(wrapped(text, 14, "    ")) == ["  Meet the", "    team in", "    Fugong"]


def test_chinese_is_folded_anywhere_but_before_what_closes():
    assert list(wrapped("红细胞可用(推定)、麻醉", 12)) == ["红细胞可用", "(推定)、麻醉"]


def test_only_a_word_wider_than_the_line_is_cut():
    assert list(wrapped("ab " + "x" * 25, 10)) == ["ab", "x" * 10, "x" * 10, "x" * 5]


@given(
    st.text(alphabet="ab c医院(),、。）", max_size=60),
    st.integers(12, 40),
)
def test_folding_loses_nothing_and_keeps_to_the_width(text, width):
    """One closing mark after another may stand out; they never begin a line."""
    lines = list(wrapped(text, width))
    squeezed = "".join(text.split())

    assert "".join("".join(line.split()) for line in lines) == squeezed
    if not any(mark in text for mark in "(),、。）"):
        assert all(cell_len(line) <= width for line in lines)
