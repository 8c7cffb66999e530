"""A refusal in the browser is read by whoever pressed the button, wherever it stands."""

from tests.flows.house import hours_ago
from tests.flows.screen import HOSPITAL, PHONE, STORY, login_of
from tests.flows.test_bad_night import BLEEDING

pytestmark = STORY


def test_why_it_was_refused_is_on_the_screen_of_who_pressed_far_down(house, screen):
    """The hand-over set is not complete, so the referral cannot be closed yet."""
    doctor = house.clinician(HOSPITAL)
    referral = doctor.ask(BLEEDING)
    key, centre = referral["id"], house.coordinator(referral["offers"][0]["facility_id"])
    (offer,) = centre.get("/offers").json()["items"]
    centre.post(f"/offers/{offer['id']}/accept")
    ride = doctor.post("/transfers", {"referral_id": key, "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    centre.post(f"/transfers/{ride['id']}/arrive")
    two = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
    centre.post(f"/transfers/{ride['id']}/hand-over", two)
    came = {"result": "discharged", "diagnosis": "产后出血", "treatment": "球囊压迫"}
    said = centre.post(f"/referrals/{key}/outcomes", {**came, "happened_at": hours_ago(0)})
    assert said.status_code == 201, said.text
    phone = screen(PHONE).sign_in(login_of(doctor))
    phone.page.goto(f"{phone.address}#/referral/{key}")
    phone.press("结束本次转诊")
    phone.press("已完成")
    refusal = phone.page.get_by_role("alert").get_by_text("交接信息未填全,请先补全")
    refusal.wait_for()
    phone.page.wait_for_function("() => new Promise(requestAnimationFrame)")
    top = refusal.bounding_box()["y"]

    assert 0 <= top < phone.page.viewport_size["height"]
