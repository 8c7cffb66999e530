"""The browser application for who looks after accounts, centres and the record; and patients."""

import contextlib
from datetime import timedelta

from playwright.sync_api import TimeoutError
from sqlmodel import select

from app.accounts.session_tables import UserSession
from app.accounts.states import OrganisationKind, Role
from tests.flows.screen import DESK, PASSWORD, PHONE, STORY, login_of
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

pytestmark = STORY

PROVINCE = "530000"
HALF = "欧阳写到一半"


def at_commission(house, name, role):
    kind = OrganisationKind.PROVINCE_COMMISSION.value
    return house.person(name, role, kind=kind, division=PROVINCE)


def go(one, where):
    one.page.evaluate(f"location.hash = '#/{where}'")


def sessions(house, change):
    """Change what the database knows of everybody's sessions, as time or an administrator does."""
    with house.database.writing() as session:
        for row in session.exec(select(UserSession)).all():
            change(row, house.database.now(session))
            session.add(row)


def lock(row, now):
    row.last_seen_at = now - timedelta(minutes=30)


def end(row, now):
    if row.ended_at is None:
        row.ended_at, row.ended_how = now, "signed_out"


def test_an_administrator_makes_an_account_and_its_owner_takes_it_over(house, screen):
    boss = at_commission(house, "boss", Role.ADMINISTRATOR)
    hospital = str(house.people[house.clinician(SUIJIANG).name].org_id)
    desk = screen(DESK).sign_in(login_of(boss))
    desk.sees("步没有完成")
    desk.page.get_by_role("link", name="管理用户").click()
    desk.page.get_by_text("新增用户").click()
    desk.page.get_by_label("用户名").fill("wang.li")
    desk.page.get_by_label("姓名").fill("测试王丽")
    desk.page.get_by_label("角色").select_option("coordinator")
    desk.page.get_by_label("按名称或县查找机构").fill("sjx")
    desk.page.get_by_label("在哪个机构").select_option(hospital)
    desk.press("建立账号")
    desk.press("给初始密码")
    desk.press("确认,显示新密码")
    password = desk.page.locator("code").first.inner_text()
    desk.press("已记下,关闭")
    assert password not in desk.page.content()

    phone = screen(PHONE)
    phone.page.goto(phone.address)
    phone.page.get_by_label("用户名").fill("wang.li")
    phone.page.get_by_label("密码").fill(password)
    phone.press("登录")
    phone.sees("至少 12 个字符")
    phone.page.get_by_label("密码", exact=True).fill(password)
    phone.page.get_by_label("新密码").fill("西南 山里 2026 夜班")
    phone.press("修改初始密码")
    phone.page.get_by_role("navigation", name="主菜单").wait_for()

    (user,) = [one for one in boss.get("/users").json()["items"] if one["login"] == "wang.li"]
    assert user["must_change_password"] is False
    held = boss.get(f"/users/{user['id']}/grants").json()["items"]
    assert [(one["role"], one["organisation_id"]) for one in held] == [("coordinator", hospital)]


def at_the_door(desk, said):
    """She saves, and is asked who she is; a look of the page itself may have found that before."""
    with contextlib.suppress(TimeoutError):
        desk.page.get_by_role("button", name="保存").first.click(timeout=3_000)
    desk.sees(said)


def test_what_a_doctor_wrote_waits_behind_the_door_for_her_and_for_nobody_else(house, screen):
    doctor = house.clinician(SUIJIANG)
    patient = doctor.ask(BLEEDING)["patient_id"]
    desk = screen(DESK).sign_in(login_of(doctor))
    go(desk, f"patient/{patient}")
    desk.press("查看身份")
    desk.press("补充或更正")
    name = desk.page.get_by_label("姓名")
    name.fill(HALF)

    sessions(house, lock)
    at_the_door(desk, "屏幕已锁")
    name.wait_for(state="hidden")
    desk.page.get_by_label("密码").fill(PASSWORD)
    desk.press("解锁")
    name.wait_for()
    assert name.input_value() == HALF

    sessions(house, end)
    at_the_door(desk, "会话已结束")
    name.wait_for(state="hidden")
    desk.page.get_by_label("密码").fill(PASSWORD)
    desk.press("登录")
    name.wait_for()
    assert name.input_value() == HALF
    desk.press("保存")
    desk.page.get_by_text(HALF).wait_for()
    assert doctor.get(f"/patients/{patient}/identity").json()["name"] == HALF

    desk.press("补充或更正")
    sessions(house, end)
    at_the_door(desk, "会话已结束")
    desk.page.get_by_label("用户名").fill(login_of(house.clinician("YN530600-008")))
    desk.page.get_by_label("密码").fill(PASSWORD)
    desk.press("登录")
    desk.page.get_by_role("alert").wait_for()
    assert HALF not in desk.page.content()


def test_a_page_that_nobody_touches_keeps_no_screen_open(house, screen):
    """It looks every minute whether the screen has locked, and that is nobody's presence."""
    desk = screen(DESK)
    desk.page.clock.install()
    desk.sign_in(login_of(house.clinician(SUIJIANG)))
    said = []
    for _ in range(2):
        with desk.page.expect_request(lambda one: one.url.endswith("/session")) as look:
            desk.page.clock.fast_forward(61_000)
        said.append(look.value.headers.get("x-background"))

    assert said == [None, "1"]


def test_a_commission_designates_a_centre_and_the_map_counts_it(house, screen):
    officer = house.duty(PROVINCE)
    desk = screen(DESK).sign_in(login_of(officer))
    go(desk, f"facility/{SUIJIANG}")
    desk.sees("没有指定文件")
    desk.page.get_by_text("登记一次指定").click()
    desk.page.get_by_label("级别").select_option("M2")
    desk.page.get_by_label("起", exact=True).fill("2026-01-01")
    desk.page.get_by_label("文件名和文号").fill("测试〔2026〕1号")
    desk.page.get_by_role("button", name="登记", exact=True).click()
    desk.sees("测试〔2026〕1号")
    desk.page.get_by_text("更多").click()
    desk.page.get_by_role("link", name="数据", exact=True).click()
    desk.press("有无中心")
    desk.sees("已确认: 1 个县")

    rows = house.client.get("/api/v1/policy-check").json()["items"]
    confirmed = [one["adcode"] for one in rows if one["maternal"]["status"] == "confirmed"]
    assert "530626" in confirmed


def test_two_records_of_one_woman_are_compared_merged_and_taken_apart_again(house, screen):
    doctor = house.clinician(SUIJIANG)
    who = {"kind": "maternal", "phone": "13800000001"}
    keep, drop = (
        doctor.post("/patients", {**who, "name": name}).json()["patient_id"]
        for name in ("测试李梅", "测试李玫")
    )
    desk = screen(DESK).sign_in(login_of(doctor))
    go(desk, f"patient/{keep}")
    desk.press("查看身份")
    desk.sees("电话相同")
    desk.press("并排比较")
    desk.sees("≠ 姓名")
    desk.page.get_by_label("凭什么认定是同一人").select_option("documents_compared")
    desk.press("是同一人,合并")
    desk.sees("已并入的记录(1)")
    assert doctor.get(f"/patients/{keep}/identity").json()["merged"] == [drop]

    desk.page.get_by_label("为什么撤销").select_option("different_persons")
    desk.press("撤销合并")
    desk.page.get_by_text("已并入的记录").wait_for(state="hidden")
    assert doctor.get(f"/patients/{keep}/identity").json()["merged"] == []


def test_no_screen_of_the_office_scrolls_sideways_on_a_telephone(house, screen):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    why = {"number": asked["number"], "reason": "家属来电询问病情进展"}
    assert house.clinician("YN530600-008").post("/broken-glasses", why).status_code == 201
    me = house.people[doctor.name]
    seen = {
        at_commission(house, "boss", Role.ADMINISTRATOR): [
            "setup",
            "users",
            f"user/{me.user_id}",
            "organisations",
            f"organisation/{me.org_id}",
            "facilities",
            f"facility/{SUIJIANG}",
            "rules/unsigned",
            "facts",
            "quality",
            "account",
            "nowhere",
        ],
        at_commission(house, "auditor", Role.AUDITOR): ["audit", "glasses", "board"],
        house.duty(PROVINCE): ["figures"],
        doctor: ["patients", f"patient/{asked['patient_id']}"],
    }
    wide = []
    for person, places in seen.items():
        phone = screen(PHONE).sign_in(login_of(person))
        for place in places:
            go(phone, place)
            phone.page.get_by_role("heading", level=1).wait_for()
            phone.page.get_by_text("正在读取").first.wait_for(state="hidden")
            if phone.sideways() > 0:
                wide.append(place)
            assert not phone.page.get_by_role("alert").count(), place

    assert wide == []
