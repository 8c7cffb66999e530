"""What is due in one pregnancy, counted by hand; 0+0 weeks is 1 January 2026, a Thursday.

So 8+6 is 4 March, 13+6 is 8 April, 20+6 is 27 May, 28+0 is 16 July, 32+0 is 13 August, 36+0 is
10 September 2026. Times are those of China.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from routing.care.calendar import due_items
from routing.care.days import CHINA
from routing.care.due import FROM_FACTS, DueState
from tests.routing.care.records import CARE, at, event, pregnancy, stood


def items(record, now):
    return {(item.rule, item.about): item for item in due_items(CARE, record, now=now)}


def of(record, now, rule):
    """The one item of a rule."""
    (found,) = [item for item in due_items(CARE, record, now=now) if item.rule == rule]
    return found


def rules(record, now, *, state=DueState.OPEN):
    return {item.rule for item in due_items(CARE, record, now=now) if item.state is state}


def china(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


KNOWN = {"age_years": 28, "prior_cs_count": 0, "uterine_scar": False, "placenta_over_scar": False}


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
    assert rules(record, at(40)) == {"R-REPORT-03-death"}
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


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        ("R-FOLLOW-02-2", (16, 0), (20, 6)),
        ("R-FOLLOW-02-3", (21, 0), (24, 6)),
        ("R-FOLLOW-02-4", (28, 0), (36, 6)),
        ("R-FOLLOW-02-5", (37, 0), (40, 6)),
    ],
)
def test_every_woman_is_seen_in_each_window(rule, first, last):
    """R-FOLLOW-02: a visit the day before does not count, one on the last day is in time."""
    before = event("visit", at(*first) - timedelta(days=1))
    record = pregnancy(before, facts=KNOWN)

    assert of(record, at(*first), rule).warned
    assert not of(record, at(*last, hour=23), rule).overdue
    assert of(record, at(*last) + timedelta(days=1), rule).overdue
    seen = pregnancy(before, event("visit", at(*last, hour=23), ref="v"), facts=KNOWN)
    item = of(seen, at(*last) + timedelta(days=1), rule)
    assert (item.done_by, item.late) == ("v", False)


def test_the_first_visit_is_by_12_weeks_6_days_and_booking_is_one():
    late = of(pregnancy(facts=KNOWN), at(13), "R-FOLLOW-02-1")
    booked = pregnancy(event("registered", at(10), ref="r"), facts=KNOWN)

    assert (late.overdue, late.day) == (True, date(2026, 4, 1))
    assert of(booked, at(13), "R-FOLLOW-02-1").done_by == "r"


def test_each_referral_is_followed_up_by_itself_within_14_days():
    """R-FOLLOW-03: sent on 5 March; the outcome of the second says nothing of the first."""
    record = pregnancy(
        event("referral_sent", at(9), ref="one"),
        event("referral_sent", at(9, 1), ref="two"),
        event("referral_outcome", at(10), about="two", ref="o"),
        facts=KNOWN,
    )
    found = items(record, at(11))

    assert found["R-FOLLOW-03-outcome", "one"].day == date(2026, 3, 19)
    assert found["R-FOLLOW-03-outcome", "one"].state is DueState.OPEN
    assert found["R-FOLLOW-03-outcome", "two"].done_by == "o"


def visits(record, now):
    found = [one for one in due_items(CARE, record, now=now) if one.info.table == "follow_up"]
    return [(one.day, one.state, one.done_by) for one in found]


def test_the_next_visit_hangs_on_the_last_time_she_was_seen():
    """R-FOLLOW-01: orange at 9+0 (5 March) by assessment; 19 March; seen on the 18th; 1 April."""
    record = pregnancy(
        event("assessment", at(9)),
        stood("orange", at(9)),
        event("visit", at(10, 6), ref="v"),
        facts=KNOWN,
    )

    assert visits(record, at(10)) == [(date(2026, 3, 19), DueState.OPEN, None)]
    assert visits(record, at(11)) == [
        (date(2026, 3, 19), DueState.DONE, "v"),
        (date(2026, 4, 1), DueState.OPEN, None),
    ]


def test_a_missed_visit_of_orange_is_pursued_in_three_days_and_of_red_in_one():
    """R-FOLLOW-04: due 12 March for red, 19 March for orange; contact through 13 and 22 March."""
    for colour, visit_day, last in (
        ("red", date(2026, 3, 12), date(2026, 3, 13)),
        ("orange", date(2026, 3, 19), date(2026, 3, 22)),
    ):
        record = pregnancy(event("assessment", at(9)), stood(colour, at(9)), facts=KNOWN)
        rule = f"R-FOLLOW-04-{colour}"
        missed = datetime(visit_day.year, visit_day.month, visit_day.day, tzinfo=CHINA)
        missed += timedelta(days=1)

        assert rule not in rules(record, missed - timedelta(minutes=1))
        item = of(record, missed, rule)
        assert (item.day, item.overdue) == (last, False)
        assert of(record, missed + (last - visit_day), rule).overdue


def test_a_contact_settles_the_pursuit_and_the_visit_stays_due():
    record = pregnancy(
        event("assessment", at(9)),
        stood("red", at(9)),
        event("contact", at(10, 1), ref="rang"),
        facts=KNOWN,
    )

    assert of(record, at(11), "R-FOLLOW-04-red").done_by == "rang"
    assert visits(record, at(11)) == [(date(2026, 3, 12), DueState.OPEN, None)]


def test_a_yellow_woman_is_not_pursued_by_rule():
    record = pregnancy(event("assessment", at(9)), stood("yellow", at(9)), facts=KNOWN)

    assert not {rule for rule in rules(record, at(20)) if rule.startswith("R-FOLLOW-04")}


def test_she_is_seen_within_a_week_of_going_home_and_assessed_again():
    """R-POST-01: discharged 27 September, through 4 October."""
    record = pregnancy(
        stood("orange", at(9)),
        event("delivered", at(38)),
        event("discharged", at(38, 3), ref="home"),
        facts=KNOWN,
    )
    for rule in ("R-POST-01-visit", "R-POST-01-reassessment"):
        assert of(record, at(39), rule).day == date(2026, 10, 4)
        assert of(record, china(10, 5), rule).overdue
    assert of(record, at(39), "R-POST-01-discharge").done_by == "home"


def test_a_birth_without_a_discharge_does_not_lose_the_visit_after_it():
    """Born 24 September; nobody writes when she went home: overdue after 8 October."""
    record = pregnancy(event("delivered", at(38)), facts=KNOWN)
    item = of(record, china(10, 9), "R-POST-01-discharge")

    assert (item.day, item.overdue) == (date(2026, 10, 8), True)


def test_with_the_birth_what_belonged_to_pregnancy_is_void_and_not_done():
    record = pregnancy(
        stood("orange", at(9)),
        event("delivered", at(38)),
        event("visit", at(39)),
        facts=KNOWN,
    )
    found = items(record, at(40))

    assert found["R-FOLLOW-02-4", "gestation"].state is DueState.VOID
    assert found["R-CASE-05-delivery", "gestation"].state is DueState.VOID
    assert not found["R-CASE-05-delivery", "gestation"].overdue
    assert "R-REPORT-01-orange" in rules(record, at(40))


@pytest.mark.parametrize("end", ["closed_42d", "pregnancy_lost", "terminated", "moved_away"])
def test_with_the_file_everything_open_is_void(end):
    record = pregnancy(
        event("registered", at(8)), stood("red", at(9)), event(end, at(20)), facts=KNOWN
    )

    assert rules(record, at(30)) == set()


def test_losing_sight_of_her_voids_nothing():
    before = pregnancy(event("registered", at(8)), stood("red", at(9)), facts=KNOWN)
    lost = pregnancy(
        event("registered", at(8)),
        stood("red", at(9)),
        event("lost_to_follow_up", at(20)),
        facts=KNOWN,
    )

    assert rules(lost, at(30)) == rules(before, at(30))


def test_without_a_date_of_pregnancy_the_weeks_are_asked_and_nothing_is_hidden():
    dated = pregnancy(event("registered", at(8)), facts=KNOWN)
    undated = pregnancy(event("registered", at(8)), facts=KNOWN, dated=False)
    item = of(undated, at(30), "R-FOLLOW-02-3")

    assert (item.due, item.warned, item.ask) == (None, True, ("gestational_age_weeks",))
    assert rules(undated, at(30)) >= rules(dated, at(30))


def test_what_lies_after_now_does_not_count():
    record = pregnancy(stood("red", at(9)), event("report", at(9, 2)), facts=KNOWN)

    assert of(record, at(9, 1), "R-REPORT-02-red").overdue
    assert due_items(CARE, record, now=at(8)) == due_items(CARE, pregnancy(facts=KNOWN), now=at(8))


def test_days_are_days_in_china_whatever_the_offset_of_now():
    """13 August begins in China at 16:00 of the 12th in Greenwich."""
    record = pregnancy(stood("orange", at(9)), facts=KNOWN)
    before = datetime(2026, 8, 12, 15, 59, tzinfo=UTC)

    assert not of(record, before, "R-CASE-05-delivery").overdue
    assert of(record, before + timedelta(minutes=1), "R-CASE-05-delivery").overdue


def test_a_now_without_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        due_items(CARE, pregnancy(), now=datetime(2026, 3, 1))  # noqa: DTZ001  the fault itself


def test_the_earliest_comes_first_and_no_two_items_share_a_key():
    record = pregnancy(
        event("registered", at(8)),
        event("screened_positive", at(8)),
        event("assessment", at(9)),
        stood("red", at(9), purple=True),
        event("case_opened", at(9)),
        event("referral_sent", at(10)),
        facts={**KNOWN, "prior_cs_count": 1, "age_years": 36},
    )
    found = due_items(CARE, record, now=at(20))

    assert [one.due for one in found] == sorted(one.due for one in found)
    assert len({one.key for one in found}) == len(found)
