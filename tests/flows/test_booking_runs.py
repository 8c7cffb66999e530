"""Booking runs told over HTTP: proposed by night or on request, accepted, planned around."""

import threading
from datetime import date

from sqlmodel import select

from app.bookings.nightly import is_due, run_tonight
from app.bookings.run_tables import BookingRun
from app.centres.registry_now import LOCAL_TIME
from tests.flows.cases import SUIJIANG, Woman, assessed, manager, screened
from tests.flows.test_bookings import (
    CENTRE,
    OTHER,
    act,
    booked,
    choose,
    managed,
    seen,
    statuses,
    work,
)
from tests.flows.test_plans_at_once import at_once

COUNTY = "530626"
RED = {"nyha_class": 3}


def run(who, *, status=201, **more):
    answer = who.post("/bookings/runs", more)
    assert answer.status_code == status, answer.text
    return answer.json()


def proposal(who, woman):
    """What is proposed for her now."""
    answer = who.get("/bookings", params={"file_id": woman.id, "status": "proposed"})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_a_run_proposes_and_asks_nobody(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor, **RED)
    made = run(mch)

    assert (made["status"], made["women"], made["pending"]) == ("optimal", 1, True)
    assert made["answer"]["bookings"][0]["id"] == woman.id
    work(house)
    assert not mch.get(f"/bookings/runs/{made['id']}").json()["pending"]
    (proposed,) = proposal(doctor, woman)
    assert proposed["run_id"] == made["id"]
    assert proposed["next_step"] == "accept_booking"
    centre = house.coordinator(proposed["facility_id"])
    assert centre.get(f"/bookings/{proposed['id']}").status_code == 404


def test_from_the_night_to_the_birth(house):
    """Proposed, accepted, consented to, opened again, replaced, and used by a birth."""
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor)
    night(house)
    (proposed,) = proposal(doctor, woman)
    asked = act(doctor, proposed, "accept")
    first = act(house.coordinator(proposed["facility_id"]), asked, "consent")
    assert woman.whole()["booked_facility_id"] == proposed["facility_id"]

    woman.post("assessments", assessed(prior_cs_count=1, uterine_scar=True, **RED))
    work(house)
    opened = seen(doctor, first)
    assert (opened["status"], opened["colour"]) == ("reopened", "yellow")
    # Red asks for a hospital of grade 3: hers is none, and confirming it is refused.
    refused = act(doctor, opened, "confirm", status=422)
    assert refused["codes"] == ["centre_cannot_take_her"]

    run(mch)
    work(house)
    (better,) = proposal(doctor, woman)
    assert better["facility_id"] != proposed["facility_id"]
    assert better["colour"] == "red"
    assert seen(doctor, first)["status"] == "reopened"
    answer = accept_many(mch, better)
    assert answer[0]["booking"]["status"] == "asked"
    act(house.coordinator(better["facility_id"]), answer[0]["booking"], "consent")
    assert statuses(doctor, woman) == {
        proposed["facility_id"]: "replaced",
        better["facility_id"]: "booked",
    }

    draft = doctor.get(f"/case-files/{woman.id}/referral-draft").json()
    assert draft["request"]["booked_facility_id"] == better["facility_id"]
    labour = draft["request"]["facts"] | {"in_labour": True, "delivered": False}
    wanted = {"request": draft["request"] | {"facts": labour}, "patient_id": draft["patient_id"]}
    referred = doctor.post("/referrals", wanted)
    assert referred.status_code == 201, referred.text
    # A booking keeps no emergency out: it is a record of its own.
    assert seen(doctor, better)["status"] == "booked"
    woman.whole()
    woman.post("deliveries", {"mode": "caesarean_emergency", "newborns": [{}]})
    work(house)
    assert seen(doctor, better)["status"] == "used"


def test_the_run_of_the_night_is_made_once_and_at_night(house):
    managed(house, house.clinician(SUIJIANG))
    with house.database.reading() as session:
        now = house.database.now(session)
    night_of_today = now.replace(hour=19, minute=0)
    noon = now.replace(hour=4, minute=0)

    assert is_due(house.database, "53", now=night_of_today)
    assert not is_due(house.database, "53", now=noon)
    night(house)
    with house.database.reading() as session:
        made = house.database.now(session)
    assert not is_due(house.database, "53", now=at_night_after(made))


def test_two_workers_of_one_night_keep_one_run_and_propose_once(house):
    """The first was taken for dead and is not: both have solved, one run is kept."""
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor)
    slow = threading.Barrier(2)

    def solve(engine, asked):
        slow.wait(60)
        return engine.bookings(asked)

    one = lambda: run_tonight(house.database, house.current, solve, "53")  # noqa: E731
    at_once(0, one, one)
    work(house)
    with house.database.reading() as session:
        runs = session.exec(select(BookingRun.id)).all()

    assert len(runs) == 1
    assert len(proposal(doctor, woman)) == 1


def test_a_refusal_to_live_near_the_hospital_is_planned_around(house):
    """Red, due in the county seat of Suijiang, hours away from every hospital of grade 3."""
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor, **RED)
    for centre in (CENTRE, OTHER):
        places = {
            "facility_id": centre,
            "places": 5,
            "from_day": "2026-01-01",
            "source": "hospital",
        }
        answer = house.coordinator(centre).post("/lodging-places", places)
        assert answer.status_code == 201, answer.text
    run(mch)
    work(house)
    (lodged,) = proposal(doctor, woman)
    assert (lodged["lodging"], lodged["come_by"] is not None) == (True, True)

    said = doctor.post(f"/case-files/{woman.id}/lodging-answers", {"answer": "refused"})
    assert said.status_code == 201, said.text
    refused = act(doctor, lodged, "accept", status=409)
    assert refused["codes"] == ["lodging_refused"]
    run(mch)
    work(house)
    (at_home,) = proposal(doctor, woman)
    assert (at_home["lodging"], at_home["come_by"]) == (False, None)
    act(doctor, at_home, "accept")
    assert seen(doctor, lodged)["status"] == "superseded"


def test_whoever_changed_since_a_run_gets_no_proposal_of_it(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor)
    run(mch)
    woman.whole()
    woman.post("assessments", assessed(prior_cs_count=1, uterine_scar=True, **RED))
    work(house)

    assert proposal(doctor, woman) == []


def test_a_proposal_that_something_has_changed_for_is_not_asked(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor)
    run(mch)
    work(house)
    (proposed,) = proposal(doctor, woman)
    woman.whole()
    woman.post("assessments", assessed(prior_cs_count=1, uterine_scar=True, **RED))

    refused = act(doctor, proposed, "accept", status=409)
    # Red asks for a hospital of grade 3, and hers is none.
    assert {"colour_raised", "centre_closed", "facts_changed"} <= set(refused["codes"])
    assert accept_many(doctor, proposed)[0]["problem"]["codes"] == refused["codes"]


def test_many_are_accepted_together_and_each_has_an_answer_of_its_own(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    first, second = managed(house, doctor), managed(house, doctor)
    run(mch)
    work(house)
    one, other = proposal(doctor, first)[0], proposal(doctor, second)[0]
    nothing = {"id": first.id, "version": 1}
    stale = one | {"version": 9}

    said = {each["id"]: each for each in accept_many(doctor, stale, other, nothing)}
    assert said[other["id"]]["booking"]["status"] == "asked"
    assert said[one["id"]]["problem"]["status"] == 412
    assert said[first.id]["problem"]["status"] == 404
    assert seen(doctor, one)["status"] == "proposed"


def test_no_run_takes_a_place_that_is_somebodys(house):
    """Booked, asked and opened again stay what they are, whatever is proposed beside them."""
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    women = [managed(house, doctor) for _ in range(3)]
    held = booked(house, women[0], doctor)
    asked = choose(women[1], doctor, OTHER)
    again = booked(house, women[2], doctor, OTHER)
    women[2].whole()
    women[2].post("assessments", assessed(prior_cs_count=1, uterine_scar=True, **RED))
    work(house)
    before = {one["id"]: seen(doctor, one) for one in (held, asked, again)}
    for rethink in (False, True):
        run(mch, rethink=rethink)
        work(house)
        # Where nothing is to change nothing is proposed either.
        assert rethink or [proposal(doctor, one) for one in women[:2]] == [[], []]

    assert {key: seen(doctor, one) for key, one in before.items()} == before
    assert [one["status"] for one in before.values()] == ["booked", "asked", "reopened"]


def test_a_run_is_for_those_who_answer_for_an_area(house):
    doctor = house.clinician(SUIJIANG)
    managed(house, doctor)
    made = run(manager(house, COUNTY))

    run(doctor, status=403)
    elsewhere = manager(house, "530102")
    assert elsewhere.get(f"/bookings/runs/{made['id']}").status_code == 404
    run(elsewhere, division=COUNTY, status=404)
    assert house.duty("530600").get(f"/bookings/runs/{made['id']}").status_code == 200


def accept_many(who, *proposals):
    wanted = [{"id": one["id"], "version": one["version"]} for one in proposals]
    answer = who.post("/bookings/accept", {"bookings": wanted})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def night(house):
    """What the worker does at night: everything is looked at and booked."""
    solve = house.app.state.planner.bookings
    run_tonight(house.database, house.current, solve, "53")
    work(house)


def at_night_after(moment):
    """A moment of the same night, as the clock on the wall has it."""
    local = moment.astimezone(LOCAL_TIME)
    return local.replace(hour=2, minute=0)


def test_the_expected_load_of_a_centre_stands_beside_its_limit(house):
    """One woman is expected for less than a bed-day a week, in the weeks about her due date."""
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor, weeks=30)
    hers = booked(house, woman, doctor)
    answer = mch.get("/bookings/load", params={"facility_id": CENTRE})
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]

    assert {one["facility_id"] for one in items} == {CENTRE}
    assert all(0 <= one["load"] <= one["limit"] for one in items)
    due = date.fromisoformat(hers["edd"]).isocalendar()
    assert f"{due.year}-W{due.week:02d}" in {one["week"] for one in items}
    total = sum(one["load"] for one in items)
    assert 1 < total < 15
    assert mch.get("/bookings/load", params={"facility_id": OTHER}).json()["items"] == []


def test_a_centre_that_said_no_is_not_proposed_while_there_is_another(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor)
    run(mch)
    work(house)
    (first,) = proposal(doctor, woman)
    asked = act(doctor, first, "accept")
    centre = house.coordinator(first["facility_id"])
    act(centre, asked, "decline", {"reason": "no_room"})
    run(mch)
    work(house)

    (again,) = proposal(doctor, woman)
    assert again["facility_id"] != first["facility_id"]
    assert "declined_kept_out" in again["why"]


def test_who_was_not_assessed_is_named_as_left_out_of_a_run(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    planned = managed(house, doctor)
    unscreened, positive = Woman(house, doctor), Woman(house, doctor)
    positive.post("screenings", screened(prior_cs_count=1))
    well = Woman(house, doctor)
    well.post("screenings", screened())

    made = run(mch)

    assert [one["id"] for one in made["answer"]["bookings"]] == [planned.id]
    assert {one["id"]: one["reason"] for one in made["answer"]["set_aside"]} == {
        unscreened.id: "not_screened",
        positive.id: "unassessed",
    }
    assert (made["women"], made["set_aside"]) == (3, 2)
    assert made["beside"] == [{"reason": "negative_screening", "women": 1}]
