"""The need is the union over stated and presumed rows (R-DEST-01, 01b, 02b, 07; R-NEO)."""

import pytest

from tests.routing.triage.cases import mother, newborn, rules

SEVERE = {"hdp": "preeclampsia_severe"}


def seats(found):
    return [(seat.seat, seat.kind.value) for seat in found.assessment.need.places]


def test_two_rows_join_capabilities_and_take_the_highest_level_and_shortest_clock():
    """E-M06 (M2, 120/180) with E-M01 (M1, 60/120)."""
    need = mother(hellp=True, pph_ongoing=True, pph_ml=700, coagulation_disorder=False)
    need = need.assessment.need

    assert set(need.capabilities) == {
        "CS_24H", "ANAES_24H", "BLOOD_RBC", "BLOOD_MTP", "AICU", "OB_RESCUE_BED",
    }  # fmt: skip
    assert need.min_maternal_level == "M2"
    assert (need.target_max_min, need.hard_max_min) == (60, 120)
    assert need.escort == "ESC-OB-CRIT"


def test_a_row_without_limit_leaves_the_limit_of_the_others():
    """E-M14 gives 120 and no limit, E-M13 120 and 180."""
    alone = mother(afe_suspected=True).assessment.need
    both = mother(afe_suspected=True, maternal_sepsis=True).assessment.need

    assert alone.hard_max_min is None
    assert both.hard_max_min == 180


def test_booking_rows_beside_an_emergency_only_prefer():
    """HIV books PMTCT and a bed in labour; severe pre-eclampsia at 36 weeks decides."""
    found = mother(**SEVERE, gestational_age_weeks=36, hiv=True)
    need = found.assessment.need

    assert "PMTCT" in need.preferred
    assert "PMTCT" not in need.capabilities
    assert seats(found) == [("mother", "OB_RESCUE_BED"), ("newborn_1", "NEO_L2A")]
    assert found.need.rows == ("E-M04",)


def test_the_level_of_a_booking_row_does_not_count_beside_an_emergency():
    """E-M17 books at M3; E-M34 asks for M1."""
    need = mother(pap_mmhg=60, sbp=170, hdp="none").assessment.need

    assert need.min_maternal_level == "M1"


def test_levels_are_a_floor_for_planned_care_only():
    assert not mother(maternal_sepsis=True).need.level_is_floor
    assert mother(hiv=True).need.level_is_floor
    assert mother(age_years=30).need.level_is_floor


def test_an_exception_stands_beside_the_level_it_replaces():
    (floor,) = mother(maternal_sepsis=True).need.levels

    assert floor.maternal == 2
    assert [(one.maternal, one.capabilities) for one in floor.alternatives] == [(1, ("AICU",))]


@pytest.mark.parametrize(
    ("weeks", "ward", "level"),
    [
        ("27+6", "NEO_L3B", "N3"),
        ("28+0", "NEO_L3A", "N2"),
        ("31+6", "NEO_L3A", "N2"),
        ("32+0", "NEO_L2B", "N1"),
        ("34+6", "NEO_L2B", "N1"),
        ("35+0", "NEO_L2A", "N1"),
        ("36+6", "NEO_L2A", "N1"),
    ],
)
def test_the_ward_follows_the_weeks(weeks, ward, level):
    found = mother(hdp="eclampsia", gestational_age_weeks=weeks)

    assert ward in found.assessment.need.capabilities
    assert found.assessment.need.min_neonatal_level == level
    assert ("newborn_1", ward) in seats(found)
    assert found.need.ward is not None
    assert found.need.ward.capability == ward


def test_a_term_child_needs_resuscitation_but_no_ward_and_no_cot():
    found = mother(hdp="eclampsia", gestational_age_weeks="37+0")

    assert "NEO_RESUS" in found.assessment.need.capabilities
    assert found.need.ward is None
    assert seats(found) == [("mother", "AICU")]
    assert found.assessment.need.min_neonatal_level is None


def test_unknown_weeks_require_no_ward_hold_no_cot_and_are_asked_first():
    found = mother(hdp="eclampsia")
    need = found.assessment.need

    assert found.need.ward is None
    assert seats(found) == [("mother", "AICU")]
    assert "NEO_L3A" in need.preferred
    assert found.assessment.ask_next[0] == "gestational_age_weeks"


def test_below_24_weeks_nothing_is_added_and_between_24_and_28_the_wish_decides():
    early = mother(hdp="eclampsia", gestational_age_weeks="23+6")
    wished = mother(hdp="eclampsia", gestational_age_weeks="24+0")
    not_wished = mother(
        hdp="eclampsia", gestational_age_weeks="27+6", fetus_viable_care_wished=False
    )

    assert early.need.ward is None
    assert wished.need.ward is not None
    assert "fetus_viable_care_wished" in wished.assessment.ask_next
    assert not_wished.need.ward is None


@pytest.mark.parametrize("gone", [{"delivered": True}, {"fetus_alive": False}])
def test_after_birth_or_death_of_the_child_no_ward_is_asked(gone):
    found = mother(hdp="eclampsia", gestational_age_weeks=30, **gone)

    assert found.need.ward is None
    assert seats(found) == [("mother", "AICU")]
    assert "gestational_age_weeks" not in found.assessment.ask_next[:1]


def test_twins_take_two_cots_and_one_bed():
    found = mother(preterm_labour=True, gestational_age_weeks=30, fetus_count=2)

    assert seats(found) == [
        ("mother", "LABOUR"),
        ("newborn_1", "NEO_L3A"),
        ("newborn_2", "NEO_L3A"),
    ]


def test_the_live_children_count_not_all_of_them():
    found = mother(
        preterm_labour=True, gestational_age_weeks=30, fetus_count=3, fetus_alive_count=2
    )

    assert [seat for seat, _ in seats(found)] == ["mother", "newborn_1", "newborn_2"]


def test_an_unknown_number_of_children_is_one_and_is_asked():
    found = mother(preterm_labour=True, gestational_age_weeks=30)

    assert [seat for seat, _ in seats(found)] == ["mother", "newborn_1"]
    assert "fetus_alive_count" in found.assessment.ask_next


def test_the_mother_takes_the_strongest_place_of_all_rows():
    """LABOUR and a cot of E-M24B, OB_RESCUE_BED of E-M35, AICU of E-M13."""
    found = mother(preterm_labour=True, gestational_age_weeks=30, trauma=True, maternal_sepsis=True)

    assert seats(found) == [("mother", "AICU"), ("newborn_1", "NEO_L3A")]


def test_no_row_takes_a_bed_in_labour_and_what_a_delivery_needs():
    found = mother(age_years=30)
    need = found.assessment.need

    assert seats(found) == [("mother", "LABOUR")]
    assert need.capabilities == ("OB_DELIVERY", "CS_24H")
    assert (need.target_max_min, need.hard_max_min, need.escort) == (None, None, None)
    assert need.min_maternal_level == "M0"
    assert found.need.min_grade == 1


def test_a_red_woman_without_a_row_needs_a_third_grade_hospital():
    found = mother(autoimmune_state="active")

    assert found.assessment.colour == "red"
    assert found.need.min_grade == 3
    assert found.assessment.need.min_maternal_level == "M1"


def test_a_planned_birth_counts_at_term_and_holds_no_cot():
    found = mother(hiv=True, gestational_age_weeks=30)

    assert "NEO_RESUS" in found.assessment.need.capabilities
    assert found.need.ward is None
    assert seats(found) == [("mother", "LABOUR")]
    assert found.decision == "book_planned"


def test_a_planned_birth_for_a_surgical_child_holds_its_cot():
    found = mother(fetal_anomaly="critical_chd")

    assert seats(found) == [("mother", "LABOUR"), ("newborn_1", "NEO_L3C")]
    assert found.assessment.need.min_neonatal_level == "N3"


def test_never_bypass_rows_are_bound_by_the_theatre_alone_and_take_no_place():
    """Rupture lists red cells; the womb removed, the newborn team and the ward are preferred."""
    found = mother(uterine_rupture_current=True, gestational_age_weeks=30)
    need = found.assessment.need

    assert found.need.floor == (("CS_24H",), ("ANAES_24H",), ("BLOOD_RBC",))
    assert {"HYSTERECTOMY_24H", "NEO_RESUS"} <= set(need.capabilities)
    assert "NEO_L3A" in need.preferred
    assert seats(found) == []
    assert found.need.ward is None
    assert need.never_bypass


def test_red_cells_bind_only_where_a_never_bypass_row_lists_them():
    """Cord prolapse does not; with eclampsia beside it the union stays, the floor does not grow."""
    alone = mother(cord_prolapse=True)
    beside = mother(cord_prolapse=True, hdp="eclampsia", gestational_age_weeks=30)

    assert alone.need.floor == (("CS_24H",), ("ANAES_24H",))
    assert beside.need.floor == alone.need.floor
    assert {"AICU", "BLOOD_RBC", "NEO_L3A"} <= set(beside.assessment.need.capabilities)
    assert seats(beside) == []


def test_any_of_groups_are_written_with_a_bar():
    need = mother(scar_pregnancy=True, vaginal_bleeding=False).assessment.need

    assert "IR|HYSTEROSCOPY" in need.capabilities


def test_cardiac_arrest_empties_the_need():
    found = mother(maternal_cardiac_arrest=True, hdp="eclampsia", gestational_age_weeks=30)
    need = found.assessment.need

    assert found.need.suppressed
    assert need.capabilities == need.preferred == need.places == ()
    assert (need.min_maternal_level, need.min_neonatal_level) == (None, None)
    assert (need.target_max_min, need.hard_max_min, need.escort) == (None, None, None)


def test_a_newborn_takes_one_place_the_strongest():
    cooled = newborn(hie_grade="severe", neo_ga_weeks=38, age_hours=1, pphn=True)
    ventilated = newborn(needs_invasive_ventilation=True, neo_ga_weeks=27)
    ward = newborn(neo_ga_weeks=33, birth_weight_g=1200)

    assert seats(cooled) == [("newborn_1", "NEO_COOLING")]
    assert seats(ventilated) == [("newborn_1", "NEO_VENT")]
    assert seats(ward) == [("newborn_1", "NEO_L3A")]


def test_the_ward_stays_required_beside_the_ventilator():
    found = newborn(needs_invasive_ventilation=True, neo_ga_weeks=27)

    assert found.need.ward is not None
    assert found.need.ward.capability == "NEO_L3B"


@pytest.mark.parametrize(
    ("weeks", "grams", "ward"),
    [("33+0", 1499, "NEO_L3A"), ("31+6", 1600, "NEO_L3A"), ("36+0", 999, "NEO_L3B")],
)
def test_the_higher_of_age_and_weight_decides_the_ward(weeks, grams, ward):
    found = newborn(neo_ga_weeks=weeks, birth_weight_g=grams)

    assert found.need.ward is not None
    assert found.need.ward.capability == ward


def test_a_newborn_without_a_row_still_has_a_need():
    late = newborn(neo_ga_weeks=36)
    term = newborn(neo_ga_weeks=39)

    assert late.assessment.need.capabilities == ("NEO_L2A",)
    assert term.assessment.need.capabilities == ("NEO_RESUS",)
    assert term.assessment.need.min_maternal_level is None


def test_every_need_carries_the_rows_it_comes_from():
    found = mother(hellp=True, maternal_sepsis=True)

    assert found.need.rows == ("E-M06", "E-M13")
    assert set(found.need.rows) <= set(rules().emergencies)
