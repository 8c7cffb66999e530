"""A duty officer closes a road on the screen; a doctor's answer says so; the officer opens it."""

from playwright.sync_api import expect

from tests.flows.cases import SUIJIANG
from tests.flows.screen import DESK, PHONE, STORY, ask, login_of
from tests.flows.test_bad_night import BLEEDING
from tests.flows.test_browser_files import goto
from tests.flows.test_road_closures import shut_all
from tests.flows.test_road_news import worked

pytestmark = STORY


def test_a_closed_road_is_entered_reaches_an_answer_and_is_opened_again(house, screen):
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


def test_a_road_that_closes_is_on_the_screens_at_once_and_one_press_ranks_again(house, screen):
    caller, office = house.clinician(SUIJIANG), house.duty("530626")
    asked = caller.ask(BLEEDING)
    doctor = screen(PHONE).sign_in(login_of(caller))
    goto(doctor, f"referral/{asked['id']}")
    doctor.sees("已询问的机构")
    board = screen(DESK).sign_in(login_of(office))
    goto(board, "board")
    board.sees(asked["number"])
    shut_all(office)
    worked(house)

    doctor.sees("排序之后道路有变")
    doctor.sees("绥江县 中断")
    assert doctor.sideways() <= 0
    board.sees("排序之后道路有变")
    goto(board, f"board/all/{asked['id']}")
    board.page.get_by_role("button", name="按现在的路况重新排序").wait_for()
    assert board.sideways() <= 0
    doctor.press("按现在的路况重新排序")
    doctor.page.get_by_text("排序之后道路有变").first.wait_for(state="hidden")
    assert caller.referral(asked["id"])["roads"]


def test_both_ends_of_a_yes_see_that_a_road_has_closed_and_it_rings_at_the_centre(house, screen):
    caller, office = house.clinician(SUIJIANG), house.duty("530626")
    asked = caller.ask(BLEEDING)
    away = [
        one
        for one in asked["offers"]
        if house.engine.registry.get(one["facility_id"]).county != "530626"
    ]
    receiver = house.coordinator(away[0]["facility_id"])
    assert receiver.post(f"/offers/{away[0]['id']}/accept").status_code == 200
    centre = screen(DESK).sign_in(login_of(receiver))
    goto(centre, "board")
    centre.sees(asked["number"])
    shut_all(office)
    worked(house)

    centre.sees("路上有变化,请决定是否重新排序")
    centre.sees("排序之后道路有变")
    doctor = screen(PHONE).sign_in(login_of(caller))
    goto(doctor, f"referral/{asked['id']}")
    doctor.sees("请先与驾驶员和接收机构通电话")
    assert doctor.page.get_by_role("button", name="按现在的路况重新排序").count() == 0
    assert doctor.sideways() <= 0
