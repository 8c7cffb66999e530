"""Groups of medical aid are a list with dates, and decide nothing (R-PAY-02, R-PAY-03)."""

from datetime import date

import pytest

from routing.care.aid import aid_group_on, aid_groups_on
from routing.care.calendar import due_items
from routing.care.lowering import standing_after
from routing.care.opening import reasons_to_open
from routing.care.screening import screened
from routing.care.tables import load_care_rules, read_care_tables
from routing.care.trial_of_labour import trial_of
from routing.triage.assess import assess_case
from routing.triage.rows import Colour
from tests.routing.care.records import CARE, RULES, at, event, pregnancy, stood
from tests.routing.toys import RESCUE, THEATRE, ask, centre, township, world
from tests.routing.triage.cases import case

GROUPS = RULES.facts["aid_group"].values
DAY = date(2026, 3, 1)
FACTS = {"age_years": 36, "prior_cs_count": 1, "hb_g_l": 55.0, "placental_abruption": True}


def test_every_group_of_the_dictionary_has_a_name():
    assert [group.code for group in aid_groups_on(CARE, DAY)] == [g for g in GROUPS if g != "none"]
    assert aid_group_on(CARE, "dibao", DAY).info.name_zh == "最低生活保障对象"
    assert aid_group_on(CARE, "none", DAY) is None
    assert aid_group_on(CARE, None, DAY) is None


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_a_group_counts_from_its_first_to_its_last_day(day, there):
    raw = dict(read_care_tables())
    raw["aid_groups"] = tuple(
        {**row, "valid_from": "2026-01-01", "valid_to": "2026-06-30"} for row in raw["aid_groups"]
    )

    assert (aid_group_on(load_care_rules(RULES, raw), "dibao", day) is not None) is there


TWO = world(
    [centre("NEAR", *THEATRE), centre("FAR", *RESCUE, m=2)],
    {("HERE", "NEAR"): 30, ("HERE", "FAR"): 90},
)


def answers(group):
    """Everything clinical that is said of one woman of a group."""
    facts = FACTS if group is None else {**FACTS, "aid_group": group}
    record = pregnancy(event("registered", at(9)), stood("orange", at(10)))
    record = type(record)(record.day_zero, facts, record.standings, record.events)
    change = standing_after(CARE, facts)
    return (
        assess_case(RULES, case(facts)).assessment,
        ask(TWO, township(facts)),
        (change.outcome, change.label, change.open),
        reasons_to_open(CARE, Colour.ORANGE, facts, purple=False),
        screened(CARE, facts),
        due_items(CARE, record, now=at(20)),
        trial_of(CARE, facts, {}),
    )


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_clinical_differs_between_groups(group):
    assert answers(group) == answers(None)


def test_no_condition_of_care_asks_for_the_group():
    conditions = [row.when for row in (*CARE.opening, *CARE.due)]
    conditions += [row.settled_when for row in CARE.due] + [row.condition for row in CARE.trial]
    asked = {name for one in conditions if one is not None for name in one.names()}

    assert not asked & {"aid_group", "insurance_kind", "identity_kind", "language"}
    assert "aid_group" not in {row.fact for row in CARE.fixed}
