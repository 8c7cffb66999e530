"""What is handed over with her: what counts as stated, and what nobody has to type again."""

import uuid

from app.deadlines.service import open_deadlines
from tests.flows.house import CONSENT, whole_sbar
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

ANTEPARTUM = {
    "gestational_age_weeks": "33+2",
    "placenta_position": "praevia",
    "antepartum_bleeding": True,
    "hr": 118,
    "sbp": 96,
    "rr": 22,
    "spo2": 97,
    "temp": 36.8,
    "hb_g_l": 88,
}
NEWBORN = {"birth_weight_g": 1450, "neo_ga_weeks": "30+4", "age_minutes": 50}


def handed(doctor, asked, body):
    answer = doctor.post(f"/referrals/{asked['id']}/handover-set", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["missing"]


def test_a_word_about_consent_is_no_consent_and_the_record_of_it_is(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    assert handed(doctor, asked, whole_sbar()) == ["request.consent"]
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    assert doctor.post(f"/transfers/{ride['id']}/depart", {}).status_code == 200
    assert doctor.referral(asked["id"])["handover"]["missing"] == ["request.consent"]

    doctor.post(f"/referrals/{asked['id']}/consents", CONSENT)
    found = doctor.referral(asked["id"])
    assert (found["handover"]["missing"], found["handover_missing"]) == ([], [])
    assert found["handover_known"]["request"]["consent"] == "family:yes"
    with house.database.reading() as session:
        left = [one.kind for one in open_deadlines(session, uuid.UUID(asked["id"]))]
    assert "arrival" in left
    assert "complete_handover" not in left


def test_what_the_request_said_is_not_typed_again(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(ANTEPARTUM)
    found = doctor.referral(asked["id"])
    known = found["handover_known"]

    assert known["situation"]["gestation"] == "33+2"
    assert known["situation"]["colour"] == found["colour"]
    assert known["situation"]["urgency"] == asked["priority"]
    assert known["situation"]["reason"]
    assert known["assessment"]["haemoglobin"] == 88
    vital = known["assessment"]["vital_signs"]
    assert (vital["hr"], vital["sbp"], vital["temp"]) == (118, 96, 36.8)
    assert vital["at"]
    missing = handed(doctor, asked, {})
    for name in ("situation.gestation", "situation.colour", "assessment.vital_signs"):
        assert name not in missing
    for name in ("situation.identity", "situation.purple", "background.allergies"):
        assert name in missing


def test_two_vital_signs_are_no_set_and_nobody_asked_for_purple(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    missing = handed(doctor, asked, {})

    assert {"assessment.vital_signs", "situation.purple"} <= set(missing)


def test_a_newborn_has_no_colour(house):
    doctor = house.clinician("YN533300-004")
    asked = doctor.ask({**NEWBORN, "clinician_says_critical_newborn": True})
    known = doctor.referral(asked["id"])["handover_known"]["situation"]

    assert (known["colour"], known["purple"]) == ("not_applicable", "not_applicable")
    assert known["gestation"] == "30+4"


def test_unknown_is_a_statement_and_silence_is_none(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    said = {
        "unknown": ["background.allergies"],
        "not_applicable": ["assessment.fetal_heart"],
        "background": {"medicines": ""},
    }
    missing = handed(doctor, asked, said)

    assert {"background.medicines", "background.history"} <= set(missing)
    assert not {"background.allergies", "assessment.fetal_heart"} & set(missing)
    found = doctor.referral(asked["id"])["handover"]
    assert found["unknown"] == ["background.allergies"]
    assert found["not_applicable"] == ["assessment.fetal_heart"]


def test_nobody_says_that_consent_is_unknown_or_a_filled_field_is(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    for body, code in (
        ({"unknown": ["request.consent"]}, "handover_field_unknown"),
        ({"not_applicable": ["background.alergies"]}, "handover_field_unknown"),
        (
            {"background": {"history": "none"}, "unknown": ["background.history"]},
            "handover_field_said_twice",
        ),
    ):
        answer = doctor.post(f"/referrals/{asked['id']}/handover-set", body)
        assert (answer.status_code, answer.json()["codes"]) == (422, [code])


def test_whoever_is_known_by_name_is_identified(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    path = f"/patients/{asked['patient_id']}/identity"
    version = doctor.get(path).json()["version"]
    done = house.client.patch(
        f"/api/v1{path}", json={"name": "测试甲"}, headers=doctor.headers(version)
    )
    assert done.status_code == 200, done.text

    assert doctor.referral(asked["id"])["handover_known"]["situation"]["identity"] == "recorded"
