"""Every fault planted into an answer is found when it is counted again in women and beds."""

from dataclasses import replace

import pytest

from routing.booking.needs import needs_of
from routing.booking.recount import faults_of_answer, recounted
from routing.models.errors import InfeasiblePlanError
from tests.routing.bookings import asked, beds, booked, every_week, pregnancy, two_centres
from tests.routing.toys import FAR, rules

NETWORK = two_centres()
WOMEN = [
    pregnancy("a"),
    pregnancy("b", origin={"adcode": FAR}),
    pregnancy("c", origin={"adcode": FAR}, refuses_lodging=True),
    pregnancy("d", booked_facility_id="B", frozen=True),
]
MORE = {"room": every_week(2, "A", "B"), "lodging": beds(1, "B")}


def told(answer, *, women=WOMEN, network=NETWORK, **more):
    question = asked(network, *women, **(MORE | more))
    needs = needs_of(rules(), question)
    return faults_of_answer(answer, question, network, rules(), needs=needs)


def changed(answer, name, **values):
    return replace(
        answer,
        bookings=tuple(replace(r, **values) if r.id == name else r for r in answer.bookings),
    )


@pytest.fixture(scope="module")
def answer():
    return booked(NETWORK, *WOMEN, **MORE)


def test_a_good_answer_passes(answer):
    assert told(answer) == []


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("d", {"facility_id": "A"}, "frozen at B"),
        ("c", {"lodging": True, "come_by": "2026-05-06"}, "refuses"),
        ("b", {"come_by": None}, "do not agree"),
        ("a", {"lodging": True, "come_by": "2026-05-06", "facility_id": "B"}, "lodging of B"),
        ("d", {"why": ("frozen", "moved")}, "told as a change"),
        ("a", {"why": ("moved",)}, "told as a change"),
        ("a", {"why": ("declined_all_the_same",)}, "a declined centre"),
    ],
)
def test_a_booking_that_must_not_be_is_found(answer, name, values, said):
    assert any(said in fault for fault in told(changed(answer, name, **values)))


def test_somebody_who_is_lost_is_found(answer):
    assert told(replace(answer, bookings=answer.bookings[1:]))


def test_more_women_than_the_percentile_allows_are_found(answer):
    assert any("bed-days" in fault for fault in told(answer, room=every_week(0, "A", "B")))


def test_a_centre_below_the_floor_is_found():
    """She turns red: grade 3 and the theatre of A are enough, the colour of a lower one is not."""
    women = [pregnancy("a")]
    answer = booked(two_centres(), *women, **MORE)
    low = two_centres()
    facility = low.registry.get("A")
    question = asked(low, pregnancy("a", colour="red"), **MORE)
    needs = needs_of(rules(), question)
    (need,) = needs
    higher = replace(need, need=replace(need.need, min_grade=4, floor=(("ECMO_ADULT",),)))
    found = faults_of_answer(answer, question, low, rules(), needs=[higher])

    assert facility.grade == 3
    assert any("ECMO_ADULT" in fault for fault in found)
    assert any("below grade 4" in fault for fault in found)


def test_an_answer_with_a_fault_does_not_leave(answer):
    question = asked(NETWORK, *WOMEN, **MORE)
    wrong = changed(answer, "d", facility_id="A")
    with pytest.raises(InfeasiblePlanError):
        recounted(wrong, question, NETWORK, rules(), needs=needs_of(rules(), question))


def test_a_declined_centre_that_is_not_said_is_found():
    no = {"facility_id": "A", "by": "centre", "at": "2026-02-20", "reason": "full"}
    women = [pregnancy("a", declined=[no])]
    answer = booked(two_centres(), *women, **MORE)
    silent = told(changed(answer, "a", facility_id="A"), women=women)
    forgotten = told(changed(answer, "a", declined=()), women=women)

    assert told(answer, women=women) == []
    assert any("declined centre" in fault for fault in silent)
    assert any("declined centre" in fault for fault in forgotten)


def test_a_change_that_is_counted_and_is_none_is_found(answer):
    wrong = replace(answer, totals=replace(answer.totals, moved=1))

    assert "0 moved, told 1" in told(wrong)


def test_a_mark_of_more_booked_than_there_is_cannot_be_lost():
    fixed = [pregnancy(f"f{n}", booked_facility_id="A", frozen=True) for n in range(6)]
    room = every_week(1, "A") + every_week(20, "B")
    answer = booked(NETWORK, *fixed, room=room)

    assert told(answer, women=fixed, room=room) == []
    lost = told(replace(answer, full_weeks=()), women=fixed, room=room)
    assert any("and not told" in fault for fault in lost)
