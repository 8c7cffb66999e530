"""A warning stands where two readings say so, and what was not measured takes nothing back."""

import random

import pytest

from routing.triage.standing import read_warnings, standing
from routing.triage.tables import load_rules

PRESSURE, PULSE = "R-MEWC-01", "R-MEWC-03"
HIGH, FINE = {PRESSURE: True}, {PRESSURE: False}


@pytest.mark.parametrize(
    ("readings", "found"),
    [
        ([], ()),
        ([HIGH], ()),
        ([HIGH, FINE], ()),
        ([HIGH, HIGH], (PRESSURE,)),
        ([HIGH, HIGH, FINE], ()),
        ([HIGH, FINE, HIGH], ()),
        ([HIGH, {}, HIGH], (PRESSURE,)),
        ([HIGH, HIGH, {}], (PRESSURE,)),
        ([HIGH, HIGH, {PULSE: False}], (PRESSURE,)),
        ([{**HIGH, PULSE: False}, {**FINE, PULSE: True}], (PULSE,)),
        ([HIGH, {PULSE: True}], (PULSE,)),
        ([HIGH, {PULSE: False}, {PULSE: True}], ()),
    ],
)
def test_what_stands_after_these_readings(readings, found):
    assert standing(readings) == found


def test_against_the_rule_read_word_by_word():
    """The plain version: of each row the values in turn, and the last two readings as they are."""
    chance, stood = random.Random(7), 0  # noqa: S311
    for _ in range(2_000):
        names = ("a", "b", "c")
        readings = [
            {n: chance.random() < 0.5 for n in names if chance.random() < 0.7}
            for _ in range(chance.randrange(6))
        ]
        expected = set()
        for name in names:
            values = []
            for one in readings:
                if name in one:
                    values.append(one[name])
            if len(values) >= 2 and values[-1] and values[-2]:
                expected.add(name)
        if len(readings) >= 2 and any(readings[-1].values()) and any(readings[-2].values()):
            expected |= {name for name, crossed in readings[-1].items() if crossed}
        assert set(standing(readings)) == expected
        stood += bool(expected)
    assert 200 < stood < 1_800


def test_a_row_whose_facts_are_missing_says_nothing():
    rows = [row for row in load_rules().scores if row.score == "mewc"]

    class Found:
        rules, missing = ("R-MEWC-01",), ("hr", "spo2", "altitude_m")

    read = read_warnings(rows, Found())
    assert read[PRESSURE] is True
    assert PULSE not in read
    assert "R-MEWC-05" not in read
    assert read["R-MEWC-04"] is False
