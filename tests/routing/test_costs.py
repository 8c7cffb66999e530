from datetime import timedelta

import pytest

from facilities.centre import WardLevel
from tests.routing.toys import (
    BLEEDING,
    CORD,
    FAR,
    HOME,
    NEXT_DOOR,
    NOW,
    RESCUE,
    SMALL,
    THEATRE,
    WARD,
    ask,
    centre,
    ids,
    pool,
    reasons,
    request,
    world,
)

BED = "OB_RESCUE_BED"


def beds(**pools):
    """One centre an hour away per pool, all inside the catchment."""
    return world(
        [centre(name, *RESCUE) for name in pools],
        {("HERE", name): 60 for name in pools},
        pools=pools.values(),
        catchment=[(HOME, "M", 1, name) for name in pools],
    )


def row_of(answer, facility_id):
    return next(row for row in answer.ranking if row.facility_id == facility_id)


def test_a_doubtful_place_costs_its_probability_to_be_gone_times_the_wait():
    """0.05, 0.3, 0.5 x 10 minutes; a report of tomorrow is no report."""
    network = beds(
        FRESH=pool("FRESH", BED, 2, age_min=120),
        STALE=pool("STALE", BED, 2, age_min=121),
        OLD=pool("OLD", BED, 2, age_min=1441),
        GUESSED=pool("GUESSED", BED, 2, age_min=None),
        TOMORROW=pool("TOMORROW", BED, 2, age_min=-60),
    )
    answer = ask(network, request(BLEEDING))

    assert {row.facility_id: row.cost["trust"] for row in answer.ranking} == pytest.approx(
        {"FRESH": 0.5, "STALE": 3.0, "OLD": 5.0, "GUESSED": 5.0, "TOMORROW": 5.0}
    )
    assert ids(answer)[:2] == ["FRESH", "STALE"]
    assert {row.facility_id for row in answer.ranking if not row.phone_first} == {"FRESH"}


def test_lateness_is_counted_once_more_from_the_decision():
    """20 + 60 + 10 = 90 with 45 gone of 120: 75 are left, late by 15; 90 + 15 + 0.5."""
    row = ask(beds(A=pool("A", BED, 2)), request(BLEEDING, waited_min=45)).ranking[0]

    assert row.cost["late"] == pytest.approx(15)
    assert row.cost_min == 105.5
    assert row.within == "late"


@pytest.mark.parametrize(("waited", "within"), [(0, "hard"), (30, "hard"), (30.5, "late")])
def test_within_compares_time_to_care_with_what_is_left(waited, within):
    """Target 60, hard limit 120, time to care 90."""
    answer = ask(beds(A=pool("A", BED, 2)), request(BLEEDING, waited_min=waited))

    assert answer.ranking[0].within == within


def test_within_the_target_and_maybe_late_by_the_high_estimate():
    """20 + 25 + 10 = 55 <= 60; by the high estimate 20 + 95 + 10 = 125 > 120."""
    network = world(
        [centre("A", *RESCUE)], {("HERE", "A"): (20, 25, 95)}, pools=[pool("A", BED, 1)]
    )
    row = ask(network, request(BLEEDING)).ranking[0]

    assert (row.within, row.may_be_late) == ("target", True)


def test_a_full_centre_stays_in_the_ranking_at_its_price():
    """60 for a rescue bed, 120 where an intensive place is among the seats."""
    network = world(
        [centre("A", *RESCUE)],
        {("HERE", "A"): 30},
        pools=[pool("A", BED, 0), pool("A", "AICU", 0)],
    )
    bed = ask(network, request(BLEEDING)).ranking[0]
    intensive = ask(network, request({"maternal_sepsis": True, "delivered": True})).ranking[0]

    assert (bed.over_capacity, bed.phone_first, bed.cost["over_capacity"]) == (True, True, 60.0)
    assert bed.places[0].free == 0
    assert intensive.cost["over_capacity"] == 120.0
    assert bed.cost["trust"] == 0.0


def test_a_place_that_empties_before_she_arrives_counts():
    """She is there after 20 + 60 = 80 minutes; one bed is free from then, one a minute later."""
    network = beds(
        IN_TIME=pool("IN_TIME", BED, 0, free_from=NOW + timedelta(minutes=80)),
        TOO_LATE=pool("TOO_LATE", BED, 0, free_from=NOW + timedelta(minutes=81)),
    )
    answer = ask(network, request(BLEEDING))

    assert not row_of(answer, "IN_TIME").over_capacity
    assert row_of(answer, "IN_TIME").places[0].free == 1
    assert row_of(answer, "TOO_LATE").over_capacity


def test_a_higher_cot_serves_at_thirty_a_step_and_the_cheapest_is_taken():
    """L2B is full: L3A costs 30 and L3B 60."""
    network = world(
        [centre("A", *WARD, ward=WardLevel.L3B)],
        {("HERE", "A"): 60},
        pools=[pool("A", "NEO_L2B", 0), pool("A", "NEO_L3B", 3), pool("A", "NEO_L3A", 1)],
    )
    row = ask(network, request(SMALL)).ranking[0]

    assert row.cost["ward_step"] == 30.0
    assert [place.kind for place in row.places] == ["NEO_L3A"]
    assert "higher_ward" in row.why


def test_each_missing_preferred_capability_costs_five_and_all_together_at_most_twenty():
    """E-M01 prefers blood products, intensive care and hysterectomy: one, and three missing."""
    network = world(
        [
            centre("ONE", *THEATRE, BED, "AICU", "HYSTERECTOMY_24H"),
            centre("THREE", *THEATRE, BED),
        ],
        {("HERE", "ONE"): 60, ("HERE", "THREE"): 60},
        pools=[pool("ONE", BED, 1), pool("THREE", BED, 1)],
    )
    answer = ask(network, request(BLEEDING))

    assert {row.facility_id: row.cost["lacks"] for row in answer.ranking} == {
        "ONE": 5.0,
        "THREE": 15.0,
    }
    assert row_of(answer, "THREE").lacks == ("BLOOD_MTP", "AICU", "HYSTERECTOMY_24H")


def test_the_price_of_missing_capabilities_is_capped():
    """HELLP prefers two, sepsis one more, heart failure two: five missing cost 20, not 25."""
    facts = {"hellp": True, "maternal_sepsis": True, "acute_heart_failure": True}
    network = world(
        [centre("A", *RESCUE, "CARDIO")],
        {("HERE", "A"): 60},
        pools=[pool("A", "AICU", 1)],
    )
    row = ask(network, request({**facts, "delivered": True})).ranking[0]

    assert len(row.lacks) == 5
    assert row.cost["lacks"] == 20.0


def handicaps(minutes, *, m=1):
    """IN is in the catchment, OUT beside it, AWAY in another prefecture and below its level."""
    return world(
        [
            centre("IN", *RESCUE, m=1),
            centre("OUT", *RESCUE, m=1),
            centre("AWAY", *RESCUE, m=m, county=FAR),
        ],
        {("HERE", name): minutes for name in ("IN", "OUT", "AWAY")},
        pools=[pool(name, BED, 1) for name in ("IN", "OUT", "AWAY")],
        catchment=[(HOME, "M", 1, "IN")],
    )


def test_handicaps_of_a_short_journey():
    """T = 90: outside the catchment 4; other prefecture 4 + 3; also below the level 4 + 3 + 3."""
    near = ask(handicaps(60), request(BLEEDING))
    below = ask(handicaps(60, m=0), request(BLEEDING))

    assert {row.facility_id: row.cost["preference"] for row in near.ranking} == pytest.approx(
        {"IN": 0, "OUT": 4, "AWAY": 7}
    )
    assert row_of(below, "AWAY").cost["preference"] == pytest.approx(10)
    assert ids(near) == ["IN", "OUT", "AWAY"]


def test_handicaps_grow_with_the_shortest_time_to_care_and_are_capped():
    """T = 20 + 270 + 10 = 300: 4 x 3 = 12; (4 + 3) x 3 = 21; (4 + 3 + 3) x 3 = 30 = T / 10."""
    long = ask(handicaps(270, m=0), request(BLEEDING))

    assert row_of(long, "OUT").cost["preference"] == pytest.approx(12)
    assert row_of(long, "AWAY").cost["preference"] == pytest.approx(30)


def test_the_shortest_time_counts_every_capable_centre_whatever_is_free_or_left_out():
    """NEAR is left out by the request and full; T is 40 all the same, so nothing grows."""
    network = world(
        [centre("NEAR", *RESCUE), centre("OUT", *RESCUE, county=FAR)],
        {("HERE", "NEAR"): 10, ("HERE", "OUT"): 270},
        pools=[pool("NEAR", BED, 0), pool("OUT", BED, 1)],
        catchment=[(HOME, "M", 1, "NEAR")],
    )
    answer = ask(network, request(BLEEDING, exclude=["NEAR"]))

    assert answer.ranking[0].cost["preference"] == pytest.approx(4 + 3)
    assert reasons(answer) == {"NEAR": ["excluded_by_request"]}


def test_the_catchment_is_the_first_rank_with_a_feasible_centre():
    network = world(
        [centre("FIRST", *THEATRE), centre("SECOND", *RESCUE), centre("OTHER", *RESCUE)],
        {("HERE", name): 60 for name in ("FIRST", "SECOND", "OTHER")},
        pools=[pool("SECOND", BED, 1), pool("OTHER", BED, 1)],
        catchment=[(HOME, "M", 1, "FIRST"), (HOME, "M", 2, "SECOND")],
    )
    answer = ask(network, request(BLEEDING))

    assert ids(answer) == ["SECOND", "OTHER"]
    assert "catchment" in answer.ranking[0].why
    assert reasons(answer) == {"FIRST": ["lacks_capability"]}


def test_without_an_imported_row_the_catchment_goes_by_level_and_is_shown_as_assumed():
    """R-CATCH-03: the own county's M1 before the prefecture's M2."""
    network = world(
        [centre("OWN", *RESCUE, county=HOME, m=1), centre("UP", *RESCUE, m=2)],
        {("HERE", "OWN"): 60, ("HERE", "UP"): 60},
        pools=[pool("OWN", BED, 1), pool("UP", BED, 1)],
    )
    answer = ask(network, request(BLEEDING))

    assert ids(answer) == ["OWN", "UP"]
    assert answer.ranking[0].why[-2:] == ("catchment", "catchment_assumed")


def test_never_bypass_counts_minutes_and_nothing_else():
    """Far from its catchment, level and beds: 5 + 20 against 5 + 25."""
    network = world(
        [
            centre("BARE", "CS_24H", "ANAES_24H", m=0, n=None, county=FAR),
            centre("FULL", *RESCUE, ward=WardLevel.L3A, m=3),
        ],
        {("HERE", "BARE"): 20, ("HERE", "FULL"): 25},
        catchment=[(HOME, "M", 1, "FULL")],
    )
    answer = ask(network, request(CORD))
    first = answer.ranking[0]

    assert ids(answer) == ["BARE", "FULL"]
    assert (first.cost_min, first.places) == (25.0, ())
    assert "NEO_RESUS" in first.lacks
    assert first.why[0] == "nearest_theatre"


def test_equal_costs_are_told_apart_by_high_minutes_pool_in_use_and_id():
    """All cost the same: C with the lower high estimate, B with the emptier pool, A and D by id."""
    times = {("HERE", name): (60, 60, 80) for name in "ABD"} | {("HERE", "C"): (60, 60, 70)}
    network = world(
        [centre(name, *RESCUE) for name in "ABCD"],
        times,
        pools=[pool(n, BED, f, of=4) for n, f in (("A", 1), ("B", 3), ("C", 1), ("D", 1))],
        catchment=[(HOME, "M", 1, name) for name in "ABCD"],
    )

    assert ids(ask(network, request(BLEEDING))) == ["C", "B", "A", "D"]


def test_next_door_and_home_are_of_one_prefecture():
    assert NEXT_DOOR[:4] == HOME[:4] != FAR[:4]
