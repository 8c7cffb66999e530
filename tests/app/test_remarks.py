"""Remarks that stand beside an answer: altitude and saturation, oxygen over a high route."""

import dataclasses
import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.documents import plain
from app.remarks import HIGH_ROUTE_M, remarks_of
from app.text import catalogue
from app.words import Words
from routing.triage.expression import parse_condition

NOW = "2026-01-14T03:00:00+08:00"
MOTHER = {"pph_ongoing": True, "spo2": 92, "altitude_m": 3200}
NEWBORN = {"needs_cpap": True, "neonate_on_oxygen": True}


@pytest.fixture
def remarks(engine):
    def of(facts, rules=engine.rules, lang="zh"):
        assessment = plain(engine.assess({"facts": facts, "now": NOW}))
        return remarks_of(rules, facts, assessment, Words(catalogue(lang), engine.book))

    return of


def test_a_saturation_at_altitude_is_said_to_be_read_against_another_limit(remarks):
    (found,) = remarks(MOTHER)

    assert "海拔 3200 米" in found
    assert "血氧 92%" in found


@pytest.mark.parametrize(
    "facts",
    [
        MOTHER | {"altitude_m": 2499},
        {"pph_ongoing": True, "spo2": 92},
        {"pph_ongoing": True, "altitude_m": 3200},
        {"needs_cpap": True, "spo2": 92, "altitude_m": 3200},
    ],
    ids=["lower", "altitude unknown", "no saturation", "newborn"],
)
def test_without_a_changed_limit_there_is_nothing_to_say(remarks, facts):
    assert remarks(facts) == ()


@pytest.mark.parametrize("spo2", [80, 92, 99])
def test_at_the_altitude_of_the_rule_it_is_said_whatever_the_saturation(remarks, spo2):
    assert len(remarks(MOTHER | {"altitude_m": 2500, "spo2": spo2})) == 1


def test_the_altitude_is_that_of_the_rule_table(engine, remarks):
    """A row whose exception begins at 3500 m says nothing at 3200 m."""
    unless = parse_condition("altitude_m>=3500 and spo2>=90", engine.rules.facts)
    scores = tuple(
        dataclasses.replace(row, unless=unless) if row.unless else row
        for row in engine.rules.scores
    )
    changed = dataclasses.replace(engine.rules, scores=scores)

    assert remarks(MOTHER, changed) == ()


@pytest.mark.parametrize(
    ("more", "number"),
    [
        ({}, 1),
        ({"altitude_m": HIGH_ROUTE_M}, 1),
        ({"altitude_m": HIGH_ROUTE_M - 1}, 0),
        ({"neonate_on_oxygen": False}, 0),
    ],
)
def test_the_escort_of_a_newborn_on_oxygen_is_warned_unless_she_is_low_down(remarks, more, number):
    assert len(remarks(NEWBORN | more)) == number


@pytest.mark.parametrize(("county", "missed"), [("530102", False), ("533324", True)])
def test_a_missed_window_for_cooling_is_said(engine, county, missed):
    """One hour old: in Kunming there is cooling, from Gongshan it is hours away."""
    facts = {"hie_grade": "moderate", "neo_ga_weeks": 39, "birth_weight_g": 3200}
    request = {"facts": facts | {"age_hours": 1}, "origin": {"adcode": county}}
    assessment = plain(engine.recommend(request | {"now": NOW}).assessment)
    found = remarks_of(engine.rules, facts, assessment, Words(catalogue("zh"), engine.book))

    assert assessment["cooling_window_missed"] is missed
    assert any("来不及亚低温" in words for words in found) is missed


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"patient": "maternal", "m.pph_ongoing": "yes", "m.spo2": "92", "m.altitude_m": "3200"},
            0,
        ),
        ({"patient": "newborn", "n.needs_cpap": "yes", "n.neonate_on_oxygen": "yes"}, 1),
    ],
)
def test_page_and_sheet_show_them(client, fields, said):
    phrase = ("按高海拔的界值判读", "途中海拔不明")[said]
    page = client.post("/answer?lang=zh", data=fields | {"county": "533401", "origin": "533401"})
    screen, _, sheet = page.text.partition('<div class="sheet')

    assert phrase in screen
    assert phrase in sheet


@pytest.mark.parametrize("command", ["assess", "recommend"])
def test_the_command_line_shows_them(tmp_path, command):
    document = {"facts": NEWBORN, "now": NOW}
    document |= {"origin": {"adcode": "533401"}} if command == "recommend" else {}
    done = CliRunner().invoke(
        app,
        [command, "-", "--lang", "en"],
        input=json.dumps(document),
        env={"GREENCHANNEL_DATA_DIR": str(tmp_path), "COLUMNS": "200"},
    )

    assert "the height of the route is unknown" in done.stdout
