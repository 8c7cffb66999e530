"""Shortest ways on networks small enough to be checked by trying every way."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.shortest_ways import NO_STEP, shortest_ways
from geodata.travel_time import NO_TIME


@st.composite
def networks(draw):
    """Up to six places; each pair has a direct way of 1..9, or none (0)."""
    size = draw(st.integers(1, 6))
    lengths = np.zeros((size, size), np.int32)
    for one, other in itertools.combinations(range(size), 2):
        lengths[one, other] = lengths[other, one] = draw(st.integers(0, 9))
    return lengths


def tried(lengths, start, end):
    """The length of the shortest of all ways that pass no place twice; None where there is none."""
    between = [place for place in range(len(lengths)) if place not in (start, end)]
    found = []
    for number in range(len(between) + 1):
        for passed in itertools.permutations(between, number):
            steps = [lengths[step] for step in itertools.pairwise((start, *passed, end))]
            if all(steps):
                found.append(sum(steps))
    return min(found, default=None)


@given(networks())
def test_no_way_is_shorter_than_the_one_found(lengths):
    total, _ = shortest_ways(lengths)
    for start, end in itertools.permutations(range(len(lengths)), 2):
        shortest = tried(lengths, start, end)

        assert total[start, end] == (NO_TIME if shortest is None else shortest)


@given(networks())
def test_walking_back_gives_a_way_of_that_length(lengths):
    total, before = shortest_ways(lengths)
    for start, end in itertools.permutations(range(len(lengths)), 2):
        if total[start, end] == NO_TIME:
            assert before[start, end] == NO_STEP
            continue
        walked, at = 0, end
        while at != start:
            step = before[start, at]
            walked, at = walked + lengths[step, at], step

        assert walked == total[start, end]


def test_the_start_is_reached_at_once_and_from_nowhere():
    total, before = shortest_ways(np.array([[0, 4], [4, 0]], np.int32))

    assert total.tolist() == [[0, 4], [4, 0]]
    assert before.tolist() == [[NO_STEP, 0], [1, NO_STEP]]


def test_of_two_equal_ways_the_direct_one_stays():
    """0 to 2 directly or over 1: both take 2."""
    total, before = shortest_ways(np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]], np.int32))

    assert (total[0, 2], before[0, 2]) == (2, 0)
