"""Case files in the browser: closing, exchange, forms across a reload, names, why not elsewhere."""

from routing.triage.rows import Colour
from tests.app.storage import account_rows
from tests.app.storage.exchanging import LOGIN, filed, later, pregnant, take
from tests.app.storage.exchanging import assessed as told_to_be
from tests.flows.cases import COUNTY, SUIJIANG, manager
from tests.flows.house import hours_ago, wait_until
from tests.flows.screen import DESK, PHONE, STORY, login_of
from tests.flows.test_booking_runs import RED
from tests.flows.test_bookings import booked, managed
from tests.flows.test_browser_files import act, goto, opened, save

pytestmark = STORY


def test_a_file_is_closed_after_the_check_of_the_42nd_day_and_says_where_she_gave_birth(
    house, screen
):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, weeks=39)
    booked(house, woman, doctor)
    woman.whole()
    birth = {"mode": "caesarean_planned", "newborns": [{}], "facility_id": SUIJIANG}
    woman.post("deliveries", {**birth, "happened_at": hours_ago(43 * 24)})
    woman.post("discharge", {"happened_at": hours_ago(40 * 24)})
    held = {"status": "held", "findings": {"uterus": "ok"}, "happened_at": hours_ago(35 * 24)}
    woman.post("visits", {"kind": "postpartum", **held})
    phone = opened(screen, PHONE, doctor, woman)
    phone.sees("分娩于")
    assert phone.page.get_by_text("尚未确定").count() == 0

    form = act(phone, "42天结案")
    form.get_by_role("button", name="保存").click()
    phone.sees("尚未完成产后42天检查评估")
    goto(phone, "files")
    goto(phone, f"file/{woman.id}")
    form = act(phone, "随访")
    form.get_by_label("怎么了").select_option(label="已做")
    form.get_by_label("种类").select_option(label="42天检查")
    form.get_by_label("随访结果").fill("子宫复旧好")
    save(phone, form)
    form = act(phone, "42天结案")
    save(phone, form)
    phone.page.locator("strong", has_text="42天结案").first.wait_for()
    assert phone.sideways() <= 0
    assert woman.whole()["status"] == "closed_42d"


def test_what_an_import_left_is_decided_by_a_manager_once(house, screen):
    with house.database.writing() as session:
        account_rows.user(session, LOGIN)
    women = pregnant(house.database, house.engine)
    row = told_to_be(women, Colour.YELLOW)
    for said in (row, later(row, colour=Colour.GREEN)):
        take(house.database, house.engine, [said])
        filed(house.database, house.engine)
    mch = manager(house, row.given.residence_county)
    desk = screen(DESK).sign_in(login_of(mch))
    desk.page.get_by_role("link", name="导入与导出").click()
    desk.sees("保留本系统内容")
    desk.sees(row.record_id)
    assert desk.sideways() <= 0
    desk.press("以本系统为准")
    desk.sees("没有等待处理的导入内容")
    desk.page.get_by_label("看已处理的").check()
    desk.page.get_by_text("以本系统为准,").wait_for()
    assert desk.page.get_by_role("button", name="退回平台更正").count() == 0

    (item,) = mch.get("/worklists/exchange?decided=true").json()["items"]
    assert item["decision"] == "ours"


def test_an_assessment_survives_a_reload_and_is_gone_after_leaving_and_for_others(house, screen):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor, weeks=30)
    desk = opened(screen, DESK, doctor, woman)
    form = act(desk, "风险评估")
    why = "评估写到一半"
    form.get_by_label("颜色要降低").fill(why)
    kept = "Object.keys(sessionStorage).filter((one) => one.includes('.form.')).length"
    wait_until(lambda: desk.page.evaluate(kept) == 1)
    assert why not in desk.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    desk.page.reload()
    form = act(desk, "风险评估")
    desk.sees("未保存的内容")
    assert form.get_by_label("颜色要降低").input_value() == why

    desk.page.get_by_role("button", name="退出").click()
    desk.page.get_by_label("用户名").wait_for()
    assert desk.page.evaluate(kept) == 0
    desk.sign_in(login_of(mch))
    goto(desk, f"file/{woman.id}")
    desk.sees("可以做的事")
    assert desk.page.get_by_text(why).count() == 0


def test_names_in_a_worklist_are_asked_for_and_a_booking_says_why_not_elsewhere(house, screen):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor, weeks=30, **RED)
    booked(house, woman, doctor)
    woman.whole()
    woman.post("clinician", {"nobody": True})
    phone = screen(PHONE).sign_in(login_of(mch))
    goto(phone, "files/without_clinician")
    phone.page.get_by_role("link", name=woman.whole()["number"]).wait_for()
    phone.page.get_by_label("显示姓名").check()
    phone.sees("未知-")
    phone.sees("心功能")
    assert phone.sideways() <= 0
    goto(phone, f"file/{woman.id}")
    phone.page.get_by_text("为什么不在别处", exact=True).click()
    phone.sees("低于她的风险颜色要求的级别")
    assert phone.sideways() <= 0
