"""An identity number is the same number in every spelling, and a slip is noticed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.patients.errors import IdentityRefusedError
from app.patients.identity import Given, checked
from app.patients.numbers import (
    normal_name,
    normal_number,
    normal_phone,
    normal_resident,
    resident_faults,
)
from app.patients.states import IdentityKind
from tests.app.storage.people import number

TODAY = date(2026, 11, 25)
RIGHT = number()
FULL_WIDTH = str.maketrans("0123456789Xx", "0123456789Xx")
DATES = st.dates(date(1940, 1, 1), date(1999, 12, 31))
ORDERS = st.integers(0, 995).map("{:03d}".format)


def kept(text, kind=IdentityKind.RESIDENT_ID):
    return checked(Given(identity_kind=kind, id_number=text), today=TODAY).id_number


def codes(text):
    return resident_faults(normal_number(text), today=TODAY)


def test_every_slip_of_one_digit_is_noticed():
    """17 places x 9 other digits = 153."""
    slips = [
        RIGHT[:place] + other + RIGHT[place + 1 :]
        for place in range(17)
        for other in "0123456789"
        if other != RIGHT[place]
    ]

    assert len(slips) == 153
    assert all("id_check_digit" in codes(slip) for slip in slips)


def test_every_swap_of_neighbours_is_noticed():
    """13 of the 16 pairs among the digits differ."""
    right = number(order="022")
    swaps = {
        right[:n] + right[n + 1] + right[n] + right[n + 2 :]
        for n in range(16)
        if right[n] != right[n + 1]
    }

    assert len(swaps) == 13
    assert all("id_check_digit" in codes(swap) for swap in swaps)


@given(DATES, ORDERS, st.sampled_from(["530829", "510104", "110101"]), st.data())
def test_every_spelling_of_a_number_is_kept_as_one(born, order, region, data):
    """15 or 18 characters, small x, full width, spaces and dashes anywhere."""
    whole = number(region=region, born=f"{born:%Y%m%d}", order=order)
    text = data.draw(st.sampled_from([whole, whole[:6] + whole[8:17], whole.lower()]))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(" \u3000\t-–—")) + text[at:]
    if data.draw(st.booleans()):
        text = text.translate(FULL_WIDTH)

    assert kept(text) == whole


def test_the_date_of_birth_is_taken_from_the_number_and_what_is_said_counts_more():
    said = Given(identity_kind=IdentityKind.RESIDENT_ID, id_number=RIGHT)
    other = Given(
        identity_kind=IdentityKind.RESIDENT_ID, id_number=RIGHT, birth_date=date(1990, 4, 2)
    )

    assert checked(said, today=TODAY).birth_date == date(1990, 3, 7)
    assert checked(other, today=TODAY).birth_date == date(1990, 4, 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (RIGHT[:-1], ("id_length",)),
        ("", ("id_length",)),
        (RIGHT[:-2] + "X" + RIGHT[-1], ("id_characters",)),
        (number(born="19900231"), ("id_birth_date",)),
        (number(born="20991231"), ("id_birth_date",)),
        (number(region="990000", born="18991231"), ("id_birth_date",)),
        (number(region="000829"), ("id_region",)),
        (number(region="000829", born="19901301")[:-1] + "?", ("id_characters",)),
    ],
)
def test_a_number_that_is_none_is_refused_for_what_is_wrong_with_it(text, found):
    assert codes(text) == found


def test_everything_that_is_wrong_is_listed_and_nothing_of_it_repeated():
    bad = Given(
        identity_kind=IdentityKind.RESIDENT_ID,
        id_number=RIGHT[:-1] + ("0" if RIGHT[-1] != "0" else "1"),
        name=" ",
        phone="电话",
        residence_county="53",
        language="彝",
        birth_date=date(2030, 1, 1),
    )
    with pytest.raises(IdentityRefusedError) as caught:
        checked(bad, today=TODAY)

    assert [(f.column, f.code) for f in caught.value.faults] == [
        ("id_number", "id_check_digit"),
        ("name", "missing"),
        ("phone", "not_a_phone"),
        ("residence_county", "unknown_division"),
        ("language", "unknown_code"),
        ("birth_date", "out_of_range"),
    ]
    assert {f.value for f in caught.value.faults} == {""}
    assert bad.id_number not in str(caught.value)


@pytest.mark.parametrize("kind", [None, IdentityKind.NONE])
def test_a_number_needs_to_be_of_something(kind):
    with pytest.raises(IdentityRefusedError, match="number_without_kind"):
        kept("E00000000", kind)


@pytest.mark.parametrize("kind", ["passport", "border_pass", "other"])
def test_other_documents_are_as_good(kind):
    assert kept(" e-0000 0000 ", IdentityKind(kind)) == "E00000000"


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("138 0000 0000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("008613800000000", "13800000000"),
        ("13800000000", "13800000000"),
        ("(0879) 000-0000", "08790000000"),
        ("+95 9 000 000 000", "+959000000000"),
    ],
)
def test_a_telephone_is_the_same_in_every_spelling(text, phone):
    assert normal_phone(text) == phone


def test_a_name_is_the_same_with_and_without_its_dot():
    assert normal_name("测试·甲") == normal_name("测试•甲") == normal_name(" 测试 甲")
    assert normal_name("Ceshi Jia") == normal_name("ceshijia")


def test_nothing_that_names_a_person_is_in_a_representation():
    said = Given(name="测试甲", id_number=RIGHT, phone="13800000000", address="测试村")

    assert repr(said).count("测试") == 0
    assert not any(text in repr(said) for text in (RIGHT, "13800000000"))


def test_a_number_of_fifteen_digits_is_that_of_eighteen():
    assert normal_resident(RIGHT[:6] + RIGHT[8:17]) == RIGHT
