"""The slip that goes with her and the form of the hand-over, as a page and as a PDF."""

import pytest
from sqlmodel import select

from app.answer_words import STOPS
from app.audit.tables import AuditEntry
from tests.flows.house import CONSENT, hours_ago
from tests.flows.test_bad_night import BLEEDING, SUIJIANG
from tests.flows.test_fetched_newborn import COUNTY, SICK

NAME = "试验甲"


def known(doctor, asked):
    """Say who she is."""
    version = doctor.get(f"/patients/{asked['patient_id']}").json()["version"]
    done = doctor.house.client.patch(
        f"/api/v1/patients/{asked['patient_id']}/identity",
        json={"name": NAME, "identity_kind": "passport", "id_number": "X0000001"},
        headers=doctor.headers(version),
    )
    assert done.status_code == 200, done.text


def sheet(who, asked, which="referral", **query):
    said = "&".join(f"{name.strip('_')}={value}" for name, value in query.items())
    return who.get(f"/referrals/{asked['id']}/sheets/{which}?{said}")


def test_the_slip_says_what_is_known_and_leaves_lines_for_the_rest(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    known(doctor, asked)
    doctor.post(f"/referrals/{asked['id']}/consents", CONSENT)
    for lang, words in (
        ("zh", ("双向转诊单", "护照号", "回执")),
        ("en", ("Referral slip", "Return")),
    ):
        page = sheet(doctor, asked, lang=lang)
        assert page.status_code == 200, page.text
        assert page.headers["cache-control"] == "no-store"
        assert all(word in page.text for word in (*words, NAME, "X0000001", asked["number"]))
        assert "<svg" in page.text
        assert "________" in page.text  # nobody has said who drives
        assert "{" not in page.text.split("<article", 1)[1]  # no phrase is left unfilled


def test_the_slip_carries_what_was_stated_with_units_and_who_is_not_identified(house):
    doctor = house.clinician(SUIJIANG)
    stated = {**BLEEDING, "pph_ml": 1200, "hr": 118, "sbp": 86, "gestational_age_weeks": 38.43}
    asked = doctor.ask(stated)
    her = doctor.get(f"/patients/{asked['patient_id']}").json()
    for lang, words in (
        ("zh", ("产后出血量", "心率", "38+3 周", "身份尚不明", "请求时所述")),
        ("en", ("blood lost after birth", "heart rate", "38+3", "not identified yet")),
    ):
        page = sheet(doctor, asked, lang=lang).text.split("<article", 1)[1]
        assert all(word in page for word in (*words, "1200 ml", "118", "86 mmHg", her["unknown"]))
        assert "<dt>不详" not in page
    centre = house.coordinator(asked["offers"][0]["facility_id"])
    assert "1200 ml" not in sheet(centre, asked).text  # who is only asked sees the assessment


def test_a_centre_that_is_only_asked_prints_no_name(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    known(doctor, asked)
    centre = house.coordinator(asked["offers"][0]["facility_id"])
    page = sheet(centre, asked)

    assert page.status_code == 200, page.text
    assert NAME not in page.text
    stranger = house.clinician(COUNTY)
    assert sheet(stranger, asked).status_code == 404


def test_the_hand_over_form_has_the_course_and_the_two_names(house):
    doctor = house.clinician(COUNTY)
    asked = doctor.ask(SICK)
    centre = house.coordinator(asked["offers"][0]["facility_id"])
    centre.post(f"/offers/{asked['offers'][0]['id']}/accept")
    ride = {"referral_id": asked["id"], "drives": "receiver_team", "escort": "ESC-NEO-CRIT"}
    key = centre.post("/transfers", ride).json()["id"]
    centre.post(f"/transfers/{key}/depart", {"minutes": 120})
    vital = {"facts": {"spo2": 91}, "happened_at": hours_ago(1)}
    assert centre.post(f"/transfers/{key}/observations", vital).status_code == 201
    centre.post(f"/transfers/{key}/arrive")
    names = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
    assert centre.post(f"/transfers/{key}/hand-over", names).status_code == 200
    page = sheet(centre, asked, "hand-over").text

    assert all(word in page for word in ("转运交接单", "测试乙", "测试丙", "腕带", "91", "30+4"))
    assert "ESC-NEO-CRIT" not in sheet(centre, asked).text


@pytest.mark.parametrize("which", ["referral", "hand-over"])
def test_a_pdf_is_made_where_there_is_a_font_and_refused_where_there_is_none(
    house, which, monkeypatch
):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    made = sheet(doctor, asked, which, as_="pdf")
    assert made.headers["content-type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
    assert NAME not in made.headers["content-disposition"]

    monkeypatch.setenv("PATH", "")  # the program that lists fonts is not found
    refused = sheet(doctor, asked, which, as_="pdf")
    assert (refused.status_code, refused.json()["type"]) == (
        503,
        "urn:greenchannel:problem:font_missing",
    )
    assert sheet(doctor, asked, which).status_code == 200


def test_who_printed_is_written_down(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    sheet(doctor, asked)
    with house.database.reading() as session:
        acts = session.exec(select(AuditEntry.act).where(AuditEntry.act == "printed")).all()

    assert len(acts) == 1


def test_the_slip_names_what_has_happened_where_to_stop_and_who_has_no_account(house):
    """What is only presumed is said to be; a mark stands at every centre that nobody looks at."""
    doctor = house.clinician(SUIJIANG)
    here = {"facility_id": SUIJIANG}
    request = {"facts": {"pph_ongoing": True}, "origin": here, "sender": here}
    asked = doctor.post("/referrals", {"request": request}).json()
    stop = next(one for one in asked["alternatives"] if one["kind"] in STOPS)
    first, second = asked["ranking"][:2]
    house.coordinator(first["facility_id"])
    name = house.engine.registry.get
    page = sheet(doctor, asked).text.split("<article", 1)[1]
    happened = page.split("<dt>发生了什么</dt><dd>", 1)[1].split("</dd>", 1)[0]
    ranked = page.split("去向(生成请求时的排序)", 1)[1].split("</section>", 1)[0].split("<p>")[1:]

    assert "产后出血" in happened
    assert "按最坏推定" in happened
    assert name(stop["facility_id"]).name_zh in page.split("不是终点", 1)[1].split("</section>")[0]
    assert name(first["facility_id"]).name_zh in ranked[0]
    assert "没有可用账号" not in ranked[0]
    assert name(second["facility_id"]).name_zh in ranked[1]
    assert "没有可用账号" in ranked[1]
    centre = house.coordinator(first["facility_id"])
    assert "不是终点" not in sheet(centre, asked).text  # who is only asked is told of no other
