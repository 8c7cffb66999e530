"""The hospital and the centre of the demonstration belong together by the ranking itself."""

import json
from importlib.resources import files

import pytest

from app.accounts.demo import CENTRE, COUNTY, HOSPITAL
from routing.triage.facts import FactType

FIRST = json.loads(
    files("app").joinpath("web/src/data/first_conditions.json").read_text(encoding="utf-8")
)
MOMENTS = ("2026-01-14T03:00:00+08:00", "2026-07-14T12:00:00+08:00")
"""A winter night, and a day in the rains."""
CARED_FOR_AT_HOME = [{"neonate_unwell": True}]
"""A county hospital can do what an unwell newborn needs: nobody is asked for it."""


@pytest.fixture
def buttons(engine):
    """What stands among the buttons of a new referral: its first, and every one of a newborn."""
    of_a_newborn = [
        fact.name
        for fact in engine.rules.facts.values()
        if fact.group == "newborn" and fact.leading_for and fact.type is FactType.BOOL
    ]
    return [(row["patient"], {row["fact"]: row["value"]}) for row in FIRST] + [
        ("newborn", {name: True}) for name in of_a_newborn
    ]


@pytest.mark.parametrize("moment", MOMENTS)
def test_whatever_the_hospital_presses_its_centre_is_among_the_first_that_are_asked(
    engine, buttons, moment
):
    """Among so many as are asked at once even where everybody has an account."""
    past = []
    for patient, facts in buttons:
        here = {"facility_id": HOSPITAL}
        asked = {"patient": patient, "facts": facts, "origin": here, "sender": here, "now": moment}
        answer = engine.recommend(asked)
        if CENTRE not in [row.facility_id for row in answer.ranking[: answer.parallel_offers]]:
            past.append(facts)

    assert len(buttons) > 24
    assert past == CARED_FOR_AT_HOME


def test_they_are_of_one_county_and_its_prefecture(engine):
    hospital, centre = (engine.registry.get(one) for one in (HOSPITAL, CENTRE))
    above = engine.registry.divisions.prefecture_of

    assert hospital.county == COUNTY
    assert above(centre.county) == above(COUNTY)
