"""The desk in the browser: who answers, who is carried to the end, one plan, a shift."""

import re

import pytest
from sqlmodel import col, select

from app.centres.tables_said import CapabilityNote, Diversion, DutyTurn
from app.referrals.tables import Referral
from tests.flows.house import CONSENT, hours_ago, whole_sbar
from tests.flows.screen import DESK, HOSPITAL, PHONE, STORY, login_of
from tests.flows.test_bad_night import BLEEDING
from tests.flows.test_joint_plan import PRETERM, ZHAOTONG, ten

pytestmark = STORY


@pytest.fixture
def asked(house):
    """A woman who bleeds, and the centre that is asked first."""
    doctor = house.clinician(HOSPITAL)
    referral = doctor.ask(BLEEDING)
    return doctor, referral, house.coordinator(referral["offers"][0]["facility_id"])


def test_an_alarm_is_noted_by_name_and_what_is_lacking_is_chosen_and_not_typed(
    house, screen, asked
):
    doctor, referral, centre = asked
    desk = screen(DESK).sign_in(login_of(centre))
    desk.sees("需要您注意:1 项")
    assert desk.page.title().startswith("(1)")
    desk.page.get_by_role("button", name="知道了", exact=True).click()
    desk.page.get_by_text("需要您注意").wait_for(state="hidden")
    assert doctor.referral(referral["id"])["offers"][0]["status"] == "seen"

    desk.page.keyboard.press("d")
    desk.page.get_by_text(
        "不能接收的原因"
    ).first.click()  # the focus is on nothing that is typed in
    desk.page.keyboard.press("a")
    assert doctor.referral(referral["id"])["offers"][0]["status"] == "seen"
    desk.page.get_by_label("不能接收的原因").select_option("no_capability")
    desk.page.get_by_label("搜索").fill("zgqc")
    desk.page.get_by_role("button", name="24小时急诊子宫切除").click()
    desk.page.get_by_role("group").get_by_role("button", name="不能接收").last.click()
    desk.sees("现在没有未结束的转诊")

    offer = doctor.referral(referral["id"])["offers"][0]
    assert (offer["status"], offer["decline_detail"]) == ("declined", "HYSTERECTOMY_24H")


def test_a_referral_is_carried_from_the_answer_to_its_end_on_two_screens(house, screen, asked):
    doctor, referral, centre = asked
    key = referral["id"]
    desk = screen(DESK).sign_in(login_of(centre))
    desk.sees(referral["number"])
    # One key asks once more whom it is for; struck again, or taken back, it is no yes.
    desk.page.keyboard.press("a")
    asked_again = desk.page.get_by_role("group", name="确认接收这一位")
    asked_again.get_by_text(referral["number"]).wait_for()
    desk.page.keyboard.press("a")
    desk.page.keyboard.press("d")
    desk.page.keyboard.press("Escape")
    asked_again.wait_for(state="hidden")
    assert doctor.referral(key)["status"] == "offered"
    desk.page.keyboard.press("a")
    desk.page.keyboard.press("Enter")
    desk.sees("已答应,尚未出发")
    phone = screen(PHONE).sign_in(login_of(doctor))
    phone.page.goto(f"{phone.address}#/referral/{key}")
    phone.press("记录同意")
    phone.press("保存")
    phone.sees("本人")
    assert phone.sideways() <= 0
    assert doctor.post(f"/referrals/{key}/handover-set", whole_sbar()).status_code == 201
    phone.press("安排车辆")
    # The line is slow: it is seen that she has left before the answer to "left" is there.
    slow = []
    phone.page.route("**/depart", lambda route: slow.append((route, route.fetch())))
    phone.press("已出发")
    phone.press("记录生命体征")
    phone.page.get_by_label("心率").fill("112")
    with phone.page.expect_response(f"**/referrals/{key}"):
        for route, answer in slow:
            route.fulfill(response=answer)
    phone.page.wait_for_function("() => new Promise(requestAnimationFrame)")
    phone.press("保存")
    phone.sees("途中记录(1)")
    assert phone.sideways() <= 0

    desk.page.get_by_role("link", name=referral["number"]).first.click()
    desk.press("已到达")
    desk.page.get_by_label("交出人").fill("甲")
    desk.page.get_by_label("接收人").fill("乙")
    desk.page.get_by_label("腕带").check()
    desk.page.get_by_label("转诊编号").check()
    desk.page.get_by_role("button", name="交接", exact=True).click()
    desk.press("反馈转归")
    desk.page.get_by_role("button", name="出院").click()
    desk.page.get_by_label("诊断").fill("产后出血")
    desk.page.get_by_label("主要治疗").fill("宫腔填塞")
    desk.press("保存")
    phone.press("结束本次转诊")
    phone.press("已完成")
    phone.sees("已结束")

    with house.database.reading() as session:
        there = session.exec(select(Referral).where(col(Referral.number) == referral["number"]))
        assert there.one().status == "closed"


def test_a_duty_officer_looks_at_one_plan_beside_the_simpler_ways_and_applies_it(house, screen):
    waiting = ten(house)
    officer = house.duty(ZHAOTONG)
    desk = screen(DESK).sign_in(login_of(officer))
    desk.page.get_by_role("link", name="统筹方案").click()
    desk.page.get_by_role("button", name="制定方案").click()
    desk.sees("与简单办法比较")
    desk.sees("若各去最近的有能力有空位处")
    assert desk.sideways() <= 0
    desk.press("地图")
    desk.page.get_by_role("group", name="方案的起点和去向").wait_for()
    # One of them goes elsewhere by hand: a plan of its own, beside the one before.
    desk.page.get_by_label("改动").first.select_option(index=2)
    desk.page.get_by_label("为什么改动").select_option("road")
    desk.press("按改动重新计算")
    desk.sees("有人工改动")
    desk.page.get_by_role("row", name="改动前的方案").wait_for()
    desk.press("按此方案询问")
    desk.sees("已执行")

    plan, before = officer.get("/plans").json()["items"]
    assert before["status"] == "proposed"
    rows = officer.get(f"/plans/{plan['id']}").json()["plan"]["assignments"]
    planned = {row["request_id"]: row["facility_id"] for row in rows if row["facility_id"]}
    assert plan["status"] == "applied"
    assert len(planned) == len(waiting)
    for doctor, one in waiting:
        offers = doctor.referral(one["id"])["offers"]
        assert planned[one["id"]] in {
            offer["facility_id"] for offer in offers if offer["status"] in ("offered", "seen")
        }


def test_a_shift_begins_with_what_the_centre_has_and_cannot_do_tonight(house, screen):
    centre = house.coordinator(HOSPITAL)
    phone = screen(PHONE).sign_in(login_of(centre))
    phone.page.goto(f"{phone.address}#/places")
    # What nobody has said yet cannot be the same as before.
    assert not phone.page.get_by_role(
        "button", name="一键再报:已报过的床位仍与页面相同"
    ).is_visible()
    # Nor does a guess become a number that somebody has counted.
    assert phone.page.get_by_role("button", name="上报", exact=True).is_disabled()
    phone.page.get_by_label("开放").first.fill("2")
    phone.page.get_by_label("空", exact=True).first.fill("1")
    phone.page.get_by_role("button", name="上报", exact=True).click()
    phone.sees("已上报")
    phone.press("一键再报:已报过的床位仍与页面相同")
    phone.sees("已上报")
    phone.page.get_by_role("button", name="申请暂停接收").click()
    phone.page.get_by_label("原因").select_option("no_anaesthetist")
    phone.page.get_by_role("button", name="申请暂停接收").click()
    phone.sees("提前恢复接收")
    phone.press("说明一项能力")
    phone.page.get_by_label("搜索").fill("麻醉")
    phone.page.get_by_role("button", name="24小时麻醉医师").click()
    phone.press("保存")
    phone.sees("改为能")
    phone.press("登记值班")
    phone.page.get_by_label("值班人").fill("测试丙")
    phone.page.get_by_label("电话", exact=True).fill("0871-0000000")
    phone.press("保存")
    phone.sees("测试丙")
    phone.page.goto(f"{phone.address}#/shift")
    phone.sees("没有麻醉医师")
    phone.sees("测试丙")

    with house.database.reading() as session:
        assert session.exec(select(Diversion.reason)).all() == ["no_anaesthetist"]
        notes = session.exec(select(CapabilityNote.capability, CapabilityNote.available)).all()
        assert [tuple(one) for one in notes] == [("ANAES_24H", False)]
        assert session.exec(select(DutyTurn.role)).all() == ["duty"]


def test_no_screen_of_the_desk_scrolls_sideways_on_a_telephone(house, screen, asked):
    doctor, referral, centre = asked
    assert doctor.post(f"/referrals/{referral['id']}/consents", CONSENT).status_code == 201
    number = f"转诊 {referral['number']}"
    everywhere = {"places": "床位", "load": "分娩预约", "shift": "交班", "drills": "演练"}
    at_centre = {
        "board": "调度台",
        f"board/all/{referral['id']}": number,
        "vehicles": "车辆",
        "forms": "断网备用单",
        "wall": "床位",
    }
    for_area = {f"referral/{referral['id']}": number, "plans": "统筹方案", "letters": "发送失败"}
    wide = []
    for caller, screens in ((centre, at_centre), (house.duty("530000"), for_area)):
        phone = screen(PHONE).sign_in(login_of(caller))
        for name, heading in (screens | everywhere).items():
            phone.page.goto(f"{phone.address}#/{name}")
            phone.page.locator("main h1, main h2").filter(has_text=heading).first.wait_for()
            phone.page.get_by_text("正在读取").first.wait_for(state="hidden")
            if phone.sideways() > 0:
                wide.append((caller.name, name))

    assert wide == []


SILENT = """
// A browser that keeps sound back until somebody has touched the page, and counts what sounds.
window.kept_back = true; window.tones = 0;
Object.defineProperty(BaseAudioContext.prototype, "state", {
  get() { return window.kept_back ? "suspended" : "running"; },
});
const begin = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
  window.tones += 1;
  return begin.apply(this, at);
};
"""


def test_an_alarm_that_does_not_sound_says_so_in_red_and_sounds_once_it_may(screen, asked):
    _, _, centre = asked
    desk = screen(DESK)
    desk.page.add_init_script(SILENT)
    desk.sign_in(login_of(centre))
    red = desk.page.locator(".banner.bad")
    red.filter(has_text="浏览器不让本页发声").wait_for()
    assert desk.page.evaluate("window.tones") == 0

    desk.page.evaluate("window.kept_back = false")
    desk.press("开启声音")
    red.filter(has_text="浏览器不让本页发声").wait_for(state="hidden")
    desk.page.wait_for_function("() => window.tones === 3")

    desk.page.keyboard.press("s")
    red.filter(has_text="声音已关闭").wait_for()
    desk.page.keyboard.press("s")
    red.filter(has_text="声音已关闭").wait_for(state="hidden")
    desk.page.wait_for_function("() => window.tones === 6")


def test_two_fingers_bring_the_map_closer(screen, asked):
    _, _, centre = asked
    phone = screen(PHONE).sign_in(login_of(centre))
    phone.press("地图")
    drawing = phone.page.get_by_role("group", name="1 条转诊的起点和去向")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = phone.page.context.new_cdp_session(phone.page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def wide():
        return float(drawing.get_attribute("viewBox").split()[2])

    def fingers(kind, apart=None):
        points = [] if apart is None else [{"x": x - apart, "y": y}, {"x": x + apart, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    before = wide()
    fingers("touchStart", 20)
    for apart in (30, 45, 60):
        fingers("touchMove", apart)
    fingers("touchEnd")

    assert before / 4 < wide() < before / 2
    assert phone.sideways() <= 0


def test_she_bears_on_the_way_is_brought_elsewhere_and_dies_each_by_the_screens(house, screen):
    doctor = house.clinician(HOSPITAL)
    referral = doctor.ask(PRETERM)
    first, second = referral["offers"][0], referral["ranking"][1]
    centre = house.coordinator(first["facility_id"])
    assert centre.post(f"/offers/{first['id']}/accept").status_code == 200
    ride = doctor.post("/transfers", {"referral_id": referral["id"], "drives": "sender"}).json()
    assert doctor.post(f"/transfers/{ride['id']}/depart", {"minutes": 90}).status_code == 200
    phone = screen(PHONE).sign_in(login_of(doctor))
    phone.page.goto(f"{phone.address}#/referral/{referral['id']}")

    phone.press("途中分娩")
    phone.page.get_by_label("几个新生儿").fill("2")
    phone.press("保存")

    phone.press("改送别处")
    phone.sees("原来的接收机构会放开")
    phone.page.get_by_label("原因").select_option("road_closed")
    goal = house.engine.registry.get(second["facility_id"]).name_zh
    phone.page.get_by_label("搜索").last.fill(goal)
    phone.page.get_by_role("button", name=goal).first.click()
    phone.page.get_by_role("group", name="改送别处").get_by_role("button", name="改送别处").click()
    phone.page.locator(".card").filter(has_text=f"→ {goal}").first.wait_for()
    assert phone.sideways() <= 0

    # The worst is asked for once more, with her number.
    phone.press("途中死亡")
    phone.sees(f"转诊 {referral['number']} 将结束")
    phone.press("确认死亡")
    phone.sees("已结束")

    story = doctor.referral(referral["id"])
    (journey,) = story["transfers"]
    assert (journey["status"], journey["destination"]) == ("died", second["facility_id"])
    assert [one["code"] for one in journey["observations"]] == ["born_in_transit"]
    assert story["status"] == "closed"


def test_no_bed_names_the_next_of_the_ranking_and_no_centre_that_is_full(house, screen, asked):
    doctor, referral, centre = asked
    offer = referral["offers"][0]
    first, second = centre.get(f"/offers/{offer['id']}/elsewhere").json()["items"][:2]
    none = {"in_service": 2, "free": 0, "as_of": hours_ago(0.1)}
    lines = [{"kind": one["kind"], **none} for one in first["rooms"]]
    report = {"facility_id": first["facility_id"], "lines": lines}
    assert house.coordinator(first["facility_id"]).post("/capacity-reports", report).is_success
    phone = screen(PHONE).sign_in(login_of(centre))
    phone.sees(referral["number"])
    phone.page.get_by_role("button", name="不能接收 (D)").first.click()
    phone.page.get_by_label("不能接收的原因").select_option("no_bed_diverting_to")
    phone.sees("推荐去向中的其他机构")
    assert phone.sideways() <= 0
    full = phone.page.get_by_role("button", name=re.compile("^2\\. .*不能填"))
    assert full.is_disabled()
    phone.page.get_by_role("button", name=re.compile("^3\\. ")).click()
    phone.page.get_by_role("group").get_by_role("button", name="不能接收").last.click()
    phone.page.get_by_text("推荐去向中的其他机构").wait_for(state="detached")

    said = doctor.referral(referral["id"])["offers"][0]
    assert (said["status"], said["decline_detail"]) == ("declined", second["facility_id"])
