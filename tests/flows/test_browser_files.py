"""Case files in the browser: from the first visit to the birth, the manager's desk, the auditor."""

import re

from app.accounts.states import OrganisationKind, Role
from tests.app.storage.people import number
from tests.flows.cases import COUNTY, SUIJIANG, Woman, assessed, manager
from tests.flows.screen import DESK, PHONE, STORY, login_of
from tests.flows.test_booking_runs import RED, run
from tests.flows.test_bookings import CENTRE, booked, managed, work
from tests.flows.test_townships import townships  # noqa: F401  fixture

pytestmark = STORY

NEXT_DOOR = "530625"  # 永善


def goto(seen, address):
    seen.page.evaluate(f"location.hash = '#/{address}'")


def opened(screens, size, who, woman):
    """The file of a woman as somebody sees it."""
    seen = screens(size).sign_in(login_of(who))
    goto(seen, f"file/{woman.id}")
    seen.sees("可以做的事")
    return seen


def act(seen, name):
    """Open the form of an act and return it."""
    seen.page.get_by_role("button", name=name, exact=True).click()
    form = seen.page.locator("form").first
    form.wait_for()
    return form


def save(seen, form):
    """Save a form; it is gone when the server has taken it."""
    form.get_by_role("button", name="保存").click()
    form.wait_for(state="detached", timeout=20_000)


def pick(form, label, text, option):
    """Find one of many by the first letters of pinyin."""
    form.get_by_label(label).first.fill(text)
    form.get_by_role("button", name=option).first.click()


def answer(form, item, words):
    form.get_by_role("group", name=item, exact=True).get_by_role("button", name=words).click()


def test_a_woman_without_a_document_is_registered_screened_assessed_and_has_a_clinician(
    house,
    screen,
    townships,  # noqa: F811
):
    doctor, known = house.clinician(SUIJIANG), number(born="19950403", order="267")
    there = {"identity_kind": "resident_id", "id_number": known, "name": "测试丁"}
    Woman(house, doctor, identity=there)
    phone = screen(PHONE).sign_in(login_of(doctor))
    phone.page.get_by_role("link", name="高危专案").click()
    phone.page.get_by_role("link", name="登记孕妇").click()
    form = phone.page.locator("form")
    form.get_by_label("证件").first.select_option(label="居民身份证")
    form.get_by_label("证件号码").fill(known)
    form.get_by_label("姓名").fill("测试甲")
    phone.press("登记建册")
    # A number that leads to another name may be another woman's: nothing goes on by itself.
    phone.sees("但下列内容不同,未采用:姓名")
    phone.press("返回更正")
    form.get_by_label("证件").first.select_option(label="没有证件")
    form.get_by_label("常用语言").select_option(label="彝语")
    pick(form, "乡镇(街道)", "乙", "乙乡")
    form.get_by_label("剖宫产次数").first.fill("1")
    assert phone.sideways() <= 0
    phone.press("登记建册")
    phone.sees("绥江县 乙乡")
    key = phone.page.url.rpartition("/")[2]

    form = act(phone, "填筛查表")
    # What the file says is not asked away by "all others: no", and says where it comes from.
    phone.sees("阳性:剖宫产史")
    phone.sees("档案已记:剖宫产次数: 1")
    phone.press("其余 4 项都问过:否")
    phone.sees("阳性:剖宫产史")
    assert form.get_by_role("alert").count() == 0
    answer(form, "剖宫产史", "否")
    phone.sees("这个“否”不会被采用")
    answer(form, "剖宫产史", "不详")
    assert phone.sideways() <= 0
    save(phone, form)

    form = act(phone, "风险评估")
    form.get_by_role("searchbox").fill("xgnfj")
    form.get_by_label("心功能分级").first.fill("3")
    form.get_by_label("心功能分级").first.press("Tab")
    form.get_by_text("按现在填的").get_by_text("红 高风险").wait_for()
    assert phone.sideways() <= 0
    form.get_by_role("button", name="保存").click()
    phone.sees("评估已保存")
    phone.press("完成")

    form = act(phone, "责任医生")
    form.get_by_label("由谁负责").select_option(label="由我负责")
    save(phone, form)
    phone.sees("专案管理")
    assert phone.sideways() <= 0
    goto(phone, "files/without_clinician")
    phone.sees("这些名单里有")

    file = doctor.get(f"/case-files/{key}").json()
    assert (file["status"], file["colour"], file["has_clinician"]) == ("case_managed", "red", True)
    assert "R-SCREEN-04-caesarean" in file["screenings"][0]["found"]
    # What was known at her registration counts without being asked again; the rest stays unknown.
    assert file["assessments"][0]["facts"] == {"prior_cs_count": 1, "nyha_class": 3}
    patient = doctor.get(f"/patients/{file['patient_id']}").json()
    assert (patient["language"], patient["identity_known"]) == ("ii", True)


def test_a_scar_on_record_is_not_asked_away_by_all_others_absent(house, screen):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=20, facts={"uterine_scar": True})
    woman.post("screenings", {"facts": {}, "answers": {}})
    desk = opened(screen, DESK, doctor, woman)
    form = act(desk, "风险评估")
    summary = desk.page.locator("summary").filter(has_text="子宫")
    uterus = form.locator("details").filter(has=summary)
    uterus.locator("summary").first.click()
    uterus.get_by_role("button", name=re.compile("^其余")).click()
    form.get_by_role("button", name="保存").click()
    desk.sees("评估已保存")

    facts = woman.whole()["assessments"][0]["facts"]
    assert facts["uterine_scar"] is True
    assert False in facts.values()


def test_a_red_file_is_looked_after_until_twins_are_born_and_what_was_wrong_is_corrected(
    house, screen
):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, weeks=34, **RED)
    desk = opened(screen, DESK, doctor, woman)

    form = act(desk, "管理、治疗、应急方案")
    form.get_by_label("种类").select_option(label="应急预案")
    form.get_by_label("方案内容").fill("出血或气促立即转上级")
    save_refused = form.get_by_role("button", name="保存")
    save_refused.click()
    desk.sees("橙色、红色的方案须与上级救治中心共同制定")
    pick(form, "与哪家上级中心", "ztsdyrmyy", "昭通市第一人民医院")
    form.get_by_label("对方谁同意").fill("乙主任")
    save(desk, form)

    form = act(desk, "报告")
    form.get_by_label("种类").select_option(label="妊娠风险报告")
    form.get_by_label("报告内容").fill("红色,心功能三级")
    save(desk, form)

    form = act(desk, "随访")
    form.get_by_label("怎么了").select_option(label="已约")
    form.get_by_label("种类").select_option(label="产前检查")
    form.get_by_label("预约日期").fill(woman.lmp.isoformat())
    save(desk, form)
    for status, more in (("未到", None), ("已联系", "已上门")):
        form = act(desk, "随访")
        form.get_by_label("怎么了").select_option(label=status)
        form.get_by_label("哪一次预约").select_option(index=1)
        if more:
            form.get_by_label("联系结果").select_option(label=more)
        save(desk, form)

    form = act(desk, "登记分娩")
    form.get_by_label("分娩方式").select_option(label="急诊剖宫产")
    form.get_by_role("button", name="加一个活产新生儿").click()
    save(desk, form)
    item = desk.page.get_by_role("listitem").filter(has_text="急诊剖宫产:活产 1").first
    item.get_by_text("详情").click()
    item.get_by_role("button", name="更正这条").click()
    form = desk.page.locator("form").first
    # The child that is on record is ticked already and is not entered a second time.
    assert form.get_by_role("checkbox").first.is_checked()
    form.get_by_label("分娩方式").select_option(label="急诊剖宫产")
    form.get_by_role("button", name="加一个活产新生儿").click()
    desk.sees("共 2 个孩子")
    save(desk, form)
    desk.sees("活产 2")
    assert desk.sideways() <= 0

    file = woman.whole()
    assert (file["plans"][-1]["kind"], file["plans"][-1]["agreed_by"]) == ("emergency", "乙主任")
    assert file["reports"][-1]["kind"] == "risk"
    assert [one["status"] for one in file["visits"]] == ["planned", "missed", "contacted"]
    assert [(one["live_born"], one["counts"]) for one in file["deliveries"]] == [
        (1, False),
        (2, True),
    ]
    assert len(file["newborns"]) == 2


def test_a_manager_accepts_proposals_together_and_takes_a_file_over_from_another_county(
    house, screen
):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    first, second = managed(house, doctor, **RED), managed(house, doctor, weeks=28)
    opened_again = managed(house, doctor, weeks=30)
    place = booked(house, opened_again, doctor)
    opened_again.whole()
    opened_again.post("assessments", assessed(prior_cs_count=1, uterine_scar=True, **RED))
    work(house)
    desk = screen(DESK).sign_in(login_of(mch))
    desk.page.get_by_role("link", name="分娩预约").click()
    desk.page.get_by_text("现在生成预约方案").first.click()
    desk.page.get_by_role("button", name="现在生成预约方案").click()
    desk.sees("建议的机构(")
    work(house)
    goto(desk, "bookings")
    desk.sees("待接受")
    desk.page.get_by_role("button", name=re.compile("^全选")).click()
    desk.page.get_by_role("button", name=re.compile("^一起接受")).click()
    desk.sees("没有待接受的建议")
    desk.page.get_by_role("link", name="要重新核对").click()
    desk.sees("重新核对的原因:风险颜色升高")
    desk.press("确认仍在此分娩")
    desk.sees("没有要重新核对的预约")
    assert desk.sideways() <= 0

    asked = {one["file_id"] for one in doctor.get("/bookings?status=asked").json()["items"]}
    assert {first.id, second.id} <= asked
    assert doctor.get(f"/bookings/{place['id']}").json()["status"] == "booked"

    goto(desk, f"file/{first.id}")
    form = act(desk, "移交外县")
    pick(form, "移交到哪个县", "ysx", re.compile("永善县"))
    save(desk, form)
    there = manager(house, NEXT_DOOR)
    other = opened(screen, PHONE, there, first)
    form = act(other, "答复移交")
    form.get_by_label("答复").select_option(label="接收")
    save(other, form)
    other.sees("移交")
    assert other.sideways() <= 0

    assert first.whole(there)["residence_county"] == NEXT_DOOR


def test_registers_say_what_is_unknown_and_a_look_through_glass_is_reviewed_by_name(house, screen):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, age_years=36, age_at_edd_years=37)
    stranger = house.clinician(CENTRE)
    found = {"number": woman.whole()["number"], "break_glass": {"reason": "夜间急诊,无法联系"}}
    assert stranger.post("/case-files/lookup", found).status_code == 200
    desk = screen(DESK).sign_in(login_of(doctor))
    goto(desk, "registers/after_caesarean")
    desk.sees("还不能判断(有未知项)")
    desk.page.get_by_text(re.compile("^逐条看")).click()
    desk.sees("问清 上次子宫切口类型")
    desk.page.get_by_role("link", name="35岁及以上名册").click()
    desk.sees("预产期时 37 岁")

    auditor = house.person(
        "auditor",
        Role.AUDITOR,
        kind=OrganisationKind.PROVINCE_COMMISSION.value,
        division="530000",
    )
    review = screen(PHONE).sign_in(login_of(auditor))
    review.page.get_by_role("link", name="越权查看复核").click()
    review.sees("夜间急诊,无法联系")
    review.sees(found["number"])
    review.press("理由成立")
    review.page.get_by_text(re.compile("^已复核:理由成立")).wait_for()
    assert review.sideways() <= 0

    (glass,) = auditor.get("/case-file-glasses").json()["items"]
    assert (glass["justified"], glass["by_login"]) == (True, login_of(stranger))


SCREENS = {
    "clinician": (
        "files/overdue",
        "files/without_clinician",
        "register",
        "registers/from_35",
        "registers/after_caesarean",
        "registers/medical_aid",
        "bookings/proposed",
        "bookings/every",
    ),
    "manager": ("files/reports", "bookings/asked", "exchange"),
}


def test_no_screen_of_case_files_scrolls_sideways_on_a_telephone(house, screen):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor, weeks=34, age_years=41, **RED)
    Woman(house, doctor)
    made = run(mch)
    work(house)
    pages = {
        "clinician": (*SCREENS["clinician"], f"file/{woman.id}"),
        "manager": (*SCREENS["manager"], f"booking_run/{made['id']}"),
    }
    wide = []
    for who, caller in (("clinician", doctor), ("manager", mch)):
        phone = screen(PHONE).sign_in(login_of(caller))
        for address in pages[who]:
            goto(phone, address)
            phone.page.get_by_text("正在读取").first.wait_for(state="hidden")
            phone.page.locator("h1").wait_for()
            for summary in phone.page.locator("main summary").all():
                summary.click()
            wide += [address] if phone.sideways() > 0 else []

    assert wide == []
