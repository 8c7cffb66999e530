"""Rows of which nothing is known are left out of the reading; here every row is read."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from routing.triage.colour import colour_of
from routing.triage.completion import complete
from routing.triage.emergency import fired_rows
from tests.routing.triage.cases import case, rules
from tests.routing.triage.drawing import MATERNAL, NEWBORN, facts


def known_of(drawn, patient):
    return complete(rules(), case(drawn, patient=patient).facts, patient=patient)


@given(st.one_of(facts(MATERNAL), facts(NEWBORN)))
def test_a_row_that_is_not_touched_says_nothing(drawn):
    patient = "newborn" if set(drawn) <= set(NEWBORN) else "maternal"
    known = known_of(drawn, patient).known
    touched = {row.id for row in rules().emergencies_touched(known)}
    colours = rules().colours_touched(known)

    for row in rules().emergencies.values():
        if row.id not in touched:
            assert (row.trigger.truth(known), row.leading.truth(known)) == (None, None)
            assert row.trigger.open_names(known) == row.trigger.names()
    for place, row in enumerate(rules().colours):
        if place not in colours and row.condition is not None:
            assert row.condition.truth(known) is None
            assert row.condition.open_names(known) == row.names


@given(facts(MATERNAL))
def test_the_colour_is_that_of_all_rows_read_one_by_one(drawn):
    completed = known_of(drawn, "maternal")
    known, found = completed.known, colour_of(rules(), completed)
    truths = [
        (row, False if row.condition is None else row.condition.truth(known))
        for row in rules().colours
    ]
    rank = max((row.rank for row, truth in truths if truth and row.rank is not None), default=0)
    above = [
        row for row, truth in truths if truth is None and row.rank is not None and row.rank > rank
    ]

    assert found.true_rows == tuple(row for row, truth in truths if truth)
    above.sort(key=lambda row: (-row.rank, len(row.condition.open_names(known))))
    assert found.undetermined == tuple(row.info.id for row in above)
    assert set(found.ask) == {name for row in above for name in row.condition.open_names(known)}


@given(facts(MATERNAL))
def test_what_fires_is_what_fires_of_all_rows_read_one_by_one(drawn):
    completed = known_of(drawn, "maternal")
    mine = [row for row in rules().emergencies.values() if row.patient != "neonate"]
    if completed.known.get("delivered") is True:
        mine = [row for row in mine if row.patient != "in_utero"]
    stated = [row.id for row in mine if row.trigger.truth(completed.known)]

    fired = fired_rows(rules(), completed, "maternal")

    assert list(dict.fromkeys(one.row.id for one in fired if one.stated)) == stated


def test_rows_that_are_replaced_are_read():
    """An overlay changes rows of a rule set that is already there."""
    (first, *rest) = rules().emergencies.values()
    changed = replace(rules(), emergencies={row.id: row for row in rest})
    known = dict.fromkeys(first.leading.names(), True)

    assert first in rules().emergencies_touched(known)
    assert first not in changed.emergencies_touched(known)
