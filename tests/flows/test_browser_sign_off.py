"""Clinical sign-off in the browser: never by a slip, counted down in the banner, and taken back."""

import re

from playwright.sync_api import expect

from tests.flows.screen import DESK, PHONE, STORY, login_of
from tests.flows.test_browser_files import goto

pytestmark = STORY


def banner(seen):
    text = seen.page.locator(".banner.bad").inner_text()
    return int(re.search(r"\d+", text).group())


def row(seen, rule):
    return seen.page.locator("li.card").filter(has=seen.page.get_by_text(rule, exact=True)).first


def test_a_row_is_read_asked_about_signed_counted_down_and_taken_back(house, screen):
    seen = screen(DESK).sign_in(login_of(house.duty("530000")))
    goto(seen, "rules")
    seen.page.get_by_role("searchbox").fill("E-M01")
    mine = row(seen, "E-M01")
    mine.get_by_text("pph_ongoing and").first.wait_for()
    before = banner(seen)
    mine.get_by_role("button", name="签署这一行").click()
    sign = mine.get_by_role("button", name="确认签署")
    expect(sign).to_be_disabled()
    mine.get_by_label("职称").fill("产科主任医师")
    expect(sign).to_be_disabled()
    mine.get_by_label("我读过这一行的全部内容").check()
    sign.click()
    mine.get_by_text("测试duty-530000(产科主任医师)签署").wait_for()
    expect(seen.page.locator(".banner.bad")).to_contain_text(str(before - 1))

    mine.get_by_role("button", name="撤回我的签署").click()
    mine.get_by_role("button", name="保留").click()
    assert banner(seen) == before - 1
    mine.get_by_role("button", name="撤回我的签署").click()
    mine.get_by_role("button", name="确认撤回").click()
    mine.get_by_text("未签署").first.wait_for()
    expect(seen.page.locator(".banner.bad")).to_contain_text(str(before))
    assert seen.sideways() <= 0


def test_who_may_not_sign_reads_every_row_and_is_told_who_does(house, screen):
    seen = screen(PHONE).sign_in(login_of(house.coordinator("YN530800-012")))
    goto(seen, "rules")
    seen.page.get_by_role("searchbox").fill("E-M01")
    row(seen, "E-M01").get_by_text("pph_ongoing and").first.wait_for()
    seen.sees("由省级值班人员账号签署")

    expect(seen.page.get_by_role("button", name="签署这一行")).to_have_count(0)
    assert seen.sideways() <= 0
