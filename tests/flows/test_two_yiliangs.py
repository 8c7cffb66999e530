"""宜良 lies beside Kunming, 彝良 in the gorges of Zhaotong, and in English both are Yiliang."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.engine import load_engine
from app.main import create_app
from app.settings import Settings

NEAR_KUNMING, IN_THE_GORGES = "530125", "530628"
HEADING = re.compile(r'<p class="what">(.*?)</p>')


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def engine(settings):
    return load_engine(settings)


def asked(settings, engine, county):
    """Where the page of an answer says that she is, in English."""
    with TestClient(create_app(settings, engine=engine)) as client:
        form = {"county": county, "origin": county, "patient": "maternal", "m.cord_prolapse": "yes"}
        page = client.post("/answer?lang=en", data=form).text
    return unescape(HEADING.search(page)[1])


def test_the_page_of_an_answer_repeats_county_and_prefecture(settings, engine):
    near = asked(settings, engine, NEAR_KUNMING)
    far = asked(settings, engine, IN_THE_GORGES)

    assert "Yiliang" in near
    assert "Kunming" in near
    assert "Yiliang" in far
    assert "Zhaotong" in far


def test_a_doctor_of_either_is_sent_to_her_own_prefecture(engine):
    found = {}
    for county in (NEAR_KUNMING, IN_THE_GORGES):
        request = {
            "facts": {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"},
            "origin": {"adcode": county},
            "now": "2026-01-14T03:00:00+08:00",
        }
        goal = engine.recommend(request).ranking[0].facility_id
        found[county] = engine.registry.get(goal).prefecture

    assert found == {NEAR_KUNMING: "530100", IN_THE_GORGES: "530600"}
