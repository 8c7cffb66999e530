import pytest

from facilities.capability import Trust
from facilities.centre import FacilityStatus, WardLevel
from tests.routing.toys import (
    BLEEDING,
    RESCUE,
    SMALL,
    THEATRE,
    WARD,
    ask,
    centre,
    hospital,
    ids,
    kinds,
    pool,
    reasons,
    request,
    ways,
    world,
)

BED = "OB_RESCUE_BED"
SHOCKED = {**BLEEDING, "shock_index": 1.1}


def on_the_way(stop=40, onward=90, between=75, **more):
    """STOP has theatre and red cells, GOAL the rescue bed as well and a team."""
    facility = centre("STOP", *THEATRE, m=0, n=None, **more)
    return world(
        [facility, centre("GOAL", *RESCUE, "OB_TRANSPORT")],
        {("HERE", "STOP"): stop, ("HERE", "GOAL"): onward, ("STOP", "GOAL"): between},
        pools=[pool("GOAL", BED, 1)],
        catchment=[("530102", "M", 1, "GOAL")],
    )


def test_a_bleeding_woman_stops_first_where_there_is_a_theatre_with_red_cells():
    """50 minutes nearer, 40 + 75 - 90 = 25 out of the way; 20 + 40 + 10 and no other part."""
    answer = ask(on_the_way(), request(SHOCKED))
    first, second = answer.ranking

    assert (first.facility_id, first.role, first.rank) == ("STOP", "first_stop", 1)
    assert first.cost_min == first.time_to_care_min == 70.0
    assert sum(first.cost.values()) == pytest.approx(70)
    assert first.lacks == (BED, "BLOOD_MTP", "AICU", "HYSTERECTOMY_24H")
    assert first.why == ("first_stop_theatre", "onward:GOAL")
    assert first.places == ()
    assert (second.facility_id, second.role) == ("GOAL", "definitive")
    assert answer.excluded == ()


def test_the_team_of_the_higher_centre_comes_to_the_stop():
    """45 to leave + 75 from GOAL to STOP; nobody is met on a way that ends at the stop."""
    answer = ask(on_the_way(), request(SHOCKED))
    team = next(a for a in answer.alternatives if a.kind == "expert_team")

    assert (team.from_facility_id, team.facility_id, team.minutes) == ("GOAL", "STOP", 120)
    assert "rendezvous" not in kinds(answer)


@pytest.mark.parametrize(
    ("stop", "onward", "between", "first"),
    [
        (70, 90, 50, "STOP"),  # 20 nearer, 30 out of the way
        (70.1, 90, 50, "GOAL"),  # 19.9 nearer
        (70, 90, 50.1, "GOAL"),  # 30.1 out of the way
    ],
)
def test_twenty_minutes_nearer_and_thirty_out_of_the_way_are_the_limits(
    stop, onward, between, first
):
    assert ids(ask(on_the_way(stop, onward, between), request(SHOCKED)))[0] == first


def test_a_woman_who_is_not_in_shock_goes_straight():
    assert ids(ask(on_the_way(), request(BLEEDING)))[0] == "GOAL"


def test_an_unknown_shock_index_counts_as_shock():
    facts = {k: v for k, v in BLEEDING.items() if k != "shock_index"}

    assert ids(ask(on_the_way(), request(facts)))[0] == "STOP"


def test_a_sender_with_a_theatre_and_blood_of_its_own_is_the_stop_itself():
    sender = hospital("CS_24H", "BLOOD_RBC", trust=Trust.ASSUMED)

    assert ids(ask(on_the_way(), request(SHOCKED, sender=sender)))[0] == "GOAL"


@pytest.mark.parametrize("status", [FacilityStatus.DIVERTED, FacilityStatus.SUSPENDED])
def test_a_place_that_takes_nobody_is_no_stop(status):
    assert ids(ask(on_the_way(status=status), request(SHOCKED))) == ["GOAL"]


def test_a_place_left_out_by_the_request_is_no_stop():
    assert ids(ask(on_the_way(), request(SHOCKED, exclude=["STOP"]))) == ["GOAL"]


def test_of_two_stops_the_nearest_that_fits_is_taken():
    """WRONG is nearer but 30 + 100 - 90 = 40 out of the way."""
    facilities = [
        centre("WRONG", *THEATRE),
        centre("STOP", *THEATRE),
        centre("GOAL", *RESCUE),
    ]
    network = world(
        facilities,
        {
            ("HERE", "WRONG"): 30,
            ("WRONG", "GOAL"): 100,
            ("HERE", "STOP"): 50,
            ("STOP", "GOAL"): 50,
            ("HERE", "GOAL"): 90,
        },
        pools=[pool("GOAL", BED, 1)],
    )

    assert ids(ask(network, request(SHOCKED))) == ["STOP", "GOAL"]


def test_a_centre_that_is_the_stop_is_not_ranked_a_second_time():
    """E-M02 from a sender that can do nothing: STOP alone is near, GOAL definitive; NEAR both."""
    network = on_the_way()
    answer = ask(network, request(SHOCKED))

    assert sorted(ids(answer) + list(reasons(answer))) == ["GOAL", "STOP"]


def test_in_a_plan_the_stop_comes_first_takes_no_place_and_the_definitive_ways_follow():
    found = ways(on_the_way(), request(SHOCKED))

    assert (found.ways[0].facility_id, found.ways[0].role) == ("STOP", "first_stop")
    assert (found.ways[0].uses, found.ways[0].over_capacity) == ((), True)
    assert {way.facility_id for way in found.ways[1:]} == {"GOAL"}


TINY = {"neo_ga_weeks": "26+0", "birth_weight_g": 800, "newborn_stabilised": True}
"""E-N01: L3B, ventilator, surfactant; at most 360 minutes; ESC-NEO-CRIT."""
L3A = WardLevel.L3A


def ventilators(stop, goal):
    """STOP is a ward L3A with a ventilator, GOAL the ward L3B that is asked for."""
    return world(
        [
            centre("STOP", *WARD, ward=WardLevel.L3A, n=2),
            centre("GOAL", *WARD, "NEO_TRANSPORT", ward=WardLevel.L3B, n=3),
        ],
        {("HERE", "STOP"): stop, ("HERE", "GOAL"): goal, ("STOP", "GOAL"): goal},
        pools=[pool("GOAL", "NEO_L3B", 1)],
    )


@pytest.mark.parametrize(
    ("stop", "goal", "first"), [(60, 150, "STOP"), (60, 149, "GOAL"), (300, 360, "GOAL")]
)
def test_a_newborn_stops_at_a_ventilator_ninety_minutes_before_the_definitive_centre(
    stop, goal, first
):
    """Own escort both times, so the times to care differ as the journeys do. Met on the way to
    GOAL in the last case, care begins after 45 + 180 minutes: not late."""
    critical = ("ESC-NEO-CRIT",)

    assert ids(ask(ventilators(stop, goal), request(TINY, escort=critical)))[0] == first


def test_a_newborn_stops_first_where_the_definitive_centre_is_late():
    """Without a team 20 + 340 + 20 = 380 > 360; STOP is 70 minutes sooner."""
    network = world(
        [
            centre("STOP", *WARD, ward=WardLevel.L3A, n=2),
            centre("GOAL", *WARD, ward=WardLevel.L3B, n=3),
        ],
        {("HERE", "STOP"): 270, ("HERE", "GOAL"): 340},
        pools=[pool("GOAL", "NEO_L3B", 1)],
    )
    first = ask(network, request(TINY)).ranking[0]

    assert (first.facility_id, first.role) == ("STOP", "first_stop")
    assert first.why == ("first_stop_ventilator", "onward:GOAL")
    assert first.time_to_care_min == 20 + 270 + 10
    assert "NEO_L3B" in first.lacks


def test_a_sender_with_a_ventilator_ward_of_its_own_is_the_stop_itself():
    sender = hospital(*WARD, *L3A.capabilities, m=2, n=2)

    assert ids(ask(ventilators(60, 200), request(TINY, sender=sender)))[0] == "GOAL"


def test_a_newborn_of_another_row_goes_straight():
    network = world(
        [centre("STOP", "NEO_VENT", ward=L3A, n=2), centre("GOAL", "NEO_CPAP", ward=L3A, n=2)],
        {("HERE", "STOP"): 10, ("HERE", "GOAL"): 300},
        pools=[pool("GOAL", "NEO_L3A", 1)],
    )

    assert ids(ask(network, request(SMALL))) == ["GOAL"]


def test_a_bleeding_woman_without_any_definitive_centre_goes_to_the_theatre():
    """GOAL cannot be reached: the theatre 40 away is all there is, and nowhere to go on to."""
    network = world(
        [centre("STOP", *THEATRE, m=0, n=None), centre("GOAL", *RESCUE)],
        {("HERE", "STOP"): 40},
        pools=[pool("GOAL", BED, 1)],
    )
    answer = ask(network, request(SHOCKED))

    assert [(row.facility_id, row.role) for row in answer.ranking] == [("STOP", "first_stop")]
    assert answer.ranking[0].why == ("first_stop_theatre",)
    assert answer.ranking[0].cost_min == 70.0
    assert reasons(answer)["GOAL"] == ["no_time"]
    assert kinds(answer)[-1] == "call_coordinator"


def test_a_stop_stays_one_where_nobody_stated_how_long_the_way_on_is():
    """The detour is only unsaid, and 50 minutes nearer is known."""
    network = world(
        [centre("STOP", *THEATRE, m=0, n=None), centre("GOAL", *RESCUE)],
        {("HERE", "STOP"): 40, ("HERE", "GOAL"): 90},
        pools=[pool("GOAL", BED, 1)],
    )

    assert ids(ask(network, request(SHOCKED)))[0] == "STOP"
