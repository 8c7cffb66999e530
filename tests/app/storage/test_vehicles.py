"""Vehicles are taken like places: one patient at a time, and the sender sees what is left."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts.states import Role
from app.centres.errors import ReportRefusedError
from app.db_types import new_key
from app.engine import Engine
from app.errors import NotFoundError
from app.vehicles.errors import StaleVehicleError, VehicleGoneError
from app.vehicles.service import (
    add_vehicle,
    cover_left,
    give_back,
    give_back_all,
    list_vehicles,
    own_vehicle,
    set_state,
    take,
    vehicles_for_plan,
)
from app.vehicles.states import VehicleKind, VehicleState
from app.vehicles.tables import Vehicle
from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.triage.tables import load_rules
from tests.app.storage import rows
from tests.app.storage import staff as people
from tests.app.storage.rows import NOW
from tests.app.storage.staff import OTHER, work
from tests.app.storage.test_refusals import refused

HOUR = timedelta(hours=1)
RACERS = 8


def ambulance(session, org, **more):
    values = {"id": new_key(), "province": "53", "home_org": org, "kind": "ambulance", "version": 1}
    values |= {"label": "1", "equipment": "", "state": "available"}
    return rows.insert(session, "vehicle", **{**values, **more})


def trip(session, vehicle, org, of=None, **more):
    values = {"id": new_key(), "province": "53", "vehicle_id": vehicle, "by_org": org}
    values |= {"referral_id": of or rows.referral(session), "taken_at": NOW, "by_name": "测试甲"}
    return rows.insert(session, "vehicle_trip", **{**values, **more})


def test_a_vehicle_carries_one_patient_at_a_time(database):
    with database.writing() as session:
        org = rows.organisation(session)
        car = ambulance(session, org)
        trip(session, car, org)
    with refused(database, by=["uq_vehicle_trip_active", "vehicle_trip.vehicle_id"]) as session:
        trip(session, car, org)
    with database.writing() as session:
        rows.update(session, "vehicle_trip", {"given_back_at": NOW}, "given_back_at IS NULL")
        trip(session, car, org)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kind": "helicopter"}, "kind"),
        ({"state": "somewhere"}, "state"),
        ({"back_at": NOW}, "home_is_home"),
        ({"label": ""}, "label"),
        ({"home_org": new_key()}, "fk_vehicle_home_org"),
        ({"trip_id": new_key(), "state": "away"}, "fk_vehicle_trip"),
        ({"trip_id": new_key()}, "taken_is_away"),
    ],
)
def test_a_vehicle_is_somewhere_and_taken_only_by_a_trip_that_exists(database, change, name):
    with database.writing() as session:
        org = rows.organisation(session)
    with refused(database, by=[name]) as session:
        ambulance(session, org, **change)


def test_a_trip_is_never_deleted_nor_given_back_before_it_began(database):
    with database.writing() as session:
        org = rows.organisation(session)
        trip(session, ambulance(session, org), org)
    with refused(database, by=["forward"]) as session:
        rows.update(session, "vehicle_trip", {"given_back_at": NOW - HOUR}, "1 = 1")
    with refused(database, by=["not allowed"]) as session:
        session.execute(text("DELETE FROM vehicle_trip"))


def test_who_takes_the_last_ambulance_is_told_that_none_is_left(database):
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        car = add_vehicle(act, VehicleKind.AMBULANCE, "云A·测试1", equipment=["vent", "infusion"])
        add_vehicle(act, VehicleKind.INCUBATOR, "暖箱1")
        first, second = rows.referral(session), rows.referral(session)
        taken, left = take(act, car.id, first, back_at=act.now + 3 * HOUR)
        again, _ = take(act, car.id, first)
        with pytest.raises(VehicleGoneError) as caught:
            take(act, car.id, second)

    assert [(one.kind, one.free, one.in_service) for one in left] == [
        ("ambulance", 0, 1),
        ("incubator", 1, 1),
    ]
    assert left[0].next_back_at == act.now + 3 * HOUR
    assert again.id == taken.id
    assert caught.value.cover == {"ambulance": 0, "incubator": 1}


def test_a_vehicle_given_back_is_on_the_way_home_and_then_free(database):
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        car = add_vehicle(act, VehicleKind.AMBULANCE, "1")
        first, second = rows.referral(session), rows.referral(session)
        take(act, car.id, first)
        with pytest.raises(VehicleGoneError):
            set_state(act, car.id, VehicleState.AVAILABLE)
        back = give_back_all(session, first, at=act.now, home_at=act.now + HOUR)
        on_the_way = list_vehicles(act)[0].state
        set_state(act, car.id, VehicleState.AVAILABLE)
        taken, _ = take(act, car.id, second)
        give_back(session, taken, at=act.now)
        give_back(session, taken, at=act.now)
        (cover,) = cover_left(session, act.actor.org_id)

    assert (back, on_the_way, cover.free) == ((car.id,), "away", 1)


def test_whatever_becomes_of_a_vehicle_makes_what_was_read_old(database):
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        car = add_vehicle(act, VehicleKind.AMBULANCE, "1")
        take(act, car.id, first := rows.referral(session))
        taken = own_vehicle(act, car.id).version
        give_back_all(session, first, at=act.now)
        home = own_vehicle(act, car.id).version
        with pytest.raises(StaleVehicleError):
            set_state(act, car.id, VehicleState.OUT_OF_SERVICE, read=1)
        set_state(act, car.id, VehicleState.OUT_OF_SERVICE, read=home)

    assert (taken, home, car.version) == (2, 3, 4)


def test_a_vehicle_that_is_out_of_service_covers_nothing(database):
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        car = add_vehicle(act, VehicleKind.NEO_TEAM, "新生儿转运组")
        set_state(act, car.id, VehicleState.OUT_OF_SERVICE)
        with pytest.raises(VehicleGoneError):
            take(act, car.id, rows.referral(session))
        (cover,) = cover_left(session, act.actor.org_id)

    assert (cover.free, cover.in_service) == (0, 0)


def test_nobody_takes_the_vehicle_of_another_hospital(database):
    """But the duty officer of the area may send it, and the hospital itself."""
    with database.writing() as session:
        own = people.staff(session)
        car = add_vehicle(work(database, session, own), VehicleKind.AMBULANCE, "1")
        other = work(database, session, people.staff(session, OTHER, division="530802"))
        referral = rows.referral(session)
        with pytest.raises(NotFoundError):
            take(other, car.id, referral)
        with pytest.raises(NotFoundError):
            set_state(other, car.id, VehicleState.OUT_OF_SERVICE)
        role = Role.PREFECTURE_DUTY_OFFICER
        officer = people.officer(session, division="530100", role=role)
        take(work(database, session, officer), car.id, referral)


def test_a_vehicle_needs_a_name_of_its_own(database):
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        add_vehicle(act, VehicleKind.AMBULANCE, "1")
        for label, equipment, fault in (
            (" ", (), "no_name"),
            ("1", (), "name_taken"),
            ("2", ("a;b",), "unknown_code"),
        ):
            with pytest.raises(ReportRefusedError) as caught:
                add_vehicle(act, VehicleKind.AMBULANCE, label, equipment=equipment)
            assert caught.value.faults == (fault,)


def test_a_plan_sends_what_is_there_or_surely_comes_back(database):
    """Free, back in an hour; not: overdue, nobody knows when, out of service, an incubator."""
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        for label, state, back in (
            ("free", VehicleState.AVAILABLE, None),
            ("back", VehicleState.AWAY, act.now + HOUR),
            ("overdue", VehicleState.AWAY, act.now - HOUR),
            ("unknown", VehicleState.AWAY, None),
            ("broken", VehicleState.OUT_OF_SERVICE, None),
        ):
            set_state(act, add_vehicle(act, VehicleKind.AMBULANCE, label).id, state, back_at=back)
        add_vehicle(act, VehicleKind.INCUBATOR, "暖箱")
        names = {str(one.id): one.label for one in list_vehicles(act)}
        told = vehicles_for_plan(session, act.now)
    engine = Engine(load_rules(), load_registry(), load_road_estimate())
    read = engine.reader.plan(
        {
            "vehicles": told,
            "requests": [
                {
                    "id": "1",
                    "facts": {"pph_ml": 1200, "delivered": True},
                    "origin": {"adcode": "530829"},
                    "now": act.now.isoformat(),
                }
            ],
        }
    )

    assert [(names[one["id"]], one["free_from"]) for one in told] == [
        ("free", act.now.isoformat()),
        ("back", (act.now + HOUR).isoformat()),
    ]
    assert [one.id for one in read.vehicles] == [one["id"] for one in told]


def racing(database, car, referrals, who, recipe):
    """Let all take it at the same moment; who won, who was told, what the database refused."""
    ready, ended = threading.Barrier(len(referrals)), []

    def one(referral):
        ready.wait(timeout=30)
        try:
            with database.writing() as session:
                recipe(work(database, session, who), car, referral)
            ended.append("won")
        except VehicleGoneError:
            ended.append("gone")
        except Exception as error:
            ended.append(type(error).__name__)

    threads = [threading.Thread(target=one, args=[referral]) for referral in referrals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(ended)


def test_eight_want_the_last_ambulance_and_one_has_it(database):
    with database.writing() as session:
        who = people.staff(session)
        car = add_vehicle(work(database, session, who), VehicleKind.AMBULANCE, "1").id
        referrals = [rows.referral(session) for _ in range(RACERS)]
    ended = racing(database, car, referrals, who, take)
    with database.reading() as session:
        trips = session.execute(text("SELECT count(*) FROM vehicle_trip")).scalar()
        state = session.get(Vehicle, car).state

    assert ended == ["gone"] * (RACERS - 1) + ["won"]
    assert (trips, state) == (1, "away")


def test_who_only_looks_before_taking_is_stopped_by_the_database(another_database):
    """The planted fault: everybody sees it free, and then everybody writes."""
    database = another_database()

    def look_first(act, car, referral):
        trip(act.session, car, act.actor.org_id, of=referral)

    with database.writing() as session:
        who = people.staff(session)
        car = add_vehicle(work(database, session, who), VehicleKind.AMBULANCE, "1").id
        referrals = [rows.referral(session) for _ in range(RACERS)]
    ended = racing(database, car, referrals, who, look_first)
    database.close()

    assert ended == ["IntegrityError"] * (RACERS - 1) + ["won"]
