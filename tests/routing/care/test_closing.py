"""What keeps a file open and what may end it; born on 24 September 2026, day 42 is 5 November."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.care.closing import why_not_closed, why_not_ended
from routing.care.rows import END_KINDS, EventKind
from tests.routing.care.records import CARE, at, event, pregnancy, stood

BORN = event("delivered", at(38))
LAST = event("assessment", at(44), ref="last")


def hindrances(record, now):
    return [(one.rule, one.code) for one in why_not_closed(CARE, record, now=now)]


def ended(record, end, *given_words, now=None):
    found = why_not_ended(CARE, record, EventKind(end), given=given_words, now=now or at(50))
    return [one.code for one in found]


def test_a_file_closes_after_the_birth_and_the_assessment_at_42_days():
    """R-CASE-06."""
    assert hindrances(pregnancy(stood("orange", at(9)), BORN, LAST), at(44)) == []
    assert hindrances(pregnancy(stood("orange", at(9))), at(44)) == [("R-CASE-06", "not_delivered")]


@pytest.mark.parametrize("when", [at(43, 6), at(39)])
def test_an_assessment_before_the_42nd_day_does_not_close(when):
    record = pregnancy(stood("orange", at(9)), BORN, event("assessment", when))

    assert hindrances(record, at(50)) == [("R-CASE-06", "not_assessed_at_42_days")]


def test_an_assessment_that_left_rows_open_does_not_close_either():
    record = pregnancy(BORN, event("assessment_incomplete", at(44)))

    assert hindrances(record, at(50)) == [("R-CASE-06", "not_assessed_at_42_days")]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"red_disease_unstable_postpartum": True}, [("R-POST-02", "red_unstable")]),
        ({}, [("R-POST-02", "red_stability_unknown")]),
        ({"red_disease_unstable_postpartum": False}, []),
    ],
)
def test_a_red_disease_that_is_not_known_to_be_stable_keeps_the_file_open(stated, expected):
    record = pregnancy(stood("red", at(9)), BORN, LAST, facts=stated)

    assert hindrances(record, at(44)) == expected


def test_a_woman_who_is_no_longer_red_is_not_asked_about_it():
    record = pregnancy(stood("red", at(9)), stood("yellow", at(43)), BORN, LAST)

    assert hindrances(record, at(44)) == []


@pytest.mark.parametrize("end", ["closed_42d", "maternal_death", "moved_away", "terminated"])
def test_what_is_over_is_not_closed_again(end):
    record = pregnancy(BORN, LAST, event(end, at(45)))

    assert hindrances(record, at(50)) == [("R-CASE-06", "over")]
    assert ended(record, "moved_away", "reason") == ["over"]


def test_every_end_says_what_it_needs():
    record = pregnancy(event("registered", at(9)))

    assert ended(record, "pregnancy_lost") == ["missing_clinician", "missing_reason"]
    assert ended(record, "pregnancy_lost", "clinician", "reason") == []
    assert ended(record, "maternal_death", "clinician") == []


def test_a_file_moves_away_only_with_an_accepted_hand_over():
    """R-CASE-06: documented transfer."""
    taken = pregnancy(event("registered", at(9)), event("handover_accepted", at(20)))

    assert ended(pregnancy(), "moved_away", "reason") == ["missing_handover_accepted"]
    assert ended(taken, "moved_away", "reason") == []
    assert ended(taken, "moved_away", "reason", now=at(19)) == ["missing_handover_accepted"]


def test_nobody_is_lost_before_somebody_has_tried_to_reach_her_and_only_she_comes_back():
    """R-STATE-02."""
    tried = pregnancy(event("contact", at(20)))

    assert ended(pregnancy(), "lost_to_follow_up", "reason") == ["missing_contact"]
    assert ended(tried, "lost_to_follow_up", "reason") == []
    assert [end for end in END_KINDS if CARE.ends[end].returns] == [EventKind.LOST_TO_FOLLOW_UP]


def test_what_is_no_end_is_refused():
    with pytest.raises(KeyError):
        ended(pregnancy(), "delivered")


@given(
    st.sets(st.sampled_from(["delivered", "assessment", "closed_42d", "visit"])),
    st.sampled_from([None, "yellow", "red"]),
    st.sampled_from([None, True, False]),
    st.integers(0, 60),
)
def test_no_file_closes_against_its_rules(kinds, colour, unstable, days):
    """The plain reading of R-CASE-06 and R-POST-02, whatever is on record."""
    happened = [event(kind, at(38, days if kind == "assessment" else 0)) for kind in sorted(kinds)]
    colours = [stood(colour, at(9))] if colour else []
    facts = {} if unstable is None else {"red_disease_unstable_postpartum": unstable}
    may = hindrances(pregnancy(*happened, *colours, facts=facts), at(50)) == []

    checked = "assessment" in kinds and days >= 42
    stable = colour != "red" or unstable is False
    assert may is ({"delivered"} <= kinds and "closed_42d" not in kinds and checked and stable)
