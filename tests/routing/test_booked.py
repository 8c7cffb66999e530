"""Whether the centre that is booked is still the right one when she has to go now."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.routing.test_first_stop import SHOCKED, on_the_way
from tests.routing.test_recommend import NAMES, build, catchments, drawn
from tests.routing.toys import BLEEDING, CORD, RESCUE, SMALL, ask, centre, pool, request, world

BED = "OB_RESCUE_BED"
WHOLE = (*RESCUE, BED)


def two(first_min, booked_min, *, booked=WHOLE, free=2):
    """Centre A and the booked centre B, both with beds, minutes from where she is."""
    return world(
        [centre("A", *WHOLE), centre("B", *booked)],
        {("HERE", "A"): first_min, ("HERE", "B"): booked_min},
        pools=[pool("A", BED, 2), pool("B", BED, free)],
    )


def booked(network, facts, where="B"):
    return ask(network, replace(request(facts), booked_facility=where)).booked


def codes(found):
    return [one.code for one in found.because]


def test_nothing_is_said_where_no_birth_is_booked():
    assert booked(two(20, 30), BLEEDING, None) is None


def test_the_booked_centre_that_is_first_is_right():
    found = booked(two(30, 20), BLEEDING)

    assert (found.right, found.rank, found.later_min, found.because) == (True, 1, 0.0, ())


def test_a_few_minutes_later_the_booked_centre_stays_right():
    """Nine minutes later: less than the ten that handicaps may weigh."""
    found = booked(two(20, 29), BLEEDING)

    assert (found.right, found.rank, found.later_min) == (True, 2, 9.0)


def test_more_minutes_than_handicaps_may_weigh_make_it_wrong_and_name_who_is_sooner():
    """Thirty minutes later, and the cap is ten: care after 20 + 20 + 10 minutes at the first."""
    found = booked(two(20, 50), BLEEDING)

    assert (found.right, found.later_min, codes(found)) == (False, 30.0, ["another_sooner"])
    assert found.because[0].detail == ("A",)


def test_where_nothing_may_be_passed_by_not_a_minute_is_given_to_a_booking():
    found = booked(two(20, 22), CORD)

    assert (found.right, codes(found)) == (False, ["another_sooner"])


def test_a_booked_centre_past_the_limit_is_wrong_where_another_is_in_time():
    """Care is due within 120 minutes: 30 + 100 is late, 30 + 85 is not; the first is at 85."""
    assert codes(booked(two(85, 100), BLEEDING)) == ["late", "another_sooner"]


def test_a_booked_centre_without_a_place_is_wrong_where_another_has_one():
    assert "over_capacity" in codes(booked(two(20, 21, free=0), BLEEDING))


def test_what_is_preferred_and_only_missing_at_the_booked_centre_is_said():
    less = tuple(code for code in WHOLE if code != "AICU")
    found = booked(two(20, 21, booked=less), BLEEDING)

    assert (found.right, codes(found)) == (False, ["lacks_preferred"])
    assert found.because[0].detail == ("AICU",)


def test_a_booked_centre_that_cannot_do_it_is_wrong_with_every_reason():
    found = booked(two(20, 5, booked=("OB_DELIVERY",)), BLEEDING)

    assert (found.right, found.rank, found.later_min) == (False, None, None)
    assert codes(found) == ["lacks_capability", "adds_nothing"]


def test_the_stop_on_the_way_to_a_booked_centre_is_named_and_the_booking_stands():
    found = booked(on_the_way(), SHOCKED, "GOAL")

    assert (found.right, found.rank, codes(found)) == (True, 2, ["first_stop"])
    assert found.because[0].detail == ("STOP",)


def test_a_booked_centre_that_is_the_first_stop_itself_is_right():
    assert booked(on_the_way(), SHOCKED, "STOP").right


@given(
    drawn,
    catchments,
    st.sampled_from([BLEEDING, CORD, SMALL, {"valve_replaced": True}, {}]),
    st.sampled_from(NAMES),
)
def test_the_booked_centre_moves_nothing_and_is_never_right_without_being_ranked(
    chosen, catchment, facts, name
):
    network, _, _ = build(chosen, catchment)
    where = name if name in network.ids else network.ids[0]
    without = ask(network, request(facts))
    answer = ask(network, replace(request(facts), booked_facility=where))
    ranks = {row.facility_id: row.rank for row in answer.ranking}

    assert replace(answer, booked=None) == without
    assert answer.booked.rank == ranks.get(where)
    assert answer.booked.right <= (where in ranks)
    assert answer.booked.right or answer.booked.because


@pytest.mark.parametrize("minutes", [29, 31])
def test_the_cap_of_the_handicaps_is_where_right_ends(minutes):
    assert booked(two(20, minutes), BLEEDING).right is (minutes <= 30)
