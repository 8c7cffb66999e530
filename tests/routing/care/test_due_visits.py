"""Visits, the time after the birth, and what ends: counted by hand.

0+0 weeks is 1 January 2026; 9+0 is 5 March, 38+0 is 24 September. Times are those of China.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from routing.care.calendar import due_items
from routing.care.days import CHINA
from routing.care.due import DueState
from tests.routing.care.records import (
    CARE,
    KNOWN,
    at,
    china,
    event,
    items,
    of,
    pregnancy,
    rules,
    stood,
)


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


def test_a_visit_is_asked_for_by_the_colour_that_stood_until_she_was_seen():
    """Seen on 19 March as orange had it; only then is she red, and due on 26 March."""
    record = pregnancy(
        event("assessment", at(9)),
        stood("orange", at(9)),
        event("assessment", at(11), ref="now red"),
        stood("red", at(11)),
        facts=KNOWN,
    )

    assert visits(record, at(11)) == [
        (date(2026, 3, 19), DueState.DONE, "now red"),
        (date(2026, 3, 26), DueState.OPEN, None),
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


def test_a_visit_on_the_day_of_discharge_but_before_it_is_not_the_one_after_it():
    record = pregnancy(
        event("delivered", at(38)),
        event("visit", at(38, 3, hour=9)),
        event("discharged", at(38, 3, hour=15)),
        facts=KNOWN,
    )

    assert of(record, at(39), "R-POST-01-visit").state is DueState.OPEN


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
