"""Ranking again asks nobody who has said no to her, and begins no minute anew (R-REF-02)."""

import pytest
from sqlmodel import select

from app.accounts.states import OrganisationKind, Role
from app.accounts.tables import Organisation
from app.notices.tables import Notice
from app.referrals.states import DECLINE_CODES
from app.referrals.whom_to_ask import first_rows
from app.text import catalogue
from app.verifying.invariants import broken
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

WAITS = ("offered", "seen")
TOWNSHIP = "某乡卫生院"


@pytest.fixture
def asked(house):
    doctor = house.clinician(SUIJIANG)
    return doctor, doctor.ask(BLEEDING)


def declines(house, offer, code="recommend_nearer"):
    centre = house.coordinator(offer["facility_id"])
    said = centre.post(f"/offers/{offer['id']}/decline", {"code": code})
    assert said.status_code == 200, said.text


def ranked_again(doctor, key, facts=(), **more):
    before = doctor.referral(key)
    request = {**before["asked"], **more}
    request["facts"] = {**request["facts"], **dict(facts)}
    path = f"/referrals/{key}/match"
    said = doctor.post(path, {"request": request}, version=before["version"])
    assert said.status_code == 200, said.text
    return doctor.referral(key)


def waiting(found):
    return [one["facility_id"] for one in found["offers"] if one["status"] in WAITS]


def names(found):
    return [one["facility_id"] for one in found["ranking"]]


def no_of(found, facility_id):
    return next(r["declined"] for r in found["ranking"] if r["facility_id"] == facility_id)


def test_who_has_said_no_is_asked_by_no_other_ranking_and_those_behind_it_are(house, asked):
    doctor, before = asked
    first = before["offers"][0]
    assert all(row["declined"] is None for row in before["ranking"])
    declines(house, first)
    found = ranked_again(doctor, before["id"])

    assert first["facility_id"] == names(found)[0]
    assert waiting(found) == names(found)[1:3]
    no = no_of(found, first["facility_id"])
    assert no["code"] == "recommend_nearer"
    assert no["at"] >= first["asked_at"]
    assert [row["declined"] for row in found["ranking"][1:]] == [None] * (len(names(found)) - 1)


def test_by_hand_it_is_asked_again(house, asked):
    doctor, before = asked
    first = before["offers"][0]
    declines(house, first)
    path = f"/referrals/{before['id']}/offers"
    by_hand = doctor.post(path, {"facility_id": first["facility_id"]})
    assert by_hand.status_code == 201, by_hand.text
    found = doctor.referral(before["id"])

    assert first["facility_id"] in waiting(found)
    assert no_of(found, first["facility_id"]) is None


def test_where_all_of_a_ranking_have_said_no_people_decide_and_nobody_is_asked(house, asked):
    doctor, before = asked
    first = before["offers"][0]
    declines(house, first)
    others = {one.facility_id for one in house.engine.registry.facilities}
    only = sorted(others - {first["facility_id"]})
    found = ranked_again(doctor, before["id"], exclude=only)

    assert names(found) == [first["facility_id"]]
    assert waiting(found) == []
    assert (found["status"], found["next_step"]) == ("matched", "coordinator_decides")


def test_who_advised_to_let_her_stay_is_asked_once_she_can_travel(house, asked):
    doctor, before = asked
    first = before["offers"][0]
    declines(house, first, "advise_stay_team_coming")
    version = doctor.referral(before["id"])["version"]
    stays = doctor.post(
        f"/referrals/{before['id']}/stay", {"reason": "expert_advice"}, version=version
    )
    assert stays.status_code == 200, stays.text
    found = ranked_again(doctor, before["id"])

    assert first["facility_id"] in waiting(found)


def test_a_centre_that_was_asked_again_by_hand_is_asked_on(house, asked):
    doctor, before = asked
    first = before["offers"][0]
    declines(house, first)
    by_hand = {"facility_id": first["facility_id"]}
    doctor.post(f"/referrals/{before['id']}/offers", by_hand)
    found = ranked_again(doctor, before["id"])

    assert first["facility_id"] in waiting(found)
    assert no_of(found, first["facility_id"]) is None


def notices(house):
    with house.database.reading() as session:
        return [(one.template, one.org_id) for one in session.exec(select(Notice)).all()]


def kept_of(found):
    names = ("id", "facility_id", "status", "asked_at", "answer_by")
    return [tuple(one[name] for name in names) for one in found["offers"]]


def test_who_is_asked_and_would_be_asked_again_keeps_offer_and_deadline_and_hears_nothing(
    house, asked
):
    doctor, before = asked
    told = [one for one in notices(house) if one[0] == "offer"]
    found = ranked_again(doctor, before["id"])

    assert kept_of(found) == kept_of(before)
    assert found["status"] == "offered"
    assert [one for one in notices(house) if one[0] == "offer"] == told
    there = house.coordinator(before["offers"][0]["facility_id"])
    said = there.post(f"/offers/{before['offers'][0]['id']}/accept")
    assert (said.status_code, said.json()["accepted"]) == (200, True), said.text
    with house.database.reading() as session:
        assert list(broken(session)) == []


def test_who_is_no_longer_among_them_is_withdrawn_and_told_and_only_the_new_one_is_asked(
    house, asked
):
    doctor, before = asked
    gone, stays = (one["facility_id"] for one in before["offers"])
    org = house.people[house.coordinator(gone).name].org_id
    house.coordinator(stays)
    found = ranked_again(doctor, before["id"], exclude=[gone])

    by_id = {one["id"]: one for one in found["offers"]}
    assert by_id[before["offers"][0]["id"]]["status"] == "withdrawn"
    kept = by_id[before["offers"][1]["id"]]
    assert (kept["status"], kept["answer_by"], kept["rank"]) == (
        "offered",
        before["offers"][1]["answer_by"],
        1,
    )
    assert waiting(found) == names(found)[:2]
    assert ("withdrawn", org) in notices(house)


def test_where_her_needs_are_others_whoever_is_asked_is_asked_anew(house, asked):
    doctor, before = asked
    worse = {"hdp": "eclampsia", "seizure_controlled": False}
    found = ranked_again(doctor, before["id"], facts=worse)

    was = {one["id"] for one in before["offers"]}
    assert {one["status"] for one in found["offers"] if one["id"] in was} == {"withdrawn"}
    assert waiting(found)


def test_whom_the_ladder_asked_beside_the_first_is_asked_on(house, asked):
    doctor, before = asked
    for one in names(before)[:3]:
        house.coordinator(one)
    house.pass_time(6)
    assert waiting(doctor.referral(before["id"])) == names(before)[:3]
    found = ranked_again(doctor, before["id"])

    assert waiting(found) == names(before)[:3]
    assert len(found["offers"]) == 3


def test_a_no_on_a_row_has_words():
    for language in ("zh", "en"):
        words = catalogue(language)
        assert words.has("answer.declined")
        assert all(words.has(f"web.decline.{code}") for code in DECLINE_CODES)


def test_who_is_asked_is_told_by_name_which_institution_asks(house, asked):
    _, before = asked
    centre = house.coordinator(before["offers"][0]["facility_id"])
    (offer,) = centre.get("/offers").json()["items"]
    assert (offer["origin"], offer["origin_name"]) == (SUIJIANG, None)

    with house.database.writing() as session:
        kind = OrganisationKind.INSTITUTION.value
        session.add(Organisation(province="53", kind=kind, name_zh=TOWNSHIP, division="530600"))
    township = house.person("t", Role.TOWNSHIP, kind=kind, division="530600")
    there = township.ask(BLEEDING, origin={"adcode": "530627"})["offers"][0]
    asked_too = house.coordinator(there["facility_id"])
    mine = [one for one in asked_too.get("/offers").json()["items"] if one["id"] == there["id"]]
    assert [(one["origin"], one["origin_name"]) for one in mine] == [(None, TOWNSHIP)]


# Which rows are asked.


def rows(said):
    """A ranking of centres by letter; those with a small one are two hours farther."""
    return [
        {"facility_id": one.upper(), "time_to_care_min": 170.0 if one.islower() else 50.0}
        for one in said
    ]


@pytest.mark.parametrize(
    ("ranking", "silent", "most", "first"),
    [
        ("ABCD", "", 2, "AB"),
        ("ABCD", "A", 1, "AB"),  # A may say yes by telephone, B may see it
        ("ABCDE", "AC", 2, "ABCD"),
        ("ABCD", "ABCD", 2, "AB"),  # nobody anywhere: as many as ever
        ("ABCD", "BCD", 2, "AB"),  # one somewhere, and no more
        ("ABCD", "AB", 0, ""),
        ("ABcd", "AB", 1, "A"),  # a yes from two hours farther takes no place of a nearer one
        ("abcd", "AB", 1, "ABC"),  # all are far
        ("AbcD", "A", 2, "ABC"),  # as far as the last that is asked anyway
        ("ABcD", "B", 2, "AB"),  # never fewer than before, and no look past a far one
        ("ABCDEFGHIJK", "ABCDEFGHIJ", 1, "A"),  # eleventh: beyond what a screen shows
    ],
)
def test_a_centre_without_accounts_takes_no_place_of_those_that_would_see_it(
    ranking, silent, most, first
):
    found = first_rows(rows(ranking), most, set(silent))
    assert "".join(row["facility_id"] for row in found) == first
