"""The commission's page: what is missing comes first, and no row of it is lost on the way."""

import pytest
from playwright.sync_api import expect

from app.accounts.states import OrganisationKind, Role
from tests.flows.screen import DESK, PHONE, STORY, login_of
from tests.flows.test_browser_files import goto

pytestmark = STORY

ROWS = """() => [...document.querySelectorAll("main tbody th[scope=row]")]
  .filter(row => row.checkVisibility()).map(row => row.innerText.trim())"""
PAPER = f"""() => {{
  dispatchEvent(new Event("beforeprint"));
  const rows = ({ROWS})();
  dispatchEvent(new Event("afterprint"));
  return rows;
}}"""
AREAS = """fetch('/api/v1/policy-check').then(answer => answer.json())
  .then(found => found.items.map(one => one.name_zh))"""


@pytest.fixture
def analyst(house):
    commission = OrganisationKind.PROVINCE_COMMISSION.value
    return house.person("counts", Role.ANALYST, kind=commission, division="530000")


def opened(made, analyst):
    made.sign_in(login_of(analyst))
    goto(made, "figures")
    made.sees("超过 2 小时的县")
    made.sees("有缺口")
    return made


def test_who_is_too_far_stands_before_every_table_of_counties(house, screen, analyst):
    """On a desk what she came for is read without scrolling; on a telephone it comes first."""
    gaps = house.client.get("/api/v1/county-gaps").json()["items"]
    far = [one for one in gaps if one["maternal"][2]["status"] != "within"]
    births = sum(one["births"] for one in far)
    desk = opened(screen(DESK), analyst)
    row = desk.page.get_by_role("row").filter(has_text="M3/N3")

    assert row.first.bounding_box()["y"] < DESK[1]
    assert f"{len(far)} 个县" in row.first.inner_text()
    assert f"每年 {births} 例分娩" in row.first.inner_text()
    heights = desk.page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert heights[0] <= 5 * heights[1]
    assert desk.page.get_by_text("推定,待确认:").count() == 0

    phone = opened(screen(PHONE), analyst)
    assert phone.page.get_by_role("row").first.bounding_box()["y"] < PHONE[1]
    assert phone.sideways() <= 0


def test_every_county_is_one_key_away_and_on_paper(house, screen, analyst):
    desk = opened(screen(DESK), analyst)
    areas = set(desk.page.evaluate(AREAS))
    summary = desk.page.locator("summary").filter(has_text="昭通市").first
    table = desk.page.locator("details").filter(has=summary).get_by_role("table")
    expect(table).to_be_hidden()
    summary.focus()
    desk.page.keyboard.press("Enter")
    expect(table).to_be_visible()

    assert areas - set(desk.page.evaluate(ROWS)) == areas
    assert areas - set(desk.page.evaluate(PAPER)) == set()
    assert areas - set(desk.page.evaluate(ROWS)) == areas
    desk.press("全部展开")
    assert areas - set(desk.page.evaluate(ROWS)) == set()
