"""On the way, at the door and after the hand-over: what fell due keeps its first time (H-242)."""

import uuid
from datetime import datetime, timedelta

from sqlmodel import col, select, update

from app.deadlines.service import open_deadlines
from app.deadlines.tables import Deadline
from tests.flows.house import hours_ago
from tests.flows.test_bad_night import BLEEDING, BOTH, SUIJIANG
from tests.flows.test_on_the_way import now_of, on_the_road

NAMES = {"giver": "测试乙", "receiver": "测试丙", **BOTH}
CAME = {"diagnosis": "产后出血", "treatment": "球囊压迫"}


def late(caller, key):
    """What has fallen due, as the referral and the list of whoever looks say it."""
    told = caller.referral(key)["fell_due"]
    (line,) = caller.get("/worklists/mine", params={"referral": key}).json()["referrals"]
    assert line["fell_due"] == told
    return {one["step"]: datetime.fromisoformat(one["at"]) for one in told}


def due(house, key, step):
    with house.database.reading() as session:
        found = {one.kind: one.due_at for one in open_deadlines(session, uuid.UUID(key))}
    return found.get(step)


def was_due(house, key, step, minutes):
    """Let a step have been due so many minutes ago; when that was."""
    at = now_of(house) - timedelta(minutes=minutes)
    with house.database.writing() as session:
        moved = session.exec(
            update(Deadline)
            .where(
                col(Deadline.subject_id) == uuid.UUID(key),
                Deadline.kind == step,
                col(Deadline.done_at).is_(None),
                col(Deadline.cancelled_at).is_(None),
            )
            .values(due_at=at)
        )
        assert moved.rowcount == 1
    with house.database.reading() as session:
        return session.exec(
            select(Deadline.due_at)
            .where(Deadline.subject_id == uuid.UUID(key), Deadline.kind == step)
            .order_by(col(Deadline.id).desc())
        ).first()


def accepted_and_left(house):
    return on_the_road(house, BLEEDING, county=SUIJIANG, drives="sender")


def left_without_an_answer(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    said = {"referral_id": asked["id"], "drives": "sender"}
    ride = doctor.post("/transfers", said).json()["id"]
    assert doctor.post(f"/transfers/{ride}/depart", {"minutes": 60}).status_code == 200
    return asked, doctor


def said_yes(house, asked):
    first = asked["offers"][0]
    centre = house.coordinator(first["facility_id"])
    assert centre.post(f"/offers/{first['id']}/accept").json()["accepted"] is True
    return centre


def test_who_is_awaited_and_turned_elsewhere_is_late_since_she_was_awaited_first(house):
    asked, doctor, _, ride = accepted_and_left(house)
    key, to = asked["id"], asked["ranking"][2]["facility_id"]
    assert late(doctor, key) == {}
    first = was_due(house, key, "arrival", 40)
    house.worker.step()
    assert (late(doctor, key), due(house, key, "arrival") > now_of(house)) == (
        {"arrival": first},
        True,
    )

    there = {"facility_id": to, "reason": "road_closed", "minutes": 90}
    turned = doctor.post(f"/transfers/{ride}/divert", there, version=2)
    assert turned.status_code == 200, turned.text
    expected = datetime.fromisoformat(turned.json()["expected_until"])
    assert due(house, key, "arrival") == expected > now_of(house)
    assert late(doctor, key)["arrival"] == first
    assert house.coordinator(to).post(f"/transfers/{ride}/arrive").status_code == 200
    assert "arrival" not in late(doctor, key)


def test_a_diversion_hides_no_delay_that_nobody_was_there_to_do(house):
    """The worker stood still when she was awaited."""
    asked, doctor, _, ride = accepted_and_left(house)
    key, to = asked["id"], asked["ranking"][2]["facility_id"]
    first = was_due(house, key, "arrival", 25)
    there = {"facility_id": to, "reason": "road_closed", "minutes": 90}
    assert doctor.post(f"/transfers/{ride}/divert", there, version=2).status_code == 200

    assert late(doctor, key)["arrival"] == first
    assert due(house, key, "arrival") > now_of(house)


def test_a_yes_on_the_way_does_not_move_when_she_is_awaited(house):
    asked, doctor = left_without_an_answer(house)
    before = due(house, asked["id"], "arrival")
    said_yes(house, asked)

    assert due(house, asked["id"], "arrival") == before > now_of(house)
    found = doctor.referral(asked["id"])
    assert (found["next_step"], found["overdue"]) == ("arrival", False)


def test_a_yes_on_the_way_does_not_make_who_is_late_punctual(house):
    asked, _ = left_without_an_answer(house)
    first = was_due(house, asked["id"], "arrival", 30)
    centre = said_yes(house, asked)

    found = centre.referral(asked["id"])
    assert (found["next_step"], found["overdue"]) == ("arrival", True)
    assert late(centre, asked["id"])["arrival"] == first == due(house, asked["id"], "arrival")


def test_at_the_door_the_hand_over_is_late_since_it_was_due_first_and_no_departure_is(house):
    asked, doctor, centre, ride = accepted_and_left(house)
    key = asked["id"]
    assert centre.post(f"/transfers/{ride}/arrive").status_code == 200
    assert late(centre, key) == {}
    first = was_due(house, key, "hand_over", 50)
    for minutes in (35, 20, 5):
        house.worker.step()
        assert late(centre, key) == late(doctor, key) == {"hand_over": first}
        was_due(house, key, "hand_over", minutes)

    over = centre.post(f"/transfers/{ride}/hand-over", NAMES)
    assert over.status_code == 200, over.text
    assert late(centre, key) == {}


def test_what_came_of_her_is_owed_since_it_was_due_first_until_it_is_told(house):
    asked, doctor, centre, ride = accepted_and_left(house)
    key = asked["id"]
    assert centre.post(f"/transfers/{ride}/arrive").status_code == 200
    assert centre.post(f"/transfers/{ride}/hand-over", NAMES).status_code == 200
    first = was_due(house, key, "outcome", 60)
    house.worker.step()
    was_due(house, key, "outcome", 1)
    house.worker.step()
    assert late(doctor, key) == {"outcome": first}

    said = CAME | {"result": "still_admitted", "happened_at": hours_ago(1)}
    assert centre.post(f"/referrals/{key}/outcomes", said).status_code == 201
    assert late(doctor, key) == {}
    second = was_due(house, key, "outcome", 3)
    house.worker.step()
    assert late(doctor, key) == {"outcome": second}

    said = CAME | {"result": "discharged", "happened_at": hours_ago(1)}
    assert centre.post(f"/referrals/{key}/outcomes", said).status_code == 201
    assert late(doctor, key) == {}
    first = was_due(house, key, "close", 10)
    house.worker.step()
    assert late(doctor, key) == {"close": first}
