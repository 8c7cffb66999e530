"""The data dictionary: how stated values are read, and what is asked back."""

import pytest

from routing.triage.facts import FactType, FactValueError, read_value
from routing.triage.tables import load_rules

FACTS = load_rules().facts


def read(name, value):
    return read_value(FACTS[name], value)


@pytest.mark.parametrize(
    ("stated", "days"),
    [("34+3", 241), (34.43, 241), ("33+6", 237), (34, 238), (33.86, 237), ("2+0", 14), (44, 308)],
)
def test_weeks_are_kept_as_days(stated, days):
    assert read("gestational_age_weeks", stated) == days
    if days >= 140:
        assert read("neo_ga_weeks", stated) == days


@pytest.mark.parametrize("stated", ["34+7", "34", "34+", "+3", "34.3+1", "34 + 3", "-1+0", "1e1"])
def test_weeks_written_otherwise_are_refused(stated):
    with pytest.raises(FactValueError) as caught:
        read("gestational_age_weeks", stated)

    assert caught.value.code == "wrong_type"
    assert "34+3" in caught.value.expected


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("gestational_age_weeks", 45, "out_of_range"),
        ("gestational_age_weeks", "44+1", "out_of_range"),
        ("hb_g_l", 11, "unit_g_dl"),
        ("hb_g_l", 24.9, "unit_g_dl"),
        ("hb_g_l", 221, "out_of_range"),
        ("height_cm", 99, "out_of_range"),
        ("height_cm", 1.6, "out_of_range"),
        ("age_years", 9, "out_of_range"),
        ("age_years", 61, "out_of_range"),
        ("age_years", 30.5, "wrong_type"),
        ("birth_weight_g", 299, "out_of_range"),
        ("birth_weight_g", 7001, "out_of_range"),
        ("birth_weight_g", "1500", "wrong_type"),
        ("sbp", True, "wrong_type"),
        ("sbp", None, "wrong_type"),
        ("sbp", float("nan"), "out_of_range"),
        ("sbp", float("inf"), "out_of_range"),
        ("sbp", 10**400, "out_of_range"),
        ("parity", -(10**400), "out_of_range"),
        ("delivered", 1, "wrong_type"),
        ("delivered", "true", "wrong_type"),
        ("hdp", "severe", "unknown_value"),
        ("hdp", True, "wrong_type"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_range(name, value, code):
    with pytest.raises(FactValueError) as caught:
        read(name, value)

    assert caught.value.code == code
    assert caught.value.expected


def test_haemoglobin_11_is_asked_back_as_110():
    with pytest.raises(FactValueError, match="11 g/dL = 110 g/L"):
        read("hb_g_l", 11)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [("hb_g_l", 25, 25), ("parity", 2.0, 2), ("sbp", 0, 0), ("delivered", False, False)],
)
def test_a_value_on_the_edge_is_taken(name, value, kept):
    assert read(name, value) == kept


def test_every_fact_accepts_both_ends_of_its_range_and_each_of_its_values():
    for fact in FACTS.values():
        values = {
            FactType.BOOL: (True, False),
            FactType.ENUM: fact.values,
        }.get(fact.type, (fact.minimum, fact.maximum))
        for value in values:
            assert read_value(fact, value) is not None, fact.name
