"""Deadlines, counted by hand from the decision of 1 March 2026, 08:00."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from facilities.centre import Grade
from routing.triage.case import NO_SENDER, Case
from routing.triage.colour import colour_of
from routing.triage.completion import complete
from routing.triage.deadlines import deadlines_of
from routing.triage.tables import load_rules
from tests.routing.triage.cases import sender
from tests.routing.triage.conditions import stored

RULES = load_rules()
DECIDED = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
COUNTY = sender(grade=Grade.G2)
TOWNSHIP = sender(grade=Grade.G1)


def due(
    stated, *, at=COUNTY, patient="maternal", decided=DECIDED, waited=timedelta(), holding=False
):
    facts = stored(stated, RULES.facts)
    case = Case(patient, facts, at, decided, decided + waited)
    colour = colour_of(RULES, complete(RULES, facts, patient=patient))
    return deadlines_of(RULES, case, colour, holding=holding)


def named(found, rule):
    return [(one.due_at, one.overdue) for one in found if one.rule == rule]


def test_orange_is_reported_within_72_hours_and_red_within_24():
    orange, red = due({"bmi": 28}), due({"hb_g_l": 40})

    assert named(orange, "R-REPORT-01") == [("2026-03-04T08:00:00+00:00", False)]
    assert named(red, "R-REPORT-02") == [("2026-03-02T08:00:00+00:00", False)]
    assert named(red, "R-REPORT-01") == []
    assert named(due({"age_years": 36}), "R-REPORT-01") == []


@pytest.mark.parametrize(("minutes", "overdue"), [(24 * 60 - 1, False), (24 * 60, True)])
def test_a_report_is_overdue_at_its_deadline(minutes, overdue):
    """R-REPORT-04."""
    found = due({"hb_g_l": 40}, waited=timedelta(minutes=minutes))

    assert named(found, "R-REPORT-02") == [("2026-03-02T08:00:00+00:00", overdue)]


def test_a_positive_woman_is_assessed_within_14_days():
    """R-SCREEN-12: while the colour is open, or where nobody of grade 2 assesses."""
    assert named(due({"age_years": 36}), "R-SCREEN-12") == [("2026-03-15T08:00:00+00:00", False)]
    assert named(due({"hb_g_l": 40}, at=TOWNSHIP), "R-SCREEN-12") != []
    assert named(due({"hb_g_l": 40}, at=NO_SENDER), "R-SCREEN-12") != []
    assert named(due({"hb_g_l": 40}, at=COUNTY), "R-SCREEN-12") == []
    assert named(due({"rh_negative": True}), "R-SCREEN-12") != []
    assert named(due({"syphilis": True}), "R-SCREEN-12") != []
    assert due({}) == ()


def test_the_sac_is_placed_by_8_weeks_and_6_days_after_a_caesarean():
    """R-SCAR-00: at 7+0 there are 13 days left of 62; at 9+0 it was due yesterday."""
    early = due({"prior_cs_count": 1, "gestational_age_weeks": "7+0"})
    late = due({"prior_cs_count": 1, "gestational_age_weeks": "9+0"})

    assert named(early, "R-SCAR-00") == [("2026-03-14T08:00:00+00:00", False)]
    assert named(late, "R-SCAR-00") == [("2026-02-28T08:00:00+00:00", True)]


@pytest.mark.parametrize(
    "answer",
    [
        {"sac_located_by_ultrasound": True},
        {"scar_pregnancy": False},
        {"placenta_position": "normal"},
        {"prior_cs_count": 0},
        {"delivered": True},
    ],
)
def test_the_early_ultrasound_is_not_due_once_it_is_answered(answer):
    stated = {"prior_cs_count": 1, "gestational_age_weeks": "7+0", **answer}

    assert named(due(stated), "R-SCAR-00") == []


def test_counselling_is_offered_at_35_by_13_weeks_6_days_and_decided_by_20_weeks_6_days():
    """R-CASE-08: at 12+0 there are 97 - 84 = 13 and 146 - 84 = 62 days left."""
    found = due({"age_at_edd_years": 35, "age_years": 34, "gestational_age_weeks": "12+0"})

    assert named(found, "R-CASE-08") == [
        ("2026-03-14T08:00:00+00:00", False),
        ("2026-05-02T08:00:00+00:00", False),
    ]
    young = {"age_years": 33, "age_at_edd_years": 34, "gestational_age_weeks": "12+0"}
    assert named(due(young), "R-CASE-08") == []


def test_the_hospital_of_birth_is_fixed_by_32_weeks_for_a_case_file():
    """R-CASE-05: from 30+0 there are 14 days; a woman without a file has no such date."""
    found = due({"age_years": 36, "gestational_age_weeks": "30+0"})

    assert named(found, "R-CASE-05") == [("2026-03-15T08:00:00+00:00", False)]
    assert named(due({"gestational_age_weeks": "30+0"}), "R-CASE-05") == []
    assert named(due({"age_years": 36}), "R-CASE-05") == []


def test_after_the_birth_only_the_report_of_the_colour_is_left():
    found = due({"pph_ongoing": True, "pph_ml": 1200, "age_years": 36, "prior_cs_count": 1})

    assert [one.rule for one in found] == ["R-REPORT-02"]


def test_a_hold_rings_the_coordinator_after_20_minutes():
    """R-HOLD-10."""
    assert named(due({}, holding=True), "R-HOLD-10") == [("2026-03-01T08:20:00+00:00", False)]
    late = due({}, holding=True, waited=timedelta(minutes=20))
    assert named(late, "R-HOLD-10") == [("2026-03-01T08:20:00+00:00", True)]


def test_a_newborn_has_no_deadline_but_that_of_a_hold():
    assert due({"birth_weight_g": 900}, patient="newborn") == ()
    held = due({"birth_weight_g": 900}, patient="newborn", holding=True)
    assert [one.rule for one in held] == ["R-HOLD-10"]


def test_times_keep_the_offset_of_the_request_and_asking_again_moves_nothing():
    yunnan = timezone(timedelta(hours=8))
    stated = {"hb_g_l": 40, "prior_cs_count": 1, "gestational_age_weeks": "7+0"}
    first = due(stated, decided=DECIDED.astimezone(yunnan))
    again = due(stated, decided=DECIDED.astimezone(yunnan), waited=timedelta(hours=30))

    assert named(first, "R-REPORT-02") == [("2026-03-02T16:00:00+08:00", False)]
    assert [one.due_at for one in again] == [one.due_at for one in first]


def test_the_earliest_comes_first():
    found = due(
        {"hb_g_l": 40, "age_years": 36, "prior_cs_count": 1, "gestational_age_weeks": "9+0"},
        holding=True,
    )

    assert [one.due_at for one in found] == sorted(one.due_at for one in found)
