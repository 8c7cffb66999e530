"""From the registry into rows and back into what routing reads, on the data of Yunnan."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.centres.opening import open_places, pools
from app.centres.reporting import Reported, report_capacity
from app.centres.service import hold_seats
from facilities.capacity import PlaceKind
from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.network import FacilityNetwork
from routing.recommend import recommend
from routing.request import Reader
from routing.triage.tables import load_rules
from tests.app.storage import rows
from tests.app.storage.rows import NOW

SMALL = {
    "patient": "newborn",
    "origin": {"facility_id": "YN530600-011"},
    "facts": {"neo_ga_weeks": "29+5", "birth_weight_g": 1180, "age_hours": 2},
    "decided_at": "2026-11-25T10:50:00+08:00",
    "now": "2026-11-25T11:00:00+08:00",
}
"""A child of 29 weeks in Suijiang; 11:00 in Yunnan is NOW."""


@pytest.fixture(scope="module")
def registry():
    return load_registry()


@pytest.fixture
def opened(database, registry):
    """The database with the places of the registry."""
    with database.writing() as session:
        assert open_places(session, registry, now=NOW) == 3920
    return database


def first_of(registry):
    """Where the child goes by what a registry says, and the row of the ranking."""
    network = FacilityNetwork(registry, load_road_estimate())
    rules = load_rules()
    request = Reader(rules, registry, load_road_estimate(), {}).request(SMALL)
    return recommend(network, rules, request).ranking[0]


def read(opened, registry):
    with opened.reading() as session:
        return registry.with_capacity(pools(session))


def test_what_is_read_back_is_what_the_registry_said(opened, registry):
    found = read(opened, registry)

    assert found.pools.keys() == registry.pools.keys()
    for key, pool in registry.pools.items():
        assert found.pools[key] == replace(pool, source="registry")


def test_opening_again_makes_nothing_and_changes_nothing(opened, registry):
    before = read(opened, registry).pools
    with opened.writing() as session:
        assert open_places(session, registry, now=NOW) == 0

    assert read(opened, registry).pools == before


def test_a_figure_that_was_reported_stays_one_with_its_time(database, registry):
    key = ("YN530100-005", PlaceKind.OB_RESCUE_BED)
    said = replace(registry.pools[key], assumed=False, as_of=NOW - timedelta(hours=1), source="x")
    reported = registry.with_capacity([said])
    with database.writing() as session:
        open_places(session, reported, now=NOW)

    assert read(database, registry).pools[key] == said


def test_the_ranking_from_rows_is_the_ranking_from_the_registry(opened, registry):
    assert first_of(read(opened, registry)) == first_of(registry)


def test_a_place_that_is_held_is_gone_from_the_ranking_of_the_next(opened, registry):
    """The first centre has so many cots; all are held, and the next child is told."""
    first = first_of(registry)
    (place,) = first.places
    with opened.writing() as session:
        org = rows.organisation(session)
        for _ in range(place.free):
            hold_seats(
                session,
                rows.referral(session, org=org),
                {"newborn_1": place.kind},
                facility_id=first.facility_id,
                province="53",
                at=NOW,
                until=None,
            )
    after = first_of(read(opened, registry))

    assert place.free > 0
    assert (after.facility_id, after.places) != (first.facility_id, first.places)


def test_a_report_of_the_night_is_fresh_in_the_next_ranking(opened, registry):
    first = first_of(registry)
    (place,) = first.places
    with opened.writing() as session:
        org = rows.organisation(session)
        said = Reported(
            first.facility_id, place.kind, 9, 9, NOW - timedelta(minutes=10), "telephone"
        )
        report_capacity(session, said, by_org=org, owner_org=org, province="53", now=NOW)
    (now,) = first_of(read(opened, registry)).places

    assert (place.trust, place.as_of) == ("assumed", None)
    assert (now.free, now.trust, now.age_min) == (9, "fresh", 10)
