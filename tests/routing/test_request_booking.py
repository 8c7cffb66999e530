"""Documents of pregnancies: what is read, and every fault in one refusal."""

import pytest

from geodata.yunnan import load_road_estimate
from routing.errors import RequestError
from routing.request import Reader
from tests.routing.bookings import document, pregnancy
from tests.routing.toys import HOME, RESCUE, centre, rules, world


@pytest.fixture(scope="module")
def reader():
    network = world([centre("A", *RESCUE)], {(HOME, "A"): 60})
    return Reader(rules(), network.registry, load_road_estimate(), {})


def faults(reader, *women, **parts):
    with pytest.raises(RequestError) as refused:
        reader.booking(document(*women, **parts))
    return sorted(
        (f"{f.where}.{f.column}" if f.where != "request" else f.column, f.code)
        for f in refused.value.faults
    )


def test_weeks_are_counted_from_the_monday_of_now(reader):
    """2 March 2026 is the Monday of week 10; the due date lies twelve weeks later."""
    room = [{"facility_id": "A", "week": "2026-W12", "kind": "LABOUR", "places": 3}]
    asked = reader.booking(document(pregnancy("a", due_date="2026-05-27"), room=room))

    assert asked.calendar.name(0) == "2026-W10"
    assert asked.calendar.week_of(asked.pregnancies[0].due) == 12
    assert asked.room[0].week == 2


def test_every_fault_of_a_document_comes_in_one_refusal(reader):
    found = faults(
        reader,
        *(
            pregnancy("a", due_date="2024-01-01"),
            pregnancy("a", due_date="tomorrow"),
            pregnancy("b", colour="blue", booked_facility_id="NOWHERE"),
            pregnancy("c", frozen=True, origin={"adcode": "999999"}),
            pregnancy("d", booked_lodging=True, facts={"no_such_fact": 1}),
        ),
        room=[
            {"facility_id": "A", "week": "2026-W09", "kind": "LABOUR", "places": 3},
            {"facility_id": "A", "week": "2026-W54", "kind": "BED", "places": -1},
            {"facility_id": "X", "week": "soon", "kind": "LABOUR", "places": 1},
        ],
        lodging=[{"facility_id": "A", "week": "2027-W10", "places": 2}],
    )

    assert found == [
        ("lodging[0].week", "out_of_range"),
        ("pregnancies[0].due_date", "out_of_range"),
        ("pregnancies[1].due_date", "wrong_type"),
        ("pregnancies[1].id", "duplicate"),
        ("pregnancies[2].booked_facility_id", "unknown_facility"),
        ("pregnancies[2].colour", "unknown_colour"),
        ("pregnancies[3].frozen", "nothing_booked"),
        ("pregnancies[3].origin.adcode", "unknown_division"),
        ("pregnancies[4].booked_lodging", "nothing_booked"),
        ("pregnancies[4].facts.no_such_fact", "unknown_fact"),
        ("room[0].week", "past_week"),
        ("room[1].kind", "unknown_kind"),
        ("room[1].places", "out_of_range"),
        ("room[1].week", "unknown_week"),
        ("room[2].facility_id", "unknown_facility"),
        ("room[2].week", "unknown_week"),
    ]


@pytest.mark.parametrize(
    ("due", "good"), [("2026-02-09", True), ("2026-02-08", False), ("2026-12-07", True)]
)
def test_a_due_date_lies_between_three_weeks_ago_and_a_whole_pregnancy_ahead(reader, due, good):
    """Now is 2 March 2026: 9 February is 21 days ago, 7 December is 280 days ahead."""
    if good:
        assert reader.booking(document(pregnancy("a", due_date=due))).pregnancies
    else:
        assert faults(reader, pregnancy("a", due_date=due)) == [
            ("pregnancies[0].due_date", "out_of_range")
        ]


def test_a_week_that_is_stated_twice_is_refused(reader):
    row = {"facility_id": "A", "week": "2026-W12", "kind": "LABOUR", "places": 3}
    one = {"facility_id": "A", "week": "2026-W12", "places": 3}
    kept = {"facility_id": "A", "kind": "LABOUR", "n": 1}

    assert faults(reader, room=[row, row], lodging=[one, one], reserve=[kept, kept]) == [
        ("lodging[1].week", "duplicate"),
        ("reserve[1].kind", "duplicate"),
        ("room[1].week", "duplicate"),
    ]


def test_now_must_be_stated_and_an_unknown_field_is_refused(reader):
    with pytest.raises(RequestError) as refused:
        reader.booking({"pregnancies": [pregnancy("a", age=30)], "rooms": []})

    assert sorted(f.code for f in refused.value.faults) == [
        "missing",
        "unknown_field",
        "unknown_field",
    ]
