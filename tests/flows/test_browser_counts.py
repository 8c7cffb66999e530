"""Worklists with counts, the record from a row to its case, the hospitals of one community."""

from app.accounts.states import Role
from tests.flows.cases import SUIJIANG, Woman
from tests.flows.screen import DESK, PHONE, STORY, login_of
from tests.flows.test_bad_night import BLEEDING
from tests.flows.test_browser_files import goto
from tests.flows.test_browser_office import at_commission
from tests.flows.test_community import community

pytestmark = STORY
COUNTED = "**/worklists/case-files?*counted=true*"


def test_a_count_that_is_not_there_yet_or_not_at_all_is_not_shown_as_none(house, screen):
    doctor = house.clinician(SUIJIANG)
    for _ in range(2):
        Woman(house, doctor, weeks=12)
    phone = screen(PHONE).sign_in(login_of(doctor))
    lists = phone.page.get_by_role("navigation", name="工作清单")
    held = []
    phone.page.route(COUNTED, lambda route: held.append(route))
    goto(phone, "files/overdue")
    phone.sees("已逾期(…)")
    assert "(0)" not in lists.inner_text()
    held[0].continue_()
    phone.sees("已逾期(2)")
    phone.sees("待评估(0)")
    assert phone.sideways() <= 0

    phone.page.unroute(COUNTED)
    phone.page.route(COUNTED, lambda route: route.abort())
    goto(phone, "files/today")
    phone.sees("已逾期(不详)")
    assert "(0)" not in lists.inner_text()


def test_an_auditor_goes_from_a_row_to_the_case_and_finds_it_by_its_number(house, screen):
    doctor = house.clinician(SUIJIANG)
    asked, woman = doctor.ask(BLEEDING), Woman(house, doctor)
    file = woman.whole()["number"]
    desk = screen(DESK).sign_in(login_of(at_commission(house, "auditor", Role.AUDITOR)))
    desk.page.get_by_role("link", name=f"转诊 {asked['number']}").first.click()
    desk.page.get_by_role("link", name=f"专案 {file}").first.wait_for(state="detached")
    desk.page.get_by_role("link", name=f"转诊 {asked['number']}").first.wait_for()

    goto(desk, "audit")
    desk.page.get_by_label("关于").select_option(label="某份专案")
    desk.page.get_by_label("编号或记录的键").fill(file.lower())
    desk.press("查询")
    desk.page.get_by_role("link", name=f"转诊 {asked['number']}").first.wait_for(state="detached")
    desk.page.get_by_role("link", name=f"专案 {file}").first.wait_for()


def test_only_hospitals_of_the_community_are_offered_and_where_there_is_none_it_says_how(
    house, screen
):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    desk = screen(DESK).sign_in(login_of(doctor))
    goto(desk, f"referral/{asked['id']}")
    desk.page.get_by_text("名单上没有?其他接收方式").click()
    desk.sees("卫健委的管理员可在“机构与联系”里新增县域医共体")
    lead, other = (asked["ranking"][n]["facility_id"] for n in (2, 3))
    community(house, lead, SUIJIANG)
    desk.page.reload()
    desk.page.get_by_text("名单上没有?其他接收方式").click()
    group = desk.page.get_by_role("group", name="由同一医共体的医院接收")
    name = {one: house.engine.registry.get(one).name_zh for one in (lead, other)}
    group.get_by_role("button", name=name[lead]).wait_for()
    assert group.get_by_role("button").count() == 1
    group.get_by_role("button", name=name[lead]).click()
    desk.press("由这家接收")
    desk.page.get_by_text("医共体内").first.wait_for()
    assert doctor.referral(asked["id"])["destination"] == lead
