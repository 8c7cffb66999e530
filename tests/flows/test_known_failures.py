"""What users of other systems were hurt by, each as a story of its own (CARE, SORMAS, NHS e-RS).

The numbers are those of their public reports.
"""

import itertools
from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.accounts.states import OrganisationKind, Role
from app.centres.reporting import Reported, report_capacity
from app.centres.tables import Reservation
from tests.app.storage.people import number
from tests.flows.house import CONSENT, hours_ago, whole_sbar

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
LATER = {"gestational_age_weeks": "30+0", "prior_cs_count": 1, "placenta_position": "praevia"}
SUIJIANG, YANJIN = "YN530600-011", "YN530600-008"
BED = "OB_RESCUE_BED"


def leave_one_bed(house, facility_id):
    """Let a centre say that one rescue bed is free."""
    with house.database.writing() as session:
        now = house.database.now(session)
        org = house.people[f"k-{facility_id}"].org_id
        report_capacity(
            session,
            Reported(facility_id, BED, 1, 1, now, "ward round"),
            by_org=org,
            owner_org=org,
            province="53",
            now=now,
        )


def offer_to(house, facility_id, referral):
    """The offer of a referral to a centre, asked by name where it was not asked yet."""
    for one in referral["offers"]:
        if one["facility_id"] == facility_id:
            return one["id"]
    raise AssertionError("not asked")


def known_by_number(caller):
    """Her record, entered or found by the number on her card: who has her has the card."""
    said = {"kind": "maternal", "identity_kind": "resident_id", "id_number": number()}
    return caller.post("/patients", said).json()["patient_id"]


def first_centre(referral):
    return referral["offers"][0]["facility_id"]


def test_care_850_3018_and_14914_one_bed_is_never_given_to_two(house):
    one, two = house.clinician(SUIJIANG), house.clinician(YANJIN)
    asked = one.ask(BLEEDING)
    to = first_centre(asked)
    centre = house.coordinator(to)
    leave_one_bed(house, to)
    also = two.ask(BLEEDING)
    offer = two.post(f"/referrals/{also['id']}/offers", {"facility_id": to}).json()

    assert centre.post(f"/offers/{offer_to(house, to, asked)}/accept").json()["accepted"] is True
    lost = centre.post(f"/offers/{offer['id']}/accept")
    assert (lost.status_code, lost.json()["accepted"]) == (409, False)
    assert lost.json()["lost"]["facility_id"] == to
    assert lost.json()["asked_instead"] != []
    assert to not in lost.json()["asked_instead"]


def test_care_6161_the_times_of_one_bed_follow_each_other_and_never_overlap(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    to = first_centre(asked)
    centre = house.coordinator(to)
    leave_one_bed(house, to)
    for _ in range(4):
        if to not in {one["facility_id"] for one in asked["offers"]}:
            doctor.post(f"/referrals/{asked['id']}/offers", {"facility_id": to})
            asked = doctor.referral(asked["id"])
        said = centre.post(f"/offers/{offer_to(house, to, asked)}/accept")
        assert said.json()["accepted"] is True, said.text
        version = doctor.referral(asked["id"])["version"]
        back = doctor.post(
            f"/referrals/{asked['id']}/cancel", {"reason": "recovered"}, version=version
        )
        assert back.status_code == 200, back.text
        asked = doctor.ask(BLEEDING)
    with house.database.reading() as session:
        found = session.exec(select(Reservation).order_by(col(Reservation.held_at))).all()
        times = [(one.place_id, one.held_at, one.released_at) for one in found]

    assert len(times) == 4
    assert len({place for place, *_ in times}) == 1
    for (_, _, ended), (_, begins, _) in itertools.pairwise(times):
        assert ended is not None
        assert ended <= begins


def test_care_6748_a_free_bed_is_never_refused(house):
    one, two = house.clinician(SUIJIANG), house.clinician(YANJIN)
    asked = one.ask(BLEEDING)
    to = first_centre(asked)
    centre = house.coordinator(to)
    leave_one_bed(house, to)
    offer = offer_to(house, to, asked)
    assert centre.post(f"/offers/{offer}/accept").json()["accepted"] is True
    found = one.referral(asked["id"])
    back = one.post(
        f"/referrals/{asked['id']}/cancel", {"reason": "recovered"}, version=found["version"]
    )
    assert back.json()["status"] == "cancelled", back.text

    also = two.ask(BLEEDING)
    offer = two.post(f"/referrals/{also['id']}/offers", {"facility_id": to}).json()
    assert centre.post(f"/offers/{offer['id']}/accept").json()["accepted"] is True


def test_care_667_a_request_raised_by_mistake_elsewhere_does_not_block_the_right_hospital(house):
    wrong, right = house.clinician(SUIJIANG), house.clinician(YANJIN)
    body = {"patient_id": known_by_number(wrong)}
    mistaken = wrong.ask(BLEEDING, **body)
    right.ask(BLEEDING, status=404, **body)
    assert known_by_number(right) == body["patient_id"]
    refused = right.ask(BLEEDING, status=409, **body)
    assert (refused["number"], refused["origin"]) == (mistaken["number"], SUIJIANG)

    over = {"number": mistaken["number"], "because": "patient_is_here"}
    taken = right.ask(BLEEDING, takes_over=over, **body)
    assert taken["status"] == "offered"
    ended = wrong.referral(mistaken["id"])
    assert (ended["status"], ended["events"][-1]["reason"]) == ("cancelled", "duplicate")


def test_care_6134_that_she_is_asked_for_already_is_seen_before_anything_is_sent(house):
    wrong, right = house.clinician(SUIJIANG), house.clinician(YANJIN)
    said = {"kind": "maternal", "identity_kind": "resident_id", "id_number": number()}
    first = wrong.post("/patients", said).json()
    assert first["has_open_referral"] is False
    asked = wrong.ask(BLEEDING, patient_id=first["patient_id"])

    found = right.post("/patients", said).json()
    assert (found["patient_id"], found["has_open_referral"]) == (asked["patient_id"], True)


def test_care_667_who_is_on_the_road_is_not_taken_over(house):
    wrong, right = house.clinician(SUIJIANG), house.clinician(YANJIN)
    asked = wrong.ask(BLEEDING, patient_id=known_by_number(wrong))
    ride = wrong.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    wrong.post(f"/transfers/{ride['id']}/depart", {})
    known_by_number(right)

    over = {"number": asked["number"], "because": "patient_is_here"}
    right.ask(BLEEDING, status=409, patient_id=asked["patient_id"], takes_over=over)


def test_care_1042_after_a_refused_request_another_one_can_be_made(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    for one in asked["offers"]:
        centre = house.coordinator(one["facility_id"])
        centre.post(f"/offers/{one['id']}/decline", {"code": "recommend_nearer"})
    found = doctor.referral(asked["id"])
    again = doctor.post(
        f"/referrals/{asked['id']}/match",
        {"request": {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}},
        version=found["version"],
    )
    assert again.status_code == 200, again.text
    waits = [o["facility_id"] for o in again.json()["offers"] if o["status"] == "offered"]
    refused = {one["facility_id"] for one in asked["offers"]}
    assert waits
    assert not refused & {*waits}  # asked again by a person only, who knows why
    by_hand = doctor.post(f"/referrals/{asked['id']}/offers", {"facility_id": first_centre(asked)})
    assert by_hand.status_code == 201, by_hand.text

    again = doctor.get(f"/referrals/{asked['id']}")
    doctor.post(
        f"/referrals/{asked['id']}/cancel",
        {"reason": "recovered"},
        version=again.json()["version"],
    )
    assert doctor.ask(BLEEDING, patient_id=asked["patient_id"])["status"] == "offered"


def test_care_781_a_patient_who_went_by_another_path_leaves_nothing_open(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    centre = house.coordinator(first_centre(asked))
    assert centre.get("/offers").json()["items"][0]["status"] == "offered"
    closed = doctor.post(
        f"/referrals/{asked['id']}/close",
        {"reason": "moved_by_other_path"},
        version=asked["version"],
    )
    assert closed.json()["status"] == "closed", closed.text
    assert centre.get("/offers").json()["items"][0]["status"] == "withdrawn"
    assert doctor.get("/worklists/mine").json()["referrals"] == []


def test_care_400_the_sender_sees_at_once_who_has_taken_her(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    centre = house.coordinator(first_centre(asked))
    centre.post(f"/offers/{offer_to(house, first_centre(asked), asked)}/accept")

    found = doctor.referral(asked["id"])
    last = found["events"][-1]
    assert (last["to"], last["by_role"]) == ("accepted", "coordinator")
    with house.database.reading() as session:
        notices = session.connection().exec_driver_sql("SELECT template FROM notice").scalars()
        assert "accepted" in set(notices)


def test_care_1160_a_hospital_sees_nothing_that_it_is_no_party_to(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    stranger = house.clinician(YANJIN)
    unknown = "01890000-0000-7000-8000-000000000000"
    for key in (asked["id"], unknown):
        answer = stranger.get(f"/referrals/{key}")
        assert (answer.status_code, answer.json()["type"]) == (
            404,
            "urn:greenchannel:problem:not-found",
        )
    assert stranger.get("/referrals").json()["items"] == []
    offer = asked["offers"][0]["id"]
    assert stranger.post(f"/offers/{offer}/accept").status_code == 404


def test_care_1091_a_patient_sent_outside_the_network_is_followed_to_the_end(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    outside = {"institution": "宜宾某医院", "said_by": "测试戊"}
    path = f"/referrals/{asked['id']}/outside-acceptance"
    doctor.post(path, outside, version=asked["version"])
    ride = {"referral_id": asked["id"], "drives": "sender", "minutes": 60}
    ride = doctor.post("/transfers", ride).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    doctor.post(f"/transfers/{ride['id']}/arrive")
    # Nobody there has an account: who sent her goes on owning what is to be done.
    there = doctor.referral(asked["id"])
    assert (there["destination"], there["owner_org"]) == ("宜宾某医院", asked["owner_org"])
    names = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
    doctor.post(f"/transfers/{ride['id']}/hand-over", names)
    assert doctor.referral(asked["id"])["owner_org"] == asked["owner_org"]
    came = {"result": "discharged", "diagnosis": "产后出血", "treatment": "手术"}
    told = doctor.post(f"/referrals/{asked['id']}/outcomes", {**came, "happened_at": hours_ago(1)})
    assert told.status_code == 201, told.text
    doctor.post(f"/referrals/{asked['id']}/handover-set", whole_sbar())
    doctor.post(f"/referrals/{asked['id']}/consents", CONSENT)
    closed = doctor.post(
        f"/referrals/{asked['id']}/close",
        {"reason": "complete"},
        version=doctor.referral(asked["id"])["version"],
    )
    assert closed.json()["status"] == "closed"


def test_sormas_2430_a_woman_treated_elsewhere_does_not_vanish_for_her_home_county(house):
    doctor = house.clinician(SUIJIANG)
    home = house.person(
        "mch-home", Role.MCH_MANAGER, kind=OrganisationKind.MCH.value, division="530629"
    )
    stranger = house.person(
        "mch-other", Role.MCH_MANAGER, kind=OrganisationKind.MCH.value, division="530323"
    )
    asked = doctor.ask(BLEEDING, home_county="530629")
    centre = house.coordinator(first_centre(asked))
    centre.post(f"/offers/{offer_to(house, first_centre(asked), asked)}/accept")

    assert home.get(f"/referrals/{asked['id']}").status_code == 200
    assert [r["id"] for r in home.get("/referrals").json()["items"]] == [asked["id"]]
    # SORMAS 2827: cases of other jurisdictions were listed
    assert stranger.get("/referrals").json()["items"] == []


def test_sormas_9820_access_does_not_follow_the_bed_she_lies_in(house):
    """A colleague of the same town as the centre, in another hospital, sees nothing."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    to = first_centre(asked)
    house.coordinator(to).post(f"/offers/{offer_to(house, to, asked)}/accept")
    neighbours = [
        f.facility_id
        for f in house.engine.registry.facilities
        if f.county == house.engine.registry.get(to).county and f.facility_id != to
    ]
    known = {one["facility_id"] for one in asked["offers"]}
    for facility_id in [one for one in neighbours if one not in known][:3]:
        assert house.clinician(facility_id).get(f"/referrals/{asked['id']}").status_code == 404


def test_sormas_2827_nobody_lists_cases_of_elsewhere_and_no_box_shares_them(house):
    doctor = house.clinician(SUIJIANG)
    for box in ("share", "shared_with_country", "visibility"):
        body = {"request": {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}, box: True}
        assert doctor.post("/referrals", body).status_code == 422
    asked = doctor.ask(BLEEDING)
    doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"})

    elsewhere = (house.duty("532300"), house.duty("532301"), house.clinician("YN533300-001"))
    for somebody in elsewhere:
        for path in ("/referrals", "/transfers"):
            assert somebody.get(path).json()["items"] == []
        listed = somebody.get("/worklists/mine").json()
        assert (listed["referrals"], listed["offers"]) == ([], [])
        assert somebody.get(f"/referrals/{asked['id']}").status_code == 404
    assert [one["id"] for one in doctor.get("/referrals").json()["items"]] == [asked["id"]]


@pytest.mark.parametrize("facts", [BLEEDING, LATER])
def test_sormas_6858_whoever_has_to_act_can_open_what_is_to_be_done(house, facts):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(facts)
    officers = [house.duty(code) for code in ("530626", "530600", "530000")]
    for minute in (2, 6, 9, 13, 1_450, 2_900):
        with house.database.reading() as session:
            house.worker.step(now=house.database.now(session) + timedelta(minutes=minute))
        found = doctor.referral(asked["id"])
        owners = [o for o in officers if house.people[o.name].org_id == _uuid(found["owner_org"])]
        for owner in owners or [doctor]:
            mine = owner.get("/worklists/mine").json()["referrals"]
            assert [r["id"] for r in mine] == [asked["id"]]
            assert owner.get(f"/referrals/{asked['id']}").status_code == 200


def test_e_rs_nothing_leaves_a_worklist_by_age(house):
    """A worklist dropped referrals after 180 days; here one is looked at for two years."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(LATER)
    with house.database.reading() as session:
        start = house.database.now(session)
    for days in range(1, 731, 10):
        house.worker.step(now=start + timedelta(days=days))
        (mine,) = doctor.get("/worklists/mine").json()["referrals"]
        assert mine["id"] == asked["id"]
        assert None not in (mine["next_step"], mine["deadline_at"], mine["owner_org"])


def test_nhs_letters_a_message_that_is_not_sent_is_an_alarm(house):
    """25,000 letters were never sent and nobody saw it: the age of the oldest one is shown."""
    from app.notices.service import status

    house.clinician(SUIJIANG).ask(BLEEDING)
    with house.database.reading() as session:
        now = house.database.now(session)
        assert status(session, at=now + timedelta(seconds=61))["alarm"] is True
        assert status(session, at=now)["alarm"] is False


def _uuid(text):
    import uuid

    return uuid.UUID(text)
