"""A page or a sheet that lies about says when it was made, until when it holds, and how old."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.engine import Engine, load_engine
from app.main import create_app
from app.settings import Settings
from facilities.capacity import PlaceKind, Pool

NOW = datetime.fromisoformat("2026-07-03T23:15:00+08:00")
SUIJIANG, ZHAOTONG = "YN530600-011", "YN530600-002"
TAG = re.compile(r"<[^>]+>")
FORM = {
    "county": "530626",
    "patient": "maternal",
    "origin": SUIJIANG,
    "m.pph_ongoing": "yes",
    "m.delivered": "yes",
    "m.pph_ml": "1600",
    "m.hr": "124",
    "m.sbp": "88",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return load_engine(Settings(data_dir=tmp_path_factory.mktemp("data")))


@pytest.fixture
def at_2315(monkeypatch):
    """The wall clock of the pages stands at a quarter past eleven at night."""
    monkeypatch.setattr("app.pages.api.local_now", lambda: NOW)


def parts(engine, tmp_path):
    """The text of the answer page and that of its printed sheet."""
    with TestClient(create_app(Settings(data_dir=tmp_path), engine=engine)) as client:
        html = client.post("/answer?lang=zh", data=FORM).text
    cut = html.index('<div class="sheet')
    return [" ".join(unescape(TAG.sub(" ", text)).split()) for text in (html[:cut], html[cut:])]


@pytest.mark.usefixtures("at_2315")
def test_page_and_sheet_say_when_they_were_made_and_when_to_ask_again(engine, tmp_path):
    page, sheet = parts(engine, tmp_path)

    assert "计算时间 2026-07-03 23:15" in page
    assert "打印 2026-07-03 23:15" in sheet
    assert "00:15 以后请重新查询" in sheet


@pytest.mark.usefixtures("at_2315")
@pytest.mark.parametrize(
    ("minutes", "said"),
    [(35, "35分钟前报(刚报)"), (300, "5小时00分前报(已旧)"), (1500, "空3(推定)")],
)
def test_page_and_sheet_say_how_old_the_report_of_a_place_is(engine, tmp_path, minutes, said):
    """More than a day old is no better than assumed."""
    bed = Pool(
        ZHAOTONG,
        PlaceKind.AICU,
        in_service=4,
        free=3,
        free_from=None,
        as_of=NOW - timedelta(minutes=minutes),
        source="duty officer",
        assumed=False,
    )
    reported = Engine(engine.rules, engine.registry.with_capacity([bed]), engine.estimate)

    for text in parts(reported, tmp_path):
        assert said in text.replace(" ", "")
