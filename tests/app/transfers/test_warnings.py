"""What vital signs on the way say of the rows of the early warning score."""

from routing.triage.tables import load_rules

PRESSURE, PULSE = "R-MEWC-01", "R-MEWC-03"


def test_what_vital_signs_leave_open_is_left_out(engine):
    read = engine.warnings({"sbp": 85, "hr": 90}, now="2026-11-29T00:00:00+08:00")
    assert read == {PRESSURE: True, PULSE: False}


def test_every_row_can_be_crossed_and_be_clear(engine):
    now = "2026-11-29T00:00:00+08:00"
    ill = {
        "sbp": 200,
        "dbp": 120,
        "hr": 140,
        "rr": 34,
        "spo2": 88,
        "urine_ml_h_2h": 20,
        "mental": "confused",
        "hdp": "preeclampsia_severe",
        "nonremitting_headache": True,
        "breathlessness": False,
    }
    well = {
        "sbp": 120,
        "dbp": 80,
        "hr": 90,
        "rr": 18,
        "spo2": 98,
        "urine_ml_h_2h": 60,
        "mental": "alert",
        "hdp": "none",
        "nonremitting_headache": False,
        "breathlessness": False,
    }
    rows = [row.info.id for row in load_rules().scores if row.score == "mewc"]
    assert engine.warnings(ill, now=now) == dict.fromkeys(rows, True)
    assert engine.warnings(well, now=now) == dict.fromkeys(rows, False)


def test_on_the_plateau_ninety_is_enough_where_the_altitude_is_known(engine):
    now, row = "2026-11-29T00:00:00+08:00", "R-MEWC-05"
    assert engine.warnings({"spo2": 91}, now=now)[row] is True
    assert engine.warnings({"spo2": 91, "altitude_m": 3300}, now=now)[row] is False
    assert engine.warnings({"spo2": 89, "altitude_m": 3300}, now=now)[row] is True


def test_what_is_no_vital_sign_is_passed_over(engine):
    assert engine.warnings({"stimulus": "vigorous"}, now="2026-11-29T00:00:00+08:00") == {}
