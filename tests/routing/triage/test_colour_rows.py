"""Every row of the colour table fires on facts derived from its own condition."""

import pytest

from routing.triage.colour import colour_of
from routing.triage.completion import complete
from routing.triage.rows import Colour
from routing.triage.tables import load_rules, read_tables
from tests.routing.triage.conditions import example, instances, python_says, stored

RULES = load_rules(overlays=["zhejiang2018"], hbsag_carrier_is_purple=True)
ROWS = {row["id"]: row for row in read_tables()["risk_conditions"] if row["machine_condition"]}


def colour(stated):
    return colour_of(RULES, complete(RULES, stored(stated, RULES.facts), patient="maternal"))


@pytest.mark.parametrize("rule", ROWS)
def test_a_row_fires_on_an_instance_of_its_condition_and_gives_at_least_its_colour(rule):
    row = ROWS[rule]
    found = colour(example(row["machine_condition"], RULES.facts))

    assert rule in [one.info.id for one in found.true_rows]
    if row["colour"] == "purple":
        assert found.purple
        assert "purple" in found.labels
    else:
        assert found.colour.rank >= Colour(row["colour"]).rank


@pytest.mark.parametrize("rule", ROWS)
def test_a_row_whose_condition_is_false_does_not_fire(rule):
    text = ROWS[rule]["machine_condition"]
    stated = next(one for one in instances(text, RULES.facts) if not python_says(text, one))

    known = stored(stated, RULES.facts)
    row = next(one for one in RULES.colours if one.info.id == rule)
    assert row.condition.truth(known) is False


@pytest.mark.parametrize("rule", ROWS)
def test_a_row_of_which_nothing_is_known_is_open_and_never_fires(rule):
    found = colour({})
    base = ROWS[rule]["colour"] != "purple"

    assert found.colour is Colour.GREEN
    assert found.incomplete
    assert (rule in found.undetermined) is base
