"""A hospital across the border, from its file to the printed sheet: named, never a code."""

import csv
import io
import json
import re
from html import unescape

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.cli import app
from app.clock import local_now
from app.doctor import examine
from app.engine import load_engine
from app.main import create_app
from app.names import book_of
from app.reference import schemas
from app.settings import Settings
from app.text import catalogue
from app.words import Words
from geodata.road_tables import NeighbourHub

SUIJIANG = "530626"
YIBIN = {
    "facility_id": "YB-1",
    "name_zh": "宜宾市某医院",
    "name_en": "A Hospital of Yibin",
    "county_adcode": "OUT-YB",
    "maternal_level": "M3",
    "neonatal_level": "N3",
    "ward_level": "L3B",
    "capabilities": "OB_DELIVERY;CS_24H;ANAES_24H;BLOOD_RBC;BLOOD_MTP;OB_RESCUE_BED;AICU;NEO_VENT",
    "phone": "0831-0000000",
    "source": "agreement 1",
}
PLACE = {"zh": "宜宾市(四川)", "en": "Yibin (Sichuan)"}
NAME = {"zh": YIBIN["name_zh"], "en": YIBIN["name_en"]}
TAG = re.compile(r"<[^>]+>")
REQUEST = {
    "facts": {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"},
    "origin": {"facility_id": "YN530600-011"},
    "sender": {"facility_id": "YN530600-011"},
    "now": "2026-07-03T23:15:00+08:00",
}


def text_of(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder into which the hospital was imported by the command."""
    folder = tmp_path_factory.mktemp("data")
    environment = {"GREENCHANNEL_DATA_DIR": str(folder)}
    words = ["import", "facilities", "-"]
    done = CliRunner().invoke(app, words, input=text_of([YIBIN]), env=environment)
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def settings(folder):
    return Settings(data_dir=folder)


@pytest.fixture(scope="module")
def engine(settings):
    return load_engine(settings)


@pytest.fixture(scope="module")
def client(settings, engine):
    with TestClient(create_app(settings, engine=engine)) as client:
        yield client


@pytest.fixture
def run(folder):
    def run(*words, columns=100, document=REQUEST):
        environment = {"GREENCHANNEL_DATA_DIR": str(folder), "COLUMNS": str(columns)}
        done = CliRunner().invoke(app, list(words), input=json.dumps(document), env=environment)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(params=["zh", "en"])
def lang(request):
    return request.param


def test_it_is_the_first_destination_from_suijiang(engine):
    first = engine.recommend(REQUEST).ranking[0]

    assert first.facility_id == "YB-1"
    assert first.phone == "0831-0000000"


def test_the_page_and_the_sheet_name_hospital_city_and_province(client, lang):
    fields = {"county": SUIJIANG, "origin": "YN530600-011", "patient": "maternal"}
    fields |= {"m.hdp": "preeclampsia_severe", "m.gestational_age_weeks": "32+3"}
    page = client.post(f"/answer?lang={lang}", data=fields).text
    screen, _, sheet = page.partition('<div class="sheet')

    for part in (screen, sheet):
        text = " ".join(unescape(TAG.sub(" ", part)).split())
        assert NAME[lang] in text
        assert PLACE[lang] in text
    assert "OUT-" not in page


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_of_the_command_line_names_it(run, lang, columns):
    text = run("recommend", "-", "--lang", lang, columns=columns)
    row = next(line for line in text.splitlines() if line.startswith(("1  ", " 1  ")))

    assert NAME[lang] in row
    assert PLACE[lang] in row
    assert "0831-0000000" in row
    assert "OUT-" not in text


def test_a_plan_names_it(run, lang):
    plan = {"now": REQUEST["now"], "requests": [REQUEST | {"id": "a"}]}
    text = run("plan", "-", "--lang", lang, columns=140, document=plan)

    assert NAME[lang] in text
    assert PLACE[lang] in text
    assert "OUT-" not in text


def test_the_interface_says_that_it_is_outside_and_in_no_prefecture(client):
    outside = client.get("/api/v1/facilities/YB-1").json()
    inside = client.get("/api/v1/facilities/YN530600-011").json()
    schemas.FacilityOut.model_validate(outside, extra="forbid")

    assert (outside["county"], outside["prefecture"]) == ("OUT-YB", None)
    assert (outside["out_of_province"], inside["out_of_province"]) == (True, False)
    assert [
        f["facility_id"] for f in client.get("/api/v1/facilities?county=OUT-YB").json()["items"]
    ] == ["YB-1"]


def test_status_and_doctor_count_it_apart(client, settings, engine):
    centres = sum(f.is_rescue_centre for f in engine.registry.facilities)
    status = client.get("/api/v1/status").json()
    checks = {check.code: check for check in examine(settings, engine, local_now())}

    assert (status["facilities"], status["out_of_province"]) == (207, 1)
    assert status["rescue_centres"] == checks["rescue_centres"].count == centres - 1
    assert checks["out_of_province"].detail == ("YB-1",)


def test_a_hub_without_words_is_named_as_the_data_name_it(engine):
    """The catalogues name the seven hubs of Yunnan; another data set brings its own."""
    hub = NeighbourHub("OUT-ZZ", "某市", "某省", 100.0, 25.0, ())
    book = book_of(engine.rules, engine.registry, [hub])

    assert Words(catalogue("zh"), book).county("OUT-ZZ") == "某市(某省)"
    assert Words(catalogue("en"), book).division("OUT-ZZ") == "某市 (某省)"
