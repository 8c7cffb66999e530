import csv
from dataclasses import fields, replace
from importlib.resources import files

import pytest

from routing.errors import RuleTableError
from routing.prices import Prices
from tests.routing.toys import rules

PRICES = Prices.of(rules().numbers)


def test_every_price_stands_in_the_table_with_rule_meaning_source_and_status():
    text = (files("routing.triage") / "rules" / "numbers.csv").read_text(encoding="utf-8")
    rows = {row["name"]: row for row in csv.DictReader(text.splitlines())}

    for field in fields(Prices):
        row = rows[field.name]
        assert row["rule"].startswith("R-")
        assert row["meaning"]
        assert row["source"]
        assert row["source_status"] in {"read", "corroborated", "memory", "derived"}


def test_missing_and_negative_prices_are_refused_all_at_once():
    numbers = {name: value for name, value in rules().numbers.items() if name != "split_min"}

    with pytest.raises(RuleTableError) as refused:
        Prices.of({**numbers, "ward_step_min": -1.0})

    assert [fault.column for fault in refused.value.faults] == ["ward_step_min", "split_min"]


@pytest.mark.parametrize(
    ("priority", "silent", "wait"),
    [(1, False, 0), (1, True, 0), (2, False, 10), (2, True, 15), (3, False, 10), (3, True, 25)],
)
def test_the_wait_for_an_answer_by_priority(priority, silent, wait):
    assert PRICES.answer_wait(priority, silent=silent) == wait


def test_a_setting_replaces_a_default():
    assert replace(PRICES, answer_wait_min=12).answer_wait(2, silent=False) == 12
