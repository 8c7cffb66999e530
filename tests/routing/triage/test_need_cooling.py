"""The cooling window (R-ROUTE-09): 330 minutes of age at the latest arrival."""

import pytest

from routing.triage.case import Eta
from tests.routing.triage.cases import newborn, presumed

ASPHYXIA = {"hie_grade": "moderate", "neo_ga_weeks": 38}


def test_the_limit_is_what_is_left_of_the_window_at_the_decision():
    """Two hours old: 330 - 120 = 210 minutes; E-N18 beside it gives 360."""
    found = newborn(**ASPHYXIA, age_hours=2)

    assert found.assessment.need.hard_max_min == 210
    assert found.assessment.emergencies == ("E-N07", "E-N18")
    assert found.need.cooling


def test_the_same_newborn_may_always_go_without_cooling():
    found = newborn(**ASPHYXIA, age_hours=2)
    warm = found.need.without_cooling

    assert warm is not None
    assert ("NEO_COOLING",) not in warm.required
    assert ("NEO_COOLING",) in warm.preferred
    assert warm.hard_s == 360 * 60
    assert [seat.kind.value for seat in warm.seats] == ["NEO_L3A"]


@pytest.mark.parametrize(("age_hours", "priority"), [(3.4, 2), (3.5, 1), (4, 1)])
def test_the_limit_at_the_decision_decides_the_priority(age_hours, priority):
    """At 3 h 30 there are 330 - 210 = 120 minutes left."""
    assert newborn(**ASPHYXIA, age_hours=age_hours).priority == priority


def test_an_unknown_age_leaves_the_limit_to_the_others_and_is_priority_1():
    found = newborn(**ASPHYXIA)

    assert presumed(found)["E-N07"] == (("age_hours",), False)
    assert found.assessment.need.hard_max_min == 360
    assert found.priority == 1


@pytest.mark.parametrize(("eta_min", "missed"), [(210, False), (211, True)])
def test_the_stated_journey_stands_for_the_nearest_cooling_centre(eta_min, missed):
    found = newborn(**ASPHYXIA, age_hours=2, eta_min=eta_min)

    assert found.cooling_window_missed is missed
    assert ("E-N07" in found.assessment.emergencies) is not missed


def test_the_computed_way_to_cooling_decides_before_the_stated_one():
    eta = Eta(expected_min=30, high_min=40, cooling_min=211)
    found = newborn(**ASPHYXIA, age_hours=2, eta=eta, eta_min=20)

    assert found.cooling_window_missed


@pytest.mark.parametrize(("waited", "missed"), [(29, False), (30, True)])
def test_time_since_the_decision_runs_out_of_the_window(waited, missed):
    """Five hours old at the decision, 300 + 30 = 330 minutes half an hour later."""
    found = newborn(**ASPHYXIA, age_hours=5, waited_min=waited)

    assert found.cooling_window_missed is missed


def test_a_missed_window_leaves_encephalopathy_to_decide_and_cooling_as_a_wish():
    found = newborn(**ASPHYXIA, age_hours=5.8)
    need = found.assessment.need

    assert found.cooling_window_missed
    assert found.assessment.emergencies == ("E-N18",)
    assert "NEO_COOLING" not in need.capabilities
    assert "NEO_COOLING" in need.preferred
    assert found.priority == 2
    assert found.decision == "transfer_now"


def test_nothing_is_missed_where_nothing_is_cooled():
    found = newborn(neonatal_sepsis=True, age_hours=100)

    assert not found.cooling_window_missed
    assert found.need.without_cooling is None


def test_where_no_centre_cools_the_window_is_missed_once_the_journeys_are_known():
    nowhere = Eta(expected_min=30, high_min=40, cooling_min=None)

    assert newborn(**ASPHYXIA, age_hours=1, eta=nowhere).cooling_window_missed
    assert not newborn(**ASPHYXIA, eta=nowhere).cooling_window_missed
