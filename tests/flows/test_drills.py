"""Exercises run the whole path and touch nothing real."""

from sqlmodel import select

from app.centres.tables import Reservation
from app.notices.tables import Notice
from tests.flows.house import House, hours_ago, sbar

SUIJIANG = "YN530600-011"
BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}


def rows(house, table):
    with house.database.reading() as session:
        return len(session.exec(select(table.id)).all())


def walked(house, doctor, **more):
    """A referral from the request to the outcome; every answer on the way."""
    answers = [doctor.ask(BLEEDING, **more)]
    (asked,) = answers
    offer = asked["offers"][0]
    centre = house.coordinator(offer["facility_id"])

    def said(answer):
        assert answer.status_code in (200, 201), answer.text
        answers.append(answer.json())
        return answers[-1]

    said(centre.get(f"/offers/{offer['id']}"))
    said(centre.post(f"/offers/{offer['id']}/accept"))
    at = {"given_by": "family", "agreed": True, "given_at": hours_ago(3)}
    said(doctor.post(f"/referrals/{asked['id']}/consents", at))
    said(doctor.post(f"/referrals/{asked['id']}/handover-set", sbar()))
    ride = said(doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}))
    said(doctor.post(f"/transfers/{ride['id']}/depart", {}))
    vital = {"facts": {"hr": 110}, "happened_at": hours_ago(2)}
    said(doctor.post(f"/transfers/{ride['id']}/observations", vital))
    said(centre.post(f"/transfers/{ride['id']}/arrive"))
    names = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
    said(centre.post(f"/transfers/{ride['id']}/hand-over", names))
    came = {
        "result": "discharged",
        "diagnosis": "产后出血",
        "treatment": "球囊压迫",
        "happened_at": hours_ago(1),
    }
    said(centre.post(f"/referrals/{asked['id']}/outcomes", came))
    said(doctor.get(f"/referrals/{asked['id']}"))
    return answers


def test_every_answer_of_a_drill_is_marked_and_no_place_is_taken_and_nobody_is_told(house):
    doctor = house.clinician(SUIJIANG)
    marked = walked(house, doctor, drill=True)

    assert [one["drill"] for one in marked] == [True] * len(marked)
    last = marked[-1]
    for part in (*last["transfers"], *last["consents"], *last["outcomes"], last["handover"]):
        assert part["drill"] is True
    assert (rows(house, Reservation), rows(house, Notice)) == (0, 0)


def test_a_real_one_takes_a_place_and_is_marked_nowhere(house):
    """What the drill is told from: the same path in earnest."""
    marked = walked(house, house.clinician(SUIJIANG))

    assert [one["drill"] for one in marked] == [False] * len(marked)
    assert rows(house, Reservation) > 0
    assert rows(house, Notice) > 0


def test_the_figures_of_drills_hold_counts_and_times_and_the_counties_without_one(house):
    doctor = house.clinician(SUIJIANG)
    walked(house, doctor, drill=True)
    doctor.ask(BLEEDING)
    officer, analyst = house.duty("530600"), house.analyst("530000")

    for who in (officer, analyst):
        found = who.get("/reports/drills").json()
        (line,) = found["items"]
        assert (line["county"], line["asked"], line["declined"]) == ("530626", 2, 0)
        assert line["answered_by"] == [line["accepted_by"]]
        assert 0 <= line["minutes_to_offer"] <= line["minutes_to_accept"] < 5
        assert "530626" not in found["counties_without"]
        assert "patient" not in str(line)
    assert len(officer.get("/reports/drills").json()["counties_without"]) == 10
    assert officer.get("/reports/drills?month=2020-02").json()["items"] == []
    assert officer.get("/reports/drills?month=2020-13").status_code == 400
    assert house.duty("530100").get("/reports/drills").json()["items"] == []
    assert doctor.get("/reports/drills").status_code == 403


def test_a_real_patient_is_in_no_drill_and_a_drill_stands_in_nobodys_way(house):
    doctor = house.clinician(SUIJIANG)
    real = doctor.ask(BLEEDING)
    refused = doctor.ask(BLEEDING, status=422, patient_id=real["patient_id"], drill=True)
    assert refused["codes"] == ["drill_with_a_real_patient"]

    drill = doctor.ask(BLEEDING, drill=True)
    ride = doctor.post("/transfers", {"referral_id": drill["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    earnest = doctor.ask(BLEEDING, patient_id=drill["patient_id"])
    assert (earnest["drill"], earnest["status"]) == (False, "offered")
    assert doctor.referral(drill["id"])["status"] == "closed"


def test_a_drill_that_was_handed_over_gives_way_as_well(house):
    doctor = house.clinician(SUIJIANG)
    marked = walked(house, doctor, drill=True)
    earnest = doctor.ask(BLEEDING, patient_id=marked[0]["patient_id"])

    assert (earnest["drill"], earnest["status"]) == (False, "offered")


def test_in_a_training_room_every_referral_is_a_drill_and_every_page_says_so(house):
    room = House(
        house.database,
        house.settings.model_copy(update={"training": True, "open_calculators": True}),
        house.engine,
    )
    try:
        doctor = room.clinician(SUIJIANG)
        asked = doctor.ask(BLEEDING, drill=False)
        assert asked["drill"] is True
        plan = room.duty("530600").post("/plans", {}).json()
        assert (plan["drill"], len(plan["referrals"])) == (True, 1)
        for path in ("/", "/api/docs", "/statusz", "/api/v1/nothing"):
            answer = room.client.get(path)
            assert answer.headers["X-Greenchannel-Training"] == "1"
        assert room.client.get("/statusz").json()["training"] is True
        assert "演练/培训环境" in room.client.get("/?lang=zh").text
        (number,) = (
            one["number"] for one in doctor.post("/paper-forms", {"count": 1}).json()["items"]
        )
        assert doctor.get(f"/paper-forms/sheets?number={number}").text.count("演练/培训环境") == 2
    finally:
        room.close()
    assert house.client.get("/statusz").json()["training"] is False
    assert "X-Greenchannel-Training" not in house.client.get("/statusz").headers
