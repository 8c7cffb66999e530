"""When a booking is looked at again: a pure comparison of what it rests on with what is so now."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bookings.reopening import Basis, Closed, Now, thresholds, why_reopen
from app.bookings.states import ReopenReason
from app.case_files.states import COLOURS

R = ReopenReason
DUE = date(2027, 2, 20)
BASIS = Basis("orange", False, "530829", DUE, 150)
SAME = Now("orange", False, "530829", DUE, 150, takes_her=True)
WARD = Closed(date(2027, 2, 1), date(2027, 2, 16))

CHANGES = {
    R.COLOUR_RAISED: {"colour": "red"},
    R.COLOUR_LOWERED: {"colour": "yellow"},
    R.PURPLE_CHANGED: {"purple": True},
    R.HOME_MOVED: {"residence_county": "530626"},
    R.DUE_DATE_MOVED: {"edd": DUE + timedelta(days=15)},
    R.CENTRE_CLOSED: {"takes_her": False},
    R.WARD_CLOSED: {"closed": (WARD,)},
    R.TRAVEL_TIME: {"minutes": 181},
    R.NO_WAY: {"minutes": None},
    R.ROAD_CLOSED: {"road_closed": True},
    R.TAKEN_IN: {"taken_in": True},
    R.NO_ROOM: {"lacking": (R.NO_ROOM,)},
    R.NO_LODGING: {"lacking": (R.NO_LODGING,)},
}
"""One change for each reason. 150 min may become 30 min longer, a fifth of them, and no more."""


def test_what_is_as_it_was_holds():
    assert why_reopen(BASIS, SAME) == ()


@pytest.mark.parametrize("reason", list(R))
def test_every_change_is_its_own_reason_and_no_other(reason):
    assert why_reopen(BASIS, replace(SAME, **CHANGES[reason])) == (reason,)


def test_all_changes_at_once_are_all_told():
    both = {R.COLOUR_RAISED: CHANGES[R.COLOUR_LOWERED], R.TRAVEL_TIME: CHANGES[R.NO_WAY]}
    now = replace(SAME, lacking=(R.NO_ROOM, R.NO_LODGING))
    for reason in R:
        if reason not in both and "lacking" not in CHANGES[reason]:
            now = replace(now, **CHANGES[reason])

    assert set(why_reopen(BASIS, now)) == set(R) - set(both)


def test_what_nobody_knows_any_more_is_not_taken_for_harmless():
    assert why_reopen(BASIS, replace(SAME, edd=None)) == (R.DUE_DATE_MOVED,)
    assert why_reopen(BASIS, replace(SAME, colour="")) == (R.COLOUR_LOWERED,)


@pytest.mark.parametrize(
    ("minutes", "now", "again"),
    [(60, 80, False), (60, 81, True), (200, 240, False), (200, 241, True)],
)
def test_a_longer_way_counts_from_twenty_minutes_or_a_fifth(minutes, now, again):
    found = why_reopen(replace(BASIS, minutes=minutes), replace(SAME, minutes=now))

    assert found == ((R.TRAVEL_TIME,) if again else ())


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [
        (date(2027, 1, 1), date(2027, 1, 29), False),
        (date(2027, 1, 1), date(2027, 1, 30), True),
        (date(2027, 3, 2), date(2027, 4, 1), True),
        (date(2027, 3, 3), date(2027, 4, 1), False),
    ],
)
def test_a_closed_ward_counts_from_three_weeks_before_to_ten_days_after_her_date(
    first, last, meets
):
    """Due on 20 February: from 30 January through 2 March."""
    found = why_reopen(BASIS, replace(SAME, closed=(Closed(first, last),)))

    assert found == ((R.WARD_CLOSED,) if meets else ())


COLOUR = st.sampled_from(COLOURS)
DAYS = st.dates(date(2027, 1, 1), date(2027, 6, 1))


@given(COLOUR, st.booleans(), DAYS, st.integers(0, 900), COLOUR, st.booleans(), DAYS)
def test_against_the_rule_read_word_by_word(colour, purple, due, minutes, then, lilac, moved):
    """The oracle says each line for itself, from the words of the page."""
    basis = Basis(colour, purple, "530829", due, minutes)
    now = Now(then, lilac, "530829", moved, minutes, takes_her=True)
    order = ("", "green", "yellow", "orange", "red")
    expected = {
        R.COLOUR_RAISED: order.index(then) > order.index(colour),
        R.COLOUR_LOWERED: order.index(then) < order.index(colour),
        R.PURPLE_CHANGED: lilac != purple,
        R.DUE_DATE_MOVED: abs((moved - due).days) > thresholds()["due_date_days"],
    }

    assert set(why_reopen(basis, now)) == {reason for reason, true in expected.items() if true}
