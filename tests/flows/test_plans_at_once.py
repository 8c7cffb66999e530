"""Two coordinators decide at the same moment: one of them has decided, the other one is told."""

import random
import threading
import time

import pytest
from sqlalchemy import text

from app.referrals.plans import planning
from app.referrals.plans import store as plan_store
from tests.flows.test_joint_plan import PROVINCE, ZHAOTONG, hospitals, made

ROUNDS = 20
BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}


def at_once(seed, *acts):
    """Begin all acts together, apart by a few milliseconds that the seed draws."""
    drawn, answers = random.Random(seed), [None] * len(acts)  # noqa: S311  a race
    start = threading.Barrier(len(acts))

    def run(place, act, pause):
        start.wait(30)
        time.sleep(pause)
        answers[place] = act()

    threads = [
        threading.Thread(target=run, args=(place, act, drawn.uniform(0, 0.01)))
        for place, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def apply(officer, plan):
    return lambda: officer.post(f"/plans/{plan['id']}/apply")


def standing(house, *plans):
    """Of each plan: whether it is applied, and how many referrals say they were planned by it."""
    with house.database.reading() as session:
        found = session.execute(text("SELECT id, status FROM joint_plan"))
        status = {str(key): value for key, value in found}
        said = [
            str(key)
            for (key,) in session.execute(
                text("SELECT object_id FROM audit_entry WHERE act = 'planned'")
            )
        ]
    return [(status[plan["id"]], said.count(plan["id"])) for plan in plans]


@pytest.fixture
def night(house):
    """Three who wait, and two officers who may plan for them."""
    for doctor in hospitals(house, 3):
        doctor.ask(BLEEDING)
    return house, house.duty(ZHAOTONG), house.duty(PROVINCE)


def test_one_plan_that_two_apply_at_once_is_applied_once(night):
    house, officer, other = night
    for seed in range(ROUNDS):
        plan = made(officer)
        answers = at_once(seed, apply(officer, plan), apply(other, plan))

        assert sorted(a.status_code for a in answers) == [200, 409], (seed, answers)
        lost = max(answers, key=lambda a: a.status_code).json()
        assert (lost["type"][-12:], lost["current"]) == ("plan-decided", "applied"), seed
        assert standing(house, plan) == [("applied", 3)], seed


def test_of_two_plans_for_the_same_people_one_is_applied(night):
    """Nothing of the other one is, not even half: it is proposed as before."""
    house, officer, other = night
    for seed in range(ROUNDS):
        plans = made(officer), made(other)
        answers = at_once(seed, apply(officer, plans[0]), apply(other, plans[1]))

        assert sorted(a.status_code for a in answers) == [200, 409], (seed, answers)
        won = [a.status_code for a in answers].index(200)
        lost = answers[1 - won].json()
        assert lost["type"].endswith(":plan-overtaken"), seed
        assert lost["applied"] == plans[won]["id"], seed
        stands = standing(house, *plans)
        assert (stands[won], stands[1 - won]) == (("applied", 3), ("proposed", 0)), seed


def test_a_plan_made_after_the_other_was_applied_may_be_applied(night):
    _, officer, other = night
    first = made(officer)
    assert apply(officer, first)().status_code == 200
    assert apply(other, made(other))().status_code == 200


def test_plans_for_different_people_do_not_hinder_each_other(night):
    _, officer, other = night
    elsewhere = made(other, division="532900")
    assert apply(officer, made(officer))().status_code == 200
    assert apply(other, elsewhere)().status_code == 200


def test_without_the_look_for_another_plan_both_are_applied(night, monkeypatch):
    """The planted fault: that another centre is asked moves no version."""
    house, officer, other = night
    monkeypatch.setattr(planning, "_require_not_overtaken", lambda *_: None)
    plans = made(officer), made(other)
    answers = at_once(1, apply(officer, plans[0]), apply(other, plans[1]))

    assert [a.status_code for a in answers] == [200, 200]
    assert standing(house, *plans) == [("applied", 3), ("applied", 3)]


@pytest.mark.parametrize("house_address", ["postgresql"], indirect=True)
def test_without_the_lock_a_plan_is_applied_twice(night, monkeypatch):
    """The planted fault: look first, write afterwards. SQLite has one writer anyway."""
    house, officer, other = night
    monkeypatch.setattr(planning, "_require_not_overtaken", lambda *_: None)
    monkeypatch.setattr(plan_store, "plan_locked", plan_store.plan_within)
    twice = 0
    for seed in range(ROUNDS):
        plan = made(officer)
        at_once(seed, apply(officer, plan), apply(other, plan))
        twice += standing(house, plan) != [("applied", 3)]
        if twice:
            break

    assert twice
