import pytest

from facilities.centre import WardLevel
from tests.routing.toys import WARD, ask, centre, ids, pool, reasons, request, world

HIE = {
    "hie_grade": "moderate",
    "neo_ga_weeks": "39+0",
    "age_hours": 1,
    "newborn_stabilised": True,
}
"""E-N07 within 330 - 60 = 270 minutes, else E-N18; ESC-NEO-CRIT."""
CRITICAL = ("ESC-NEO-CRIT",)


def cold_and_warm(cold=110, warm=60, free=1, *codes):
    """COLD can cool, WARM is nearer and cannot."""
    return world(
        [
            centre("COLD", *WARD, "NEO_COOLING", *codes, ward=WardLevel.L3B, n=3),
            centre("WARM", *WARD, ward=WardLevel.L3A, n=2),
        ],
        {("HERE", "COLD"): cold, ("HERE", "WARM"): warm},
        pools=[
            pool("COLD", "NEO_COOLING", free),
            pool("COLD", "NEO_L3B", 2),
            pool("WARM", "NEO_L3A", 2),
        ],
        catchment=[("530102", "N", 1, "COLD"), ("530102", "N", 1, "WARM")],
    )


def row(answer, facility_id):
    return next(r for r in answer.ranking if r.facility_id == facility_id)


def test_a_newborn_in_the_window_may_be_cooled_or_go_without_at_sixty_minutes():
    """COLD 20 + 110 + 20 + 0.5 and ECMO missing 5 = 155.5; WARM 20 + 60 + 20 + 0.5, cooling
    missing 5 and lost 60 = 165.5."""
    answer = ask(cold_and_warm(), request(HIE, escort=CRITICAL))

    assert ids(answer) == ["COLD", "WARM"]
    assert row(answer, "COLD").why[-1] == "cooling"
    assert [place.kind for place in row(answer, "COLD").places] == ["NEO_COOLING"]
    assert row(answer, "WARM").cost["cooling_lost"] == 60.0
    assert "NEO_COOLING" in row(answer, "WARM").lacks
    assert row(answer, "WARM").why[-1] == "without_cooling"


def test_she_never_waits_for_cooling_a_full_centre_takes_her_without():
    answer = ask(cold_and_warm(free=0), request(HIE, escort=CRITICAL))

    assert ids(answer) == ["WARM", "COLD"]
    assert row(answer, "COLD").cost["cooling_lost"] == 60.0
    assert [place.kind for place in row(answer, "COLD").places] == ["NEO_L3B"]
    assert not any(r.over_capacity for r in answer.ranking)


@pytest.mark.parametrize(("age_hours", "missed"), [(3, False), (3.5, True)])
def test_the_window_is_330_minutes_of_age_at_arrival(age_hours, missed):
    """180 + 20 + 110 = 310 <= 330; 210 + 130 = 340 > 330: E-N07 is dropped, nothing is lost."""
    answer = ask(cold_and_warm(), request({**HIE, "age_hours": age_hours}, escort=CRITICAL))

    assert ("E-N07" in answer.assessment.emergencies) is not missed
    assert row(answer, "WARM").cost["cooling_lost"] == (0.0 if missed else 60.0)
    assert {"cooling_window_missed" in r.why for r in answer.ranking} == {missed}


def test_a_team_with_cooling_stops_the_clock_where_it_meets_her():
    """Arrival 240 + 45 + 200 is past 330; the team is with her after 45, halfway 240 + 45 + 40."""
    network = cold_and_warm(80, 60, 1, "NEO_TRANSPORT")
    late = {**HIE, "age_hours": 4}
    cooled = ask(network, request(late, escort=CRITICAL))

    assert row(cooled, "COLD").transport.by == "meet"
    assert row(cooled, "COLD").why[-1] == "cooling"


def test_waiting_since_the_decision_counts_as_age():
    """60 + 190 waited + 130 = 380."""
    answer = ask(cold_and_warm(), request(HIE, escort=CRITICAL, waited_min=190))

    assert "E-N07" not in answer.assessment.emergencies


def test_one_cooling_centre_beyond_the_window_serves_without_while_another_cools():
    network = world(
        [
            centre("NEAR", *WARD, "NEO_COOLING", ward=WardLevel.L3B, n=3),
            centre("FAR", *WARD, "NEO_COOLING", ward=WardLevel.L3B, n=3),
        ],
        {("HERE", "NEAR"): 100, ("HERE", "FAR"): 300},
        pools=[pool(n, k, 1) for n in ("NEAR", "FAR") for k in ("NEO_COOLING", "NEO_L3B")],
    )
    answer = ask(network, request(HIE, escort=CRITICAL))

    assert [r.why[-1] for r in answer.ranking] == ["cooling", "higher_ward"]
    assert row(answer, "FAR").cost["cooling_lost"] == 60.0
    assert reasons(answer) == {}
