"""Trial of labour after a caesarean, criterion by criterion (R-SCAR-02, 03, 05, 08)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.capability import Trust
from geodata.errors import RefusedInputError
from routing.care.rows_deciding import TrialKind
from routing.care.trial_of_labour import (
    State,
    Verdict,
    read_trial_facts,
    site_of,
    trial_of,
)
from routing.triage.completion import complete
from tests.routing.care.records import CARE, RULES

GOOD = {
    "prior_cs_count": 1,
    "uterine_surgery_count": 1,
    "malpresentation": False,
    "prior_uterine_rupture": False,
    "placenta_over_scar": False,
    "placenta_position": "normal",
    "macrosomia": False,
    "contracted_pelvis": False,
}
GOOD_TRIAL = {
    "incision_type": "lower_transverse",
    "incision_healed": True,
    "lower_segment_continuous": True,
    "trial_wished": True,
    "months_between_deliveries": 30,
    "estimated_weight_g": 3200,
    "previous_indication_persists": False,
    "new_caesarean_indication": False,
    "myomectomy_into_cavity": False,
    "unsuited_for_vaginal_birth": False,
}


def trial(**changed):
    """The verdict with some answers changed; None takes one away."""
    facts = {name: changed.get(name, value) for name, value in GOOD.items()}
    told = {name: changed.get(name, value) for name, value in GOOD_TRIAL.items()}
    told |= {n: v for n, v in changed.items() if n in CARE.trial_facts}
    facts = {name: value for name, value in facts.items() if value is not None}
    told = {name: value for name, value in told.items() if value is not None}
    return trial_of(CARE, facts, read_trial_facts(CARE, told))


def failed(found):
    return {one.row.info.id for one in found.criteria if one.state is State.NOT_MET}


def test_with_every_answer_right_she_is_eligible():
    found = trial()

    assert (found.verdict, found.ask) == (Verdict.ELIGIBLE, ())
    assert {one.state for one in found.criteria} == {State.MET}
    assert len(found.criteria) == 19


@pytest.mark.parametrize(
    ("changed", "row"),
    [
        ({"uterine_surgery_count": 2}, "R-SCAR-03-surgery"),
        ({"prior_cs_count": 2, "uterine_surgery_count": 2}, "R-SCAR-03-surgery"),
        ({"incision_type": "classical"}, "R-SCAR-03-incision"),
        ({"incision_type": "t_shaped"}, "R-SCAR-03-incision"),
        ({"incision_type": "lower_vertical"}, "R-SCAR-03-incision"),
        ({"previous_indication_persists": True}, "R-SCAR-03-indication"),
        ({"prior_uterine_rupture": True}, "R-SCAR-03-rupture"),
        ({"myomectomy_into_cavity": True}, "R-SCAR-03-myomectomy"),
        ({"incision_healed": False}, "R-SCAR-03-complication"),
        ({"placenta_over_scar": True}, "R-SCAR-03-placenta"),
        ({"estimated_weight_g": 4000}, "R-SCAR-03-weight"),
        ({"macrosomia": True}, "R-SCAR-03-weight"),
        ({"unsuited_for_vaginal_birth": True}, "R-SCAR-03-unsuited"),
        ({"placenta_position": "praevia"}, "R-SCAR-03-unsuited"),
        ({"contracted_pelvis": True}, "R-SCAR-03-unsuited"),
    ],
)
def test_one_contraindication_decides(changed, row):
    found = trial(**changed)

    assert found.verdict is Verdict.CONTRAINDICATED
    assert row in failed(found)


@pytest.mark.parametrize(
    ("changed", "row"),
    [
        ({"months_between_deliveries": 17.9}, "R-SCAR-02-interval"),
        ({"trial_wished": False}, "R-SCAR-02-wish"),
        ({"malpresentation": True}, "R-SCAR-02-cephalic"),
        ({"lower_segment_continuous": False}, "R-SCAR-02-lower_segment"),
        ({"new_caesarean_indication": True}, "R-SCAR-02-indication"),
        ({"prior_cs_count": 0}, "R-SCAR-02-one"),
    ],
)
def test_a_need_that_is_not_met_makes_her_not_eligible(changed, row):
    found = trial(**changed)

    assert found.verdict is Verdict.NOT_ELIGIBLE
    assert failed(found) == {row}


def test_exactly_18_months_and_just_below_4000_grams_are_enough():
    assert trial(months_between_deliveries=18, estimated_weight_g=3999).verdict is Verdict.ELIGIBLE


@pytest.mark.parametrize("name", [*GOOD, *GOOD_TRIAL])
def test_nobody_is_eligible_by_silence(name):
    """Every single answer that is missing leaves her undetermined, and is asked."""
    found = trial(**{name: None})

    assert found.verdict is Verdict.UNDETERMINED
    assert name in found.ask


def test_a_contraindication_counts_though_everything_else_is_unknown():
    found = trial_of(CARE, {"prior_uterine_rupture": True}, {})

    assert found.verdict is Verdict.CONTRAINDICATED
    assert "incision_type" in found.ask


def test_what_changes_the_risk_is_shown_and_decides_nothing():
    """R-SCAR-08."""
    found = trial(induction_by_drugs=True, previous_vaginal_birth=True)

    assert found.verdict is Verdict.ELIGIBLE
    assert [row.info.id for row in found.raises] == ["R-SCAR-08-induction"]
    assert [row.info.id for row in found.lowers] == ["R-SCAR-08-vaginal_birth"]
    short = trial(months_between_deliveries=12, estimated_weight_g=4100)
    assert {row.info.id for row in short.raises} == {"R-SCAR-08-interval", "R-SCAR-08-weight"}


SITE = ("CS_24H", "ANAES_24H", "BLOOD_RBC", "HYSTERECTOMY_24H", "NEO_RESUS")


def test_a_site_has_everything_on_site_and_nothing_of_it_is_merely_assumed():
    """R-SCAR-05."""
    full = dict.fromkeys(SITE, Trust.CONFIRMED)

    assert site_of(CARE, full).state is State.MET
    for code in SITE:
        without = {name: trust for name, trust in full.items() if name != code}
        assert (site_of(CARE, without).state, site_of(CARE, without).lacks) == (
            State.NOT_MET,
            (code,),
        )
        perhaps = site_of(CARE, {**full, code: Trust.ASSUMED})
        assert (perhaps.state, perhaps.assumed) == (State.UNKNOWN, (code,))
    assert site_of(CARE, {}).state is State.NOT_MET


def test_answers_that_are_none_are_refused_all_at_once():
    with pytest.raises(RefusedInputError) as caught:
        read_trial_facts(
            CARE, {"incision_type": "round", "estimated_weight_g": "heavy", "luck": True}
        )

    assert [(f.column, f.code) for f in caught.value.faults] == [
        ("incision_type", "unknown_value"),
        ("estimated_weight_g", "wrong_type"),
        ("luck", "unknown_fact"),
    ]


ANSWERS = {name: st.booleans() for name in ("prior_uterine_rupture", "placenta_over_scar")}
ANSWERS |= {"macrosomia": st.booleans(), "prior_cs_count": st.integers(0, 3)}
ANSWERS |= {"uterine_surgery_count": st.integers(0, 3), "uterine_scar": st.booleans()}


@given(st.fixed_dictionaries({}, optional=ANSWERS))
def test_what_triage_calls_contraindicated_is_so_here(facts):
    """R-DATA-08 computes some of the contraindications; none of them is missed."""
    computed = complete(RULES, facts, patient="maternal").known.get("tolac_contraindicated")

    if computed is True:
        assert trial_of(CARE, facts, {}).verdict is Verdict.CONTRAINDICATED


@given(st.data())
def test_more_answers_never_turn_a_decision_round(data):
    """Contraindicated stays so, and eligible was never said too early."""
    part = {n: v for n, v in {**GOOD, **GOOD_TRIAL}.items() if data.draw(st.booleans())}
    bad = data.draw(st.sampled_from([{}, {"trial_wished": False}, {"macrosomia": True}]))
    whole = {**GOOD, **GOOD_TRIAL, **bad}
    part = {name: whole[name] for name in part}
    before, after = (
        trial_of(
            CARE,
            {n: v for n, v in told.items() if n in RULES.facts},
            {n: v for n, v in told.items() if n in CARE.trial_facts},
        )
        for told in (part, whole)
    )

    if before.verdict in (Verdict.CONTRAINDICATED, Verdict.ELIGIBLE):
        assert after.verdict is before.verdict
    if before.verdict is Verdict.NOT_ELIGIBLE:
        assert after.verdict in (Verdict.NOT_ELIGIBLE, Verdict.CONTRAINDICATED)


def test_no_row_of_the_table_is_of_a_kind_that_nobody_reads():
    assert {row.kind for row in CARE.trial} == set(TrialKind)
