"""One child is entered once, and no child is kept out (R-STATE-11)."""

import pytest

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
LABOUR = {"gestational_age_weeks": "33+2", "preterm_labour": True}
SUIJIANG = "YN530600-011"


def on_the_road(house, facts):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(facts)
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    return doctor, asked, f"/transfers/{ride['id']}/births"


def birth(house, **more):
    with house.database.reading() as session:
        now = house.database.now(session)
    return {"births": 1, "happened_at": now.isoformat(), **more}


def test_a_second_report_of_one_birth_makes_no_second_child(house):
    doctor, asked, births = on_the_road(house, LABOUR)
    first = doctor.post(births, birth(house)).json()["newborns"]
    again = doctor.post(births, birth(house))
    beside = doctor.post(f"/patients/{asked['patient_id']}/newborns", {"newborns": [{}]})

    for refused in (again, beside):
        told = refused.json()
        assert (refused.status_code, told["type"].rsplit(":", 1)[1]) == (409, "delivered-already")
        assert (told["codes"], told["newborns"]) == (["delivered_already"], first)
        assert told["allowed"] == ["further_child", "stated_wrongly"]
        assert told["messages"] == ["本次妊娠的分娩已有记录"]


def test_a_twin_that_follows_is_let_in_and_belongs_to_the_same_birth(house):
    doctor, _, births = on_the_road(house, LABOUR)
    doctor.post(births, birth(house, births=2))
    third = doctor.post(births, birth(house, although_delivered="further_child"))
    assert third.status_code == 201, third.text

    seen = doctor.get(f"/patients/{third.json()['newborns'][0]}").json()
    assert (seen["order_in_birth"], seen["birth_order"]) == (3, 3)


def test_what_was_entered_by_mistake_is_merged_into_the_birth_that_was(house):
    doctor, _, births = on_the_road(house, LABOUR)
    (wrong,) = doctor.post(births, birth(house)).json()["newborns"]
    (right,) = doctor.post(births, birth(house, although_delivered="stated_wrongly")).json()[
        "newborns"
    ]
    body = {"drop": wrong, "reason": "recognised_by_staff"}
    version = doctor.get(f"/patients/{right}").json()["version"]
    merged = doctor.post(f"/patients/{right}/merge", body, version=version)

    assert merged.status_code == 200, merged.text
    assert doctor.get(f"/patients/{wrong}").json()["patient_id"] == right


@pytest.mark.parametrize("although", ["further_child", "stated_wrongly"])
def test_who_was_said_to_have_delivered_can_still_give_birth(house, although):
    """A second twin, or a slip in the request: the refusal says how, and the next call is done."""
    doctor, _, births = on_the_road(house, BLEEDING)
    refused = doctor.post(births, birth(house))
    assert (refused.status_code, refused.json()["newborns"]) == (409, [])

    born = doctor.post(births, birth(house, although_delivered=although))
    assert born.status_code == 201, born.text
    assert len(born.json()["newborns"]) == 1
