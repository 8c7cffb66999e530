"""Bookings told over HTTP: asked, consented to, opened again, replaced, used."""

from datetime import date, timedelta

from tests.flows.cases import SUIJIANG, Woman, assessed, manager, screened

CENTRE, OTHER, PLAIN = "YN530600-002", "YN530100-008", "YN530600-001"
"""The centre of the prefecture, one of the province, and a hospital that books no births."""
RED = {"nyha_class": 3}


def managed(house, doctor, *, weeks=24, **facts):
    """A woman with a 专案 and a clinician: after a caesarean, unless facts say more."""
    woman = Woman(house, doctor, weeks=weeks, facts={"prior_cs_count": 1})
    scar = {"prior_cs_count": 1, "uterine_scar": True, "uterine_surgery_count": 1}
    woman.post("screenings", screened(prior_cs_count=1, uterine_scar=True))
    woman.post("assessments", assessed(**scar, **facts))
    woman.post("clinician", {})
    return woman


def choose(woman, who, facility, *, status=201, **more):
    asked = {"facility_id": facility, "because": "她的家人住在附近", **more}
    answer = who.post(f"/case-files/{woman.id}/bookings", asked)
    assert answer.status_code == status, answer.text
    return answer.json()


def act(who, booking, what, body=None, *, status=200):
    """Do something with a booking as it was read last."""
    answer = who.post(f"/bookings/{booking['id']}/{what}", body, version=booking["version"])
    assert answer.status_code == status, (what, answer.text)
    return answer.json()


def seen(who, booking):
    answer = who.get(f"/bookings/{booking['id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def booked(house, woman, doctor, facility=CENTRE):
    """She has a place with the consent of the centre."""
    asked = choose(woman, doctor, facility)
    return act(house.coordinator(facility), asked, "consent")


def statuses(who, woman):
    answer = who.get("/bookings", params={"file_id": woman.id})
    assert answer.status_code == 200, answer.text
    return {one["facility_id"]: one["status"] for one in answer.json()["items"]}


def work(house):
    """Let the worker do what is due now."""
    house.worker.step()


def test_a_centre_is_chosen_by_hand_and_consents(house):
    doctor, centre = house.clinician(SUIJIANG), house.coordinator(CENTRE)
    woman = managed(house, doctor)
    asked = choose(woman, doctor, CENTRE)

    assert asked["status"] == "asked"
    assert asked["chosen_because"] == "她的家人住在附近"
    assert woman.whole()["booked_facility_id"] is None
    least = seen(centre, asked)
    assert (least["sight"], least["file_id"], least["chosen_because"]) == ("minimum", None, None)
    assert centre.get(f"/case-files/{woman.id}").status_code == 404

    consented = act(centre, asked, "consent")
    assert (consented["status"], consented["sight"]) == ("booked", "full")
    file = woman.whole()
    assert (file["status"], file["booked_facility_id"]) == ("delivery_planned", CENTRE)
    assert centre.get(f"/case-files/{woman.id}").status_code == 200


def test_a_centre_says_no_with_a_reason_and_the_first_place_stays_hers(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor)
    first = booked(house, woman, doctor)
    asked = choose(woman, doctor, OTHER)
    other = house.coordinator(OTHER)

    assert act(other, asked, "decline", {"reason": "because"}, status=422)
    declined = act(other, asked, "decline", {"reason": "no_room"})
    assert (declined["status"], declined["reason"]) == ("declined", "no_room")
    assert seen(doctor, first)["status"] == "booked"
    assert woman.whole()["booked_facility_id"] == CENTRE


def test_another_centre_consents_and_only_then_the_first_place_is_replaced(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor)
    first = booked(house, woman, doctor)
    asked = choose(woman, doctor, OTHER)

    assert statuses(doctor, woman) == {CENTRE: "booked", OTHER: "asked"}
    second = act(house.coordinator(OTHER), asked, "consent")
    assert statuses(doctor, woman) == {CENTRE: "replaced", OTHER: "booked"}
    assert seen(doctor, first)["replaced_by"] == second["id"]
    assert woman.whole()["booked_facility_id"] == OTHER
    # Whoever is not booked any more sees the woman no more.
    assert house.coordinator(CENTRE).get(f"/case-files/{woman.id}").status_code == 404


def test_a_colour_that_rises_opens_a_booking_again_and_a_clinician_confirms_it(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor)
    first = booked(house, woman, doctor)
    woman.whole()
    woman.post("assessments", assessed(prior_cs_count=1, uterine_scar=True, **RED))
    work(house)

    opened = seen(doctor, first)
    assert opened["status"] == "reopened"
    assert "colour_raised" in opened["reopened_for"]
    assert (opened["next_step"], woman.whole()["booked_facility_id"]) == ("look_at_booking", CENTRE)
    confirmed = act(doctor, opened, "confirm")
    assert (confirmed["status"], confirmed["colour"]) == ("booked", woman.whole()["colour"])
    work(house)
    assert seen(doctor, first)["status"] == "booked"


def test_a_closed_ward_opens_bookings_of_its_days_again_and_no_others(house):
    doctor, centre = house.clinician(SUIJIANG), house.coordinator(CENTRE)
    woman, later = managed(house, doctor), managed(house, doctor, weeks=12)
    hers, theirs = booked(house, woman, doctor), booked(house, later, doctor)
    due = date.fromisoformat(hers["edd"])
    closed = {
        "facility_id": CENTRE,
        "kind": "OB_RESCUE_BED",
        "from_day": (due - timedelta(days=10)).isoformat(),
        "to_day": due.isoformat(),
        "reason": "renovation",
    }
    answer = centre.post("/ward-closures", closed)
    assert answer.status_code == 201, answer.text
    work(house)

    assert seen(doctor, hers)["reopened_for"] == ["ward_closed"]
    assert seen(doctor, theirs)["status"] == "booked"
    stranger = house.coordinator(OTHER).post("/ward-closures", closed)
    assert stranger.status_code == 403
    # Confirmed in knowledge of it, it is not opened again for the same ward.
    act(doctor, seen(doctor, hers), "confirm")
    woman.whole()
    woman.post("visits", {"kind": "antenatal", "status": "held", "findings": {"bp": "110/70"}})
    work(house)
    assert seen(doctor, hers)["status"] == "booked"


def test_a_birth_anywhere_uses_the_place_and_ends_what_was_asked(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, weeks=38)
    first = booked(house, woman, doctor)
    asked = choose(woman, doctor, OTHER)
    woman.whole()
    woman.post("deliveries", {"mode": "caesarean_emergency", "newborns": [{}]})
    work(house)

    assert seen(doctor, first)["status"] == "used"
    assert seen(doctor, asked)["status"] == "ended"


def test_a_centre_that_says_nothing_is_late_and_the_county_has_it(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    woman = managed(house, doctor)
    asked = choose(woman, doctor, CENTRE)
    assert asked["next_step"] == "answer_booking"
    woman.pass_days(4)

    late = seen(mch, asked)
    assert (late["status"], late["next_step"]) == ("asked", "answer_booking_late")
    act(house.coordinator(CENTRE), late, "consent")
    assert seen(mch, asked)["next_step"] is None


def test_what_is_not_yours_to_book_is_not_there(house):
    doctor, centre = house.clinician(SUIJIANG), house.coordinator(CENTRE)
    woman = managed(house, doctor)
    asked = choose(woman, doctor, CENTRE)
    stranger = house.clinician("YN533300-004")

    assert stranger.get(f"/bookings/{asked['id']}").status_code == 404
    assert stranger.get("/bookings").json()["items"] == []
    act(house.coordinator(OTHER), asked, "consent", status=404)
    act(doctor, asked, "consent", status=403)
    act(centre, asked, "withdraw", {"reason": "another_plan"}, status=404)
    choose(woman, stranger, CENTRE, status=404)


def test_a_hospital_that_cannot_take_her_is_not_booked(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor)

    refused = choose(woman, doctor, PLAIN, status=422)
    assert refused["codes"] == ["centre_cannot_take_her"]
    assert choose(woman, doctor, "YN530100-999", status=404)


def test_who_takes_the_only_place_back_leaves_the_file_without_one(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor)
    first = booked(house, woman, doctor)
    gone = act(doctor, first, "withdraw", {"reason": "she_declines"})

    assert (gone["status"], gone["reason"]) == ("withdrawn", "she_declines")
    file = woman.whole()
    assert (file["status"], file["booked_facility_id"]) == ("case_managed", None)


def test_a_booking_is_answered_by_the_version_that_was_read(house):
    doctor, centre = house.clinician(SUIJIANG), house.coordinator(CENTRE)
    asked = choose(managed(house, doctor), doctor, CENTRE)
    act(centre, asked, "consent")

    stale = act(centre, asked, "decline", {"reason": "no_room"}, status=412)
    assert stale["current"]["status"] == "booked"
    act(centre, seen(centre, asked), "decline", {"reason": "no_room"}, status=409)


def test_a_hand_over_before_birth_opens_a_booking_again_and_a_birth_uses_it(house):
    """She is brought in weeks before term; whether she comes home undelivered nobody knows yet."""
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, weeks=30)
    first = booked(house, woman, doctor)
    draft = doctor.get(f"/case-files/{woman.id}/referral-draft").json()
    facts = draft["request"]["facts"] | {"vaginal_bleeding": True, "delivered": False}
    asked = doctor.post(
        "/referrals",
        {"request": draft["request"] | {"facts": facts}, "patient_id": draft["patient_id"]},
    ).json()
    taken_in(doctor, asked)
    work(house)

    opened = seen(doctor, first)
    assert (opened["status"], opened["reopened_for"]) == ("reopened", ["taken_in"])
    act(doctor, opened, "confirm")
    work(house)
    assert seen(doctor, first)["status"] == "booked"
    woman.whole()
    woman.post("deliveries", {"mode": "vaginal", "newborns": [{}]})
    work(house)
    assert seen(doctor, first)["status"] == "used"


def taken_in(doctor, asked):
    """A hospital outside the network takes her in, as her doctor tells."""
    taken = doctor.post(
        f"/referrals/{asked['id']}/outside-acceptance",
        {"institution": "宜宾某医院", "said_by": "测试戊"},
        version=asked["version"],
    )
    assert taken.status_code == 200, taken.text
    told = {"referral_id": asked["id"], "drives": "sender", "minutes": 60}
    ride = doctor.post("/transfers", told).json()
    names = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
    for step, body in (("depart", {}), ("arrive", None), ("hand-over", names)):
        answer = doctor.post(f"/transfers/{ride['id']}/{step}", body)
        assert answer.status_code == 200, answer.text
