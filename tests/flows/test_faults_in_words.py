"""What is wrong with a call is said by name, and in the language of who reads it."""

import re

import pytest

from app.answers import BODIES
from app.body import sent
from app.expected import in_words
from app.problems import problem_of
from app.text import catalogue
from routing.errors import RequestError

SUIJIANG = "YN530600-011"
CANARY = "13812345678"


@pytest.mark.parametrize(
    ("path", "field", "code", "expected"),
    [
        ("/referrals/no-such-thing", "referral_id", "not_an_identifier", "标识号(UUID)"),
        ("/offers/1", "offer_id", "not_an_identifier", "标识号(UUID)"),
        ("/referrals?limit=many", "limit", "wrong_type", "整数"),
        ("/referrals?limit=0", "limit", "out_of_range", ">= 1"),
        ("/referrals?limit=501", "limit", "out_of_range", "<= 500"),
        ("/referrals?cursor=???", "cursor", "unknown_code", "上一页给出的 next"),
    ],
)
def test_a_wrong_parameter_is_named_and_is_no_malformed_document(
    house, path, field, code, expected
):
    answer = house.clinician(SUIJIANG).get(path)
    told = answer.json()
    (fault,) = told["faults"]

    assert (answer.status_code, told["type"].rsplit(":", 1)[1]) == (400, "invalid-parameter")
    assert told["title"] == "地址或请求头中的参数不对"
    assert (fault["field"], fault["code"]) == (field, code)
    assert fault["expected"] == expected


def test_a_number_put_into_an_address_is_not_repeated(house):
    answer = house.clinician(SUIJIANG).get(f"/referrals/{CANARY}?limit={CANARY}")

    assert answer.status_code == 400
    assert CANARY not in answer.text


WORD = re.compile(r"(?<![\w.\-=|])[A-Za-z]{3,}(?![\w=|])")
NAMES = {"JSON", "RFC", "UUID", "true", "false", "next"}
WRONG = (
    None,
    5,
    -(10**9),
    1.5,
    "",
    "x",
    "x" * 10_000,
    [],
    [None] * 600,
    {},
    {"brand_new": 1},
    True,
)


def shapes(schema, parts):
    """Every name of a field of a body with what may stand below it."""
    schema = parts.get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
    for inner in (schema, *schema.get("anyOf", ())):
        inner = parts.get(inner.get("$ref", "").rsplit("/", 1)[-1], inner)
        yield from inner.get("properties", {}).items()


class Asked:
    """As much of a request as a reader of bodies looks at."""

    def __init__(self, body):
        self.headers, self.body = {}, body
        self.app = self.state = self
        self.settings, self.max_body_bytes = self, 10**7

    async def stream(self):
        yield self.body


def faults_of(model, document):
    import asyncio
    import json

    try:
        asyncio.run(sent(model)(Asked(json.dumps(document).encode())))
    except RequestError as error:
        return error.faults
    return ()


def everything_wrong():
    """Faults of every body of the interface, each field wrong in every way, nested ones too."""
    for model in BODIES.values():
        schema = model.model_json_schema()
        parts = schema.get("$defs", {})
        for name, below in shapes(schema, parts):
            for wrong in WRONG:
                yield from faults_of(model, {name: wrong})
                for inner, _ in shapes(below, parts):
                    yield from faults_of(model, {name: {inner: wrong}})


def test_what_any_body_was_expected_to_hold_is_said_in_chinese_and_never_in_english():
    found = {fault.expected for fault in everything_wrong()}
    said = {text: in_words(catalogue("zh"), text) for text in found}
    english = {
        text: told
        for text, told in said.items()
        if "|" not in text and not text.startswith("the form") and set(WORD.findall(told)) - NAMES
    }

    assert len(found) > 20
    assert english == {}
    assert not [text for text in found if "another kind" in text]


def test_a_refusal_says_what_was_expected_in_the_language_of_the_answer(house):
    doctor = house.clinician(SUIJIANG)
    said = {}
    for language in ("zh", "en"):
        answer = doctor.post(f"/referrals?lang={language}", {"request": 5, "home_county": "x" * 9})
        said[language] = [one["expected"] for one in answer.json()["faults"]]

    assert said == {
        "zh": ["JSON 对象", r"格式 ^\d{6}$"],
        "en": ["JSON object", r"the form ^\d{6}$"],
    }


def test_a_wording_that_was_left_in_english_is_noticed():
    error = RequestError(list(faults_of(BODIES["ReferralIn"], {"drill": []})))
    english = problem_of(error).document(catalogue("en"))["faults"]

    assert english[0]["expected"] == "a value"
    assert set(WORD.findall(english[0]["expected"])) == {"value"}
