"""Mother and newborn in two hospitals: both are named with their number wherever one is read."""

import json
import re
from html import unescape

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.cli import app
from app.engine import Replaced
from app.loading import load
from app.main import create_app
from app.settings import Settings

HEAD = (
    "facility_id,name_zh,county_adcode,grade,maternal_level,neonatal_level,ward_level,"
    "capabilities,phone,source"
)
HERS = (
    "HERS,母亲医院,530102,G3,M2,N1,L2A,OB_DELIVERY;CS_24H;ANAES_24H;BLOOD_RBC;NEO_RESUS,0871-1,test"
)
CHILD = "CHILD,儿童医院,530103,G3,none,N2,L3A,NEO_CPAP;NEO_VENT;NEO_SURFACTANT,0871-2,test"
EARLY = {
    "patient": "maternal",
    "facts": {"preterm_labour": True, "gestational_age_weeks": "30+0"},
    "origin": {"adcode": "530124"},
    "decided_at": "2026-07-03T23:10:00+08:00",
    "now": "2026-07-03T23:15:00+08:00",
}
FORM = {
    "county": "530124",
    "patient": "maternal",
    "origin": "530124",
    "m.preterm_labour": "yes",
    "m.gestational_age_weeks": "30+0",
    "vehicle": "yes",
    "minutes_since": "5",
}
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    file = tmp_path_factory.mktemp("two") / "facilities.csv"
    file.write_text("\n".join([HEAD, HERS, CHILD]), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def two(registry, tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    engine = load(settings, Replaced(registry=registry))
    with TestClient(create_app(settings, engine=engine)) as client:
        yield client


def words(html):
    return " ".join(unescape(TAG.sub(" ", html)).split())


def test_the_answer_says_where_the_newborn_goes_on_to_and_whom_to_ring(two):
    first = two.post("/api/v1/recommendations", json=EARLY).json()["ranking"][0]

    assert (first["facility_id"], first["phone"]) == ("HERS", "0871-1")
    assert first["newborn"] == {"facility_id": "CHILD", "name_zh": "儿童医院", "phone": "0871-2"}


def test_the_page_names_both_hospitals_with_both_numbers_above_everything_else(two):
    page = words(two.post("/answer?lang=zh", data=FORM).text)
    verdict = page[: page.index("推荐去向")]

    assert "母亲医院" in verdict
    assert "0871-1" in verdict
    assert "新生儿去 儿童医院" in verdict
    assert "0871-2" in verdict


def test_the_sheet_asks_each_hospital_for_its_own_places(two):
    html = two.post("/answer?lang=zh", data=FORM).text
    sheet = words(html[html.index('<div class="sheet') :])

    assert "新生儿去 儿童医院 · ☎ 0871-2" in sheet
    assert "母亲医院:分娩床现在有空位吗?" in sheet
    assert "儿童医院:新生儿Ⅲa床现在有空位吗?" in sheet


@pytest.mark.parametrize(
    ("lang", "onward", "row"),
    [
        ("zh", "新生儿去 儿童医院", "母亲医院(新生儿去 儿童医院)"),
        ("en", "newborn to 儿童医院", "母亲医院 (newborn to 儿童医院)"),
    ],
)
def test_the_command_names_both_in_the_first_lines_and_in_the_table(
    registry, tmp_path, lang, onward, row
):
    file = tmp_path / "request.json"
    file.write_text(json.dumps(EARLY), encoding="utf-8")
    result = CliRunner().invoke(
        app,
        ["recommend", str(file), "--registry", str(registry), "--lang", lang],
        env={"GREENCHANNEL_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"},
    )
    shown = " ".join(result.stdout.split())

    assert result.exit_code == 0
    assert f"{onward} (" in shown
    assert "☎ 0871-2" in shown
    assert row.replace(" ", "") in shown.replace(" ", "")
