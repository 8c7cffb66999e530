"""A notice says nothing of a person: no place of it takes a name or a number."""

import json
import uuid

import pytest

from app.notices.states import PLACES, REASONS, Template, short_number, written_params
from app.notices.wording import text_to_copy
from app.referrals.states import DECLINE_CODES
from app.text import catalogue
from routing.triage.rows import Colour

KNOWN = frozenset({"YN530100-001"})
GOOD = {
    "colour": "red",
    "minutes": 95,
    "answer_min": 5,
    "waited_min": 8,
    "asked": 2,
    "found": 3,
    "reason": "no_capability",
    "facility": "YN530100-001",
    "ring": None,
}
PERSONAL = [
    "测试甲",
    "Ceshi Jia",
    "ceshi_jia",
    "13800000000",
    13800000000,
    "530102" + "19900101001X",
    int("530102" + "199001010015"),
    "53010219900101",
    "P 32+3",
    "red 测试甲",
    ["red"],
    {"red": 1},
    True,
    1.5,
    -1,
    b"red",
    "YN530100-002",
]


@pytest.mark.parametrize("template", Template)
def test_no_place_of_any_template_takes_something_personal(template):
    good = {name: GOOD[name] for name in PLACES[template]}
    written_params(template, good, institutions=KNOWN)
    for name in PLACES[template]:
        for value in PERSONAL:
            with pytest.raises(ValueError, match="takes no such value") as caught:
                written_params(template, good | {name: value}, institutions=KNOWN)
            assert str(value) not in str(caught.value)


@pytest.mark.parametrize("template", Template)
def test_a_place_more_or_less_is_refused(template):
    good = {name: GOOD[name] for name in PLACES[template]}
    with pytest.raises(ValueError, match="takes"):
        written_params(template, good | {"name": "测试甲"}, institutions=KNOWN)
    for name in good:
        with pytest.raises(ValueError, match="takes"):
            written_params(
                template, {k: v for k, v in good.items() if k != name}, institutions=KNOWN
            )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", Template)
def test_every_notice_has_words_with_and_without_what_is_unknown(template, language):
    words, key = catalogue(language), uuid.uuid4()
    for values in (GOOD, dict.fromkeys(GOOD) | {n: 1 for n, v in GOOD.items() if type(v) is int}):
        params = {name: values[name] for name in PLACES[template]}
        said = text_to_copy(
            template,
            params,
            key,
            words,
            name_of=lambda _: "甲州医院",
            phone_of=lambda _: "0871-0000000",
        )

        assert short_number(key) in said
        assert "{" not in said
        assert "None" not in said
        assert "notices." not in said
        for name, value in params.items():
            if isinstance(value, int):
                assert str(value) in said, name


def test_every_reason_and_colour_has_words():
    for words in map(catalogue, ("zh", "en")):
        assert all(words.has(f"notice_reasons.{reason}") for reason in REASONS)
        assert all(words.has(f"colours.{colour}") for colour in Colour)
    assert set(DECLINE_CODES) == set(REASONS)


def test_values_are_stored_as_codes():
    good = {name: GOOD[name] for name in PLACES[Template.OFFER]}
    written = written_params(Template.OFFER, good, institutions=KNOWN)

    assert json.loads(written) == good


def test_short_numbers_are_hardly_ever_the_same_and_easy_to_read_out():
    numbers = {short_number(uuid.uuid4()) for _ in range(10_000)}

    assert len(numbers) == 10_000
    assert not set("".join(numbers)) & set("0O1IL")
