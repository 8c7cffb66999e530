"""What the database knows tonight is what a ranking is made of."""

from datetime import UTC, datetime, timedelta

import pytest

from app.centres.current import Current
from app.centres.opening import open_places
from app.centres.service import hold_seats
from app.engine import Engine
from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.triage.tables import load_rules
from tests.app.storage import rows

BLEEDING = {"pph_ml": 1200, "delivered": True}
PLANNED = {"valve_replaced": True, "delivered": False}


@pytest.fixture(scope="module")
def engine():
    return Engine(load_rules(), load_registry(), load_road_estimate())


@pytest.fixture
def opened(database, engine):
    """A database in which every place of the registry is a row."""
    with database.writing() as session:
        open_places(session, engine.registry, now=database.now(session))
    return database


def asked(facts, now, **more):
    return {"facts": facts, "origin": {"adcode": "530829"}, "now": now.isoformat(), **more}


def ranking(database, current, facts, *, later=timedelta(0), **more):
    with database.reading() as session:
        now = database.now(session) + later
        return current.engine(session, now).recommend(asked(facts, now, **more))


def reasons(answer, facility_id):
    return [
        (reason.code, list(reason.detail))
        for one in answer.excluded
        if one.facility_id == facility_id
        for reason in one.reasons
    ]


def test_a_place_that_was_given_away_a_moment_ago_is_not_shown_as_free(opened, engine):
    current = Current(engine)
    before = ranking(opened, current, BLEEDING).ranking[0]
    with opened.writing() as session:
        for _ in range(before.places[0].free):
            referral = rows.referral(session)
            hold_seats(
                session,
                referral,
                {"mother": before.places[0].kind},
                facility_id=before.facility_id,
                province="53",
                at=datetime.now(UTC),
                until=None,
            )
    after = {one.facility_id: one for one in ranking(opened, current, BLEEDING).ranking}

    assert not before.over_capacity
    assert after[before.facility_id].over_capacity
