"""Files from registration to their end, told over HTTP."""

import uuid
from datetime import timedelta

from sqlmodel import select

from app.case_files.belonging.tables import CaseDue
from app.notices.tables import Notice
from tests.app.storage.people import number
from tests.flows.cases import CENTRE, SUIJIANG, Woman, assessed, manager, screened
from tests.flows.test_bookings import CENTRE as BOOKED
from tests.flows.test_bookings import booked

IDENTITY = {
    "identity_kind": "resident_id",
    "id_number": number(order="457"),
    "name": "测试戊己",
    "phone": "13900004571",
}


def test_a_pregnancy_after_a_caesarean_from_registration_to_the_42nd_day(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    woman = Woman(house, doctor, weeks=7, facts={"prior_cs_count": 1})
    assert woman.last.json()["status"] == "registered"
    assert "R-SCAR-00-sac" in woman.rules_due()

    found = woman.post("screenings", screened(prior_cs_count=1, uterine_scar=True))
    assert (found["status"], found["screening"]) == ("screened_positive", "positive")
    assert woman.id in listed(doctor, "unassessed")

    scar = {"prior_cs_count": 1, "uterine_scar": True, "uterine_surgery_count": 1}
    done = woman.post("assessments", assessed(**scar))
    assert (done["colour"], done["outcome"]) == ("yellow", "first")
    assert done["status"] == "case_managed"
    assert "R-CASE-02-caesarean" in done["reasons"]
    assert woman.id in listed(mch, "without_clinician")
    assert woman.id not in listed(doctor, "unassessed")

    named = woman.post("clinician", {})
    assert named["has_clinician"]
    assert woman.id not in listed(mch, "without_clinician")
    woman.post("visits", {"kind": "scar_ultrasound", "status": "held", "findings": {"sac": "ok"}})
    assert "R-SCAR-00-sac" not in woman.rules_due()
    woman.post("visits", {"kind": "antenatal", "status": "held", "findings": {"bp": "110/70"}})

    booked(house, woman, doctor)
    assert woman.whole()["status"] == "delivery_planned"
    assert house.clinician(BOOKED).get(f"/case-files/{woman.id}").status_code == 200

    born = woman.post(
        "deliveries",
        {"mode": "caesarean_planned", "newborns": [{}], "happened_at": ago(house, days=43)},
    )
    assert born["status"] == "delivered"
    woman.post("discharge", {"happened_at": ago(house, days=40)})
    refused = woman.post("close", status=409)
    assert "not_assessed_at_42_days" in refused["codes"]
    held = {"status": "held", "findings": {"uterus": "ok"}}
    woman.post("visits", {"kind": "postpartum", "happened_at": ago(house, days=35), **held})
    woman.post("visits", {"kind": "day_42", **held})
    closed = woman.post("close", by=mch)
    assert closed["status"] == "closed_42d"
    whole = woman.whole(mch)
    assert whole["due"] == []
    assert len(whole["newborns"]) == 1


def listed(who, due):
    answer = who.get("/worklists/case-files", params={"due": due})
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["items"]}


def ago(house, **back):
    with house.database.reading() as session:
        return (house.database.now(session) - timedelta(**back)).isoformat()


def test_a_red_heart_disease_found_at_20_weeks(house):
    """Screened negative, found red when she fell ill, planned with the centre, lowered by name."""
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    centre = house.clinician(CENTRE)
    woman = Woman(house, doctor, weeks=20)
    woman.post("screenings", screened())
    assert woman.last.json()["status"] == "screened_negative"
    assert woman.id not in listed(doctor, "unassessed")

    heart = {"heart_disease": "chd_complex", "pulmonary_hypertension": True, "pap_mmhg": 85}
    woman.post(
        "visits",
        {"kind": "antenatal", "status": "held", "findings": {"lips": "blue"}, "changed": True},
    )
    assert "R-COLOUR-013-changed" in woman.rules_due()
    found = woman.post("assessments", assessed(**heart))
    assert (found["colour"], found["status"]) == ("red", "case_managed")
    assert "R-CASE-01-red" in found["reasons"]
    assert {"R-REPORT-02-red", "R-CASE-03-emergency-red", "R-MGMT-RED-judgement"} <= (
        woman.rules_due()
    )
    woman.post("clinician", {})
    woman.post("reports", {"kind": "risk", "content": "红色:复杂先心病合并肺动脉高压"})
    for kind in ("management", "treatment", "emergency"):
        plan = {"kind": kind, "text": "随时转入", "made_with": CENTRE, "agreed_by": "测试丙"}
        woman.post("plans", plan)
    judged = {"made_with": CENTRE, "agreed_by": "测试丁", "may_continue": True}
    woman.post("plans", {"kind": "continuation", "text": "三级医院评估后继续妊娠", **judged})
    assert not {"R-REPORT-02-red", "R-CASE-03-emergency-red", "R-MGMT-RED-judgement"} & (
        woman.rules_due()
    )
    assert centre.get(f"/case-files/{woman.id}").status_code == 200

    # A better day lowers nothing by itself; what is unknown now lowers nothing by name either.
    better = woman.post("assessments", assessed())
    assert (better["colour"], better["outcome"]) == ("red", "kept")
    assert "nobody_named" in better["refused"]
    lowered = woman.post("downgrades", {"because": "复查超声:无结构异常,肺动脉压正常"})
    assert lowered["colour"] in ("green", "yellow", "orange")
    steps = woman.whole(mch)["colours"]
    assert [step["colour"] for step in steps] == ["red", lowered["colour"]]
    assert [step["named"] for step in steps] == [False, True]


def test_an_unfiled_woman_in_labour(house):
    """Nothing that a file lacks keeps anybody from being registered, delivered and referred."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask({"in_labour": True, "placenta_position": "praevia"})
    entered = doctor.referral(asked["id"])
    answer = doctor.post(
        "/case-files", {"patient_id": entered["patient_id"], "residence_county": "530626"}
    )
    assert answer.status_code == 201, answer.text
    file = answer.json()
    assert (file["status"], file["edd"]) == ("registered", None)
    born = doctor.post(
        f"/case-files/{file['id']}/deliveries",
        {"mode": "caesarean_emergency", "newborns": [{}]},
        version=file["version"],
    )
    assert born.status_code == 201, born.text
    assert born.json()["status"] == "delivered"
    again = doctor.post(
        "/case-files", {"patient_id": entered["patient_id"], "residence_county": "530626"}
    )
    assert again.status_code == 409
    assert again.json()["number"] == file["number"]


def test_a_referral_of_a_filed_woman_is_linked_and_begins_with_what_is_known(house):
    doctor, centre = house.clinician(SUIJIANG), house.clinician(BOOKED)
    woman = Woman(house, doctor, weeks=35, facts={"prior_cs_count": 1})
    woman.post("screenings", screened(prior_cs_count=1))
    woman.post("assessments", assessed(prior_cs_count=1, uterine_scar=True))
    woman.post("clinician", {})
    booked(house, woman, doctor)
    draft = doctor.get(f"/case-files/{woman.id}/referral-draft").json()
    assert draft["booked_facility_id"] == BOOKED
    assert draft["responsible"]["name"] == f"测试c-{SUIJIANG}"
    request = draft["request"] | {"facts": draft["request"]["facts"] | {"vaginal_bleeding": True}}
    asked = doctor.post("/referrals", {"request": request, "patient_id": draft["patient_id"]})
    assert asked.status_code == 201, asked.text
    assert woman.whole()["referrals"] == [asked.json()["id"]]
    woman.pass_days(0.01)
    assert "R-FOLLOW-03-outcome" in woman.rules_due()
    # A duty officer sees it through the emergency while that is open, and writes nothing.
    if asked.json()["priority"] <= 2:
        duty = house.duty("530626")
        assert duty.get(f"/case-files/{woman.id}").status_code == 200
    assert centre.get(f"/case-files/{woman.id}").json()["referrals"] == [asked.json()["id"]]


def test_a_migrant_who_moves_twice_keeps_one_file(house):
    doctor = house.clinician(SUIJIANG)
    here, home, kunming = (manager(house, one) for one in ("530626", "533324", "530102"))
    woman = Woman(house, doctor, weeks=15, home_county="533324", identity=IDENTITY)
    woman.post("screenings", screened(age_years=36))
    woman.post("assessments", assessed(age_years=36, age_at_edd_years=37))
    woman.post("clinician", {})
    woman.whole(home)
    own = woman.post("verification", by=here, status=422)
    assert own["codes"] == ["registered_here"]
    assert woman.post("verification", by=home)["home_county"] == "533324"

    assert kunming.get(f"/case-files/{woman.id}").status_code == 404
    woman.post("handovers", {"to_county": "530102", "note": "随夫务工"}, by=here)
    offer = woman.whole(kunming)["handovers"][0]
    assert woman.whole(here)["residence_county"] == "530626"
    woman.post(f"handovers/{offer['id']}/answer", {"answer": "accepted"}, by=here, status=403)
    moved = woman.post(f"handovers/{offer['id']}/answer", {"answer": "accepted"}, by=kunming)
    assert moved["residence_county"] == "530102"
    # Who was responsible stays so until somebody is named there; the county she left is out.
    assert moved["has_clinician"]
    assert here.get(f"/case-files/{woman.id}").status_code == 404
    assert home.get(f"/case-files/{woman.id}").status_code == 200
    found = kunming.post(
        "/case-files/lookup", {"identity_kind": "resident_id", "id_number": IDENTITY["id_number"]}
    )
    assert found.json()["id"] == woman.id
    other = house.clinician("YN530100-001")
    assert other.post("/case-files/lookup", {"phone": IDENTITY["phone"]}).status_code == 404
    glass = {"phone": IDENTITY["phone"], "break_glass": {"reason": "急诊产妇,无法自述"}}
    assert other.post("/case-files/lookup", glass).json()["id"] == woman.id

    woman.post("handovers", {"to_county": "533324"}, by=kunming)
    offer = woman.whole(home)["handovers"][1]
    no = {"answer": "declined"}
    woman.post(f"handovers/{offer['id']}/answer", no, by=home, status=422)
    woman.post(f"handovers/{offer['id']}/answer", no | {"reason": "未返乡"}, by=home)
    woman.whole(kunming)
    woman.post("handovers", {"to_county": "533324"}, by=kunming)
    offer = woman.whole(home)["handovers"][2]
    back = woman.post(f"handovers/{offer['id']}/answer", {"answer": "accepted"}, by=home)
    assert (back["residence_county"], back["home_county"]) == ("533324", "533324")
    assert kunming.get(f"/case-files/{woman.id}").status_code == 404
    whole = woman.whole(home)
    assert whole["verified_by"] == ["533324"]
    assert [one["answer"] for one in whole["handovers"]] == ["accepted", "declined", "accepted"]


def test_a_twin_birth(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=34, fetus_count=2)
    found = woman.post("screenings", screened(fetus_count=2))
    assert found["screening"] == "positive"
    twins = woman.post("assessments", assessed(fetus_count=2))
    assert twins["colour"] is not None
    woman.post("clinician", {})
    born = {"mode": "caesarean_planned", "newborns": [{}, {}]}
    woman.post("deliveries", born)
    whole = woman.whole()
    assert len(whole["newborns"]) == 2
    assert whole["deliveries"][0]["live_born"] == 2
    for order, newborn in enumerate(whole["newborns"], start=1):
        child = doctor.get(f"/patients/{newborn}").json()
        assert (child["mother_id"], child["order_in_birth"]) == (woman.patient, order)
    assert woman.post("deliveries", born, status=422)["codes"] == ["delivered_already"]


def test_a_file_lost_and_found(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    woman = Woman(house, doctor, weeks=25)
    woman.post("screenings", screened(hypertension=True))
    woman.post("assessments", assessed(placenta_position="praevia"))
    assert woman.last.json()["status"] == "case_managed"
    woman.post("clinician", {})
    missing = woman.post("end", {"how": "lost_to_follow_up", "because": "电话停机"}, status=409)
    assert missing["codes"] == ["missing_contact"]
    day = woman.now.date().isoformat()
    woman.post("visits", {"kind": "antenatal", "status": "planned", "planned_for": day})
    plan = woman.whole()["visits"][-1]["id"]
    woman.post("visits", {"kind": "antenatal", "status": "missed", "plan_id": plan})
    contact = {"kind": "antenatal", "status": "contacted", "plan_id": plan}
    woman.post("visits", contact | {"contact": "family_reached"})
    lost = woman.post("end", {"how": "lost_to_follow_up", "because": "电话停机,家访无人"})
    assert lost["status"] == "lost_to_follow_up"
    # She is looked for on: what is owed stays owed, and no second file is made meanwhile.
    assert woman.rules_due(mch)
    second = doctor.post("/case-files", {"patient_id": woman.patient, "residence_county": "530626"})
    assert second.status_code == 409
    assert second.json()["current"] == "lost_to_follow_up"
    woman.whole(mch)
    found = woman.post("return", by=mch)
    assert (found["status"], found["has_clinician"]) == ("case_managed", True)
    events = [one["status"] for one in woman.whole()["events"]]
    assert events[-2:] == ["lost_to_follow_up", "case_managed"]


def test_what_is_overdue_is_told_again_and_again_and_nothing_leaves_the_list(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=25)
    woman.post("screenings", screened(hypertension=True))
    woman.post("assessments", assessed(placenta_position="praevia"))
    woman.post("clinician", {})
    before = notices(house, woman)
    for days in (1, 2.5, 5, 30, 60):
        for _ in range(3):
            woman.pass_days(days)
    after = notices(house, woman)
    assert len(after) > len(before) + 3
    assert {"case_due", "case_overdue"} <= set(after)
    with house.database.reading() as session:
        lines = session.exec(select(CaseDue).where(CaseDue.file_id == uuid.UUID(woman.id))).all()
        owed = {one.rule for one in lines if one.ended_at is None}
    # The visit that nobody came to is pursued.
    assert {"R-REPORT-01-orange", "R-FOLLOW-01", "R-FOLLOW-04-orange"} <= owed


def test_who_was_refused_prenatal_diagnosis_by_her_own_word_is_not_asked_again(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=12, facts={"age_years": 38})
    assert {"R-CASE-08-counselling", "R-CASE-08-diagnosis"} <= woman.rules_due()
    for subject in ("counselling", "prenatal_diagnosis"):
        said = {"subject": subject, "answer": "refused", "said": "本人与家属明确拒绝"}
        woman.post("counselling", said)
    assert not {"R-CASE-08-counselling", "R-CASE-08-diagnosis"} & woman.rules_due()
    undecided = Woman(house, doctor, weeks=12, facts={"age_years": 38})
    said = {"subject": "counselling", "answer": "undecided", "said": "回家商量"}
    undecided.post("counselling", said)
    assert "R-CASE-08-counselling" in undecided.rules_due()


def test_a_death_is_reported_and_reviewed_after_the_file_is_over(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    woman = Woman(house, doctor, weeks=30)
    woman.post("screenings", screened())
    ended = woman.post("end", {"how": "maternal_death", "because": "羊水栓塞"})
    assert ended["status"] == "maternal_death"
    assert {"R-REPORT-03-death", "R-DUTY-05-death"} <= woman.rules_due(mch)
    assert woman.id in listed(mch, "reports")
    woman.post("reports", {"kind": "maternal_death", "content": "死亡报告卡"})
    woman.post("reports", {"kind": "death_review", "content": "讨论结论"}, by=mch)
    assert woman.rules_due(mch) == set()


def notices(house, woman):
    with house.database.reading() as session:
        found = session.exec(select(Notice).where(Notice.subject_id == uuid.UUID(woman.id)))
        return [one.template for one in found.all()]


def test_a_no_against_what_is_on_record_counts_as_found_and_says_so(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=8, facts={"prior_cs_count": 2, "age_years": 41})
    known = {one["rule"]: one for one in woman.whole()["screening_known"]}
    assert known["R-SCREEN-04-caesarean"]["answer"] is True
    assert [one["value"] for one in known["R-SCREEN-03-age"]["facts"]] == [41]
    # What nobody stated is not there: neither yes nor no.
    assert "R-SCREEN-03-height" not in known

    denied = {"R-SCREEN-04-caesarean": False, "R-SCREEN-03-height": False}
    found = woman.post("screenings", {"facts": {}, "answers": denied})

    assert found["screening"] == "positive"
    entry = woman.whole()["screenings"][0]
    assert {"R-SCREEN-04-caesarean", "R-SCREEN-03-age"} <= set(entry["found"])
    assert entry["contradicted"] == ["R-SCREEN-04-caesarean"]
