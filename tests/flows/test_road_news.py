"""A road closes after she was ranked: who has to do with her is told, and a person decides."""

import pytest
from sqlmodel import select

from app.live.tables import Change
from app.notices.tables import Notice
from app.referrals import road_news
from app.roads.changes import changes
from app.roads.states import RoadChange
from tests.flows.test_bad_night import BLEEDING, SUIJIANG
from tests.flows.test_road_closures import COUNTY, LIST, neighbours, said, shut_all, until

FAR_AWAY = ("530102", "530103")  # in Kunming, on no way out of 绥江


def worked(house):
    """Let the worker do what is due by now, and what that makes due."""
    for _ in range(40):
        if not house.worker.step():
            return


def changed(who, key):
    return {(one["one"], one["other"]): one["change"] for one in who.referral(key)["roads_changed"]}


def line(who, key):
    (found,) = [
        one for one in who.get("/worklists/mine").json()["referrals"] if one["id"] == str(key)
    ]
    return found


def told(house):
    with house.database.reading() as session:
        rows = session.exec(select(Notice).where(Notice.template == "road_changed")).all()
        return [row.org_id for row in rows]


def org(house, who):
    return house.people[who.name].org_id


def pressed(who, asked):
    """What the button sends: the same request, ranked by the roads of now."""
    now = who.referral(asked["id"])
    path = f"/referrals/{asked['id']}/match"
    return who.post(path, {"request": now["asked"]}, version=now["version"])


def test_a_road_that_closes_on_her_way_stands_on_her_line_until_she_is_ranked_again(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    asked = doctor.ask(BLEEDING)
    before = [one["facility_id"] for one in asked["offers"]]
    assert asked["roads_changed"] == []
    shut_all(officer)
    worked(house)

    found = changed(doctor, asked["id"])
    assert found
    assert set(found) <= set(neighbours(officer))
    assert set(found.values()) == {"closed"}
    assert line(officer, asked["id"])["roads_changed"]
    assert org(house, doctor) in told(house)
    waits = doctor.referral(asked["id"])
    assert [one["facility_id"] for one in waits["offers"]] == before  # nobody is moved
    assert waits["status"] == "offered"

    assert pressed(doctor, asked).status_code == 200
    worked(house)
    assert changed(doctor, asked["id"]) == {}
    assert doctor.referral(asked["id"])["roads"]


def test_a_screen_is_told_at_once_that_the_line_has_changed(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    asked = doctor.ask(BLEEDING)
    with house.database.reading() as session:
        before = len(session.exec(select(Change)).all())
    shut_all(officer)
    worked(house)

    with house.database.reading() as session:
        after = [str(one.subject_id) for one in session.exec(select(Change)).all()]
    assert after[before:]
    assert set(after[before:]) == {asked["id"]}


def test_a_road_that_is_on_nobodys_way_is_told_to_nobody(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty("530000")
    asked = doctor.ask(BLEEDING)
    assert officer.post(LIST, said(*FAR_AWAY)).status_code == 201
    worked(house)

    assert changed(doctor, asked["id"]) == {}
    assert told(house) == []


def test_a_road_that_opens_is_told_to_who_was_ranked_round_it(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    made = shut_all(officer)
    asked = doctor.ask(BLEEDING)
    worked(house)
    assert changed(doctor, asked["id"]) == {}
    for one in made:
        officer.post(f"{LIST}/{one['id']}/end")
    worked(house)

    assert set(changed(doctor, asked["id"]).values()) == {"opened"}
    assert pressed(doctor, asked).status_code == 200
    worked(house)
    assert changed(doctor, asked["id"]) == {}


def test_a_road_that_is_as_it_was_again_is_no_news_any_more(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    asked = doctor.ask(BLEEDING)
    made = shut_all(officer)
    worked(house)
    assert changed(doctor, asked["id"])
    for one in made:
        officer.post(f"{LIST}/{one['id']}/end")
    worked(house)

    assert changed(doctor, asked["id"]) == {}


def test_a_road_that_closes_tonight_and_opens_by_itself_is_told_then(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    asked = doctor.ask(BLEEDING)
    for pair in neighbours(officer):
        later = said(*pair, from_at=until(1), until_at=until(2))
        assert officer.post(LIST, later).status_code == 201
    worked(house)
    assert changed(doctor, asked["id"]) == {}
    house.pass_time(61)
    assert set(changed(doctor, asked["id"]).values()) == {"closed"}


def test_who_is_accepted_and_has_not_left_is_told_at_both_ends_and_goes_nowhere_else(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    asked = doctor.ask(BLEEDING)
    offer = next(
        one
        for one in asked["offers"]
        if house.engine.registry.get(one["facility_id"]).county != COUNTY
    )
    centre = house.coordinator(offer["facility_id"])
    assert centre.post(f"/offers/{offer['id']}/accept").status_code == 200
    shut_all(officer)
    worked(house)

    assert changed(doctor, asked["id"])
    assert changed(centre, asked["id"]) == changed(doctor, asked["id"])
    assert line(centre, asked["id"])["why"] == "coming"
    assert {org(house, doctor), org(house, centre)} <= set(told(house))
    now = doctor.referral(asked["id"])
    assert (now["status"], now["destination"]) == ("accepted", offer["facility_id"])
    assert pressed(doctor, asked).status_code == 409  # only who says that she is diverted


def test_a_road_to_a_city_outside_is_written_with_a_line_and_read_back():
    pair = ("530681", "OUT-YIBIN")

    assert road_news._rows({road_news._name(pair): RoadChange.CLOSED, "once_more": True}) == [
        {"one": pair[0], "other": pair[1], "change": "closed"}
    ]


def test_of_several_lines_on_one_road_the_gravest_counts_and_other_minutes_are_news():
    """Slowed by 10 then closed; slowed by 10 then 40; closed then open; one that stays."""

    def row(one, other, state, longer=None):
        return {"one": one, "other": other, "state": state, "longer_min": longer}

    before = [
        row("1", "2", "slowed", 10),
        row("1", "3", "slowed", 10),
        row("1", "4", "closed"),
        row("1", "5", "closed"),
    ]
    after = [
        row("2", "1", "closed"),
        row("1", "2", "slowed", 10),
        row("1", "3", "slowed", 40),
        row("1", "5", "closed"),
    ]

    assert changes(before, after) == {
        ("1", "2"): RoadChange.CLOSED,
        ("1", "3"): RoadChange.SLOWED,
        ("1", "4"): RoadChange.OPENED,
    }


@pytest.mark.parametrize("state", ["closed", "slowed"])
def test_a_request_that_was_ranked_while_the_road_changed_is_looked_at_once_more(house, state):
    """The line is written and looked at; only then the request of before is committed."""
    doctor, officer = house.clinician(SUIJIANG), house.duty(COUNTY)
    longer = {"longer_min": 30} if state == "slowed" else {}
    ranker, found = house.app.state.ranker, []
    house.app.state.ranker = lambda *more, **named: found.append(ranker(*more, **named)) or late()

    def late():
        for pair in neighbours(officer):
            assert officer.post(LIST, said(*pair, state=state, **longer)).status_code == 201
        worked(house)
        return found[0]

    asked = doctor.ask(BLEEDING)
    house.app.state.ranker = ranker
    assert changed(doctor, asked["id"]) == {}
    house.pass_time(2)
    assert set(changed(doctor, asked["id"]).values()) == {state}
