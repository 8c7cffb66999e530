"""A death or a near-miss opens a review that somebody owes (R-DUTY-05, R-REPORT-03)."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from app.accounts.states import OrganisationKind, Role
from app.deadlines.service import open_deadlines
from app.notices.states import Template
from app.notices.tables import Notice
from app.referrals.reviews.tables import CaseReview
from tests.flows.house import hours_ago
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
    return who.get("/worklists/mine").json()["case_reviews"]


def stored(house):
    with house.database.reading() as session:
        rows = session.exec(select(CaseReview)).all()
        return [(one.what, one.due_at - one.opened_at, one.learned) for one in rows]


def test_a_death_on_the_road_stands_in_the_worklist_of_who_reviews_it(house):
    keeper, other = manager(house), manager(house, "530323")
    doctor, asked = died_on_the_road(house)
    (mine,) = to_review(keeper)

    assert (mine["number"], mine["what"]) == (asked["number"], "died_in_transit")
    assert (mine["closed_at"], mine["overdue"]) == (None, False)
    assert (to_review(other), to_review(doctor)) == ([], [])
    assert other.post(f"/case-reviews/{mine['id']}/close", {"learned": LEARNED}).status_code == 404


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

    done = keeper.post(f"/case-reviews/{mine['id']}/close", {"learned": LEARNED})
    assert done.json()["closed_at"] is not None, done.text
    assert LEARNED not in done.text
    assert to_review(keeper) == []
    with house.database.reading() as session:
        assert not open_deadlines(session, uuid.UUID(mine["id"]))
    ((_, _, learned),) = stored(house)
    assert LEARNED.encode() not in learned
    again = keeper.post(f"/case-reviews/{mine['id']}/close", {"learned": LEARNED})
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
        ("DELETE FROM case_review", "case_review"),
        ("UPDATE case_review SET closed_at = opened_at", "ck_case_review_closed"),
        ("UPDATE case_review SET due_at = opened_at", "ck_case_review_due"),
        ("UPDATE case_review SET what = 'unknown'", "ck_case_review_what"),
    ],
)
def test_the_database_itself_keeps_a_review_until_something_was_learned(house, statement, rule):
    died_on_the_road(house)
    with pytest.raises(DBAPIError, match=rule), house.database.writing() as session:
        session.connection().exec_driver_sql(statement)


def brought(house, **more):
    """She is handed over; who took her tells what came of her."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    offer = asked["offers"][0]
    centre = house.coordinator(offer["facility_id"])
    assert centre.post(f"/offers/{offer['id']}/accept").status_code == 200
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    names = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
    for step, body in (("depart", {}), ("arrive", None), ("hand-over", names)):
        who = doctor if step == "depart" else centre
        assert who.post(f"/transfers/{ride['id']}/{step}", body).status_code == 200
    return (
        asked,
        centre,
        lambda **also: centre.post(
            f"/referrals/{asked['id']}/outcomes", {**OUTCOME, "happened_at": hours_ago(0), **also}
        ),
    )


OUTCOME = {"result": "discharged", "diagnosis": "产后出血", "treatment": "子宫切除"}


def test_a_near_miss_is_reviewed_within_seven_days_and_once(house):
    keeper = manager(house)
    asked, centre, tell = brought(house)
    still = tell(result="still_admitted", near_miss=["uterine", "coagulation"])
    assert still.status_code == 201, still.text
    (mine,) = to_review(keeper)
    assert (mine["number"], mine["what"]) == (asked["number"], "near_miss")
    assert stored(house) == [("near_miss", timedelta(days=7), None)]

    assert tell(near_miss=["uterine"]).status_code == 201
    assert len(stored(house)) == 1
    told = [one["near_miss"] for one in centre.referral(asked["id"])["outcomes"]]
    assert told == [["coagulation", "uterine"], ["uterine"]]
    done = keeper.post(f"/case-reviews/{mine['id']}/close", {"learned": LEARNED})
    assert done.status_code == 200, done.text


@pytest.mark.parametrize(("said", "kept"), [({}, None), ({"near_miss": []}, [])])
def test_nobody_said_is_not_she_was_none(house, said, kept):
    asked, centre, tell = brought(house)
    assert tell(**said).status_code == 201

    assert centre.referral(asked["id"])["outcomes"][0]["near_miss"] == kept
    assert stored(house) == []


def test_who_died_is_reviewed_as_a_death_and_no_near_miss(house):
    _, _, tell = brought(house)
    both = tell(result="died", near_miss=["renal"])
    unknown = tell(near_miss=["soul"])
    assert (both.status_code, both.json()["codes"]) == (422, ["near_miss_died"])
    assert unknown.status_code == 422
    assert tell(result="died").status_code == 201

    assert [what for what, *_ in stored(house)] == ["died_after_arrival"]
