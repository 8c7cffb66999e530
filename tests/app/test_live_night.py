"""Invented patients come where children are born, and the same seed brings the same ones."""

from collections import Counter
from random import Random

from app.live_night.invented import STORIES, night


def drawn(engine, seed):
    return list(night(engine, Random(seed)))  # noqa: S311


def test_the_same_seed_brings_the_same_night_and_it_begins_at_once(engine):
    first, again, other = (drawn(engine, seed) for seed in (1, 1, 2))

    assert first == again != other
    assert first[0].at_min == 0
    assert [one.at_min for one in first] == sorted(one.at_min for one in first)


def test_patients_are_spread_by_births(engine):
    """40 nights: the third of the counties with most births has well over half of the patients."""
    registry = engine.registry
    seen = Counter(
        registry.get(one.facility_id).county for seed in range(40) for one in drawn(engine, seed)
    )
    counties = sorted(registry.divisions.counties, key=lambda one: one.births, reverse=True)
    top = {one.adcode for one in counties[: len(counties) // 3]}
    share = sum(n for code, n in seen.items() if code in top) / seen.total()
    births = sum(one.births for one in counties if one.adcode in top) / sum(
        one.births for one in counties
    )

    assert abs(share - births) < 0.06


def test_every_story_can_be_ranked(engine):
    for _, facts in STORIES:
        asked = {"facts": facts, "origin": {"adcode": "530829"}, "now": "2026-01-14T03:00:00+08:00"}

        assert engine.recommend(asked).ranking
