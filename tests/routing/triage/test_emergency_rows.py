"""Every emergency row fires: on its facts as stated, on its leading fact alone as presumed."""

import pytest

from routing.triage.assess import assess_case
from routing.triage.completion import complete
from tests.routing.triage.cases import case, mother, newborn, patient_of, presumed, rules
from tests.routing.triage.row_facts import LEADING, SELF_LED, STATED

ROWS = tuple(rules().emergencies)
MOVED = {"transfer_now", "book_planned", "stay_expert_team", "stabilise_first"}


def test_every_row_of_the_table_has_facts_worked_out_by_hand():
    assert set(STATED) == set(ROWS)
    assert set(LEADING) == set(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_fires_on_facts_that_state_it(row):
    found = assess_case(rules(), case(STATED[row], patient=patient_of(row)))

    assert row in found.assessment.emergencies
    assert row in found.assessment.first_actions
    assert found.decision in MOVED


@pytest.mark.parametrize("row", ROWS)
def test_a_row_counts_on_its_leading_fact_alone(row):
    """What stands in its place is stated, or presumed with the facts to ask."""
    found = assess_case(rules(), case(LEADING[row], patient=patient_of(row)))
    stands_for = rules().emergencies[row].presume_as

    if row in SELF_LED:
        assert row in found.assessment.emergencies
    else:
        assert presumed(found)[stands_for][0]
        assert stands_for in found.need.rows
    assert found.decision in MOVED


@pytest.mark.parametrize("row", ROWS)
def test_the_leading_fact_is_true_where_the_row_is_stated(row):
    """Otherwise erasing a fact could lose the row instead of presuming it."""
    asked = case(STATED[row], patient=patient_of(row))
    known = complete(rules(), asked.facts, patient=asked.patient).known

    assert rules().emergencies[row].leading.truth(known) is True


def test_bleeding_of_unknown_volume_is_presumed_and_prefers_what_heavy_bleeding_needs():
    found = mother(pph_ongoing=True)
    need = found.assessment.need

    assert presumed(found) == {"E-M01": (("pph_ml", "shock_index", "coagulation_disorder"), False)}
    assert found.assessment.emergencies == ()
    assert found.assessment.ask_next[0] == "pph_ml"
    assert set(need.capabilities) == {"OB_RESCUE_BED", "ANAES_24H", "CS_24H", "BLOOD_RBC"}
    assert {"BLOOD_MTP", "AICU", "HYSTERECTOMY_24H"} <= set(need.preferred)


def test_stated_bleeding_whose_worse_neighbour_is_unknown_is_listed_as_stated():
    found = mother(pph_ongoing=True, pph_ml=800)

    assert found.assessment.emergencies == ("E-M01",)
    assert presumed(found) == {"E-M01": (("coagulation_disorder",), True)}
    assert {"BLOOD_MTP", "AICU", "HYSTERECTOMY_24H"} <= set(found.assessment.need.preferred)


def test_once_the_neighbour_is_denied_nothing_is_presumed_any_more():
    found = mother(pph_ongoing=True, pph_ml=800, coagulation_disorder=False)

    assert found.assessment.emergencies == ("E-M01",)
    assert found.assessment.presumed == ()


def test_light_bleeding_with_unknown_clotting_is_still_presumed():
    found = mother(pph_ongoing=True, pph_ml=300, shock_index=0.7)

    assert presumed(found) == {"E-M01": (("coagulation_disorder",), False)}


def test_severe_preeclampsia_of_unknown_weeks_is_presumed_early():
    found = mother(hdp="preeclampsia_severe")

    assert presumed(found) == {"E-M05": (("gestational_age_weeks",), False)}
    assert found.assessment.ask_next[0] == "gestational_age_weeks"
    assert "AICU" in found.assessment.need.capabilities


def test_preterm_labour_of_unknown_weeks_is_presumed_at_28_to_31_with_the_shorter_clock():
    """E-M24B gives 180 and 360 minutes, E-M24C and E-M24D behind it 120 and 240."""
    found = mother(preterm_labour=True)
    need = found.assessment.need

    assert list(presumed(found)) == ["E-M24B"]
    assert found.assessment.ask_next[0] == "gestational_age_weeks"
    assert "NEO_L3A" in need.capabilities
    assert {"NEO_L3B", "NEO_CPAP"} <= set(need.preferred)
    assert (need.target_max_min, need.hard_max_min) == (120, 240)


def test_what_the_presumed_row_already_has_is_not_preferred_again():
    need = mother(preterm_labour=True).assessment.need

    assert not {"NEO_L2B", "NEO_L2A", "CS_24H"} & set(need.preferred)


def test_the_fact_that_settles_most_rows_is_asked_first():
    """Weeks are open in four rows, the wish for active care in one."""
    ask, _ = presumed(mother(preterm_labour=True))["E-M24B"]

    assert ask[0] == "gestational_age_weeks"
    assert "fetus_viable_care_wished" in ask


def test_rows_of_the_fetus_end_with_the_birth():
    before = mother(preterm_labour=True, gestational_age_weeks=30)
    after = mother(preterm_labour=True, gestational_age_weeks=30, delivered=True)
    unknown_weeks = mother(preterm_labour=True, delivered=True)

    assert before.assessment.emergencies == ("E-M24B",)
    assert after.assessment.emergencies == ()
    assert unknown_weeks.assessment.presumed == ()


def test_low_platelets_of_unknown_bleeding_are_presumed_to_bleed():
    found = mother(plt_1e9_l=20)

    assert list(presumed(found)) == ["E-M31"]
    assert found.assessment.need.hard_max_min == 240


def test_praevia_in_labour_of_unknown_bleeding_is_presumed_to_bleed():
    found = mother(in_labour=True, placenta_position="praevia")

    assert presumed(found)["E-M10"] == (("antepartum_bleeding",), False)


def test_a_newborn_never_fires_a_row_of_the_mother():
    found = newborn(neonatal_seizures=True, sbp=60)

    assert all(one.row.id.startswith("E-N") for one in found.fired)


def test_unknown_age_leaves_the_cooling_row_presumed_beside_the_stated_one():
    found = newborn(hie_grade="severe")

    assert found.assessment.emergencies == ("E-N18",)
    assert presumed(found) == {"E-N07": (("neo_ga_weeks", "age_hours"), False)}
    assert found.need.cooling
