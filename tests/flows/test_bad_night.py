"""A county hospital's bad night, told through the interface."""

import pytest

from app.centres.reporting import Reported, report_capacity
from tests.flows.house import hours_ago, sbar, whole_sbar

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
SUIJIANG = "YN530600-011"


BOTH = {"identifiers": ["name", "wristband"]}


def test_from_the_request_to_what_came_of_her(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    assert (asked["status"], asked["priority"], len(asked["offers"])) == ("offered", 1, 2)
    assert asked["ring"][0]["asked"] is True

    first, second = asked["offers"]
    centre, other = (house.coordinator(one["facility_id"]) for one in (first, second))
    (offer,) = centre.get("/offers").json()["items"]
    assert offer["assessment"]["emergencies"]
    said = centre.post(f"/offers/{offer['id']}/accept")
    assert (said.status_code, said.json()["accepted"]) == (200, True), said.text
    late = other.post(f"/offers/{second['id']}/accept")
    assert (late.status_code, late.json()["current"]) == (409, "withdrawn")

    patient = asked["patient_id"]
    consent = {"given_by": "family", "agreed": True, "given_at": hours_ago(3)}
    assert doctor.post(f"/referrals/{asked['id']}/consents", consent).status_code == 201
    handed = doctor.post(f"/referrals/{asked['id']}/handover-set", sbar()).json()
    assert handed["missing"] == ["assessment.imaging"]
    assert "content" not in handed
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    assert ride["destination"] == first["facility_id"]
    left = doctor.post(f"/transfers/{ride['id']}/depart", {}).json()
    assert left["status"] == "departed"
    refused = doctor.post(
        f"/referrals/{asked['id']}/cancel",
        {"reason": "recovered"},
        version=doctor.referral(asked["id"])["version"],
    )
    assert (refused.status_code, refused.json()["codes"]) == (422, ["under_way"])
    vital = {"facts": {"hr": 110, "sbp": 100}, "happened_at": hours_ago(2)}
    assert doctor.post(f"/transfers/{ride['id']}/observations", vital).status_code == 201

    assert centre.post(f"/transfers/{ride['id']}/arrive").json()["status"] == "arrived"
    names = {"giver": "测试乙", "receiver": "测试丙"}
    unchecked = centre.post(
        f"/transfers/{ride['id']}/hand-over", {**names, "identifiers": ["name"]}
    )
    assert unchecked.json()["codes"] == ["identity_not_checked"]
    over = centre.post(
        f"/transfers/{ride['id']}/hand-over", {**names, "identifiers": ["name", "wristband"]}
    )
    assert over.json()["status"] == "handed_over", over.text
    came = {
        "result": "discharged",
        "diagnosis": "产后出血",
        "treatment": "球囊压迫",
        "happened_at": hours_ago(1),
    }
    assert centre.post(f"/referrals/{asked['id']}/outcomes", came).status_code == 201
    told = doctor.referral(asked["id"])
    assert told["outcomes"][0]["result"] == "discharged"
    closing = f"/referrals/{asked['id']}/close"
    early = doctor.post(closing, {"reason": "complete"}, version=told["version"])
    assert (early.status_code, early.json()["codes"]) == (422, ["handover_incomplete"])
    assert early.json()["messages"] == ["交接信息未填全,请先补全"]
    whole = whole_sbar()
    assert doctor.post(f"/referrals/{asked['id']}/handover-set", whole).json()["missing"] == []
    closed = doctor.post(
        f"/referrals/{asked['id']}/close", {"reason": "complete"}, version=told["version"]
    )
    assert closed.json()["status"] == "closed", closed.text
    assert doctor.get("/worklists/mine").json()["referrals"] == []
    assert doctor.referral(asked["id"])["patient_id"] == patient


def test_nobody_answers_and_every_rung_is_climbed(house):
    doctor = house.clinician(SUIJIANG)
    county, prefecture, province = (house.duty(code) for code in ("530626", "530600", "530000"))
    asked = doctor.ask(BLEEDING)

    house.pass_time(13)
    found = doctor.referral(asked["id"])
    assert len(found["offers"]) == 3
    assert found["next_step"] == "province"
    for officer in (county, prefecture, province):
        assert [r["id"] for r in officer.get("/worklists/mine").json()["referrals"]] == [
            asked["id"]
        ]
    assert found["deadline_at"] is not None


def test_she_leaves_without_an_answer_and_is_taken_in_at_the_door(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "ems120"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    house.pass_time(20)
    on_the_road = doctor.referral(asked["id"])
    assert (on_the_road["status"], on_the_road["progress"]) == ("offered", "departed")

    centre = house.coordinator(ride["destination"])
    there = centre.post(f"/transfers/{ride['id']}/arrive")
    assert there.status_code == 200, there.text
    found = doctor.referral(asked["id"])
    assert (found["status"], found["destination"]) == ("accepted", ride["destination"])
    assert found["under_way"] is False


def test_a_no_needs_a_reason_and_asks_the_next(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first, second = asked["offers"]
    centre, other = (house.coordinator(one["facility_id"]) for one in (first, second))
    bare = centre.post(f"/offers/{first['id']}/decline", {"code": "too_busy"})
    assert bare.status_code == 422
    vague = centre.post(f"/offers/{first['id']}/decline", {"code": "no_capability"})
    assert vague.json()["codes"] == ["capability_missing"]

    no = {"code": "no_capability", "detail": "BLOOD_MTP"}
    assert centre.post(f"/offers/{first['id']}/decline", no).json()["status"] == "declined"
    found = doctor.referral(asked["id"])
    assert [o["status"] for o in found["offers"]] == ["declined", "offered", "offered"]
    assert centre.get(f"/referrals/{asked['id']}").status_code == 404
    other.post(f"/offers/{second['id']}/decline", {"code": "recommend_nearer"})
    assert doctor.referral(asked["id"])["next_step"] == "coordinator_decides"


@pytest.mark.parametrize(
    ("code", "detail", "fault"),
    [
        ("no_capability", "没有能力", "capability_unknown"),
        ("no_capability", "BLOOD_MTP;某项", "capability_unknown"),
        ("no_bed_diverting_to", "隔壁医院", "diverting_to_unknown"),
        ("no_bed_diverting_to", "itself", "diverting_to_itself"),
        ("recommend_nearer", "费用未付", "detail_not_wanted"),
        ("advise_stay_team_coming", "乙肝", "detail_not_wanted"),
    ],
)
def test_the_detail_of_a_no_is_a_code_and_no_place_for_other_grounds(house, code, detail, fault):
    """R-REF-02, R-REF-04."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first = asked["offers"][0]
    centre = house.coordinator(first["facility_id"])
    said = {"code": code, "detail": first["facility_id"] if detail == "itself" else detail}
    refused = centre.post(f"/offers/{first['id']}/decline", said)

    assert (refused.status_code, refused.json()["codes"]) == (422, [fault])
    assert refused.json()["messages"] != [fault]
    assert doctor.referral(asked["id"])["offers"][0]["status"] == "offered"


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("no_capability", "BLOOD_MTP"),
        ("no_capability", "BLOOD_MTP; CS_24H"),
        ("no_bed_diverting_to", "YN530100-005"),
        ("recommend_nearer", None),
        ("advise_stay_team_coming", None),
    ],
)
def test_every_reason_for_a_no_can_be_said(house, code, detail):
    doctor = house.clinician(SUIJIANG)
    first = doctor.ask(BLEEDING)["offers"][0]
    assert first["facility_id"] != detail
    centre = house.coordinator(first["facility_id"])
    said = centre.post(f"/offers/{first['id']}/decline", {"code": code, "detail": detail})

    assert (said.status_code, said.json()["decline_detail"]) == (200, detail), said.text


def test_a_yes_by_telephone_counts_and_is_confirmed_later(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    chosen = asked["ranking"][3]["facility_id"]
    said = doctor.post(
        f"/referrals/{asked['id']}/spoken-acceptance",
        {"facility_id": chosen, "said_by": "测试丁"},
    )
    assert said.json()["accepted"] is True, said.text
    found = doctor.referral(asked["id"])
    assert (found["destination"], found["words"][0]["said_by"]) == (chosen, "测试丁")
    assert found["words"][0]["confirmed_at"] is None

    centre = house.coordinator(chosen)
    confirmed = centre.post(f"/referrals/{asked['id']}/confirm", {"what": "acceptance"})
    assert confirmed.status_code == 200, confirmed.text
    assert doctor.referral(asked["id"])["words"][0]["confirmed_at"] is not None


def test_a_hospital_outside_the_network_is_a_destination_like_any_other(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    taken = doctor.post(
        f"/referrals/{asked['id']}/outside-acceptance",
        {"institution": "宜宾某医院", "said_by": "测试戊"},
        version=asked["version"],
    )
    assert taken.json()["destination"] == "宜宾某医院", taken.text
    assert {o["status"] for o in taken.json()["offers"]} == {"withdrawn"}
    ride = doctor.post(
        "/transfers", {"referral_id": asked["id"], "drives": "sender", "minutes": 60}
    ).json()
    for step in ("depart", "arrive"):
        answer = doctor.post(f"/transfers/{ride['id']}/{step}", {} if step == "depart" else None)
        assert answer.status_code == 200, answer.text
    names = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
    assert doctor.post(f"/transfers/{ride['id']}/hand-over", names).status_code == 200


def test_at_the_door_of_a_hospital_outside_the_network_no_centre_is_asked_any_more(house):
    """Nobody accepted, she was driven there all the same: the door opens, the others are told."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    centre = house.coordinator(asked["offers"][0]["facility_id"])
    ride = doctor.post(
        "/transfers",
        {"referral_id": asked["id"], "drives": "sender", "outside": "宜宾某医院", "minutes": 60},
    ).json()
    for step in ("depart", "arrive"):
        answer = doctor.post(f"/transfers/{ride['id']}/{step}", {} if step == "depart" else None)
        assert answer.status_code == 200, answer.text

    found = doctor.referral(asked["id"])
    assert (found["status"], found["destination"]) == ("accepted", "宜宾某医院")
    assert {offer["status"] for offer in found["offers"]} == {"withdrawn"}
    assert centre.get(f"/referrals/{asked['id']}").status_code == 404


def test_diverted_on_the_way_the_first_centre_is_let_go_and_the_new_one_is_asked(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first = asked["offers"][0]
    centre = house.coordinator(first["facility_id"])
    centre.post(f"/offers/{first['id']}/accept")
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    left = doctor.post(f"/transfers/{ride['id']}/depart", {}).json()
    to = asked["ranking"][2]["facility_id"]
    turned = doctor.post(
        f"/transfers/{ride['id']}/divert",
        {"facility_id": to, "reason": "road_closed"},
        version=left["version"],
    )
    assert turned.json()["destination"] == to, turned.text
    found = doctor.referral(asked["id"])
    assert (found["status"], found["progress"], found["destination"]) == (
        "offered",
        "diverted",
        None,
    )
    assert centre.get(f"/referrals/{asked['id']}").status_code == 404

    new = house.coordinator(to)
    (offer,) = new.get("/offers").json()["items"]
    assert new.post(f"/offers/{offer['id']}/accept").json()["accepted"] is True
    there = new.post(f"/transfers/{ride['id']}/arrive")
    assert there.json()["status"] == "arrived", there.text


def test_born_on_the_way_the_child_is_a_patient_and_the_referral_goes_on(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask({"gestational_age_weeks": "33+2", "preterm_labour": True})
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    born = doctor.post(
        f"/transfers/{ride['id']}/births",
        {"births": 2, "happened_at": hours_ago(2)},
    )
    assert len(born.json()["newborns"]) == 2, born.text
    assert doctor.referral(asked["id"])["progress"] == "departed"
    child = doctor.ask(
        {"clinician_says_critical_newborn": True, "birth_weight_g": 1700},
        patient_id=born.json()["newborns"][0],
    )
    assert child["patient_id"] == born.json()["newborns"][0]


def test_who_dies_on_the_way_closes_the_referral_and_frees_the_place(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first = asked["offers"][0]
    house.coordinator(first["facility_id"]).post(f"/offers/{first['id']}/accept")
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    assert doctor.post(f"/transfers/{ride['id']}/died").status_code == 200

    found = doctor.referral(asked["id"])
    assert (found["status"], found["progress"]) == ("closed", "died_in_transit")
    house.pass_time(30)
    assert doctor.referral(asked["id"])["status"] == "closed"


def test_a_slip_on_the_road_gives_no_bed_away(house):
    """Diverted to where she goes already; a yes taken back while she is on the road."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first = asked["offers"][0]
    centre = house.coordinator(first["facility_id"])
    assert centre.post(f"/offers/{first['id']}/accept").json()["places_held"] > 0
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})

    there = {"facility_id": first["facility_id"], "reason": "other"}
    same = doctor.post(f"/transfers/{ride['id']}/divert", there, version=2)
    assert same.json()["codes"] == ["same_destination"]
    no = {"code": "no_bed_diverting_to", "detail": asked["ranking"][1]["facility_id"]}
    back = centre.post(f"/offers/{first['id']}/decline", no)
    assert back.json()["codes"] == ["under_way"]
    assert doctor.referral(asked["id"])["destination"] == first["facility_id"]


def test_a_spoken_yes_counts_where_we_count_no_bed_and_says_that_none_is_held(house):
    one, two = house.clinician(SUIJIANG), house.clinician("YN530600-008")
    asked = one.ask(BLEEDING)
    to = asked["offers"][0]["facility_id"]
    house.coordinator(to)
    with house.database.writing() as session:
        now = house.database.now(session)
        org = house.people[f"k-{to}"].org_id
        said = Reported(to, "OB_RESCUE_BED", 1, 0, now, "ward round")
        report_capacity(session, said, by_org=org, owner_org=org, province="53", now=now)
    other = two.ask(BLEEDING)
    word = two.post(
        f"/referrals/{other['id']}/spoken-acceptance", {"facility_id": to, "said_by": "测试丁"}
    )

    assert word.status_code == 200, word.text
    assert (word.json()["accepted"], word.json()["places_held"]) == (True, 0)
    assert two.referral(other["id"])["words"][0]["said_by"] == "测试丁"


def test_one_person_does_not_hand_over_to_herself_and_nothing_happens_in_1931(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    old = {"facts": {"hr": 110}, "happened_at": "1931-01-01T03:40:00+08:00"}
    answer = doctor.post(f"/transfers/{ride['id']}/observations", old)
    assert answer.json().get("codes") == ["too_long_ago"], answer.text
    centre = house.coordinator(ride["destination"])
    centre.post(f"/transfers/{ride['id']}/arrive")
    same = {"giver": "测试王", "receiver": "测试王", "identifiers": ["name", "wristband"]}
    answer = centre.post(f"/transfers/{ride['id']}/hand-over", same)
    assert answer.json()["codes"] == ["same_name_twice"]
