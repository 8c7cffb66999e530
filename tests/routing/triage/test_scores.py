"""Scores at their edges, worked by hand from the published tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.triage.completion import complete
from routing.triage.scores import Mewc, scores_of
from routing.triage.tables import load_rules
from tests.routing.triage.conditions import stored

RULES = load_rules()
MEWC_NORMAL = {
    "sbp": 120,
    "dbp": 80,
    "hr": 80,
    "rr": 16,
    "spo2": 98,
    "urine_ml_h_2h": 60,
    "mental": "alert",
    "preeclampsia": False,
}
MEOWS_NORMAL = {
    "temp": 36.8,
    "sbp": 120,
    "dbp": 80,
    "hr": 80,
    "rr": 16,
    "spo2": 98,
    "avpu": "A",
    "pain_score": 0,
}
TRIPS_WELL = {"temp": 36.8, "resp": "none", "sbp": 55, "stimulus": "vigorous"}


def scores(patient="maternal", /, **stated):
    known = complete(RULES, stored(stated, RULES.facts), patient=patient)
    return scores_of(RULES, known, patient)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"sbp": 89}, "R-MEWC-01"),
        ({"sbp": 90}, None),
        ({"sbp": 160}, None),
        ({"sbp": 161}, "R-MEWC-01"),
        ({"dbp": 100}, None),
        ({"dbp": 101}, "R-MEWC-02"),
        ({"hr": 49}, "R-MEWC-03"),
        ({"hr": 50}, None),
        ({"hr": 120}, None),
        ({"hr": 121}, "R-MEWC-03"),
        ({"rr": 9}, "R-MEWC-04"),
        ({"rr": 10}, None),
        ({"rr": 30}, None),
        ({"rr": 31}, "R-MEWC-04"),
        ({"spo2": 95, "altitude_m": 0}, None),
        ({"spo2": 94.9, "altitude_m": 0}, "R-MEWC-05"),
        ({"spo2": 94, "altitude_m": 2499}, "R-MEWC-05"),
        ({"spo2": 94, "altitude_m": 2500}, None),
        ({"spo2": 90, "altitude_m": 3300}, None),
        ({"spo2": 89, "altitude_m": 3300}, "R-MEWC-05"),
        ({"spo2": 94}, "R-MEWC-05"),
        ({"spo2": 89}, "R-MEWC-05"),
        ({"urine_ml_h_2h": 34}, "R-MEWC-06"),
        ({"urine_ml_h_2h": 35}, None),
        ({"mental": "agitated"}, "R-MEWC-07"),
        ({"mental": "confused"}, "R-MEWC-07"),
        ({"mental": "unresponsive"}, "R-MEWC-07"),
        ({"preeclampsia": True, "nonremitting_headache": True}, "R-MEWC-08"),
        ({"preeclampsia": True, "breathlessness": True}, "R-MEWC-08"),
        ({"preeclampsia": False, "breathlessness": True}, None),
    ],
)
def test_one_criterion_triggers_at_its_limit(changed, rule):
    """The step for altitude is at 2,500 m; an unknown altitude excuses nothing (R-MEWC-09)."""
    found = scores(**{**MEWC_NORMAL, **changed}).mewc

    assert found.rules == (() if rule is None else (rule,))
    assert found.triggered is (rule is not None)


def test_what_is_missing_is_listed_and_never_normal():
    assert scores().mewc == Mewc(
        triggered=False,
        rules=(),
        missing=(
            "sbp",
            "dbp",
            "hr",
            "rr",
            "spo2",
            "urine_ml_h_2h",
            "mental",
            "preeclampsia",
            "nonremitting_headache",
            "breathlessness",
        ),
    )
    assert scores(**MEWC_NORMAL).mewc.missing == ()
    assert scores(**{**MEWC_NORMAL, "spo2": 93}).mewc.missing == ("altitude_m",)
    assert scores(**{**MEWC_NORMAL, "spo2": 89}).mewc.missing == ()


def test_a_diagnosis_of_preeclampsia_answers_the_criterion():
    vitals = {name: value for name, value in MEWC_NORMAL.items() if name != "preeclampsia"}
    found = scores(**vitals, hdp="preeclampsia_severe", nonremitting_headache=True).mewc

    assert found.rules == ("R-MEWC-08",)


@pytest.mark.parametrize(
    ("changed", "colour"),
    [
        ({"temp": 34.9}, "red"),
        ({"temp": 35}, "yellow"),
        ({"temp": 36}, "yellow"),
        ({"temp": 36.1}, None),
        ({"temp": 38}, "yellow"),
        ({"temp": 38.1}, "red"),
        ({"sbp": 89}, "red"),
        ({"sbp": 90}, "yellow"),
        ({"sbp": 100}, "yellow"),
        ({"sbp": 101}, None),
        ({"sbp": 149}, None),
        ({"sbp": 150}, "yellow"),
        ({"sbp": 160}, "yellow"),
        ({"sbp": 161}, "red"),
        ({"dbp": 89}, None),
        ({"dbp": 90}, "yellow"),
        ({"dbp": 100}, "yellow"),
        ({"dbp": 101}, "red"),
        ({"hr": 39}, "red"),
        ({"hr": 40}, "yellow"),
        ({"hr": 50}, "yellow"),
        ({"hr": 51}, None),
        ({"hr": 99}, None),
        ({"hr": 100}, "yellow"),
        ({"hr": 120}, "yellow"),
        ({"hr": 121}, "red"),
        ({"rr": 9}, "red"),
        ({"rr": 10}, "yellow"),
        ({"rr": 11}, None),
        ({"rr": 20}, None),
        ({"rr": 21}, "yellow"),
        ({"rr": 30}, "yellow"),
        ({"rr": 31}, "red"),
        ({"spo2": 94}, "red"),
        ({"spo2": 95}, "yellow"),
        ({"spo2": 96}, None),
        ({"avpu": "V"}, "yellow"),
        ({"avpu": "P"}, "red"),
        ({"avpu": "U"}, "red"),
        ({"pain_score": 1}, None),
        ({"pain_score": 2}, "yellow"),
        ({"pain_score": 3}, "yellow"),
    ],
)
def test_a_value_equal_to_a_red_limit_is_yellow(changed, colour):
    found = scores(**{**MEOWS_NORMAL, **changed}).meows
    (name,) = changed

    assert found.red == ((name,) if colour == "red" else ())
    assert found.yellow == ((name,) if colour == "yellow" else ())
    assert found.alarm is (colour == "red")
    assert found.missing == ()


def test_two_yellow_are_an_alarm_and_one_is_not():
    one = scores(**{**MEOWS_NORMAL, "hr": 100}).meows
    two = scores(**{**MEOWS_NORMAL, "hr": 100, "dbp": 95}).meows

    assert (one.alarm, one.yellow) == (False, ("hr",))
    assert (two.alarm, two.yellow) == (True, ("dbp", "hr"))


def test_an_unmeasured_parameter_is_missing_in_the_early_warning():
    found = scores(hr=130).meows

    assert found.alarm is True
    assert found.missing == ("temp", "sbp", "dbp", "rr", "spo2", "avpu", "pain_score")


@pytest.mark.parametrize(
    ("changed", "points"),
    [
        ({}, 0),
        ({"temp": 36.0}, 8),
        ({"temp": 36.1}, 1),
        ({"temp": 36.5}, 1),
        ({"temp": 36.6}, 0),
        ({"temp": 37.1}, 0),
        ({"temp": 37.2}, 1),
        ({"temp": 37.6}, 1),
        ({"temp": 37.7}, 8),
        ({"resp": "rr_gt_60"}, 5),
        ({"resp": "spo2_lt_85"}, 5),
        ({"resp": "apnoea"}, 14),
        ({"resp": "gasping"}, 14),
        ({"resp": "intubated"}, 14),
        ({"sbp": 19}, 26),
        ({"sbp": 20}, 16),
        ({"sbp": 40}, 16),
        ({"sbp": 41}, 0),
        ({"stimulus": "lethargic"}, 6),
        ({"stimulus": "none"}, 17),
        ({"stimulus": "seizure"}, 17),
        ({"stimulus": "muscle_relaxant"}, 17),
        ({"temp": 35, "resp": "intubated", "sbp": 15, "stimulus": "none"}, 65),
    ],
)
def test_the_transport_score_adds_four_items(changed, points):
    """8 + 14 + 26 + 17 = 65 is the highest."""
    assert scores("newborn", **{**TRIPS_WELL, **changed}).trips == points


@pytest.mark.parametrize("item", TRIPS_WELL)
def test_without_one_item_there_is_no_transport_score(item):
    known = {name: value for name, value in TRIPS_WELL.items() if name != item}

    assert scores("newborn", **known).trips is None


def test_each_patient_has_the_scores_that_are_hers():
    mother, newborn = scores(**MEWC_NORMAL), scores("newborn", **TRIPS_WELL)

    assert mother.trips is None
    assert mother.mewc is not None
    assert mother.meows is not None
    assert (newborn.mewc, newborn.meows) == (None, None)


@given(
    temp=st.floats(25, 45),
    sbp=st.floats(0, 300),
    resp=st.sampled_from(RULES.facts["resp"].values),
    stimulus=st.sampled_from(RULES.facts["stimulus"].values),
)
def test_every_complete_newborn_has_exactly_one_step_per_item(temp, sbp, resp, stimulus):
    known = {"temp": temp, "sbp": sbp, "resp": resp, "stimulus": stimulus}
    rows = [row for row in RULES.scores if row.score == "trips" and row.condition.truth(known)]

    assert sorted(row.parameter for row in rows) == ["resp", "sbp", "stimulus", "temp"]
    assert 0 <= scores("newborn", **known).trips <= 65
