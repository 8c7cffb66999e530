"""JSON in and out: strict when read, exact when written."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, StrEnum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import DocumentError, dumps, plain, read_object, written


class Colour(StrEnum):
    RED = "red"


class Number(Enum):
    ONE = 1


@dataclass(frozen=True, slots=True)
class Inner:
    b: int
    a: tuple[Colour, ...]


def code(text):
    with pytest.raises(DocumentError) as caught:
        read_object(text)
    return [(fault.code, fault.line) for fault in caught.value.faults]


def test_values_are_written_field_by_field_in_their_order():
    value = {
        "inner": Inner(2, (Colour.RED,)),
        "one": Number.ONE,
        "when": datetime(2026, 1, 14, tzinfo=UTC),
        "set": frozenset({"b", "a"}),
        "number": np.int64(3),
        "none": None,
    }

    assert dumps(value) == (
        '{"inner": {"b": 2, "a": ["red"]}, "one": 1, "when": "2026-01-14T00:00:00+00:00", '
        '"set": ["a", "b"], "number": 3, "none": null}'
    )


def test_an_answer_is_written_as_it_is_turned_into_plain_values(engine, bleeding):
    """Writing takes a shorter way than :func:`plain`; what comes out is the same."""
    answer = engine.recommend(bleeding)

    assert dumps(answer) == json.dumps(plain(answer), ensure_ascii=False)
    assert dumps(answer, indent=1) == json.dumps(plain(answer), ensure_ascii=False, indent=1)


def test_a_ranking_that_is_kept_says_what_the_answer_to_a_calculation_says(engine, bleeding):
    answer = engine.recommend(bleeding)
    text, found = written(answer)

    assert found == json.loads(text) == json.loads(dumps(answer))
    assert list(found) == list(json.loads(dumps(answer)))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_never_kept(value):
    with pytest.raises(ValueError, match="JSON"):
        dumps({"minutes": value})
    with pytest.raises(ValueError, match=r"JSON|expected value"):
        written({"minutes": value})


def test_no_answer_ever_holds_a_number_that_json_has_not():
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps({"minutes": float("nan")})


def test_chinese_stays_chinese():
    assert dumps("绿通") == '"绿通"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"a": 1,\n "b": }', [("malformed_json", 2)]),
        (b"\xff\xfe", [("not_utf8", None)]),
        ('{"a": Infinity}', [("not_a_number", None)]),
        ('{"a": {"x": 1, "x": 2, "y": 1, "y": 1}}', [("duplicate", None)] * 2),
        ('"text"', [("not_an_object", None)]),
        ("[" * (sys.getrecursionlimit() * 50), [("nested_too_deep", None)]),
    ],
)
def test_what_is_no_usable_object_is_refused_with_its_line(text, expected):
    assert code(text) == expected


def test_a_mark_of_byte_order_is_no_fault():
    assert read_object(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=4), JSON))
def test_what_is_written_is_read_again(document):
    assert read_object(dumps(document)) == document
    assert plain(document) == json.loads(json.dumps(document))
