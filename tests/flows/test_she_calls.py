"""She calls, or arrives anywhere: file, plan and booked centre are one look-up away (P-05)."""

from datetime import timedelta

from app.case_files.known.ageing import all_ageing
from app.case_files.known.care import care_rules
from tests.app.storage.people import number
from tests.flows.cases import COUNTY, SUIJIANG, Woman, assessed, manager, screened, well
from tests.flows.test_bookings import CENTRE, RED, act, booked, choose, managed, seen, work

PHONE = "13900000009"
IDENTITY = {
    "name": "演示甲",
    "identity_kind": "resident_id",
    "id_number": number(order="459"),
    "phone": PHONE,
}
REASON = {"reason": "急诊产妇,无法自述"}


def look_up(who, status=200, **asked):
    answer = who.post("/case-files/lookup", asked)
    assert answer.status_code == status, answer.text
    return answer.json()


def identified(woman, doctor, **who):
    """Her identity, completed after she was registered."""
    path = f"/patients/{woman.patient}"
    version = doctor.get(path).json()["version"]
    answer = doctor.house.client.patch(
        f"/api/v1{path}/identity", json=who, headers=doctor.headers(version)
    )
    assert answer.status_code == 200, answer.text


def test_one_look_up_by_any_of_the_three_in_any_county(house):
    """Her own clinician, the booked centre, and a stranger with her before him."""
    doctor, centre = house.clinician(SUIJIANG), house.coordinator(CENTRE)
    woman = managed(house, doctor)
    identified(woman, doctor, **IDENTITY)
    booked(house, woman, doctor)
    number = woman.whole()["number"]
    ways = (
        {"number": number},
        {"phone": PHONE},
        {"identity_kind": "resident_id", "id_number": IDENTITY["id_number"]},
    )
    for asked in ways:
        for who in (doctor, centre):
            found = look_up(who, **asked)
            assert (found["id"], found["booked_facility_id"]) == (woman.id, CENTRE)
    stranger = house.clinician("YN533300-004")
    for asked in ways:
        look_up(stranger, 404, **asked)
    assert look_up(stranger, **ways[0], break_glass=REASON)["booked_facility_id"] == CENTRE
    draft = stranger.get(f"/case-files/{woman.id}/referral-draft").json()
    assert draft["request"]["origin"] == {"facility_id": "YN533300-004"}


def test_a_number_of_several_women_opens_no_file_and_they_are_told_apart(house):
    """Two sisters-in-law under one telephone: whoever lies here is one of them."""
    doctor, far = house.clinician(SUIJIANG), house.clinician("YN530100-001")
    one = Woman(house, doctor, weeks=20, identity={"phone": PHONE, "name": "演示乙"})
    other = Woman(
        house, far, weeks=31, residence_county="530102", identity={"phone": PHONE, "name": "演示丙"}
    )
    numbers = {each.whole()["number"] for each in (one, other)}

    mine = look_up(doctor, 300, phone=PHONE)
    assert mine["count"] == 2
    assert [(f["number"], f["weeks"]) for f in mine["files"]] == [(one.whole()["number"], "20+0")]
    assert mine["files"][0]["patient_id"] == one.patient
    # Who is not entitled learns how many there are, and nothing of them.
    stranger = house.clinician("YN533300-004")
    assert look_up(stranger, 300, phone=PHONE) == {"count": 2, "files": []}
    shown = look_up(stranger, 300, phone=PHONE, break_glass=REASON)
    assert {f["number"] for f in shown["files"]} == numbers
    assert {f["residence_county"] for f in shown["files"]} == {COUNTY, "530102"}
    assert {f["patient_id"] for f in shown["files"]} == {None}
    assert "演示" not in str(shown)
    # Chosen by her number, the glass is broken for her file alone.
    chosen = other.whole()["number"]
    look_up(stranger, 404, number=chosen)
    assert look_up(stranger, number=chosen, break_glass=REASON)["id"] == other.id
    assert stranger.get(f"/case-files/{one.id}").status_code == 404


def test_a_request_begins_with_every_fact_that_the_file_knows(house):
    """All that was stated and a request of a mother can take, each with its date; no other."""
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, **RED)
    stated = well(prior_cs_count=1, uterine_scar=True, uterine_surgery_count=1, **RED)
    draft = doctor.get(f"/case-files/{woman.id}/referral-draft").json()
    facts = draft["request"]["facts"]

    newborn = {name for name, fact in care_rules().rules.facts.items() if fact.group == "newborn"}
    assert {k: v for k, v in facts.items() if k != "gestational_age_weeks"} == {
        name: value for name, value in stated.items() if name not in newborn
    }
    assert facts["gestational_age_weeks"] == "24+0"
    assert {one["name"] for one in draft["facts"]} == set(facts) - {"gestational_age_weeks"}
    assert not any(one["is_old"] for one in draft["facts"])
    assert "spo2" not in facts
    asked = doctor.post(
        "/referrals", {"request": draft["request"], "patient_id": draft["patient_id"]}
    )
    assert asked.status_code == 201, asked.text


def test_what_is_old_is_marked_and_an_old_no_of_an_emergency_is_unknown_again(house):
    """Forty days ago she did not bleed and her blood was well: today nobody knows either."""
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=30)
    long_ago = (woman.now - timedelta(days=40)).isoformat()
    then = {"vaginal_bleeding": False, "fetal_distress": False, "in_labour": True}
    woman.post("screenings", screened(prior_cs_count=1, uterine_scar=True))
    woman.post("assessments", assessed(**then) | {"happened_at": long_ago})
    draft = doctor.get(f"/case-files/{woman.id}/referral-draft").json()
    known = {one["name"]: one for one in draft["facts"]}
    facts = draft["request"]["facts"]

    unknown = known["fetal_distress"]
    assert (unknown["is_old"], unknown["is_taken"]) == (True, False)
    assert "fetal_distress" not in facts
    # That it was there counts until somebody says otherwise.
    assert (known["in_labour"]["is_old"], facts["in_labour"]) == (True, True)
    # Screened today: of today.
    assert not known["hb_g_l"]["is_old"]


def test_every_group_of_facts_has_a_row_of_age():
    rows = all_ageing()
    groups = {fact.group for fact in care_rules().rules.facts.values()}

    assert rows[-1].group == "*"
    assert {row.group for row in rows} - {"*"} <= groups
    assert {row.fact for row in rows if row.fact} <= set(care_rules().rules.facts)


def test_the_ranking_says_first_whether_the_booked_centre_is_still_right(house):
    """Booked after a caesarean; in labour she needs no more, and then far more than it has."""
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, weeks=38)
    booked(house, woman, doctor)
    draft = doctor.get(f"/case-files/{woman.id}/referral-draft").json()
    # Whoever does not begin with the draft is told as well: the platform knows where she is booked.
    request = {
        "facts": draft["request"]["facts"] | {"in_labour": True, "delivered": False},
        "origin": draft["request"]["origin"],
    }
    asked = doctor.post("/referrals", {"request": request, "patient_id": woman.patient})
    assert asked.status_code == 201, asked.text

    said = asked.json()["booked"]
    assert said["facility_id"] == CENTRE
    assert said["right"] or said["because"]


def test_a_booked_centre_that_is_not_right_any_more_says_why(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, weeks=38)
    booked(house, woman, doctor)
    passed = {"aortic_dissection": True, "in_labour": False, "delivered": False}
    request = {"facts": passed, "origin": {"facility_id": SUIJIANG}}
    asked = doctor.post("/referrals", {"request": request, "patient_id": woman.patient}).json()

    assert asked["booked"]["right"] is False
    assert asked["booked"]["because"]


def test_who_is_asked_for_and_not_booked_is_booked_nowhere(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, weeks=38)
    asked = choose(woman, doctor, CENTRE)
    work(house)
    draft = doctor.get(f"/case-files/{woman.id}/referral-draft").json()

    assert seen(doctor, asked)["status"] == "asked"
    assert "booked_facility_id" not in draft["request"]
    act(house.coordinator(CENTRE), asked, "consent")
    draft = doctor.get(f"/case-files/{woman.id}/referral-draft").json()
    assert draft["request"]["booked_facility_id"] == CENTRE
    assert manager(house, COUNTY).get(f"/case-files/{woman.id}/referral-draft").status_code == 200
