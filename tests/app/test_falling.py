"""A step that is due again does not look as if it had never been due."""

from datetime import UTC, datetime, timedelta

import pytest

from app.referrals.falling import Begun, fell_due, times_of
from app.referrals.steps import set_anew
from app.referrals.tables import Referral

ASKED = datetime(2026, 12, 1, 10, tzinfo=UTC)


def after(minutes):
    return ASKED + timedelta(minutes=minutes)


def referral(status, **more):
    return Referral(status=status, priority=1, **more)


def test_what_has_passed_of_the_search_is_told_with_the_minute_it_was_due_at_first():
    found = fell_due(referral("offered"), Begun(searched=ASKED), {}, after(13))

    assert [(step.step, at) for step, at in found] == [
        ("remind", after(3)),
        ("second_centre", after(5)),
        ("depart_without_answer", after(5)),
        ("prefecture", after(8)),
        ("province", after(12)),
    ]
    assert fell_due(referral("offered"), Begun(searched=ASKED), {}, after(2)) == []


def test_who_looks_on_the_way_is_late_by_the_way_and_by_the_search():
    first = {"arrival": after(4)}
    found = fell_due(referral("offered", under_way=True), Begun(searched=ASKED), first, after(6))

    assert [step.step for step, _ in found] == [
        "remind",
        "arrival",
        "second_centre",
        "depart_without_answer",
    ]


@pytest.mark.parametrize("status", ["accepted", "handed_over"])
def test_after_the_yes_nothing_is_late_but_what_is_still_to_be_done(status):
    """At the door nobody has to leave any more, however long ago the yes was."""
    begun = Begun(ASKED, after(6))

    assert fell_due(referral(status, under_way=False), begun, {}, after(200)) == []
    ((late, at),) = fell_due(referral(status), begun, {"hand_over": after(90)}, after(200))
    assert (late.step, at) == ("hand_over", after(90))


def test_every_step_that_is_set_anew_beside_the_search_keeps_its_first_time():
    assert set_anew() == {
        "departure",
        "arrival",
        "hand_over",
        "complete_handover",
        "outcome",
        "close",
        "review_stay",
        "review_hold",
        "hold_ends",
        "confirm_request",
        "confirm_acceptance",
        "confirm_arrival",
        "confirm_hand_over",
    }


def test_who_is_left_alone_is_late_since_it_was_told_last():
    alone = referral("requested", next_step="coordinator_decides", deadline_at=after(12))
    (found,) = fell_due(alone, Begun(), {}, after(4))
    assert (found[0].step, found[1]) == ("coordinator_decides", after(2))


def test_a_yes_that_is_lost_begins_the_search_anew():
    moves = [("", "draft", ASKED), ("draft", "requested", ASKED), ("requested", "matched", ASKED)]
    accepted = [*moves, ("matched", "accepted", after(6))]
    lost = [*accepted, ("accepted", "matched", after(20))]

    assert times_of(accepted) == Begun(ASKED, after(6))
    assert times_of(lost) == Begun(after(20), None)
    assert times_of([*accepted, ("accepted", "handed_over", after(60))]) == Begun(ASKED, after(6))
