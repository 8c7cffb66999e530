"""Before a request is sent: where nobody would see it, and whom to ring instead."""

from routing.answer import STOPS
from tests.flows.screen import HOSPITAL, STORY, ask

pytestmark = STORY

NOBODY = "没有人会看到询问:请打电话"
NO_NUMBER = "系统中没有电话"


def test_a_centre_without_an_account_is_marked_before_sending_and_after(house, doctor):
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


def test_a_stop_is_rung_and_not_asked_and_by_name_only_after_a_warning(house, doctor):
    ask(doctor)
    doctor.press("查去向")
    doctor.sees("停靠点不在这里询问")
    doctor.press("发出请求")
    doctor.sees("不是终点")
    key = doctor.page.url.rpartition("/")[2]
    caller = house.clinician(HOSPITAL)
    asked = caller.referral(key)
    stop = next(one["facility_id"] for one in asked["alternatives"] if one["kind"] in STOPS)
    name = house.engine.registry.get(stop).name_zh
    line = doctor.page.locator("ul.facts li").filter(has_text=name).first
    assert NO_NUMBER in line.inner_text()
    assert line.get_by_role("button").count() == 0

    ways = doctor.page.locator("details").filter(has_text="其他接收方式")
    ways.locator("summary").click()
    ways.get_by_role("searchbox").first.fill(name)
    ways.get_by_role("button", name=name).first.click()
    doctor.sees("这家是途中停靠点,不是终点")
    assert doctor.sideways() <= 0
    assert {one["facility_id"] for one in caller.referral(key)["offers"]}.isdisjoint({stop})


def test_another_centre_than_the_next_is_asked_by_hand_with_a_reason(house, doctor):
    ask(doctor)
    doctor.press("查去向")
    doctor.sees("推荐去向")
    doctor.press("发出请求")
    doctor.sees("现在可以打电话给")
    key = doctor.page.url.rpartition("/")[2]
    caller = house.clinician(HOSPITAL)
    before = caller.referral(key)
    waiting = [one["facility_id"] for one in before["offers"]]
    following = [
        one["facility_id"] for one in before["ranking"] if one["facility_id"] not in waiting
    ]

    def card(facility_id):
        name = house.engine.registry.get(facility_id).name_zh
        return doctor.page.locator("#act-asking li").filter(has_text=name).first

    later = card(following[1])
    later.get_by_role("button", name="询问这家").click()
    later.get_by_text("对方会看到").wait_for()
    assert len(caller.referral(key)["offers"]) == len(waiting)
    later.get_by_role("button", name="道路或天气").click()
    doctor.sees("不按顺序先问:道路或天气")
    # The next of the ranking is asked at once.
    card(following[0]).get_by_role("button", name="询问这家").click()
    card(following[0]).get_by_role("button", name="询问这家").wait_for(state="detached")
    told = {one["facility_id"]: one["chosen_because"] for one in caller.referral(key)["offers"]}

    assert told == dict.fromkeys(waiting) | {following[1]: "road", following[0]: None}
