"""Slowed roads of a request: read with every fault, and counted where the way leads over them."""

import pytest

from app.engine import load_engine
from app.settings import Settings
from routing.errors import RequestError
from routing.network import conditions_for

ASKED = {
    "facts": {"delivered": True, "pph_ongoing": True},
    "origin": {"adcode": "530626"},
    "now": "2026-01-14T11:00:00+08:00",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return load_engine(Settings(data_dir=tmp_path_factory.mktemp("data")))


def test_what_is_no_road_or_no_time_is_refused_with_its_place(engine):
    wrong = [["530626", "530102", 5], ["530626", "530625", 0], ["530626", "530625"]]
    with pytest.raises(RequestError) as refused:
        engine.reader.request(ASKED | {"slowed_roads": wrong})

    assert [(one.column, one.code) for one in refused.value.faults] == [
        ("slowed_roads[0]", "unknown_road"),
        ("slowed_roads[1]", "out_of_range"),
        ("slowed_roads[2]", "wrong_type"),
    ]


def test_of_two_for_one_road_the_longer_counts_and_a_closed_one_stays_closed(engine):
    slowed = [["530626", "530625", 5], ["530625", "530626", 20]]
    request = engine.reader.request(ASKED | {"slowed_roads": slowed})
    pair = frozenset(("530626", "530625"))

    assert {more for _, more in request.slowed} == {300, 1200}
    conditions = conditions_for(request.case.now, [pair], request.slowed)
    assert conditions.longer_s(pair) == 1200
    assert conditions.touched == {pair}
