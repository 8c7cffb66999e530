"""A coordinator's night: ten ask at once, one plan for all of them."""

from datetime import timedelta

from sqlmodel import select

from app.audit.tables import AuditEntry
from app.referrals.plans.tables import JointPlan

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
PRETERM = {"gestational_age_weeks": "31+0", "preterm_labour": True, "fetus_count": 1}
SICK = {"clinician_says_critical_newborn": True, "birth_weight_g": 1700}
ZHAOTONG, PROVINCE, PINGBIAN = "530600", "530000", "532523"


def hospitals(house, number):
    """County hospitals of one prefecture, each with somebody who asks."""
    found = [
        facility.facility_id
        for facility in house.engine.registry.facilities
        if facility.county.startswith("5306") and not facility.is_placeholder
    ]
    return [house.clinician(found[n % len(found)], name=f"c{n}") for n in range(number)]


def ten(house):
    facts = (BLEEDING, PRETERM, SICK)
    return [(doctor, doctor.ask(facts[n % 3])) for n, doctor in enumerate(hospitals(house, 10))]


def made(officer, **more):
    answer = officer.post("/plans", more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_ten_who_ask_at_once_get_one_plan_and_are_asked_for_in_one_step(house):
    asked = ten(house)
    officer = house.duty(ZHAOTONG)
    plan = made(officer)

    rows = {row["request_id"]: row for row in plan["plan"]["assignments"]}
    assert set(rows) == {one["id"] for _, one in asked}
    assert plan["plan"]["status"] == "optimal"
    assert set(plan["plan"]["against"]) == {"nearest_capable_free", "catchment_first"}
    assert officer.get(f"/plans/{plan['id']}").json() == plan

    applied = officer.post(f"/plans/{plan['id']}/apply")
    assert (applied.status_code, applied.json()["status"]) == (200, "applied"), applied.text
    for doctor, one in asked:
        planned = rows[one["id"]]["facility_id"]
        offers = doctor.referral(one["id"])["offers"]
        waiting = {o["facility_id"] for o in offers if o["status"] in ("offered", "seen")}
        assert planned in waiting
        before = {o["facility_id"] for o in one["offers"]}
        assert waiting == (before if planned in before else {planned})
    again = officer.post(f"/plans/{plan['id']}/apply")
    assert (again.status_code, again.json()["current"]) == (409, "applied")


def test_one_has_moved_meanwhile_and_nothing_of_the_plan_is_applied(house):
    asked = ten(house)
    officer = house.duty(PROVINCE)
    plan = made(officer)
    doctor, moved = asked[3]
    gone = doctor.post(
        f"/referrals/{moved['id']}/cancel", {"reason": "recovered"}, version=moved["version"]
    )
    assert gone.status_code == 200, gone.text
    before = [doctor.referral(one["id"])["offers"] for doctor, one in asked]

    refused = officer.post(f"/plans/{plan['id']}/apply")
    assert refused.status_code == 412, refused.text
    assert [one["number"] for one in refused.json()["moved"]] == [moved["number"]]
    assert [doctor.referral(one["id"])["offers"] for doctor, one in asked] == before
    assert officer.get(f"/plans/{plan['id']}").json()["status"] == "proposed"


def test_a_departure_and_a_refusal_are_moves_although_no_status_moves(house):
    doctor = hospitals(house, 1)[0]
    asked = doctor.ask(BLEEDING)
    officer = house.duty(ZHAOTONG)

    first = made(officer)
    no = {"code": "recommend_nearer"}
    offer = asked["offers"][0]
    centre = house.coordinator(offer["facility_id"])
    assert centre.post(f"/offers/{offer['id']}/decline", no).status_code == 200
    assert officer.post(f"/plans/{first['id']}/apply").status_code == 412

    second = made(officer)
    (row,) = second["plan"]["assignments"]
    assert row["facility_id"] != offer["facility_id"]
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    doctor.post(f"/transfers/{ride['id']}/depart", {})
    assert officer.post(f"/plans/{second['id']}/apply").status_code == 412

    third = made(officer)
    (row,) = third["plan"]["assignments"]
    assert (row["facility_id"], "frozen" in row["why"]) == (ride["destination"], True)
    assert officer.post(f"/plans/{third['id']}/apply").status_code == 200


def test_that_a_centre_looked_and_one_more_is_asked_is_no_move(house):
    doctor = hospitals(house, 1)[0]
    asked = doctor.ask(BLEEDING)
    officer = house.duty(ZHAOTONG)
    plan = made(officer)
    offer = asked["offers"][0]
    house.coordinator(offer["facility_id"]).get(f"/offers/{offer['id']}")
    house.pass_time(6)
    assert len(doctor.referral(asked["id"])["offers"]) == 3

    assert officer.post(f"/plans/{plan['id']}/apply").status_code == 200


def test_who_is_accepted_keeps_her_place_and_it_is_not_taken_twice(house):
    doctor = hospitals(house, 1)[0]
    asked = doctor.ask(BLEEDING)
    offer = asked["offers"][0]
    centre = house.coordinator(offer["facility_id"])
    assert centre.post(f"/offers/{offer['id']}/accept").json()["accepted"] is True
    plan = made(house.duty(ZHAOTONG))

    (known,) = plan["referrals"]
    assert known["kept_at"] == offer["facility_id"]
    assert plan["plan"]["assignments"] == []


def test_a_plan_is_for_the_area_of_who_makes_it(house):
    (elsewhere, *_) = house.engine.senders(PINGBIAN)
    doctor = house.clinician(elsewhere.facility_id)
    asked = doctor.ask(BLEEDING)
    officer, other = house.duty(PROVINCE), house.duty(ZHAOTONG)

    assert other.post("/plans", {"division": PROVINCE}).status_code == 404
    assert made(other)["referrals"] == []
    plan = made(officer, division=PINGBIAN)
    assert [one["referral_id"] for one in plan["referrals"]] == [asked["id"]]
    for path in ("", "/apply"):
        answer = (other.get if not path else other.post)(f"/plans/{plan['id']}{path}")
        assert answer.status_code == 404
    assert doctor.post("/plans", {}).status_code == 403
    assert other.get("/plans").json()["items"][0]["division"] == ZHAOTONG


def test_drills_and_real_ones_are_never_in_one_plan(house):
    first, second = hospitals(house, 2)
    real, drill = first.ask(BLEEDING), second.ask(BLEEDING, drill=True)
    officer = house.duty(ZHAOTONG)

    for marked, one in ((False, real), (True, drill)):
        plan = made(officer, drill=marked)
        assert (plan["drill"], [r["referral_id"] for r in plan["referrals"]]) == (
            marked,
            [one["id"]],
        )


def test_a_plan_is_rejected_with_a_reason_and_that_is_written_down(house):
    doctor = hospitals(house, 1)[0]
    doctor.ask(BLEEDING)
    officer = house.duty(ZHAOTONG)
    plan = made(officer)
    assert officer.post(f"/plans/{plan['id']}/reject", {"reason": ""}).status_code == 422

    said = officer.post(f"/plans/{plan['id']}/reject", {"reason": "道路刚刚中断,按电话安排"})
    assert (said.status_code, said.json()["status"]) == (200, "rejected"), said.text
    assert officer.post(f"/plans/{plan['id']}/apply").status_code == 409
    with house.database.reading() as session:
        by = session.exec(select(JointPlan.decided_by)).one()
        acts = {one.act for one in session.exec(select(AuditEntry))}
    assert by == house.people[officer.name].user_id
    assert {"plan_made", "plan_rejected"} <= acts


def test_a_plan_for_who_is_no_emergency_shows_nobody_who_she_is(house):
    """R-ROLE-03: a duty officer sees the identity of open emergencies and of nobody else."""
    doctor = hospitals(house, 1)[0]
    urgent = doctor.ask(BLEEDING)
    booked = doctor.ask({"prior_cs_count": 2, "gestational_age_weeks": "34+0"})
    officer = house.duty(ZHAOTONG)
    plan = made(officer)
    assert {one["referral_id"] for one in plan["referrals"]} == {urgent["id"], booked["id"]}
    assert officer.post(f"/plans/{plan['id']}/apply").status_code == 200

    assert officer.get(f"/referrals/{urgent['id']}").status_code == 200
    assert officer.get(f"/referrals/{booked['id']}").status_code == 404


def test_who_was_silent_until_the_time_ran_out_can_be_asked_again(house):
    """Priority 3: a silent offer lapses after a day and the next centre is asked by itself."""
    doctor = hospitals(house, 1)[0]
    asked = doctor.ask({"prior_cs_count": 2, "gestational_age_weeks": "34+0"})
    assert asked["priority"] == 3
    with house.database.reading() as session:
        start = house.database.now(session)
    house.worker.step(now=start + timedelta(hours=25))
    (first, *others) = doctor.referral(asked["id"])["offers"]
    assert (first["status"], [one["status"] for one in others]) == ("lapsed", ["offered"])

    again = doctor.post(f"/referrals/{asked['id']}/offers", {"facility_id": first["facility_id"]})
    assert again.status_code == 201, again.text


def edited(officer, plan, **changes):
    answer = officer.post(f"/plans/{plan['id']}/edit", {"because": "road", **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_who_is_sent_by_hand_and_who_is_left_out_make_a_plan_of_their_own(house):
    """The rest is planned around it; the plan before stays, and is not applied after this one."""
    asked = ten(house)
    officer = house.duty(ZHAOTONG)
    plan = made(officer)
    rows = {row["request_id"]: row["facility_id"] for row in plan["plan"]["assignments"]}
    choices = {one["referral_id"]: one["choices"] for one in plan["referrals"]}
    (doctor, sent), (_, out) = asked[0], asked[1]
    goal = next(one for one in choices[sent["id"]] if one != rows[sent["id"]])
    before = [caller.referral(one["id"])["offers"] for caller, one in asked]

    other = edited(
        officer,
        plan,
        left_out=[out["id"]],
        sent=[{"referral_id": sent["id"], "facility_id": goal}],
    )

    now = {row["request_id"]: row["facility_id"] for row in other["plan"]["assignments"]}
    assert (now[sent["id"]], out["id"] in now, len(now)) == (goal, False, 9)
    told = {one["referral_id"]: one["left_out"] for one in other["referrals"]}
    assert told[out["id"]] == "by_hand"
    assert other["edit"] == {
        "of": plan["id"],
        "because": "road",
        "left_out": [out["id"]],
        "sent": {sent["id"]: goal},
    }
    assert set(other["plan"]["against"]) == set(plan["plan"]["against"])
    assert officer.get(f"/plans/{plan['id']}").json() == plan
    assert [caller.referral(one["id"])["offers"] for caller, one in asked] == before

    assert officer.post(f"/plans/{other['id']}/apply").status_code == 200
    waiting = {
        o["facility_id"]
        for o in doctor.referral(sent["id"])["offers"]
        if o["status"] in ("offered", "seen")
    }
    assert goal in waiting
    caller, left = asked[1]
    assert caller.referral(left["id"])["offers"] == before[1]
    assert officer.post(f"/plans/{plan['id']}/apply").status_code == 409
    with house.database.reading() as session:
        whys = session.exec(select(AuditEntry.why).where(AuditEntry.act == "plan_edited")).all()
    assert len(whys) == 1


def test_a_change_that_the_plan_does_not_know_is_refused_with_every_reason(house):
    doctor = hospitals(house, 1)[0]
    asked = doctor.ask(BLEEDING)
    officer = house.duty(ZHAOTONG)
    plan = made(officer)
    elsewhere = {"referral_id": asked["id"], "facility_id": "YN530600-011"}
    stranger = "00000000-0000-4000-8000-000000000000"

    def refused(**changes):
        answer = officer.post(f"/plans/{plan['id']}/edit", {"because": "road", **changes})
        return answer.status_code, answer.json().get("codes")

    assert refused(left_out=[stranger]) == (422, ["not_planned_here"])
    assert refused(sent=[elsewhere], left_out=[asked["id"]]) == (
        422,
        ["not_in_her_ranking", "left_out_and_sent"],
    )
    assert (
        house.duty(PINGBIAN).post(f"/plans/{plan['id']}/edit", {"because": "road"}).status_code
        == 404
    )
    assert officer.post(f"/plans/{plan['id']}/apply").status_code == 200
    decided = officer.post(f"/plans/{plan['id']}/edit", {"because": "road"})
    assert (decided.status_code, decided.json()["current"]) == (409, "applied")


def test_who_is_left_out_by_hand_may_be_taken_in_again(house):
    doctor = hospitals(house, 1)[0]
    asked = doctor.ask(BLEEDING)
    officer = house.duty(ZHAOTONG)
    plan = made(officer)
    without = edited(officer, plan, left_out=[asked["id"]])
    again = edited(officer, without)

    assert without["plan"]["assignments"] == []
    assert [row["request_id"] for row in again["plan"]["assignments"]] == [asked["id"]]
