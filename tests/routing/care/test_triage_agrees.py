"""What an assessment says is due is due on the same day in the calendar of the file.

The assessment knows the weeks of one moment, the file knows the day on which they began.
"""

from datetime import datetime, timedelta

import pytest

from facilities.centre import Grade
from routing.care.calendar import due_items
from routing.care.days import day_begins
from routing.triage.case import Case
from routing.triage.colour import colour_of
from routing.triage.completion import complete
from routing.triage.deadlines import deadlines_of
from tests.routing.care.records import CARE, RULES, at, event, pregnancy, stood
from tests.routing.triage.cases import sender
from tests.routing.triage.conditions import stored

FACTS = {"age_years": 36, "prior_cs_count": 1, "rh_negative": True}


def assessed(facts, when, grade=Grade.G2):
    """Deadlines of an assessment at an instant, by rule, in order."""
    known = stored(facts, RULES.facts)
    case = Case("maternal", known, sender(grade=grade), when, when)
    colour = colour_of(RULES, complete(RULES, known, patient="maternal"))
    found = {}
    for one in deadlines_of(RULES, case, colour):
        found.setdefault(one.rule, []).append(datetime.fromisoformat(one.due_at))
    return found


def in_file(record, now, *rules):
    return [
        item.due for rule in rules for item in due_items(CARE, record, now=now) if item.rule == rule
    ]


@pytest.mark.parametrize(
    ("facts", "colour", "rule", "row"),
    [
        ({"hb_g_l": 40}, "red", "R-REPORT-02", "R-REPORT-02-red"),
        ({"bmi": 28}, "orange", "R-REPORT-01", "R-REPORT-01-orange"),
    ],
)
def test_reports_are_due_at_the_same_instant(facts, colour, rule, row):
    record = pregnancy(stood(colour, at(9)), facts=facts)

    assert assessed(facts, at(9))[rule] == in_file(record, at(9), row)


def test_the_assessment_of_a_positive_woman_is_due_at_the_same_instant():
    record = pregnancy(event("screened_positive", at(9)), facts=FACTS)
    there = assessed(FACTS, at(9), grade=Grade.G1)["R-SCREEN-12"]

    assert there == in_file(record, at(9), "R-SCREEN-12-assessment")


@pytest.mark.parametrize(
    ("rule", "rows", "days"),
    [
        ("R-SCAR-00", ["R-SCAR-00-sac"], 0),
        ("R-CASE-05", ["R-CASE-05-delivery"], 0),
        ("R-CASE-08", ["R-CASE-08-counselling", "R-CASE-08-diagnosis"], 1),
    ],
)
def test_what_hangs_on_the_week_is_due_on_the_same_day(rule, rows, days):
    """The assessment counts from its own minute; the file from midnight, and to the end of a day
    that is still in time.
    """
    facts = {**FACTS, "gestational_age_weeks": "7+0"}
    midnight = day_begins(at(7).date())
    record = pregnancy(event("registered", midnight), facts=FACTS)

    there = [due + timedelta(days=days) for due in assessed(facts, midnight)[rule]]
    assert there == in_file(record, midnight, *rows)
