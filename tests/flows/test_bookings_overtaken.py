"""What a booking rests on changes: a proposal is not asked any more, a place is opened again."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.bookings.nightly import look_at_all, look_at_room
from app.bookings.tables import Booking
from app.centres.current import Current
from app.engine import Replaced, load_engine
from app.notices.states import Template
from app.notices.tables import Notice
from app.settings import Settings
from app.verifying.of_rooms import rooms_of
from tests.flows.cases import COUNTY, SUIJIANG, assessed, manager
from tests.flows.test_booking_runs import proposal, run
from tests.flows.test_bookings import (
    CENTRE,
    OTHER,
    RED,
    act,
    booked,
    choose,
    managed,
    seen,
    work,
)

AWAY = "530102"
SCAR = {"prior_cs_count": 1, "uterine_scar": True, "uterine_surgery_count": 1}
ORANGE = {"hb_g_l": 54}
"""Her centre has to be one of level M1."""


def assess_again(house, woman, doctor, centre, tmp_path):
    woman.whole()
    woman.post("assessments", assessed(**SCAR, **ORANGE))


def move_away(house, woman, doctor, centre, tmp_path):
    """Her county offers the file, the new one takes it: she lives there now."""
    woman.whole(by=manager(house, COUNTY))
    woman.post("handovers", {"to_county": AWAY, "note": "随夫外出"}, by=manager(house, COUNTY))
    there = manager(house, AWAY)
    (offer,) = [one for one in woman.whole(by=there)["handovers"] if one["answer"] is None]
    woman.post(f"handovers/{offer['id']}/answer", {"answer": "accepted"}, by=there)


def close_the_ward(house, woman, doctor, centre, tmp_path):
    due = date.fromisoformat(woman.whole()["edd"])
    closed = {
        "facility_id": centre,
        "kind": "OB_RESCUE_BED",
        "from_day": (due - timedelta(days=20)).isoformat(),
        "to_day": (due + timedelta(days=9)).isoformat(),
        "reason": "renovation",
    }
    closed = [closed, closed | {"kind": "LABOUR"}]
    for one in closed:
        answer = house.coordinator(centre).post("/ward-closures", one)
        assert answer.status_code == 201, answer.text


def lower_the_centre(house, woman, doctor, centre, tmp_path):
    """The commission says that it is no centre of that level any more."""
    office = house.duty("530000")
    level = {
        "kind": "maternal",
        "level": "M0",
        "valid_from": "2026-01-01",
        "document": "演示 2026 1 号",
    }
    answer = office.post(f"/facilities/{centre}/designations", level)
    assert answer.status_code == 201, answer.text


def publish_longer_times(house, woman, doctor, centre, tmp_path):
    """A new release of the travel times: the way to the centre takes twelve hours."""
    house.current = house.app.state.current = Current(released(tmp_path, centre, 720))


def released(tmp_path, centre, minutes):
    """The installation with a table of times that says so of one way."""
    head = "origin_id,facility_id,minutes,low,high,km,method,reason"
    lines = [f"{COUNTY},{centre},{minutes},{minutes - 60},{minutes + 60},300,measured,"]
    table = tmp_path / "times.csv"
    table.write_text("\n".join([head, *lines]), encoding="utf-8")
    return load_engine(Settings(data_dir=tmp_path / "new"), replaced=Replaced(times=table))


CHANGES = {
    "facts_changed": assess_again,
    "home_moved": move_away,
    "ward_closed": close_the_ward,
    "centre_closed": lower_the_centre,
    "travel_time": publish_longer_times,
}


@pytest.mark.parametrize("code", CHANGES)
def test_a_proposal_that_is_overtaken_is_not_asked(house, tmp_path, code):
    """Whatever it rests on has changed since the run: it says what, and nobody is asked."""
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, **ORANGE)
    run(manager(house, COUNTY))
    work(house)
    (proposed,) = proposal(doctor, woman)
    CHANGES[code](house, woman, doctor, proposed["facility_id"], tmp_path)

    refused = act(doctor, proposed, "accept", status=409)
    assert code in refused["codes"]
    assert seen(doctor, proposed)["status"] == "proposed"


def told(house, booking, template):
    """How often somebody was told something of a booking, and who has it now."""
    with house.database.reading() as session:
        asked = select(Notice).where(
            Notice.subject_id == booking["id"], Notice.template == template.value
        )
        row = session.get(Booking, booking["id"])
        return len(session.exec(asked).all()), row.owner_org, row.next_due_at


@pytest.mark.parametrize("code", [one for one in CHANGES if one != "facts_changed"])
def test_a_place_is_opened_again_with_an_alert_that_has_owner_and_deadline(house, tmp_path, code):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, **ORANGE)
    hers = booked(house, woman, doctor)
    CHANGES[code](house, woman, doctor, CENTRE, tmp_path)
    night(house)

    opened = seen(doctor, hers)
    assert (opened["status"], opened["next_step"]) == ("reopened", "look_at_booking")
    assert code in opened["reopened_for"]
    times, owner, due_at = told(house, hers, Template.BOOKING_REOPENED)
    assert (times, owner, due_at is not None) == (1, house.people[doctor.name].org_id, True)
    assert woman.whole()["booked_facility_id"] == CENTRE
    night(house)
    assert told(house, hers, Template.BOOKING_REOPENED)[0] == 1


def night(house):
    """What the worker does by itself until the morning, without a new run."""
    look_at_all(house.database, house.current, "53")
    look_at_room(house.database, house.current, "53")
    work(house)


def lodge(house, centre, places, day):
    said = {"facility_id": centre, "places": places, "from_day": day, "source": "hospital"}
    answer = house.coordinator(centre).post("/lodging-places", said)
    assert answer.status_code == 201, answer.text


def test_lodging_that_closes_opens_the_last_one_again_who_was_to_live_there(house):
    """Two are to live near the centre, and one place is left: who was first has it."""
    doctor = house.clinician(SUIJIANG)
    women = [managed(house, doctor, **RED) for _ in range(2)]
    lodge(house, OTHER, 2, "2026-01-01")
    come = {"come_by": (women[0].lmp + timedelta(weeks=36)).isoformat(), "lodging": True}
    first, second = (
        act(house.coordinator(OTHER), choose(one, doctor, OTHER, **come), "consent")
        for one in women
    )
    night(house)
    assert [seen(doctor, one)["status"] for one in (first, second)] == ["booked", "booked"]
    assert found(house) == set()
    lodge(house, OTHER, 1, "2026-01-01")
    assert found(house) == {"lodging_promised_twice"}
    night(house)

    assert seen(doctor, first)["status"] == "booked"
    opened = seen(doctor, second)
    assert (opened["status"], opened["reopened_for"]) == ("reopened", ["no_lodging"])
    assert told(house, second, Template.BOOKING_REOPENED)[0] == 1
    assert found(house) == set()
    # There is no place to live: confirming it, or choosing it again, promises none.
    assert act(doctor, opened, "confirm", status=422)["codes"] == ["no_lodging"]
    third = managed(house, doctor, **RED)
    assert choose(third, doctor, OTHER, status=422, **come)["codes"] == ["no_lodging"]


def found(house):
    """What ``verify`` finds of bookings by the network."""
    with house.database.reading() as session:
        now = house.database.now(session)
        engine = house.current.engine(session, now)
        return {one.code for one in rooms_of(session, engine, "53", at=now)}


def test_beyond_the_limit_of_a_week_a_booking_is_marked_and_the_mark_stays(house, tmp_path):
    """Her weeks are closed when she is chosen for: clinician and centre see it, and both may."""
    doctor, centre = house.clinician(SUIJIANG), house.coordinator(CENTRE)
    free, woman = managed(house, doctor), managed(house, doctor)
    assert not choose(free, doctor, CENTRE)["over_limit"]
    close_the_ward(house, woman, doctor, CENTRE, tmp_path)
    asked = choose(woman, doctor, CENTRE)

    assert asked["over_limit"]
    assert seen(centre, asked)["over_limit"]
    hers = act(centre, asked, "consent")
    assert hers["over_limit"]
    night(house)
    assert seen(doctor, hers)["status"] == "booked"
    assert found(house) == set()


def test_room_that_shrinks_opens_a_place_again_and_confirmed_it_is_marked(house):
    """The centre says that it has no beds in service any more; no ward is closed for some days."""
    doctor, centre = house.clinician(SUIJIANG), house.coordinator(CENTRE)
    woman = managed(house, doctor)
    hers = booked(house, woman, doctor)
    assert found(house) == set()
    none = [
        {"kind": kind, "in_service": 0, "free": 0} for kind in ("OB_RESCUE_BED", "LABOUR", "AICU")
    ]
    answer = centre.post("/capacity-reports", {"facility_id": CENTRE, "lines": none})
    assert answer.status_code == 201, answer.text
    assert found(house) == {"week_over_limit"}
    night(house)

    opened = seen(doctor, hers)
    assert (opened["status"], opened["reopened_for"]) == ("reopened", ["no_room"])
    assert found(house) == set()
    confirmed = act(doctor, opened, "confirm")
    assert (confirmed["status"], confirmed["over_limit"]) == ("booked", True)
    night(house)
    assert seen(doctor, hers)["status"] == "booked"


def test_a_proposal_without_room_is_not_asked(house):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor)
    run(manager(house, COUNTY))
    work(house)
    (proposed,) = proposal(doctor, woman)
    centre = proposed["facility_id"]
    none = [
        {"kind": kind, "in_service": 0, "free": 0} for kind in ("OB_RESCUE_BED", "LABOUR", "AICU")
    ]
    said = {"facility_id": centre, "lines": none}
    assert house.coordinator(centre).post("/capacity-reports", said).status_code == 201

    assert act(doctor, proposed, "accept", status=409)["codes"] == ["no_room"]


def test_a_centre_below_her_floor_that_nobody_looked_at_is_found(house, tmp_path):
    doctor = house.clinician(SUIJIANG)
    woman = managed(house, doctor, **ORANGE)
    booked(house, woman, doctor)
    work(house)
    lower_the_centre(house, woman, doctor, CENTRE, tmp_path)

    assert found(house) == {"booked_below_floor"}
    night(house)
    assert found(house) == set()


def test_consent_by_telephone_counts_under_the_name_of_who_rang(house):
    doctor, centre = house.clinician(SUIJIANG), house.coordinator(CENTRE)
    woman = managed(house, doctor)
    asked = choose(woman, doctor, CENTRE)
    stranger = house.clinician("YN533300-004")

    act(stranger, asked, "spoken-consent", {"said_by": "测试戊"}, status=404)
    act(doctor, asked, "spoken-consent", {"said_by": " "}, status=422)
    hers = act(doctor, asked, "spoken-consent", {"said_by": "测试戊"})
    assert (hers["status"], hers["consent_said_by"]) == ("booked", "测试戊")
    assert woman.whole()["booked_facility_id"] == CENTRE
    # The centre is told in whose name, and sees her as if it had said so itself.
    assert told(house, hers, Template.BOOKING_SPOKEN)[0] == 1
    assert seen(centre, hers)["consent_said_by"] == "测试戊"
    act(doctor, hers, "spoken-consent", {"said_by": "测试戊"}, status=409)
    # What the centre said itself is nobody's word by telephone.
    other = booked(house, managed(house, doctor), doctor)
    assert other["consent_said_by"] is None
