"""A question to a hospital without accounts is seen by nobody: who asks is told to ring."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from app.accounts.signed_up import nobody_at
from app.accounts.states import Role
from app.accounts.tables import RoleGrant, UserAccount
from app.doctor import State, looked_after, unseen
from app.text import catalogue
from tests.flows.house import House

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
HIGH_PRESSURE = {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"}
SUIJIANG = "YN530600-011"


def test_a_centre_without_accounts_is_marked_in_the_answer_and_one_with_somebody_is_not(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    assert [one["nobody_signed_up"] for one in asked["offers"]] == [True, True]
    assert {row["note_code"] for row in asked["ring"] if row["facility_id"]} == {"nobody_signed_up"}

    there = asked["offers"][0]["facility_id"]
    centre = house.coordinator(there)
    found = doctor.referral(asked["id"])
    assert [one["nobody_signed_up"] for one in found["offers"]] == [False, True]
    assert [row["note_code"] for row in found["ring"]][:2] == [None, "nobody_signed_up"]
    (mine,) = centre.get("/offers").json()["items"]
    assert mine["nobody_signed_up"] is False

    third = asked["ranking"][4]["facility_id"]
    by_name = doctor.post(f"/referrals/{asked['id']}/offers", {"facility_id": third})
    assert by_name.json()["nobody_signed_up"] is True


def ranked(who):
    request = {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}
    return who.post("/recommendations", request).json()


def test_a_centre_without_accounts_is_marked_before_anything_is_sent(house):
    """The same marks as after sending, in the order of the ranking, which they do not change."""
    doctor = house.clinician(SUIJIANG)
    before = ranked(doctor)
    order = [one["facility_id"] for one in before["ranking"]]
    house.coordinator(order[0])
    ahead = ranked(doctor)
    asked = doctor.ask(BLEEDING)

    assert [one["facility_id"] for one in ahead["ring"]] == order
    assert [one["facility_id"] for one in ahead["ranking"]] == order
    assert {one["note_code"] for one in before["ring"]} == {"nobody_signed_up"}
    assert [one["note_code"] for one in ahead["ring"]][:2] == [None, "nobody_signed_up"]
    after = {one["facility_id"]: one["note_code"] for one in asked["ring"]}
    first = {one["facility_id"]: one["note_code"] for one in ahead["ring"]}
    assert {name: first[name] for name in after if name in first} == {
        name: after[name] for name in after if name in first
    }


def test_the_number_before_sending_is_that_of_now_or_is_said_not_to_be_known(house):
    doctor = house.clinician(SUIJIANG)
    first, second = (one["facility_id"] for one in ranked(doctor)["ranking"][:2])
    now = datetime.now(UTC)
    turn = {"facility_id_or_adcode": first, "role": "obstetric", "person_name": "测试丁"}
    times = {
        "from_at": (now - timedelta(hours=1)).isoformat(),
        "until": (now + timedelta(hours=8)).isoformat(),
    }
    duty = turn | times | {"phone": "0870-88881"}
    assert house.coordinator(first).post("/duty", duty).status_code == 201
    said = {one["facility_id"]: one for one in ranked(doctor)["ring"]}

    assert (said[first]["phone"], said[first]["phone_note_code"]) == ("0870-88881", None)
    assert (said[second]["phone"], said[second]["phone_note_code"]) == (None, "number_unknown")


def test_only_who_may_send_a_request_is_told_where_nobody_would_see_it(house):
    assert ranked(house.analyst("530000"))["ring"] is None
    assert ranked(house.duty("530626"))["ring"] is not None
    open_to_all = House(
        house.database,
        house.settings.model_copy(update={"open_calculators": True}),
        house.engine,
    )
    try:
        request = {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}
        answer = open_to_all.client.post("/api/v1/recommendations", json=request)
        assert answer.status_code == 200, answer.text
        assert answer.json()["ring"] is None
    finally:
        open_to_all.close()


def test_what_a_county_doctor_is_told_stands_in_both_languages():
    assert "打电话" in catalogue("zh").code("notes", "nobody_signed_up")
    assert "ring it" in catalogue("en").code("notes", "nobody_signed_up")


def changed(house, table, **values):
    with house.database.writing() as session:
        row = session.exec(select(table)).one()
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


@pytest.mark.parametrize("why", ["initial_password", "shut", "role_ended", "another_role"])
def test_an_account_that_shows_its_owner_nothing_is_nobody(house, why):
    role = Role.ADMINISTRATOR if why == "another_role" else Role.COORDINATOR
    house.person("somebody", role, facility=SUIJIANG)
    with house.database.reading() as session:
        now = house.database.now(session)
        before = nobody_at(session, {SUIJIANG}, at=now)
    changes = {
        "initial_password": (UserAccount, {"must_change": True}),
        "shut": (UserAccount, {"disabled_from": now}),
        "role_ended": (RoleGrant, {"to_at": now}),
    }
    if why in changes:
        changed(house, changes[why][0], **changes[why][1])

    with house.database.reading() as session:
        assert nobody_at(session, {SUIJIANG}, at=now) == {SUIJIANG}
    assert before == ({SUIJIANG} if why == "another_role" else set())


def test_an_account_that_was_shut_for_a_while_counts_again(house):
    house.coordinator(SUIJIANG)
    with house.database.reading() as session:
        now = house.database.now(session)
    changed(house, UserAccount, disabled_from=now, disabled_to=now + timedelta(hours=1))

    with house.database.reading() as session:
        assert nobody_at(session, {SUIJIANG}, at=now) == {SUIJIANG}
        assert nobody_at(session, {SUIJIANG}, at=now + timedelta(hours=2)) == set()


def test_doctor_names_destinations_and_commissions_in_which_nobody_would_see_anything(house):
    centres = [f.facility_id for f in house.engine.registry.facilities if f.is_rescue_centre]
    house.coordinator(centres[0])
    house.duty("530626")
    found = {check.code: check for check in looked_after(house.settings, house.engine)}

    silent, offices = found["nobody_signed_up"], found["office_nobody_signed_up"]
    assert (silent.state, silent.count) == (State.WARN, len(centres) - 1)
    assert silent.detail == tuple(centres[1:])
    assert offices.count == 1 + 16 + 129 - 1
    assert "530626" not in offices.detail
    assert found.keys() >= {check.code for check in unseen(house.database, house.engine)}


def test_all_centres_of_an_answer_are_looked_up_at_once(house):
    doctor = house.clinician(SUIJIANG)
    said = []
    engine = house.app.state.database.engine
    event.listen(engine, "before_cursor_execute", lambda *more: said.append(more[2]))
    doctor.ask(BLEEDING)

    # Once to choose whom to ask, once to say of whom is shown.
    assert sum("must_change" in one and "EXISTS" in one for one in said) == 2


def test_who_would_see_it_is_asked_as_if_no_centre_without_accounts_stood_before_it(house):
    """The places of R-ROUTE-07 go to the second and the third; the first can be rung."""
    doctor = house.clinician(SUIJIANG)
    order = [one["facility_id"] for one in ranked(doctor)["ranking"]]
    for one in order[1:3]:
        house.coordinator(one)
    asked = doctor.ask(BLEEDING)

    assert [one["facility_id"] for one in asked["offers"]] == order[:3]
    assert [one["nobody_signed_up"] for one in asked["offers"]] == [True, False, False]
    by_word = {"facility_id": order[0], "said_by": "测试丙"}
    said = doctor.post(f"/referrals/{asked['id']}/spoken-acceptance", by_word)
    assert said.status_code == 200, said.text
    assert doctor.referral(asked["id"])["destination"] == order[0]


def test_the_ladder_asks_the_next_that_would_see_it(house):
    """After the first says nothing, one more that would see it, and who stands before that one."""
    doctor = house.clinician(SUIJIANG)
    order = [one["facility_id"] for one in ranked(doctor)["ranking"]]
    for one in (order[0], order[2]):
        house.coordinator(one)
    asked = doctor.ask(HIGH_PRESSURE)
    assert [one["facility_id"] for one in asked["offers"]] == order[:1]
    house.pass_time(11)

    found = doctor.referral(asked["id"])
    assert [one["facility_id"] for one in found["offers"]] == order[:3]


def test_every_check_of_who_sees_nothing_has_words(house):
    for check in unseen(house.database, house.engine):
        for language in ("zh", "en"):
            assert catalogue(language).has(f"checks.{check.code}")
