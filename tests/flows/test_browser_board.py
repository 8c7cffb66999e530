"""The board in the browser: who waits first, what she comes with, its keys, who drives."""

from datetime import timedelta

from app.referrals import falling, lines
from tests.flows.screen import DESK, HOSPITAL, STORY, login_of
from tests.flows.test_ambulance_called import ems
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

pytestmark = STORY


def test_the_board_begins_with_who_waits_and_says_what_she_comes_with_and_its_keys_hold(
    house, screen
):
    doctor = house.clinician(HOSPITAL)
    accepted = doctor.ask(BLEEDING)
    offer = accepted["offers"][0]
    centre = house.coordinator(offer["facility_id"])
    assert centre.post(f"/offers/{offer['id']}/accept").status_code == 200
    waiting = doctor.ask(
        BLEEDING | {"delivered": False, "gestational_age_weeks": "31+0"},
        chosen={"facility_id": offer["facility_id"], "because": "agreed_by_telephone"},
    )
    desk = screen(DESK).sign_in(login_of(centre))
    page = desk.page
    desk.sees("等我院答复(1)")
    # She is asked for later than the one who has a place, and stands first, chosen for the keys.
    assert page.locator("h3").all_inner_texts() == ["等我院答复(1)", "已答应,尚未出发(1)"]
    assert page.locator("[aria-current=true]").last.inner_text() == waiting["number"]
    row = page.locator(f"#row-{waiting['id']}")
    row.get_by_text("产后出血").first.wait_for()
    row.get_by_text("孕 31+0 周").wait_for()
    row.get_by_text("不按顺序先问:已电话谈妥").wait_for()
    gone = page.locator(f"#row-{accepted['id']}").inner_text()
    assert "起已答应" in gone
    assert "正在来您这里" not in gone
    assert "已等" not in gone

    # The list of reasons has the focus, and Esc closes its form all the same.
    page.keyboard.press("d")
    reasons = page.get_by_label("不能接收的原因")
    reasons.wait_for()
    assert reasons.evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    reasons.wait_for(state="hidden")
    page.keyboard.press("a")
    again = page.get_by_role("group", name="确认接收这一位")
    again.get_by_text("产后出血").first.wait_for()
    again.get_by_text("孕 31+0 周").wait_for()
    page.keyboard.press("Enter")
    # She stays chosen where she now stands, and Enter opens her.
    desk.sees("已答应,尚未出发(2)")
    row.and_(page.locator(".picked")).wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("complementary").get_by_text(f"转诊 {waiting['number']}").wait_for()


def test_a_step_that_was_due_says_so_and_leads_to_where_it_is_done(house, screen, monkeypatch):
    def later(referral, begun, first, now):
        return falling.fell_due(referral, begun, first, now + timedelta(minutes=14))

    # The worker lives through the minutes; the clock of the house stays where it is.
    monkeypatch.setattr(lines, "fell_due", later)
    doctor = house.clinician(HOSPITAL)
    asked = doctor.ask(BLEEDING)
    house.duty("530600")
    province = house.duty("530000")
    house.pass_time(14)
    desk = screen(DESK).sign_in(login_of(province))
    row = desk.page.locator(f"#row-{asked['id']}")
    row.get_by_text("原定").wait_for()
    desk.sees("需要您注意")
    row.get_by_role("link", name="去处理").click()
    panel = desk.page.get_by_role("complementary")
    panel.get_by_text("已到期的步骤").wait_for()
    desk.page.wait_for_function(
        "() => document.activeElement.closest('#act-asking') !== null", timeout=20_000
    )
    # Once more, with the panel open already, from elsewhere on the page.
    desk.page.get_by_role("button", name="地图").focus()
    row.get_by_role("link", name="去处理").click()
    desk.page.wait_for_function(
        "() => document.activeElement.closest('#act-asking') !== null", timeout=20_000
    )


def test_who_drives_is_rung_for_a_journey_with_both_ends_and_told_of_no_menu_she_has_not(
    house, screen
):
    drives = ems(house)
    desk = screen(DESK).sign_in(login_of(drives))
    desk.sees("要您接送的患者会出现在这里")
    assert desk.page.get_by_text("新建转诊").count() == 0

    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    said = {"referral_id": asked["id"], "drives": "ems120"}
    ride = doctor.post("/transfers", said).json()
    desk.sees("新的接送任务")
    assert desk.page.title().startswith("(1)")
    row = desk.page.locator(f"#row-{asked['id']}")
    name = {one: house.engine.registry.get(one).name_zh for one in (SUIJIANG, ride["destination"])}
    row.get_by_text(f"接自:{name[SUIJIANG]}").wait_for()
    row.get_by_text(f"送往:{name[ride['destination']]}").wait_for()
    assert "去向未定" not in row.inner_text()
    # What she drives her for is not hers to know.
    assert "产后出血" not in row.inner_text()
