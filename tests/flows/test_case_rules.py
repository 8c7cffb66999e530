"""Who decides for a red woman, whom a death is reviewed by, and what facts alone ask for."""

import uuid
from datetime import timedelta

from sqlmodel import select

from app.notices.tables import Notice
from tests.flows.cases import CENTRE, SUIJIANG, Woman, assessed, manager, org_of, screened
from tests.flows.test_bad_night import BLEEDING
from tests.flows.test_bookings import booked
from tests.flows.test_case_files import listed, notices

HEART = {"heart_disease": "chd_complex", "pulmonary_hypertension": True, "pap_mmhg": 85}
JUDGED = {
    "kind": "continuation",
    "text": "三级医院会诊",
    "made_with": CENTRE,
    "agreed_by": "测试丁",
}
DENIED = JUDGED | {"may_continue": False, "rank": "deputy_chief", "woman_informed": True}


def red(house, doctor, **more):
    woman = Woman(house, doctor, weeks=20, **more)
    woman.post("screenings", screened())
    found = woman.post("assessments", assessed(**HEART))
    assert (found["colour"], found["status"]) == ("red", "case_managed")
    woman.post("clinician", {})
    return woman


def test_that_a_red_pregnancy_may_not_continue_is_said_by_a_senior_physician(house):
    doctor = house.clinician(SUIJIANG)
    woman = red(house, doctor)
    refusals = [
        (JUDGED, "judgement_or_plan"),
        ({**DENIED, "rank": "attending"}, "rank_too_low"),
        ({**DENIED, "rank": None}, "rank_too_low"),
        ({**DENIED, "woman_informed": False}, "woman_not_informed"),
        ({**DENIED, "made_with": SUIJIANG}, "grade_too_low"),
        ({**DENIED, "made_with": None, "agreed_by": None}, "judged_by_whom"),
        ({**DENIED, "kind": "emergency"}, "judgement_or_plan"),
    ]
    for body, code in refusals:
        answer = woman.post("plans", body, status=422)
        assert answer["codes"] == [code], body
    ended = {"how": "terminated", "because": "本人与家属知情同意"}
    refused = woman.post("end", ended, status=409)
    assert refused["codes"] == ["missing_continuation_denied"]
    assert refused["rules"] == ["R-STATE-01-terminated"]
    assert "R-MGMT-RED-judgement" in woman.rules_due()

    # The grade of the provincial hospital is not on record; its level implies it (R-CENTRE-02).
    woman.post("plans", DENIED | {"made_with": "YN530100-005"})
    assert "R-MGMT-RED-judgement" not in woman.rules_due()
    plan = woman.whole()["plans"][-1]
    assert (plan["may_continue"], plan["rank"], plan["woman_informed"]) == (
        False, "deputy_chief", True,
    )  # fmt: skip
    # Entered in error and corrected, it allows nothing any more.
    woman.post("plans", {**JUDGED, "may_continue": True, "corrects": plan["id"]})
    assert woman.post("end", ended, status=409)["codes"] == ["missing_continuation_denied"]
    woman.post("plans", DENIED)
    assert woman.post("end", ended)["status"] == "terminated"


def test_who_is_not_red_may_end_her_pregnancy_without_such_a_judgement(house):
    woman = Woman(house, house.clinician(SUIJIANG), weeks=9)
    assert woman.post("end", {"how": "terminated", "because": "本人意愿"})["status"] == "terminated"


def test_plans_of_orange_and_red_are_made_with_a_higher_centre(house):
    doctor, centre = house.clinician(SUIJIANG), house.clinician(CENTRE)
    woman = Woman(house, doctor, weeks=25)
    woman.post("plans", {"kind": "management", "text": "黄色以下自己管理"})
    woman.post("screenings", screened(hypertension=True))
    assert woman.post("assessments", assessed(placenta_position="praevia"))["colour"] == "orange"
    plan = {"kind": "emergency", "text": "出血时先电话"}
    alone = woman.post("plans", plan, status=422)
    assert alone["codes"] == ["without_higher_centre"]
    assert alone["rules"] == ["R-CASE-03-plan"]
    # The own level, and a hospital that is no rescue centre, are none higher.
    for other in (SUIJIANG, "YN530600-001"):
        with_it = plan | {"made_with": other, "agreed_by": "测试丁"}
        assert woman.post("plans", with_it, status=422)["codes"] == ["without_higher_centre"]
    assert "R-CASE-03-emergency-orange" in woman.rules_due()
    woman.post("plans", plan | {"made_with": CENTRE, "agreed_by": "测试丁"})
    assert "R-CASE-03-emergency-orange" not in woman.rules_due()
    assert centre.get(f"/case-files/{woman.id}").status_code == 200


def test_facts_that_say_red_without_a_colour_alarm_until_she_is_assessed(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    facts = {"heart_disease": "eisenmenger", "prior_cs_count": 0}
    woman = Woman(house, doctor, weeks=12, facts=facts)
    assert woman.last.json()["colour"] is None
    assert "R-COLOUR-013-stated" in woman.rules_due()
    assert woman.id in listed(doctor, "unassessed")
    woman.pass_days(0.01)
    assert notices(house, woman) == ["case_due"]
    woman.pass_days(1.1)
    assert "case_overdue" in notices(house, woman)
    assert "case_overdue" in to(house, woman, mch)

    # An assessment that leaves the question open does not answer it.
    woman.post("screenings", screened(heart_disease="eisenmenger"))
    woman.post("assessments", {"facts": {"age_years": 28}})
    assert "R-COLOUR-013-stated" in woman.rules_due()
    found = woman.post("assessments", assessed(heart_disease="eisenmenger"))
    assert found["colour"] == "red"
    assert "R-COLOUR-013-stated" not in woman.rules_due()
    assert woman.id not in listed(doctor, "unassessed")


def test_facts_that_came_with_a_visit_ask_for_an_assessment_too(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=20)
    woman.post("screenings", screened())
    found = {"facts": {"hiv": True, "no_such_fact": 1, "hb_g_l": "low"}, "text": "外院化验"}
    woman.post("visits", {"kind": "antenatal", "status": "held", "findings": found})
    assert "R-COLOUR-013-stated" in woman.rules_due()
    woman.post("assessments", assessed(hiv=True))
    assert "R-COLOUR-013-stated" not in woman.rules_due()
    plain = Woman(house, doctor, weeks=20, facts={"prior_cs_count": 1})
    assert "R-COLOUR-013-stated" not in plain.rules_due()


def test_a_death_at_home_is_reviewed_by_the_county_and_by_nobody_else(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    woman = Woman(house, doctor, weeks=30)
    woman.post("end", {"how": "maternal_death", "because": "家中死亡,家属次日告知"})
    (owed,) = [one for one in woman.whole(mch)["due"] if one["rule"] == "R-DUTY-05-death"]
    assert owed["owed_by"] == str(org_of(mch))
    assert owed["due_at"] is not None
    review = {"kind": "death_review", "content": "讨论结论"}
    assert "allowed" in woman.post("reports", review, status=403)
    told = []
    for days in (1.6, 2.1, 10):
        woman.pass_days(days)
        told.append(len([one for one in to(house, woman, mch) if one.startswith("case_")]))
    assert told[0] < told[1] < told[2]
    woman.post("reports", review, by=mch)
    woman.post("reports", {"kind": "maternal_death", "content": "死亡报告卡"})
    assert woman.rules_due(mch) == set()


def test_a_near_miss_without_any_referral_is_reviewed_and_outlives_the_file(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    woman = Woman(house, doctor, weeks=38)
    review = {"kind": "near_miss_review", "content": "讨论结论"}
    assert woman.post("reports", review, by=mch, status=422)["codes"] == ["no_near_miss"]
    woman.post("reports", {"kind": "near_miss", "content": "产后出血,子宫切除,存活"})
    assert woman.id in listed(mch, "reports")
    woman.post("end", {"how": "pregnancy_lost", "because": "死胎"})
    assert woman.rules_due(mch) == {"R-DUTY-05-near_miss"}
    woman.post("reports", review, by=mch)
    assert woman.rules_due(mch) == set()


def test_a_death_that_was_reviewed_with_its_referral_is_not_reviewed_twice(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    woman = Woman(house, doctor, weeks=38)
    asked = doctor.ask(BLEEDING, patient_id=woman.patient)
    doctor.post(
        f"/referrals/{asked['id']}/close",
        {"reason": "died_before_departure"},
        version=asked["version"],
    )
    woman.pass_days(0.01)
    woman.whole()
    woman.post("end", {"how": "maternal_death", "because": "转出前死亡"})
    assert "R-DUTY-05-death" in woman.rules_due(mch)
    (mine,) = mch.get("/worklists/mine").json()["case_reviews"]
    assert mch.post(
        f"/case-reviews/{mine['id']}/close", {"learned": "备血电话应在出发前打"}
    ).is_success
    woman.pass_days(0.02)
    assert "R-DUTY-05-death" not in woman.rules_due(mch)


def test_who_came_to_wait_goes_home_again_and_is_seen_there(house):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=35, facts={"prior_cs_count": 1})
    woman.post("screenings", screened(prior_cs_count=1, uterine_scar=True))
    woman.post("assessments", assessed(prior_cs_count=1, uterine_scar=True))
    woman.post("clinician", {})
    assert woman.post("admission-end", {}, status=422)["codes"] == ["not_admitted"]
    assert woman.post("admission")["status"] == "admitted_early"
    past = (woman.now - timedelta(days=2)).date().isoformat()
    assert woman.post("admission-end", {"come_by": past}, status=422)["codes"] == ["impossible_day"]
    day = (woman.now + timedelta(days=14)).date().isoformat()
    assert woman.post("admission-end", {"come_by": day})["status"] == "case_managed"
    whole = woman.whole()
    assert (whole["come_by"], whole["events"][-1]["reason"]) == (day, "went_home")
    assert "R-CASE-07-home" in woman.rules_due()
    held = {"kind": "antenatal", "status": "held", "findings": {"bp": "110/70"}}
    woman.post("visits", held)
    assert "R-CASE-07-home" not in woman.rules_due()
    # Booked, she is planned there as before; she comes and goes as often as she has to.
    booked(house, woman, doctor)
    woman.whole()
    woman.post("admission")
    assert woman.post("admission-end")["status"] == "delivery_planned"
    woman.post("admission")
    assert "R-CASE-07-home" not in woman.rules_due()


def test_who_was_lost_is_taken_up_first_and_has_delivered_if_somebody_entered_it(house):
    """Found by a random history: coming to wait moved a lost file, and the database refused it."""
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=35)
    woman.post("screenings", screened(hypertension=True))
    woman.post("assessments", assessed(placenta_position="praevia"))
    woman.post("clinician", {})
    woman.post("admission")
    day = woman.now.date().isoformat()
    woman.post("visits", {"kind": "antenatal", "status": "planned", "planned_for": day})
    said = {"kind": "antenatal", "plan_id": woman.whole()["visits"][-1]["id"]}
    woman.post("visits", said | {"status": "missed"})
    woman.post("visits", said | {"status": "contacted", "contact": "family_reached"})
    woman.post("end", {"how": "lost_to_follow_up", "because": "电话停机,家访无人"})
    assert woman.post("admission", status=422)["codes"] == ["lost"]
    assert woman.post("deliveries", {"mode": "unknown", "stillborn": 1})["status"] == (
        "lost_to_follow_up"
    )
    assert woman.post("return")["status"] == "delivered"
    assert [one["status"] for one in woman.whole()["events"]][-2:] == [
        "admitted_early", "delivered",
    ]  # fmt: skip


def to(house, woman, caller):
    with house.database.reading() as session:
        found = session.exec(
            select(Notice).where(
                Notice.subject_id == uuid.UUID(woman.id), Notice.org_id == org_of(caller)
            )
        )
        return [one.template for one in found.all()]
