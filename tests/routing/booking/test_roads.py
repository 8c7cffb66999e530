"""Roads that are closed or slowed in her weeks: another centre or a mark, and always a place."""

from dataclasses import replace

import pytest

from geodata.errors import RefusedInputError
from geodata.yunnan import load_road_estimate
from routing.booking.needs import needs_of
from routing.booking.recount import faults_of_answer
from tests.routing.bookings import (
    asked,
    booked,
    every_week,
    pregnancy,
    row_of,
    two_centres,
    where,
)
from tests.routing.toys import HOME, NEXT_DOOR, RESCUE, centre, rules, world

ACROSS = "530112"
"""The other neighbour of HOME."""


def roads_of(county):
    return sorted(sorted(pair) for pair in load_road_estimate().known_pairs if county in pair)


def shut(county=NEXT_DOOR):
    """Every road into a county is closed."""
    return {"closed_roads": roads_of(county)}


def slow(minutes, county=NEXT_DOOR):
    return {"slowed_roads": [[*pair, minutes] for pair in roads_of(county)]}


def apart(a=60, b=100):
    """A next door, B in the county across: the ways from HOME share no road."""
    return world(
        [
            centre("A", *RESCUE, grade=3, county=NEXT_DOOR),
            centre("B", *RESCUE, grade=3, county=ACROSS),
        ],
        {(HOME, "A"): a, (HOME, "B"): b},
        catchment=[(HOME, "M", 1, "A")],
    )


def test_a_centre_behind_a_closed_road_is_not_hers_while_another_can_be_reached():
    """B is farther, and in no catchment of hers; of whose weeks no closure is, she goes to A."""
    answer = booked(apart(), pregnancy("now", **shut()), pregnancy("later"))

    assert where(answer) == {"now": "B", "later": "A"}
    assert "road_kept_out" in row_of(answer, "now").why
    assert {"road_closed", "road_longer"}.isdisjoint(row_of(answer, "now").why)
    assert not [why for why in row_of(answer, "later").why if why.startswith("road")]


def test_where_no_road_is_open_anywhere_she_is_booked_all_the_same_and_it_is_said():
    """25 + 60 + 10 minutes by the usual roads, and the price; how long it takes nobody knows."""
    both = {"closed_roads": [*roads_of(NEXT_DOOR), *roads_of(ACROSS)]}
    answer = booked(apart(), pregnancy("a", **both))
    row = row_of(answer, "a")

    assert answer.unbooked == ()
    assert (row.facility_id, row.cost_min, row.time_to_care_min) == ("A", 95.0 + 2880, None)
    assert "road_closed" in row.why
    assert "nearest" not in row.why


def test_a_slowed_road_counts_as_if_the_way_took_so_much_longer():
    """The oracle: the same question with the longer way stated and no road named."""
    slowed = booked(apart(a=60), pregnancy("a", **slow(30)))
    stated = booked(apart(a=90), pregnancy("a"))
    mine, plain = row_of(slowed, "a"), row_of(stated, "a")

    assert mine.time_to_care_min == plain.time_to_care_min == 125.0
    assert (mine.facility_id, mine.cost_min) == (plain.facility_id, plain.cost_min)
    assert {*mine.why} - {*plain.why} == {"road_longer"}


@pytest.mark.parametrize("minutes", [10, 30, 45, 60, 90, 200])
def test_however_long_a_road_is_slowed_the_booking_is_that_of_the_longer_way(minutes):
    women = ("a", "b", "c")
    more = {"room": every_week(1, "A") + every_week(2, "B")}
    slowed = booked(apart(), *(pregnancy(one, **slow(minutes)) for one in women), **more)
    stated = booked(apart(a=60 + minutes), *map(pregnancy, women), **more)

    assert where(slowed) == where(stated)
    assert slowed.totals.objective == stated.totals.objective
    assert slowed.against["nearest_capable"] == stated.against["nearest_capable"]


def test_who_has_said_no_is_asked_again_before_she_is_sent_where_no_road_leads():
    no = {"facility_id": "B", "by": "centre", "at": "2026-02-20", "reason": "full"}
    row = row_of(booked(apart(), pregnancy("a", declined=[no], **shut())), "a")

    assert row.facility_id == "B"
    assert "declined_all_the_same" in row.why


def test_others_make_room_for_whom_no_other_road_is_open():
    """B is nearer for all of them and does not hold them: who can reach A goes there."""
    room = every_week(20, "A") + every_week(1, "B")
    network = apart(a=100, b=60)
    others = [pregnancy(f"other{n}") for n in range(8)]
    hers = [pregnancy(f"hers{n}", **shut()) for n in range(2)]
    found = where(booked(network, *others, *hers, room=room))

    assert {found[one["id"]] for one in hers} == {"B"}
    assert "A" in {found[one["id"]] for one in others}


def test_a_place_that_is_kept_behind_a_closed_road_stays_and_is_marked():
    fixed = pregnancy("a", booked_facility_id="A", frozen=True, **shut())
    row = row_of(booked(apart(), fixed), "a")

    assert (row.facility_id, row.time_to_care_min) == ("A", None)
    assert {"frozen", "road_closed"} <= {*row.why}
    assert "booked_not_capable" not in row.why


def test_a_place_behind_a_closed_road_that_may_move_moves():
    row = row_of(booked(apart(), pregnancy("a", booked_facility_id="A", **shut())), "a")

    assert row.facility_id == "B"
    assert {"moved", "road_kept_out"} <= {*row.why}


def test_the_simple_rules_go_last_where_no_road_leads():
    """Nearest and own catchment are both A; with its roads closed both are B."""
    answer = booked(apart(), pregnancy("a", **shut()))
    at_b = row_of(answer, "a").cost_min

    assert {one.objective for one in answer.against.values()} == {at_b}


def test_roads_that_change_no_way_change_no_booking():
    """The roads of a county that nobody drives through."""
    far_off = {"closed_roads": roads_of("532823")}
    usual = booked(apart(), pregnancy("a"), pregnancy("b"))
    answer = booked(apart(), pregnancy("a", **far_off), pregnancy("b"))

    assert answer.bookings == usual.bookings


def test_a_road_that_there_is_not_is_refused_where_it_stands():
    with pytest.raises(RefusedInputError) as refused:
        asked(two_centres(), pregnancy("a", closed_roads=[[HOME, "532823"]]))

    assert [(one.where, one.column, one.code) for one in refused.value.faults] == [
        ("pregnancies[0]", "closed_roads[0]", "unknown_road")
    ]


def changed(answer, name, **values):
    rows = (replace(r, **values) if r.id == name else r for r in answer.bookings)
    return replace(answer, bookings=tuple(rows))


def counted_again(answer, *women):
    question = asked(apart(), *women)
    needs = needs_of(rules(), question)
    return faults_of_answer(answer, question, apart(), rules(), needs=needs)


ALL_SHUT = {"closed_roads": [*roads_of(NEXT_DOOR), *roads_of(ACROSS)]}


@pytest.mark.parametrize(
    ("roads", "values", "said"),
    [
        (ALL_SHUT, {"why": ()}, "no road is open"),
        (ALL_SHUT, {"cost_min": 95.0}, "behind a closed road costs"),
        (ALL_SHUT, {"time_to_care_min": 95.0}, "to which no road is open"),
        (slow(30), {"why": ()}, "longer by roads"),
        (slow(30), {"why": ("road_longer", "road_closed")}, "no road is open"),
        (slow(30), {"time_to_care_min": 95.0}, "counted 125.0"),
        (shut(), {"facility_id": "A"}, "no road is open"),
        ({}, {"why": ("road_longer",)}, "longer by roads"),
    ],
)
def test_what_is_not_said_or_not_counted_of_roads_is_found(roads, values, said):
    woman = pregnancy("a", **roads)
    answer = booked(apart(), woman)

    assert counted_again(answer, woman) == []
    assert any(said in one for one in counted_again(changed(answer, "a", **values), woman))
