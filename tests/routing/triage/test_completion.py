"""Computed facts, sentence by sentence of R-DATA-08 and R-DATA-09."""

from dataclasses import replace

import pytest
from hypothesis import given

from routing.triage.completion import age_upgrade_at_edd, complete
from routing.triage.recent import MOST, Recent
from routing.triage.tables import load_rules
from tests.routing.triage.conditions import stored
from tests.routing.triage.drawing import MATERNAL, facts

RULES = load_rules()
SCAR = {"uterine_scar": True}


def completed(patient="maternal", **stated):
    return complete(RULES, stored(stated, RULES.facts), patient=patient)


def value_of(name, /, **stated):
    return completed(**stated).known.get(name)


@pytest.mark.parametrize(
    ("fact", "stated", "wanted"),
    [
        ("in_labour", {"preterm_labour": True}, True),
        ("in_labour", {"obstructed_labour": True}, True),
        ("in_labour", {"cervix_cm": 4}, True),
        ("in_labour", {"cervix_cm": 3.9}, None),
        ("in_labour", {"urge_to_push": True}, True),
        ("in_labour", {"urge_to_push": False}, None),
        ("in_labour", {"cervix_cm": 8, "delivered": True}, False),
        ("in_labour", {"retained_placenta": True, "preterm_labour": True}, False),
        ("in_labour", {}, None),
        ("bp_severe_untreated", {"sbp": 160, "antihypertensive_given": False}, True),
        ("bp_severe_untreated", {"dbp": 110, "antihypertensive_given": False}, True),
        ("bp_severe_untreated", {"sbp": 160, "antihypertensive_given": True}, False),
        ("bp_severe_untreated", {"sbp": 159, "dbp": 109}, False),
        ("bp_severe_untreated", {"sbp": 159}, None),
        ("bp_severe_untreated", {"sbp": 160}, None),
        ("antihypertensive_given", {"sbp": 160}, None),
        ("shock_index", {"hr": 120, "sbp": 80}, 1.5),
        ("shock_index", {"hr": 120, "sbp": 0}, 4),
        ("shock_index", {"hr": 120}, None),
        ("pph_ongoing", {"delivered": False}, False),
        ("pph_ongoing", {}, None),
        ("pph_ongoing", {"delivered": True}, None),
        ("antepartum_bleeding", {"delivered": True}, False),
        ("antepartum_bleeding", {"pph_ml": 1}, False),
        ("antepartum_bleeding", {"delivered": False}, None),
        ("fetus_alive", {}, True),
        ("fetus_alive", {"delivered": False}, True),
        ("fetus_alive", {"delivered": True}, None),
        ("fetus_alive", {"pph_ongoing": True}, None),
        ("fetus_alive", {"fetus_alive_count": 0}, False),
        ("fetus_viable_care_wished", {"gestational_age_weeks": "24+0"}, True),
        ("fetus_viable_care_wished", {"gestational_age_weeks": "23+6"}, False),
        ("fetus_viable_care_wished", {}, None),
        ("uterine_scar", {"prior_cs_count": 1}, True),
        ("uterine_scar", {"prior_cs_count": 0}, None),
        ("uterine_scar", {"placenta_over_scar": True}, True),
        ("uterine_scar", {"scar_pregnancy": True}, True),
        ("uterine_scar", {"prior_uterine_rupture": True}, True),
        ("delivered", {"pph_ongoing": True}, True),
        ("delivered", {"retained_placenta": True}, True),
        ("delivered", {"pph_ml": 1}, True),
        ("delivered", {"pph_ml": 0}, None),
        ("delivered", {}, None),
        ("prom", {"pprom": True}, True),
        ("prom", {"pprom": False}, None),
        ("thromboembolism", {"cvst": True}, True),
        ("thromboembolism", {"pulmonary_embolism": True}, True),
        ("tolac_contraindicated", {**SCAR, "uterine_surgery_count": 2}, True),
        ("tolac_contraindicated", {"prior_cs_count": 2}, True),
        ("tolac_contraindicated", {"prior_uterine_rupture": True}, True),
        ("tolac_contraindicated", {"placenta_over_scar": True}, True),
        ("tolac_contraindicated", {**SCAR, "macrosomia": True}, True),
        ("tolac_contraindicated", {"macrosomia": True}, None),
        ("tolac_contraindicated", {"uterine_scar": False, "macrosomia": True}, None),
        ("tolac_contraindicated", {**SCAR, "macrosomia": False, "prior_cs_count": 1}, None),
        ("preeclampsia", {"hdp": "preeclampsia_severe"}, True),
        ("preeclampsia", {"hdp": "gestational_htn"}, None),
        ("fetus_alive_count", {}, 1),
        ("fetus_alive_count", {"fetus_count": 3}, 3),
        ("fetus_alive_count", {"fetus_alive": False}, None),
        ("fetus_alive_count", {"fetus_count": 2, "delivered": True}, None),
        ("mewc_triggered_unresolved", {"sbp": 70}, None),
    ],
)
def test_a_fact_is_computed_from_others_or_stays_unknown(fact, stated, wanted):
    found = completed(**stated)

    assert found.known.get(fact) == wanted
    assert (fact in found.filled) is (wanted is not None)


@pytest.mark.parametrize(
    ("fact", "value", "beside"),
    [
        ("in_labour", False, {"cervix_cm": 8}),
        ("in_labour", True, {"delivered": True}),
        ("bp_severe_untreated", False, {"sbp": 200, "antihypertensive_given": False}),
        ("shock_index", 0.7, {"hr": 120, "sbp": 60}),
        ("pph_ongoing", True, {"delivered": False}),
        ("antepartum_bleeding", True, {"delivered": True}),
        ("fetus_alive", False, {"delivered": False}),
        ("fetus_viable_care_wished", False, {"gestational_age_weeks": 30}),
        ("delivered", False, {"pph_ongoing": True}),
        ("prom", False, {"pprom": True}),
        ("thromboembolism", False, {"cvst": True}),
        ("fetus_alive_count", 1, {"fetus_count": 2}),
    ],
)
def test_what_was_stated_is_kept_and_not_marked(fact, value, beside):
    """A contradiction is left standing: a stated emergency is not computed away."""
    found = completed(**beside, **{fact: value})

    assert found.known[fact] == value
    assert fact not in found.filled


def test_two_caesareans_refuse_a_trial_of_labour_whatever_was_stated():
    """R-SCAR-03: a no beside the history would let her labour without a theatre."""
    found = completed(prior_cs_count=2, tolac_contraindicated=False)

    assert found.known["tolac_contraindicated"] is True
    assert "tolac_contraindicated" in found.filled


def test_a_scar_follows_whatever_was_stated():
    found = completed(uterine_scar=False, prior_cs_count=1)

    assert found.known["uterine_scar"] is True
    assert "uterine_scar" in found.filled


def test_a_scar_that_was_stated_is_not_marked_as_filled():
    assert "uterine_scar" not in completed(uterine_scar=True, prior_cs_count=1).filled


def test_a_newborn_has_her_age_in_minutes_computed_and_nothing_else():
    found = completed("newborn", age_hours=1.5, hr=120, sbp=40)

    assert found.filled == {"age_minutes"}
    assert found.known["age_minutes"] == 90
    assert completed("newborn").filled == frozenset()
    assert completed("newborn", age_hours=2, age_minutes=100).known["age_minutes"] == 100


def test_stated_facts_are_not_touched():
    stated = {"uterine_scar": False, "prior_cs_count": 1}
    complete(RULES, stated, patient="maternal")

    assert stated == {"uterine_scar": False, "prior_cs_count": 1}


@given(facts(MATERNAL, most=8))
def test_completing_twice_adds_nothing(drawn):
    first = completed(**drawn)
    again = complete(RULES, first.known, patient="maternal")

    assert again.known == first.known
    assert again.filled == frozenset()


@given(facts(MATERNAL, most=8))
def test_every_filled_fact_is_unstated_except_the_scar(drawn):
    assert completed(**drawn).filled & drawn.keys() <= {"uterine_scar"}


@pytest.mark.parametrize(
    ("now", "then", "flagged"),
    [(34, 35, True), (39, 40, True), (35, 36, False), (33, 34, False), (34, 34, False)],
)
def test_an_age_that_crosses_35_or_40_before_the_due_date_is_flagged(now, then, flagged):
    known = {"age_years": now, "age_at_edd_years": then}

    assert age_upgrade_at_edd(known) is flagged
    assert age_upgrade_at_edd({"age_years": now}) is False


def test_no_row_fills_a_contraindication_with_no():
    """R-DATA-08: never filled false."""
    fills = {(row.fact, row.value) for row in RULES.computed}

    assert ("tolac_contraindicated", False) not in fills


def test_what_was_answered_before_is_answered_as_it_is_stated_now():
    """1 and 1.0 are equal; what is told back is told as it was stated."""
    for hr in (120, 120.0, 120):
        assert type(complete(RULES, {"hr": hr}, patient="maternal").known["hr"]) is type(hr)
    newborn = complete(RULES, {"age_hours": 2}, patient="newborn")
    assert "age_minutes" not in complete(RULES, {"age_hours": 2}, patient="maternal").known
    assert newborn.known["age_minutes"] == 120


def test_other_tables_are_asked_anew():
    """An answer that was given lately is one of its own rule set and of no other."""
    other = replace(RULES, computed=())

    assert completed(cervix_cm=4).known["in_labour"] is True
    assert "in_labour" not in complete(other, {"cervix_cm": 4}, patient="maternal").known


def test_answers_do_not_grow_for_ever():
    found = Recent()
    for number in range(2 * MOST + 1):
        found.keep(number, str(number))

    assert len(found) <= MOST
    assert found.get(2 * MOST) == str(2 * MOST)
