"""A centre that the platform names for a birth: it is asked, and is none until it consents."""

import dataclasses
from datetime import timedelta

import pytest

from app.case_exchange.asking import Asked, ask_centres, centres_wait
from app.case_exchange.service import export
from app.centres.current import Current
from app.settings import Settings
from app.worker.wiring import chores_of
from routing.care.days import day_of
from routing.triage.rows import Colour
from tests.app.storage import account_rows
from tests.app.storage.exchanging import LOGIN, ask, filed, later, lines, pregnant, take
from tests.flows.cases import manager
from tests.flows.test_bookings import CENTRE, OTHER, PLAIN, act
from tests.flows.test_exchange_worklist import decide, in_short, waiting

BOOKED = "booked_facility"
FILE = "SELECT booked_facility_id, status FROM case_file"
BOOKINGS = "SELECT facility_id, status, why FROM booking ORDER BY id"


@pytest.fixture
def women(house):
    """Invented women, and an account in whose name files are taken in."""
    with house.database.writing() as session:
        account_rows.user(session, LOGIN)
    return [one.row for one in pregnant(house.database, house.engine)]


@pytest.fixture
def orange(women):
    """A woman with a 专案 in the county of the prefecture of CENTRE."""
    row = next(one for one in women if one.colour is Colour.ORANGE)
    assert row.given.residence_county.startswith("5306")
    return row


def told(house, row):
    """Take a line in, file it and ask; how many centres were asked, and who waits."""
    take(house.database, house.engine, [row])
    assert filed(house.database, house.engine).refused == 0
    return ask_centres(house.database, house.engine, "53")


def booking_of(who):
    (found,) = who.get("/bookings").json()["items"]
    return found


def test_a_centre_that_the_platform_names_is_asked_and_stands_nowhere_before_it_consents(
    house, orange
):
    row = dataclasses.replace(orange, booked_facility=CENTRE)
    done = told(house, row)
    mine, centre = manager(house, row.given.residence_county), house.coordinator(CENTRE)
    asked = booking_of(mine)

    assert done == Asked(asked=1)
    assert ask(house.database, FILE) == [(None, "case_managed")]
    assert (asked["status"], asked["why"]) == ("asked", ["told_by_platform"])
    assert asked["chosen_because"] == row.record_id
    assert centre.get(f"/case-files/{asked['file_id']}").status_code == 404
    least = booking_of(centre)
    assert (least["sight"], least["chosen_because"]) == ("minimum", None)
    assert [one[BOOKED] for one in exported(house) if BOOKED in one] == []
    assert waiting(mine) == []

    act(centre, least, "consent")
    assert ask(house.database, FILE) == [(CENTRE, "delivery_planned")]
    assert [one[BOOKED] for one in exported(house)] == [CENTRE]


def exported(house):
    return list(export(house.database, "pregnancies", login=LOGIN))


def test_the_same_line_of_the_next_nights_asks_nobody_again(house, orange):
    row = dataclasses.replace(orange, booked_facility=CENTRE)
    told(house, row)
    assert told(house, row) == Asked()
    assert told(house, later(row, refuses_lodging=True)) == Asked()
    assert ask(house.database, BOOKINGS) == [(CENTRE, "asked", "told_by_platform")]

    centre = house.coordinator(CENTRE)
    act(centre, booking_of(centre), "decline", {"reason": "no_room"})
    assert told(house, later(later(row), refuses_lodging=False)) == Asked()
    assert ask(house.database, BOOKINGS) == [(CENTRE, "declined", "told_by_platform")]


def test_a_centre_that_has_declined_her_is_not_asked_again_by_a_file(house, orange):
    row = dataclasses.replace(orange, booked_facility=CENTRE)
    told(house, row)
    centre, mine = house.coordinator(CENTRE), manager(house, row.given.residence_county)
    act(centre, booking_of(centre), "decline", {"reason": "no_room"})
    moved = later(row, booked_facility=PLAIN)
    assert told(house, moved) == Asked(kept=1)
    assert told(house, later(moved, booked_facility=CENTRE)) == Asked(kept=1)

    assert in_short(waiting(mine)) == [("kept", BOOKED, "declined_before")]
    assert [one[1] for one in ask(house.database, BOOKINGS)] == ["declined"]


def test_a_consented_place_that_the_platform_tells_back_changes_nothing(house, orange):
    told(house, orange)
    mine, centre = manager(house, orange.given.residence_county), house.coordinator(CENTRE)
    (item,) = mine.get("/case-files").json()["items"]
    wanted = {"facility_id": CENTRE, "because": "她的家人住在附近"}
    asked = mine.post(f"/case-files/{item['id']}/bookings", wanted).json()
    act(centre, asked, "consent")
    before = ask(house.database, BOOKINGS)

    assert told(house, later(orange, booked_facility=CENTRE)) == Asked()
    assert ask(house.database, BOOKINGS) == before
    assert told(house, later(later(orange), booked_facility=OTHER)) == Asked(kept=1)
    assert ask(house.database, BOOKINGS) == before
    assert in_short(waiting(mine)) == [("kept", BOOKED, "booked_elsewhere")]


@pytest.mark.parametrize(
    ("colour", "facility", "because"),
    [
        (Colour.ORANGE, PLAIN, "centre_cannot_take_her"),
        (None, CENTRE, "no_colour_yet"),
    ],
)
def test_where_no_clinician_could_have_it_asked_a_file_cannot_either(
    house, women, colour, facility, because
):
    """Below the floor of her colour, without a colour: a person looks at it."""
    row = next(
        one
        for one in women
        if one.colour is colour
        and not (one.purple or one.facts.get("prior_cs_count"))
        and one.facts["age_years"] < 35
    )
    row = dataclasses.replace(row, booked_facility=facility)
    done = told(house, row)
    mine = manager(house, row.given.residence_county)
    (item,) = [one for one in waiting(mine) if BOOKED in one["what"]]

    assert done == Asked(kept=1)
    assert because in item["what"]
    assert ask(house.database, BOOKINGS) == []
    assert [one[0] for one in ask(house.database, FILE)] == [None]
    assert BOOKED in lines(house.database)[row.record_id][2].split()
    assert told(house, later(row, refuses_lodging=True)) == Asked()
    decide(mine, item, "ours")
    assert [one for one in waiting(mine) if BOOKED in one["what"]] == []


def test_of_a_woman_whose_colour_asks_for_no_booking_no_person_is_asked(house, women):
    """The platform names a hospital for everybody; what it says stays with its line."""
    row = next(
        one
        for one in women
        if one.colour is Colour.YELLOW
        and not (one.purple or one.facts.get("prior_cs_count"))
        and one.facts["age_years"] < 35
    )
    row = dataclasses.replace(row, booked_facility=CENTRE)

    assert told(house, row) == Asked()
    mine = manager(house, row.given.residence_county)
    assert [one for one in waiting(mine) if BOOKED in one["what"]] == []
    assert ask(house.database, BOOKINGS) == []
    assert [one[0] for one in ask(house.database, FILE)] == [None]
    assert BOOKED in lines(house.database)[row.record_id][2].split()
    assert not centres_wait(house.database, "53")


def test_a_full_week_is_for_a_person_to_ask_beyond(house, orange):
    """A clinician may ask all the same, and marks it; a file may not."""
    with house.database.reading() as session:
        due = day_of(house.database.now(session)) + timedelta(days=100)
    for kind in ("OB_RESCUE_BED", "LABOUR"):
        closed = {"facility_id": CENTRE, "kind": kind, "reason": "renovation"}
        closed |= {"from_day": (due - timedelta(days=60)).isoformat()}
        closed |= {"to_day": (due + timedelta(days=30)).isoformat()}
        assert house.coordinator(CENTRE).post("/ward-closures", closed).status_code == 201
    done = told(house, dataclasses.replace(orange, booked_facility=CENTRE, due_date=due))

    assert done == Asked(kept=1)
    found = waiting(manager(house, orange.given.residence_county))
    assert in_short(found) == [("kept", BOOKED, "no_room")]


def test_a_birth_or_an_end_that_the_platform_tells_asks_no_centre(house, orange):
    row = dataclasses.replace(
        orange, booked_facility=CENTRE, ended_as="moved_away", ended_on=orange.registered_on
    )

    assert told(house, row) == Asked()
    assert not centres_wait(house.database, "53")


def test_who_has_decided_before_it_is_asked_has_decided(house, orange):
    row = dataclasses.replace(orange, booked_facility=CENTRE)
    take(house.database, house.engine, [row])
    filed(house.database, house.engine)
    mine = manager(house, row.given.residence_county)
    (item,) = waiting(mine)
    assert in_short([item]) == [("kept", BOOKED, "to_be_asked")]
    decide(mine, item, "ours")

    assert ask_centres(house.database, house.engine, "53") == Asked()
    assert ask(house.database, BOOKINGS) == []


def test_the_worker_asks_what_a_file_names(house, orange, tmp_path):
    take(house.database, house.engine, [dataclasses.replace(orange, booked_facility=CENTRE)])
    current = Current(house.engine)
    settings = Settings(data_dir=tmp_path)
    (chore,) = (one for one in chores_of(settings, lambda: current) if one.code == "exchange")
    chore.before(house.database)

    assert [one[1] for one in ask(house.database, BOOKINGS)] == ["asked"]
