"""The screening form: any one item is positive, and nothing unanswered is negative."""

from dataclasses import replace

import pytest

from routing.triage.completion import complete
from routing.triage.screening import screening_of
from routing.triage.tables import load_rules, read_tables
from tests.routing.triage.conditions import example, stored

RULES = load_rules()
ITEMS = {row["rule"]: row["condition"] for row in read_tables()["screening"]}


def screening(rules=RULES, **stated):
    return screening_of(rules, complete(rules, stored(stated, rules.facts), patient="maternal"))


@pytest.mark.parametrize("rule", [rule for rule, text in ITEMS.items() if text])
def test_one_item_alone_makes_the_form_positive(rule):
    """R-SCREEN-02."""
    found = screening(**example(ITEMS[rule], RULES.facts))

    assert found.outcome == "positive"
    assert rule in found.rules


@pytest.mark.parametrize(
    ("stated", "positive"),
    [
        ({"age_years": 18}, True),
        ({"age_years": 19}, False),
        ({"age_years": 34}, False),
        ({"age_years": 35}, True),
        ({"height_cm": 145}, True),
        ({"height_cm": 145.5}, False),
        ({"hb_g_l": 109}, True),
        ({"hb_g_l": 110}, False),
        ({"hypertension": True}, True),
        ({"sbp": 140}, True),
        ({"dbp": 89}, False),
        ({"rh_negative": True}, True),
        ({"prior_cs_count": 1}, True),
    ],
)
def test_the_form_is_positive_at_its_limits(stated, positive):
    assert screening(**stated).positive is positive


def test_an_unanswered_form_is_undetermined_with_every_item_open():
    found = screening()

    assert found.outcome == "undetermined"
    assert found.open == tuple(ITEMS)


def test_only_a_form_answered_throughout_is_negative():
    """Without the items that no fact expresses yet."""
    one = next(row for row in RULES.screening if row.info.id == "R-SCREEN-08-hb")
    short = replace(RULES, screening=(one,))

    assert screening(short, hb_g_l=120).outcome == "negative"
    assert screening(short).outcome == "undetermined"
