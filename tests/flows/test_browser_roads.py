"""A duty officer closes a road on the screen; a doctor's answer says so; the officer opens it."""

import pytest
from playwright.sync_api import expect

from tests.flows.cases import SUIJIANG
from tests.flows.test_browser_application import (  # noqa: F401  fixtures
    DESK,
    PHONE,
    ask,
    chromium,
    login_of,
    screen,
)
from tests.flows.test_browser_files import goto

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("house_address", ["sqlite"], indirect=True),
]


def test_a_closed_road_is_entered_reaches_an_answer_and_is_opened_again(house, screen):  # noqa: F811
    officer = screen(DESK).sign_in(login_of(house.duty("530626")))
    goto(officer, "roads")
    officer.sees("没有登记中断或缓行的道路")
    form = officer.page.locator("form")
    form.get_by_label("从(县市)").select_option(label="绥江县")
    form.get_by_label("到(相邻县市或省外城市)").select_option(label="永善县")
    form.get_by_label("谁告诉的").fill("交警电话")
    form.get_by_role("button", name="登记").click()
    officer.sees("交警电话")
    assert officer.sideways() <= 0

    doctor = screen(PHONE).sign_in(login_of(house.clinician(SUIJIANG)))
    ask(doctor)
    doctor.press("查去向")
    doctor.sees("道路中断(滑坡、落石)")
    assert doctor.sideways() <= 0

    officer.press("道路已恢复")
    officer.press("不,继续有效")
    officer.press("道路已恢复")
    officer.press("确认恢复")
    officer.sees("没有登记中断或缓行的道路")
    expect(officer.page.get_by_text("交警电话")).to_have_count(0)
