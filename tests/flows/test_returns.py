"""She is sent back (回转): the hospital that sent her sees her by a time, or both are reminded."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from app.deadlines.service import open_deadlines
from app.notices.states import Template
from app.notices.tables import Notice
from app.referrals.returns.tables import ReturnReferral
from tests.flows.test_bad_night import SUIJIANG
from tests.flows.test_case_reviews import brought
from tests.flows.test_centres_say import soon

BACK = {"result": "referred_back", "follow_up": "三日内复查血压"}


def back_of(who):
    return who.get("/worklists/mine").json()["returns"]


def stored(house):
    with house.database.reading() as session:
        rows = session.exec(select(ReturnReferral)).all()
        return [(one.due_at - one.opened_at, one.taken_at is not None) for one in rows]


def told(house):
    """Which organisations were told of it."""
    with house.database.reading() as session:
        asked = select(Notice.org_id).where(Notice.template == Template.COMES_BACK.value)
        return session.exec(asked).all()


def test_who_is_sent_back_stands_in_both_worklists_until_she_was_seen(house):
    asked, centre, tell = brought(house)
    assert tell(**BACK).status_code == 201
    doctor, stranger = house.clinician(SUIJIANG), house.clinician("YN533300-001")
    (mine,), (theirs,) = back_of(doctor), back_of(centre)

    assert (mine["number"], mine["yours"], theirs["yours"]) == (asked["number"], True, False)
    assert mine["overdue"] is False
    assert stored(house) == [(timedelta(days=3), False)]
    told = doctor.referral(asked["id"])["outcomes"][-1]
    assert told["follow_up"] == BACK["follow_up"]
    assert back_of(stranger) == []
    path = f"/return-referrals/{mine['id']}/take-back"
    assert [one.post(path).status_code for one in (stranger, centre)] == [404, 404]

    done = doctor.post(path)
    assert done.json()["taken_at"] is not None, done.text
    assert (back_of(doctor), back_of(centre)) == ([], [])
    with house.database.reading() as session:
        assert open_deadlines(session, UUID(mine["id"])) == []
    again = doctor.post(path)
    assert (again.status_code, again.json()["codes"]) == (422, ["taken_back_before"])


def test_a_time_that_the_centre_gives_is_kept_and_a_wrong_one_refused(house):
    _, _, tell = brought(house)
    over = tell(**BACK, see_by=soon(-1))
    none = tell(see_by=soon(24))
    assert (over.status_code, over.json()["codes"]) == (422, ["see_by_is_over"])
    assert (none.status_code, none.json()["codes"]) == (422, ["see_by_without_return"])
    assert tell(**BACK, see_by=soon(24)).status_code == 201

    ((wait, _),) = stored(house)
    assert timedelta(hours=23) < wait <= timedelta(hours=24)


def test_both_are_reminded_every_day_until_she_was_seen(house):
    _, centre, tell = brought(house)
    assert tell(**BACK).status_code == 201
    doctor = house.clinician(SUIJIANG)
    both = {house.people[one.name].org_id for one in (doctor, centre)}
    now, counts = datetime.now(UTC), []
    for hours in (71, 73, 80, 98):
        house.worker.step(now=now + timedelta(hours=hours))
        counts.append(len(told(house)))
        assert set(told(house)) <= both
    assert counts == [1, 3, 3, 5]

    (mine,) = back_of(doctor)
    assert doctor.post(f"/return-referrals/{mine['id']}/take-back").status_code == 200
    house.worker.step(now=now + timedelta(hours=130))
    assert len(told(house)) == 5


def test_closing_the_referral_does_not_end_what_is_owed_to_her(house):
    asked, _, tell = brought(house)
    assert tell(**BACK).status_code == 201
    doctor = house.clinician(SUIJIANG)
    read = doctor.referral(asked["id"])["version"]
    reason = {"reason": "moved_by_other_path"}
    doctor.post(f"/referrals/{asked['id']}/close", reason, version=read)

    assert len(back_of(doctor)) == 1


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("DELETE FROM return_referral", "return_referral"),
        ("UPDATE return_referral SET taken_at = opened_at", "ck_return_referral_taken"),
        ("UPDATE return_referral SET due_at = opened_at", "ck_return_referral_due"),
        ("UPDATE return_referral SET owner_org = NULL", "owner_org"),
        (
            "INSERT INTO return_referral SELECT '01900000-0000-7000-8000-000000000001', province, "
            "referral_id, outcome_id, from_org, owner_org, opened_at, due_at, NULL, NULL "
            "FROM return_referral",
            "referral_id",
        ),
    ],
)
def test_the_database_itself_keeps_it_until_somebody_has_seen_her(house, statement, rule):
    _, _, tell = brought(house)
    assert tell(**BACK).status_code == 201
    if "INSERT" in statement and not house.database.is_sqlite:
        statement = statement.replace("'01900000-0000-7000-8000-000000000001'", "gen_random_uuid()")
    with pytest.raises(DBAPIError, match=rule), house.database.writing() as session:
        session.connection().exec_driver_sql(statement)
