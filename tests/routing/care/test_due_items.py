"""What is due in one pregnancy, counted by hand; 0+0 weeks is 1 January 2026, a Thursday.

So 8+6 is 4 March, 13+6 is 8 April, 20+6 is 27 May, 28+0 is 16 July, 32+0 is 13 August, 36+0 is
10 September 2026. Times are those of China.
"""

from datetime import date, timedelta

import pytest

from routing.care.due import FROM_FACTS, DueState
from tests.routing.care.records import KNOWN, at, china, event, items, of, pregnancy, rules, stood


def test_a_woman_is_screened_when_she_is_booked():
    """R-SCREEN-01: booked on 5 March, overdue once the 6th is over."""
    record = pregnancy(event("registered", at(9)), facts=KNOWN)
    item = of(record, at(9), "R-SCREEN-01-screening")

    assert item.due == china(3, 7)
    assert item.day == date(2026, 3, 6)
    assert not item.overdue
    assert of(record, china(3, 7), "R-SCREEN-01-screening").overdue


def test_a_positive_woman_is_assessed_within_14_days_and_stays_visible_until_then():
    """R-SCREEN-12: screened 5 March 10:00, due 19 March 10:00, warned from 10.5 days on."""
    record = pregnancy(event("screened_positive", at(9), ref="s"), facts=KNOWN)
    item = of(record, at(10), "R-SCREEN-12-assessment")

    assert (item.due, item.warn_from) == (china(3, 19, 10), china(3, 15, 22))
    assert (item.warned, item.overdue) == (False, False)
    late = of(record, at(30), "R-SCREEN-12-assessment")
    assert (late.state, late.warned, late.overdue) == (DueState.OPEN, True, True)


def test_an_assessment_that_left_rows_open_is_no_assessment():
    half = pregnancy(
        event("screened_positive", at(9)), event("assessment_incomplete", at(10)), facts=KNOWN
    )
    full = pregnancy(
        event("screened_positive", at(9)), event("assessment", at(10), ref="a"), facts=KNOWN
    )

    assert of(half, at(12), "R-SCREEN-12-assessment").overdue
    assert of(full, at(12), "R-SCREEN-12-assessment").done_by == "a"


def test_changed_health_is_assessed_again_within_a_day():
    """R-COLOUR-013."""
    record = pregnancy(event("assessment", at(20)), event("health_changed", at(22)), facts=KNOWN)
    item = of(record, at(22, hour=11), "R-COLOUR-013-changed")

    assert (item.due, item.warned, item.overdue) == (at(23 - 1, 1), True, False)
    assert of(record, at(22, 1), "R-COLOUR-013-changed").overdue


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        ("R-COLOUR-014-16-20", (16, 0), (20, 6)),
        ("R-COLOUR-014-21-24", (21, 0), (24, 6)),
        ("R-COLOUR-014-28-32", (28, 0), (32, 6)),
        ("R-COLOUR-014-36", (36, 0), (36, 6)),
    ],
)
def test_the_points_of_re_assessment_open_and_close_with_their_weeks(rule, first, last):
    """R-COLOUR-014."""
    early = event("assessment", at(*first) - timedelta(days=1))
    record = pregnancy(stood("yellow", at(8)), early, facts=KNOWN)

    assert not of(record, at(*first) - timedelta(days=1), rule).warned
    assert of(record, at(*first), rule).warned
    assert not of(record, at(*last, hour=23), rule).overdue
    assert of(record, at(*last) + timedelta(days=1), rule).overdue
    inside = pregnancy(
        stood("yellow", at(8)), event("assessment", at(*first), ref="in"), facts=KNOWN
    )
    assert of(inside, at(*last), rule).done_by == "in"


def test_a_point_that_was_missed_is_settled_late_by_the_next_assessment():
    record = pregnancy(stood("yellow", at(8)), event("assessment", at(22), ref="late"), facts=KNOWN)
    item = of(record, at(22), "R-COLOUR-014-16-20")

    assert (item.state, item.done_by, item.late) == (DueState.DONE, "late", True)
    assert not of(record, at(22), "R-COLOUR-014-21-24").late


def test_a_woman_without_a_colour_is_screened_again_at_the_same_points():
    record = pregnancy(event("screened_negative", at(9)), facts=KNOWN)

    assert "R-COLOUR-014-16-20-screened" in rules(record, at(17))
    assert "R-COLOUR-014-16-20" not in rules(record, at(17))


def test_admission_and_birth_are_points_too_and_the_42nd_day_is_the_last():
    """Born 24 September 10:00: 24 hours, and day 42 is 5 November."""
    record = pregnancy(
        stood("yellow", at(8)),
        event("admitted", at(37, 6, hour=20)),
        event("delivered", at(38)),
        event("assessment", at(43, 6), ref="early"),
        facts=KNOWN,
    )
    at_birth = of(record, at(44), "R-COLOUR-014-24h")
    last = of(record, at(44), "R-POST-01-42d")

    assert of(record, at(38), "R-COLOUR-014-admission").due == at(38, hour=20)
    assert at_birth.due == at(38, 1)
    assert (last.day, last.due, last.state) == (date(2026, 11, 5), china(11, 6), DueState.OPEN)
    assert last.warn_from == china(10, 29)


def test_orange_is_reported_in_72_hours_and_red_in_24_with_a_warning_at_three_quarters():
    """R-REPORT-01, 02, 04: from 5 March 10:00; 54 and 18 hours later it is warned of."""
    orange = pregnancy(stood("orange", at(9)), facts=KNOWN)
    red = pregnancy(stood("red", at(9)), facts=KNOWN)

    first = of(orange, at(9), "R-REPORT-01-orange")
    assert (first.due, first.warn_from) == (china(3, 8, 10), china(3, 7, 16))
    second = of(red, at(9), "R-REPORT-02-red")
    assert (second.due, second.warn_from) == (china(3, 6, 10), china(3, 6, 4))
    assert not of(red, china(3, 6, 9, 59), "R-REPORT-02-red").overdue
    assert of(red, china(3, 6, 10), "R-REPORT-02-red").overdue
    assert "R-REPORT-01-orange" not in rules(red, at(9))
    assert not {"R-REPORT-01-orange", "R-REPORT-02-red"} & rules(
        pregnancy(stood("yellow", at(9)), facts=KNOWN), at(9)
    )


def test_every_step_into_a_colour_is_reported_and_a_confirmed_colour_is_not_again():
    record = pregnancy(
        stood("orange", at(9)),
        event("report", at(9, 1), ref="first"),
        stood("orange", at(12)),
        stood("red", at(20)),
        facts=KNOWN,
    )
    found = {key: item.state for key, item in items(record, at(21)).items() if "REPORT" in key[0]}

    assert sorted(found.values()) == [DueState.DONE, DueState.OPEN]
    (open_one,) = [key for key, state in found.items() if state is DueState.OPEN]
    assert open_one[0] == "R-REPORT-02-red"


def test_a_report_of_a_colour_that_was_lowered_is_still_due():
    record = pregnancy(stood("red", at(9)), stood("yellow", at(9, 2)), facts=KNOWN)

    assert of(record, at(10), "R-REPORT-02-red").overdue


def test_a_death_is_reported_within_two_days_though_the_file_has_ended():
    """R-REPORT-03."""
    record = pregnancy(stood("red", at(9)), event("maternal_death", at(30)), facts=KNOWN)
    item = of(record, at(31), "R-REPORT-03-death")

    assert (item.due, item.state) == (at(30, 2), DueState.OPEN)
    assert rules(record, at(40)) == {"R-REPORT-03-death", "R-DUTY-05-death"}
    done = pregnancy(
        event("maternal_death", at(30)), event("death_report", at(30, 1), ref="d"), facts=KNOWN
    )
    assert of(done, at(40), "R-REPORT-03-death").done_by == "d"


def test_plans_are_made_in_a_week_for_orange_and_in_three_days_for_red():
    """R-CASE-03."""
    orange = pregnancy(stood("orange", at(9)), facts=KNOWN)
    red = pregnancy(stood("red", at(9)), event("emergency_plan", at(9, 1), ref="p"), facts=KNOWN)

    for plan in ("management", "treatment", "emergency"):
        assert of(orange, at(9), f"R-CASE-03-{plan}-orange").due == at(10)
        assert of(red, at(9), f"R-CASE-03-{plan}-red").due == at(9, 3)
    assert of(red, at(10), "R-CASE-03-emergency-red").done_by == "p"
    assert of(red, at(10), "R-CASE-03-management-red").overdue


def test_red_is_judged_in_three_days_whether_she_may_go_on():
    """R-MGMT-RED."""
    record = pregnancy(stood("red", at(9)), facts=KNOWN)

    assert of(record, at(9), "R-MGMT-RED-judgement").due == at(9, 3)
    assert "R-MGMT-RED-judgement" not in rules(
        pregnancy(stood("orange", at(9)), facts=KNOWN), at(9)
    )


def test_a_file_without_a_named_clinician_is_an_alert_at_once_and_again_when_she_leaves():
    """R-CASE-04."""
    opened = event("case_opened", at(9), ref="file")
    named = event("clinician_named", at(9, hour=11), ref="n")
    left = event("clinician_left", at(20))
    record = pregnancy(opened, named, left, facts=KNOWN)

    assert of(record, at(9), "R-CASE-04-clinician").overdue
    assert of(record, at(19), "R-CASE-04-clinician").done_by == "n"
    alone = of(record, at(21), "R-CASE-04-clinician")
    assert (alone.overdue, alone.due, alone.key) == (True, at(20), ("R-CASE-04-clinician", "file"))


def test_a_file_that_changes_hands_at_one_instant_is_never_without_a_clinician():
    record = pregnancy(
        event("case_opened", at(9)),
        event("clinician_named", at(9), ref="old"),
        event("clinician_named", at(20), ref="new"),
        event("clinician_left", at(20)),
        facts=KNOWN,
    )

    assert of(record, at(21), "R-CASE-04-clinician").done_by == "new"


def test_the_hospital_of_birth_is_fixed_before_32_weeks_begin():
    """R-CASE-05: warned from 28+0, overdue as soon as it is 32+0; a lost place opens it again."""
    record = pregnancy(
        stood("orange", at(9)),
        event("delivery_planned", at(20), ref="b"),
        event("delivery_unplanned", at(33)),
        facts=KNOWN,
    )
    without = pregnancy(stood("orange", at(9)), facts=KNOWN)

    assert of(without, at(28), "R-CASE-05-delivery").warned
    assert not of(without, at(27, 6), "R-CASE-05-delivery").warned
    assert not of(without, at(31, 6, hour=23), "R-CASE-05-delivery").overdue
    assert of(without, china(8, 13), "R-CASE-05-delivery").overdue
    assert of(record, at(32), "R-CASE-05-delivery").done_by == "b"
    again = of(record, at(34), "R-CASE-05-delivery")
    assert (again.overdue, again.due) == (True, at(33))


def test_only_a_woman_with_a_file_has_her_place_fixed_by_that_date():
    plain = pregnancy(stood("yellow", at(9)), facts=KNOWN)
    perhaps = pregnancy(stood("yellow", at(9)), facts={"age_years": 28})
    after = pregnancy(stood("yellow", at(9)), facts={**KNOWN, "prior_cs_count": 1})

    assert "R-CASE-05-delivery" not in rules(plain, at(30))
    assert of(after, at(30), "R-CASE-05-delivery").ask == ()
    assert of(perhaps, at(30), "R-CASE-05-delivery").ask == ("prior_cs_count",)


def test_at_35_on_the_due_date_counselling_and_prenatal_diagnosis_are_due():
    """R-CASE-08: by the end of 13+6 and of 20+6; a refusal is an event like any other."""
    older = {**KNOWN, "age_years": 34, "age_at_edd_years": 35}
    record = pregnancy(event("counselling", at(12), ref="refused"), facts=older)
    item = of(record, at(12), "R-CASE-08-diagnosis")

    assert of(record, at(14), "R-CASE-08-counselling").done_by == "refused"
    assert (item.day, item.due) == (date(2026, 5, 27), china(5, 28))
    assert of(pregnancy(facts=older), at(12), "R-CASE-08-counselling").due == china(4, 9)
    assert of(pregnancy(facts=older), at(12), "R-CASE-08-counselling").warn_from == at(11, hour=0)
    assert not {"R-CASE-08-counselling", "R-CASE-08-diagnosis"} & rules(
        pregnancy(facts=KNOWN), at(12)
    )


def test_after_a_caesarean_the_sac_is_placed_from_6_weeks_and_overdue_at_8_weeks_6_days():
    """R-SCAR-00."""
    scar = {**KNOWN, "prior_cs_count": 1}
    record = pregnancy(event("registered", at(5)), facts=scar)

    assert not of(record, at(5, 6), "R-SCAR-00-sac").warned
    assert of(record, at(6), "R-SCAR-00-sac").warned
    assert not of(record, at(8, 5, hour=23), "R-SCAR-00-sac").overdue
    assert of(record, china(3, 4), "R-SCAR-00-sac").overdue
    seen = pregnancy(event("early_ultrasound", at(7), ref="u"), facts=scar)
    assert of(seen, at(9), "R-SCAR-00-sac").done_by == "u"
    assert "R-SCAR-00-sac" not in rules(pregnancy(facts=KNOWN), at(7))


@pytest.mark.parametrize(
    "answer",
    [
        {"sac_located_by_ultrasound": True},
        {"scar_pregnancy": False},
        {"scar_pregnancy": True},
        {"placenta_position": "praevia"},
    ],
)
def test_the_early_ultrasound_is_done_where_a_fact_says_what_it_showed(answer):
    record = pregnancy(facts={**KNOWN, "prior_cs_count": 1, **answer})
    item = of(record, at(9), "R-SCAR-00-sac")

    assert (item.state, item.done_by) == (DueState.DONE, FROM_FACTS)


def test_an_unknown_number_of_caesareans_asks_instead_of_keeping_silent():
    item = of(pregnancy(facts={"age_years": 28}), at(9), "R-SCAR-00-sac")

    assert (item.state, item.ask, item.overdue) == (DueState.OPEN, ("prior_cs_count",), True)


def test_scar_and_praevia_are_imaged_between_28_and_32_weeks():
    """R-SCAR-04: an image of 26 weeks is repeated."""
    facts = {**KNOWN, "prior_cs_count": 1, "uterine_scar": True, "placenta_position": "praevia"}
    early = event("placenta_imaging", at(26), ref="early")
    item = of(pregnancy(early, facts=facts), at(28), "R-SCAR-04-imaging")

    assert (item.state, item.warned, item.due) == (DueState.OPEN, True, china(8, 13))
    again = pregnancy(early, event("placenta_imaging", at(29), ref="again"), facts=facts)
    assert of(again, at(30), "R-SCAR-04-imaging").done_by == "again"
    normal = pregnancy(facts={**facts, "placenta_position": "normal"})
    assert "R-SCAR-04-imaging" not in rules(normal, at(28))
    unseen = {name: facts[name] for name in facts if name != "placenta_position"}
    assert of(pregnancy(facts=unseen), at(28), "R-SCAR-04-imaging").ask == ("placenta_position",)
