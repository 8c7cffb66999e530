"""Who she is, over HTTP: entered in seconds, completed later, shown to few, found nowhere else."""

import logging

import pytest
from sqlalchemy import text

from app.db_types import metadata, new_key
from tests.app.storage import canary
from tests.app.storage.canary import sightings
from tests.flows.test_bad_night import BLEEDING

NUJIANG = "YN533300-001"
DOCTOR_AT = "YN530600-011"
NUJIANG = "YN533300-001"
SAID = {
    "identity_kind": "resident_id",
    "id_number": canary.NUMBER,
    "name": canary.NAME,
    "phone": canary.PHONE,
    "address": canary.ADDRESS,
    "contact_name": canary.RELATIVE,
    "language": "ii",
    "interpreter_needed": True,
}


def entered(caller, **said):
    answer = caller.post("/patients", {"kind": "maternal", **said})
    assert answer.status_code == 201, answer.text
    return answer.json()["patient_id"]


def patched(caller, patient_id, said, *, version):
    return caller.house.client.patch(
        f"/api/v1/patients/{patient_id}/identity", json=said, headers=caller.headers(version)
    )


def test_she_is_entered_without_anything_and_completed_later(house):
    doctor = house.clinician(DOCTOR_AT)
    her = entered(doctor)
    before = doctor.get(f"/patients/{her}")
    done = patched(doctor, her, SAID, version=1)
    stale = patched(doctor, her, {"phone": "138000"}, version=1)
    who = doctor.get(f"/patients/{her}/identity")

    assert before.json()["unknown"].startswith("未知-")
    assert (before.headers["etag"], done.json()["version"], who.headers["etag"]) == (
        '"1"',
        2,
        '"2"',
    )
    assert (stale.status_code, stale.json()["now"]) == (412, 2)
    assert who.json()["name"] == canary.NAME
    assert who.headers["cache-control"] == "no-store"
    assert (
        doctor.post(
            "/patients/search", {k: SAID[k] for k in ("identity_kind", "id_number")}
        ).json()["patient_id"]
        == her
    )


def test_a_wrong_number_is_refused_with_what_is_wrong_and_not_repeated(house):
    doctor = house.clinician(DOCTOR_AT)
    wrong = canary.NUMBER[:-1] + ("1" if canary.NUMBER[-1] != "1" else "2")
    answer = doctor.post(
        "/patients", {"kind": "maternal", **SAID, "id_number": wrong, "phone": "x"}
    )

    assert answer.status_code == 422
    assert answer.json()["type"].endswith("identity-refused")
    assert [(f["field"], f["code"]) for f in answer.json()["faults"]] == [
        ("id_number", "id_check_digit"),
        ("phone", "not_a_phone"),
    ]
    assert wrong not in answer.text


def test_who_has_nothing_to_do_with_her_finds_nobody(house):
    doctor, stranger = house.clinician(DOCTOR_AT), house.clinician(NUJIANG)
    her = entered(doctor, **SAID)
    asked = [
        stranger.get(f"/patients/{her}"),
        stranger.get(f"/patients/{her}/identity"),
        stranger.get(f"/patients/{her}/duplicates"),
        patched(stranger, her, {"phone": "138000"}, version=1),
        stranger.post(
            f"/patients/{her}/merge", {"drop": str(new_key()), "reason": "same_number"}, version=1
        ),
        stranger.post(f"/patients/{her}/undo-merge", {"reason": "merged_by_mistake"}),
        stranger.post(f"/patients/{her}/newborns", {"newborns": [{}]}),
        stranger.get(f"/patients/{new_key()}"),
    ]
    number = {"identity_kind": "resident_id", "id_number": canary.NUMBER}

    assert {answer.status_code for answer in asked} == {404}
    assert len({answer.text for answer in asked}) == 1
    assert stranger.post("/patients/search", number).json() == {"patient_id": None}


def test_who_enters_a_known_number_has_her_record_and_learns_no_name(house):
    doctor, other = house.clinician(DOCTOR_AT), house.clinician(NUJIANG)
    her = entered(doctor, **SAID)
    answer = other.post(
        "/patients",
        {"kind": "maternal", "identity_kind": "resident_id", "id_number": canary.OLD_NUMBER},
    ).json()

    assert (answer["patient_id"], answer["found"]) == (her, True)
    assert other.get(f"/patients/{her}").json()["identity_known"] is True
    assert other.get(f"/patients/{her}/identity").status_code == 404


def test_a_centre_sees_the_least_when_it_is_asked_and_her_name_once_it_takes_her(house):
    doctor = house.clinician(DOCTOR_AT)
    her = entered(doctor, **SAID)
    asked = doctor.ask(BLEEDING, patient_id=her)
    first, second = (house.coordinator(offer["facility_id"]) for offer in asked["offers"][:2])
    least = first.get(f"/patients/{her}")
    hidden = first.get(f"/patients/{her}/identity")
    (offer,) = first.get("/offers").json()["items"]
    first.post(f"/offers/{offer['id']}/accept")
    shown = first.get(f"/patients/{her}/identity")

    assert least.json()["interpreter_needed"] is True
    assert sightings({"least": least.content, "refusal": hidden.content}) == []
    assert (hidden.status_code, shown.status_code) == (404, 200)
    assert shown.json()["name"] == canary.NAME
    assert second.get(f"/patients/{her}/identity").status_code == 404


def test_two_records_are_offered_merged_and_taken_apart_again(house):
    doctor = house.clinician(DOCTOR_AT)
    known, unknown = entered(doctor, **SAID), entered(doctor)
    claimed = patched(
        doctor, unknown, {k: SAID[k] for k in ("identity_kind", "id_number")}, version=1
    ).json()
    offered = doctor.get(f"/patients/{unknown}/duplicates").json()
    doctor.ask(BLEEDING, patient_id=unknown)
    refused = doctor.post(
        f"/patients/{known}/merge", {"drop": unknown, "reason": "documents_compared"}, version=1
    )
    said = {"drop": known, "reason": "same_number"}
    version = doctor.get(f"/patients/{unknown}").json()["version"]
    merged = doctor.post(f"/patients/{unknown}/merge", said, version=version)
    both = doctor.get(f"/patients/{known}/identity").json()
    apart = doctor.post(f"/patients/{known}/undo-merge", {"reason": "different_persons"})

    assert claimed["same_number"]["patient_id"] == known
    assert offered == {
        "items": [{"patient_id": known, "likeness": ["same_number"]}],
        "elsewhere": 0,
    }
    assert (refused.status_code, refused.json()["code"]) == (409, "open_referral_not_kept")
    assert merged.json() == {"kept": unknown, "dropped": known, "merged": True}
    assert (both["patient_id"], both["name"], both["merged"]) == (unknown, canary.NAME, [known])
    assert apart.json() == {"kept": unknown, "dropped": known, "merged": False}
    assert doctor.get(f"/patients/{unknown}/identity").json()["name"] is None


def test_twins_are_entered_and_belong_to_her(house):
    doctor = house.clinician(DOCTOR_AT)
    her = entered(doctor)
    answer = doctor.post(f"/patients/{her}/newborns", {"newborns": [{}, {}]})
    seen = [doctor.get(f"/patients/{one}").json() for one in answer.json()["patient_ids"]]

    assert answer.status_code == 201
    assert [(one["mother_id"], one["order_in_birth"]) for one in seen] == [(her, 1), (her, 2)]


def test_a_newborn_of_nobody_is_linked_to_its_mother_once(house):
    doctor = house.clinician(DOCTOR_AT)
    child, other = (entered(doctor, kind="newborn") for _ in range(2))
    mother = entered(doctor)
    path = f"/patients/{child}/mother"
    linked = doctor.post(path, {"mother": mother})
    again = doctor.post(path, {"mother": mother})
    not_hers = doctor.post(f"/patients/{other}/mother", {"mother": child})
    stranger = house.clinician(NUJIANG).post(f"/patients/{other}/mother", {"mother": mother})
    without_right = house.analyst("530000").post(f"/patients/{other}/mother", {"mother": mother})

    assert linked.status_code == 200, linked.text
    assert (linked.json()["mother_id"], linked.json()["birth_order"]) == (mother, 1)
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "newborn-linked")
    assert not_hers.json()["code"] == "other_kind"
    assert (stranger.status_code, without_right.status_code) == (404, 403)


def test_who_sees_the_newborn_but_not_the_mother_links_nothing(house):
    doctor, elsewhere = house.clinician(DOCTOR_AT), house.clinician(NUJIANG)
    child, mother = entered(doctor, kind="newborn"), entered(elsewhere)
    refused = doctor.post(f"/patients/{child}/mother", {"mother": mother})

    assert refused.status_code == 404
    assert doctor.get(f"/patients/{child}").json()["mother_id"] is None


@pytest.mark.parametrize("field", ["marital_status", "marriage", "birth_permit", "registered"])
def test_nobody_is_asked_whether_she_may_have_a_child(house, field):
    """R-CONSENT-05."""
    answer = house.clinician(DOCTOR_AT).post("/patients", {"kind": "maternal", field: "x"})

    assert answer.status_code == 422
    assert answer.json()["faults"][0]["code"] == "unknown_field"


def test_every_look_at_her_name_is_written_down_and_her_name_is_nowhere(
    house, caplog, capfd, tmp_path
):
    """The canary over HTTP: in no table, the kept answers of commands among them, and no log."""
    caplog.set_level(logging.DEBUG)
    doctor = house.clinician(DOCTOR_AT)
    her = entered(doctor, **SAID)
    patched(doctor, her, {"phone": canary.PHONE}, version=1)
    doctor.post("/patients", {"kind": "maternal", **SAID, "phone": [canary.PHONE]})
    doctor.post("/patients", {"kind": "maternal", **SAID, canary.NAME: "x"})
    doctor.ask(BLEEDING, patient_id=her)
    assert doctor.get(f"/patients/{her}/identity").json()["name"] == canary.NAME
    with house.database.reading() as session:
        looks = session.execute(
            text("SELECT count(*) FROM audit_entry WHERE act = 'identity_shown'")
        ).scalar()
        places = {
            table.name: "\n".join(
                str(cell) for row in session.execute(table.select()) for cell in row
            ).encode()
            for table in metadata.sorted_tables
        }
    if house.database.is_sqlite:
        places |= canary.files_below(tmp_path)
    out, err = capfd.readouterr()
    places |= {"log": caplog.text.encode(), "output": (out + err).encode()}

    assert looks == 1
    assert places["command"]
    assert sightings(places) == []


def test_the_hash_of_a_command_gives_no_number_away(house):
    """Whoever has the database tries every number; without the keys no hash fits."""
    import hashlib

    doctor = house.clinician(DOCTOR_AT)
    body = {"kind": "maternal", "identity_kind": "resident_id", "id_number": canary.NUMBER}
    key = "a-key-that-is-known"
    doctor.post("/patients", body, key=key)
    with house.database.reading() as session:
        kept = session.execute(
            text("SELECT body_hash FROM command WHERE idempotency_key = :key"), {"key": key}
        ).scalar()
    request = house.client.build_request("POST", "/api/v1/patients", json=body)
    guess = hashlib.sha256(b"POST /api/v1/patients\0" + request.content).hexdigest()

    assert len(kept) == 64
    assert kept != guess
