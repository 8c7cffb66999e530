"""Who is pregnant by her file stands in a run: in a row of it, or with why she is in none."""

from itertools import product

from sqlalchemy import false, literal, true
from sqlmodel import select

from app.bookings.beside import COUNTED, Why, why_of
from app.bookings.run_tables import BookingRun
from app.case_files.states import COLOURS, PREGNANT, FileStatus
from tests.flows.cases import SUIJIANG, Woman, assessed, manager, screened
from tests.flows.test_booking_runs import COUNTY, night, run
from tests.flows.test_bookings import RED, booked, managed

NEXT_DOOR = "530625"


def negative(house, doctor, **more):
    woman = Woman(house, doctor, **more)
    woman.post("screenings", screened())
    return woman


def green(house, doctor, **more):
    """Something was found at screening, and the assessment found nothing to manage."""
    woman = Woman(house, doctor, **more)
    woman.post("screenings", screened(bmi=26))
    woman.post("assessments", assessed(bmi=26))
    return woman


def lost(house, doctor):
    woman = negative(house, doctor)
    day = woman.now.date().isoformat()
    woman.post("visits", {"kind": "antenatal", "status": "planned", "planned_for": day})
    visit = {"kind": "antenatal", "plan_id": woman.whole()["visits"][-1]["id"]}
    woman.post("visits", visit | {"status": "missed"})
    woman.post("visits", visit | {"status": "contacted", "contact": "family_reached"})
    woman.post("end", {"how": "lost_to_follow_up", "because": "电话停机,家访无人"})
    return woman


def moved_away(house, doctor):
    """She moved next door, was taken over there, and moved on."""
    woman, there = negative(house, doctor), manager(house, NEXT_DOOR)
    woman.post("handovers", {"to_county": NEXT_DOOR, "note": "随夫务工"}, by=manager(house, COUNTY))
    offer = woman.whole(there)["handovers"][0]
    woman.post(f"handovers/{offer['id']}/answer", {"answer": "accepted"}, by=there)
    woman.post("end", {"how": "moved_away", "because": "随夫去外省"}, by=there)
    return woman, there


def beside(who, made, reason, **more):
    """All of a list, page by page."""
    found, cursor = [], None
    while True:
        query = {"reason": reason, **more} | ({"cursor": cursor} if cursor else {})
        answer = who.get(f"/bookings/runs/{made['id']}/beside", params=query)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return found


def counts(made):
    return {one["reason"]: one["women"] for one in made["beside"]}


def in_rows(made):
    parts = ("bookings", "unbooked", "set_aside")
    return [one["id"] for part in parts for one in made["answer"][part]]


def test_everybody_who_is_pregnant_by_her_file_stands_once(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    rows = [managed(house, doctor), Woman(house, doctor)]
    keeps = managed(house, doctor)
    booked(house, keeps, doctor)
    calm = [negative(house, doctor), negative(house, doctor), green(house, doctor)]
    gone = lost(house, doctor)
    negative(house, doctor).post("end", {"how": "pregnancy_lost", "because": "自然流产"})
    negative(house, doctor).post("deliveries", {"mode": "vaginal", "newborns": [{}]})
    made = run(mch)

    assert counts(made) == {
        "negative_screening": 2,
        "with_county": 1,
        "lost_to_follow_up": 1,
    }
    listed = {why: [one["id"] for one in beside(mch, made, why)] for why in COUNTED}
    assert listed == {
        "negative_screening": [calm[0].id, calm[1].id],
        "with_county": [calm[2].id],
        "lost_to_follow_up": [gone.id],
        "moved_away": [],
    }
    everybody = [*rows, keeps, *calm, gone]
    found = in_rows(made) + [key for keys in listed.values() for key in keys]
    assert sorted(found) == sorted(one.id for one in everybody)
    assert made["women"] == 3


def test_a_list_comes_page_by_page_and_each_stands_in_it_once(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    women = [negative(house, doctor) for _ in range(3)]
    made = run(mch)
    found = beside(mch, made, "negative_screening", limit=2)

    assert [one["id"] for one in found] == [one.id for one in women]
    assert {one["county"] for one in found} == {COUNTY}
    assert beside(mch, made, "with_county") == []


def test_who_reads_a_run_of_the_province_reads_of_the_own_area_only(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    negative(house, doctor)
    away = negative(house, doctor, residence_county=NEXT_DOOR)
    night(house)
    next_door = manager(house, NEXT_DOOR)
    key = last_run(house)
    province = house.duty("530000")
    made = {who: who.get(f"/bookings/runs/{key}").json() for who in (mch, next_door, province)}

    assert [counts(one) for one in made.values()] == [
        {"negative_screening": 1},
        {"negative_screening": 1},
        {"negative_screening": 2},
    ]
    (found,) = beside(next_door, made[next_door], "negative_screening")
    assert (found["id"], found["county"]) == (away.id, NEXT_DOOR)
    assert len(beside(province, made[province], "negative_screening")) == 2


def last_run(house):
    with house.database.reading() as session:
        return session.exec(select(BookingRun.id)).one()


def test_the_list_of_a_run_out_of_the_own_area_is_not_there(house):
    doctor = house.clinician(SUIJIANG)
    managed(house, doctor)
    made = run(manager(house, COUNTY))
    elsewhere = manager(house, "530102")
    path = f"/bookings/runs/{made['id']}/beside"

    assert elsewhere.get(path, params={"reason": "with_county"}).status_code == 404
    assert doctor.get(path, params={"reason": "with_county"}).status_code == 403
    assert elsewhere.get(path, params={"reason": "none_such"}).status_code == 400


def test_who_moved_away_is_told_until_she_is_followed_under_another_file(house):
    doctor = house.clinician(SUIJIANG)
    woman, mch = moved_away(house, doctor)
    made = run(mch)
    assert counts(made) == {"moved_away": 1}
    assert [one["id"] for one in beside(mch, made, "moved_away")] == [woman.id]
    again = doctor.post(
        "/case-files",
        {
            "patient_id": woman.patient,
            "residence_county": NEXT_DOOR,
            "lmp": woman.lmp.isoformat(),
        },
    )
    assert again.status_code == 201, again.text
    made = run(mch)

    assert counts(made) == {}
    assert in_rows(made) == [again.json()["id"]]


def test_a_colour_that_is_high_is_managed_at_once_and_in_the_rows(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor, **RED)
    made = run(mch)

    assert (in_rows(made), counts(made)) == ([woman.id], {})


def test_no_state_of_a_pregnancy_is_without_a_reason(house):
    """High, and no 专案: never told as nothing found, or as one who stays with her county."""
    every = [*product(PREGNANT, COLOURS, (False, True))]
    with house.database.reading() as session:
        asked = {one: select(why_of(*as_columns(*one))) for one in every}
        found = {one: Why(session.execute(asked[one]).scalar_one()) for one in every}

    for (status, colour, purple), why in found.items():
        if colour in ("orange", "red") or purple:
            assert why is Why.NOT_MANAGED
        elif status in FIRST:
            assert why is FIRST[status]
        else:
            assert why is (Why.WITH_COUNTY if colour else Why.UNASSESSED)


FIRST = {
    FileStatus.REGISTERED: Why.NOT_SCREENED,
    FileStatus.SCREENED_NEGATIVE: Why.NEGATIVE_SCREENING,
    FileStatus.SCREENED_POSITIVE: Why.UNASSESSED,
    FileStatus.REFERRED_FOR_ASSESSMENT: Why.UNASSESSED,
}


def as_columns(status, colour, purple):
    return literal(str(status)), literal(colour), true() if purple else false()
