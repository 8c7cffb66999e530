"""Long forms across a reload of the page: registration and the SBAR hand-over set."""

import re

from tests.flows.cases import SUIJIANG
from tests.flows.house import wait_until
from tests.flows.screen import DESK, PHONE, STORY, login_of
from tests.flows.test_bad_night import BLEEDING
from tests.flows.test_browser_files import goto

pytestmark = STORY

KEPT = "Object.keys(sessionStorage).filter((one) => one.includes('.form.')).length"
TAB = "JSON.stringify({...sessionStorage, ...localStorage})"
NAME, HEIGHT = "欧阳登记到一半", "157"
SAID = "交班写到一半"


def sealed(seen, *words):
    """What was typed stands in the tab, and nobody can read it there."""
    wait_until(lambda: seen.page.evaluate(KEPT) == 1)
    tab = seen.page.evaluate(TAB)
    assert [one for one in words if one in tab] == []


def again(seen):
    """The page, opened anew, with the session it had."""
    seen.page.reload()
    seen.page.get_by_role("navigation", name="主菜单").wait_for()


def left_for(seen, who):
    """She leaves, and somebody else signs in at the same screen."""
    seen.page.get_by_role("button", name="退出").click()
    seen.page.get_by_label("用户名").wait_for()
    assert seen.page.evaluate(KEPT) == 0
    seen.sign_in(login_of(who))


def registering(seen):
    goto(seen, "register")
    seen.page.get_by_label("姓名").first.wait_for()
    return seen.page.locator("form")


def typed(form):
    form.get_by_label("姓名").fill(NAME)
    form.get_by_role("textbox", name="末次月经", exact=True).fill("2026-06-01")
    form.get_by_label("身高").first.fill(HEIGHT)


def test_a_registration_is_there_after_a_reload_and_gone_after_it_was_sent(house, screen):
    phone = screen(PHONE).sign_in(login_of(house.clinician(SUIJIANG)))
    typed(registering(phone))
    sealed(phone, NAME)
    again(phone)
    form = registering(phone)
    phone.sees("未保存的内容")
    assert form.get_by_label("姓名").input_value() == NAME
    assert form.get_by_role("textbox", name="末次月经", exact=True).input_value() == "2026-06-01"
    assert form.get_by_label("身高").first.input_value() == HEIGHT
    assert phone.sideways() <= 0

    phone.press("登记建册")
    phone.sees("可以做的事")
    assert phone.page.evaluate(KEPT) == 0
    assert registering(phone).get_by_label("姓名").input_value() == ""


def test_a_registration_of_one_is_nothing_to_the_next_at_the_same_screen(house, screen):
    desk = screen(DESK).sign_in(login_of(house.clinician(SUIJIANG)))
    typed(registering(desk))
    sealed(desk, NAME)
    left_for(desk, house.clinician("YN530600-008"))

    form = registering(desk)
    assert form.get_by_label("姓名").input_value() == ""
    assert desk.page.get_by_text("未保存的内容").count() == 0


def history(seen):
    return seen.page.get_by_role("textbox", name=re.compile(r"^病史( \*)?$"))


def writing(seen):
    seen.press("填写、补充")
    return history(seen)


def test_a_hand_over_set_is_there_after_a_reload_and_gone_after_it_was_sent(house, screen):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    phone = screen(PHONE).sign_in(login_of(doctor))
    goto(phone, f"referral/{asked['id']}")
    field = writing(phone)
    field.fill(SAID)
    sealed(phone, SAID)
    again(phone)
    phone.sees("未保存的内容")
    field = history(phone)
    assert field.input_value() == SAID
    assert phone.sideways() <= 0

    phone.press("保存")
    field.wait_for(state="detached")
    assert phone.page.evaluate(KEPT) == 0
    again(phone)
    phone.sees("SBAR 信息")
    assert phone.page.get_by_text("未保存的内容").count() == 0
    assert doctor.referral(asked["id"])["handover"]["content"] != {}


def test_a_hand_over_set_of_one_is_nothing_to_another_of_her_hospital(house, screen):
    """The second doctor may write it too; she begins with what was saved, which is nothing."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    desk = screen(DESK).sign_in(login_of(doctor))
    goto(desk, f"referral/{asked['id']}")
    writing(desk).fill(SAID)
    sealed(desk, SAID)
    left_for(desk, house.clinician(SUIJIANG, name="second"))

    goto(desk, f"referral/{asked['id']}")
    assert writing(desk).input_value() == ""
    assert SAID not in desk.page.content()
