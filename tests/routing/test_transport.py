import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.centre import WardLevel
from routing.transport import meeting_after
from tests.routing.toys import (
    BLEEDING,
    CORD,
    PREECLAMPSIA,
    RESCUE,
    SMALL,
    WARD,
    ask,
    centre,
    hospital,
    pool,
    request,
    township,
    world,
)

TEAM = "NEO_TRANSPORT"


def mothers(minutes=60):
    return world(
        [centre("A", *RESCUE, "OB_TRANSPORT")],
        {("HERE", "A"): minutes},
        pools=[pool("A", "OB_RESCUE_BED", 1), pool("A", "LABOUR", 1)],
        catchment=[("530102", "M", 1, "A")],
    )


def newborns(minutes=60, *codes):
    return world(
        [centre("A", *WARD, *codes, ward=WardLevel.L2B)],
        {("HERE", "A"): minutes},
        pools=[pool("A", "NEO_L2B", 1)],
        catchment=[("530102", "N", 1, "A")],
    )


def test_a_hospital_drives_a_mother_itself_and_priority_one_waits_for_no_answer():
    """20 to leave + 60 on the road + 10 reception."""
    row = ask(mothers(), request(BLEEDING)).ranking[0]

    assert row.transport.by == "sender"
    assert (row.transport.ready_min, row.transport.out_min, row.transport.back_min) == (20, 0, 60)
    assert row.time_to_care_min == 90.0


def test_priority_two_also_waits_ten_minutes_for_the_answer():
    """20 + 60 + 10 + 10."""
    row = ask(mothers(), request(PREECLAMPSIA)).ranking[0]

    assert row.time_to_care_min == 100.0


@pytest.mark.parametrize(("facts", "wait"), [(BLEEDING, 0), (PREECLAMPSIA, 15)])
def test_a_silent_line_lengthens_the_wait_of_priority_two_by_at_most_fifteen(facts, wait):
    """25 minutes of silence count as 15 for priority 2 and not at all for priority 1."""
    row = ask(mothers(), request(facts), silent_lines=["A", "NOBODY"]).ranking[0]

    assert row.time_to_care_min == 20 + 60 + 10 + wait
    assert row.cost["trust"] == pytest.approx(0.05 * 25)


def test_somebody_outside_every_facility_calls_an_ambulance():
    """25 + 60 + 10, and nobody who should go with her is there."""
    row = ask(mothers(), township(BLEEDING)).ranking[0]

    assert (row.transport.by, row.transport.ready_min) == ("ems120", 25)
    assert row.time_to_care_min == 95.0
    assert row.transport.escort_short == ("ESC-OB",)


@pytest.mark.parametrize(("vehicle", "by"), [(True, "sender"), (False, "ems120")])
def test_a_stated_vehicle_decides_who_drives(vehicle, by):
    assert ask(mothers(), request(BLEEDING, vehicle=vehicle)).ranking[0].transport.by == by


def test_a_mother_never_waits_for_an_escort_the_gap_is_named_and_the_team_drives_to_meet_her():
    """She leaves at 20, the team at 45 over 175 minutes: they meet at (20 + 45 + 175) / 2 = 120."""
    answer = ask(mothers(175), request(BLEEDING, escort=()))
    row = answer.ranking[0]
    meeting = next(one for one in answer.alternatives if one.kind == "rendezvous")

    assert (row.transport.by, row.transport.ready_min) == ("sender", 20)
    assert row.transport.escort_short == ("ESC-OB",)
    assert (meeting.from_facility_id, meeting.minutes) == ("A", 120)


def test_an_escort_that_can_do_more_is_enough():
    row = ask(mothers(), request(BLEEDING, escort=("ESC-OB-CRIT",))).ranking[0]

    assert row.transport.escort_short == ()


def test_a_never_bypass_row_leaves_after_five_minutes_and_the_theatre_is_ready():
    """5 + 40 + 0."""
    row = ask(mothers(40), request(CORD)).ranking[0]

    assert row.transport.ready_min == 5
    assert row.time_to_care_min == 45.0


def test_a_newborn_goes_with_the_escort_of_the_sender_when_that_is_soonest():
    """Own 20 + 60 + 10 + 10 = 100; met on the way 45 + 60 + 20 = 125; fetched 45 + 120 + 20."""
    row = ask(newborns(60, TEAM), request(SMALL)).ranking[0]

    assert row.transport.by == "sender"
    assert row.time_to_care_min == 100.0


def test_a_newborn_without_an_escort_is_met_on_the_way():
    """max(20, 45) + 60 + 10 + 10 = 125, and one hand-over costs 3 x max(1, 125/100)."""
    row = ask(newborns(60, TEAM), request(SMALL, escort=())).ranking[0]

    assert (row.transport.by, row.transport.ready_min) == ("meet", 45)
    assert (row.transport.out_min, row.transport.back_min) == (0, 60)
    assert row.time_to_care_min == 125.0
    assert row.cost["preference"] == pytest.approx(3 * 1.25)


def test_a_newborn_next_door_is_fetched_rather_than_met():
    """Fetched 45 + 2 + 2 + 20 = 69; met 45 + 2 + 20 = 67 and 3 for the hand-over."""
    row = ask(newborns(2, TEAM), request(SMALL, escort=())).ranking[0]

    assert row.transport.by == "receiver_team"
    assert (row.transport.out_min, row.transport.back_min) == (2, 2)
    assert row.time_to_care_min == 69.0


def test_a_newborn_with_neither_escort_nor_team_goes_by_ambulance_and_the_gap_is_named():
    """25 + 60 + 10 + 10; nothing is promised that is not there."""
    row = ask(newborns(60), township(SMALL)).ranking[0]

    assert row.transport.by == "ems120"
    assert row.transport.escort_short == ("ESC-NEO",)
    assert row.time_to_care_min == 105.0


def test_a_newborn_is_late_only_when_the_team_with_the_escort_comes_late():
    """Alone 20 + 500 + 20 = 540, late by 60, in all 600. Met: 45 + 500 + 20 = 565, care begins
    after 45 + 250, not late; the hand-over is 3 x 5.4 = 16.2. 581.2 < 600."""
    row = ask(newborns(500, TEAM), request(SMALL)).ranking[0]

    assert row.transport.by == "meet"
    assert row.time_to_care_min == 565.0
    assert row.cost["late"] == 0.0
    assert row.within == "hard"


def test_a_team_without_the_escort_of_the_row_does_not_stop_the_clock():
    """E-N15 asks for ESC-NEO-CRIT within 240; a team without a ventilator brings ESC-NEO.

    Alone 20 + 300 + 20 = 340, late by 100; met 45 + 300 + 20 = 365, late by 125.
    """
    network = world(
        [centre("A", TEAM, ward=WardLevel.L3A)],
        {("HERE", "A"): 300},
        pools=[pool("A", "NEO_L3A", 1)],
    )
    row = ask(network, request({"neonatal_seizures": True})).ranking[0]

    assert row.transport.by == "sender"
    assert row.cost["late"] == pytest.approx(100)
    assert row.transport.escort_short == ("ESC-NEO-CRIT",)


@given(st.floats(0, 60), st.floats(0, 60), st.floats(1, 900))
def test_nobody_meets_before_both_have_left_or_off_the_way(ready, team, travel):
    met, share = meeting_after(ready, team, travel)

    assert met >= min(max(ready, team), ready + travel) - 1e-9
    assert 0 <= share <= 1
    assert share == pytest.approx(min(1, max(0, (met - ready) / travel)))


def test_who_arrives_before_the_team_leaves_meets_nobody_on_the_way():
    """She is there after 20 + 10; the team would leave after 45."""
    assert meeting_after(20, 45, 10) == (45, 1.0)


def test_a_sender_with_a_newborn_ward_counts_as_a_hospital():
    assert ask(newborns(), request(SMALL, sender=hospital(m=0, n=1))).ranking[0].transport.by == (
        "sender"
    )
    assert ask(newborns(60, TEAM), request(SMALL, sender=hospital(m=0))).ranking[
        0
    ].transport.by == ("meet")
