"""The first buttons of a new referral: facts that there are, each with its reason."""

import json
from pathlib import Path

from routing.triage.tables import load_rules

DATA = Path(__file__).parents[2] / "app" / "web" / "src" / "data" / "first_conditions.json"


def test_every_first_condition_is_a_fact_with_a_value_that_there_is_and_a_reason():
    rows = json.loads(DATA.read_text(encoding="utf-8"))
    facts = load_rules().facts
    for row in rows:
        fact = facts[row["fact"]]
        assert row["value"] in (fact.values or (True,))
        assert row["because"]
        assert fact.leading_for


def test_the_commonest_emergencies_stand_at_the_front():
    rows = json.loads(DATA.read_text(encoding="utf-8"))

    assert [(row["fact"], row["value"]) for row in rows[:4]] == [
        ("pph_ongoing", True),
        ("hdp", "eclampsia"),
        ("hdp", "preeclampsia_severe"),
        ("placental_abruption", True),
    ]
