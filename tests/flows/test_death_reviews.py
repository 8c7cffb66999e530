"""A death opens a review, with somebody who owes it and until when (R-DUTY-05, R-REPORT-03)."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from app.accounts.states import OrganisationKind, Role
from app.deadlines.service import open_deadlines
from app.notices.states import Template
from app.notices.tables import Notice
from app.referrals.review_tables import DeathReview
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

LEARNED = "备血电话应在出发前打"


def manager(house, division="530626"):
    return house.person(
        f"mch-{division}", Role.MCH_MANAGER, kind=OrganisationKind.MCH.value, division=division
    )


def died_on_the_road(house, **more):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING, **more)
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    assert doctor.post(f"/transfers/{ride['id']}/died").status_code == 200
    return doctor, asked


def to_review(who):
    return who.get("/worklists/mine").json()["death_reviews"]


def stored(house):
    with house.database.reading() as session:
        rows = session.exec(select(DeathReview)).all()
        return [(one.died, one.due_at - one.opened_at, one.learned) for one in rows]


def test_a_death_on_the_road_stands_in_the_worklist_of_who_reviews_it(house):
    keeper, other = manager(house), manager(house, "530323")
    doctor, asked = died_on_the_road(house)
    (mine,) = to_review(keeper)

    assert (mine["number"], mine["died"]) == (asked["number"], "died_in_transit")
    assert (mine["closed_at"], mine["overdue"]) == (None, False)
    assert (to_review(other), to_review(doctor)) == ([], [])
    assert other.post(f"/death-reviews/{mine['id']}/close", {"learned": LEARNED}).status_code == 404


def test_who_reviews_is_reminded_after_two_days_until_it_is_closed(house):
    keeper = manager(house)
    died_on_the_road(house)
    (mine,) = to_review(keeper)
    with house.database.reading() as session:
        now = house.database.now(session)
    reminders = []
    for hours in (47, 49, 60, 74):
        house.worker.step(now=now + timedelta(hours=hours))
        with house.database.reading() as session:
            found = session.exec(
                select(Notice).where(Notice.template == Template.REVIEW_DUE.value)
            ).all()
            reminders.append(len(found) - 1)
            assert {one.org_id for one in found} == {house.people[keeper.name].org_id}
    assert reminders == [0, 1, 1, 2]

    done = keeper.post(f"/death-reviews/{mine['id']}/close", {"learned": LEARNED})
    assert done.json()["closed_at"] is not None, done.text
    assert LEARNED not in done.text
    assert to_review(keeper) == []
    with house.database.reading() as session:
        assert not open_deadlines(session, uuid.UUID(mine["id"]))
    ((_, _, learned),) = stored(house)
    assert LEARNED.encode() not in learned
    again = keeper.post(f"/death-reviews/{mine['id']}/close", {"learned": LEARNED})
    assert (again.status_code, again.json()["codes"]) == (422, ["reviewed_before"])


def test_a_death_before_she_leaves_is_reviewed_and_one_of_an_exercise_is_not(house):
    keeper = manager(house)
    died_on_the_road(house, drill=True)
    assert stored(house) == []
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    doctor.post(
        f"/referrals/{asked['id']}/close",
        {"reason": "died_before_departure"},
        version=asked["version"],
    )

    assert stored(house) == [("died_before_departure", timedelta(days=2), None)]
    assert len(to_review(keeper)) == 1


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("DELETE FROM death_review", "death_review"),
        ("UPDATE death_review SET closed_at = opened_at", "ck_death_review_closed"),
        ("UPDATE death_review SET due_at = opened_at", "ck_death_review_due"),
        ("UPDATE death_review SET died = 'unknown'", "ck_death_review_died"),
    ],
)
def test_the_database_itself_keeps_a_review_until_something_was_learned(house, statement, rule):
    died_on_the_road(house)
    with pytest.raises(DBAPIError, match=rule), house.database.writing() as session:
        session.connection().exec_driver_sql(statement)
