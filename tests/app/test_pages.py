"""The plain pages: choose a county, fill the form, read the answer, all without a script."""

import re
from html import unescape

import pytest

from app.pages.layout import ALWAYS, DECISIVE, SENDER_CAN, TOPICS
from app.pages.view import SHEET_QUESTIONS

TAG = re.compile(r"<[^>]+>")


def words(response):
    """The text of a page."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return " ".join(unescape(TAG.sub(" ", response.text)).split())


def sheet(response):
    """The text of the printed sheet."""
    page = response.text
    return " ".join(unescape(TAG.sub(" ", page[page.index('<div class="sheet') :])).split())


@pytest.fixture
def filled():
    """Haemorrhage of 1100 ml in Suijiang, as a browser posts the form."""
    return {
        "county": "530626",
        "patient": "maternal",
        "origin": "YN530600-011",
        "m.pph_ongoing": "yes",
        "m.delivered": "yes",
        "m.pph_ml": "1100",
        "m.hr": "118",
        "m.sbp": "96",
        "vehicle": "yes",
        "escort": "ESC-OB",
        "minutes_since": "15",
    }


def post(client, fields, lang="zh"):
    return client.post(f"/answer?lang={lang}", data=fields)


def test_the_first_page_lists_every_county_under_its_prefecture(client, engine):
    page = client.get("/?lang=zh").text

    assert page.count("<optgroup") == 16
    assert page.count("<option value=") == 1 + 129
    assert "贡山独龙族怒族自治县" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", ["/", "/?county=533324", "/api/docs"])
def test_every_page_carries_the_banner_and_the_notice(client, engine, address, lang):
    joiner = "&" if "?" in address else "?"
    text = words(client.get(f"{address}{joiner}lang={lang}"))
    banner = {"zh": "演示/未经临床签署", "en": "Demonstration / clinical rules not signed"}
    notice = {"zh": "不是医疗建议", "en": "not medical advice"}

    assert banner[lang] in text
    assert str(engine.unsigned) in text
    assert notice[lang] in text


def test_the_form_of_a_county_offers_its_hospitals_and_every_other_place(client, engine):
    page = client.get("/?county=533324&lang=zh").text

    for facility in engine.senders("533324"):
        assert f'value="{facility.facility_id}"' in page
    assert 'name="origin" value="533324"' in page


def test_every_fact_the_form_asks_for_is_in_the_data_dictionary(engine):
    asked = {n for topics in TOPICS.values() for names in topics.values() for n in names}
    asked |= {n for names in DECISIVE.values() for n in names} | set(ALWAYS.values())

    assert asked | set(SENDER_CAN) <= set(engine.rules.facts)


def test_every_leading_fact_can_be_entered_without_opening_anything(engine):
    """What starts an emergency row must not hide under "more facts"."""
    shown = {n for topics in TOPICS.values() for names in topics.values() for n in names}
    shown |= {n for names in DECISIVE.values() for n in names} | set(ALWAYS.values())
    leading = {fact.name for fact in engine.rules.facts.values() if fact.leading_for}

    assert leading <= shown


def test_the_answer_names_destination_time_phone_reason_and_questions(client, filled):
    response = post(client, filled)
    text = words(response)

    assert response.status_code == 200
    for phrase in ("立即转诊", "推荐去向", "小时", "无电话记录", "排在这里因为", "还要弄清"):
        assert phrase in text


def test_the_sheet_says_everything_a_doctor_reads_out_on_the_telephone(client, filled):
    text = sheet(post(client, filled))

    for phrase in (
        "转诊去向单",
        "演示/未经临床签署",
        "绥江县人民医院",
        "产后出血",
        "为什么是这里",
        "床位",
        "【推定】",
        "打电话要问",
        "拨值班协调员",
        "产后出血量 1100 ml",
        "接电话的人、时间、答复",
    ):
        assert phrase in text, phrase
    assert text.count("☐") <= SHEET_QUESTIONS


def test_what_is_asked_next_can_be_answered_on_the_answer_page(client, filled):
    """The page carries everything entered so far, the time of the decision included."""
    page = post(client, filled).text
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))

    assert carried["m.pph_ml"] == "1100"
    assert carried["origin"] == "YN530600-011"
    again = post(client, carried | {"m.sender_can_operate_now": "no"})

    assert again.status_code == 200
    assert carried["decided_at"] in again.text


def test_a_form_with_faults_comes_back_with_all_of_them_and_with_what_was_typed(client, filled):
    filled |= {"m.hb_g_l": "11", "m.gestational_age_weeks": "45", "m.sbp": "high"}
    response = post(client, filled)
    text = words(response)

    assert response.status_code == 422
    assert "有 3 处需要改正" in text
    assert "单位是 g/dL 吗?" in text
    assert "“45”" in text
    assert re.search(r"\d+\.\.\d+ 周", text)
    assert "weeks" not in text
    assert 'value="1100"' in response.text
    assert response.text.count('class="field wrong"') == 3


def test_digits_of_a_chinese_keyboard_are_read_as_digits(client, filled):
    filled |= {"m.pph_ml": "１１００", "m.sbp": " 96 "}

    assert post(client, filled).status_code == 200


def test_fields_of_the_hidden_patient_are_not_stated(client, filled):
    """A browser posts both halves of the form; only the chosen patient counts."""
    filled |= {"n.needs_cpap": "yes", "n.birth_weight_g": "900"}

    assert post(client, filled).status_code == 200


def test_a_newborn_gets_a_sheet_too(client):
    fields = {"county": "532628", "patient": "newborn", "origin": "532628"}
    fields |= {"n.neo_ga_weeks": "29+5", "n.needs_cpap": "yes", "n.altitude_m": "700"}
    response = post(client, fields)

    assert response.status_code == 200
    assert "新生儿" in sheet(response)


def test_a_form_without_a_county_starts_again(client):
    response = post(client, {"patient": "maternal"})

    assert response.status_code == 422
    assert "您在哪个县" in words(response)


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}"])
def test_what_is_typed_is_shown_as_text_and_nothing_else(client, filled, evil):
    filled["m.sbp"] = evil
    page = post(client, filled).text

    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "49" not in re.findall(r'name="m.sbp" value="([^"]*)"', page)


def test_a_page_loads_nothing_from_elsewhere(client, filled):
    pages = [client.get("/").text, client.get("/api/docs").text, post(client, filled).text]
    found = {url for page in pages for url in re.findall(r'(?:src|href|action)="([^"]+)"', page)}

    assert all(url.startswith(("/", "tel:")) for url in found)


def test_the_interface_page_names_every_operation(client):
    document = client.get("/api/v1/openapi.json").json()
    text = words(client.get("/api/docs"))

    for path, methods in document["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in text


def test_english_is_one_press_away_and_keeps_the_county(client):
    page = client.get("/?county=533324&lang=zh").text

    assert "/?lang=en&amp;county=533324" in page
    assert "Ask where to go" in words(client.get("/?lang=en&county=533324"))


def test_an_oversized_or_broken_form_is_refused(client):
    many = {f"m.x{n}": "1" for n in range(2_000)}

    assert post(client, many).status_code == 400
    assert client.post("/answer", content=b"\xff=\xfe").status_code == 400
    assert client.post("/answer", content=b"x=" + b"1" * 2_000_000).status_code == 413


@pytest.mark.parametrize("part", [words, sheet])
def test_a_green_that_is_not_complete_stands_on_no_page_and_on_no_sheet(client, part):
    """Labour at 30 weeks, all else unknown: nothing says that the risk is low."""
    fields = {
        "county": "530829",
        "patient": "maternal",
        "origin": "530829",
        "m.preterm_labour": "yes",
        "m.gestational_age_weeks": "30+0",
        "minutes_since": "0",
    }
    text = part(post(client, fields))

    assert "颜色未定" in text
    assert "低风险" not in text
