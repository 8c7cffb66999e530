"""A closed or slowed road reaches every answer, which says so; it ends by hand or by time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import update

from app.roads.tables import RoadClosure
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

LIST = "/road-closures"
COUNTY = "530626"  # 绥江, where SUIJIANG stands


def until(hours=6):
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def said(one, other, **more):
    return {
        "one": one,
        "other": other,
        "state": "closed",
        "reason": "landslide",
        "source": "交警电话",
        "until_at": until(),
    } | more


def neighbours(who):
    pairs = [(one["one"], one["other"]) for one in who.get("/roads").json()["items"]]
    return [pair for pair in pairs if COUNTY in pair]


def ranked(who):
    body = {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}
    answer = who.post("/recommendations", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def minutes(answer):
    return {one["facility_id"]: one["minutes"]["expected"] for one in answer["ranking"]}


def shut_all(officer):
    made = []
    for one, other in neighbours(officer):
        answer = officer.post(LIST, said(one, other))
        assert answer.status_code == 201, answer.text
        made.append(answer.json())
    return made


def test_closed_roads_change_the_answer_which_says_why_until_they_are_open_again(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    usual = ranked(doctor)
    made = shut_all(officer)
    cut = ranked(doctor)
    away = [one for one in minutes(usual) if house.engine.registry.get(one).county != COUNTY]

    assert usual["roads"] == []
    assert away
    assert not set(away) & minutes(cut).keys()
    reasons = {one["facility_id"]: one["reasons"] for one in cut["excluded"]}
    assert {one["code"] for one in reasons[away[0]]} == {"no_time"}
    assert {(one["one"], one["other"]) for one in cut["roads"]} == set(neighbours(officer))
    assert cut["roads"][0]["reason"] == "landslide"
    assert "绥江" in cut["roads"][0]["by_org"]
    kept = doctor.referral(doctor.ask(BLEEDING)["id"])
    assert [one["one"] for one in kept["roads"]] == [one["one"] for one in cut["roads"]]
    assert "closed_roads" not in (kept["asked"] or {})

    for one in made:
        assert officer.post(f"{LIST}/{one['id']}/end").json()["ended_at"] is not None
    again = ranked(doctor)
    assert (minutes(again), again["roads"]) == (minutes(usual), [])
    assert officer.get(LIST).json()["items"] == []
    assert len(officer.get(LIST, params={"over": True}).json()["items"]) == len(made)


def test_a_slowed_road_takes_so_much_longer_and_one_whose_time_is_over_does_not(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty("530000")
    before = minutes(ranked(doctor))
    for one, other in neighbours(officer):
        slow = said(one, other, state="slowed", longer_min=25)
        assert officer.post(LIST, slow).status_code == 201
    slowed = ranked(doctor)
    far = [one for one in before if house.engine.registry.get(one).county != COUNTY]

    longer = [minutes(slowed)[one] - before[one] for one in far if one in minutes(slowed)]
    assert 25 in longer
    assert set(longer) <= {24, 25, 26}  # what is shown is rounded
    assert {one["longer_min"] for one in slowed["roads"]} == {25}
    with house.database.writing() as session:
        over = datetime.now(UTC) - timedelta(hours=1)
        before_that = over - timedelta(hours=6)
        session.exec(update(RoadClosure).values(from_at=before_that, until_at=over))
    assert ranked(doctor)["roads"] == []
    assert minutes(ranked(doctor)) == before


def test_a_joint_plan_counts_closed_roads_and_says_so(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    doctor.ask(BLEEDING)
    shut_all(officer)
    plan = officer.post("/plans", {}).json()["plan"]

    assert len(plan["roads"]) == len(neighbours(officer))
    assert [one["facility_id"] for one in plan["assignments"] if one["facility_id"]] == [] or {
        house.engine.registry.get(one["facility_id"]).county for one in plan["assignments"]
    } == {COUNTY}


def test_only_who_answers_for_one_end_speaks_of_a_road_that_there_is(house):
    pair = neighbours(house.duty(COUNTY))[0]
    stranger = house.duty("530102")
    refused = stranger.post(LIST, said(*pair))
    none = house.duty(COUNTY).post(LIST, said(COUNTY, "530102")).json()
    slow = house.duty(COUNTY).post(LIST, said(*pair, state="slowed")).json()
    long = house.duty(COUNTY).post(LIST, said(*pair, until_at=until(24 * 31))).json()
    made = house.duty(COUNTY).post(LIST, said(*pair)).json()

    assert refused.status_code == 403
    assert none["codes"] == ["no_such_road"]
    assert slow["codes"] == ["longer_for_slowed"]
    assert long["codes"] == ["road_too_long"]
    assert stranger.post(f"{LIST}/{made['id']}/end").status_code == 403
    assert house.clinician(SUIJIANG).post(LIST, said(*pair)).status_code == 403
    assert len(house.clinician(SUIJIANG).get(LIST).json()["items"]) == 1
    with pytest.raises(DBAPIError), house.database.writing() as session:
        session.execute(text("DELETE FROM road_closure"))
