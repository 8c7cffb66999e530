"""What hospitals tell the province about tonight, and what it changes for the next patient."""

from datetime import UTC, datetime, timedelta

from app.accounts.states import Role

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
SUIJIANG = "YN530600-011"


def soon(hours):
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def first_asked(house, doctor):
    return doctor.ask(BLEEDING)["offers"][0]["facility_id"]


def test_no_anaesthetist_tonight_and_the_next_woman_is_sent_elsewhere(house):
    doctor = house.clinician(SUIJIANG)
    centre = first_asked(house, doctor)
    night = house.coordinator(centre)
    note = {"capability": "CS_24H", "available": False, "until": soon(8), "said_by": "测试乙"}
    said = night.post(f"/facilities/{centre}/capabilities", note)
    second = first_asked(house, house.clinician(SUIJIANG, name="other"))

    assert said.status_code == 201, said.text
    assert second != centre
    (shown,) = doctor.get(f"/facilities/{centre}/capabilities").json()["items"]
    assert (shown["available"], shown["said_by"]) == (False, "测试乙")


def test_one_call_on_all_places_and_no_change_an_hour_later(house):
    centre = "YN533300-001"
    night = house.coordinator(centre)
    nobody_said = night.post("/capacity-reports", {"facility_id": centre, "no_change": True})
    lines = [
        {"kind": "OB_RESCUE_BED", "in_service": 4, "free": 2},
        {"kind": "AICU", "in_service": 2, "free": 0},
    ]
    first = night.post("/capacity-reports", {"facility_id": centre, "lines": lines})
    again = night.post("/capacity-reports", {"facility_id": centre, "no_change": True})
    both = night.post(
        "/capacity-reports", {"facility_id": centre, "no_change": True, "lines": lines}
    )

    assert nobody_said.json()["codes"] == ["nothing_reported_yet"]
    assert first.status_code == 201, first.text
    assert first.json()["kinds"]["OB_RESCUE_BED"]["free"] == 2
    assert again.json()["kinds"] == first.json()["kinds"]
    assert (both.status_code, both.json()["codes"]) == (422, ["both_figures_and_no_change"])


def test_a_centre_asks_to_be_passed_over_and_nobody_else_asks_for_it(house):
    centre = "YN533300-001"
    night, stranger = house.coordinator(centre), house.clinician(SUIJIANG)
    path = f"/facilities/{centre}/diversions"
    wanted = {"reason": "full", "until": soon(2)}
    foreign = stranger.post(path, wanted)
    made = night.post(path, wanted)
    again = night.post(path, wanted)
    (line,) = made.json()["items"]
    lifted = night.post(f"{path}/{line['id']}/lift")

    assert (foreign.status_code, made.status_code, again.status_code) == (403, 201, 409)
    assert foreign.json()["type"].endswith("not-your-centre")
    assert again.json()["type"].endswith("diversion-open")
    assert lifted.json()["items"][0]["ended_at"] is not None
    assert stranger.get(path).json()["items"][0]["id"] == line["id"]


def test_who_is_on_duty_is_who_is_rung(house):
    doctor = house.clinician(SUIJIANG)
    centre = first_asked(house, doctor)
    night = house.coordinator(centre)
    turn = {
        "facility_id_or_adcode": centre,
        "role": "obstetric",
        "person_name": "测试丙",
        "phone": "0870-99999",
        "from_at": soon(-1),
        "until": soon(8),
    }
    made = night.post("/duty", turn)
    rung = house.clinician(SUIJIANG, name="other").ask(BLEEDING)["ring"][0]
    on_duty = doctor.get("/duty", params={"of": centre}).json()["items"]
    left = night.post(f"/duty/{made.json()['id']}/withdraw").json()["items"]

    assert made.status_code == 201, made.text
    assert "0870-99999" in str(rung)
    assert [one["person_name"] for one in on_duty] == ["测试丙"]
    assert left == []


def test_a_number_entered_after_the_request_is_the_one_to_ring(house):
    """Also that of the duty office that looks after her now; where none is known it says so."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    centre = asked["ring"][0]["facility_id"]
    turn = {
        "facility_id_or_adcode": centre,
        "role": "obstetric",
        "person_name": "测试丁",
        "phone": "0870-88881",
        "from_at": soon(-1),
        "until": soon(8),
    }
    house.coordinator(centre).post("/duty", turn)
    house.pass_time(20)
    before = doctor.referral(asked["id"])
    (office,) = [row for row in before["ring"] if row["owner"]]
    whose = office["division"]
    of_office = {"facility_id_or_adcode": whose, "role": "duty", "phone": "0870-88882"}
    made = house.duty("530000").post("/duty", turn | of_office)
    after = doctor.referral(asked["id"])
    (rung,) = [row for row in after["ring"] if row["owner"]]

    assert made.status_code == 201, made.text
    assert (before["ring"][0]["facility_id"], before["ring"][0]["phone"]) == (centre, "0870-88881")
    assert (office["phone"], office["phone_note_code"]) == (None, "number_unknown")
    assert (rung["phone"], rung["phone_note_code"]) == ("0870-88882", None)
    assert asked["ring"][0]["phone_note_code"] in ("number_unknown", "number_as_asked")


def test_the_commission_designates_and_a_hospital_does_not(house):
    centre = "YN533300-001"
    officer = house.duty("530000")
    path = f"/facilities/{centre}/designations"
    decision = {
        "kind": "maternal",
        "level": "M2",
        "valid_from": "2026-01-01",
        "document": "甲发1号",
    }
    own = house.person("admin", Role.ADMINISTRATOR, facility=centre).post(path, decision)
    made = officer.post(path, decision)

    assert (own.status_code, made.status_code) == (403, 201), made.text
    assert [one["level"] for one in officer.get(path).json()["items"]] == ["M2"]


def test_catchments_and_blood_of_a_county(house):
    officer = house.duty("530829")
    stock = {
        "county": "530829",
        "lines": [{"component": "red_cells", "blood_group": "O+", "units": 6, "as_of": soon(-1)}],
        "source": "电话",
        "courier_phone": "12345",
        "courier_min": 40,
    }
    assert officer.post("/blood-stocks", stock).status_code == 201
    (blood,) = officer.get("/blood-stocks", params={"county": "530829"}).json()["items"]
    belongs = officer.get("/catchments", params={"county": "530829"}).json()["items"]
    nowhere = officer.get("/catchments", params={"county": "999999"})

    assert (blood["units"], blood["courier_min"]) == (6, 40)
    assert {row["kind"] for row in belongs} == {"M", "N"}
    assert all(row["assumed"] for row in belongs)
    assert nowhere.status_code == 404


def test_a_dispatcher_sees_which_cover_is_left(house):
    doctor = house.clinician(SUIJIANG)
    made = doctor.post(
        "/vehicles", {"kind": "ambulance", "label": "云C·测试1", "equipment": ["vent"]}
    )
    key = made.json()["id"]
    twice = doctor.post("/vehicles", {"kind": "ambulance", "label": "云C·测试1"})
    path, away = f"/vehicles/{key}/state", {"state": "away", "back_at": soon(2)}
    unread = doctor.post(path, away)
    out = doctor.post(path, away, version=1)
    stale = doctor.post(path, {"state": "available"}, version=1)
    told = doctor.get("/vehicles").json()
    other = house.clinician("YN533300-001")

    assert (made.status_code, twice.json()["codes"]) == (201, ["name_taken"])
    assert unread.status_code == 428
    assert (out.json()["state"], out.json()["version"]) == ("away", 2)
    assert (stale.status_code, stale.json()["current"]["state"]) == (412, "away")
    assert [(one["kind"], one["free"]) for one in told["cover"]] == [("ambulance", 0)]
    assert other.get("/vehicles").json()["items"] == []
    refused = other.post(path, {"state": "available"}, version=2)
    assert refused.status_code == 404


def test_she_takes_the_only_ambulance_and_the_next_one_is_told_at_once(house):
    """It is hers until she is there, then on its way home; called off, it is free again."""
    doctor = house.clinician(SUIJIANG)
    car = doctor.post("/vehicles", {"kind": "ambulance", "label": "云C·测试1"}).json()["id"]
    first, second = doctor.ask(BLEEDING)["id"], doctor.ask(BLEEDING)["id"]

    def dispatched(referral):
        body = {"referral_id": referral, "drives": "sender", "vehicle_ids": [car]}
        return doctor.post("/transfers", body)

    called_off = dispatched(first).json()
    assert [(one["kind"], one["free"]) for one in called_off["cover"]] == [("ambulance", 0)]
    assert called_off["vehicle_ids"] == [car]
    gone = dispatched(second)
    assert (gone.status_code, gone.json()["cover"]) == (409, {"ambulance": 0})
    assert gone.json()["type"].endswith("vehicle-gone")
    back = doctor.post(f"/transfers/{called_off['id']}/call-off").json()
    assert (back["vehicle_ids"], back["cover"][0]["free"]) == ([], 1)

    ride = dispatched(second).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    centre = house.coordinator(ride["destination"])
    assert centre.post(f"/transfers/{ride['id']}/arrive").status_code == 200
    (home,) = doctor.get("/vehicles").json()["items"]
    assert (home["taken"], home["state"] in ("away", "available")) == (False, True)


def test_whoever_takes_her_request_back_has_the_ambulance_back(house):
    doctor = house.clinician(SUIJIANG)
    car = doctor.post("/vehicles", {"kind": "ambulance", "label": "云C·测试1"}).json()["id"]
    asked = doctor.ask(BLEEDING)
    doctor.post(
        "/transfers", {"referral_id": asked["id"], "drives": "sender", "vehicle_ids": [car]}
    )
    version = doctor.referral(asked["id"])["version"]
    done = doctor.post(f"/referrals/{asked['id']}/cancel", {"reason": "recovered"}, version=version)

    assert done.status_code == 200, done.text
    assert doctor.get("/vehicles").json()["cover"][0]["free"] == 1
