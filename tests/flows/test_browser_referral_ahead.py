"""Before a request is sent: where nobody would see it, and whom to ring instead."""

import pytest

from tests.flows.test_browser_application import (  # noqa: F401  fixtures
    DESK,
    HOSPITAL,
    PHONE,
    ask,
    chromium,
    doctor,
    login_of,
    screen,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("house_address", ["sqlite"], indirect=True),
]

NOBODY = "没有人会看到询问:请打电话"
NO_NUMBER = "系统中没有电话"


def test_a_centre_without_an_account_is_marked_before_sending_and_after(house, doctor):  # noqa: F811
    request = {
        "facts": {"pph_ongoing": True},
        "origin": {"facility_id": HOSPITAL},
        "sender": {"facility_id": HOSPITAL},
    }
    caller = house.clinician(HOSPITAL)
    first = caller.post("/recommendations", request).json()["ranking"][0]["facility_id"]
    house.coordinator(first)
    ask(doctor)
    doctor.press("查去向")
    doctor.sees("推荐去向")
    cards = doctor.page.locator(".card").filter(has_text="公里")
    there, other = cards.nth(0).inner_text(), cards.nth(1).inner_text()

    assert house.engine.registry.get(first).name_zh in there
    assert NOBODY not in there
    assert NOBODY in other
    assert NO_NUMBER in there
    assert NO_NUMBER in other
    assert doctor.sideways() <= 0
    doctor.press("发出请求")
    doctor.sees("现在可以打电话给")
    assert NOBODY in doctor.page.locator("main").inner_text()
