"""Booking in tiny registries: who is booked where, when she comes, and what is said of it."""

import pytest

from geodata.errors import RefusedInputError
from routing.booking.book import book, standing_of
from tests.routing.bookings import (
    asked,
    beds,
    booked,
    every_week,
    pregnancy,
    row_of,
    two_centres,
    where,
)
from tests.routing.toys import FAR, HOME, NEXT_DOOR, RESCUE, THEATRE, centre, rules, world

SCAR = {"prior_cs_count": 1}
PRAEVIA = {"prior_cs_count": 1, "placenta_position": "praevia", "antepartum_bleeding": False}


def test_every_pregnancy_stands_once_in_the_answer():
    """Green and plain yellow stay with their county; one without colour stays in sight."""
    answer = booked(
        two_centres(),
        pregnancy("orange"),
        pregnancy("green", colour="green"),
        pregnancy("yellow", colour="yellow"),
        pregnancy("purple", colour="yellow", purple=True),
        pregnancy("unknown", colour=None),
        pregnancy("far-off", due_date="2026-11-01"),
        pregnancy("born", facts={"delivered": True}),
    )

    assert where(answer) == {"orange": "A", "purple": "A"}
    assert {row.id: row.reason for row in answer.set_aside} == {
        "green": "with_county",
        "yellow": "with_county",
        "unknown": "unassessed",
        "far-off": "beyond_horizon",
        "born": "delivered",
    }


def test_a_woman_at_home_costs_leaving_the_road_and_reception():
    """25 minutes until an ambulance leaves, 60 on the road, 10 of reception; the catchment."""
    row = row_of(booked(two_centres(), pregnancy("a")), "a")

    assert (row.facility_id, row.time_to_care_min, row.cost_min) == ("A", 95.0, 95.0)
    assert not row.lodging
    assert row.come_by is None
    assert set(row.why) == {"catchment", "nearest"}


def test_a_colour_that_the_facts_say_is_not_lowered_by_what_is_stated():
    answer = booked(two_centres(), pregnancy("a", colour="yellow", facts={"age_years": 41}))

    assert "colour_raised" in row_of(answer, "a").why


def test_no_place_below_the_floor_of_her_colour_is_chosen_however_near():
    """Red asks for grade 3 and M1: the hospital next door has grade 2."""
    near = centre("NEAR", *RESCUE, grade=2, county=NEXT_DOOR)
    network = world(
        [near, centre("A", *RESCUE, grade=3), centre("B", *RESCUE, grade=3)],
        {(HOME, "NEAR"): 5, (HOME, "A"): 60, (HOME, "B"): 100},
    )
    room = every_week(20, "NEAR", "A", "B")
    answer = booked(
        network, pregnancy("red", colour="red"), pregnancy("orange"), room=room, reserve=[]
    )

    assert where(answer) == {"red": "A", "orange": "NEAR"}
    assert "below_preferred_grade" in row_of(answer, "orange").why


def test_a_trial_of_labour_goes_only_where_everything_for_it_is_on_site():
    """R-SCAR-05: the nearer hospital has no one for an emergency hysterectomy."""
    network = world(
        [centre("NEAR", *THEATRE, grade=3), centre("A", *RESCUE, grade=3)],
        {(HOME, "NEAR"): 10, (HOME, "A"): 60},
    )
    room = every_week(20, "NEAR", "A")
    trial = pregnancy("trial", facts=SCAR, plan="trial_of_labour")
    again = pregnancy("again", facts=SCAR, plan="planned_caesarean")
    answer = booked(network, trial, again, room=room, reserve=[])

    assert where(answer) == {"trial": "A", "again": "NEAR"}
    assert row_of(answer, "trial").plan == "trial_of_labour"


def test_home_too_far_means_coming_by_37_weeks_while_there_is_lodging():
    """From FAR it is 150 minutes to B: due on 27 May, 37+0 is three weeks before, 6 May."""
    women = [pregnancy(name, origin={"adcode": FAR}) for name in ("a", "b")]
    answer = booked(two_centres(), *women, lodging=beds(1, "B"))
    first, second = row_of(answer, "a"), row_of(answer, "b")

    assert (first.facility_id, first.lodging, first.come_by) == ("B", True, "2026-05-06")
    assert first.time_to_care_min < second.time_to_care_min
    assert not second.lodging
    assert "lodging_lacking" in second.why


def test_nobody_is_sent_past_a_centre_near_home_to_be_lodged_far_away():
    """At A, 90 minutes away, she waits at home although lodging at B, 150 away, costs no road."""
    row = row_of(booked(two_centres(a=90, b=150), pregnancy("a"), lodging=beds(9, "B")), "a")

    assert (row.facility_id, row.lodging) == ("A", False)


def test_her_refusal_is_planned_around_and_said():
    woman = pregnancy("a", origin={"adcode": FAR}, refuses_lodging=True)
    row = row_of(booked(two_centres(), woman, lodging=beds(1, "A", "B")), "a")

    assert (row.lodging, row.come_by) == (False, None)
    assert "refuses_lodging" in row.why


def test_a_scar_under_a_praevia_lives_within_an_hour_from_34_weeks_or_pays_for_it():
    """From HOME to A 61 minutes is a minute too far: due 27 May, 34+0 is 15 April."""
    lodged = booked(two_centres(a=61), pregnancy("a", facts=PRAEVIA), lodging=beds(1, "A", "B"))
    alone = booked(two_centres(a=61), pregnancy("a", facts=PRAEVIA))
    near = booked(two_centres(a=60), pregnancy("a", facts=PRAEVIA), lodging=beds(1, "A", "B"))

    assert row_of(lodged, "a").come_by == "2026-04-15"
    assert "lodging_lacking" in row_of(alone, "a").why
    assert row_of(alone, "a").cost_min >= 96 + 240
    assert not row_of(near, "a").lodging


def test_who_should_have_come_already_comes_today():
    woman = pregnancy("a", origin={"adcode": FAR}, due_date="2026-03-10")
    row = row_of(booked(two_centres(), woman, lodging=beds(1, "B")), "a")

    assert row.come_by == "2026-03-02"


def test_a_standing_booking_stays_unless_moving_pays_for_itself():
    """B costs 40 minutes more than A and two handicaps; a change costs 30."""
    kept = booked(two_centres(b=75), pregnancy("a", booked_facility_id="B"))
    moved = booked(two_centres(b=100), pregnancy("a", booked_facility_id="B"))

    assert where(kept) == {"a": "B"}
    assert "kept" in row_of(kept, "a").why
    assert where(moved) == {"a": "A"}
    assert "moved" in row_of(moved, "a").why
    assert (kept.totals.moved, moved.totals.moved) == (0, 1)


def test_a_frozen_booking_uses_room_and_stays_whatever_it_costs():
    """One place each week: the load of two at A would be beyond what one place allows."""
    room = every_week(1, "A") + every_week(20, "B")
    free = booked(two_centres(), pregnancy("a"), room=room)
    fixed = [pregnancy(f"f{n}", booked_facility_id="A", frozen=True) for n in range(3)]
    full = booked(two_centres(), pregnancy("a"), *fixed, room=room)

    assert where(free) == {"a": "A"}
    assert where(full) == {"a": "B", "f0": "A", "f1": "A", "f2": "A"}


def test_a_closed_ward_takes_nobody_in_its_weeks():
    """A is closed from week 18 to 24, when the birth may come."""
    room = [
        {**row, "places": 0}
        if row["facility_id"] == "A" and "W18" <= row["week"][5:] <= "W24"
        else row
        for row in every_week(20, "A", "B")
    ]

    assert where(booked(two_centres(), pregnancy("a"), room=room)) == {"a": "B"}
    early = booked(two_centres(), pregnancy("a", due_date="2026-03-20"), room=room)
    assert where(early) == {"a": "A"}


def test_room_that_nobody_stated_is_marked_as_assumed():
    answer = booked(two_centres(pools=_pools()), pregnancy("a"), room=[], reserve=[])

    assert "room_assumed" in row_of(answer, "a").why


def _pools():
    from tests.routing.toys import pool

    return [pool("A", "LABOUR", 3, of=10), pool("B", "LABOUR", 3, of=10)]


@pytest.mark.parametrize("solved_again", [400, 0])
def test_who_finds_no_room_is_told_the_weeks_and_what_would_give_her_a_place(
    solved_again, monkeypatch
):
    """One place a week in A, none in B: three women of one week do not fit there."""
    monkeypatch.setattr("routing.booking.book.SOLVED_AGAIN", solved_again)
    women = [pregnancy(f"w{n}") for n in range(4)]
    room = every_week(1, "A") + every_week(0, "B")
    answer = booked(two_centres(), *women, room=room)
    (first, *_) = answer.unbooked
    added = first.relief[0].added
    more = [
        {**row, "places": row["places"] + sum(a.n for a in added if _same(a, row))} for row in room
    ]
    again = booked(two_centres(), *women, room=more)

    assert answer.proven
    assert {block.code for block in first.blocking} == {"no_room"}
    assert all(block.week and block.facility_id and block.kind for block in first.blocking)
    assert again.totals.unbooked == answer.totals.unbooked - 1


def _same(added, row):
    return (added.facility_id, added.week, added.kind) == (
        row["facility_id"],
        row["week"],
        row["kind"],
    )


def test_without_any_capable_centre_nothing_more_room_would_help():
    network = world([centre("A", *THEATRE, grade=2)], {(HOME, "A"): 10})
    answer = booked(network, pregnancy("a", colour="red"), room=every_week(9, "A"), reserve=[])

    assert [block.code for block in answer.unbooked[0].blocking] == ["no_capable_centre"]
    assert answer.unbooked[0].relief == ()


@pytest.mark.parametrize("group", ["low_income", None])
def test_the_aid_group_is_reported_and_decides_nothing(group):
    women = [pregnancy("a", aid_group=group), pregnancy("b", origin={"adcode": FAR})]
    answer = booked(two_centres(), *women)

    assert where(answer) == {"a": "A", "b": "B"}
    assert answer.by_aid_group[group or "none"].booked in (1, 2)
    assert answer.by_county[FAR].mean_min == 185.0


def test_the_same_question_and_seed_give_the_same_bookings():
    women = [pregnancy(f"w{n}", due_date=f"2026-05-{10 + n}") for n in range(12)]
    room = every_week(3, "A") + every_week(2, "B")
    answers = [booked(two_centres(), *women, room=room, seed=5) for _ in range(2)]

    assert answers[0].bookings == answers[1].bookings
    assert answers[0].unbooked == answers[1].unbooked


def test_a_new_pregnancy_against_standing_bookings_gets_what_a_whole_question_gives():
    network, room = two_centres(), every_week(1, "A") + every_week(20, "B")
    old = [pregnancy(f"f{n}", booked_facility_id="A", frozen=True) for n in range(3)]
    whole = booked(network, *old, pregnancy("a"), room=room)
    standing = standing_of(network, rules(), asked(network, *old, room=room))
    alone = book(network, rules(), asked(network, pregnancy("a"), room=room), standing=standing)

    assert row_of(alone, "a") == row_of(whole, "a")


def test_the_simple_rules_never_reach_more():
    women = [pregnancy(f"w{n}", origin={"adcode": HOME if n % 2 else FAR}) for n in range(8)]
    answer = booked(two_centres(), *women, room=every_week(2, "A", "B"), lodging=beds(1, "B"))

    for rule in answer.against.values():
        reached = (rule.unbooked, rule.objective)
        assert reached >= (answer.totals.unbooked, answer.totals.objective)


NO = {"facility_id": "A", "by": "woman", "at": "2026-02-20", "reason": "no lift for her mother"}


def test_a_declined_centre_is_kept_out_and_that_is_said():
    """B is 40 minutes further: without her no she would go to A."""
    answer = booked(two_centres(), pregnancy("a", declined=[NO]), pregnancy("b"))
    row = row_of(answer, "a")

    assert where(answer) == {"a": "B", "b": "A"}
    assert "declined_kept_out" in row.why
    assert [(no.facility_id, no.by, str(no.at), no.reason) for no in row.declined] == [
        ("A", "woman", "2026-02-20", "no lift for her mother")
    ]


def test_a_declined_centre_is_hers_where_there_is_nothing_else_and_never_silently():
    """B has no room at all: better a place to talk about again than none."""
    room = every_week(20, "A") + every_week(0, "B")
    row = row_of(booked(two_centres(), pregnancy("a", declined=[NO]), room=room), "a")

    assert row.facility_id == "A"
    assert "declined_all_the_same" in row.why
    assert row.declined[0].by == "woman"


def test_others_make_room_before_she_gets_what_she_declined():
    """B holds few: b and her kind move to A, 40 minutes dearer, so that a need not go there."""
    women = [pregnancy(f"b{n}", origin={"adcode": FAR}) for n in range(3)]
    room = every_week(20, "A") + every_week(2, "B")
    answer = booked(two_centres(), *women, pregnancy("a", declined=[NO]), room=room)

    assert answer.proven
    assert where(answer)["a"] == "B"


def test_a_no_that_lies_in_the_days_to_come_is_refused():
    with pytest.raises(RefusedInputError):
        asked(two_centres(), pregnancy("a", declined=[NO | {"at": "2026-12-01"}]))


def test_the_simple_rules_keep_the_same_standing_bookings_in_the_same_room():
    """One place in A: three fit. Three stand there and are due late, f is due first and new."""
    women = [pregnancy(f"s{n}", booked_facility_id="A") for n in range(3)]
    room = every_week(1, "A") + every_week(20, "B")
    alone = booked(two_centres(), pregnancy("f"), room=room)
    answer = booked(two_centres(), pregnancy("f"), *women, room=room)
    (new,) = {rule.objective for rule in alone.against.values()}
    (all_four,) = {rule.objective for rule in answer.against.values()}

    assert where(answer) == {"f": "B", "s0": "A", "s1": "A", "s2": "A"}
    assert new == row_of(alone, "f").cost_min
    assert all_four == sum(row.cost_min for row in answer.bookings)


@pytest.mark.parametrize(("minutes", "stays"), [(70.1, True), (69.9, False)])
def test_a_standing_booking_moves_only_when_more_is_saved_than_a_change_costs(minutes, stays):
    """Twins of A without a catchment: B saves 29.9 or 30.1 minutes of 100, a change costs 30."""
    network = world(
        [centre("A", *RESCUE, grade=3), centre("B", *RESCUE, grade=3)],
        {(HOME, "A"): 100, (HOME, "B"): minutes},
    )
    row = row_of(booked(network, pregnancy("a", booked_facility_id="A")), "a")

    assert row.facility_id == ("A" if stays else "B")
    assert ("kept" in row.why, "moved" in row.why) == (stays, not stays)


def test_the_place_she_has_is_kept_and_never_told_as_a_change():
    """Frozen or free, booked again where she is: nothing of it is called moved or counted so."""
    women = [pregnancy("a", booked_facility_id="A"), pregnancy("b", booked_facility_id="A")]
    women[1]["frozen"] = True
    answer = booked(two_centres(), *women)

    assert where(answer) == {"a": "A", "b": "A"}
    assert answer.totals.moved == 0
    assert all("moved" not in row.why for row in answer.bookings)
    assert "kept" in row_of(answer, "a").why
    assert "frozen" in row_of(answer, "b").why


def test_a_week_with_more_booked_than_it_holds_is_told_although_nobody_new_goes_there():
    """Six stand in A on one place: 9 bed-days of the due week on 2.49; a lives nearer to B."""
    fixed = [pregnancy(f"f{n}", booked_facility_id="A", frozen=True) for n in range(6)]
    room = every_week(1, "A") + every_week(20, "B")
    answer = booked(two_centres(), pregnancy("a", origin={"adcode": FAR}), *fixed, room=room)
    over = [row for row in answer.full_weeks if row.load > row.limit]

    assert where(answer)["a"] == "B"
    assert {row.facility_id for row in over} == {"A"}
    assert "2026-W22" in {row.week for row in over}


def test_the_simple_rules_leave_a_standing_booking_where_it_is_although_another_is_nearer():
    """She stands in B, 15 minutes further than A: both rules keep her there at what it costs."""
    answer = booked(two_centres(b=75), pregnancy("a", booked_facility_id="B"))

    assert where(answer) == {"a": "B"}
    for rule in answer.against.values():
        assert rule.objective == row_of(answer, "a").cost_min
