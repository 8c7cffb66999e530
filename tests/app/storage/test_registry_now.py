"""What the database knows tonight is what a ranking is made of."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.states import Role
from app.centres import store_said
from app.centres.current import Current
from app.centres.designating import designate
from app.centres.diverting import declare_diversion
from app.centres.duty import write_turn
from app.centres.opening import open_places
from app.centres.registry_now import local_day
from app.centres.reporting_all import Line, report_all
from app.centres.service import hold_seats
from app.centres.states import CentreKind
from app.centres.tonight import note_capability
from app.engine import Engine
from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.triage.tables import load_rules
from tests.app.storage import rows
from tests.app.storage import staff as people
from tests.app.storage.staff import work

BLEEDING = {"pph_ml": 1200, "delivered": True}
PLANNED = {"valve_replaced": True, "delivered": False}
RUPTURE = {"uterine_rupture_current": True, "delivered": False}
BY_NIGHT = {"now": "2026-01-14T03:00:00+08:00"}
"""By day the roads are quicker, and a stop on the way comes before a full ward."""


@pytest.fixture(scope="module")
def engine():
    return Engine(load_rules(), load_registry(), load_road_estimate())


@pytest.fixture
def opened(database, engine):
    """A database in which every place of the registry is a row."""
    with database.writing() as session:
        open_places(session, engine.registry, now=database.now(session))
    return database


def asked(facts, now, more):
    return {"facts": facts, "origin": {"adcode": "530829"}, "now": now.isoformat()} | more


def ranking(database, current, facts, *, later=timedelta(0), **more):
    with database.reading() as session:
        now = database.now(session) + later
        return current.engine(session, now).recommend(asked(facts, now, more))


def reasons(answer, facility_id):
    return [
        (reason.code, list(reason.detail))
        for one in answer.excluded
        if one.facility_id == facility_id
        for reason in one.reasons
    ]


def test_a_place_that_was_given_away_a_moment_ago_is_not_shown_as_free(opened, engine):
    current = Current(engine)
    before = ranking(opened, current, BLEEDING, **BY_NIGHT).ranking[0]
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
    after = {one.facility_id: one for one in ranking(opened, current, BLEEDING, **BY_NIGHT).ranking}

    assert not before.over_capacity
    assert after[before.facility_id].over_capacity


def first_of(answer, *, but=()):
    return next(one for one in answer.ranking if one.facility_id not in but)


def staff_of(session, facility_id):
    org = store_said.organisation_of(session, facility_id)
    return people.actor(org.id, facility=facility_id, role=Role.COORDINATOR, division=org.division)


@contextlib.contextmanager
def speaking(database, facility_id):
    with database.writing() as session:
        yield work(database, session, staff_of(session, facility_id))


def test_a_capability_that_is_missing_tonight_takes_the_centre_out_until_it_is_back(opened, engine):
    current = Current(engine)
    facility = first_of(ranking(opened, current, BLEEDING)).facility_id
    with speaking(opened, facility) as act:
        until = act.now + timedelta(hours=8)
        note_capability(act, facility, "CS_24H", available=False, until=until, said_by="测试乙")
    tonight = ranking(opened, current, BLEEDING)
    tomorrow = ranking(opened, current, BLEEDING, later=timedelta(hours=9))
    with speaking(opened, facility) as act:
        note_capability(act, facility, "CS_24H", available=True, until=until, said_by="测试乙")
    again = ranking(opened, current, BLEEDING)

    assert "lacks_capability" in dict(reasons(tonight, facility))
    assert first_of(tomorrow).facility_id == facility
    assert first_of(again).facility_id == facility
    assert first_of(again).capability_trust["CS_24H"] == "stated"


def test_a_diversion_turns_away_planned_patients_and_no_emergency(opened, engine):
    """Bleeding she may be sent there, at the price of a full centre and with a call; a planned
    birth may not. A ruptured uterus goes to the nearest theatre as before."""
    current = Current(engine)
    urgent, planned = (
        first_of(ranking(opened, current, facts, **BY_NIGHT)) for facts in (BLEEDING, PLANNED)
    )
    rupture = first_of(ranking(opened, current, RUPTURE, **BY_NIGHT))
    for facility in {urgent.facility_id, planned.facility_id, rupture.facility_id}:
        with speaking(opened, facility) as act:
            declare_diversion(act, facility, reason="full", until=act.now + timedelta(hours=2))
    still = {one.facility_id: one for one in ranking(opened, current, BLEEDING, **BY_NIGHT).ranking}
    over = ranking(opened, current, BLEEDING, later=timedelta(hours=3), **BY_NIGHT)

    there = still[urgent.facility_id]
    assert (there.over_capacity, there.phone_first, "diverting" in there.why) == (True, True, True)
    assert "diverted" in dict(
        reasons(ranking(opened, current, PLANNED, **BY_NIGHT), planned.facility_id)
    )
    nearest = first_of(ranking(opened, current, RUPTURE, **BY_NIGHT))
    assert (nearest.facility_id, nearest.cost_min) == (rupture.facility_id, rupture.cost_min)
    assert not first_of(over).over_capacity


def test_a_diversion_of_one_kind_of_place_leaves_the_others(opened, engine):
    current = Current(engine)
    first = first_of(ranking(opened, current, BLEEDING))
    kind = first.places[0].kind
    with speaking(opened, first.facility_id) as act:
        until = act.now + timedelta(hours=2)
        declare_diversion(act, first.facility_id, reason="full", kinds=[kind], until=until)
    with opened.reading() as session:
        registry = current.network(session, opened.now(session)).registry
    free = {pool.kind.value: pool.free for pool in registry.pools_of(first.facility_id)}

    assert free[kind] == 0
    assert sum(free.values()) > 0
    assert not registry.diverting


def test_the_number_to_ring_is_that_of_who_is_on_duty(opened, engine):
    current = Current(engine)
    facility = first_of(ranking(opened, current, BLEEDING)).facility_id
    with speaking(opened, facility) as act:
        write_turn(
            act,
            facility,
            role="obstetric",
            person_name="测试丙",
            phone="0871-99",
            from_at=act.now,
            until=act.now + timedelta(hours=8),
        )
    now = first_of(ranking(opened, current, BLEEDING))
    then = first_of(ranking(opened, current, BLEEDING, later=timedelta(hours=9)))

    assert now.phone == "0871-99"
    assert then.phone != "0871-99"


def test_a_designation_counts_from_its_day_and_its_end_too(opened, engine):
    facility = next(f for f in engine.registry.facilities if f.maternal_level == 1)
    current = Current(engine)

    def level_on(days):
        with opened.reading() as session:
            now = opened.now(session) + timedelta(days=days)
            return current.network(session, now).registry.get(facility.facility_id).maternal_level

    with opened.writing() as session:
        act = work(opened, session, people.officer(session))
        today = local_day(act.now)
        for level, day, until in (("M2", 2, None), ("M3", 4, 6), (None, 9, None)):
            designate(
                act,
                facility.facility_id,
                CentreKind.MATERNAL,
                level,
                valid_from=today + timedelta(days=day),
                valid_to=None if until is None else today + timedelta(days=until),
                document="甲发1号",
            )

    assert [level_on(days) for days in (0, 2, 3, 5, 7, 10)] == [1, 2, 2, 3, None, None]


def test_nothing_is_built_again_while_nothing_changes(opened, engine):
    current = Current(engine)
    with opened.reading() as session:
        now = opened.now(session)
        first, second = current.engine(session, now), current.engine(session, now)
    with opened.writing() as session:
        rows.update(session, "place", {"blocked": True}, "label = '0001'")
    with opened.reading() as session:
        third = current.engine(session, now)

    assert first is second
    assert third is not first
    assert third.network.times is first.network.times
    assert third.network.catchment is not None
    assert third.registry.facilities is first.registry.facilities


def test_a_report_is_what_the_places_are_believed_by(opened, engine):
    current = Current(engine)
    first = first_of(ranking(opened, current, BLEEDING))
    kind = first.places[0].kind
    with speaking(opened, first.facility_id) as act:
        report_all(act, first.facility_id, [Line(kind, 6, 5)], source="电话")
    after = {one.facility_id: one for one in ranking(opened, current, BLEEDING).ranking}
    place = after[first.facility_id].places[0]

    assert first.places[0].trust == "assumed"
    assert (place.free, place.trust) == (5, "fresh")
