"""What only a browser can tell: the telephone, the paper, the font."""

import re
import shutil
import socket
import subprocess
import threading
import time

import pytest
import uvicorn

from app.main import create_app
from tests.app.chromium import Chromium

pytestmark = pytest.mark.browser

PHONE, DESK = (390, 844), (1366, 768)
PAGE_OF_PDF = re.compile(rb"/Type\s*/Page\b(?!s)")
# Everything that can stand on the sheet at once: several rows, twins, all vital figures.
FULL = {
    "m.gestational_age_weeks": "31+2",
    "m.fetus_count": "2",
    "m.hdp": "preeclampsia_severe",
    "m.placenta_position": "praevia",
    "m.prior_cs_count": "2",
    "m.sbp": "172",
    "m.dbp": "118",
    "m.hr": "128",
    "m.spo2": "91",
    "m.hb_g_l": "64",
    "m.plt_1e9_l": "48",
    "m.parity": "3",
    "m.gcs": "13",
    "minutes_since": "35",
}
TICKS = ("m.antepartum_bleeding", "m.placenta_over_scar", "m.hellp", "m.coagulation_disorder")
TICKS += ("m.maternal_sepsis", "m.acute_heart_failure", "m.preterm_labour")


@pytest.fixture(scope="module")
def address(settings, engine):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(create_app(settings, engine=engine), port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(scope="module")
def browser():
    with Chromium() as browser:
        yield browser


def ask(browser, address, county, fields, *, ticks=(), lang="zh"):
    """Fill the form of a county as a doctor does and send it."""
    browser.open(f"{address}/?lang={lang}&county={county}")
    for name, value in fields.items():
        browser.run(f"document.querySelector('[name=\"{name}\"]').value = '{value}'")
    for name in ticks:
        browser.run(f"document.querySelector('[name=\"{name}\"][value=yes]').click()")
    browser.run("document.querySelector('[name=origin]').click()")
    browser.submit("document.querySelector('form.ask button[type=submit]').click()")


def sideways(browser):
    """Pixels that stick out of the screen."""
    return browser.run("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("page", ["/", "/?county=533324", "/?county=533324&lang=en", "/api/docs"])
def test_no_page_needs_scrolling_sideways(browser, address, page, size):
    browser.size(*size)
    browser.open(address + page)

    assert sideways(browser) <= 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_doctor_asks_and_reads_the_answer_on_a_telephone(browser, address, lang):
    browser.size(*PHONE)
    ask(browser, address, "533324", FULL, ticks=TICKS, lang=lang)

    assert browser.run("document.querySelectorAll('li.centre').length") >= 1
    assert browser.run("document.querySelector('.goto').getBoundingClientRect().top") < PHONE[1]
    assert sideways(browser) <= 0


def test_everything_that_is_touched_is_big_enough_for_a_thumb(browser, address):
    browser.size(*PHONE)
    browser.open(f"{address}/?county=533324")
    low = browser.run(
        "[...document.querySelectorAll('.tick, .tri label, select, input[type=text], button.go')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43).length"
    )

    assert low == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("county", ["533324", "530626", "532628"])
def test_the_answer_prints_as_exactly_one_sheet(browser, address, county, lang):
    browser.size(*DESK)
    ask(browser, address, county, FULL, ticks=TICKS, lang=lang)
    paper = browser.paper()

    assert len(PAGE_OF_PDF.findall(paper)) == 1
    assert b"/MediaBox [0 0 594" in paper or b"/MediaBox [0 0 595" in paper


def test_the_printed_sheet_uses_a_chinese_font(browser, address):
    browser.size(*DESK)
    ask(browser, address, "533324", {"m.pph_ml": "1100"}, ticks=("m.pph_ongoing",))
    fonts = re.findall(rb"/FontName\s*/(?:[A-Z]{6}\+)?([\w-]+)", browser.paper())

    assert fonts
    assert any(b"CJK" in font or b"Hei" in font or b"Song" in font for font in fonts)


def test_a_chinese_font_is_there():
    program = shutil.which("fc-list")
    done = subprocess.run([program, ":lang=zh", "family"], capture_output=True, text=True)  # noqa: S603

    assert done.stdout.strip()


def test_searching_leaves_what_fits_and_what_is_ticked(browser, address):
    browser.size(*PHONE)
    browser.open(f"{address}/?county=533324&lang=zh")
    browser.run("document.querySelector('[name=\"m.hellp\"]').click()")
    browser.run(
        "(i => { i.value = '脐带'; i.dispatchEvent(new Event('input')) })"
        "(document.querySelector('.of-maternal input[type=search]'))"
    )
    left = browser.run(
        "[...document.querySelectorAll('.of-maternal .tick')].filter(e => e.offsetParent)"
        ".map(e => e.querySelector('input').name)"
    )

    assert set(left) >= {"m.cord_prolapse", "m.hellp"}
    assert "m.tuberculosis" not in left


def test_choosing_the_newborn_shows_her_half_of_the_form_only(browser, address):
    browser.size(*PHONE)
    browser.open(f"{address}/?county=533324")
    browser.run("document.querySelector('#pick-newborn').click()")

    assert browser.run("!!document.querySelector('[name=\"n.needs_cpap\"]').offsetParent")
    assert not browser.run("!!document.querySelector('[name=\"m.pph_ml\"]').offsetParent")
