"""The ten women of docs/formulations.md: every figure of the page."""

import numpy as np
import pytest

from routing.booking.births import Births, loads
from routing.booking.problem import NO_OPTION, BookingProblem
from routing.booking.room import limit_of
from routing.models.booking import book_all
from routing.models.booking_relaxed import Objective, relax
from routing.models.solving import Clock

TICKS = 10_000


def ten_women():
    (load,) = loads(Births("spontaneous", False, (39,), (1.0,)), due_week=1, weeks=3, stays=[3.0])
    minutes = np.array([[40, 90], [70, 80], [100, 75]])
    cost = np.full((3, 2, 2), NO_OPTION)
    cost[:, 0, :] = minutes * TICKS
    room = np.array([[[limit_of(n, 0.95)] * 3] for n in (3, 9)])
    return BookingProblem(
        count=np.array([5, 3, 2]),
        cost=cost,
        shape=np.zeros(3, dtype=np.int64),
        span=np.zeros(3, dtype=np.int64),
        load=load.reshape(1, 1, 3),
        held=np.zeros((1, 3), dtype=np.int64),
        serves=np.zeros((1, 2), dtype=np.int64),
        room=room,
        lodging=np.zeros((2, 3), dtype=np.int64),
    )


def test_loads_and_limits_are_those_of_the_page():
    problem = ten_women()

    assert problem.load.ravel().tolist() == [1179, 1500, 321]
    assert [limit_of(3, 0.95), limit_of(9, 0.95)] == [9564, 37977]


def test_the_linear_programme_and_its_price_are_those_of_the_page():
    problem = ten_women()
    relaxed = relax(
        problem, Objective(problem.cost, 10**8), Clock.start(limit_s=5, seed=0, workers=1)
    )
    (row,) = np.flatnonzero(relaxed.bound.price)

    assert relaxed.bound.value / TICKS == pytest.approx(576.24, abs=0.01)
    assert problem.row_parts(row) == (0, 0, 1)
    assert relaxed.bound.price[row] / 2520 * 1000 / TICKS == pytest.approx(6.67, abs=0.01)


def test_six_women_go_to_a_and_580_minutes_are_proven():
    plan = book_all(ten_women())
    women = {
        (int(g), int(f)): int(n)
        for g, f, n in zip(plan.group, plan.centre, plan.women, strict=True)
    }

    assert plan.status == "optimal"
    assert plan.cost == 580 * TICKS
    assert women == {(0, 0): 5, (1, 0): 1, (1, 1): 2, (2, 1): 2}
