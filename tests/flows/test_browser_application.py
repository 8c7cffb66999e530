"""The browser application against a real server: a doctor with a telephone, a desk that answers."""

import re

import pytest
from sqlmodel import func, select

from app.referrals.tables import Referral
from tests.flows.cases import SUIJIANG
from tests.flows.screen import DESK, HOSPITAL, PHONE, ask, login_of
from tests.flows.test_bookings import managed

pytestmark = pytest.mark.browser


def test_a_request_from_a_telephone_is_answered_at_a_desk_and_brought_there(house, screen, doctor):
    ask(doctor)
    assert doctor.sideways() <= 0
    doctor.press("查去向")
    doctor.sees("推荐去向")
    assert doctor.sideways() <= 0
    doctor.press("发出请求")
    doctor.sees("已询问的机构")
    assert doctor.sideways() <= 0

    key = doctor.page.url.rpartition("/")[2]
    offer = house.clinician(HOSPITAL).referral(key)["offers"][0]
    centre = house.coordinator(offer["facility_id"])
    desk = screen(DESK).sign_in(login_of(centre))
    desk.sees(offer["number"])
    assert desk.sideways() <= 0
    desk.page.keyboard.press("a")
    desk.page.keyboard.press("Enter")
    desk.sees("已答应,尚未出发")

    # Told by the stream of changes: nobody touches the telephone.
    doctor.sees("同意接收")
    doctor.press("安排车辆")
    doctor.press("已出发")
    doctor.sees("对方谁告诉您的")

    desk.page.get_by_role("link", name=offer["number"]).first.click()
    desk.press("已到达")
    desk.page.get_by_label("交出人").fill("甲")
    desk.page.get_by_label("接收人").fill("乙")
    desk.page.get_by_label("腕带").check()
    desk.page.get_by_label("转诊编号").check()
    desk.page.get_by_role("button", name="交接").click()
    doctor.sees("已交接")


def requests_in(house):
    with house.database.reading() as session:
        return session.exec(select(func.count()).select_from(Referral)).one()


def test_what_could_not_be_sent_is_sent_once_by_itself_when_the_line_is_back(house, doctor):
    ask(doctor)
    # The minutes since the decision must not become a request of other words the second time.
    doctor.page.get_by_label("决定转诊已过去").fill("20")
    doctor.page.context.set_offline(True)
    doctor.press("发出请求")
    doctor.sees("尚未发出")
    doctor.sees("没有网络时打给")
    assert "尚未发出!请打电话" in doctor.page.locator(".sticky").inner_text()
    doctor.page.get_by_role("link", name="我的转诊").click()  # she need not stay with the form
    doctor.page.context.set_offline(False)
    doctor.sees("已经发出")

    assert requests_in(house) == 1
    assert doctor.page.evaluate("sessionStorage.getItem('greenchannel.draft')") is None


def test_a_page_opened_again_without_a_server_says_whom_to_ring_and_sends_once(house, doctor):
    doctor.page.wait_for_function(
        "() => navigator.serviceWorker.controller !== null", timeout=30_000
    )
    ask(doctor)
    doctor.page.context.set_offline(True)
    doctor.press("发出请求")
    doctor.sees("尚未发出")
    doctor.page.reload()
    doctor.sees("尚未发出")
    doctor.sees("没有网络时打给")
    kept = doctor.page.evaluate(
        """async () => {
          const texts = [JSON.stringify({...localStorage})];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys()) texts.push(request.url);
          return texts.join(" ");
        }"""
    )
    assert "pph" not in kept
    assert "/referrals" not in kept
    doctor.page.context.set_offline(False)
    doctor.sees("已询问的机构")

    assert requests_in(house) == 1


def test_what_one_has_written_another_who_signs_in_does_not_see(house, doctor):
    ask(doctor)
    # The session ends without her: nobody has pressed "sign out".
    doctor.page.context.clear_cookies()
    doctor.page.reload()
    doctor.sees("用户名")
    assert doctor.page.evaluate("sessionStorage.getItem('greenchannel.draft')")
    doctor.sign_in(login_of(house.clinician(SUIJIANG)))
    doctor.sees("选择发生了什么")

    assert doctor.page.evaluate("sessionStorage.getItem('greenchannel.draft')") is None


def test_a_centre_that_the_doctor_knows_better_is_asked_first(house, doctor):
    ask(doctor)
    doctor.press("查去向")
    doctor.press("改选这家")
    # While she says why, nobody is asked by a slip of the thumb; the bar says what it waits for.
    sending = doctor.page.get_by_role("button", name="(您选的)")
    assert sending.is_disabled()
    bar = doctor.page.locator(".sticky")
    assert "请先点一个不选第一家的原因" in bar.inner_text()
    doctor.press("已电话谈妥")
    bar.get_by_text("同时询问").wait_for()
    assert requests_in(house) == 0
    heads = doctor.page.locator(".card .big").filter(has_text=re.compile(r"^\d+\. "))
    first, second = (heads.nth(at).inner_text().partition(". ")[2] for at in (0, 1))
    assert second in sending.inner_text()
    assert first in bar.inner_text()
    assert doctor.sideways() <= 0
    sending.click()
    doctor.sees("已询问的机构")
    found = house.clinician(HOSPITAL).referral(doctor.page.url.rpartition("/")[2])
    asked = {house.engine.registry.get(one["facility_id"]).name_zh for one in found["offers"]}

    assert asked == {first, second}
    doctor.sees(f"去往:{second}")


def test_eclampsia_is_a_first_button_and_is_found_by_its_letters(doctor):
    for name in ("子痫", "重度子痫前期", "胎盘早剥"):
        doctor.page.get_by_role("button", name=name, exact=True).wait_for()
    search = doctor.page.get_by_role("searchbox")
    search.fill("zdzxqq")
    doctor.page.get_by_role("button", name="重度子痫前期", exact=True).wait_for()
    doctor.page.get_by_role("button", name="胎盘早剥", exact=True).wait_for(state="detached")
    search.fill("zx")
    eclampsia = doctor.page.get_by_role("button", name="子痫", exact=True)
    eclampsia.click()
    doctor.sees("立即转诊")
    assert eclampsia.get_attribute("aria-pressed") == "true"
    eclampsia.click()
    doctor.sees("选择发生了什么")


def test_the_vehicle_is_that_of_the_ranking_and_a_stop_is_named_until_she_is_there(house, doctor):
    ask(doctor)
    doctor.page.get_by_role("group", name="本院现在有车吗").get_by_role("button", name="否").click()
    doctor.press("查去向")
    doctor.sees("120 送")
    why_not = doctor.page.locator("details").filter(has_text="为什么不是别家")
    assert "作为终点没有帮助;可作途中停靠" in why_not.text_content()
    doctor.press("发出请求")
    doctor.sees("不是终点")
    key = doctor.page.url.rpartition("/")[2]
    assert doctor.page.get_by_label("谁送").input_value() == "ems120"
    assert doctor.page.get_by_role("button", name="记录口头同意").first.is_disabled()
    doctor.sees("先填是谁说的")
    offer = house.clinician(HOSPITAL).referral(key)["offers"][0]
    centre = house.coordinator(offer["facility_id"])
    centre.post(f"/offers/{offer['id']}/accept")
    doctor.sees("同意接收")
    assert "不是终点" in doctor.page.locator("main").inner_text()
    doctor.press("安排车辆")
    doctor.press("已出发")
    doctor.sees("对方谁告诉您的")
    assert "不是终点" in doctor.page.locator("main").inner_text()
    doctor.page.get_by_label("对方谁告诉您的").fill("丙")
    doctor.press("已到达")
    doctor.page.get_by_text("不是终点").wait_for(state="detached")


def test_a_line_that_is_cut_is_shown_within_ten_seconds_and_read_again_when_it_is_back(doctor):
    doctor.page.get_by_role("link", name="调度台").click()
    doctor.sees("未结束的转诊")
    doctor.page.context.set_offline(True)
    doctor.page.get_by_text("连接已断").first.wait_for(timeout=10_000)
    doctor.page.context.set_offline(False)
    doctor.page.get_by_text("连接已断").first.wait_for(state="hidden", timeout=10_000)


def test_nothing_of_her_stays_when_the_doctor_leaves(doctor):
    ask(doctor)
    assert doctor.page.evaluate("sessionStorage.getItem('greenchannel.draft')")
    doctor.press("退出")
    doctor.sees("用户名")

    kept = doctor.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "pph" not in kept


def test_an_emergency_of_a_woman_with_a_file_begins_with_what_the_file_knows(house, screen):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, weeks=34)
    phone = screen(PHONE).sign_in(login_of(doctor))
    phone.page.get_by_role("link", name="高危专案").click()
    phone.page.get_by_label("档案编号", exact=True).fill(woman.whole()["number"])
    phone.press("查找档案")
    phone.sees("责任医生")
    assert phone.sideways() <= 0
    phone.page.get_by_role("button", name="紧急转诊").click()
    phone.page.get_by_role("button", name="用这些新建转诊").click()
    phone.page.get_by_role("button", name=re.compile("剖宫产次数: 1")).wait_for()
    phone.press("先兆子宫破裂")
    phone.press("发出请求")
    phone.sees("已询问的机构")

    asked = phone.page.url.rpartition("/")[2]
    assert house.clinician(SUIJIANG).referral(asked)["patient_id"] == woman.patient
    assert asked in woman.whole()["referrals"]


def test_a_number_that_is_not_hers_to_see_and_one_that_is_none_look_alike(house, screen):
    other = managed(house, house.clinician(SUIJIANG)).whole()["number"]
    phone = screen(PHONE).sign_in(login_of(house.clinician(HOSPITAL)))
    phone.page.get_by_role("link", name="高危专案").click()
    said = []
    for number in (other, "NOSUCH00"):
        phone.page.get_by_label("档案编号", exact=True).fill(number)
        phone.press("查找档案")
        phone.sees("如确需查看")
        said.append(phone.page.get_by_role("alert").inner_text())

    assert said[0] == said[1]


def test_an_analyst_sees_figures_and_nothing_of_anybody(house, screen):
    house.analyst("530000")
    desk = screen(DESK).sign_in("u0-analyst")
    desk.sees("每个州市、县都应有的救治中心")
    desk.sees("专案与分娩")

    assert desk.page.get_by_role("navigation", name="主菜单").get_by_role(
        "link"
    ).all_inner_texts() == [
        "数据",
        "演练",
    ]
    assert desk.sideways() <= 0


def test_a_wrong_password_is_said_and_nothing_is_lost(screen):
    door = screen(DESK)
    door.page.goto(door.address)
    door.page.get_by_label("用户名").fill("nobody")
    door.page.get_by_label("密码").fill("wrong password")
    door.press("登录")
    door.page.get_by_role("alert").wait_for()

    assert door.page.get_by_label("用户名").input_value() == "nobody"


def test_the_whole_screen_changes_its_language(doctor):
    doctor.press("English")
    doctor.sees("New referral")
    seen = doctor.page.locator("main").inner_text()

    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"绿通", "", seen))
