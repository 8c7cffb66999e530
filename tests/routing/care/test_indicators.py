"""Counts by hand: right place, complete files, scars; few are counts and no rate (R-IND-10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.centre import Grade, MaternalLevel, NeonatalLevel
from routing.care.indicators import (
    Birth,
    Count,
    FileKept,
    Place,
    ScarBirth,
    file_completeness,
    right_place,
    scar_uterus,
)
from routing.triage.rows import Colour

COUNTY = Place(Grade.G2, MaternalLevel.M1, NeonatalLevel.N1)
CITY = Place(Grade.G3, MaternalLevel.M2, NeonatalLevel.N2)
PROVINCE = Place(Grade.G3, MaternalLevel.M3, NeonatalLevel.N3)
PLAIN = Place(Grade.G2, MaternalLevel.M0, None)
UNGRADED = Place(None, MaternalLevel.M0, None)


def test_early_births_are_counted_by_the_newborn_centre():
    """R-IND-06: 31+6 at N2 is right, at N1 wrong; 27+6 at N2 is right once and wrong once."""
    births = [
        Birth(223, None, CITY),
        Birth(223, None, COUNTY),
        Birth(195, None, CITY),
        Birth(195, None, PLAIN),
        Birth(195, None, None),
        Birth(224, None, COUNTY),
        Birth(None, None, PROVINCE),
    ]
    found = right_place(births)

    assert found["below_32"] == Count(2, 4, unknown=1)
    assert found["below_28"] == Count(0, 2, unknown=1)


def test_red_belongs_to_grade_3_and_orange_to_a_rescue_centre_or_grade_3():
    births = [
        Birth(None, Colour.RED, PROVINCE),
        Birth(None, Colour.RED, COUNTY),
        Birth(None, Colour.RED, UNGRADED),
        Birth(None, Colour.ORANGE, COUNTY),
        Birth(None, Colour.ORANGE, PLAIN),
        Birth(None, Colour.ORANGE, Place(Grade.G3, MaternalLevel.M0, None)),
        Birth(None, Colour.ORANGE, UNGRADED),
        Birth(None, Colour.YELLOW, PLAIN),
    ]
    found = right_place(births)

    assert found["red"] == Count(1, 2, unknown=1)
    assert found["orange"] == Count(2, 3, unknown=1)


def test_a_file_is_complete_when_nothing_is_missing_and_open_while_a_day_has_not_come():
    """R-IND-09."""
    files = [
        FileKept(True, True, True, True),
        FileKept(True, True, True, None),
        FileKept(True, False, True, None),
        FileKept(False, None, None, None),
    ]
    found = file_completeness(files)

    assert found["clinician"] == Count(3, 4)
    assert found["reported"] == Count(2, 3, unknown=1)
    assert found["closed"] == Count(1, 1, unknown=3)
    assert found["complete"] == Count(1, 3, unknown=1)


def test_scars_are_counted_among_births_and_trials_among_trials():
    """R-IND-11."""
    births = [
        ScarBirth(ruptured=False, at_theatre=True, trial=True, eligible_site=True),
        ScarBirth(ruptured=True, at_theatre=False, trial=True, eligible_site=False),
        ScarBirth(ruptured=None, at_theatre=True, trial=False, eligible_site=None),
        ScarBirth(ruptured=False, at_theatre=None, trial=None, eligible_site=True),
    ]
    found = scar_uterus(births)

    assert found["ruptures"] == Count(1, 3, unknown=1)
    assert found["outside_theatre"] == Count(1, 3, unknown=1)
    assert found["trial_at_site"] == Count(1, 2)


@pytest.mark.parametrize(
    ("events", "births", "rate"),
    [(5, 30, 5 / 30), (4, 30, None), (5, 29, None), (0, 0, None), (30, 40, 0.75)],
)
def test_with_fewer_than_30_births_or_5_events_no_rate_is_shown(events, births, rate):
    assert Count(events, births).rate == rate


PLACES = st.sampled_from([None, COUNTY, CITY, PROVINCE, PLAIN, UNGRADED])
BIRTHS = st.builds(
    Birth,
    st.one_of(st.none(), st.integers(150, 300)),
    st.sampled_from([None, *Colour]),
    PLACES,
)


@given(st.lists(BIRTHS), st.lists(BIRTHS))
def test_two_counties_together_count_what_they_count_alone(one, other):
    for name, both in right_place([*one, *other]).items():
        first, second = right_place(one)[name], right_place(other)[name]
        assert both.events == first.events + second.events
        assert both.births == first.births + second.births
        assert both.unknown == first.unknown + second.unknown
        assert both.events <= both.births
