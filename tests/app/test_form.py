"""From posted fields to a request document."""

from datetime import datetime

import pytest

from app.clock import LOCAL
from app.pages.form import Entered, document_of, entered, sections

NOW = datetime(2026, 1, 14, 3, tzinfo=LOCAL)


def posted(*pairs):
    return entered([("county", "533324"), ("origin", "533324"), *pairs])


def document(engine, *pairs):
    return document_of(posted(*pairs), engine.rules.facts, NOW)


def test_what_is_left_empty_is_unknown(engine):
    found = document(engine, ("m.pph_ml", ""), ("m.delivered", ""), ("m.hdp", ""))

    assert found["facts"] == {}
    assert "transport" not in found


def test_a_tick_is_yes_and_a_missing_tick_is_nothing(engine):
    assert document(engine, ("m.pph_ongoing", "yes"))["facts"] == {"pph_ongoing": True}


@pytest.mark.parametrize(
    ("name", "text", "stated"),
    [
        ("pph_ml", "1100", 1100),
        ("hb_g_l", "92.5", 92.5),
        ("gestational_age_weeks", "34+3", "34+3"),
        ("gestational_age_weeks", "34.43", 34.43),
        ("delivered", "no", False),
        ("hdp", "eclampsia", "eclampsia"),
        ("sbp", "high", "high"),
        ("no_such_fact", "1", "1"),
    ],
)
def test_each_fact_is_stated_as_its_type_wants_it_and_left_to_the_reader_where_it_cannot(
    engine, name, text, stated
):
    assert document(engine, (f"m.{name}", text))["facts"] == {name: stated}


def test_a_hospital_is_origin_and_sender_at_once(engine):
    form = Entered(county="533324", origin="YN533300-004")
    found = document_of(form, engine.rules.facts, NOW)

    assert found["origin"] == found["sender"] == {"facility_id": "YN533300-004"}


def test_any_other_place_of_the_county_is_no_sender(engine):
    found = document(engine)

    assert found["origin"] == {"adcode": "533324"}
    assert "sender" not in found


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("", "2026-01-14T03:00:00+08:00"),
        ("20", "2026-01-14T02:40:00+08:00"),
        ("-5", "-5"),
        ("a while", "a while"),
        ("99999999", "99999999"),
    ],
)
def test_minutes_since_the_decision_become_a_time_or_are_refused_later(engine, text, decided):
    assert document(engine, ("minutes_since", text))["decided_at"] == decided


def test_nobody_to_escort_her_is_not_the_same_as_nothing_said(engine):
    """``none`` states that nobody can go; an empty field states nothing."""
    nobody = document(engine, ("escort", "none"), ("vehicle", "no"))
    silent = document(engine, ("escort", ""), ("vehicle", ""))

    assert nobody["transport"] == {"sender_vehicle": False, "sender_escort": []}
    assert "transport" not in silent


def test_each_fact_stands_on_the_form_once(engine):
    for patient in ("maternal", "newborn"):
        shown = [
            fact.name
            for part in sections(patient, engine.rules.facts).values()
            for section in part
            for fact in (*section.ticks, *section.asked)
        ]

        assert len(shown) == len(set(shown))
        assert not {f.name for f in engine.rules.facts.values() if f.group == "person"} & set(shown)
