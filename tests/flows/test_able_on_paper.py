"""A county hospital that is assumed able for all that is needed: whom it rings if it is not."""

from datetime import UTC, datetime

import pytest

from app.documents import plain
from app.engine import load_engine
from app.pages.view import alternative_words
from app.settings import Settings
from app.text import catalogue
from app.words import Words
from routing.triage.rows import Patient
from routing.triage.tables import load_rules
from tests.routing.triage.row_facts import STATED

NOW = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)
RULES = load_rules()
MATERNAL = sorted(row for row in STATED if RULES.emergencies[row].patient is not Patient.NEONATE)
SUIJIANG = "YN530600-011"
ARREST = "E-M27"
EMPTY = ["E-M04", "E-M23", "E-M24C", "E-M24D"]
"""What a county hospital can do by the assumed profile."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return load_engine(Settings(data_dir=tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def asked(engine):
    """The answer to 绥江 county hospital, with more facts than the row's."""

    def of(row, **more):
        origin = {"facility_id": SUIJIANG}
        facts = {**STATED[row], **more}
        return engine.recommend(
            {"facts": facts, "origin": origin, "sender": origin, "now": NOW.isoformat()}
        )

    return of


def empty_since_nothing_adds(answer):
    return not answer.ranking and any(
        [reason.code for reason in one.reasons] == ["adds_nothing"] for one in answer.excluded
    )


def test_some_rows_end_with_an_empty_ranking(asked):
    assert [row for row in MATERNAL if empty_since_nothing_adds(asked(row))] == EMPTY


@pytest.mark.parametrize("row", MATERNAL)
def test_whoever_gets_no_destination_is_told_whom_to_ring_and_when(asked, row):
    """Her own hospital first, then places with minutes, the coordinator last."""
    answer = asked(row)
    ways = answer.alternatives
    near = [one for one in ways if one.note_code == "if_not_able"]

    assert ways[-1].kind == "call_coordinator"
    assert bool(answer.ranking) is (row not in (*EMPTY, ARREST))
    assert bool(near) is empty_since_nothing_adds(answer)
    if near:
        assert (ways[0].kind, ways[0].facility_id) == ("operate_here", SUIJIANG)
        assert ways[0].note_code == "ask_again_if_not"
        assert {one.kind for one in near} == {"nearest_life_saving"}
        assert all(one.minutes for one in near)
        assert [one.minutes for one in near] == sorted(one.minutes for one in near)
        assert {one.facility_id for one in ways if one.kind == "expert_team"} == {SUIJIANG}


@pytest.mark.parametrize("row", EMPTY)
def test_the_places_named_can_do_all_that_is_needed(engine, asked, row):
    answer = asked(row)
    for one in answer.alternatives:
        if one.note_code == "if_not_able":
            have = set(engine.registry.get(one.facility_id).capabilities)
            needed = answer.assessment.need.capabilities
            assert all(have.intersection(group.split("|")) for group in needed)


@pytest.mark.parametrize("row", EMPTY)
def test_who_says_that_it_cannot_operate_and_asks_again_gets_destinations(asked, row):
    answer = asked(row, sender_can_operate_now=False)

    assert answer.ranking
    assert "operate_here" not in {one.kind for one in answer.alternatives}


@pytest.mark.parametrize(
    ("language", "here", "there"),
    [("zh", "重新查询", "本院现在做不到时"), ("en", "ask again", "cannot")],
)
def test_page_and_command_line_say_it_in_words(engine, asked, language, here, there):
    words = Words(catalogue(language), engine.book)
    said = [alternative_words(words, one) for one in plain(asked("E-M04"))["alternatives"]]

    assert here in said[0]
    assert sum(there in text for text in said[1:]) == 2
