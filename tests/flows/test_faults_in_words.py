"""What is wrong with a call is said by name, and in the language of who reads it."""

import pytest

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
        ("/referrals?cursor=???", "cursor", "unknown_code", "上一页的 `next`"),
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


def test_a_number_put_into_an_address_is_not_repeated(house):
    answer = house.clinician(SUIJIANG).get(f"/referrals/{CANARY}?limit={CANARY}")

    assert answer.status_code == 400
    assert CANARY not in answer.text
